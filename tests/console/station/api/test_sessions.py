"""Signing in, guessing, and the end of sessions, over HTTP."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from models.records import StaffRole
from tests.console.station.house import PASSWORD, House


async def attempt(
    house: House, login: str = "claes", password: str = "wrong", workstation: str = "WS1"
) -> httpx.Response:
    body = {"operator": login, "password": password, "workstation": workstation}
    return await house.client().post("/v1/session", json=body)


async def test_wrong_passwords_wait_longer_each_time_and_the_right_one_ends_it(house: House) -> None:
    await house.staff("claes")
    for _ in range(4):
        assert (await attempt(house)).status_code == 403
    refused = await attempt(house, password=PASSWORD)
    assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (429, "too-many-tries", "1")
    assert refused.json()["sentence"] == "Too many wrong tries from here. Try again in 1 s."
    house.clock.move(1)
    assert (await attempt(house)).status_code == 403
    house.clock.move(1)
    assert (await attempt(house, password=PASSWORD)).json()["retry_after_s"] == 1
    house.clock.move(1)
    assert (await attempt(house, password=PASSWORD)).status_code == 200
    assert (await attempt(house)).status_code == 403


async def test_a_hundred_tries_at_once_are_not_all_the_first(small_house: House) -> None:
    await small_house.staff("claes")
    answers = await asyncio.gather(*(attempt(small_house) for _ in range(100)))
    assert sum(answer.status_code == 403 for answer in answers) <= 4


async def test_a_neighbour_locks_nobody_out(small_house: House) -> None:
    await small_house.staff("claes")
    # From the desk of a neighbour, whose address the station sees.
    for _ in range(30):
        small_house.station.parts.guesses.wrong("claes", "10.0.0.66", small_house.clock.monotonic())
    assert (await attempt(small_house, password=PASSWORD)).status_code == 200


async def test_I9_nobody_learns_which_names_exist_nor_reads_what_was_typed(house: House) -> None:
    await house.staff("claes")
    known, unknown = await attempt(house, password="hunter2-known"), await attempt(house, "nobody", "hunter2-unknown")
    assert known.json() == unknown.json()
    entries = await house.entries("sign-in-refused")
    assert [entry["actor"]["name"] for entry in entries] == ["claes", "nobody"]
    assert "hunter2" not in str(await house.entries())
    assert PASSWORD not in str(await house.entries())


async def test_a_session_ends_after_twelve_hours(house: House) -> None:
    seat = await house.seat("claes")
    for _ in range(4):
        # However often its keys are touched.
        house.clock.move(3 * 3600 - 1)
        await seat.beat(used=True)
        await house.station.duties.second()
    house.clock.move(3)
    await seat.picture()
    house.clock.move(1)
    answer = await seat.client.get("/v1/picture")
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_signing_out_ends_the_session_at_once(house: House) -> None:
    seat = await house.seat("claes")
    await seat.picture()
    assert (await seat.client.delete("/v1/session")).status_code == 200
    assert (await seat.client.get("/v1/picture")).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic Y2xhZXM6eA==", "Bearer \u00e9"])
async def test_without_a_token_nothing_is_shown(small_house: House, header: str) -> None:
    client = small_house.client()
    headers = {"Authorization": header.encode("latin-1")} if header else {}
    for path in ("/v1/picture", "/v1/feed", "/v1/alarms/A-1", "/v1/sites?q=a"):
        answer = await client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert (await client.post("/v1/alarms/take-next", headers=headers)).status_code == 401


async def test_signing_in_again_at_a_workstation_ends_the_session_before(house: House) -> None:
    first = await house.seat("claes", workstation="WS1")
    second = await house.sign_in("claes", "WS1")
    house.clock.move(5)
    assert (await first.client.get("/v1/picture")).status_code == 401
    assert len((await second.picture())["present"]) == 1


async def test_unlocking_takes_the_holders_password_and_guesses_are_slowed(small_house: House) -> None:
    seat = await small_house.seat("claes")
    await small_house.staff("dubois")

    async def unlock(login: str, password: str) -> tuple[int, str]:
        body = {"operator": login, "password": password, "workstation": "WS1"}
        answer = await seat.client.post("/v1/session/unlock", json=body)
        return answer.status_code, answer.json().get("sentence", "")

    assert await unlock("claes", PASSWORD) == (200, "")
    assert await unlock("dubois", PASSWORD) == (403, "This workstation is locked by Claes.")
    for _ in range(4):
        assert await unlock("claes", "wrong") == (403, "The password is wrong.")
    assert (await unlock("claes", PASSWORD))[0] == 429


async def test_the_first_administrator_is_made_once_with_the_one_time_token(house: House) -> None:
    client, token = house.client(), house.station.parts.setup.token
    assert (await client.get("/v1/station")).json()["setup_open"] is True
    body = {"token": "wrong", "operator": "boss", "password": "long enough", "on_shift": True}
    assert (await client.post("/v1/setup", json=body)).status_code == 403
    assert (await client.post("/v1/setup", json={**body, "token": token, "password": "short"})).status_code == 422
    assert (await client.post("/v1/setup", json={**body, "token": token})).status_code == 200
    assert (await client.get("/v1/station")).json()["setup_open"] is False
    assert (await client.post("/v1/setup", json={**body, "token": token, "operator": "b2"})).status_code == 403
    answer = await attempt(house, "boss", "long enough")
    assert answer.json()["person"]["roles"] == [StaffRole.ADMINISTRATOR.value, StaffRole.SUPERVISOR.value]


async def test_who_answers_tells_nothing_about_sites(small_house: House) -> None:
    answer = await small_house.client().get("/v1/station")
    assert answer.status_code == 200
    assert "Peeters" not in answer.text


async def test_G2_who_signs_out_is_at_no_workstation_any_more(house: House) -> None:
    """The next at this workstation would read that somebody is signed in, and look for them."""
    claes, mertens = await house.seat("claes"), await house.seat("mertens")

    async def signed_in() -> int:
        return int((await house.client().get("/v1/station")).json()["signed_in"])

    await claes.beat()
    await mertens.beat()
    assert await signed_in() == 2
    assert (await claes.client.delete("/v1/session")).status_code == 200
    assert await signed_in() == 1
