"""The evening keeps one operator busy but not drowned, and is the same from the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import islice, pairwise, takewhile

import pytest

from console.simulator import sample, signals
from console.simulator.evening import LIVELY_S, Happening, happenings

SAMPLE = sample.make(1, datetime(2026, 11, 24, 19, 30, tzinfo=UTC))
SITES = {site.number: site for site in SAMPLE.sites}


def until(seconds: float, seed: int = 1) -> list[Happening]:
    return list(takewhile(lambda happening: happening.at < seconds, happenings(SAMPLE, seed)))


def test_the_same_seed_gives_the_same_evening() -> None:
    assert list(islice(happenings(SAMPLE, 3), 500)) == list(islice(happenings(SAMPLE, 3), 500))
    assert list(islice(happenings(SAMPLE, 3), 50)) != list(islice(happenings(SAMPLE, 4), 50))


def test_happenings_come_in_order_of_time() -> None:
    assert all(one.at <= next_.at for one, next_ in pairwise(until(7200)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_something_needs_an_operator_every_40_to_70_seconds(seed: int) -> None:
    matters = [happening.at for happening in until(4 * 3600, seed) if happening.needs_operator]
    gaps = [later - earlier for earlier, later in pairwise(at for at in matters if at > LIVELY_S)]
    assert min(gaps) >= 40
    assert max(gaps) <= 70
    assert 50 <= sum(gaps) / len(gaps) <= 60


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_queue_is_not_empty_when_the_operator_signs_in(seed: int) -> None:
    first = Counter(happening.signal.code for happening in until(10, seed) if happening.needs_operator)
    assert first == {signals.INTRUSION: 2, signals.MAINS: 1, signals.BATTERY: 1, signals.TAMPER: 1}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_first_minute_and_a_half_has_all_four_priorities(seed: int) -> None:
    lively = until(LIVELY_S, seed)
    codes = {happening.signal.code for happening in lively}
    assert {signals.HOLD_UP, signals.FIRE, signals.INTRUSION, signals.MAINS, signals.CANCEL} <= codes
    zones: dict[str, set[str]] = {}
    for happening in lively:
        if happening.signal.code is signals.INTRUSION:
            zones.setdefault(happening.site, set()).add(happening.signal.number)
    confirmed = [site for site, seen in zones.items() if len(seen) > 1 and site not in in_test()]
    assert confirmed, "two zones of one site make High"


def test_a_false_alarm_is_followed_by_a_disarming_and_a_cancel_of_the_same_user() -> None:
    evening = until(3600)
    cancels = [happening for happening in evening if happening.signal.code is signals.CANCEL]
    assert cancels
    for cancel in cancels:
        before = [item for item in evening if item.site == cancel.site and item.at < cancel.at]
        assert before[-1].signal.code is signals.OPENING
        assert before[-1].signal.number == cancel.signal.number
        assert any(item.signal.code is signals.INTRUSION for item in before)


def test_an_evening_has_everything_that_the_station_must_know() -> None:
    assert {happening.signal.code for happening in until(12 * 3600)} == set(signals.ALL)


def test_every_zone_and_user_is_one_of_the_site() -> None:
    for happening in until(7200):
        site, said = SITES[happening.site], happening.signal
        assert happening.account == site.account
        if said.code.about is signals.About.ZONE:
            assert (said.area, said.number, said.text) in {(z.area, z.number, z.name) for z in site.zones()}
        elif said.code.about is signals.About.USER:
            assert said.text == site.contacts[int(said.number) - 1].name


def test_sites_in_test_have_signals_but_nothing_that_needs_an_operator() -> None:
    of_tests = [happening for happening in until(3600) if happening.site in in_test()]
    assert of_tests
    assert not any(happening.needs_operator for happening in of_tests)
    parts = {test.site: {zone.number for zone in test.zones} for test in SAMPLE.tests if test.zones}
    told = [(happening.site, happening.signal.number) for happening in of_tests if happening.site in parts]
    assert told
    assert all(number in parts[site] for site, number in told), "what is outside a part would be presented"


def in_test() -> set[str]:
    return {test.site for test in SAMPLE.tests}
