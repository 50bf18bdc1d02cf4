"""An opened line of the journal: who, when, from where, why; before and after; the signal and its frame (B5, I9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from models.records import Actor, ActorKind, Entry, EntryDetail
from tests.widgets.made import NOW, entry
from widgets.journal.entry_detail import EntryPane
from widgets.journal.lines_view import EntriesView

CHANGED = entry(
    8_412_301,
    kind="site-changed",
    site="S1",
    site_name="Bakkerij Peeters",
    text="Site file changed: access",
    actor=Actor(kind=ActorKind.OPERATOR, name="Sofie", from_="WS 03, 10.0.0.3"),
)


def words(widget: QWidget) -> list[str]:
    # What was put in a layout just now is shown when it has its place.
    QApplication.processEvents()
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden() and label.text()]


def test_I9_a_change_is_told_with_who_when_where_why_and_field_by_field(show: Callable[[QWidget], None]) -> None:
    pane = EntryPane()
    show(pane)
    pane.show_entry(CHANGED)
    assert (pane.title.text(), pane.summary.text()) == ("Site changed", "line 8\u202f412\u202f301")
    assert not pane.changes.isVisible()
    data = {"part": "details", "before": {"access": ""}, "after": {"access": "Rear door"}, "why": "asked by phone"}
    pane.show_detail(EntryDetail(entry=CHANGED, data=data))
    said = words(pane.facts)
    for part in ("Sofie, staff", "WS 03, 10.0.0.3", "asked by phone", "Bakkerij Peeters, S1"):
        assert part in said
    assert f"{CHANGED.time.astimezone():%H:%M:%S}.000" in said[3]
    assert pane.changes.isVisible()
    assert words(pane.changes)[-3:] == ["Access", "–", "Rear door"]
    assert not pane.signal.isVisible()
    assert "Rear door" not in pane.facts.findChildren(QLabel)[0].text()


def test_B5_a_signal_is_told_event_by_event_with_its_frame(show: Callable[[QWidget], None]) -> None:
    pane = EntryPane()
    show(pane)
    signal = entry(12, kind="signal", actor=Actor(kind=ActorKind.PANEL, name="1001", from_="tcp 10.0.0.7:40112"))
    pane.show_entry(signal)
    event = {
        "code": "OP",
        "qualifier": None,
        "area": "1",
        "address": "04",
        "user": "04",
        "kind": "opening",
        "role": "open",
    }
    raw = '\\n1234003A"SIA-DCS"0001L0#1001[#1001|Nri1/OP04][P******]\\r'
    pane.show_detail(EntryDetail(entry=signal, panel_time=NOW, data={"events": [event], "path": "/0"}, raw=raw))
    assert "1001, system" in words(pane.facts)
    assert words(pane.signal.events)[:2] == ["Event 1", "OP · opening · open"]
    assert "User" in words(pane.signal.events)
    assert pane.signal.frame.text().replace("\u200b", "") == raw
    assert pane.signal.isVisible()
    assert not pane.changes.isVisible()


def test_a_detail_that_comes_late_is_not_shown_beside_another_line(show: Callable[[QWidget], None]) -> None:
    pane = EntryPane()
    show(pane)
    pane.show_entry(entry(13, text="Another line"))
    pane.show_detail(EntryDetail(entry=CHANGED, data={"before": {"access": "a"}, "after": {"access": "b"}}))
    assert not pane.changes.isVisible()
    assert "Another line" in words(pane.facts)


def made(count: int, newest: int) -> list[Entry]:
    return [entry(newest - nth, text=f"Line {newest - nth}", time=NOW - timedelta(minutes=nth)) for nth in range(count)]


def test_G4_older_lines_are_asked_for_at_the_last_one_and_the_chosen_line_stays(
    show: Callable[[QWidget], None],
) -> None:
    view = EntriesView("Journal")
    view.resize(900, 400)
    show(view)
    asked: list[int] = []
    view.older_wanted.connect(lambda: asked.append(view.lines.rowCount()))
    view.know(made(100, 500))
    assert not asked
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert asked
    chosen = view.current()
    assert chosen is not None
    assert chosen.seq == 401
    view.know(made(200, 500))
    assert view.current() == chosen
    # What came meanwhile is put in above.
    view.know(made(203, 503))
    assert view.current() == chosen
    assert view.lines.rowCount() == 203
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert (now := view.current()) is not None
    assert now.seq == 400
