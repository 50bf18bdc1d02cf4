"""Supervised hours at a real station, on both databases: D1, D3, B3, F4, I13, and what a quiet minute costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from console.station.acts import watching
from console.station.acts.caller import Caller
from console.station.acts.hours import add_temporary, set_hours
from console.station.store import hours as hour_store
from models.records import AlarmState, AreaHours, HoursAsked, Priority, StaffRole, Supervised, read_hours
from models.tables import HoursRow
from tests.console.station.house import House, Seat, open_house, site
from tests.console.station.rules.test_hours import week
from tests.frames import sia

DESK = Caller("desk", "Desk", (StaffRole.SERVICE_DESK,), "WS9", "127.0.0.1")
# The station's clock begins at 21:00 in Brussels, on Monday 23 November 2026.
OPEN, CLOSE = "Nri1/OP03", "Nri1/CL03"
pytestmark = pytest.mark.usefixtures("still")


async def hours(house: House, spans: str, version: int = 0, area: str = "1", **settings: Any) -> None:
    made = AreaHours(weekly=week(every=spans), **settings)
    await house.station.scribe.act(lambda ledger: set_hours(ledger, DESK, "S1", area, made, version))


async def move(house: House, to: str, *alive: Seat) -> None:
    """To the next time that the wall in Brussels shows ``to``, in winter; then a second's duties."""
    hour, minute = map(int, to.split(":"))
    now = house.clock.now()
    then = now.replace(hour=(hour - 1) % 24, minute=minute, second=0, microsecond=0)
    house.clock.move(((then - now).total_seconds()) % 86400)
    for seat in alive:
        await seat.beat(active=True)
    await house.station.duties.second()


async def row(house: House, area: str = "1") -> Any:
    query = select(HoursRow).where(HoursRow.site == "S1", HoursRow.area == area)
    return await house.station.database.read(lambda c: c.execute(query).one())


async def test_D3_an_opening_outside_the_hours_is_told_with_its_signal(house: House) -> None:
    await hours(house, "10:00–18:00")
    await house.send(sia("1001", 1, OPEN))
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.priority, alarm.place, alarm.site) == (
        "opening-outside-hours", Priority.MEDIUM, "Winkel", "S1",
    )  # fmt: skip
    [entry] = await house.entries("signal")
    assert entry["text"] == "Disarmed · Winkel · user 03 · outside supervised hours"
    assert (entry["alarm"], entry["priority"]) == (alarm.id, 3)
    await house.send(sia("1001", 2, CLOSE))
    assert [alarm.kind for alarm in await house.alarms()] == ["opening-outside-hours"], "no closing ends it (I13)"
    await house.send(sia("1001", 3, "Nri2/OP03"))
    assert len(await house.entries("alarm-opened")) == 1, "the workshop has no hours (B4)"


async def test_D3_what_was_opened_outside_the_hours_and_stays_open_is_told(house: House) -> None:
    await hours(house, "10:00–18:00")
    await house.station.duties.second()
    await house.send(sia("1001", 1, OPEN))
    assert (await row(house)).due_at == house.clock.now() + timedelta(minutes=15)
    await move(house, "21:14")
    assert len(await house.alarms()) == 1
    await move(house, "21:15")
    assert [alarm.kind for alarm in await house.alarms()] == ["opening-outside-hours", "late-to-close"]


async def test_D3_I13_not_closed_in_time_is_told_again_on_the_same_alarm_and_clears_itself(house: House) -> None:
    await hours(house, "10:00–22:00", repeat_min=30)
    await house.send(sia("1001", 1, OPEN))
    await move(house, "22:14")
    assert await house.alarms() == []
    await move(house, "22:15")
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.words, alarm.place, alarm.priority, alarm.signals) == (
        "late-to-close", "Not closed in time", "Winkel", Priority.LOW, 1,
    )  # fmt: skip
    [entry] = await house.entries("late-to-close")
    assert (entry["actor"]["kind"], entry["account"], entry["site"]) == ("station", "1001", "S1")
    assert entry["data"]["since"] == "2026-11-23T21:00:00+00:00"
    await house.station.duties.second()
    assert len(await house.entries("late-to-close")) == 1
    await move(house, "22:45")
    [again] = await house.alarms()
    assert (again.id, again.signals, len(again.zones)) == (alarm.id, 2, 1)
    assert (await house.entries("late-to-close"))[1]["data"]["told"] == 2
    await house.send(sia("1001", 2, CLOSE))
    assert await house.alarms() == []
    assert (await house.alarm(alarm.id)).close_reason == "restored: Closed"
    await move(house, "23:20")
    assert len(await house.entries("late-to-close")) == 2


