"""How fast alarms were answered: the figures against a slow oracle over the exported journal (G6, F4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from models.records import StaffRole
from tests.console.station.house import START, House, Seat, site
from tests.frames import sia

SUPERVISOR = StaffRole.SUPERVISOR
TARGETS = {1: (30, 60), 2: (90, 180), 3: (90, 180), 4: (90, 180)}


async def figures(seat: Seat, **query: str) -> dict[str, Any]:
    answer = await seat.client.get("/v1/performance", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def oracle(entries: list[dict[str, Any]], begin: datetime, end: datetime, until: datetime) -> dict[str, Any]:
    """The same from the journal as anybody gets it, line by line, without a thought for speed."""
    at = {entry["seq"]: datetime.fromisoformat(entry["time"]) for entry in entries}
    alarms = []
    for entry in entries:
        if entry["kind"] != "alarm-opened" or entry["in_test"] or not begin <= at[entry["seq"]] < end:
            continue
        priority, clock, act, ended, how, by = entry["priority"], at[entry["seq"]], None, None, None, ""
        for line in entries:
            if line["alarm"] != entry["alarm"]:
                continue
            if line["kind"] == "alarm-raised" and act is None:
                priority, clock = line["priority"], at[line["seq"]]
            if line["actor"]["kind"] == "operator" and act is None:
                act, by = at[line["seq"]], line["actor"]["name"]
            if line["kind"] == "closed":
                ended, how = at[line["seq"]], line["data"]["disposition"]
            if line["kind"] == "self-completed":
                ended, how = at[line["seq"]], "self-completed"
        alarms.append((priority, at[entry["seq"]], clock, act, ended, how, by, entry["alarm"]))
    found: dict[str, Any] = {"priorities": {}, "late": [], "late_handling": [], "by": {}, "ends": {}}
    for priority, (first, second) in TARGETS.items():
        mine = [alarm for alarm in alarms if alarm[0] == priority]
        for name in ("operator", "handling"):
            over, waiting = [], []
            for _priority, opened, clock, act, ended, _how, by, number in mine:
                start, stop = (clock, act) if name == "operator" else (opened, ended)
                if stop is not None:
                    seconds = (stop - start).total_seconds()
                    over.append(seconds)
                    if name == "operator":
                        found["by"][by] = found["by"].get(by, 0) + 1
                elif name == "operator" and ended is not None:
                    continue
                else:
                    seconds = (until - start).total_seconds()
                    if seconds > first:
                        waiting.append(seconds)
                if seconds > first:
                    found["late" if name == "operator" else "late_handling"].append((number, seconds - first))
            over.sort()
            found["priorities"][priority, name] = {
                "alarms": len(over) + len(waiting),
                "first": sum(one <= first for one in over),
                "second": sum(one <= second for one in over),
                "of_second": len(over) + sum(one > second for one in waiting),
                "median_s": over[ceil(len(over) * 0.5) - 1] if over else None,
                "p95_s": over[ceil(len(over) * 0.95) - 1] if over else None,
                "slowest_s": over[-1] if over else None,
            }
        found["priorities"][priority, "opened"] = len(mine)
    for alarm in alarms:
        if alarm[5] is not None:
            found["ends"][alarm[5]] = found["ends"].get(alarm[5], 0) + 1
    return found


async def an_evening(house: House) -> None:
    """Alarms of each priority, answered soon, late, twice late and not at all; a rise; one in test; one ended."""
    await house.bring_in(*(site(f"S{n}", f"20{n:02d}") for n in range(2, 12)))
    claes, dubois = await house.seat("claes"), await house.seat("dubois")

    async def answer(seat: Seat, after: int, how: str = "") -> None:
        house.clock.move(after)
        alarm = (await seat.take_next()).json()["id"]
        house.clock.move(40)
        if how:
            # Whoever takes one takes its incident.
            await seat.skip_all(alarm)
            closed = await seat.act(alarm, "close", disposition=how, reason="seen to")
            assert closed.status_code == 200, closed.text
        else:
            await seat.act(alarm, "park", minutes=5, reason="patrol on its way")
        house.clock.move(7)

    for number, code, who, after, how in (
        (2, "PA01", claes, 12, "real-other"),
        (3, "PA01", dubois, 41, "false-user"),
        (4, "PA01", claes, 75, "false-user"),
        (5, "BA03", claes, 20, "false-technical"),
        (6, "BA03", dubois, 90, "no-cause"),
        (7, "BA04", claes, 91, "false-user"),
        (8, "BA04", dubois, 200, ""),
        (9, "AT00", claes, 33, "false-technical"),
    ):
        await house.send(sia(f"20{number:02d}", 1, f"Nri1/{code}"))
        await answer(who, after, how)
    # It rises before anybody acts: measured from then, as what it became.
    await house.send(sia("2010", 1, "Nri1/BA01"))
    house.clock.move(100)
    await house.send(sia("2010", 2, "Nri1/BA02"))
    await answer(claes, 10)
    await dubois.test_on("S11", why="yearly service")
    await house.send(sia("2011", 1, "Nri1/BA01"))
    # Nobody answers it.
    await house.send(sia("1001", 1, "Nri1/BA07"))
    house.clock.move(500)
    # It waits, and is not late yet.
    await house.send(sia("2002", 2, "Nri1/BA01"))
    house.clock.move(10)


async def test_G6_the_figures_are_those_that_the_exported_journal_gives(house: House) -> None:
    await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)
    assert await house.entries("alarm-raised"), "one rose before anybody acted"
    now = house.clock.now()
    for begin, end in (
        (START - timedelta(hours=1), now),
        (START + timedelta(seconds=100), now - timedelta(seconds=600)),
        (now, now + timedelta(hours=1)),
    ):
        said = await figures(chief, **{"from": begin.isoformat(), "to": end.isoformat()})
        right = oracle(await house.entries(), begin, end, now)
        for priority in said["priorities"]:
            number = priority["priority"]
            assert priority["opened"] == right["priorities"][number, "opened"], number
            for measure in ("operator", "handling"):
                assert priority[measure] == right["priorities"][number, measure], (number, measure)
        for late in ("late", "late_handling"):
            told = [(one["alarm"], one["over_s"]) for one in said[late]]
            assert sorted(told) == sorted(right[late]), late
            assert [over for _alarm, over in told] == sorted((over for _alarm, over in told), reverse=True)
            assert said[f"{late}_count"] == len(right[late])
        assert {one["name"]: one["answered"]["alarms"] for one in said["operators"]} == right["by"]
        assert {one["disposition"]: one["alarms"] for one in said["ends"]} == right["ends"]
        assert sum(hour["opened"] for hour in said["hours"]) == sum(p["opened"] for p in said["priorities"])
        assert sum(hour["first"] for hour in said["hours"]) == sum(p["operator"]["first"] for p in said["priorities"])
        false = sum(right["ends"].get(how, 0) for how in ("false-user", "false-technical"))
        assert (said["false_alarms"], said["closed"]) == (false, sum(right["ends"].values()))


async def test_F4_what_came_in_test_is_in_no_figure(house: House) -> None:
    claes, chief = await house.seat("claes"), await house.seat("chief", SUPERVISOR)
    await claes.test_on("S1", why="yearly service")
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri1/PA01"))
    house.clock.move(600)
    said = await figures(chief)
    assert sum(priority["opened"] for priority in said["priorities"]) == 0
    assert (said["late"], said["sources"], said["hours"]) == ([], [], [])


async def test_G6_the_zones_that_alarm_most_come_first(house: House) -> None:
    await house.bring_in(site("S2", "2002"))
    chief = await house.seat("chief", SUPERVISOR)
    for number in range(1, 4):
        await house.send(sia("1001", number, "Nri1/BA07"))
        house.clock.move(61)
    await house.send(sia("1001", 4, "Nri1/BA09"), sia("2002", 1, "Nri1/BA01"))
    house.clock.move(1)
    # What the running alarm gets while its site is in test counts no more (F4).
    await chief.test_on("S1", why="yearly service")
    await house.send(sia("1001", 5, "Nri1/BA07"))
    house.clock.move(1)
    sources = (await figures(chief))["sources"]
    assert [sources[0][name] for name in ("site", "zone", "signals", "alarms")] == ["S1", "7", 3, 1]
    assert sources[0]["zone_name"] == "07 PIR winkel"
    assert {(one["site"], one["signals"]) for one in sources[1:]} == {("S1", 1), ("S2", 1)}


async def test_G6_a_flood_of_one_operator_is_marked(small_house: House) -> None:
    house = small_house
    await house.bring_in(*(site(f"S{n}", f"20{n:02d}") for n in range(2, 14)))
    claes, chief = await house.seat("claes"), await house.seat("chief", SUPERVISOR)
    for number in range(2, 14):
        await house.send(sia(f"20{number:02d}", 1, "Nri1/BA01"))
        alarm = (await claes.take_next()).json()["id"]
        await claes.act(alarm, "park", minutes=5, reason="many at once")
        house.clock.move(20)
    [operator] = (await figures(chief))["operators"]
    assert (operator["name"], operator["floods"]) == ("Claes", 1)
    assert [(slot["alarms"], slot["flood"]) for slot in operator["slots"]] == [(12, True)]


async def test_G6_a_period_that_cannot_be_answered_says_why(small_house: House) -> None:
    chief = await small_house.seat("chief", SUPERVISOR)
    for query, field in (
        ({"from": "2026-11-23T20:00:00"}, "from"),
        ({"from": "2026-11-24T20:00:00+00:00", "to": "2026-11-23T20:00:00+00:00"}, "to"),
        ({"from": "2026-01-01T00:00:00+00:00", "to": "2026-11-23T20:00:00+00:00"}, "from"),
        ({"to": "0001-01-01T00:00:00+00:00"}, "to"),
    ):
        answer = await chief.client.get("/v1/performance", params=query)
        assert (answer.status_code, answer.json()["field"]) == (422, field), (query, answer.text)
        assert answer.json()["sentence"].endswith("."), answer.text
