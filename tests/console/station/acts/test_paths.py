"""A panel behind a main and a back-up path, two systems of one site, is one source (issue: every panel is heard)."""

from __future__ import annotations

import pytest

from console.station.acts.registry import NewSystem
from tests.console.station.house import SITE, House, Seat
from tests.frames import ack, sia


async def both_paths(house: House) -> None:
    systems = (NewSystem("1001", None, True), NewSystem("1002", None, True))
    await house.bring_in(type(SITE)(**{**{f: getattr(SITE, f) for f in SITE.__slots__}, "systems": systems}))


async def lines(house: House, seat: Seat | None = None) -> list[tuple[int, str]]:
    seat = seat or await house.seat("an")
    [alarm] = await house.alarms()
    sheet = (await seat.client.get(f"/v1/alarms/{alarm.id}")).json()
    return [(row["count"], row["note"]) for row in sheet["lines"]]


async def test_I8_what_a_second_system_tells_of_an_alarm_in_hand_must_be_seen_before_it_is_closed(house: House) -> None:
    """It may be a back-up path, or a second panel of the site that has the same zone."""
    await both_paths(house)
    await house.send(sia("1001", 7, "Nri1/BA07"))
    seat = await house.seat("an")
    held = (await seat.take_next()).json()
    await house.send(sia("1002", 3, "Nri1/BA07"))
    assert await lines(house, seat) == [(1, "second path, system 1002"), (1, "")]
    refused = await seat.act(held["id"], "close", disposition="false-user", reason="test")
    assert (refused.status_code, refused.json()["code"]) == (409, "signals-unseen")


async def test_an_alarm_on_both_paths_is_counted_once_and_both_are_lines_to_be_seen(house: House) -> None:
    await both_paths(house)
    assert await house.send(sia("1001", 7, "Nri1/BA07"), sia("1002", 3, "Nri1/BA07")) == [
        ack("1001", 7),
        ack("1002", 3),
    ]
    [alarm] = await house.alarms()
    assert (alarm.signals, alarm.unseen, alarm.priority) == (1, 2, 3)
    first, second = await house.entries("signal")
    assert (second["alarm"], second["data"]["second_path_of"]) == (alarm.id, [first["seq"]])
    assert second["text"].endswith(f"second path of entry {first['seq']}")
    assert await lines(house) == [(2, "second path, system 1002")]


@pytest.mark.parametrize(
    ("then", "after"),
    [
        (sia("1002", 3, "Nri1/BA09"), 0),
        (sia("1002", 3, "Nri2/BA07"), 0),
        (sia("1002", 3, "Nri1/TA07"), 0),
        (sia("1002", 3, "Nri1/UA07"), 0),
        (sia("1001", 8, "Nri1/BA07"), 0),
        (sia("1002", 3, "Nri1/BA07"), 61),
    ],
    ids=["other zone", "other area", "other kind", "other code", "same path", "later"],
)
async def test_I2_all_else_of_a_second_path_is_a_signal_of_its_own(house: House, then: bytes, after: int) -> None:
    await both_paths(house)
    await house.send(sia("1001", 7, "Nri1/BA07"))
    house.clock.move(after)
    await house.send(then)
    [alarm] = await house.alarms()
    assert alarm.signals == 2


async def test_I2_each_path_joins_an_alarm_once(house: House) -> None:
    await both_paths(house)
    said = (("1001", 7), ("1002", 3), ("1002", 4), ("1001", 8))
    await house.send(*(sia(account, sequence, "Nri1/BA07") for account, sequence in said))
    [alarm] = await house.alarms()
    assert alarm.signals == 2
    assert [entry["data"].get("second_path_of") is not None for entry in await house.entries("signal")] == [
        False,
        True,
        False,
        True,
    ]


async def test_I2_after_a_restore_the_second_path_tells_a_new_alarm(house: House) -> None:
    await both_paths(house)
    await house.send(sia("1001", 7, "Nri1/BA07"), sia("1001", 8, "Nri1/BR07"), sia("1002", 3, "Nri1/BA07"))
    [alarm] = await house.alarms()
    assert alarm.signals == 2


async def test_I2_a_second_path_that_comes_again_when_the_alarm_is_closed_is_a_new_alarm(house: House) -> None:
    await both_paths(house)
    await house.send(sia("1001", 7, "Nri1/BA07"), sia("1002", 3, "Nri1/BA07"))
    seat = await house.seat("an")
    [alarm] = await house.alarms()
    await seat.act(alarm.id, "take")
    await seat.skip_all(alarm.id)
    await seat.act(alarm.id, "seen", up_to=(await house.alarm(alarm.id)).last_seq)
    answer = await seat.act(alarm.id, "close", disposition="false-user", reason="test")
    assert answer.status_code == 200, answer.text
    await house.send(sia("1002", 3, "Nri1/BA07"))
    [second] = await house.alarms()
    assert second.id != alarm.id


async def test_unknown_events_of_two_paths_join_only_where_the_code_is_the_same(house: House) -> None:
    await both_paths(house)
    await house.send(sia("1001", 7, "NQQ5"), sia("1002", 3, "NQZ5"), sia("1002", 4, "NQQ5"))
    [alarm] = await house.alarms()
    assert alarm.signals == 3
