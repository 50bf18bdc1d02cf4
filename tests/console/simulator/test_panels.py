"""Panels dial the real station over real sockets; and a station of the test's own that is deaf, late or strict."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.simulator import run, sample, signals
from console.simulator.dialler import Outcome, Panel, Station, Transport
from console.simulator.frames import Writer
from console.simulator.signals import Signal
from tests.frames import ack, frame
from tests.programs import RunningStation, exported, vigie

SAMPLE = sample.make(1, datetime.now(UTC))
INTRUSION = Signal(signals.INTRUSION, "1", "01")


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStation]:
    """The real station, with the sample in it."""
    folder = tmp_path_factory.mktemp("sample")
    done = vigie("site", "import", "--data", str(folder / "data"), str(sample.write(SAMPLE, folder)))
    assert done.returncode == 0, done.stderr
    with RunningStation(folder / "data") as running:
        yield running


def signals_in(station: RunningStation) -> list[dict[str, object]]:
    assert isinstance(station.place, Path)
    return [entry for entry in exported(station.place) if entry["kind"] == "signal"]


@pytest.mark.parametrize("transport", list(Transport))
@pytest.mark.parametrize("stays", [True, False], ids=["one connection", "connect per event"])
@pytest.mark.parametrize("key_bytes", [0, 16, 24, 32])
async def test_the_station_acknowledges_panels_clear_and_encrypted_over_tcp_and_udp(
    station: RunningStation, transport: Transport, stays: bool, key_bytes: int
) -> None:
    site = next(site for site in SAMPLE.sites if len(site.key or b"") == key_bytes)
    writer = Writer(site.account, site.token, site.key)
    panel = Panel(writer, Station(*station.dc09), transport, sequence=41, stays=stays)
    assert await panel.send(INTRUSION) is Outcome.ACKNOWLEDGED
    assert await panel.poll() is Outcome.ACKNOWLEDGED
    assert await panel.send(Signal(signals.TEST)) is Outcome.ACKNOWLEDGED
    await panel.close()
    assert panel.sequence == 43


async def test_a_panel_with_a_wrong_clock_sets_it_by_the_stations_nak(station: RunningStation) -> None:
    site = next(site for site in SAMPLE.sites if site.key)
    wrong = Panel(
        Writer(site.account, site.token, site.key),
        Station(*station.dc09),
        clock=lambda: datetime.now(UTC) - timedelta(hours=5),
    )
    assert await wrong.send(Signal(signals.TEST)) is Outcome.ACKNOWLEDGED
    await wrong.close()


async def test_the_lively_beginning_is_acknowledged_whole_and_opens_alarms_of_all_priorities(
    station: RunningStation,
) -> None:
    before = len(signals_in(station))
    stop = asyncio.Event()
    counts = await run.run_evening(SAMPLE, *station.dc09, stop=stop, speed=60, report=until(45, stop))
    assert counts.failed == 0
    assert counts.sent == counts.acknowledged >= 45
    assert isinstance(station.place, Path)
    entries = exported(station.place)
    taken = [entry for entry in entries if entry["kind"] == "signal"]
    assert len(taken) - before == counts.sent
    assert all(entry["site"] for entry in taken), "every account is one of the sample's"
    opened = {entry["priority"] for entry in entries if entry["kind"] in ("alarm-opened", "alarm-raised")}
    assert opened == {1, 2, 3, 4}


async def test_a_load_keeps_its_rate_and_everything_is_acknowledged(station: RunningStation) -> None:
    before = len(signals_in(station))
    stop = asyncio.Event()
    began = time.monotonic()
    counts = await run.run_load(SAMPLE, *station.dc09, 50, stop=stop, report=until(100, stop))
    took = time.monotonic() - began
    assert (counts.failed, counts.sent) == (0, counts.acknowledged)
    assert counts.sent >= 100
    assert took >= 99 / 50, "never faster than the rate"
    assert counts.sent / took > 25, "nor far behind it"
    assert len(signals_in(station)) - before == counts.sent


def until(acknowledged: int, stop: asyncio.Event) -> Callable[[run.Counts], None]:
    """A report that ends the run once so many are acknowledged, or something failed."""

    def report(counts: run.Counts) -> None:
        if counts.acknowledged >= acknowledged or counts.failed:
            stop.set()

    return report


# -- stations of the test's own ------------------------------------------------------------------

Answer = Callable[[int, bytes], bytes | None]


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[tuple[Station, list[bytes]]]:
    """A station that answers the nth frame as told; None hangs up. Gives its address and the frames it got."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while raw := await reader.readuntil(b"\r"):
                heard.append(raw)
                reply = answer(len(heard), raw)
                if reply is None:
                    break
                writer.write(reply)
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield Station(host, port), heard