async def test_I13_late_that_an_operator_holds_stays_with_them(house: House) -> None:
    seat = await house.seat("claes")
    await hours(house, "10:00–22:00")
    await house.send(sia("1001", 1, OPEN))
    await move(house, "22:15", seat)
    [alarm] = await house.alarms()
    assert (await seat.act(alarm.id, "take")).status_code == 200
    await house.send(sia("1001", 2, CLOSE))
    held = await house.alarm(alarm.id)
    assert (held.state, held.last_signal_words) == (AlarmState.HELD, "Not closed in time")
    assert all(zone.restored for zone in held.zones)


async def test_D1_D3_working_late_until_half_past_one_is_late_only_then(house: House) -> None:
    await hours(house, "10:00–22:00")
    await house.send(sia("1001", 1, OPEN))
    today = datetime(2026, 11, 23).date()  # noqa: DTZ001
    asked = HoursAsked(first=today, last=today, spans=read_hours("10:00–01:30"), why="inventory, H. Laurent by phone")
    await house.station.scribe.act(lambda ledger: add_temporary(ledger, DESK, "S1", "1", asked, 1))
    await house.station.duties.second()
    assert (await row(house)).due_at == datetime(2026, 11, 24, 0, 45, tzinfo=UTC)
    await move(house, "23:00")
    await move(house, "01:44")
    assert await house.alarms() == []
    await move(house, "01:45")
    assert [alarm.kind for alarm in await house.alarms()] == ["late-to-close"]


async def test_D3_I13_not_opened_in_time_is_told_once_and_an_opening_clears_it(house: House) -> None:
    await hours(house, "08:00–18:00")
    await house.send(sia("1001", 1, CLOSE))
    await move(house, "08:14")
    assert await house.alarms() == []
    await move(house, "08:15")
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.words, alarm.priority) == ("not-opened", "Not opened in time", Priority.LOW)
    await move(house, "10:00")
    assert len(await house.entries("not-opened")) == 1
    await house.send(sia("1001", 2, OPEN))
    assert await house.alarms() == []
    assert (await house.alarm(alarm.id)).close_reason == "restored: Opened"


async def test_D3_of_two_areas_that_are_late_both_are_named_and_both_must_close(house: House) -> None:
    for area in ("1", "2"):
        await hours(house, "10:00–22:00", area=area)
        await house.send(sia("1001", int(area), f"Nri{area}/OP03"))
    await move(house, "22:15")
    [alarm] = await house.alarms()
    assert alarm.place == "Winkel · Atelier"
    await house.send(sia("1001", 3, CLOSE))
    assert len(await house.alarms()) == 1
    await house.send(sia("1001", 4, "Nri2/CL03"))
    assert await house.alarms() == []


async def test_B3_an_area_whose_state_is_not_transmitted_is_never_late_nor_missed(house: House) -> None:
    await hours(house, "08:00–22:00")
    for moment in ("22:15", "23:30", "08:15", "22:15"):
        await move(house, moment)
    assert await house.alarms() == []
    assert await house.entries("late-to-close", "not-opened") == []


async def test_F4_in_test_it_is_journaled_and_presented_only_when_the_test_is_over_and_it_still_is_so(
    house: House,
) -> None:
    seat = await house.seat("claes")
    await hours(house, "10:00–22:00")
    await house.send(sia("1001", 1, OPEN))
    assert (await seat.test_on("S1")).status_code == 200
    await move(house, "22:15", seat)
    assert await house.alarms() == []
    [entry] = await house.entries("late-to-close")
    assert entry["in_test"]
    assert (await seat.test_off("S1")).status_code == 200
    await house.station.duties.second()
    [alarm] = await house.alarms()
    assert alarm.kind == "late-to-close"


