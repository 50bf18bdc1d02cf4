"""Rulebook H, checked on the server: each act by each role, over HTTP; and no route without a check."""

from __future__ import annotations

from typing import Any

import pytest

from models.records import StaffRole
from tests.console.station.house import House, Seat
from tests.frames import sia

OPERATOR, DESK = StaffRole.OPERATOR, StaffRole.SERVICE_DESK
SUPERVISOR, ADMINISTRATOR = StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR
HANDLERS, WATCHERS, FILERS = {OPERATOR, SUPERVISOR}, {OPERATOR, DESK, SUPERVISOR}, {DESK, SUPERVISOR}

STORM = {
    "name": "Ciara",
    "scope": {"kinds": ["water"]},
    "does": "group",
    "ends_at": "2026-11-23T22:00:00Z",
    "why": "weather warning",
}
TARGETS = {
    "version": 0,
    "name": "Winter",
    "emergency": [{"seconds": 20, "percent": 90}, {"seconds": 40, "percent": 99}],
    "others": [{"seconds": 120, "percent": 80}, {"seconds": 240, "percent": 98}],
}
ACTS: dict[str, tuple[dict[str, Any], set[StaffRole]]] = {
    "POST /v1/alarms/take-next": ({}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/take": ({}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/release": ({}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/park": ({"minutes": 1, "reason": "patrol"}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/note": ({"text": "dog"}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/call": ({"step": "premises", "number": "+32 9 555 01 00"}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/verify": ({"how": "two zones", "by": "Claes"}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/seen": ({"up_to": 1}, HANDLERS),
    "GET /v1/alarms/{alarm_id}/off-list": ({}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/off-list": (
        {"kind": "patrol", "name": "Team Noord", "number": "02 555 01 91"},
        HANDLERS,
    ),
    "POST /v1/alarms/{alarm_id}/cancel": ({"contact": "S1-1", "why": "cleaner", "code_word": "tulp"}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/close": ({"disposition": "no-cause", "reason": "no trace"}, HANDLERS),
    "POST /v1/alarms/{alarm_id}/hand-over": ({"to": "other"}, HANDLERS),
    "GET /v1/operators": ({}, WATCHERS),
    "POST /v1/operators/{login}/skills": ({"languages": ["NL"], "trainee": True}, {SUPERVISOR}),
    "POST /v1/alarms/{alarm_id}/code-words": ({}, WATCHERS),
    "GET /v1/alarms/{alarm_id}": ({}, WATCHERS),
    "GET /v1/alarms/{alarm_id}/members": ({}, WATCHERS),
    "GET /v1/picture": ({}, WATCHERS),
    "GET /v1/feed": ({}, WATCHERS),
    "GET /v1/sites": ({}, WATCHERS),
    "GET /v1/sites/{site_id}/file": ({}, WATCHERS),
    "GET /v1/sites/{site_id}/procedures": ({}, WATCHERS),
    "POST /v1/procedures": (
        {
            "procedure": {
                "level": "station",
                "name": "All",
                "steps": [{"id": "s1", "kind": "premises"}],
            }
        },
        FILERS,
    ),
    "POST /v1/sites/{site_id}/emergency": ({"numbers": []}, FILERS),
    "GET /v1/journal": ({}, HANDLERS),  # the desk's is of a site: api/test_journal_review.py
    "GET /v1/journal/proof": ({}, {SUPERVISOR}),
    "GET /v1/journal/{seq}": ({}, WATCHERS),
    "GET /v1/performance": ({}, {SUPERVISOR}),
    "GET /v1/performance/earlier": ({}, {SUPERVISOR}),
    "GET /v1/performance/targets": ({}, WATCHERS),
    "POST /v1/performance/targets": (TARGETS, {SUPERVISOR}),
    "GET /v1/storms": ({}, WATCHERS),
    "POST /v1/storms": (STORM, {SUPERVISOR}),
    "POST /v1/storms/preview": (STORM, {SUPERVISOR}),
    "GET /v1/waiting": ({}, {SUPERVISOR}),
    "GET /v1/reports": ({}, {SUPERVISOR}),
    "POST /v1/journal/export": ({"id": "0" * 32, "form": "csv"}, {SUPERVISOR}),
    "GET /v1/alarms/{alarm_id}/timeline": ({}, WATCHERS),
    "GET /v1/sites/{site_id}/journal": ({}, WATCHERS),
    "GET /v1/sites/{site_id}/journal/{seq}": ({}, WATCHERS),
    "GET /v1/sites/{site_id}/people": ({}, FILERS),
    "GET /v1/tasks": ({}, WATCHERS),
    "GET /v1/shift": ({}, WATCHERS),
    "GET /v1/shift/open": ({}, WATCHERS),
    "POST /v1/shift": ({"text": "Rear window open"}, WATCHERS),
    "POST /v1/sites/{site_id}/contacts/S1-1/code-words": ({}, FILERS),
    "POST /v1/sites/{site_id}/contacts/S1-1/words": ({"code": "tulp", "version": 1}, FILERS),
    "POST /v1/sites/{site_id}/contacts/S1-1/issue": ({"identified": "known voice"}, FILERS),
    "GET /v1/sites/{site_id}/contacts/S1-1/sessions": ({}, FILERS),
    "POST /v1/sites/{site_id}/contacts/S1-1/end-sessions": ({"identified": "known voice"}, FILERS),
    "POST /v1/sites/{site_id}/contacts/S1-1/identify": ({"word": "tulp"}, WATCHERS),
    "GET /v1/sites/{site_id}/hours": ({}, WATCHERS),
    "POST /v1/sites/{site_id}/hours/{area}": ({"hours": {"weekly": [[]] * 7}, "version": 0}, FILERS),
    "POST /v1/sites/{site_id}/planned-tests": (
        {"when": {"first": "2026-11-23", "at": "10:00", "minutes": 30, "weekdays": [0]}, "why": "weekly fire test"},
        WATCHERS,
    ),
    "GET /v1/planned-tests": ({}, WATCHERS),
    # Last: what comes after is in test.
    "POST /v1/sites/{site_id}/tests/preview": ({"scope": {"whole": True}}, WATCHERS),
    "POST /v1/sites/{site_id}/tests": ({"why": "check"}, WATCHERS),
}
ELSEWHERE = {
    # It needs a file in the making: api/test_handover.py has who may.
    "GET /v1/journal/export/{id}",
    # It needs an alarm in another's hands: api/test_taking_over.py has who may.
    "POST /v1/alarms/{alarm_id}/take-over",
    # These need an alarm that is held, or something that is asked: api/test_asking.py has who may.
    "POST /v1/alarms/{alarm_id}/help",
    "POST /v1/alarms/{alarm_id}/ask",
    "POST /v1/asks/{number}/answer",
    "POST /v1/asks/{number}/withdraw",
    # These need a mail server: mail/test_reports.py has who may.
    "POST /v1/reports",
    "POST /v1/reports/{report}/change",
    "POST /v1/reports/{report}/remove",
    # These need an outage: acts/test_supervision.py, acts/test_outage_checks.py.
    "POST /v1/alarms/{alarm_id}/split-off",
    "POST /v1/alarms/{alarm_id}/check",
    # These need a test: acts/test_testmode.py has who may.
    "GET /v1/tests/{test_id}",
    "GET /v1/tests/{test_id}/signals",
    "GET /v1/tests/{test_id}/report.pdf",
    "GET /v1/tests",
    "POST /v1/tests/{test_id}/change",
    "POST /v1/tests/{test_id}/end",
    # These need a planned test: acts/test_planned.py has who may.
    "POST /v1/planned-tests/{planned_id}/change",
    "POST /v1/planned-tests/{planned_id}/remove",
    # These need a zone of the site, or of an alarm: acts/test_shelving.py has who may.
    "POST /v1/alarms/{alarm_id}/shelve",
    "POST /v1/sites/{site_id}/shelve",
    # These need a storm profile, or an alarm that waits: acts/test_storms.py, acts/test_bulk_close.py.
    "POST /v1/storms/{storm_id}/change",
    "POST /v1/storms/{storm_id}/end",
    "POST /v1/alarms/{alarm_id}/bulk-close",
    # These need a procedure: acts/test_procedures.py has who may.
    "POST /v1/alarms/{alarm_id}/step",
    "POST /v1/alarms/{alarm_id}/patrol",
    "POST /v1/procedures/{procedure_id}/remove",
    "GET /v1/procedures",
    "GET /v1/sites/{site_id}/procedures.pdf",
    # These need a telephone exchange: exchange/test_rights.py.
    "POST /v1/alarms/{alarm_id}/ring",
    "POST /v1/alarms/{alarm_id}/hang-up",
    # What changes the file needs its version: acts/test_site_file.py has who may.
    "POST /v1/sites",
    "POST /v1/sites/{site_id}/file",
    "POST /v1/sites/{site_id}/contacts",
    "POST /v1/sites/{site_id}/contacts/{contact_id}/remove",
    "POST /v1/sites/{site_id}/contacts/{contact_id}/absence",
    "POST /v1/sites/{site_id}/contacts/{contact_id}/suspend",
    "POST /v1/sites/{site_id}/contacts/{contact_id}/remove-email",
    "POST /v1/sites/{site_id}/systems",
    "POST /v1/tasks/{task}/done",
    "POST /v1/shift/{note}/read",  # acts/test_shift.py
    # These need hours that are set: api/test_hours.py.
    "POST /v1/sites/{site_id}/hours/{area}/temporary",
    "POST /v1/sites/{site_id}/hours/{area}/temporary/remove",
}
CUSTOMERS = {  # no staff's: test_customers.py has that neither door opens to the other's token
    "POST /customer/session",
    "DELETE /customer/session",
    "GET /customer/sites",
}
FOR_ALL = {
    "GET /v1/station",
    "POST /v1/setup",
    "POST /v1/session",
    "DELETE /v1/session",
    "POST /v1/session/beat",
    "POST /v1/session/unlock",
}


async def test_H_every_route_is_in_this_table(small_house: House) -> None:
    paths = (await small_house.client().get("/openapi.json")).json()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    acts = {route.replace("contacts/S1-1", "contacts/{contact_id}") for route in ACTS}
    assert routes == acts | FOR_ALL | ELSEWHERE | CUSTOMERS


@pytest.mark.parametrize("role", list(StaffRole))
async def test_H_each_act_by_each_role(small_house: House, role: StaffRole) -> None:
    house = small_house
    seat = await house.seat("who", role)
    await house.seat("other", OPERATOR)
    for number, (route, (body, allowed)) in enumerate(ACTS.items(), 1):
        alarm = await a_held_alarm(house, seat, number, held=role in HANDLERS and "take" not in route)
        if route.endswith("/seen"):
            body = {"up_to": (await house.alarm(alarm)).last_seq}
        status, code = await ask(seat, route, alarm, body)
        if role in allowed:
            assert status == 200, (route, code)
        else:
            assert (status, code) == (403, "not-allowed"), route


async def a_held_alarm(house: House, seat: Seat, number: int, *, held: bool) -> str:
    """An alarm of the one site that is free to take, or in the hand of ``seat``; whatever was open before is gone."""
    house.by_hand = True
    for alarm in await house.alarms():
        close = f"UPDATE alarm SET state = 'closed' WHERE id = '{alarm.id}'"
        # As an act: what is changed behind the scribe's back, reception cannot know.
        await house.station.scribe.act(lambda ledger, sql=close: ledger.connection.exec_driver_sql(sql) and None)  # type: ignore[misc]
    await house.send(sia("1001", number, "Nri1/AT"))
    [alarm] = await house.alarms()
    if held:
        assert (await seat.act(alarm.id, "take")).status_code == 200
    return alarm.id


async def ask(seat: Seat, route: str, alarm: str, body: dict[str, Any]) -> tuple[int, str]:
    method, _, path = route.partition(" ")
    url = path.format(alarm_id=alarm, site_id="S1", area="1", seq=2, login="other") + (
        "?q=peeters" if path.endswith(("/v1/sites", "/people")) else ""
    )
    url += "?to=2026-11-22T20:00:00Z" if path.endswith("/earlier") else ""
    url += "?kind=water" if path.endswith("/waiting") else ""
    url += "?first=1&last=2" if path.endswith("/journal/proof") else ""
    async with seat.client.stream(method, url, json=body if method == "POST" else None) as answer:
        if answer.status_code == 200:
            return 200, ""
        await answer.aread()
        return answer.status_code, answer.json()["code"]


async def test_H_what_another_holds_is_theirs_alone_but_for_a_supervisor(house: House) -> None:
    holder, other = await house.seat("claes"), await house.seat("dubois")
    supervisor = await house.seat("chief", SUPERVISOR)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await holder.take_next()).json()["id"]
    for route, (body, _allowed) in ACTS.items():
        if "{alarm_id}" in route and route.startswith("POST") and not route.endswith("code-words"):
            answer = await ask(other, route, alarm, {**body, **({"to": "dubois"} if "hand-over" in route else {})})
            assert answer == (409, "held-by-other"), route
    assert (await other.act(alarm, "code-words")).status_code == 409
    assert (await supervisor.act(alarm, "code-words")).status_code == 200
    assert (await supervisor.act(alarm, "hand-over", to="dubois", why="lunch")).status_code == 200
    assert (await house.alarm(alarm)).holder == "dubois"
    [entry] = await house.entries("handed-over")
    assert entry["text"] == "Handed over by Chief from Claes to Dubois at WS-dubois · lunch"


async def test_H_an_alarm_is_handed_to_somebody_who_is_there_and_may_handle_it(house: House) -> None:
    holder = await house.seat("claes")
    await house.staff("absent")
    await house.seat("desk", DESK)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await holder.take_next()).json()["id"]
    absent = await holder.act(alarm, "hand-over", to="absent")
    assert (absent.status_code, absent.json()["sentence"]) == (422, "Absent is not signed in.")
    assert (await holder.act(alarm, "hand-over", to="nobody")).json()["sentence"] == "nobody is not signed in."
    assert (await holder.act(alarm, "hand-over", to="desk")).status_code == 403
    assert (await house.alarm(alarm)).holder == "claes"
