"""Customers identify, look at their sites, and their sessions end (A1, A2, A4, A7–A10), over real HTTP."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from models.records import StaffRole
from models.tables import CustomerSessionRow, PersonRow
from tests.console.station.house import House, Seat, site

DESK = StaffRole.SERVICE_DESK
AN = "/v1/sites/S1/contacts/S1-1"


async def issued(seat: Seat, contact: str = AN) -> dict[str, str]:
    answer = await seat.client.post(f"{contact}/issue", json={"identified": "code word"})
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


async def identify(house: House, code: str, pin: str, device: str = "Fairphone 5") -> httpx.Response:
    body = {"id_code": code, "pin": pin, "device": device}
    return await house.client().post("/customer/session", json=body)


async def begun(house: House, codes: dict[str, str], device: str = "Fairphone 5") -> httpx.AsyncClient:
    """A customer's own client, who has just identified."""
    answer = await identify(house, codes["id_code"], codes["pin"], device)
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "An Peeters"
    return house.client(answer.json()["token"])


async def may_look(client: httpx.AsyncClient) -> bool:
    answer = await client.get("/customer/sites")
    assert answer.status_code in (200, 401), answer.text
    return answer.status_code == 200


def another(pin: str) -> str:
    return "8294" if pin != "8294" else "8295"


async def test_A2_a_customer_sees_the_sites_where_their_id_code_is_a_contact_and_no_other(house: House) -> None:
    await house.bring_in(site("S2", "2002"), site("S3", "3003"))
    desk = await house.seat("sofie", DESK)
    codes = await issued(desk)
    person = (await desk.client.get("/v1/sites/S1/file")).json()["contacts"][0]["person"]
    contact = {"person": person, "name": "An Peeters", "rights": ["cancel", "whole-site test"]}
    assert (await desk.client.post("/v1/sites/S2/contacts", json={"contact": contact})).is_success
    customer = await begun(house, codes)
    shown = (await customer.get("/customer/sites")).json()
    assert [(one["id"], one["name"], one["rights"]) for one in shown] == [
        ("S1", "Bakkerij Peeters", ["cancel"]),
        ("S2", "Site S2", ["cancel", "whole-site test"]),
    ]
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    version = next(part["version"] for part in file["parts"] if part["key"] == "contact:S1-1")
    assert (await desk.client.post(f"{AN}/remove", json={"version": version})).is_success
    assert [one["id"] for one in (await customer.get("/customer/sites")).json()] == ["S2"]


async def test_A8_a_session_unused_for_ten_minutes_shows_nothing_any_more(house: House) -> None:
    customer = await begun(house, await issued(await house.seat("sofie", DESK)))
    for _ in range(3):
        house.clock.move(599)
        assert await may_look(customer)
    house.clock.move(600)
    answer = await customer.get("/customer/sites")
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert answer.json()["sentence"] == "Identify again with your ID code and PIN."
    # Nor does asking again bring it back.
    assert not await may_look(customer)


