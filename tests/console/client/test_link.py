"""The link over real sockets: picture, feed, a cable that is pulled, acts whose answers get lost (I8, I11)."""

from __future__ import annotations

import re
import time

import pytest
from fastapi import FastAPI

from console.client.link import IDLE_S, SILENCE_S, LinkState, Refusal
from console.station.http_server import http_config
from models.records import AlarmState, ErrorCode
from tests.console.client.console import Console
from tests.console.client.wire import Wire
from tests.console.station.house import House
from tests.frames import sia


async def seqs(house: House) -> list[int]:
    """All numbers in the journal."""
    return [entry["seq"] for entry in await house.entries()]


async def test_a_picture_and_then_the_feed(house: House, console: Console) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.sign_in()
    known = console.link.known
    assert console.link.state is LinkState.LINKED
    assert [alarm.state for alarm in known.alarms.values()] == [AlarmState.WAITING]
    at_picture = console.shown()[0]
    await house.send(sia("1001", 2, "Nri1/BA09"))
    await console.until(lambda: any(a.signals == 2 for a in known.alarms.values()), "the second signal joins")
    assert console.heard() == [seq for seq in await seqs(house) if seq > at_picture]
    assert console.pictures == 1


async def test_no_entry_is_lost_or_told_twice_across_a_cut(house: House, wire: Wire, console: Console) -> None:
    await console.sign_in()
    at_picture = console.shown()[0]
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.until(lambda: console.items, "the first entry")
    for nth in range(3):
        wire.cut()
        for sequence in range(10 * nth + 2, 10 * nth + 8):
            await house.send(sia("1001", sequence, f"Nri1/BA{sequence:02d}"))
        if nth == 1:
            await console.lost()
        else:
            wire.drop()
        wire.mend()
        await house.send(sia("1001", 10 * nth + 9, "Nri1/BA08"))
        wanted = [seq for seq in await seqs(house) if seq > at_picture]
        await console.until(lambda wanted=wanted: len(console.items) >= len(wanted), "everything caught up")
        assert console.heard() == wanted
    await console.linked()
    assert console.pictures == 1, "it resumed from the last number and asked for no new picture"
    shown = console.shown()
    assert shown == sorted(set(shown), reverse=True)


async def test_I11_silence_is_seen_within_three_seconds(house: House, wire: Wire, console: Console) -> None:
    await console.sign_in()
    await console.until(lambda: console.beats > 1, "it beats")
    before = console.beats
    await console.until(lambda: console.beats > before, "a beat, just before the cut")
    cut_at = time.monotonic()
    wire.cut()
    await console.lost()
    assert console.lost_at is not None
    assert SILENCE_S - 0.5 < console.lost_at - cut_at < 3.0
    lost_since = console.link.lost_at
    assert lost_since is not None
    assert abs(lost_since - cut_at) < 0.5, "what is shown is as old as the last word, not as the discovery"
    assert "silent" in console.states[-1][1]
    wire.mend()
    await console.linked()
    assert console.link.lost_at is None


def stand_still(seconds: float) -> None:
    """Nothing else runs in the loop meanwhile: no clock that a test moves can do that to it."""
    time.sleep(seconds)


async def test_I11_a_standstill_of_the_console_itself_is_never_told_as_a_lost_link(
    house: House, console: Console
) -> None:
    await console.sign_in()
    await console.until(lambda: console.beats > 1, "it beats")
    states = len(console.states)
    stand_still(SILENCE_S + 0.5)
    before = console.beats
    await console.until(lambda: console.beats > before + 1, "it goes on")
    assert console.states[states:] == []


async def test_I11_an_act_on_a_lost_link_is_refused_at_once_and_does_nothing(
    house: House, wire: Wire, console: Console
) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.sign_in()
    alarm = console.link.known.waiting()[0]
    wire.cut()
    await console.lost()
    before = time.monotonic()
    with pytest.raises(Refusal) as refused:
        await console.link.act_on(alarm.id, "take", {"version": alarm.version})
    assert time.monotonic() - before < 0.2
    assert refused.value.body.sentence == "The link to the station is lost: nothing was done. Wait for the link."
    wire.mend()
    await console.linked()
    assert (await house.alarm(alarm.id)).state is AlarmState.WAITING
    assert await house.entries("taken") == []


async def test_I11_an_act_whose_answer_was_lost_is_sent_again_and_happens_once(
    house: House, wire: Wire, console: Console
) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.sign_in()
    alarm = console.link.known.waiting()[0]
    await console.link.act_on(alarm.id, "take", {"version": alarm.version})
    wire.lost_answers.append(b"/note")
    await console.link.act_on(alarm.id, "note", {"text": "Sleutel bij de buren"})
    assert wire.lost_answers == []
    assert wire.count(f"POST /v1/alarms/{alarm.id}/note") == 2
    assert len(await house.entries("note")) == 1


