"""F2, F4, F5: what a scope covers, as tables; and that every alarm is presented or in test, never both or neither."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from console.station.codes import kind, kinds
from console.station.rules.places import SiteFacts
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.routing import Routed, Router, SignalFacts
from console.station.rules.scope import (
    KnownZone,
    RunningTest,
    Where,
    judge,
    short_words,
    silenced,
    touches,
    widens,
    words,
)
from models.records import LIFE_SAFETY, AlarmClass, Event, EventRole, Priority, TestKind, TestScope, ZoneRef
from tests.console.station.rules.facts import NOW, events, later
from tests.examples import examples

SITE = SiteFacts(
    "S1",
    area_names={"1": "Hall", "2": "Office", "3": "Yard"},
    zone_names={
        ("1", "7"): "PIR dock",
        ("1", "9"): "Door dock 3",
        ("2", "11"): "Door office",
        ("2", "12"): "PIR corridor",
        ("2", "9"): "Keypad",
        ("3", "20"): "Gate",
    },
)
ZONES = [
    KnownZone(area, zone, SITE.area_names[area], f"{zone} {name}") for (area, zone), name in SITE.zone_names.items()
]
INTRUSION, LINE, EXCEPT = ["intrusion"], ["line-power"], {"all_except": True}
OFFICE = {"zones": [("2", "11"), ("2", "12")], "kinds": ["intrusion", "tamper"]}


def scope(**given: Any) -> TestScope:
    zones = tuple(ZoneRef(area=area, zone=zone) for area, zone in given.pop("zones", ()))
    return TestScope(whole=False, zones=zones, **given)


def verdict(of: TestScope, packet: str, account: str = "1001", token: str = "SIA-DCS") -> tuple[bool, str]:
    [event] = events(packet, token)
    found = judge(of, kind(event.kind), SITE.where(account, event))
    return found.in_test, found.why


@pytest.mark.parametrize(
    ("of", "packet", "in_test", "why"),
    [
        # zones and kinds: both must be ticked (picture 03)
        (OFFICE, "Nri2/BA12", True, "zone 12 and intrusion are in test"),
        (OFFICE, "Nri2/TA11", True, "zone 11 and tamper are in test"),
        (OFFICE, "Nri2/FA12", False, "fire is not in test"),
        (OFFICE, "Nri1/BA07", False, "zone 7 is not in test"),
        (OFFICE, "Nri2/BR12", True, "zone 12 and intrusion are in test"),
        (OFFICE, "Nri2/BA13", False, "zone 13 is not in test"),
        # no area was sent: the only zone of that number, or all of that number
        (OFFICE, "NBA12", True, "zone 12 and intrusion are in test"),
        ({"zones": [("2", "9")], "kinds": INTRUSION}, "NBA09", False, "zone 9 is not in test"),
        # another area was sent than the file has: it is not taken for the zone of that number
        ({"zones": [("2", "12")], "kinds": INTRUSION}, "Nri1/BA12", False, "zone 12 is not in test"),
        ({"zones": [("2", "9"), ("1", "9")], "kinds": INTRUSION}, "NBA09", True, "zone 9 and intrusion are in test"),
        # an area holds its zones, and what concerns it as a whole
        ({"areas": ["2"], "kinds": ["intrusion", "hours"]}, "Nri2/BA13", True, "zone 13 and intrusion are in test"),
        ({"areas": ["2"], "kinds": ["hours"]}, "Nri2/OP04", True, "area 2 and open and close are in test"),
        ({"areas": ["2"], "kinds": ["hours"]}, "Nri1/OP04", False, "area 1 is not in test"),
        ({"areas": ["2"], "kinds": ["hours"]}, "NOP04", False, "system 1001 is not in test"),
        (OFFICE | {"kinds": ["hours"]}, "Nri2/OP04", False, "area 2 is not in test"),
        # kinds alone: at every place
        ({"kinds": LINE}, "NAT00", True, "system 1001 and line and power are in test"),
        ({"kinds": ["technical"]}, "NAT00", False, "line and power is not in test"),
        ({"areas": ["2"], "kinds": LINE}, "NAT00", False, "system 1001 is not in test"),
        # all except
        ({"areas": ["1"], **EXCEPT, "kinds": INTRUSION}, "Nri2/BA12", True, "zone 12 and intrusion are in test"),
        ({"areas": ["1"], **EXCEPT, "kinds": INTRUSION}, "Nri1/BA07", False, "zone 7 is not in test"),
        ({"zones": [("1", "7")], **EXCEPT, "kinds": INTRUSION}, "Nri1/BA09", True, "zone 9 and intrusion are in test"),
        ({"zones": [("1", "7")], **EXCEPT, "kinds": ["hours"]}, "Nri1/OP04", False, "area 1 is not in test"),
        ({"zones": [("1", "7")], **EXCEPT, "kinds": LINE}, "NAT00", True, "system 1001 and line and power are in test"),
        # all except, and it may come from what is excepted: no area and no zone, no area and no such zone
        ({"areas": ["1"], **EXCEPT, "kinds": INTRUSION}, "NBA00", False, "system 1001 is not in test"),
        ({"areas": ["1"], **EXCEPT, "kinds": INTRUSION}, "NBA99", False, "zone 99 is not in test"),
        ({"areas": ["1"], **EXCEPT, "kinds": ["hours"]}, "NOP04", False, "system 1001 is not in test"),
        ({"zones": [("1", "7")], **EXCEPT, "kinds": INTRUSION}, "NBA00", False, "system 1001 is not in test"),
        ({"zones": [("1", "7")], **EXCEPT, "kinds": INTRUSION}, "NBA99", True, "zone 99 and intrusion are in test"),
        # systems narrow whatever else is chosen
        ({"systems": ["1001"], "kinds": INTRUSION}, "Nri2/BA12", True, "zone 12 and intrusion are in test"),
        ({"systems": ["1002"], "kinds": INTRUSION}, "Nri2/BA12", False, "system 1001 is not in test"),
        ({"systems": ["1002"], "areas": ["2"], "kinds": INTRUSION}, "Nri2/BA12", False, "system 1001 is not in test"),
        # life safety only where it was ticked
        ({"areas": ["2"], "kinds": ["fire"]}, "Nri2/FA12", True, "zone 12 and fire are in test"),
        ({"kinds": ["hold-up"]}, "Nri2/HA12", True, "zone 12 and hold-up are in test"),
        # what no table knows is in no part
        ({"kinds": [one.value for one in TestKind]}, "Nri2/QQ12", False, "unknown event is not in test"),
    ],
)  # fmt: skip
def test_F2_scope(of: dict[str, Any], packet: str, in_test: bool, why: str) -> None:
    assert verdict(scope(**of), packet) == (in_test, why)


@pytest.mark.parametrize("packet", ["Nri2/BA12", "Nri2/FA12", "NAT00", "Nri2/OP04", "Nri2/QQ12"])
def test_F1_of_a_whole_site_everything_is_in_test(packet: str) -> None:
    assert verdict(TestScope(), packet) == (True, "the whole site is in test")


@pytest.mark.parametrize("of", [TestScope(), scope(kinds=[one.value for one in TestKind])])
def test_F5_a_duress_code_is_in_no_test(of: TestScope) -> None:
    found = verdict(of, "1121 02 004", token="ADM-CID")
    assert found == (False, "a duress code is always presented")


def test_F3_what_a_test_says_of_itself_is_in_no_test() -> None:
    assert not judge(TestScope(), kind("test-grown-old"), Where("1001")).in_test


def test_every_kind_of_life_safety_is_ticked_by_a_kind_of_life_safety() -> None:
    for one in kinds().values():
        assert one.life_safety == (one.test_kind in {kind.value for kind in LIFE_SAFETY}), one.name
        assert one.test_kind in {"", "test", *TestKind}, one.name


@pytest.mark.parametrize(
    "given",
    [
        {"whole": True, "kinds": ["fire"]},
        {"whole": True, "areas": ["1"]},
        {"whole": False},
        {"whole": False, "areas": ["1"]},
        {"whole": False, "kinds": ["fire"], "all_except": True},
    ],
)
def test_I12_a_scope_is_whole_or_says_which_part(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TestScope.model_validate(given)


def test_F2_the_preview_says_what_is_silenced_and_what_stays_live() -> None:
    of = scope(**OFFICE)
    inside, outside = silenced(of, ZONES)
    assert [zone.name for zone in inside] == ["11 Door office", "12 PIR corridor"]
    assert len(inside) + len(outside) == len(ZONES)
    assert words(of, ZONES) == "2 of 6 zones, 2 of 8 kinds. Everything else is presented as ever."
    assert short_words(of, ZONES) == "Office: 2 zones · intrusion, tamper"
    assert short_words(scope(areas=["1"], all_except=True, kinds=["fire"]), ZONES) == "all except Hall · fire"
    but = scope(zones=[("2", "11"), ("2", "12"), ("1", "01")], all_except=True, kinds=["fire"])
    assert short_words(but, ZONES) == "all except 2 zones of Office, zone 01 of Hall · fire", "the zones are live"
    assert short_words(scope(kinds=["tamper"], systems=["1002"]), ZONES) == "system 1002, every zone · tamper"
    assert short_words(TestScope(), ZONES) == ""


def test_an_area_shows_as_in_test_where_anything_of_it_is() -> None:
    assert [touches(scope(**OFFICE), area) for area in "123"] == [False, True, False]
    assert [touches(scope(areas=["1"], all_except=True, kinds=["fire"]), area) for area in "123"] == [False, True, True]
    assert all(touches(TestScope(), area) for area in "123")


@pytest.mark.parametrize(
    ("had", "of", "wider"),
    [
        ({}, {}, False),
        ({}, {"areas": ["1"]}, False),
        ({"areas": ["1"]}, {}, True),
        ({"areas": ["1"]}, {"areas": ["1", "2"]}, True),
        ({"areas": ["1", "2"]}, {"areas": ["2"]}, False),
        ({"areas": ["1"]}, {"zones": [("1", "7")]}, False),
        ({"areas": ["1"]}, {"zones": [("2", "11")]}, True),
        ({"zones": [("1", "7")]}, {"areas": ["1"]}, True),
        ({"areas": ["1"], **EXCEPT}, {"areas": ["1", "2"], **EXCEPT}, False),
        ({"areas": ["1", "2"], **EXCEPT}, {"areas": ["1"], **EXCEPT}, True),
        ({"areas": ["1"]}, {"areas": ["1"], **EXCEPT}, True),
        ({"systems": ["1001"]}, {}, True),
        ({"systems": ["1001"]}, {"systems": ["1001", "1002"]}, True),
        ({"systems": ["1001", "1002"]}, {"systems": ["1002"]}, False),
        ({}, {"systems": ["1001"]}, False),
    ],
)
def test_H_a_scope_widens_where_it_may_hold_another_place(had: dict[str, Any], of: dict[str, Any], wider: bool) -> None:
    assert widens(scope(**of, kinds=["fire"]), scope(**had, kinds=["fire"])) is wider


# -- presented ⊕ in test ------------------------------------------------------------------------

_AREAS = ["1", "2", "3", "4", ""]
_ZONES = ["7", "9", "11", "12", "13", "20", ""]
_scopes = st.one_of(
    st.just(TestScope()),
    st.builds(
        lambda systems, areas, zones, turned, kinds: TestScope(
            whole=False,
            systems=tuple(systems),
            areas=tuple(areas),
            zones=tuple(ZoneRef(area=area, zone=zone) for area, zone in zones),
            all_except=turned and bool(areas or zones),
            kinds=tuple(kinds),
        ),
        st.sets(st.sampled_from(["1001", "1002"]), max_size=1),
        st.sets(st.sampled_from(["1", "2", "3"])),
        st.sets(st.sampled_from(list(SITE.zone_names))),
        st.booleans(),
        st.sets(st.sampled_from(list(TestKind)), min_size=1),
    ),
)
_events = st.builds(
    lambda name, area, address, concerns, role: Event(
        "", None, area or None, address or None, concerns, None, None, name, "", role
    ),
    st.sampled_from(sorted(kinds())),
    st.sampled_from(_AREAS),
    st.sampled_from(_ZONES),
    st.sampled_from(["zone", "area", "user", "system", "device"]),
    st.sampled_from([EventRole.ALARM, EventRole.RESTORE, EventRole.OPEN, EventRole.CLOSE]),
)
_tests = st.lists(st.tuples(_scopes, st.integers(-100, 100), st.none() | st.integers(1, 200)), max_size=3)


def _routed(event: Event, tests: list[tuple[TestScope, int, int | None]], account: str) -> Routed:
    running = tuple(
        RunningTest(number, later(since), of, None if until is None else later(since + until))
        for number, (of, since, until) in enumerate(tests)
    )
    ids = iter(("A-1", "A-2"))
    return Router(
        SignalFacts(1, account, NOW, None, (event,)),
        replace(SITE, tests=running),
        {},
        kind_of=kind,
        new_id=lambda: next(ids),
        profile=DEFAULT_PROFILE,
    ).route()


@examples(1500)
@given(_events, _tests, st.sampled_from(["1001", "1002"]))
def test_I7_every_alarm_is_presented_or_in_test_never_both_and_never_neither(
    event: Event, tests: list[tuple[TestScope, int, int | None]], account: str
) -> None:
    routed, of = _routed(event, tests, account), kind(event.kind)
    presented = bool(routed.alarms)
    # Whatever it is: it has words in the journal.
    assert len(routed.words) == 1
    assert routed.words[0]
    if event.role is EventRole.ALARM and of.priority < Priority.LOG:
        assert presented != routed.in_test
        assert routed.priority == of.priority
    else:
        assert not presented
    if of.name == "duress":
        assert not routed.in_test
    # By the long way round: a whole test that runs now, or one that ticks kind, system and place.
    assert routed.in_test == any(_in_it(event, *one, account) for one in tests)
    if of.alarm_class is AlarmClass.LIFE_SAFETY and all(not t.whole and not t.life_safety for t, *_ in tests):
        assert not routed.in_test


def _in_it(event: Event, of: TestScope, since: int, until: int | None, account: str) -> bool:
    """The same question, answered place by place from the rulebook's words."""
    name = kind(event.kind)
    if since > 0 or (until is not None and since + until <= 0) or name.name in ("duress", "test-grown-old"):
        return False
    if of.whole:
        return True
    if name.test_kind not in [one.value for one in of.kinds] or (of.systems and account not in of.systems):
        return False
    chosen = {(zone.area, zone.zone) for zone in of.zones}
    if not chosen and not of.areas:
        return True
    area, zone = event.area or "", event.address or ""
    if event.concerns == "zone" and zone:
        known = {(area, zone)} & set(SITE.zone_names)
        if not known:
            known = {one for one in SITE.zone_names if one[1] == zone}
            known = known | {(area, zone)} if area or not known else known
        if of.all_except and of.areas and not area and known == {(area, zone)}:
            # Of no area that is known, it may lie in the excepted one.
            return False
        hits = [one in chosen or one[0] in of.areas for one in known]
        return not any(hits) if of.all_except else all(hits)
    at_area = area if event.concerns in ("zone", "area", "user") else ""
    if of.all_except:
        if at_area == "":
            return event.concerns not in ("zone", "area", "user")
        return at_area not in of.areas and at_area not in {one[0] for one in chosen}
    return at_area != "" and at_area in of.areas
