"""I4: a mistake of ours in the call plan takes an alarm out of nobody's hands."""

from __future__ import annotations

from typing import Any

import pytest

from models.records import StaffRole
from tests.console.station.house import House
from tests.frames import sia


async def test_I4_an_alarm_whose_plan_cannot_be_computed_is_opened_noted_given_away_and_closed_by_a_supervisor(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    claes, other = await house.seat("claes"), await house.seat("bea")
    chief = await house.seat("chief", StaffRole.OPERATOR, StaffRole.SUPERVISOR)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await claes.take_next()).json()["id"]

    def mistaken(*_args: Any) -> Any:
        raise IndexError("tuple index out of range")

    monkeypatch.setattr("console.station.rules.call_plan.compute", mistaken)
    shown = await claes.client.get(f"/v1/alarms/{alarm}")
    assert shown.status_code == 200, shown.text
    detail = shown.json()
    assert "PIR winkel" in str(detail["lines"])
    numbers = [one["number"] for step in detail["plan"]["steps"] for one in step["numbers"]]
    assert numbers[:3] == ["+32 9 555 01 00", "+32 470 55 50 01", "+32 9 555 01 01"]
    assert "a supervisor ends this alarm" in detail["plan"]["missing"][0]
    assert any(f"The call list of {alarm}" in told for told in house.station.beat().findings)
    noted = await claes.act(alarm, "note", text="Called An by hand, all is well")
    assert noted.status_code == 200, noted.text
    await claes.act(alarm, "seen", up_to=detail["alarm"]["last_seq"])
    refused = await claes.act(alarm, "close", disposition="false-user", reason="by hand")
    assert (refused.status_code, refused.json()["code"]) == (409, "steps-missing")
    given = await claes.act(alarm, "hand-over", to="bea", why="")
    assert given.status_code == 200, given.text
    assert (await other.client.get(f"/v1/alarms/{alarm}")).status_code == 200
    taken = await chief.act(alarm, "take-over", why="its plan is at fault")
    assert taken.status_code == 200, taken.text
    assert (await chief.client.get(f"/v1/alarms/{alarm}")).json()["plan"]["missing"] == []
    closed = await chief.act(alarm, "close", disposition="false-user", reason="called by hand")
    assert (closed.status_code, closed.json()["state"]) == (200, "closed"), closed.text
