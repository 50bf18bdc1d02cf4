"""The queue's rows: order, sections, and that nothing moves before it may (G1, I8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
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
    model.dataChanged.connect(
        lambda first, last, *_: touched.append((range(first.row(), last.row() + 1), first.column(), last.column()))
    )
    model.tick(NOW + timedelta(seconds=1))
    assert {(first, last) for _, first, last in touched} == {(1, 1)}
    assert {row for rows, *_ in touched for row in rows} >= {1, 2}
    assert model.index(1, 1).data() == "1:21"


def test_a_row_is_spoken_whole_and_headings_cannot_be_chosen(model: QueueModel) -> None:
    spoken = model.index(1, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Priority 3 Medium, waiting 1:20, target 1:30, Intrusion")
    assert model.index(1, 0).data(ALARM_ROLE) == OLD
    assert model.flags(model.index(0, 0)) == Qt.ItemFlag.NoItemFlags
    assert [model.index(1, column).data() for column in range(5)] == [
        "3", "1:20", "Intrusion", "Bakkerij Peeters", "Waiting",
    ]  # fmt: skip


def test_an_alarm_that_is_taken_is_one_move_and_the_others_stand_still() -> None:
    many = [alarm(f"A{nth:03}", came=ago(90 - nth)) for nth in range(40)]
    model = QueueModel()
    model.know(many, NOW)
    inserted: list[tuple[int, int]] = []
    moved: list[tuple[int, int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.rowsMoved.connect(lambda _from, first, last, _to, row: moved.append((first, last, row)))
    model.settle()
    assert inserted == [(0, 40)]
    model.know([many[0].model_copy(update={"state": AlarmState.HELD}), *many[1:]], NOW)
    model.settle()
    assert moved == [(1, 1, 41)]
    assert model.row_of("A001") == 1
    assert model.row_of("A000") == 41


@given(st.permutations(range(12)))
def test_rows_come_into_any_order_by_moves(order: list[int]) -> None:
    alarms = [alarm(f"A{nth:02}", came=ago(90 - nth)) for nth in range(12)]
    model = QueueModel()
    model.know(alarms, NOW)
    model.settle()
    picked = QPersistentModelIndex(model.index(model.row_of("A05") or 0, 0))
    aged = {f"A{nth:02}": NOW - timedelta(seconds=90 - at) for at, nth in enumerate(order)}
    model.know([each.model_copy(update={"clock_from": aged[each.id]}) for each in alarms], NOW)
    model.settle()
    assert [model.index(row, 0).data(ALARM_ROLE).id for row in range(1, 13)] == [f"A{nth:02}" for nth in order]
    assert picked.data(ALARM_ROLE).id == "A05"


def test_a_list_that_moved_keeps_headings_low_and_across(qtbot: QtBot) -> None:
    model = QueueModel()
    view = QueueView(model)
    qtbot.addWidget(view)
    for known in ([OLD, YOUNG, held("h")], [held("old"), YOUNG, parked("p")], [OLD, FIRE]):
        model.know(known, NOW)
        model.settle()
        headings = [row for row in range(model.rowCount()) if model.section_at(row) is not None]
        alarms = [row for row in range(model.rowCount()) if row not in headings]
        assert {view.rowHeight(row) for row in headings} == {27}
        assert {view.rowHeight(row) for row in alarms} == {50}
        assert {row for row in range(model.rowCount()) if view.columnSpan(row, 0) == 5} == set(headings)
