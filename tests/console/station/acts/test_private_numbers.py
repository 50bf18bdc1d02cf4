"""A private number is dialled in full and journaled by its last two digits (I9, G3)."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from models.tables import PersonNumberRow
from tests.console.station.house import House
from tests.frames import sia

AN = "+32 470 55 50 01"


@pytest.mark.parametrize("left_list", [False, True])
async def test_I9_a_private_number_is_masked_in_every_entry_of_its_call(small_house: House, left_list: bool) -> None:
    house = small_house
    private = update(PersonNumberRow).where(PersonNumberRow.number == AN).values(private=1)
    await house.station.database.write(lambda c: c.execute(private))
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await seat.take_next()).json()["id"]
    for outcome in ("no-answer", None):
        answer = await seat.act(alarm, "call", step="contact:S1-1", number=AN)
        assert answer.status_code == 200, answer.text
        if outcome is not None:
            await seat.act(alarm, "call", step="contact:S1-1", number=AN, outcome=outcome)
        elif left_list:
            await seat.act(alarm, "release")
        else:
            await house.pass_time(30)
    told = await house.entries("call-begun", "call")
    assert [entry["kind"] for entry in told] == ["call-begun", "call", "call-begun", "call"]
    assert [entry["data"]["number"] for entry in told] == ["··· 01"] * 4
    assert not any("470" in entry["text"] for entry in told)


async def test_G3_any_other_number_is_journaled_as_it_was_dialled(small_house: House) -> None:
    seat = await small_house.seat("claes")
    await small_house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await seat.take_next()).json()["id"]
    await seat.act(alarm, "call", step="contact:S1-1", number=AN)
    [begun] = await small_house.entries("call-begun")
    assert begun["data"]["number"] == AN
