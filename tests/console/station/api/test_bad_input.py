"""I12: bad input gets one shape of error that names the field, and changes nothing. I9: never what was typed."""

from __future__ import annotations

import traceback
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from models.records import StaffRole
from tests.console.station.house import PASSWORD, House, Seat, site
from tests.frames import sia

NUL, LONG = "a\x00b", "x" * 5000
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("note", {"text": NUL}, "text"),
    ("note", {"text": ""}, "text"),
    ("note", {"text": LONG}, "text"),
    ("note", {}, "text"),
    ("note", {"text": 5}, "text"),
    ("note", {"text": "dog", "act": NUL}, "act"),
    ("note", {"text": "dog", "act": "a" * 65}, "act"),
    ("note", {"text": "dog", "what": 1}, "what"),
    ("take", {"version": "x"}, "version"),
    ("park", {"minutes": 0, "reason": "x"}, "minutes"),
    ("park", {"minutes": 100000, "reason": "x"}, "minutes"),
    ("park", {"minutes": 120.1, "reason": "x"}, "minutes"),
    ("park", {"minutes": 1, "reason": " "}, "reason"),
    ("park", {"minutes": 1, "reason": NUL}, "reason"),
    ("call", {}, "step"),
    ("call", {"step": "premises"}, "number"),
    ("call", {"step": "premises", "number": "0800"}, "number"),
    ("call", {"step": "contact:S9-1", "number": "0800"}, "step"),
    ("call", {"step": NUL, "number": "0800"}, "step"),
    ("call", {"step": "premises", "number": "+32 9 555 01 00", "outcome": "hello"}, "outcome"),
    ("call", {"step": "premises", "number": "+32 9 555 01 00", "outcome": "broken-off"}, "outcome"),
    ("call", {"step": "premises", "number": "+32 9 555 01 00", "outcome": "busy", "why": NUL}, "why"),
    ("call", {"step": "contact:S1-1", "outcome": "skipped"}, "why"),
    ("seen", {"up_to": -1}, "up_to"),
    ("seen", {"up_to": 10**6}, "up_to"),
    ("seen", {"up_to": 10**30}, "up_to"),
    ("cancel", {"contact": "S9-9", "why": "x", "code_word": "y"}, "contact"),
    ("cancel", {"contact": NUL, "why": "x", "code_word": "y"}, "contact"),
    ("cancel", {"contact": "S1-1", "why": NUL, "code_word": "tulp"}, "why"),
    ("cancel", {"contact": "S1-1", "why": " ", "code_word": "tulp"}, "why"),
    ("close", {"disposition": "bored"}, "disposition"),
    ("close", {"disposition": "self-completed"}, "disposition"),
    ("close", {"disposition": "cancelled"}, "disposition"),
    ("close", {"disposition": "no-cause", "reason": NUL}, "reason"),
    ("hand-over", {"to": "nobody"}, "to"),
    ("hand-over", {"to": NUL}, "to"),
    ("hand-over", {"to": "claes", "workstation": NUL}, "workstation"),
]


async def in_hand(house: House) -> tuple[Seat, str]:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    return seat, (await seat.take_next()).json()["id"]


def refused(answer: httpx.Response, status: int, field: str | None) -> None:
    body = answer.json()
    assert set(body) == {"code", "sentence", "field", "changed", "retry_after_s"}
    assert (answer.status_code, body["field"]) == (status, field), body
    assert body["sentence"].endswith(".")


async def test_I12_each_bad_act_names_its_field_and_changes_nothing(house: House) -> None:
    seat, alarm = await in_hand(house)
    before, count = await house.alarm(alarm), len(await house.entries())
    for act, body, field in BAD:
        answer = await seat.act(alarm, act, **body)
        refused(answer, 422, field)
    assert await house.alarm(alarm) == before
    assert len(await house.entries()) == count
    assert house.station.scribe.trouble is None


async def test_I12_paths_and_queries_are_checked_as_well(house: House) -> None:
    seat, _alarm = await in_hand(house)
    client = seat.client
    for path, field in (("/v1/alarms/%00", "alarm_id"), ("/v1/alarms/" + "x" * 41, "alarm_id"),
                        ("/v1/sites?q=%00", "q"), ("/v1/sites?q=", "q"), ("/v1/sites", "q")):  # fmt: skip
        refused(await client.get(path), 422, field)
    refused(await client.post("/v1/alarms/%00/take"), 422, "alarm_id")
    refused(await client.post("/v1/sites/%00/tests", json={"why": "x"}), 422, "site_id")
    refused(await client.get("/v1/alarms/A-9"), 404, "alarm")
    refused(await client.get("/v1/nowhere"), 404, None)
    refused(await client.put("/v1/picture"), 405, None)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"text": "\\ud800"}', b'{"text": NaN}', b"\xff\xfe"])
