"""I7, F4, F5: whatever is in test and whatever comes, a signal is journaled once, and presented or in test."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from sqlalchemy import select

from models.records import StaffRole
from models.tables import AlarmSignalRow
from tests.console.station.house import House, Seat, site
from tests.frames import sia

WALKS = int(os.environ.get("VIGIE_WALKS", "4"))
"""Set to hundreds for a long night."""
STEPS = 25
CODES = ["BA", "TA", "FA", "PA", "MA", "WA", "AT", "QQ"]
"""Intrusion, tamper, fire, hold-up, medical, water, mains, and what no table knows."""
KINDS = ["intrusion", "tamper", "fire", "hold-up", "medical", "technical"]
ZONES = [("1", "7"), ("1", "9"), ("2", "11"), ("3", "77"), ("", "9")]


def scope(chance: random.Random) -> dict[str, Any]:
    """The whole site, or some areas, zones and kinds of it, or all but those."""
    if chance.random() < 0.25:
        return {"whole": True}
    areas = chance.sample(["1", "2"], chance.randint(0, 1))
    zones = [{"area": area, "zone": zone} for area, zone in chance.sample(ZONES[:3], chance.randint(0, 2))]
    return {
        "whole": False,
        "areas": areas,
        "zones": zones,
        "all_except": bool(areas or zones) and chance.random() < 0.3,
        "kinds": chance.sample(KINDS, chance.randint(1, len(KINDS))),
    }


async def walk(house: House, seat: Seat, chance: random.Random) -> int:
    """Tests begin and end, and signals come, at random; how many signals."""
    sent = 0
    for _ in range(STEPS):
        house.clock.move(chance.randint(1, 90))
        done = chance.random()
        if done < 0.2:
            answer = await seat.test_on(chance.choice(["S1", "S2"]), scope=scope(chance))
            assert answer.status_code in (200, 409, 422), answer.text
        elif done < 0.3:
            running = [*await seat.tests("S1"), *await seat.tests("S2")]
            if running:
                test = chance.choice(running)
                answer = await seat.client.post(f"/v1/tests/{test['id']}/end", json={"still": "leave"})
                assert answer.status_code == 200, answer.text
        else:
            area, zone = chance.choice(ZONES)
            where = f"Nri{area}/" if area else "N"
            sent += 1
            await house.send(sia(chance.choice(["1001", "2002"]), sent, f"{where}{chance.choice(CODES)}{zone}"))
    return sent


@pytest.mark.parametrize("seed", range(WALKS))
async def test_I7_every_signal_is_journaled_once_and_presented_or_in_test(house: House, seed: int) -> None:
    await house.bring_in(site("S2", "2002"))
    seat = await house.seat("claes", StaffRole.SUPERVISOR)
    sent = await walk(house, seat, random.Random(seed))

    signals = await house.entries("signal")
    assert [entry["raw"][9:] for entry in signals if "raw" in entry] != []
    assert len(signals) == sent
    begun = {entry["data"]["test"]: entry["seq"] for entry in await house.entries("test-on") if "test" in entry["data"]}
    rows = await house.station.database.read(
        lambda c: c.execute(select(AlarmSignalRow.alarm, AlarmSignalRow.seq).order_by(AlarmSignalRow.seq)).all()
    )
    shown: dict[int, str] = {row.seq: row.alarm for row in rows}
    opened: dict[str, int] = {}
    for row in rows:
        opened.setdefault(row.alarm, row.seq)
    for entry in signals:
        seq, alarm = entry["seq"], shown.get(entry["seq"])
        if not entry["in_test"]:
            assert alarm is not None, f"entry {seq} is neither in test nor presented"
            assert not entry["data"].get("tests")
            continue
        assert entry["data"]["tests"], f"entry {seq} is in no test that anybody began"
        if alarm is not None:
            # F5: in test it joins only what ran before each test that covers it.
            assert opened[alarm] < min(begun.get(test, test) for test in entry["data"]["tests"])
