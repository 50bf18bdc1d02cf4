"""Contacts and steps are put in order by dragging (C1): the list tells the order, the station moves the rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtWidgets import QWidget

from widgets.rows import Row, RowsView

NAMES = ("an", "bert", "carl", "dora")
MOVE = Qt.DropAction.MoveAction


@pytest.fixture
def view(show: Callable[[QWidget], None]) -> RowsView:
    shown = RowsView("Contacts")
    shown.setDragDropMode(shown.DragDropMode.InternalMove)
    show(shown)
    shown.know([Row(name, name.capitalize()) for name in NAMES])
    return shown


@pytest.mark.parametrize(
    ("dragged", "before", "order"),
    [
        (3, 0, ["dora", "an", "bert", "carl"]),
        (0, 4, ["bert", "carl", "dora", "an"]),
        (0, 2, ["bert", "an", "carl", "dora"]),
        (2, 1, ["an", "carl", "bert", "dora"]),
        (1, 1, list(NAMES)),
        (1, 2, list(NAMES)),
    ],
)
def test_C1_a_dragged_row_goes_before_the_row_it_is_let_go_at(
    view: RowsView, dragged: int, before: int, order: list[str]
) -> None:
    told: list[list[str]] = []
    view.rows.dropped.connect(told.append)
    data = view.rows.mimeData([view.rows.index(dragged)])
    assert view.rows.canDropMimeData(data, MOVE, before, 0, QModelIndex())
    view.rows.dropMimeData(data, MOVE, before, 0, QModelIndex())
    assert told == [order]
    assert [one.key for one in view.rows.rows()] == list(NAMES), "the rows move when the station says so"


def test_C1_below_the_last_row_is_the_end(view: RowsView) -> None:
    told: list[list[str]] = []
    view.rows.dropped.connect(told.append)
    view.rows.dropMimeData(view.rows.mimeData([view.rows.index(0)]), MOVE, -1, -1, QModelIndex())
    assert told == [["bert", "carl", "dora", "an"]]


def test_C1_only_rows_of_the_list_are_let_go_there_and_none_on_another(view: RowsView) -> None:
    told: list[list[str]] = []
    view.rows.dropped.connect(told.append)
    text = QMimeData()
    text.setText("an")
    assert not view.rows.canDropMimeData(text, MOVE, 0, 0, QModelIndex())
    stranger = QMimeData()
    stranger.setData(view.rows.mimeTypes()[0], b"somebody of another list")
    assert not view.rows.dropMimeData(stranger, MOVE, 0, 0, QModelIndex())
    flags = view.rows.flags(view.rows.index(0))
    assert flags & Qt.ItemFlag.ItemIsDragEnabled
    assert not flags & Qt.ItemFlag.ItemIsDropEnabled
    assert not told
