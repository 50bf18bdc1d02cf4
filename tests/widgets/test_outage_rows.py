"""The rows below an outage in the queue, and the list of one of them: nothing moves but by the hand (06d, I8)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from models.records import AlarmView, OutageMember, OutagePart, OutageView, SiteRef
from tests.widgets.made import NOW, ago, alarm, held
from widgets.outage_list import OutageList
from widgets.queue.model import QueueModel
from widgets.queue.view import QueueView

FIGURES = OutageView(lost=2086, back=51, alone=212, checked=3, began_at=ago(90), last_loss_at=ago(30))
ALONE, SECOND, BACK = OutagePart


def outage(figures: OutageView = FIGURES, **changes: object) -> AlarmView:
    """An outage that waits."""
    return alarm("out", kind="outage", site=None, account="", priority=2, words="Outage", outage=figures, **changes)


@pytest.fixture
def view(qtbot: QtBot, qtmodeltester: ModelTester) -> QueueView:
    """An outage above an intrusion; Qt's own rules for models are watched."""
    model = QueueModel()
    qtmodeltester.check(model, force_py=True)
    made = QueueView(model)
    qtbot.addWidget(made)
    made.resize(1200, 600)
    made.show()
    model.know([outage(), alarm("other")], NOW)
    model.settle()
    made.choose("out")
    return made


def rows(view: QueueView) -> list[str]:
    model = view.model()
    assert isinstance(model, QueueModel)
    found = []
    for row in range(model.rowCount()):
        part, of = model.part_at(row), model.alarm_at(row)
        found.append("-" if of is None else f"{of.id}: {part.value}" if part else of.id)
    return found


def said(view: QueueView, row: int) -> list[str]:
    return [view.model().index(row, column).data() for column in range(5)]


def test_right_opens_the_rows_and_left_closes_them_from_any_of_them(view: QueueView) -> None:
    assert rows(view) == ["-", "out", "other"]
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert rows(view) == ["-", "out", "out: alone", "out: second path", "out: back", "other"]
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert len(rows(view)) == 6
    for _ in range(2):
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.current_part() is SECOND
    shown = view.current_alarm()
    assert shown is not None
    assert shown.id == "out"
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert rows(view) == ["-", "out", "other"]
    assert view.current_part() is None
    shown = view.current_alarm()
    assert shown is not None
    assert shown.id == "out"


def test_what_there_is_to_do_is_counted_and_every_system_is_in_one_row(view: QueueView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert said(view, 2) == ["2", "212", "No second path", "not monitored: check one by one", "209 to check, 3 done"]
    assert said(view, 3)[1:] == ["1 874", "Second path up", "still monitored, nothing to do", "no action"]
    assert said(view, 4)[1:] == ["51", "Back", "nothing to do", "no action"]
    spoken = view.model().index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "No second path, of Outage: 212, not monitored: check one by one, 209 to check, 3 done"


def test_I8_counts_change_in_place_and_the_rows_go_where_their_outage_goes(view: QueueView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    model = view.model()
    assert isinstance(model, QueueModel)
    more = FIGURES.model_copy(update={"lost": 2100, "alone": 226})
    model.know([outage(more, version=2), alarm("other"), alarm("fire", priority=1)], NOW)
    assert rows(view) == ["-", "out", "out: alone", "out: second path", "out: back", "other"]
    assert said(view, 2)[1] == "226"
    model.settle()
    assert rows(view)[1:3] == ["fire", "out"]
    assert view.current_part() is ALONE
    model.know([held("out", kind="outage", site=None, priority=2, outage=more), alarm("other")], NOW)
    model.settle()
    assert rows(view) == ["-", "other", "-", "out", "out: alone", "out: second path", "out: back"]
    assert view.current_part() is ALONE
    model.know([alarm("other")], NOW)
    model.settle()
    assert rows(view) == ["-", "other"]
    assert not model.is_open("out")


def test_enter_on_a_row_lists_it_and_never_takes_the_outage(view: QueueView, qtbot: QtBot) -> None:
    taken = []
    view.opened.connect(taken.append)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.listed):
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert taken == []


def member(nth: int, *, second: bool = False, checked: bool = False, town: str = "Gent") -> OutageMember:
    return OutageMember(
        site=SiteRef(id=f"S-{nth:04}", name=f"Site {nth}", town=town),
        account=f"A{nth:04}",
        lost_at=ago(600 - nth / 100),
        second_path=second,
        checked_at=NOW if checked else None,
        checked_by="Claes" if checked else "",
    )


@pytest.fixture
def listed(qtbot: QtBot) -> OutageList:
    made = OutageList("Systems")
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    return made


def names(listed: OutageList) -> list[str]:
    return [each.site.name for each in listed.model.members()]


def test_each_of_thousands_is_found_by_typing_and_by_pages_and_opened(listed: OutageList, qtbot: QtBot) -> None:
    listed.show_part(SECOND)
    listed.show_members(
        [member(nth, second=nth % 2 == 0, town="Aalst" if nth == 4000 else "Gent") for nth in range(5000)]
    )
    assert listed.model.rowCount() == 2500
    assert listed.said.text() == ""
    for _ in range(3):
        QTest.keyClick(listed.field, Qt.Key.Key_PageDown)
    assert listed.view.currentIndex().row() > 20
    QTest.keyClicks(listed.field, "aal 4000")
    assert names(listed) == ["Site 4000"]
    assert listed.said.text() == "1 found"
    with qtbot.waitSignal(listed.open_asked) as asked:
        listed.press_open()
    assert asked.args[0].id == "S-4000"
    listed.field.clear()
    chosen = listed.chosen()
    assert chosen is not None
    assert chosen.account == "A4000"


def test_a_check_goes_on_to_the_next_and_what_is_done_stands_last(listed: OutageList, qtbot: QtBot) -> None:
    listed.show_part(ALONE)
    listed.show_members([member(1), member(2), member(3), member(4, second=True)])
    with qtbot.waitSignal(listed.check_asked) as asked:
        listed.press_check()
    assert asked.args == ["S-0001", True]
    listed.show_members([member(1, checked=True), member(2), member(3), member(4, second=True)])
    assert names(listed) == ["Site 2", "Site 3", "Site 1"]
    chosen = listed.chosen()
    assert chosen is not None
    assert chosen.site.id == "S-0002"
    listed.view.setCurrentIndex(listed.model.index(2))
    assert "checked" in listed.model.path(listed.model.members()[2])
    with qtbot.waitSignal(listed.check_asked) as asked:
        listed.press_check()
    assert asked.args == ["S-0001", False], "pressed again it is taken back"


def test_nothing_is_checked_that_is_still_monitored(listed: OutageList) -> None:
    listed.show_part(SECOND)
    listed.show_members([member(4, second=True)])
    asked = []
    listed.check_asked.connect(lambda *what: asked.append(what))
    listed.press_check()
    assert not listed.can_check()
    assert asked == []


def test_a_row_below_an_outage_is_painted_as_one(view: QueueView, monkeypatch: pytest.MonkeyPatch) -> None:
    QTest.keyClick(view, Qt.Key.Key_Right)
    painted = []
    monkeypatch.setattr(
        "widgets.queue.delegate.paint_part", lambda _p, _b, column, _a, part: painted.append((part, column))
    )
    view.grab()
    assert set(painted) == {(part, column) for part in OutagePart for column in range(5)}
    monkeypatch.undo()
    assert not view.grab().isNull()