def sequence_of(raw: bytes) -> int:
    found = re.search(rb'"(\d{4})', raw)
    assert found is not None
    return int(found[1])


def impatient(station: Station, transport: Transport = Transport.TCP) -> Panel:
    return Panel(Writer("1234", "SIA-DCS"), station, transport, answer_within_s=0.1, redial_after_s=0)


async def test_a_panel_sends_again_with_the_same_sequence_until_it_is_answered() -> None:
    async with listening(lambda n, raw: b"" if n < 3 else ack("1234", sequence_of(raw))) as (station, heard):
        assert await impatient(station).send(INTRUSION) is Outcome.ACKNOWLEDGED
        assert [sequence_of(raw) for raw in heard] == [1, 1, 1]


async def test_a_panel_gives_up_after_three_repeats_and_goes_on_with_the_next_number() -> None:
    async with listening(lambda n, raw: b"" if n < 5 else ack("1234", sequence_of(raw))) as (station, heard):
        panel = impatient(station)
        assert await panel.send(INTRUSION) is Outcome.UNANSWERED
        assert await panel.send(INTRUSION) is Outcome.ACKNOWLEDGED
        assert [sequence_of(raw) for raw in heard] == [1, 1, 1, 1, 2]


async def test_a_panel_dials_again_when_the_station_hangs_up() -> None:
    async with listening(lambda n, raw: None if n == 1 else ack("1234", sequence_of(raw))) as (station, heard):
        assert await impatient(station).send(INTRUSION) is Outcome.ACKNOWLEDGED
        assert len(heard) == 2


async def test_an_answer_to_something_else_is_passed_over() -> None:
    async with listening(lambda n, raw: ack("1234", 77) + ack("1234", sequence_of(raw))) as (station, heard):
        assert await impatient(station).send(INTRUSION) is Outcome.ACKNOWLEDGED
        assert len(heard) == 1


async def test_a_station_that_cannot_process_the_frame_ends_the_repeats() -> None:
    async with listening(lambda n, raw: frame('"DUH"0001L0#1234[]')) as (station, heard):
        assert await impatient(station).send(INTRUSION) is Outcome.REFUSED
        assert len(heard) == 1


@pytest.mark.parametrize("transport", list(Transport))
async def test_where_nobody_listens_the_outcome_is_unanswered(transport: Transport) -> None:
    async with listening(lambda n, raw: None) as (station, _heard):
        pass
    assert await impatient(station, transport).send(INTRUSION) is Outcome.UNANSWERED


async def test_sequence_numbers_begin_again_after_9999() -> None:
    async with listening(lambda n, raw: ack("1234", sequence_of(raw))) as (station, heard):
        panel = Panel(Writer("1234", "SIA-DCS"), station, sequence=9998)
        for _ in range(2):
            assert await panel.send(INTRUSION) is Outcome.ACKNOWLEDGED
        assert [sequence_of(raw) for raw in heard] == [9999, 1]
        await panel.close()


async def test_a_run_without_a_station_ends_soon_after_it_is_told_to() -> None:
    async with listening(lambda n, raw: None) as (station, _heard):
        pass
    stop = asyncio.Event()
    counts = await run.run_load(SAMPLE, station.host, station.port, 200, stop=stop, report=until(1, stop))
    assert counts.acknowledged == 0
    assert counts.sent == counts.failed > 0