async def test_A10_the_desk_ends_all_sessions_of_an_account_at_once(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    codes, other = await issued(desk), await issued(desk, AN.replace("S1-1", "S1-2"))
    phone, tablet = await begun(house, codes), await begun(house, codes, "iPad of the shop")
    answer = await identify(house, other["id_code"], other["pin"])
    bert = house.client(answer.json()["token"])
    house.clock.move(60)
    assert await may_look(tablet)
    shown = (await desk.client.get(f"{AN}/sessions")).json()
    assert [(one["device"], one["begun_at"] != one["used_at"]) for one in shown] == [
        ("iPad of the shop", True),
        ("Fairphone 5", False),
    ]
    ended = await desk.client.post(f"{AN}/end-sessions", json={"identified": "code word", "act": "one"})
    assert ended.json() == {"ended": 2}
    again = await desk.client.post(f"{AN}/end-sessions", json={"identified": "code word", "act": "one"})
    assert again.json() == {"ended": 2}, "the same act, sent twice, happens once (I11)"
    assert not await may_look(phone)
    assert not await may_look(tablet)
    assert await may_look(bert)
    [entry] = await house.entries("customer-sessions-ended")
    assert entry["text"] == "2 open sessions of An Peeters in self-service ended by Sofie · code word"
    assert (entry["actor"]["name"], entry["site"], entry["data"]["ended"]) == ("Sofie", "S1", 2)
    assert (await desk.client.get(f"{AN}/sessions")).json() == []
    rows = await house.station.database.read(
        lambda c: c.execute(select(CustomerSessionRow.ended_by).order_by(CustomerSessionRow.id)).scalars().all()
    )
    assert rows == ["Sofie", "Sofie", ""]


async def test_A10_that_none_was_open_is_told_and_journaled_too(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    await begun(house, await issued(desk))
    house.clock.move(600)
    desk = await house.sign_in("sofie", "WS-2")
    assert (await desk.client.get(f"{AN}/sessions")).json() == []
    assert (await desk.client.post(f"{AN}/end-sessions", json={"identified": "known voice"})).json() == {"ended": 0}
    [entry] = await house.entries("customer-sessions-ended")
    assert entry["text"].startswith("No open session of An Peeters")
    for_nobody = await desk.client.post(f"{AN}/end-sessions", json={"identified": " "})
    assert (for_nobody.status_code, for_nobody.json()["field"]) == (422, "identified")


async def test_A4_a_new_pin_ends_what_was_begun_with_the_old_one(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    old = await issued(desk)
    customer = await begun(house, old)
    new = await issued(desk)
    assert not await may_look(customer)
    assert [entry["text"] for entry in await house.entries("customer-sessions-ended")] == [
        "1 open session of An Peeters in self-service ended by Sofie · a new PIN was issued"
    ]
    if old["pin"] != new["pin"]:
        assert (await identify(house, old["id_code"], old["pin"])).status_code == 403
    assert await may_look(await begun(house, new))


async def enrolled(house: House) -> None:
    """An has given an e-mail address to self-service."""
    given = update(PersonRow).where(PersonRow.id == "S1-1").values(email="an@bakkerij.example")
    await house.station.database.write(lambda connection: connection.execute(given))


async def given(seat: Seat, **what: str) -> int:
    """The journal's number of an identification of An on the phone."""
    answer = await seat.client.post(f"{AN}/identify", json=what)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["entry"])


async def test_A7_a_removed_email_address_ends_the_sessions(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    codes = await issued(desk)
    customer = await begun(house, codes)
    await enrolled(house)
    entry = await given(desk, **codes)
    answer = await desk.client.post(f"{AN}/remove-email", json={"identified": entry})
    assert answer.status_code == 200, answer.text
    assert not await may_look(customer)
    [said] = await house.entries("email-removed")
    assert said["text"].endswith("removed from self-service by Sofie · ID code and PIN right")


async def test_A7_an_email_address_is_removed_after_id_code_and_pin_alone(house: House) -> None:
    desk, other = await house.seat("sofie", DESK), await house.seat("lambert", DESK)
    codes = await issued(desk)
    await enrolled(house)
    right = await given(desk, **codes)
    for seat, entry in (
        (desk, None),
        (desk, await given(desk, word="tulp")),
        (desk, await given(desk, id_code=codes["id_code"], pin=another(codes["pin"]))),
        (other, right),
    ):
        refused = await seat.client.post(f"{AN}/remove-email", json={"identified": entry})
        assert (refused.status_code, refused.json()["field"]) == (422, "identified")
    house.clock.move(901)
    late = await desk.client.post(f"{AN}/remove-email", json={"identified": right})
    assert late.status_code == 422
    assert not await house.entries("email-removed")


async def test_A9_an_installers_code_opens_no_customers_view(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    codes = await issued(desk)
    customer = await begun(house, codes)
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    version = next(part["version"] for part in file["parts"] if part["key"] == "contact:S1-1")
    value = {**file["contacts"][0], "installer": True}
    answer = await desk.client.post(
        "/v1/sites/S1/file", json={"part": "contact:S1-1", "value": value, "version": version}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["contacts"][0]["installer"] is True
    assert not await may_look(customer)
    refused = await identify(house, codes["id_code"], codes["pin"])
    assert (refused.status_code, refused.json()["sentence"]) == (403, "The ID code or the PIN is wrong.")


async def test_A1_a_wrong_code_and_a_wrong_pin_are_refused_alike_and_journaled_without_either(house: House) -> None:
    codes = await issued(await house.seat("sofie", DESK))
    wrong_pin = await identify(house, codes["id_code"], another(codes["pin"]))
    no_such = await identify(house, "10000001", "7193")
    assert wrong_pin.status_code == no_such.status_code == 403
    assert wrong_pin.json() == no_such.json()
    entries = await house.entries("customer-not-identified")
    assert [entry["text"] for entry in entries] == [
        "Wrong ID code or PIN in self-service, with the ID code of An Peeters, on Fairphone 5",
        "Wrong ID code or PIN in self-service, with an ID code that is nobody's, on Fairphone 5",
    ]
    assert {entry["actor"]["kind"] for entry in entries} == {"customer"}
    customer = await begun(house, codes)
    told = json.dumps(await house.entries())
    for secret in (codes["pin"], another(codes["pin"]), "7193", "10000001"):
        assert f'"{secret}"' not in told
        assert f" {secret} " not in told
    token = customer.headers["authorization"].removeprefix("Bearer ")
    assert token not in told
    kept = await house.station.database.read(lambda c: c.execute(select(CustomerSessionRow)).mappings().all())
    assert token not in str(kept)


async def test_A1_guesses_at_one_code_wait_longer_each_time_from_wherever_they_come(house: House) -> None:
    codes = await issued(await house.seat("sofie", DESK))
    answers = await asyncio.gather(*(identify(house, codes["id_code"], another(codes["pin"])) for _ in range(20)))
    assert sum(answer.status_code == 403 for answer in answers) <= 4
    refused = await identify(house, codes["id_code"], codes["pin"])
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-tries")
    assert int(refused.headers["Retry-After"]) >= 1
    # Whoever guesses from another address waits as well; who has another code, and staff, do not.
    account = f"id code {codes['id_code']}"
    assert house.station.parts.customer_guesses.wait(account, account, house.clock.monotonic()) > 0
    await house.seat("claes")
    house.clock.move(60)
    assert (await identify(house, codes["id_code"], codes["pin"])).status_code == 200


async def test_H_customers_end_their_own_sessions_one_or_all(house: House) -> None:
    codes = await issued(await house.seat("sofie", DESK))
    one, two, three = [await begun(house, codes, f"phone {nth}") for nth in range(3)]
    assert (await one.delete("/customer/session")).json() == {"ended": 1}
    assert not await may_look(one)
    assert await may_look(two)
    assert (await two.delete("/customer/session?every=true")).json() == {"ended": 2}
    assert not await may_look(two)
    assert not await may_look(three)
    entries = await house.entries("customer-sessions-ended")
    assert [(entry["actor"]["kind"], entry["text"]) for entry in entries] == [
        ("customer", "An Peeters ended the session of their own in self-service"),
        ("customer", "An Peeters ended 2 open sessions of their own in self-service"),
    ]


async def test_A9_no_token_of_staff_opens_the_customers_door_and_no_customers_opens_the_staffs(
    small_house: House,
) -> None:
    house = small_house
    desk = await house.seat("sofie", DESK, StaffRole.OPERATOR, StaffRole.SUPERVISOR)
    customer = await begun(house, await issued(desk))
    paths: dict[str, Any] = (await house.client().get("/openapi.json")).json()["paths"]
    open_to_all = {"/v1/station", "/v1/setup"}
    asked = 0
    for path, methods in paths.items():
        for method in methods:
            if path in open_to_all or (method, path) in (("post", "/v1/session"), ("post", "/customer/session")):
                continue
            client = desk.client if path.startswith("/customer") else customer
            url = path.replace("{alarm_id}", "A-1").replace("{site_id}", "S1").replace("{contact_id}", "S1-1")
            url = url.replace("{area}", "1").replace("{task}", "1").replace("{note}", "1").replace("{seq}", "1")
            answer = await client.request(method.upper(), url.replace("{procedure_id}", "P-1"))
            assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in"), (method, path)
            asked += 1
    assert asked > 40


@pytest.mark.parametrize(
    "body",
    [
        {"id_code": "", "pin": "8294", "device": "x"},
        {"id_code": "12345678", "pin": "8294"},
        {"id_code": "12345678", "pin": "8294", "device": "x" * 101},
        {"id_code": "12345678", "pin": "8" * 21, "device": "x"},
        {"id_code": "12345678", "pin": "8294", "device": "a\nb"},
        {"id_code": "1234\x005678", "pin": "8294", "device": "x"},
    ],
)
async def test_I12_bad_input_names_the_field_and_never_the_pin(small_house: House, body: dict[str, str]) -> None:
    answer = await small_house.client().post("/customer/session", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] in ("id_code", "pin", "device")
    assert "8294" not in answer.text
    assert await small_house.entries("customer-not-identified") == []


async def test_C1_who_is_a_contact_nowhere_any_more_goes_with_their_sessions(house: House) -> None:
    desk = await house.seat("sofie", DESK)
    customer = await begun(house, await issued(desk))
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    version = next(part["version"] for part in file["parts"] if part["key"] == "contact:S1-1")
    answer = await desk.client.post(f"{AN}/remove", json={"version": version})
    assert answer.status_code == 200, answer.text
    assert not await may_look(customer)
