"""The whole way with real parts: frame in at the socket, real windows, keys alone, journal out, proof."""

from __future__ import annotations

import asyncio
import signal as signals
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.client.link import LinkState, Refusal
from tests.end_to_end.consoles import Desk, play, running, signal
from tests.programs import exported, vigie, where


def of_kind(entries: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The entries of one kind."""
    return [entry for entry in entries if entry["kind"] == kind]


def test_G1_G3_G4_by_keys_alone_a_frame_becomes_a_closed_alarm(app: QApplication, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("an")
            window, known = desk.window, desk.link.link.known

            signal(station, "1001", 1, "Nri1/BA7")
            model = window.queue.widget.model
            await desk.until(lambda: len(known.waiting()) == 1, "the alarm is known")
            await desk.until(lambda: model.row_of(known.waiting()[0].id) is not None, "its row is in the list")
            await desk.until(lambda: desk.player.heard[-1:] == [3], "it rings")

            desk.press(Qt.Key.Key_F1)
            await desk.until(lambda: window.at == "workspace" and window.workspace.detail is not None, "the workspace")
            await desk.until(lambda: desk.player.heard[-1:] == [None], "silence once taken")
            now = window.workspace.widget.now
            step = now.step()
            assert step is not None
            assert step.name == "An Peeters"

            desk.press(Qt.Key.Key_Return)
            await desk.until(now.calling, "the call runs")
            desk.press(Qt.Key.Key_3)
            await desk.until(lambda: not now.calling(), "no answer")
            await desk.until(lambda: (s := now.step()) is not None and s.name == "Bert Maes", "the next contact")
            desk.press(Qt.Key.Key_Return)
            await desk.until(now.calling, "the second call runs")
            desk.press(Qt.Key.Key_1)
            await desk.until(lambda: not now.calling() and now.step() is None, "verified")

            desk.press(Qt.Key.Key_F9)
            desk.type("Levering aan de achterdeur")
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: window.workspace.detail and window.workspace.detail.notes, "the note is kept")

            desk.press(Qt.Key.Key_F10)
            closing = window.workspace.widget.closing
            assert window.workspace.widget.card() is closing
            desk.press(Qt.Key.Key_6)
            # Who was verified a moment ago is proposed, so that the reason is what is missing.
            assert "Bert Maes" in closing.who.currentText()
            assert closing.reason.hasFocus()
            desk.type("Verkeerde code, 2 keer")
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: not known.alarms and window.at == "queue", "closed, back at the queue")
            await desk.close()

        play(app, act)

    entries = exported(data)
    kinds = [entry["kind"] for entry in entries]
    for kind in ("signal", "alarm-opened", "taken", "call-begun", "call", "note", "cancelled", "closed"):
        assert kind in kinds, kinds
    assert kinds.index("cancelled") < kinds.index("closed")
    assert "No answer".lower() in of_kind(entries, "call")[0]["text"].lower()
    assert "Bert Maes" in of_kind(entries, "cancelled")[0]["text"]
    closed = of_kind(entries, "closed")[0]
    assert closed["actor"] == {"kind": "operator", "name": "an", "from": closed["actor"]["from"]}
    assert "WS 01" in closed["actor"]["from"]
    assert "Verkeerde code, 2 keer" in closed["text"]
    assert closed["data"]["disposition"] == "cancelled"
    verified = vigie("journal", "verify", *where(data))
    assert verified.returncode == 0, verified.stdout


def test_G2_a_taken_alarm_is_seen_on_the_other_workstation_and_cannot_be_taken_there(
    app: QApplication, tmp_path: Path
) -> None:
    with running(tmp_path / "data") as station:

        async def act() -> None:
            first = Desk(station.http, "WS 01", tmp_path / "one")
            await first.sign_in("an")
            second = Desk(station.http, "WS 02", tmp_path / "two")
            await second.sign_in("bea")
            signal(station, "1001", 1, "Nri1/BA7")
            await second.until(lambda: second.link.link.known.waiting(), "it waits at WS 02")
            first.window.activateWindow()
            await first.until(first.window.isActiveWindow, "WS 01 has the keys")
            first.press(Qt.Key.Key_F1)
            await first.until(lambda: first.window.at == "workspace", "WS 01 has the alarm")
            await second.until(lambda: not second.link.link.known.waiting(), "WS 02 sees it")
            second.window.activateWindow()
            await second.until(second.window.isActiveWindow, "WS 02 has the keys")
            second.press(Qt.Key.Key_Return)
            assert second.window.at in ("queue", "operators"), "Enter says who has it, or asks for it: it takes nothing"
            [theirs] = second.link.link.known.alarms.values()
            with pytest.raises(Refusal, match="in the hands of an"):
                await second.link.link.act_on(theirs.id, "take", {"version": theirs.version})
            assert not second.link.link.known.in_hand()
            await second.close()
            await first.close()

        play(app, act)


def test_I8_a_signal_that_comes_while_closing_must_be_seen_first(app: QApplication, tmp_path: Path) -> None:
    with running(tmp_path / "data") as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("an")
            window, known = desk.window, desk.link.link.known
            signal(station, "1001", 1, "Nri1/BA7")
            await desk.until(lambda: known.waiting(), "it waits")
            desk.press(Qt.Key.Key_F1)
            await desk.until(lambda: window.workspace.detail is not None, "the workspace")
            now = window.workspace.widget.now
            desk.press(Qt.Key.Key_Return)
            await desk.until(now.calling, "the call runs")
            desk.press(Qt.Key.Key_1)
            await desk.until(lambda: not now.calling(), "verified")
            desk.press(Qt.Key.Key_F10)
            desk.press(Qt.Key.Key_1)
            desk.type("Loos alarm")
            signal(station, "1001", 2, "Nri1/BA8")
            await desk.until(lambda: window.workspace.detail and window.workspace.detail.alarm.unseen, "it is shown")
            await desk.until(lambda: desk.player.heard[-1:] == [2], "it rings at its holder, as confirmed intrusion")
            desk.press(Qt.Key.Key_Return)
            assert known.in_hand(), "closed over an unseen signal"
            desk.press(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
            await desk.until(lambda: (d := window.workspace.detail) is not None and not d.alarm.unseen, "seen")
            # It rose to High meanwhile: whoever was reached before knows nothing of the second zone.
            desk.press(Qt.Key.Key_Return)
            assert known.in_hand(), "closed over a rise that nobody was told of"
            desk.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
            desk.press(Qt.Key.Key_Return)
            await desk.until(now.calling, "the call about the rise runs")
            desk.press(Qt.Key.Key_1)
            await desk.until(lambda: not now.calling(), "verified again")
            desk.press(Qt.Key.Key_F10)
            assert window.workspace.widget.closing.reason.toPlainText() == "Loos alarm", "what was typed is kept"
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: not known.alarms, "closed")
            await desk.close()

        play(app, act)


def test_I11_a_lost_link_is_said_acts_are_refused_and_nothing_is_lost_or_repeated(
    app: QApplication, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with running(data) as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("an")
            window, link = desk.window, desk.link.link
            told: list[int] = []
            desk.link.item.connect(lambda item: told.append(item.entry.seq))
            signal(station, "1001", 1, "Nri1/BA7")
            await desk.until(lambda: link.known.waiting(), "it waits")
            station.process.send_signal(signals.SIGSTOP)
            stopped = asyncio.get_running_loop().time()
            await desk.until(lambda: link.state is LinkState.LOST, "the link is lost")
            assert asyncio.get_running_loop().time() - stopped < 3.0
            await desk.until(lambda: "Not live" in window.frame.title.summary.text(), "it is said")
            desk.press(Qt.Key.Key_F1)
            notice = window.frame.title.notice
            await desk.until(lambda: "link to the station is lost" in notice.text(), "the refusal")
            assert window.at == "queue"
            station.process.send_signal(signals.SIGCONT)
            await desk.until(lambda: link.state is LinkState.LINKED, "the link is back by itself")
            signal(station, "2002", 1, "Nri1/HA3")
            await desk.until(lambda: len(link.known.waiting()) == 2, "what comes after is told")
            assert told == sorted(set(told)), "an entry was told twice, or out of order"
            assert told == list(range(told[0], told[-1] + 1)), "an entry was lost"
            assert not link.known.in_hand(), "the act that was refused happened"
            await desk.close()

        play(app, act)


def test_F3_G5_a_site_goes_in_and_out_of_test_from_the_queue(app: QApplication, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("an")
            window, known = desk.window, desk.link.link.known
            signal(station, "1001", 1, "Nri1/BA7")
            model = window.queue.widget.model
            await desk.until(lambda: known.waiting() and model.row_of(known.waiting()[0].id) is not None, "the row")
            await desk.until(lambda: window.queue.widget.list.view.current_alarm() is not None, "it is chosen")
            desk.press(Qt.Key.Key_F7)
            desk.type("Onderhoud")
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: "S-1" in known.tests, "in test")
            desk.press(Qt.Key.Key_F4)
            await desk.until(lambda: len(window.screens.tests.widget.model.keys()) == 1, "it is listed")
            desk.press(Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
            desk.type("Klaar")
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: not known.tests, "out of test")
            await desk.close()

        play(app, act)
    kinds = [entry["kind"] for entry in exported(data)]
    assert kinds.index("test-on") < kinds.index("test-off")