async def test_I11_an_act_with_no_answer_at_all_says_so(house: House, wire: Wire, console: Console) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.sign_in()
    wire.lost_answers += [b"/take-next", b"/take-next"]
    with pytest.raises(Refusal, match=r"does not answer\. If this was an act, look whether it happened"):
        await console.link.act_on("", "take-next")
    await console.until(console.link.known.in_hand, "the feed tells that it happened")
    assert len(await house.entries("taken")) == 1


def test_I11_the_console_lets_go_of_an_idle_connection_well_before_the_station_does() -> None:
    """At the same time, an act is sent into a connection that is being closed, and nobody answers."""
    assert http_config(FastAPI()).timeout_keep_alive > 3 * IDLE_S


async def test_I11_what_changed_meanwhile_comes_with_the_refusal(house: House, console: Console) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.sign_in()
    shown = console.link.known.waiting()[0]
    other = await house.seat("bea")
    assert (await other.act(shown.id, "take")).status_code == 200
    with pytest.raises(Refusal) as refused:
        await console.link.act_on(shown.id, "take", {"version": shown.version})
    assert refused.value.body.code is ErrorCode.HELD_BY_OTHER
    assert console.link.known.alarms[shown.id].held_by == "Bea"


async def test_an_unknown_number_gets_a_new_picture(house: House, wire: Wire, console: Console) -> None:
    await console.sign_in()
    await console.until(lambda: console.beats, "it beats")
    journal, _, seq = str(console.link.known.event_id).partition(":")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.until(console.link.known.waiting, "the alarm")
    # As after a station was put back from a copy: the console is ahead of the journal.
    console.link.known.event_id = f"{journal}:{int(seq) + 1000}"
    console.link.known.alarms.clear()
    wire.drop()
    await console.until(lambda: console.pictures == 2, "a new picture")
    await console.linked()
    assert len(console.link.known.waiting()) == 1
    await house.send(sia("1001", 2, "Nri1/BA09"))
    await console.until(lambda: console.link.known.waiting()[0].signals == 2, "it follows again")


async def test_a_new_picture_that_does_not_come_is_a_lost_link(house: House, wire: Wire, console: Console) -> None:
    await console.sign_in()
    await console.until(lambda: console.beats, "it beats")
    wire.refused.append(b"GET /v1/picture")
    console.link.known.event_id = "another-journal:5"
    wire.drop()
    await console.until(lambda: console.states[-1][0] is LinkState.LOST and wire.count("GET /v1/picture") >= 3, "tries")
    began, asked = time.monotonic(), wire.count("GET /v1/picture")
    await console.until(lambda: wire.count("GET /v1/picture") >= asked + 2, "further tries")
    assert time.monotonic() - began > 0.5, "it does not hammer the station"
    wire.refused.clear()
    await console.linked()
    assert console.pictures == 2


async def test_what_it_cannot_read_is_a_lost_link_and_no_silent_end(house: House, wire: Wire, console: Console) -> None:
    await console.sign_in()
    wire.spoil = lambda data: re.sub(rb'"state":"waiting"', b'"state":"w?iting"', data)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.lost()
    assert "answered what this console does not understand" in console.states[-1][1]
    wire.spoil = bytes
    await console.linked()
    assert len(console.link.known.waiting()) == 1


async def test_a_feed_that_cannot_be_unpacked_is_a_lost_link_and_no_silent_end(
    house: House, wire: Wire, console: Console, caplog: pytest.LogCaptureFixture
) -> None:
    await console.sign_in()
    await console.until(lambda: console.beats, "it beats")
    # A proxy on the way says gzip, and sends none.
    said = b"content-type: text/event-stream"
    wire.spoil = lambda data: data.replace(said, b"content-encoding: gzip\r\n" + said)
    wire.drop()
    await console.until(lambda: wire.count("GET /v1/feed") >= 3, "further tries")
    assert console.link.state is LinkState.LOST
    assert f"The console failed at following {wire.url} (DecodingError)." in caplog.text
    await house.send(sia("1001", 1, "Nri1/BA07"))
    wire.spoil = bytes
    await console.linked()
    await console.until(console.link.known.waiting, "what came meanwhile")


async def test_a_failure_while_following_is_told_logged_and_tried_again(
    house: House, console: Console, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await console.sign_in()
    await console.until(lambda: console.beats, "it beats")

    def fail(_known: object, _item: object) -> bool:
        raise KeyError("S1")

    monkeypatch.setattr("console.client.picture.Known.apply", fail)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    await console.lost()
    assert console.states[-1][1] == f"The console failed at following {console.link.station} (KeyError)."
    assert "KeyError" in caplog.text
    monkeypatch.undo()
    await console.linked()
    await console.until(console.link.known.waiting, "nothing was skipped")


async def test_an_answer_that_cannot_be_unpacked_is_no_answer(house: House, wire: Wire, console: Console) -> None:
    await console.sign_in()
    wire.spoil = lambda data: data.replace(b"content-type: app", b"content-encoding: gzip\r\ncontent-type: app")
    with pytest.raises(Refusal, match="does not answer"):
        await console.link.get("/v1/picture")
    before = wire.count("POST /v1/session/beat")
    await console.until(lambda: wire.count("POST /v1/session/beat") > before + 1, "it goes on giving signs of life")
