"""What an alarm's lines say: a runaway zone is one line, and buries nobody (I8, best-practice A)."""

from __future__ import annotations

from typing import Any

from tests.console.station.house import House
from tests.frames import sia


async def lines(house: House, seat: Any, alarm: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await seat.client.get(f"/v1/alarms/{alarm}")).json()["lines"]
    return found


async def test_I8_a_zone_that_fires_a_hundred_times_is_one_line_and_buries_no_other_zones_first(house: House) -> None:
    seat = await house.seat("claes")
    packets = ["Nri1/BA09", "Nri1/BA07"]
    for _ in range(100):
        packets += ["Nri1/BR07", "Nri1/BA07"]
    line = await house.line()
    for number, packet in enumerate(packets, 1):
        house.clock.move(1)
        await line.say(sia("1001", number, packet))
    [alarm] = await house.alarms()
    shown = await lines(house, seat, alarm.id)
    assert [(one["words"], one["zone"], one["count"]) for one in shown] == [
        ("Intrusion", "07", 101),
        ("Intrusion restored", "07", 100),
        ("Intrusion", "09", 1),
    ]
    assert (shown[0]["seq"], shown[0]["at"]) == (
        alarm.last_seq,
        alarm.last_signal_at.isoformat().replace("+00:00", "Z"),
    )
    assert shown[0]["first_at"] < shown[0]["at"]


async def test_I8_what_came_after_the_last_look_stands_apart_from_what_was_seen(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/BA07"))
    alarm = (await seat.take_next()).json()["id"]
    await house.send(sia("1001", 3, "Nri1/BA07"))
    assert [(one["count"], one["unseen"]) for one in await lines(house, seat, alarm)] == [(1, True), (2, False)]
    await seat.act(alarm, "seen", up_to=(await house.alarm(alarm)).last_seq)
    assert [(one["count"], one["unseen"]) for one in await lines(house, seat, alarm)] == [(3, False)]
