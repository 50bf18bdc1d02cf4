"""The queue's rows: order, sections, and that nothing moves before it may (G1, I8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from models.records import AlarmState, AlarmView
from tests.widgets.made import NOW, ago, alarm, cancelled, held, parked
from widgets.queue.model import ALARM_ROLE, QueueModel
from widgets.queue.view import QueueView

OLD, YOUNG = alarm("old", came=ago(80)), alarm("young", came=ago(20))
FIRE = alarm("fire", priority=1, came=ago(1))


@pytest.fixture
def model(qtmodeltester: ModelTester) -> QueueModel:
    """Two waiting alarms in the list; Qt's own rules for models are watched through the whole test."""
    model = QueueModel()
    qtmodeltester.check(model, force_py=True)
    model.know([YOUNG, OLD], NOW)
    model.settle()
    return model


def rows(model: QueueModel) -> list[str]:
    found = []
    for row in range(model.rowCount()):
        section, what = model.section_at(row), model.alarm_at(row)
        found.append(f"[{section.title}]" if section else what.id if what else "?")
    return found


def test_qt_finds_no_fault_with_the_model(model: QueueModel) -> None:
    for known in ([OLD, FIRE, parked("p"), held("h")], [held("fire", priority=1), parked("p")], [], [FIRE, YOUNG]):
        model.know(known, NOW)
        model.tick(NOW)
        model.settle()
    assert rows(model) == ["[Waiting]", "fire", "young"]


def test_G1_priority_then_age_in_three_sections(model: QueueModel) -> None:
    model.know([YOUNG, parked("p"), held("mine"), OLD, alarm("low", priority=4, came=ago(999)), FIRE], NOW)
    model.settle()
    assert rows(model) == ["[Waiting]", "fire", "old", "young", "low", "[Parked]", "p", "[Held]", "mine"]
    assert [model.index(row, 0).data() for row in (0, 5, 7)] == ["Waiting 4", "Parked 1", "Held 1"]


def test_an_empty_queue_still_says_waiting() -> None:
    model = QueueModel()
    model.know([], NOW)
    model.settle()
    assert rows(model) == ["[Waiting]"]


def test_I8_rows_do_not_move_until_they_may(model: QueueModel) -> None:
    before = rows(model)
    moves = []
    for signal in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset, model.layoutChanged):
        signal.connect(lambda *_: moves.append(1))
    model.know([OLD, YOUNG.model_copy(update={"priority": 1, "version": 2}), FIRE, parked("p")], NOW)
    model.know([held("old", came=ago(80)), FIRE], NOW)
    assert rows(model) == before
    assert moves == []
    assert [new.id for new in model.arrivals()] == ["fire"]
    model.settle()
    assert rows(model) == ["[Waiting]", "fire", "[Held]", "old"]
    assert model.arrivals() == []


def test_I8_new_alarms_wait_the_most_urgent_first(model: QueueModel) -> None:
    told = []
    model.arrivals_changed.connect(lambda: told.append(len(model.arrivals())))
    model.know([OLD, YOUNG, alarm("late", came=ago(1)), alarm("early", came=ago(9)), FIRE], NOW)
    assert [new.id for new in model.arrivals()] == ["fire", "early", "late"]
    assert told == [3]
    assert model.in_state(AlarmState.WAITING) == 5, "they are counted"


def test_I8_what_a_row_says_changes_in_place(model: QueueModel) -> None:
    touched = []
    model.dataChanged.connect(lambda first, last, *_: touched.append((first.row(), first.column(), last.column())))
    model.know([OLD, YOUNG.model_copy(update={"words": "Intrusion, 2 zones confirmed"})], NOW)
    assert touched == [(2, 0, 4)]
    assert model.index(2, 2).data() == "Intrusion, 2 zones confirmed"


def test_I8_a_closed_alarm_keeps_its_row_in_grey_until_the_list_may_move(model: QueueModel) -> None:
    touched = []
    model.dataChanged.connect(lambda first, last, *_: touched.append((first.row(), first.column(), last.column())))
    model.know([YOUNG], NOW)
    assert touched == [(1, 0, 4)], "it is painted again"
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("Over: Priority 3")
    assert rows(model) == ["[Waiting]", "old", "young"]
    assert model.is_over("old")
    assert not model.is_over("young")
    assert model.index(0, 0).data() == "Waiting 1", "it counts no more"
    model.know([YOUNG], NOW)
    assert model.is_over("old")
    model.settle()
    assert rows(model) == ["[Waiting]", "young"]
    assert not model.is_over("old")


def test_an_alarm_that_is_known_again_is_not_over(model: QueueModel) -> None:
    model.know([YOUNG], NOW)
    model.know([YOUNG, OLD], NOW)
    assert not model.is_over("old")
    model.settle()
    assert rows(model) == ["[Waiting]", "old", "young"]


def test_I8_the_selection_follows_its_alarm(model: QueueModel, qtbot: QtBot) -> None:
    view = QueueView(model)
    qtbot.addWidget(view)
    view.choose("young")
    kept = QPersistentModelIndex(view.currentIndex())
    chosen: list[AlarmView | None] = []
    view.chosen.connect(chosen.append)
    model.know([FIRE, alarm("second", priority=2), OLD, YOUNG], NOW)
    model.settle()
    assert view.currentIndex().row() == 4
    assert view.current_alarm() == YOUNG
    assert kept.row() == 4
    model.know([YOUNG], NOW)
    model.settle()
    assert view.current_alarm() == YOUNG
    assert chosen == [], "the preview had no reason to change"


def test_E5_a_cancelled_low_alarm_stays_among_the_waiting(model: QueueModel) -> None:
    gone = alarm("low", priority=4, state=AlarmState.CLOSED, cancelled=cancelled(), closed_at=NOW)
    model.know([OLD, gone], NOW)
    model.settle()
    assert rows(model) == ["[Waiting]", "old", "low"]
    assert model.index(0, 0).data() == "Waiting 1"


def test_a_second_repaints_the_times_alone(model: QueueModel) -> None:
    touched = []
    model.dataChanged.connect(lambda first, last, *_: touched.append((first.row(), first.column(), last.column())))
    model.tick(NOW + timedelta(seconds=1))
    assert touched == [(1, 1, 1), (2, 1, 1)]
    assert model.index(1, 1).data() == "1:21"


def test_a_row_is_spoken_whole_and_headings_cannot_be_chosen(model: QueueModel) -> None:
    spoken = model.index(1, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Priority 3 Medium, waiting 1:20, target 1:30, Intrusion")
    assert model.index(1, 0).data(ALARM_ROLE) == OLD
    assert model.flags(model.index(0, 0)) == Qt.ItemFlag.NoItemFlags
    assert [model.index(1, column).data() for column in range(5)] == [
        "3", "1:20", "Intrusion", "Bakkerij Peeters", "Waiting",
    ]  # fmt: skip
