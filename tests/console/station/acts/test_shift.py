"""The shift log: what one shift leaves is read by the next, with what was open (06c, G4)."""

from __future__ import annotations

from models.records import StaffRole
from tests.console.station.house import House
from tests.frames import sia


async def test_a_note_has_what_was_open_and_stays_unread_until_it_was_read(house: House) -> None:
    one, other = await house.seat("claes"), await house.seat("dubois")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await one.take_next()).json()["id"]
    assert (await one.act(alarm, "park", minutes=5, reason="patrol on its way")).is_success
    written = (await one.client.post("/v1/shift", json={"text": "Rear window open", "act": "n1"})).json()
    assert [note["unread"] for note in written] == [False]
    [note] = (await other.client.get("/v1/shift")).json()
    assert (note["text"], note["by"], note["unread"], note["read_by"]) == ("Rear window open", "Claes", True, [])
    assert note["items"] == [
        "0 alarms waiting, 0 in hand, 1 parked",
        "Parked: Intrusion, Bakkerij Peeters: patrol on its way",
        "0 sites in test",
        "0 tasks of the service desk open",
    ]
    for _ in range(2):
        [note] = (await other.client.post(f"/v1/shift/{note['id']}/read", json={})).json()
    assert (note["unread"], [reader["name"] for reader in note["read_by"]]) == (False, ["Dubois"])
    assert [entry["text"] for entry in await house.entries("shift-note-read")] == ["Note of Claes read by Dubois"]
    assert (await one.client.post("/v1/shift/999/read", json={})).status_code == 404
    assert (await one.client.post("/v1/shift", json={"text": "  "})).json()["field"] == "text"


async def test_the_log_shows_a_week_and_an_administrator_nothing(small_house: House) -> None:
    house = small_house
    one, boss = await house.seat("claes"), await house.seat("boss", StaffRole.ADMINISTRATOR)
    await one.client.post("/v1/shift", json={"text": "old"})
    house.clock.move(7 * 24 * 3600 + 1)
    one = await house.sign_in("claes", "WS-2")
    await one.client.post("/v1/shift", json={"text": "new"})
    assert [note["text"] for note in (await one.client.get("/v1/shift")).json()] == ["new"]
    boss = await house.sign_in("boss", "WS-3")
    assert (await boss.client.get("/v1/shift")).status_code == 403
