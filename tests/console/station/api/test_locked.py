"""The lock of a workstation holds at the station: without the password nothing is shown or done (issue 15, C)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.station.api.app import operator_api
from console.station.rules.profile import DEFAULT_PROFILE
from models.records import StaffRole
from tests.console.station.house import PASSWORD, SITE, House, Seat, open_house
from tests.frames import sia


@pytest.fixture
async def house(place: Path | str, still: None) -> AsyncIterator[House]:
    """With the times of the product, unlike elsewhere."""
    async with open_house(place, DEFAULT_PROFILE) as open_:
        await open_.bring_in(SITE)
        yield open_


ACTS = [
    ("POST", "/v1/alarms/take-next"),
    ("GET", "/v1/sites?q=bakkerij"),
    ("GET", "/v1/sites/S1/file"),
    ("GET", "/v1/journal"),
    ("POST", "/v1/sites/S1/tests"),
    ("POST", "/v1/sites/S1/contacts/S1-1/code-words"),
]


async def unlock(seat: Seat) -> int:
    body = {"operator": seat.login, "password": PASSWORD, "workstation": seat.workstation}
    return (await seat.client.post("/v1/session/unlock", json=body)).status_code


async def locked(house: House, *roles: StaffRole) -> Seat:
    seat = await house.seat("claes", *roles)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await seat.beat(locked=True)
    return seat


@pytest.mark.parametrize(("method", "path"), ACTS)
async def test_H_a_locked_workstation_does_and_shows_nothing(house: House, method: str, path: str) -> None:
    seat = await locked(house, StaffRole.SUPERVISOR, StaffRole.OPERATOR)
    for _ in range(2):
        answer = await seat.client.request(method, path, json={} if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (423, "locked"), answer.text
        # Also once it is in the tables, and after a beat that says otherwise.
        await house.pass_time(6)
        await seat.beat(locked=False)
    assert await house.entries("taken", "code-words-shown") == []


OPEN = {"/v1/picture", "/v1/feed", "/v1/session", "/v1/session/beat", "/v1/session/unlock", "/v1/station", "/v1/setup"}
"""What its bell and its lock live on, and what asks for no session of staff."""


async def test_H_no_route_but_these_is_open_to_a_locked_workstation(small_house: House) -> None:
    seat = await locked(small_house)
    paths = operator_api(small_house.station.parts).openapi()["paths"]
    staff = {path: methods for path, methods in paths.items() if not path.startswith("/customer") and path not in OPEN}
    assert len(staff) > 80
    for path, methods in staff.items():
        for method in methods:
            given = re.sub("{[^}]*}", "1", path)
            answer = await seat.client.request(method.upper(), given, json=None if method == "get" else {})
            assert answer.status_code == 423, (method, path, answer.text)


async def test_its_bell_goes_on_and_it_may_sign_out(house: House) -> None:
    seat = await locked(house)
    assert len((await seat.picture())["alarms"]) == 1
    assert (await seat.client.delete("/v1/session")).status_code == 200


async def test_the_password_alone_unlocks_it_at_once_and_for_good(house: House) -> None:
    seat = await locked(house)
    await house.pass_time(2)
    body = {"operator": "claes", "password": "wrong", "workstation": seat.workstation}
    assert (await seat.client.post("/v1/session/unlock", json=body)).status_code == 403
    assert (await seat.take_next()).status_code == 423
    assert await unlock(seat) == 200
    assert (await seat.take_next()).status_code == 200
    await house.pass_time(7, seat)
    answer = await seat.client.post("/v1/session/beat", json={})
    assert answer.json() == {"alive": True, "locked": False}


async def test_a_lock_is_known_to_a_station_that_was_just_started(house: House) -> None:
    seat = await locked(house)
    await house.pass_time(2)
    # As after a restart: nothing is in memory.
    house.station.parts.life_signs.clear()
    house.station.parts.sessions.clear()
    assert (await seat.take_next()).status_code == 423
    await seat.beat()
    await house.pass_time(2)
    assert (await seat.take_next()).status_code == 423
    assert await unlock(seat) == 200
    assert (await seat.take_next()).status_code == 200


async def test_where_no_key_is_touched_for_long_the_station_locks_it(house: House) -> None:
    seat = await house.seat("claes")
    most = house.station.profile.unused_lock_s
    house.clock.move(most - 10)
    await seat.beat(used=True)
    house.clock.move(most - 10)
    answer = await seat.client.post("/v1/session/beat", json={})
    assert answer.json()["locked"] is False, "it was used meanwhile"
    house.clock.move(20)
    answer = await seat.client.post("/v1/session/beat", json={})
    assert answer.json()["locked"] is True
    assert (await seat.take_next()).status_code == 423
    assert await unlock(seat) == 200
    assert (await seat.client.post("/v1/session/beat", json={})).json()["locked"] is False


async def test_a_session_that_is_silent_for_long_is_over(house: House) -> None:
    seat, other = await house.seat("claes"), await house.seat("maes")
    for _ in range(2):
        house.clock.move(house.station.profile.silent_session_s - 3600)
        await other.beat(used=True)
        await house.station.duties.second()
    assert (await seat.client.get("/v1/picture")).status_code == 401
    assert (await other.client.get("/v1/picture")).status_code == 200
