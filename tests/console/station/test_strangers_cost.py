"""I2: frames of an unknown account leave a trace that is bounded, and the gravest of what they say is in it."""

from __future__ import annotations

from sqlalchemy import Connection

from tests.console.station.house import House
from tests.frames import ack, frame, sia

MOST_OF_ONE = 3_000
"""Characters in the tables for each frame, whatever its size; a frame of 3.6 kB cost 27.8 kB of disk."""


async def test_I2_a_large_frame_of_a_stranger_costs_little_and_its_fire_is_shown(small_house: House) -> None:
    house = small_house
    packet = "/".join([*(f"ri{area}/BA{area:04d}" for area in range(1, 120)), "ri1/FA0001"])
    line = await house.line()
    assert await line.say(sia("9999", 1, f"N{packet}")) == ack("9999", 1)
    [entry] = await house.entries("signal")
    assert len(entry["raw"]) < 3_000
    assert "bytes more" in entry["raw"]
    assert len(entry["data"]["events"]) == 9
    assert entry["data"]["events"][0]["kind"] == "fire"
    [alarm] = await house.alarms()
    assert alarm.priority == 1


async def test_I2_what_strangers_send_grows_the_tables_by_a_bounded_amount(small_house: House) -> None:
    house = small_house

    def size(connection: Connection) -> int:
        journal = "SELECT sum(length(text) + length(data) + coalesce(length(raw), 0)) FROM journal_payload"
        alarms = "SELECT coalesce(sum(length(words) + length(place) + length(zones)), 0) FROM alarm"
        lines = "SELECT coalesce(sum(length(words) + length(place)), 0) FROM alarm_signal"
        return sum(int(connection.exec_driver_sql(one).scalar_one()) for one in (journal, alarms, lines))

    before, line = await house.station.database.read(size), await house.line()
    noise = "".join(chr(33 + number % 90) for number in range(3000)).translate({ord(one): "x" for one in '[]"|\\^'})
    for number in range(1, 51):
        await line.say(frame(f'"SIA-DCS"{number:04d}L0#8{number:03d}[#8{number:03d}|NBA01^{noise}^]'))
    assert (await house.station.database.read(size) - before) / 50 < MOST_OF_ONE


async def test_a_panels_own_frame_is_kept_whole(small_house: House) -> None:
    packet = "N" + "/".join(f"ri{area}/BA{area:04d}" for area in range(1, 60))
    await small_house.send(sia("1001", 1, packet))
    [entry] = await small_house.entries("signal")
    assert packet in entry["raw"]
    assert len(entry["data"]["events"]) == 59
