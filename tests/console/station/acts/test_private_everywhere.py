"""A private number is shown to whoever must dial it, and is in no text, list or feed besides (I9, G3; issue 4, 5)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from models.records import StaffRole
from tests.console.station.house import House, Seat
from tests.frames import sia

AN, NEW = "+32 470 55 50 01", "+32 470 66 61 17"
SECRET = tuple(form for number in (AN, NEW) for form in (number, number.replace(" ", ""), number[4:], number[-8:]))


def told(text: str) -> list[str]:
    return [form for form in SECRET if form in text]


async def write(desk: Seat, contact: int, *numbers: dict[str, Any], **more: Any) -> None:
    file = (await desk.client.get("/v1/sites/S1/file")).json()
    one = file["contacts"][contact]
    key = f"contact:{one['id']}"
    version = next(part["version"] for part in file["parts"] if part["key"] == key)
    value = {**one, "numbers": list(numbers), **more}
    answer = await desk.client.post("/v1/sites/S1/file", json={"part": key, "value": value, "version": version})
    assert answer.status_code == 200, answer.text


async def feed(seat: Seat, until: str) -> str:
    """What the feed said from the beginning on until an entry with this text."""
    heard = ""
    picture = await seat.picture()
    journal = picture["event_id"].partition(":")[0]
    headers = {"Last-Event-ID": f"{journal}:0"}
    async with seat.client.stream("GET", "/v1/feed", headers=headers) as stream:
        async for line in stream.aiter_lines():
            heard += line + "\n"
            if until in line:
                return heard
    raise AssertionError("the feed ended")


async def test_I9_no_text_no_list_and_no_feed_has_a_private_number(house: House) -> None:
    desk, one, other = (
        await house.seat("sofie", StaffRole.SERVICE_DESK),
        await house.seat("claes"),
        await house.seat("d"),
    )
    private = {"label": "mobile", "number": AN, "private": True}
    await write(desk, 0, private)
    await write(desk, 0, private, {"label": "home", "number": NEW, "private": True}, role="owner")
    # Before it was private it may be told; that it was the same number then is not told either.
    new = {"contact": {"name": "Carl", "numbers": [{"label": "mobile", "number": NEW, "private": True}]}}
    assert (await desk.client.post("/v1/sites/S1/contacts", json=new)).is_success
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await one.take_next()).json()["id"]
    for outcome in ("no-answer", "busy", "wrong-number"):
        for number in (AN, NEW):
            await one.act(alarm, "call", step="contact:S1-1", number=number)
            await one.act(alarm, "call", step="contact:S1-1", number=number, outcome=outcome)
    await one.act(alarm, "call", step="contact:S1-3", number=NEW)

    # Whoever holds the alarm must be able to dial by hand; everybody else has no need of it.
    path = f"/v1/alarms/{alarm}"
    held = await one.client.get(path)
    assert AN in held.text
    assert NEW in held.text
    seen = await other.client.get(path)
    assert seen.status_code == 200
    assert not told(seen.text)
    shown = [number for step in seen.json()["plan"]["steps"] for number in step["numbers"] if number["private"]]
    assert {number["number"] for number in shown} == {"··· 01", "··· 17"}

    await one.act(alarm, "note", text="that is all")
    heard = await feed(other, "that is all")
    assert "Contact An Peeters changed" in heard
    assert not told(heard)
    lists = ("/v1/picture", "/v1/tasks", "/v1/shift", "/v1/shift/open", "/v1/sites?q=peeters", "/v1/sites/S1/journal")
    for which in lists:
        answer = await other.client.get(which)
        assert answer.status_code == 200, which
        assert not told(answer.text), which
    parts = (await other.client.get("/v1/sites/S1/file")).json()["parts"]
    version = next(part["version"] for part in parts if part["key"] == "contact:S1-1")
    absent = {"away_until": "2026-11-30T23:59:00Z", "version": version}
    answer = await other.client.post("/v1/sites/S1/contacts/S1-1/absence", json=absent)
    for file in (answer, await other.client.get("/v1/sites/S1/file")):
        assert (file.status_code, told(file.text)) == (200, [])
        assert file.json()["contacts"][0]["numbers"][0]["number"] == "··· 01"
    assert AN in (await desk.client.get("/v1/sites/S1/file")).text
    for line in (await other.client.get("/v1/sites/S1/journal")).json():
        assert not told((await other.client.get(f"/v1/sites/S1/journal/{line['seq']}")).text), line
    assert not told(json.dumps(await house.entries(), ensure_ascii=False))


@pytest.mark.parametrize("then", ["release", "park", "hand-over"])
async def test_I9_who_holds_an_alarm_no_longer_sees_no_private_number_of_it(small_house: House, then: str) -> None:
    house = small_house
    desk, one, _other = (
        await house.seat("sofie", StaffRole.SERVICE_DESK),
        await house.seat("claes"),
        await house.seat("d"),
    )
    await write(desk, 0, {"label": "mobile", "number": AN, "private": True})
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await one.take_next()).json()["id"]
    assert AN in (await one.client.get(f"/v1/alarms/{alarm}")).text
    body = {"park": {"minutes": 5, "reason": "patrol"}, "hand-over": {"to": "d"}}.get(then, {})
    assert (await one.act(alarm, then, **body)).status_code == 200
    assert not told((await one.client.get(f"/v1/alarms/{alarm}")).text)
