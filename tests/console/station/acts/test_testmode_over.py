"""What is left of a test: its report on paper, those that are over, and the alarms that it found running (F3–F5)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from models.records import StaffRole
from tests.console.station.house import START, House, Seat, site
from tests.frames import sia

HALL = {"whole": False, "areas": ["1"], "kinds": ["intrusion", "tamper"]}
DAY = 24 * 3600


async def set_test(seat: Seat, **body: Any) -> dict[str, Any]:
    answer = await seat.test_on("S1", **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def paper(seat: Seat, test: dict[str, Any]) -> str:
    answer = await seat.client.get(f"/v1/tests/{test['id']}/report.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def row(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(name))


async def test_F4_the_report_is_the_check_list_on_paper_with_who_and_why(house: House) -> None:
    seat = await house.seat("claes")
    test = await set_test(seat, scope=HALL, why="Detector replaced", ticket="T-88")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    house.clock.move(61)
    await house.send(sia("1001", 2, "Nri1/BR07"), sia("1001", 3, "Nri1/TA33"), sia("1001", 4, "Nri2/FA11"))
    running = await paper(seat, test)
    for said in (
        "Bakkerij Peeters · S1",
        "Kerkstraat 1, 9000 Gent",
        "In test: In part: Winkel · intrusion, tamper",
        # The site's own time, not UTC: one hour later in November.
        "Since: Mon 23 Nov 2026 21:00:00",
        "Until: runs; no end is set (0 h 01 m)",
        "Asked by: Claes, for the station itself",
        "Set by: Claes, console, WS-claes",
        "Why: Detector replaced",
        "Ticket: T-88",
        "Signals in test: 3, the last 21:01:01",
        "Zones seen: 1 of 2",
        "What else came in this test",
    ):
        assert said in running, said
    assert row(running, "Winkel / 7 PIR").split()[-5:] == ["seen", "21:00:00", "21:01:01", "21:01:01", "2"]
    assert row(running, "Winkel / 9").endswith("not seen 0")
    still, lists = running.split("Still in alarm")[1].split("Zones seen")
    assert "Winkel / 33 · Tamper · since 21:01:01" in still
    assert "no restoral" in row(lists, "Winkel / 33")
    # The fire was outside the scope: it was presented, and is no part of the test.
    assert "Rook" not in running
    await seat.test_off("S1")
    over = await paper(seat, test)
    assert "Until: Mon 23 Nov 2026 21:01:01 by Claes (0 h 01 m)" in over
    assert "No restoral came" in over
    assert f"test {test['id']}, over" in over


async def test_F3_the_report_says_that_its_end_has_passed_that_life_safety_was_in_it_and_on_which_day(
    small_house: House,
) -> None:
    house, fire = small_house, {"whole": False, "kinds": ["fire"]}
    seat = await house.seat("claes")
    ends = (START + timedelta(hours=1)).isoformat()
    test = await set_test(seat, scope=fire, confirmed=True, ends_at=ends)
    assert "Everything that told an alarm was restored." in await paper(seat, test)
    await house.send(sia("1001", 1, "Nri2/FA11"))
    house.clock.move(3600)
    await house.station.duties.second()
    said = await paper(seat, test)
    assert "In test: In part: every zone · fire · life safety included" in said
    assert "Until: runs; its end is Mon 23 Nov 2026 22:00:00 and has passed (1 h 00 m)" in said
    assert "Everything that told an alarm was restored." not in said
    assert said.split("What else came in this test")[1].strip().startswith("Nothing.")
    house.clock.move(DAY)
    await house.send(sia("1001", 2, "Nri2/FR11"))
    seat = await house.sign_in("claes", "WS 2")
    said = await paper(seat, test)
    assert "Signals in test: 2, the last Tue 24 Nov 22:00:00" in said
    assert "Everything that told an alarm was restored." in said


async def test_F4_the_report_of_a_site_without_zones_counts_none(small_house: House) -> None:
    await small_house.bring_in(site("S2", "x", systems=()))
    seat = await small_house.seat("claes")
    test = (await seat.test_on("S2")).json()
    said = await paper(seat, test)
    assert "Zones seen" not in said
    assert "What else came in this test" in said


async def test_F4_the_report_needs_a_test_and_somebody_who_may_watch(small_house: House) -> None:
    seat = await small_house.seat("claes")
    test = await set_test(seat)
    admin = await small_house.seat("root", StaffRole.ADMINISTRATOR)
    for path in (f"/v1/tests/{test['id']}/report.pdf", "/v1/tests?over_days=7"):
        assert (await admin.client.get(path)).status_code == 403, path
    answer = await seat.client.get("/v1/tests/999/report.pdf")
    assert (answer.status_code, answer.json()["field"]) == (404, "test")


async def test_F3_tests_that_are_over_are_looked_back_at_for_seven_days(house: House) -> None:
    seat = await house.seat("claes")

    async def over(days: int = 7) -> list[tuple[int, str]]:
        answer = await seat.client.get("/v1/tests", params={"over_days": days})
        assert answer.status_code == 200, answer.text
        return [(test["id"], test["ended_by"]) for test in answer.json()]

    first = await set_test(seat)
    assert await over() == []
    await seat.test_off("S1")
    house.clock.move(DAY)
    seat = await house.sign_in("claes", "WS 2")
    second = await set_test(seat)
    await seat.test_off("S1")
    third = await set_test(seat)
    assert await over() == [(second["id"], "Claes"), (first["id"], "Claes")]
    house.clock.move(6 * DAY + 1)
    seat = await house.sign_in("claes", "WS 3")
    assert await over() == [(second["id"], "Claes")]
    assert await over(8) == [(second["id"], "Claes"), (first["id"], "Claes")]
    # What runs is not over.
    assert [test["id"] for test in await seat.tests("S1")] == [third["id"]]
    for days in (0, 32):
        assert (await seat.client.get("/v1/tests", params={"over_days": days})).status_code == 422


async def test_F5_whoever_sets_a_test_is_told_what_of_its_scope_runs_on(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"), sia("1001", 2, "Nri2/FA11"))
    fire, intrusion = await house.alarms()
    assert (fire.words, intrusion.words) == ("Fire", "Intrusion")
    part = await set_test(seat, scope=HALL)
    assert part["run_on"] == [intrusion.id]
    whole = await set_test(seat)
    assert whole["run_on"] == [fire.id, intrusion.id]
    assert [alarm.id for alarm in await house.alarms()] == [fire.id, intrusion.id], "closed by nobody"


@pytest.mark.parametrize(
    ("scope", "inside", "outside"),
    [
        ({"whole": True}, ["Winkel", "Atelier"], []),
        (HALL, ["Winkel"], ["Atelier"]),
        ({**HALL, "areas": [], "zones": [{"area": "1", "zone": "7"}]}, ["Winkel / 7 PIR winkel"], [
            "Winkel / 9 Achterdeur", "Atelier"]),
        ({**HALL, "kinds": ["tamper"]}, [], ["Winkel, intrusion", "Atelier, intrusion"]),
        ({**HALL, "areas": ["1"], "all_except": True}, ["Atelier"], ["Winkel"]),
    ],
)  # fmt: skip
async def test_F5_the_station_says_what_of_an_alarm_is_in_test(
    small_house: House, scope: dict[str, Any], inside: list[str], outside: list[str]
) -> None:
    seat = await small_house.seat("claes")
    await small_house.send(
        *(sia("1001", n, f"Nri{event}") for n, event in enumerate(("1/BA07", "1/BA09", "2/BA11"), 1))
    )
    [alarm] = await small_house.alarms()

    async def found() -> Any:
        return (await seat.client.get(f"/v1/alarms/{alarm.id}")).json()["in_test"]

    assert await found() is None
    test = await set_test(seat, scope=scope)
    assert await found() == {"inside": inside, "outside": outside}
    assert test["run_on"] == ([] if outside else [alarm.id])


async def test_F5_a_duress_code_is_in_no_test(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/HA04"))
    await set_test(seat)
    for alarm in await house.alarms():
        detail = (await seat.client.get(f"/v1/alarms/{alarm.id}")).json()
        said = detail["in_test"]
        assert said["inside" if alarm.kind != "duress" else "outside"], alarm
