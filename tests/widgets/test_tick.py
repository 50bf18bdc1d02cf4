"""Ticked boxes carry a mark, in both themes: colour alone is none (visual.md §2)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionButton, QStyleOptionViewItem, QWidget

from tests.widgets.test_testing_card import FILE
from widgets import theme
from widgets.testing.scope_picker import ScopePicker
from widgets.tick import TickBox


@pytest.fixture(params=["dark", "light"])
def look(request: pytest.FixtureRequest, qapp: QApplication) -> theme.Theme:
    theme.apply(qapp, request.param)
    return theme.theme()


def inside(widget: QWidget, box: QRect) -> set[str]:
    """The colours within a box, its border left out."""
    image = widget.grab(box.adjusted(3, 3, -3, -3)).toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_a_ticked_box_shows_its_mark(look: theme.Theme, show: Callable[[QWidget], None]) -> None:
    box = TickBox("words")
    show(box)
    option = QStyleOptionButton()
    box.initStyleOption(option)
    where = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
    assert inside(box, where) == {look["field"].name()}
    box.setChecked(True)
    assert {look["field"].name(), look["text1"].name()} <= inside(box, where)


def test_a_ticked_kind_shows_its_mark(look: theme.Theme, show: Callable[[QWidget], None]) -> None:
    picker = ScopePicker()
    picker.resize(700, 500)
    show(picker)
    picker.show_site(FILE, None)
    tree = picker.kinds
    for row, ticked in ((0, True), (2, False)):
        index = tree.model().index(row, 0)
        option = QStyleOptionViewItem()
        tree.initViewItemOption(option)
        option.rect = tree.visualRect(index)
        tree.itemDelegate().initStyleOption(option, index)
        box = tree.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, tree)
        seen = inside(tree.viewport(), box)
        assert ({look["test"].name(), look["ontest"].name()} <= seen) is ticked, (row, seen)


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).resolve().parents[2] / "widgets").rglob("*.py")), ids=lambda file: file.stem
)
def test_no_screen_makes_a_box_of_its_own(file: Path) -> None:
    """The style paints no mark into a plain one, and Space lets new alarms into the queue instead."""
    assert "QCheckBox(" not in file.read_text().replace("class TickBox(QCheckBox)", "")
