"""The journal of a site line by line, opened, and page by page (B5, G4, I9)."""

from __future__ import annotations

from typing import Any

import pytest

from models.records import StaffRole
from tests.console.station.house import House, Seat, site
from tests.frames import frame, sia

DESK = StaffRole.SERVICE_DESK


async def lines(seat: Seat, **query: Any) -> list[dict[str, Any]]:
    answer = await seat.client.get("/v1/sites/S1/journal", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def opened(seat: Seat, seq: int) -> dict[str, Any]:
    answer = await seat.client.get(f"/v1/sites/S1/journal/{seq}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_I9_an_opened_change_has_before_and_after_who_and_from_where(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    value = {**file["details"], "access": "Rear door"}
    answer = await desk.client.post("/v1/sites/S1/file", json={"part": "details", "value": value, "version": 0})
    assert answer.status_code == 200, answer.text
    [newest, *_] = await lines(desk)
    detail = await opened(desk, newest["seq"])
    assert detail["entry"] == newest
    assert detail["entry"]["actor"] == {"kind": "operator", "name": "Sofie", "from": "WS-sofie, 127.0.0.1"}
    assert (detail["data"]["before"], detail["data"]["after"]) == ({"access": ""}, {"access": "Rear door"})
    assert (detail["raw"], detail["panel_time"]) == (None, None)


async def test_B5_an_opened_signal_has_its_events_and_its_frame_without_secrets(house: House) -> None:
    operator = await house.seat("claes")
    await house.send(
        frame(
            '"SIA-DCS"0001L0#1001[#1001|Nri1/OP04][PSECRET]_20:00:00,11-23-2026',
        )
    )
    [signal] = [line for line in await lines(operator) if line["kind"] == "signal"]
    detail = await opened(operator, signal["seq"])
    [event] = detail["data"]["events"]
    assert (event["code"], event["area"], event["user"]) == ("OP", "1", "04")
    assert detail["panel_time"] == "2026-11-23T20:00:00Z"
    assert "OP04" in detail["raw"]
    assert "SECRET" not in str(detail)


async def test_H_an_entry_is_opened_at_its_own_site_alone(house: House) -> None:
    await house.bring_in(site("S2", "2002"))
    operator = await house.seat("claes")
    [newest, *_] = await lines(operator)
    for path in (f"/v1/sites/S2/journal/{newest['seq']}", "/v1/sites/S1/journal/999999"):
        answer = await operator.client.get(path)
        assert (answer.status_code, answer.json()["field"]) == (404, "seq")
    administrator = await house.seat("adam", StaffRole.ADMINISTRATOR)
    assert (await administrator.client.get(f"/v1/sites/S1/journal/{newest['seq']}")).status_code == 403


async def test_G4_no_line_is_left_out_between_two_pages(house: House) -> None:
    operator = await house.seat("claes")
    for number in range(1, 131):
        await house.send(sia("1001", number, "Nri1/RP"))
    whole = [entry["seq"] for entry in await house.entries() if entry["site"] == "S1"][::-1]
    shown: list[int] = []
    page = await lines(operator)
    while page:
        shown += [line["seq"] for line in page]
        page = await lines(operator, before=shown[-1])
    assert shown == whole
    assert len(shown) > 100


async def test_F3_the_tests_of_a_site_are_found_however_many_signals_came_since(house: House) -> None:
    operator = await house.seat("claes")
    assert (await operator.client.post("/v1/sites/S1/tests", json={"why": "new detector"})).status_code == 200
    for number in range(1, 111):
        await house.send(sia("1001", number, "Nri1/RP"))
    assert not [line for line in await lines(operator) if line["kind"] == "test-on"]
    [line] = await lines(operator, kinds="test-on,test-off")
    assert line["kind"] == "test-on"


@pytest.mark.parametrize("query", [{"before": -1}, {"before": "x"}, {"kinds": "a b"}, {"kinds": "x" * 300}])
async def test_I12_bad_questions_are_refused(small_house: House, query: dict[str, Any]) -> None:
    operator = await small_house.seat("claes")
    answer = await operator.client.get("/v1/sites/S1/journal", params=query)
    assert (answer.status_code, answer.json()["field"]) == (422, next(iter(query)))
