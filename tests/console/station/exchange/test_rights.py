"""Who may have calls made (rulebook H), and what they are told where nothing makes them."""

from __future__ import annotations

import pytest

from models.records import StaffRole
from tests.console.station.house import House


@pytest.mark.parametrize("role", list(StaffRole))
async def test_H_who_handles_alarms_has_calls_made_and_nobody_else(small_house: House, role: StaffRole) -> None:
    seat = await small_house.seat("who", role)
    for verb, body in (("ring", {"extension": "201"}), ("hang-up", {})):
        answer = await seat.act("A-1", verb, **body)
        if role in (StaffRole.OPERATOR, StaffRole.SUPERVISOR):
            said = (409, "This station has no telephone exchange: dial by hand.")
            assert (answer.status_code, answer.json()["sentence"]) == said
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