async def test_D3_the_repeat_opens_a_new_alarm_where_somebody_closed_the_first(house: House) -> None:
    seat = await house.seat("claes")
    await hours(house, "10:00–22:00", repeat_min=30)
    await house.send(sia("1001", 1, OPEN))
    await move(house, "22:15", seat)
    [alarm] = await house.alarms()
    await seat.act(alarm.id, "take")
    seen = await seat.act(alarm.id, "seen", up_to=(await house.alarm(alarm.id)).last_seq)
    assert seen.status_code == 200
    closed = await seat.act(alarm.id, "close", disposition="no-cause", reason="they stay a little")
    assert closed.status_code == 200, closed.text
    await move(house, "22:45", seat)
    [again] = await house.alarms()
    assert again.id != alarm.id


async def test_a_station_that_was_down_tells_what_is_still_late_when_it_comes_back(tmp_path: Any) -> None:
    async with open_house(tmp_path / "data") as house:
        await house.bring_in(site("S1", "1001", areas=(("1", "Winkel"),)))
        await hours(house, "10:00–22:00")
        await house.send(sia("1001", 1, OPEN))
        await house.station.duties.second()
    async with open_house(tmp_path / "data") as house:
        await move(house, "03:00")
        [alarm] = await house.alarms()
        assert alarm.kind == "late-to-close"


async def test_an_import_brings_standing_hours_and_keeps_the_changes_of_days(house: House) -> None:
    brought = AreaHours(weekly=week(every="10:00–22:00"))
    await house.bring_in(site("S1", "1001", areas=(("1", "Winkel"),), hours=(("1", brought),)))
    kept = AreaHours.model_validate_json((await row(house)).document)
    assert kept == brought
    later = AreaHours(weekly=week(every="10:00–21:30"))
    await house.bring_in(site("S1", "1001", areas=(("1", "Shop"),), hours=(("1", later),)))
    await house.send(sia("1001", 1, OPEN))
    await move(house, "21:45")
    [alarm] = await house.alarms()
    assert (alarm.kind, alarm.place) == ("late-to-close", "Shop")
    # A file without hours says nothing of them.
    await house.bring_in(site("S1", "1001", areas=(("1", "Shop"),)))
    assert AreaHours.model_validate_json((await row(house)).document) == later


async def test_a_quiet_look_writes_nothing_in_the_journal_and_looks_at_what_is_due_alone(house: House) -> None:
    sites = [site(f"T{n}", f"B{n:03d}", areas=(("1", "Shop"),)) for n in range(6)]
    await house.bring_in(*sites)
    made = AreaHours(weekly=week(every="10:00–22:00"), supervised=(Supervised.LATE_CLOSE,))

    def keep(ledger: Any) -> None:
        for one in sites:
            hour_store.keep(ledger.connection, one.id, "1", made, ledger.now)

    await house.station.scribe.act(keep)
    now = house.clock.now()
    found = await house.station.database.read(lambda c: watching.due(c, now))
    assert len(found) == 6
    before = (await house.entries())[-1]["seq"]
    await house.station.duties.second()
    assert await house.station.database.read(lambda c: watching.due(c, now)) == []
    assert (await house.entries())[-1]["seq"] == before
    assert house.station.beat().findings == ()


async def test_more_that_is_due_than_is_looked_at_together_is_all_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST", 2)
    for number in range(3):
        await house.bring_in(site(f"T{number}", f"B00{number}", areas=(("1", "Shop"),)))
    made = AreaHours(weekly=week(every="10:00–22:00"))
    await house.station.scribe.act(
        lambda ledger: [set_hours(ledger, DESK, f"T{n}", "1", made, 0) for n in range(3)] and None
    )
    for number in range(3):
        await house.send(sia(f"B00{number}", 1, OPEN))
    await move(house, "22:15")
    assert sorted(alarm.site or "" for alarm in await house.alarms()) == ["T0", "T1", "T2"]
    assert await house.station.scribe.act(watching.tell(house.station.profile, [("T0", "1")])) == 0, "told before"
