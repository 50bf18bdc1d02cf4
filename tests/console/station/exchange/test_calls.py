"""Calls through the exchange, from the act to the journal: with a real Asterisk, and as one was recorded (G3)."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from console.station.acts.registry import NewContact
from console.station.exchange import ExchangeSettings
from models.records import LineState
from models.tables import PersonNumberRow
from tests.console.client.test_tls import write
from tests.console.station.exchange import asterisk
from tests.console.station.exchange.recorded import Recorded
from tests.console.station.house import House, Seat, open_house, site
from tests.frames import sia

NUMBERS = {last: f"+32 470 55 50 {last}" for last in ("01", "02", "03", "04", "05", "06")}
PEOPLE = site(
    "S9",
    "1009",
    contacts=tuple(NewContact(f"Contact {last}", (("mobile", number),), "") for last, number in NUMBERS.items()),
    areas=(("1", "Winkel"),),
    zones=(("1", "7", "PIR winkel", "motion"),),
)


class Real:
    """The real one, as :class:`Recorded` is used."""

    def __init__(self) -> None:
        self._asterisk = asterisk.Asterisk()
        self.url = self._asterisk.url

    async def start(self) -> None:
        """Start again, after :meth:`stop`."""
        if self._asterisk.stopped:
            await asyncio.to_thread(self._asterisk.start)

    async def stop(self) -> None:
        """A power cut."""
        self._asterisk.stop()

    async def channels(self) -> list[str]:
        """What is up there now."""
        return [str(one["id"]) for one in await asyncio.to_thread(self._asterisk.channels)]

    def remove(self) -> None:
        """End everything."""
        self._asterisk.remove()


@pytest.fixture(params=["recorded", "real"])
async def pbx(request: pytest.FixtureRequest) -> AsyncIterator[Recorded | Real]:
    """An exchange between an operator's telephone, 201, and a network."""
    if request.param == "real" and not asterisk.ROOT:
        pytest.skip(asterisk.WHY_NOT)
    exchange = Real() if request.param == "real" else Recorded()
    await exchange.start()
    try:
        yield exchange
    finally:
        await exchange.stop()
        if isinstance(exchange, Real):
            exchange.remove()


@dataclass
class Desk:
    """An operator with an alarm of S9 in hand."""

    house: House
    seat: Seat
    alarm: str
    pbx: Recorded | Real

    async def ring(self, last: str, extension: str = "201") -> Any:
        """Begin a call, then have the exchange make it."""
        nth = list(NUMBERS).index(last) + 1
        begun = await self.seat.act(self.alarm, "call", step=f"contact:S9-{nth}", number=NUMBERS[last])
        assert begun.status_code == 200, begun.text
        return await self.seat.act(self.alarm, "ring", extension=extension)

    async def say(self, last: str, outcome: str) -> None:
        """How it ended."""
        nth = list(NUMBERS).index(last) + 1
        said = await self.seat.act(self.alarm, "call", step=f"contact:S9-{nth}", number=NUMBERS[last], outcome=outcome)
        assert said.status_code == 200, said.text

    async def until(self, true: Callable[[], bool], what: str) -> None:
        """Wait until something holds, as long as a telephone takes."""
        for _ in range(1000):
            if true():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"never: {what}; {self.house.station.beat()}")

    async def stands(self, state: LineState) -> dict[str, Any]:
        """The call as every console is told it, once it stands so."""
        await self.until(lambda: [call.state for call in self.house.station.beat().calls] == [state], state)
        [call] = self.house.station.beat().calls
        return call.model_dump(mode="json")

    async def quiet(self) -> None:
        """Nothing is up at the exchange any more."""
        for _ in range(500):
            if not await self.pbx.channels():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(await self.pbx.channels())

    async def line(self) -> dict[str, Any]:
        """The one entry of the one call."""
        for _ in range(500):
            lines = await self.house.entries("line")
            if lines:
                [line] = lines
                return line
            await asyncio.sleep(0.02)
        raise AssertionError("not journaled")


