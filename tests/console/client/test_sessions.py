"""Signing in and out over real sockets, sessions that end, and more than one station."""

from __future__ import annotations

import asyncio

import pytest

from console.client.link import LinkState, Refusal
from console.station.acts.sessions import SESSION_HOURS
from models.records import ErrorBody, ErrorCode, StaffRole
from tests.console.client.console import Console
from tests.console.client.wire import Wire, wire_to
from tests.console.station.house import PASSWORD, House, site
from tests.frames import sia

_BODY = ErrorBody(code=ErrorCode.NOT_SIGNED_IN, sentence="Your session has ended.").model_dump_json().encode()
ENDED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)


async def test_a_session_that_ended_signs_out_with_a_sentence(house: House, wire: Wire, console: Console) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.sign_in()
    house.clock.move(SESSION_HOURS * 3600 + 1)
    with pytest.raises(Refusal):
        await console.link.detail(console.link.known.waiting()[0].id)
    assert console.link.state is LinkState.SIGNED_OUT
    assert console.states[-1][1].endswith(".")
    assert console.link.session is None
    assert not console.link.known.alarms, "nothing of a site is kept"


async def test_nothing_is_heard_once_signed_out(house: House, wire: Wire, console: Console) -> None:
    await console.sign_in()
    await console.until(lambda: console.beats, "it beats")
    wire.spoil = lambda data: ENDED if b'"event_id"' in data else data
    with pytest.raises(Refusal, match=r"Your session has ended\."):
        await console.link.get("/v1/picture")
    assert console.states[-1] == (LinkState.SIGNED_OUT, "Your session has ended.")
    beats = console.beats
    following = console.link._tasks[0]
    # The feed is still open: what it goes on telling must not sign anybody in again.
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.until(following.done, "it follows no more")
    assert console.states[-1][0] is LinkState.SIGNED_OUT
    assert (console.beats, console.items) == (beats, [])
    assert not console.link.known.alarms


async def test_H_an_administrator_alone_is_refused_and_leaves_no_session(house: House, console: Console) -> None:
    await house.staff("adm", StaffRole.ADMINISTRATOR)
    with pytest.raises(Refusal) as refused:
        await console.sign_in("adm")
    assert refused.value.body.code is ErrorCode.NOT_ALLOWED
    assert refused.value.body.sentence.endswith(".")
    assert console.link.session is None
    assert console.link.state is LinkState.SIGNED_OUT
    assert (await console.link.info()).signed_in == 0
    assert [entry["kind"] for entry in await house.entries("signed-in", "signed-out")] == ["signed-in", "signed-out"]


async def test_a_wrong_password_says_so_and_ends_nothing(house: House, console: Console) -> None:
    with pytest.raises(Refusal, match=r"The name or the password is wrong\."):
        await console.link.sign_in("claes", "nonsense")
    await console.sign_in()
    with pytest.raises(Refusal, match=r"The password is wrong\."):
        await console.link.unlock("nonsense")
    assert console.link.state is LinkState.LINKED


async def test_signing_out_gives_back_what_was_in_hand(house: House, console: Console) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.sign_in()
    await console.link.act_on("", "take-next")
    await console.link.sign_out()
    assert console.link.state is LinkState.SIGNED_OUT
    assert [alarm.state.value for alarm in await house.alarms()] == ["waiting"]
    with pytest.raises(Refusal) as refused:
        await console.link.act("/v1/alarms/take-next")
    assert refused.value.body.code is ErrorCode.NOT_SIGNED_IN


async def test_a_lost_link_keeps_nobody_from_leaving(house: House, wire: Wire, console: Console) -> None:
    await console.sign_in()
    wire.cut()
    await console.lost()
    console.link._client.timeout = 0.5
    await console.link.sign_out()
    assert console.link.state is LinkState.SIGNED_OUT


async def test_I4_a_key_is_told_with_the_next_sign_of_life(house: House, console: Console) -> None:
    console.link.active, console.link.active_alarm = True, "A-261123-0001"
    await console.sign_in()
    await console.until(lambda: house.station.parts.life_signs, "the first sign of life")
    assert [sign.active_at for sign in house.station.parts.life_signs.values()] == [house.clock.now()]
    assert [sign.active_alarm for sign in house.station.parts.life_signs.values()] == ["A-261123-0001"]
    assert not console.link.active


async def test_a_silent_station_sends_the_console_to_the_next(house: House, wire: Wire) -> None:
    async with wire_to(house.http) as second:
        console = Console(wire.url, second.url)
        await console.sign_in()
        await console.until(lambda: console.beats, "it beats")
        wire.cut()
        await console.lost()
        await console.linked()
        assert console.link.station == second.url
        await house.send(sia("1001", 1, "Nri1/BA07"))
        await console.until(console.link.known.waiting, "the alarm, over the second way")
        await console.link.act_on("", "take-next")
        assert console.pictures == 1
        await console.link.close()


async def test_where_nobody_answers_the_next_is_asked_who_it_is(house: House, wire: Wire) -> None:
    console = Console("http://127.0.0.1:9", wire.url + "/")
    with pytest.raises(Refusal, match=r"http://127\.0\.0\.1:9 does not answer"):
        await console.link.info()
    assert (await console.link.info()).database == "sqlite"
    assert console.link.station == wire.url
    await console.link.close()


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found"])
async def test_what_is_no_station_is_said_to_be_none(status: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n<html>A printer</html>".encode())
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as printer:
        console = Console(f"http://127.0.0.1:{printer.sockets[0].getsockname()[1]}")
        for ask in (console.link.info(), console.link.sign_in("claes", PASSWORD)):
            with pytest.raises(Refusal, match="it is no Vigie station, or one of another version"):
                await ask
        assert console.link.session is None
        await console.link.close()


async def test_all_times_are_the_stations(house: House, console: Console) -> None:
    await console.sign_in()
    assert abs((console.link.now() - house.clock.now()).total_seconds()) < 5
    house.clock.move(3600)
    await house.bring_in(site("S2", "2002"))
    beats = console.beats
    await console.until(lambda: console.beats > beats + 1, "it beats")
    assert abs((console.link.now() - house.clock.now()).total_seconds()) < 5
