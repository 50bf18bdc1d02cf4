"""The journal reviewed over HTTP: filters, pages both ways, rights, an entry opened, an alarm as a timeline (G6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.records import StaffRole
from tests.console.station.house import START, House, Seat, site
from tests.frames import frame, sia

SUPERVISOR, DESK, OPERATOR = StaffRole.SUPERVISOR, StaffRole.SERVICE_DESK, StaffRole.OPERATOR


async def page(seat: Seat, **query: Any) -> dict[str, Any]:
    answer = await seat.client.get("/v1/journal", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def numbers(seat: Seat, **query: Any) -> list[int]:
    return [entry["seq"] for entry in (await page(seat, **{"limit": 200, **query}))["entries"]]


async def an_evening(house: House) -> str:
    """A little of everything: two sites, two operators, an alarm handled to its end, openings, a test."""
    await house.bring_in(site("S2", "2002", name="Juwelier Goud"))
    claes, dubois = await house.seat("claes"), await house.seat("dubois")
    await house.send(sia("1001", 1, "Nri1/OP04"))
    house.clock.move(60)
    await house.send(sia("1001", 2, "Nri2/BA07"), sia("2002", 1, "Nri1/PA01"))
    house.clock.move(30)
    hold_up = (await dubois.take_next()).json()["id"]
    alarm = (await claes.take_next()).json()["id"]
    await claes.act(alarm, "note", text="Hond loopt buiten")
    house.clock.move(3600)
    await dubois.test_on("S2", why="yearly service")
    await house.send(sia("2002", 2, "Nri1/BA03"))
    assert hold_up != alarm
    return str(alarm)


@pytest.mark.parametrize("indexed", [False, True], ids=["fresh", "indexed"])
async def test_G6_each_filter_finds_what_fits_and_nothing_else(house: House, indexed: bool) -> None:
    alarm = await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)
    if indexed:
        await house.station.indexer.catch_up()
    whole = (await page(chief, limit=200))["entries"]
    assert [entry["seq"] for entry in whole] == sorted((entry["seq"] for entry in whole), reverse=True)

    def by(fits: Any) -> list[int]:
        return [entry["seq"] for entry in whole if fits(entry)]

    start = START + timedelta(seconds=60)
    end = START + timedelta(seconds=3600)
    period = {"from": start.isoformat(), "to": end.isoformat()}
    at = {entry["seq"]: entry["time"] for entry in whole}
    for query, fits in (
        ({"site": "S2"}, lambda entry: entry["site"] == "S2"),
        ({"site": "s2"}, lambda entry: entry["site"] == "S2"),
        ({"system": "1001"}, lambda entry: entry["account"] == "1001"),
        ({"alarm": alarm}, lambda entry: entry["alarm"] == alarm),
        (
            {"operator": "CLAES"},
            lambda entry: entry["actor"] == {**entry["actor"], "kind": "operator", "name": "Claes"},
        ),
        ({"kinds": "taken,note"}, lambda entry: entry["kind"] in ("taken", "note")),
        ({"groups": "test"}, lambda entry: entry["kind"].startswith("test-")),
        ({"priorities": "1,2"}, lambda entry: entry["priority"] in (1, 2)),
        ({"words": "hond buiten"}, lambda entry: "Hond" in entry["text"]),
        ({"words": "loopt HÔND"}, lambda entry: "Hond" in entry["text"]),
        ({"in_test": "true"}, lambda entry: entry["in_test"]),
        (period, lambda entry: start.isoformat() <= at[entry["seq"]].replace("Z", "+00:00") < end.isoformat()),
        (
            {**period, "system": "2002", "groups": "signal"},
            lambda e: e["account"] == "2002" and e["text"].startswith("Panic"),
        ),
    ):
        found = by(fits)
        assert found, query
        assert await numbers(chief, **query) == found, query
    assert (await page(chief, words="hond", operator="dubois"))["entries"] == []
    [opening] = (await page(chief, groups="armed"))["entries"]
    assert "04" in opening["text"]
    in_area_2 = await numbers(chief, area="02")
    assert in_area_2 == by(
        lambda entry: entry["kind"] == "signal" and entry["account"] == "1001" and entry["seq"] != opening["seq"]
    )


@pytest.mark.parametrize("indexed", [0, 150, 400], ids=["fresh", "half", "indexed"])
async def test_G6_pages_go_both_ways_and_miss_no_line_whatever_the_index_holds(house: House, indexed: int) -> None:
    chief = await house.seat("chief", SUPERVISOR)

    def many(ledger: Any) -> None:
        from console.station.acts.caller import STATION

        for nth in range(300):
            ledger.append("note", STATION, f"Line {nth} of many", site="S1" if nth % 3 else None)

    await house.station.scribe.act(many)
    if indexed == 150:
        from console.station.store import journal_index

        await house.station.database.write(lambda c: journal_index.write(c, journal_index.prepare(c, 150)))
    elif indexed:
        await house.station.indexer.catch_up()
    for query in ({}, {"site": "S1"}, {"words": "many"}, {"site": "S1", "words": "line many"}):
        whole = [
            entry["seq"]
            for entry in (await house.entries())[::-1]
            if (not query.get("site") or entry["site"] == "S1")
            and all(word in entry["text"].lower() for word in query.get("words", "").split())
        ]
        down: list[int] = []
        asked: dict[str, Any] = dict(query)
        while True:
            got = await page(chief, limit=40, **asked)
            down += [entry["seq"] for entry in got["entries"]]
            if not got["older"]:
                break
            asked["before"] = down[-1]
        assert down == whole, query
        up: list[int] = []
        asked = {**query, "after": 0}
        while True:
            got = await page(chief, limit=40, **asked)
            up = [entry["seq"] for entry in got["entries"]] + up
            if not got["newer"]:
                break
            asked["after"] = up[0]
        assert up == whole, query
        assert (await page(chief, count="true", **query))["count"] == (len(whole) if query else got["head"])


async def test_H_an_operator_sees_their_own_shift_and_any_site_at_hand_the_desk_a_site(house: House) -> None:
    await an_evening(house)
    house.clock.move(3600)
    desk = await house.seat("sofie", DESK)
    await house.staff("laat", OPERATOR)
    house.clock.move(1)
    late = await house.sign_in("laat", "WS 04")
    got = await page(late)
    assert [entry["kind"] for entry in got["entries"]] == ["signed-in"]
    assert got["since"] is not None
    assert (await numbers(late, site="S1")) == (await numbers(desk, site="S1")) != []
    refused = await desk.client.get("/v1/journal")
    assert (refused.status_code, refused.json()["field"]) == (403, "site")
    assert "Name a site" in refused.json()["sentence"]
    old = (await house.entries("station-started"))[0]["seq"]
    assert (await late.client.get(f"/v1/journal/{old}")).status_code == 403
    assert (await desk.client.get(f"/v1/journal/{old}")).status_code == 403
    chief = await house.seat("chief", SUPERVISOR)
    assert (await chief.client.get(f"/v1/journal/{old}")).status_code == 200
    assert (await page(chief))["since"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"words": "--"}, "words"),
        ({"operator": "!"}, "operator"),
        ({"from": "2026-11-24T20:00:00"}, "from"),
        ({"from": "2026-11-24T20:00:00Z", "to": "2026-11-24T19:00:00Z"}, "to"),
        ({"groups": "everything"}, "groups"),
        ({"before": 3, "after": 2}, "after"),
        ({"limit": 1000}, "limit"),
        ({"site": "S" * 41}, "site"),
        ({"system": "1" * 101}, "system"),
        ({"area": "1" * 41}, "area"),
        ({"alarm": "A" * 41}, "alarm"),
        ({"words": "w" * 201}, "words"),
        ({"words": "a\x00b"}, "words"),
        ({"kinds": "a,b," * 21}, "kinds"),
        ({"kinds": "NOTE"}, "kinds"),
        ({"before": -1}, "before"),
        ({"priorities": "6"}, "priorities"),
    ],
)
async def test_I12_what_cannot_be_asked_for_is_refused_with_its_field(
    small_house: House, query: dict[str, Any], field: str
) -> None:
    chief = await small_house.seat("chief", SUPERVISOR)
    answer = await chief.client.get("/v1/journal", params=query)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid", field)


async def test_B5_an_arming_names_its_user_also_from_a_confirmation_line(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await house.send(sia("1001", 1, "Nri1/CL04"), sia("1001", 2, "Nri1/OG"), sia("1001", 3, "Nri1/id07JP^Jan^"))
    by_itself, bare, confirmation = [entry["seq"] for entry in await house.entries("signal")]
    first = (await chief.client.get(f"/v1/journal/{by_itself}")).json()["arming"]
    assert (first["user"], first["seq"], first["separate"]) == ("04", by_itself, False)
    second = (await chief.client.get(f"/v1/journal/{bare}")).json()["arming"]
    assert (second["user"], second["seq"], second["separate"]) == ("07", confirmation, True)
    assert (await chief.client.get(f"/v1/journal/{confirmation}")).json()["arming"] is None


async def test_B5_a_confirmation_of_another_arming_or_a_late_one_names_nobody(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await house.send(sia("1001", 1, "Nri1/OG"))
    house.clock.move(121)
    await house.send(sia("1001", 2, "Nri1/id07JP"), sia("1001", 3, "Nri1/OG"), sia("1001", 4, "Nri1/CL09"))
    for signal in (await house.entries("signal"))[:3]:
        assert (await chief.client.get(f"/v1/journal/{signal['seq']}")).json()["arming"] is None, signal["text"]


async def test_G4_an_opened_entry_has_its_alarm_its_neighbours_hashes_and_no_secret(house: House) -> None:
    alarm = await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)
    await house.send(frame('"SIA-DCS"0009L0#1001[#1001|Nri1/BA09][PSECRET]_21:01:30,11-23-2026'))
    of_alarm = [entry for entry in await house.entries() if entry["alarm"] == alarm]
    taken = next(entry for entry in of_alarm if entry["kind"] == "taken")
    detail = (await chief.client.get(f"/v1/journal/{taken['seq']}")).json()
    assert (detail["hash"], detail["prev"]) == (taken["hash"], taken["prev"])
    assert (detail["alarm"]["id"], detail["alarm"]["held_by"]) == (alarm, "Claes")
    at = [entry["seq"] for entry in of_alarm].index(taken["seq"])
    before, after = of_alarm[at - 1]["seq"], of_alarm[at + 1]["seq"]
    assert (detail["neighbours"]["alarm_before"], detail["neighbours"]["alarm_after"]) == (before, after)
    signal = of_alarm[-1]
    opened = (await chief.client.get(f"/v1/journal/{signal['seq']}")).json()
    assert len(opened["meanings"]) == 1
    assert "urglar" in opened["meanings"][0]
    assert "BA09" in opened["raw"]
    assert "SECRET" not in str(opened)
    assert (await chief.client.get("/v1/journal/999999")).status_code == 404


async def test_G6_one_alarm_is_a_timeline_with_its_response_times(house: House) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"))
    claes, chief = await house.seat("claes"), await house.seat("chief", SUPERVISOR)
    house.clock.move(108)
    alarm = (await claes.take_next()).json()["id"]
    house.clock.move(20)
    step = (await claes.client.get(f"/v1/alarms/{alarm}")).json()["plan"]["steps"][0]
    await claes.act(alarm, "call", step=step["key"], number=step["numbers"][0]["number"], outcome="no-answer")
    house.clock.move(10)
    await claes.act(alarm, "seen", up_to=(await house.alarm(alarm)).last_seq)
    await claes.act(alarm, "park", minutes=5, reason="patrol under way")
    house.clock.move(60)
    await claes.act(alarm, "take")
    await claes.skip_all(alarm)
    house.clock.move(30)
    closed = await claes.act(alarm, "close", disposition="no-cause", reason="no trace")
    assert closed.status_code == 200, closed.text
    told = (await chief.client.get(f"/v1/alarms/{alarm}/timeline")).json()
    assert (told["first_act_s"], told["target_s"]) == (108.0, 90)
    assert (told["first_call_s"], told["closed_s"], told["handled_s"]) == (128.0, 228.0, 60.0)
    assert [(span["state"], span["by"]) for span in told["spans"]] == [
        ("waiting", ""),
        ("held", "Claes"),
        ("parked", "Claes"),
        ("held", "Claes"),
    ]
    kinds = [line["kind"] for line in told["lines"]]
    assert (kinds[0], kinds[-1]) == ("signal", "closed")
    assert told["calls"][0] == "2026-11-23T20:02:08Z"
    assert (await chief.client.get("/v1/alarms/A-0/timeline")).status_code == 404


async def test_G4_I5_an_opened_line_says_whether_it_is_as_it_was_written(house: House) -> None:
    await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)
    house.station.sealer.seal()
    proof = (await chief.client.get("/v1/journal/4")).json()["proof"]
    assert (proof["broken"], proof["last"]) == ([], 4)
    assert proof["sealed_to"] >= 4
    await house.send(sia("1001", 9, "Nri1/BA09"))
    [last] = (await page(chief, limit=1))["entries"]
    proof = (await chief.client.get(f"/v1/journal/{last['seq']}")).json()["proof"]
    assert proof["sealed_to"] < last["seq"], "sealed within seconds, and not before"


async def test_G4_I5_a_stretch_of_lines_is_verified_and_a_change_is_named(house: House) -> None:
    await an_evening(house)
    chief = await house.seat("chief", SUPERVISOR)

    async def proof(first: int, last: int) -> dict[str, Any]:
        answer = await chief.client.get("/v1/journal/proof", params={"first": first, "last": last})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    assert (await proof(1, 9))["broken"] == []

    def forge(connection: Any) -> None:
        triggers = "DROP TRIGGER journal_payload_no_update"
        if connection.dialect.name == "postgresql":
            triggers = "ALTER TABLE journal_payload DISABLE TRIGGER ALL"
        connection.exec_driver_sql(triggers)
        connection.exec_driver_sql("UPDATE journal_payload SET text = 'nothing' WHERE seq = 5")

    await house.station.database.write(forge)
    assert (await proof(1, 9))["broken"] == ["the content of entry 5 was changed"]
    assert (await proof(6, 9))["broken"] == []
    opened = (await chief.client.get("/v1/journal/5")).json()["proof"]
    assert opened["broken"] == ["the content of entry 5 was changed"]


@pytest.mark.parametrize(("first", "last"), [(5, 4), (1, 5001), (0, 4)])
async def test_I12_a_stretch_to_verify_is_bounded(small_house: House, first: int, last: int) -> None:
    chief = await small_house.seat("chief", SUPERVISOR)
    answer = await chief.client.get("/v1/journal/proof", params={"first": first, "last": last})
    assert answer.status_code == 422
