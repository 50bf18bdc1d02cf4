"""The site file over HTTP: who may change it, versions, before and after in the journal, people at several sites."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from models.records import StaffRole
from tests.console.station.house import House, Seat, site

DESK = StaffRole.SERVICE_DESK


async def file_of(seat: Seat, number: str = "S1") -> dict[str, Any]:
    answer = await seat.client.get(f"/v1/sites/{number}/file")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def version(file: dict[str, Any], key: str) -> int:
    return next((int(part["version"]) for part in file["parts"] if part["key"] == key), 0)


async def change(
    seat: Seat, file: dict[str, Any], key: str, value: Any, number: str = "S1", **more: Any
) -> httpx.Response:
    body = {"part": key, "value": value, "version": version(file, key), **more}
    return await seat.client.post(f"/v1/sites/{number}/file", json=body)


async def last(house: House, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    entry = (await house.entries(kind))[-1]
    data = entry["data"]
    return entry, json.loads(data) if isinstance(data, str) else data


async def test_I9_a_change_is_journaled_with_before_and_after_and_by_whom(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    file = await file_of(desk)
    answer = await change(desk, file, "details", {**file["details"], "access": "Rear door", "note": "Renovation"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["details"]["access"] == "Rear door"
    entry, data = await last(house, "site-changed")
    assert entry["text"] == "Site file of Bakkerij Peeters changed: access, note"
    assert entry["actor"]["name"] == "Sofie"
    assert data == {
        "part": "details",
        "before": {"access": "", "note": ""},
        "after": {"access": "Rear door", "note": "Renovation"},
    }


async def test_I11_two_desks_never_overwrite_each_other(house: House) -> None:
    one, other = await house.seat("sofie", DESK), await house.seat("lambert", DESK)
    seen = await file_of(one)
    first = await change(other, seen, "details", {**seen["details"], "access": "Front"})
    assert first.status_code == 200
    second = await change(one, seen, "details", {**seen["details"], "access": "Rear"})
    assert (second.status_code, second.json()["code"]) == (409, "changed")
    assert second.json()["sentence"] == "Lambert changed this meanwhile. Both are shown: choose, then save again."
    assert (await file_of(one))["details"]["access"] == "Front"
    # Another part is nobody's conflict.
    assert (await change(one, seen, "areas", [{"area": "1", "name": "Winkel"}, {"area": "2"}])).status_code == 200
    assert (await change(one, await file_of(one), "details", {**seen["details"], "access": "Rear"})).status_code == 200


async def test_I11_sent_twice_a_change_happens_once(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    file = await file_of(desk)
    for _ in range(2):
        answer = await change(desk, file, "details", {**file["details"], "keys": "KB-0233"}, act="one")
        assert answer.status_code == 200
    assert len(await house.entries("site-changed")) == 1


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.ADMINISTRATOR])
async def test_H_others_change_nothing_but_a_temporary_absence(house: House, role: StaffRole) -> None:
    desk, other = await house.seat("sofie", DESK), await house.seat("other", role)
    file = await file_of(desk)
    contact = file["contacts"][0]
    for path, body in (
        ("/v1/sites", {"site": "S9", "details": {"name": "New"}}),
        ("/v1/sites/S1/file", {"part": "details", "value": file["details"], "version": 0}),
        ("/v1/sites/S1/contacts", {"contact": {"name": "Nobody"}}),
        (f"/v1/sites/S1/contacts/{contact['id']}/remove", {"version": 1}),
        (f"/v1/sites/S1/contacts/{contact['id']}/suspend", {"suspended": True, "version": 1}),
        (f"/v1/sites/S1/contacts/{contact['id']}/remove-email", {"identified": 1}),
        ("/v1/sites/S1/systems", {"system": {"account": "1009"}}),
    ):
        assert (await other.client.post(path, json=body)).status_code == 403, path
    absence = f"/v1/sites/S1/contacts/{contact['id']}/absence"
    answer = await other.client.post(absence, json={"away_until": "2026-11-30T23:59:00Z", "version": 1})
    assert answer.status_code == (200 if role is StaffRole.OPERATOR else 403)


async def test_C1_an_absence_is_seen_in_the_call_plan_and_ends(house: House) -> None:
    operator = await house.seat("claes")
    from tests.frames import sia

    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await operator.take_next()).json()["id"]
    path = "/v1/sites/S1/contacts/S1-1/absence"
    assert (await operator.client.post(path, json={"away_until": "2026-11-30T23:59:00Z", "version": 1})).is_success
    steps = (await operator.client.get(f"/v1/alarms/{alarm}")).json()["plan"]["steps"]
    assert [step["state"] for step in steps if step["contact"] == "S1-1"] == ["away"]
    entry, _data = await last(house, "site-changed")
    assert entry["text"] == "Contact An Peeters changed: away until"
    assert (await operator.client.post(path, json={"version": 2})).is_success
    steps = (await operator.client.get(f"/v1/alarms/{alarm}")).json()["plan"]["steps"]
    assert [step["state"] for step in steps if step["contact"] == "S1-1"] == ["next"]
    backwards = {"away_from": "2026-12-02T00:00:00Z", "away_until": "2026-12-01T00:00:00Z", "version": 3}
    assert (await operator.client.post(path, json=backwards)).json()["field"] == "away_until"


async def test_C4_numbers_are_checked_formatted_and_kept_in_dial_order(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    file = await file_of(desk)
    contact = file["contacts"][1]
    numbers = [{"number": "09 555 01 02", "label": "work"}, {"number": "0470 55 50 02", "private": True}]
    answer = await change(desk, file, "contact:S1-2", {**contact, "numbers": numbers})
    assert [(n["label"], n["number"]) for n in answer.json()["contacts"][1]["numbers"]] == [
        ("work", "+32 9 555 01 02"),
        ("mobile", "+32 470 55 50 02"),
    ]
    # I9: a private number is in no journal.
    assert "70 55 50 02" not in json.dumps(await house.entries("site-changed"))
    _entry, data = await last(house, "site-changed")
    assert data["after"]["numbers"][1]["number"] == "··· 02"
    for wrong, field in (([{"number": "abc"}], "numbers"), (numbers[:1] * 2, "numbers")):
        refused = await change(desk, await file_of(desk), "contact:S1-2", {**contact, "numbers": wrong})
        assert (refused.status_code, refused.json()["field"]) == (422, field)


async def test_C1_order_contacts_added_moved_suspended_removed(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    added = await desk.client.post(
        "/v1/sites/S1/contacts", json={"contact": {"name": "Tom Verbeke", "numbers": [{"number": "0470 55 50 09"}]}}
    )
    file = added.json()
    assert [contact["name"] for contact in file["contacts"]] == ["An Peeters", "Bert Maes", "Tom Verbeke"]
    third = file["contacts"][2]["id"]
    moved = await change(desk, file, "order", [third, "S1-1", "S1-2"])
    assert [contact["id"] for contact in moved.json()["contacts"]] == [third, "S1-1", "S1-2"]
    _entry, data = await last(house, "site-changed")
    assert data["after"]["order"] == ["Tom Verbeke", "An Peeters", "Bert Maes"]
    # Somebody who saw the list before would drop the new one.
    assert (await change(desk, moved.json(), "order", ["S1-1", "S1-2"])).json()["code"] == "changed"
    file = moved.json()
    path = f"/v1/sites/S1/contacts/{third}"
    file = (
        await desk.client.post(
            f"{path}/suspend", json={"suspended": True, "version": version(file, f"contact:{third}")}
        )
    ).json()
    assert file["contacts"][0]["suspended"] is True
    gone = await desk.client.post(f"{path}/remove", json={"version": version(file, f"contact:{third}")})
    assert [contact["id"] for contact in gone.json()["contacts"]] == ["S1-1", "S1-2"]
    _entry, data = await last(house, "contact-removed")
    assert data["before"]["name"] == "Tom Verbeke"
    # Their number in the journal is never given to another.
    again = await desk.client.post("/v1/sites/S1/contacts", json={"contact": {"name": "Nora"}})
    assert again.json()["contacts"][2]["id"] != third


async def test_C1_one_person_at_two_sites_has_one_set_of_numbers_and_two_sets_of_rights(house: House) -> None:
    await house.bring_in(site("S2", "1002"))
    desk = await house.seat("sofie", DESK)
    [known] = (await desk.client.get("/v1/sites/S2/people", params={"q": "An Pee"})).json()
    new = {"person": known["person"], "name": known["name"], "numbers": known["numbers"], "rights": ["change hours"]}
    here = (await desk.client.post("/v1/sites/S2/contacts", json={"contact": new})).json()
    assert here["contacts"][0]["also_at"][0]["id"] == "S1"
    assert (await desk.client.post("/v1/sites/S2/contacts", json={"contact": new})).json()["field"] == "person"
    seen = await file_of(desk, "S1")
    contact = here["contacts"][0]
    changed = await change(
        desk, here, f"contact:{contact['id']}", {**contact, "numbers": [{"number": "+32 470 55 50 77"}]}, "S2"
    )
    assert changed.status_code == 200, changed.text
    file = await file_of(desk, "S1")
    assert file["contacts"][0]["numbers"][0]["number"] == "+32 470 55 50 77"
    assert (file["contacts"][0]["rights"], changed.json()["contacts"][0]["rights"]) == (["cancel"], ["change hours"])
    # Whoever had the file of the other site open is told.
    stale = await change(desk, seen, "contact:S1-1", seen["contacts"][0])
    assert stale.json()["code"] == "changed"
    entry, _data = await last(house, "site-changed")
    assert (entry["site"], entry["text"]) == ("S1", "Contact An Peeters changed at site S2: numbers")
    # Taken from one site they stay known at the other.
    gone = await desk.client.post(
        f"/v1/sites/S2/contacts/{contact['id']}/remove",
        json={"version": version(changed.json(), f"contact:{contact['id']}")},
    )
    assert gone.json()["contacts"] == []
    assert (await file_of(desk, "S1"))["contacts"][0]["numbers"][0]["number"] == "+32 470 55 50 77"


async def test_B6_a_replaced_system_is_shown_for_seven_days(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    body = {"system": {"account": "1002", "label": "New panel"}, "replaces": "1001"}
    file = (await desk.client.post("/v1/sites/S1/systems", json=body)).json()
    assert [(s["account"], s["replaced_by"], s["out_of_service_at"] is None) for s in file["systems"]] == [
        ("1002", "", True),
        ("1001", "1002", False),
    ]
    from tests.frames import sia

    [entry] = await house.entries("system-changed")
    assert entry["text"].startswith("System 1001 taken out of service, replaced by 1002 changed")
    await house.send(sia("1002", 1, "Nri1/BA07"))
    assert [alarm.site for alarm in await house.alarms()] == ["S1"]
    house.clock.move(7 * 24 * 3600 - 1)
    desk = await house.sign_in("sofie", "WS-2")
    assert len((await file_of(desk))["systems"]) == 2
    house.clock.move(1)
    assert [system["account"] for system in (await file_of(desk))["systems"]] == ["1002"]


async def test_B3_what_was_transmitted_of_an_area_stays_when_it_is_renamed(house: House) -> None:
    from tests.frames import sia

    await house.send(sia("1001", 1, "Nri1/CL04"))
    desk = await house.seat("sofie", DESK)
    operator = await house.seat("claes")
    file = await file_of(desk)
    areas = [{"area": "1", "name": "Shop"}, {"area": "2", "name": "Atelier"}]
    assert (await change(desk, file, "areas", areas)).status_code == 200
    await house.send(sia("1001", 2, "Nri1/BA07"))
    alarm = (await operator.take_next()).json()["id"]
    shown = (await operator.client.get(f"/v1/alarms/{alarm}")).json()["sheet"]["areas"]
    assert [(area["name"], area["words"].split(" ")[0]) for area in shown] == [("Shop", "Armed"), ("Atelier", "not")]
    left = await change(desk, await file_of(desk), "areas", areas[:1])
    assert left.json()["sentence"] == "Zones lie in area 2: move them first."


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("details", {"name": ""}, "name"),
        ("details", {"name": "A", "timezone": "Mars/Olympus"}, "timezone"),
        ("details", {"name": "A", "country": "Belgium"}, "country"),
        ("details", {"name": "A", "premises_number": "abc"}, "numbers"),
        ("zones", [{"zone": "1", "area": "9"}], "area"),
        ("zones", [{"zone": "1"}, {"zone": "1"}], "zone"),
        ("areas", "all", None),
        ("nonsense", {}, "part"),
        ("system:9999", {}, "account"),
        ("system:1001", {"interval_s": 3}, "interval"),
    ],
)
async def test_I12_bad_input_names_the_field_and_changes_nothing(
    house: House, key: str, value: Any, field: str | None
) -> None:
    desk = await house.seat("sofie", DESK)
    before = await file_of(desk)
    answer = await change(desk, before, key, value)
    assert answer.status_code in (404, 422), answer.text
    assert answer.json()["field"] == field
    assert await file_of(desk) == before
    assert await house.entries("site-changed") == []


async def test_A4_a_new_pin_is_shown_once_and_the_old_one_is_void(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    path = "/v1/sites/S1/contacts/S1-1"
    first = (await desk.client.post(f"{path}/issue", json={"identified": "code word"})).json()
    second = (await desk.client.post(f"{path}/issue", json={"identified": "code word"})).json()
    assert first["id_code"] == second["id_code"]
    assert (await file_of(desk))["contacts"][0]["id_code"] == first["id_code"]
    for given, how in ((second["pin"], "ID code and PIN"), (first["pin"], "not")):
        if first["pin"] == second["pin"]:
            continue
        answer = await desk.client.post(f"{path}/identify", json={"id_code": first["id_code"], "pin": given})
        assert answer.json()["how"] == how
    entry, _data = await last(house, "pin-issued")
    assert entry["text"] == "New PIN issued to An Peeters by Sofie · code word"
    written = json.dumps(await house.entries())
    assert f'"{first["pin"]}"' not in written
    assert f" {second['pin']} " not in written


async def test_A7_callers_are_identified_by_word_and_wrong_tries_are_slowed_and_journaled(house: House) -> None:
    one, other = await house.seat("claes"), await house.seat("dubois")
    path = "/v1/sites/S1/contacts/S1-1/identify"
    assert (await one.client.post(path, json={"word": "Tulp"})).json()["how"] == "code word"
    assert (await one.client.post(path, json={"word": "roos"})).json()["how"] == "duress word"
    # Whoever guesses may ring again and reach another operator.
    for seat in (one, other, one, other):
        assert (await seat.client.post(path, json={"word": "iris"})).json()["how"] == "not"
    assert (await one.client.post(path, json={"word": "tulp"})).status_code == 429
    assert (await other.client.post(path, json={"word": "tulp"})).status_code == 429
    assert (await one.client.post(path.replace("S1-1", "S1-2"), json={"word": "distel"})).json()["how"] == "code word"
    assert len(await house.entries("caller-not-identified")) == 4
    for secret in ("tulp", "roos", "iris"):
        assert secret not in json.dumps(await house.entries()).lower()


async def test_I9_words_are_set_checked_and_never_written_down(house: House) -> None:
    desk, operator = await house.seat("sofie", DESK), await house.seat("claes")
    path = "/v1/sites/S1/contacts/S1-2"
    came_in = version(await file_of(desk), "contact:S1-2")
    words = {"code": "orchidee", "duress": "mimosa", "version": came_in}
    assert (await desk.client.post(f"{path}/words", json=words)).is_success
    assert (await desk.client.post(f"{path}/code-words", json={})).json() == {
        "name": "Bert Maes",
        "code": "orchidee",
        "duress": "mimosa",
    }
    assert (await operator.client.post(f"{path}/code-words", json={})).status_code == 403
    same = await desk.client.post(f"{path}/words", json={"code": "Mimosa", "version": came_in + 1})
    assert same.json()["sentence"] == "Code word and duress word must differ."
    assert (await desk.client.post(f"{path}/words", json={"duress": "", "version": came_in + 1})).is_success
    assert (await file_of(desk))["contacts"][1]["has_duress_word"] is False
    for secret in ("orchidee", "mimosa"):
        assert secret not in json.dumps(await house.entries()).lower()
    assert [entry["text"] for entry in await house.entries("code-word-set")] == [
        "Contact Bert Maes: code word set, duress word set",
        "Contact Bert Maes: duress word removed",
    ]


@pytest.mark.parametrize("change", ["words", "contact"])
async def test_I11_words_set_over_what_another_desk_changed_meanwhile_are_refused(house: House, change: str) -> None:
    one, other = await house.seat("sofie", DESK), await house.seat("lambert", DESK)
    path = "/v1/sites/S1/contacts/S1-2"
    seen = version(await file_of(one), "contact:S1-2")
    if change == "words":
        done = await other.client.post(f"{path}/words", json={"code": "orchidee", "version": seen})
    else:
        done = await other.client.post(f"{path}/suspend", json={"suspended": True, "version": seen})
    assert done.status_code == 200, done.text
    for late in ({"version": seen}, {}):
        refused = await one.client.post(f"{path}/words", json={"code": "mimosa", **late})
        assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (409, "changed", "version")
        assert refused.json()["sentence"] == (
            "Lambert changed contact Bert Maes meanwhile. Look at them again, then set the words."
        )
    shown = (await one.client.post(f"{path}/code-words", json={})).json()
    assert shown["code"] == ("orchidee" if change == "words" else "distel")
    knowing = {"code": "mimosa", "version": version(done.json(), "contact:S1-2")}
    again = await one.client.post(f"{path}/words", json=knowing)
    assert again.status_code == 200, again.text


async def test_A4_one_person_at_several_sites_has_one_count_of_guesses(house: House) -> None:
    await house.bring_in(site("S2", "1002"))
    desk = await house.seat("sofie", DESK)
    new = {"person": "S1-1", "name": "An Peeters"}
    here = (await desk.client.post("/v1/sites/S2/contacts", json={"contact": new})).json()["contacts"][0]["id"]
    paths = [f"/v1/sites/{one}/identify" for one in ("S1/contacts/S1-1", f"S2/contacts/{here}")]
    code = (await desk.client.post("/v1/sites/S1/contacts/S1-1/issue", json={"identified": "known"})).json()["id_code"]
    for nth in range(4):
        answer = await desk.client.post(paths[nth % 2], json={"id_code": code, "pin": "0000"})
        assert answer.json()["how"] == "not"
    for path in paths:
        slowed = await desk.client.post(path, json={"id_code": code, "pin": "0000"})
        assert (slowed.status_code, slowed.json()["code"]) == (429, "too-many-tries")
    assert len(await house.entries("caller-not-identified")) == 4, "each that was looked at is journaled"
    other = await desk.client.post("/v1/sites/S1/contacts/S1-2/identify", json={"word": "distel"})
    assert other.json()["how"] == "code word", "nobody else waits for it"


async def test_I12_a_zone_that_is_there_twice_is_found_among_as_many_as_there_may_be(small_house: House) -> None:
    desk = await small_house.seat("sofie", DESK)
    file = await file_of(desk)
    zones = [{"area": "", "zone": f"{nth}", "name": "", "kind": ""} for nth in range(4095)]
    twice = await change(desk, file, "zones", [*zones, zones[17]])
    assert (twice.status_code, twice.json()["sentence"]) == (422, "Zone 17 is there twice.")
    assert (await change(desk, file, "zones", zones)).status_code == 200


def test_whether_names_are_there_twice_is_seen_in_one_pass() -> None:
    class Counted(str):
        compared = 0
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            Counted.compared += 1
            return str.__eq__(self, other)

    from console.station.acts.site_file import _each_once

    names = [Counted(nth) for nth in range(4096)]
    _each_once(names, "zone")
    # A few by chance of the hash, and not each with each: that were 16 million.
    assert Counted.compared < 3 * len(names)


async def test_D2_tasks_are_opened_once_and_done_with_a_word(house: House) -> None:
    from console.station.acts.caller import STATION
    from console.station.acts.tasks import open_task

    for _ in range(2):
        await house.station.scribe.act(
            lambda ledger: open_task(ledger, STATION, "hours", "Look at the patrol", matter="hours S1", site="S1")
        )
    desk, operator = await house.seat("sofie", DESK), await house.seat("claes")
    [task] = (await operator.client.get("/v1/tasks")).json()
    assert (task["text"], task["site"]["name"]) == ("Look at the patrol", "Bakkerij Peeters")
    done = f"/v1/tasks/{task['id']}/done"
    assert (await operator.client.post(done, json={"why": "called them"})).status_code == 403
    assert (await desk.client.post(done, json={"why": " "})).status_code == 422
    assert (await desk.client.post(done, json={"why": "called them"})).json() == []
    again = await desk.client.post(done, json={"why": "once more"})
    assert again.json()["sentence"] == "Sofie did this task already."


async def test_a_temporary_note_pops_up_with_the_alarm_until_its_time(house: House) -> None:
    from tests.frames import sia

    desk, operator = await house.seat("sofie", DESK), await house.seat("claes")
    file = await file_of(desk)
    until = "2026-11-23T20:10:00Z"
    given = {**file["details"], "note": "Scaffolding at the front", "note_until": until, "keys": "KB-0233"}
    assert (await change(desk, file, "details", given)).is_success
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await operator.take_next()).json()["id"]

    async def sheet() -> dict[str, Any]:
        found: dict[str, Any] = (await operator.client.get(f"/v1/alarms/{alarm}")).json()["sheet"]
        return found

    assert ((await sheet())["note"], (await sheet())["keys"]) == ("Scaffolding at the front", "KB-0233")
    house.clock.move(600)
    operator = await house.sign_in("claes", "WS-claes")
    assert (await sheet())["note"] == ""


async def test_D2_a_patrol_in_a_procedure_depends_on_the_hours(small_house: House) -> None:
    from console.station.store.hours import depends_on_hours

    desk = await small_house.seat("sofie", DESK)
    procedure = {
        "level": "site",
        "site": "S1",
        "name": "Night",
        "steps": [{"id": "s1", "kind": "patrol", "name": "Centre", "number": "+32 9 555 01 90"}],
    }
    answer = await desk.client.post("/v1/procedures", json={"procedure": procedure, "version": 0})
    assert answer.status_code == 200, answer.text
    found = await small_house.station.database.read(lambda connection: depends_on_hours(connection, "S1"))
    assert found == ["procedure “Night” sends a patrol"]


async def test_I11_a_person_made_a_contact_elsewhere_keeps_the_numbers_that_were_saved_meanwhile(house: House) -> None:
    await house.bring_in(site("S2", "1002"))
    one, other = await house.seat("sofie", DESK), await house.seat("lambert", DESK)
    [known] = (await one.client.get("/v1/sites/S2/people", params={"q": "An Pee"})).json()
    file = await file_of(other)
    contact = file["contacts"][0]
    numbers = [{"number": "+32 470 55 50 77"}]
    assert (await change(other, file, "contact:S1-1", {**contact, "numbers": numbers})).status_code == 200
    late = {name: known[name] for name in ("person", "name", "numbers")}
    refused = await one.client.post("/v1/sites/S2/contacts", json={"contact": late})
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (409, "changed", "person")
    as_they_are = {name: known[name] for name in ("person", "name")}
    here = await one.client.post("/v1/sites/S2/contacts", json={"contact": as_they_are})
    assert [n["number"] for n in here.json()["contacts"][0]["numbers"]] == ["+32 470 55 50 77"]
    assert [n["number"] for n in (await file_of(one))["contacts"][0]["numbers"]] == ["+32 470 55 50 77"]


@pytest.mark.parametrize("field", ["away_from", "away_until"])
async def test_I12_a_time_without_its_zone_is_refused_and_names_the_field(small_house: House, field: str) -> None:
    desk = await small_house.seat("sofie", DESK)
    path = "/v1/sites/S1/contacts/S1-1/absence"
    refused = await desk.client.post(path, json={field: "2026-11-30T23:59:00", "version": 1})
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    file = await file_of(desk)
    refused = await change(desk, file, "contact:S1-1", {**file["contacts"][0], field: "2026-11-30T23:59:00"})
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    details = {**file["details"], "note": "Works", "note_until": "2026-11-30T23:59:00"}
    refused = await change(desk, file, "details", details)
    assert (refused.status_code, refused.json()["field"]) == (422, "note_until")