@pytest.fixture
async def desk(
    pbx: Recorded | Real, tmp_path: Path, still: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """A station with that exchange."""
    monkeypatch.setattr("console.station.exchange.calls._LOOK_EVERY_S", 0.05)
    settings = ExchangeSettings(pbx.url, asterisk.USER, asterisk.PASSWORD)
    async with open_house(tmp_path / "data", exchange=settings) as house:
        await house.bring_in(PEOPLE)
        seat = await house.seat("claes")
        await house.send(sia("1009", 1, "Nri1/BA07"))
        alarm = (await seat.take_next()).json()["id"]
        found = Desk(house, seat, alarm, pbx)
        await found.until(lambda: house.station.exchange._linked, "linked")  # type: ignore[union-attr]
        yield found


async def test_G3_answered_then_hung_up_by_the_operator(desk: Desk) -> None:
    assert (await desk.ring("01")).json()["state"] == "operator"
    await desk.stands(LineState.ANSWERED)
    desk.house.clock.move(12)
    assert (await desk.seat.act(desk.alarm, "hang-up")).status_code == 200
    ended = await desk.stands(LineState.ENDED)
    assert ended["proposed"] is None
    line = await desk.line()
    assert line["data"]["talked_s"] == 12
    assert line["data"]["number"] == NUMBERS["01"]
    assert "talked 0:12 · extension 201, Claes at WS-claes" in line["text"]
    await desk.quiet()
    # The call itself still runs: only the operator says how it ended.
    assert await desk.house.entries("call") == []
    await desk.say("01", "verified")
    await desk.until(lambda: desk.house.station.beat().calls == (), "over")


async def test_G3_ended_by_the_other_side(desk: Desk) -> None:
    await desk.ring("06")
    await desk.stands(LineState.ANSWERED)
    ended = await desk.stands(LineState.ENDED)
    assert (ended["proposed"], ended["cause"]) == (None, 16)
    assert ended["answered_at"] is not None
    await desk.line()
    await desk.quiet()


@pytest.mark.parametrize(
    ("last", "proposed", "cause"), [("02", "busy", 17), ("04", "refused", 21), ("05", "wrong-number", 1)]
)
async def test_G3_what_the_network_says_is_proposed(desk: Desk, last: str, proposed: str, cause: int) -> None:
    await desk.ring(last)
    ended = await desk.stands(LineState.ENDED)
    assert (ended["proposed"], ended["cause"], ended["picked_up"]) == (proposed, cause, True)
    assert (await desk.line())["data"]["cause"] == cause
    await desk.quiet()
    assert await desk.house.entries("call") == []


async def test_G3_it_rings_until_the_outcome_is_said(desk: Desk) -> None:
    await desk.ring("03")
    await desk.stands(LineState.RINGING)
    await desk.say("03", "no-answer")
    await desk.quiet()
    assert "rang" in (await desk.line())["data"]


async def test_G3_nobody_answers_in_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(desk.pbx, Recorded):
        pytest.skip("how long it rings is Asterisk's to count")
    monkeypatch.setattr("console.station.exchange.calls._RING_S", 1)
    await desk.ring("03")
    await desk.stands(LineState.RINGING)
    assert (await desk.stands(LineState.ENDED))["proposed"] == "no-answer"
    await desk.quiet()


async def test_G3_the_operators_own_telephone_is_not_picked_up(desk: Desk) -> None:
    assert (await desk.ring("01", "299")).status_code == 200
    await desk.seat.act(desk.alarm, "hang-up")
    ended = await desk.stands(LineState.ENDED)
    assert (ended["picked_up"], ended["proposed"]) == (False, None)
    await desk.quiet()


async def test_an_extension_that_is_none_is_refused_in_a_sentence_and_the_call_goes_on_by_hand(desk: Desk) -> None:
    refused = await desk.ring("01", "998")
    assert (refused.status_code, refused.json()["sentence"]) == (
        409,
        "The telephone exchange cannot call extension 998: dial by hand.",
    )
    await desk.say("01", "verified")


@pytest.mark.parametrize("extension", ["201@x", "20 1", "201&PJSIP/299", "x"])
async def test_I12_nothing_but_digits_is_an_extension(desk: Desk, extension: str) -> None:
    assert (await desk.ring("01", extension)).status_code in (409, 422)
    assert await desk.pbx.channels() == []


async def test_I11_sent_twice_it_rings_once(desk: Desk) -> None:
    await desk.ring("03")
    await desk.seat.act(desk.alarm, "ring", extension="201")
    await desk.stands(LineState.RINGING)
    assert len(await desk.pbx.channels()) == 2


async def test_only_who_holds_the_alarm_rings_and_hangs_up(desk: Desk) -> None:
    other = await desk.house.seat("maes")
    await desk.ring("03")
    await desk.stands(LineState.RINGING)
    for verb in ("ring", "hang-up"):
        assert (
            await other.act(desk.alarm, verb, **({"extension": "202"} if verb == "ring" else {}))
        ).status_code == 409
    await desk.stands(LineState.RINGING)


async def test_whoever_dials_anew_has_done_with_the_call_before(desk: Desk) -> None:
    await desk.ring("01")
    await desk.stands(LineState.ANSWERED)
    await desk.say("01", "verified")
    await desk.until(lambda: desk.house.station.beat().calls == (), "over")
    # Said while they talk: the conversation goes on.
    assert len(await desk.pbx.channels()) == 2
    await desk.ring("02")
    assert (await desk.stands(LineState.ENDED))["proposed"] == "busy"
    await desk.quiet()
    assert len(await desk.house.entries("line")) == 2


async def test_I9_a_private_number_is_masked_in_the_entry_of_its_line(desk: Desk) -> None:
    private = update(PersonNumberRow).where(PersonNumberRow.number == NUMBERS["02"]).values(private=1)
    await desk.house.station.database.write(lambda c: c.execute(private))
    await desk.ring("02")
    line = await desk.line()
    assert line["data"]["number"] == "··· 02"
    assert "470" not in line["text"]


async def test_an_exchange_that_is_away_is_told_blocks_nothing_and_comes_back_by_itself(desk: Desk) -> None:
    await desk.pbx.stop()
    station = desk.house.station
    await desk.until(lambda: not station.exchange._linked, "away")  # type: ignore[union-attr]
    assert station.beat().findings == ()
    desk.house.clock.move(5)
    assert station.beat().findings == (
        "The telephone exchange does not answer: dial by hand. The station goes on trying.",
    )
    await station.troubles.look()
    assert [alarm.priority for alarm in await desk.house.alarms() if alarm.kind == "station-warning"] == [4]
    refused = await desk.ring("01")
    assert (refused.status_code, refused.json()["sentence"]) == (
        409,
        "The telephone exchange does not answer: dial by hand.",
    )
    await desk.say("01", "verified")
    await desk.pbx.start()
    await desk.until(lambda: station.beat().findings == (), "back")
    assert (await desk.ring("02")).status_code == 200
    assert (await desk.stands(LineState.ENDED))["proposed"] == "busy"


async def test_a_call_that_ended_while_the_exchange_was_away_is_ended_once_it_is_back(desk: Desk) -> None:
    await desk.ring("01")
    await desk.stands(LineState.ANSWERED)
    await desk.pbx.stop()
    await desk.until(lambda: all(call.away for call in desk.house.station.beat().calls), "away")
    await desk.pbx.start()
    ended = await desk.stands(LineState.ENDED)
    assert (ended["away"], ended["proposed"]) == (False, None)
    assert "answered" in (await desk.line())["data"]


async def test_a_station_that_the_exchange_does_not_know_says_so(
    pbx: Recorded | Real, tmp_path: Path, still: None
) -> None:
    settings = ExchangeSettings(pbx.url, asterisk.USER, "not the password")
    async with open_house(tmp_path / "data", exchange=settings) as house:
        house.clock.move(5)
        for _ in range(500):
            [finding] = house.station.beat().findings
            if "refuses" in finding:
                break
            await asyncio.sleep(0.01)
        assert finding == (
            "The telephone exchange refuses the station's name or password: dial by hand. The station goes on trying."
        )


async def test_a_stopped_station_cuts_nobody_off_and_after_its_restart_both_halves_still_end_together(
    pbx: Recorded | Real, tmp_path: Path, still: None
) -> None:
    settings = ExchangeSettings(pbx.url, asterisk.USER, asterisk.PASSWORD)
    async with open_house(tmp_path / "data", exchange=settings) as house:
        await house.bring_in(PEOPLE)
        seat = await house.seat("claes")
        await house.send(sia("1009", 1, "Nri1/BA07"))
        desk = Desk(house, seat, (await seat.take_next()).json()["id"], pbx)
        await desk.until(lambda: house.station.exchange._linked, "linked")  # type: ignore[union-attr]
        await desk.ring("01")
        await desk.stands(LineState.ANSWERED)
    up = await pbx.channels()
    assert len(up) == 2
    async with open_house(tmp_path / "data", exchange=settings) as house:
        [line] = await house.entries("line")
        assert line["text"].count("still open when the station stopped") == 1
        desk = Desk(house, seat, desk.alarm, pbx)
        await desk.until(lambda: house.station.exchange._linked, "linked")  # type: ignore[union-attr]
        assert sorted(await pbx.channels()) == sorted(up)
        operator = next(name for name in up if name.endswith("operator"))
        async with httpx.AsyncClient(auth=(asterisk.USER, asterisk.PASSWORD)) as client:
            await client.delete(f"{pbx.url}/channels/{operator}")
        await desk.quiet()


async def test_a_state_is_told_to_the_consoles_at_once_and_not_with_the_next_second(desk: Desk) -> None:
    told: list[str] = []

    async def listen() -> None:
        async with desk.seat.client.stream(
            "GET", "/v1/feed", headers={"Last-Event-ID": (await desk.seat.picture())["event_id"]}
        ) as feed:
            async for text in feed.aiter_lines():
                if text.startswith("data:") and '"calls":[{' in text:
                    told.append(json.loads(text[5:])["calls"][0]["state"])

    listening = asyncio.get_running_loop().create_task(listen())
    await desk.ring("01")
    # All of them within the second that lies between two beats.
    await desk.until(lambda: told[-1:] == ["answered"], "answered")
    listening.cancel()
    assert len(set(told)) >= 3


async def test_an_exchange_whose_certificate_is_not_accepted_is_told_no_password(tmp_path: Path, still: None) -> None:
    write(tmp_path, datetime.now(UTC) + timedelta(days=1))
    (tmp_path / "password").write_text("hush")
    (tmp_path / "password").chmod(0o600)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(10_000))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0, ssl=context)
    address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    settings = ExchangeSettings.read(address, "vigie", tmp_path / "password")
    async with open_house(tmp_path / "data", exchange=settings) as house:
        house.clock.move(5)
        for _ in range(500):
            [finding] = house.station.beat().findings
            if "certificate" in finding:
                break
            await asyncio.sleep(0.01)
        assert "has a certificate that this station does not accept" in finding
    server.close()
    assert heard == []