async def test_I12_what_is_no_json_object_is_refused(small_house: House, content: bytes) -> None:
    seat, alarm = await in_hand(small_house)
    answer = await seat.client.post(
        f"/v1/alarms/{alarm}/note", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


async def test_I12_a_body_that_is_too_large_is_refused_before_it_is_read(small_house: House) -> None:
    seat, alarm = await in_hand(small_house)
    refused(await seat.act(alarm, "note", text="x" * 70_000), 422, None)

    async def pieces() -> Any:
        yield b"{}"

    refused(await seat.client.post(f"/v1/alarms/{alarm}/note", content=pieces()), 422, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"operator": NUL}, "operator"),
        ({"operator": ""}, "operator"),
        ({"operator": "x" * 61}, "operator"),
        ({"workstation": NUL}, "workstation"),
        ({"workstation": "x" * 61}, "workstation"),
        ({"password": ""}, "password"),
        ({"password": "hunter2" * 40}, "password"),
        ({"password": {"hunter2": 1}}, "password"),
    ],
)
async def test_I9_I12_signing_in_with_nonsense_names_the_field_and_repeats_nothing(
    house: House, change: dict[str, Any], field: str
) -> None:
    body = {"operator": "claes", "password": PASSWORD, "workstation": "WS1", **change}
    answer = await house.client().post("/v1/session", json=body)
    refused(answer, 422, field)
    assert "hunter2" not in answer.text


async def test_I12_an_alarm_of_no_possible_name_has_no_timeline(house: House) -> None:
    seat = await house.seat("claes")
    refused(await seat.client.get("/v1/alarms/%00/timeline"), 422, "alarm_id")


async def test_I9_what_a_statement_was_given_is_in_no_error_of_the_database(house: House) -> None:
    from sqlalchemy import text

    database, statement = house.station.database, text("SELECT * FROM nowhere WHERE word = :word")
    # Not as the source of the test has it, which a traceback shows.
    word = "hunter2"[::-1]
    for work in (database.read, database.write):
        with pytest.raises(DBAPIError) as failed:
            await work(lambda connection: connection.execute(statement, {"word": word}))
        assert word not in "".join(traceback.format_exception(failed.value))


async def test_I12_a_test_with_nonsense_names_the_field(house: House) -> None:
    seat = await house.seat("claes")
    part = {"whole": False, "kinds": ["fire"]}
    for body, field in (
        ({"why": NUL}, "why"),
        ({}, "why"),
        ({"why": "x", "scope": {"whole": False}}, "scope"),
        ({"why": "x", "scope": {"whole": True, "areas": ["1"]}}, "scope"),
        ({"why": "x", "scope": {**part, "all_except": True}}, "scope"),
        ({"why": "x", "scope": {**part, "kinds": ["?"]}}, "scope.kinds.0"),
        ({"why": "x", "ends_at": "2026-11-23T22:00:00"}, "ends_at"),
        ({"why": "x", "asked": {"identified": "?"}}, "asked.identified"),
    ):
        refused(await seat.client.post("/v1/sites/S1/tests", json=body), 422, field)
    refused(await seat.client.get("/v1/tests/0"), 422, "test_id")
    refused(await seat.client.get("/v1/tests/99"), 404, "test")
    assert (await seat.picture())["tests"] == []


async def test_what_is_searched_for_is_words_and_no_pattern(house: House) -> None:
    seat = await house.seat("claes")

    async def found(words: str) -> list[str]:
        return [site["id"] for site in (await seat.client.get("/v1/sites", params={"q": words})).json()]

    for words in ("peeters", "PEET", "gent", "S1", "1001"):
        assert await found(words) == ["S1"], words
    # Signs are no part of a word: what is beside them is searched for, and they match nothing by themselves.
    for words in ("%", "_", "\\", "P%rs", "Pe_ters", "'; DROP TABLE site; --"):
        assert await found(words) == [], words


async def test_I12_a_database_that_is_gone_is_said_in_the_same_shape(
    small_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat, alarm = await in_hand(small_house)

    async def gone(_query: object) -> None:
        raise OperationalError("SELECT secret FROM somewhere", {}, Exception("disk I/O error"))

    with monkeypatch.context() as patched:
        patched.setattr(small_house.station.database, "read", gone)
        refused(await seat.client.get("/v1/picture"), 503, None)
    with monkeypatch.context() as patched:
        patched.setattr(small_house.station.database, "write", gone)
        refused(await seat.act(alarm, "note", text="dog"), 503, None)
        assert small_house.station.beat().findings == ("The station cannot write its database: disk I/O error",)
    assert (await seat.act(alarm, "note", text="dog")).status_code == 200
    assert small_house.station.beat().findings == ()


RLO, PDF = "\u202e", "\u202c"


async def test_I12_no_name_that_reaches_the_journal_or_a_screen_turns_or_hides_others(house: House) -> None:
    seat = await house.seat("claes", StaffRole.SUPERVISOR, StaffRole.OPERATOR)
    given = {"operator": "claes", "password": PASSWORD}
    for bad in ("WS\x7f1", "WS\x9b31m", "WS\n1", "WS\u20281"):
        answer = await house.client().post("/v1/session", json={**given, "workstation": bad})
        assert answer.status_code == 422, repr(bad)
    answer = await house.client().post("/v1/session", json={**given, "workstation": f"WS {RLO}10{PDF}"})
    assert answer.json()["workstation"] == "WS 10"
    contact = {"name": f"An {RLO}srete{PDF}eP", "numbers": [{"label": "mobile", "number": f"{RLO}+32470555009{PDF}"}]}
    answer = await seat.client.post("/v1/sites/S1/contacts", json={"contact": contact})
    assert answer.status_code == 200, answer.text
    assert "An sreteeP" in answer.text
    await house.bring_in(site("S7", "7007", name=f"Bank {RLO}knab{PDF}"))
    said = str(await house.entries()) + (await seat.client.get("/v1/sites?q=bank")).text
    said += (await seat.client.get("/v1/sites/S1/file")).text
    for sign in (RLO, PDF):
        assert sign not in said
        assert f"\\u{ord(sign):04x}" not in said
