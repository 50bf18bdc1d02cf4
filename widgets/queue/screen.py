"""The queue screen: list left, preview and activity right (visual.md §6, 01)."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from widgets.queue.activity import Activity
from widgets.queue.bulk_card import BulkCard
from widgets.queue.model import QueueModel
from widgets.queue.part_preview import PartPreview
from widgets.queue.preview import Preview
from widgets.queue.storm_preview import StormRowPreview
from widgets.queue.view import QueueList
from widgets.theme import theme


class QueueScreen(QWidget):
    """Puts the parts together; the desk fills them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.model = QueueModel()
        self.list = QueueList(self.model)
        self.preview, self.part, self.storm = Preview(), PartPreview(), StormRowPreview()
        self.previews = QStackedWidget()
        self.previews.addWidget(self.preview)
        self.previews.addWidget(self.part)
        self.previews.addWidget(self.storm)
        self.bulk = BulkCard()
        self.bulk.hide()
        self.activity = Activity()
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        row.addWidget(self.list, 1272)
        self.side = QVBoxLayout()
        self.side.setSpacing(gutter)
        self.side.addWidget(self.bulk, 885)
        self.side.addWidget(self.previews, 585)
        self.side.addWidget(self.activity, 300)
        holder = QWidget()
        holder.setLayout(self.side)
        self.side.setContentsMargins(0, 0, 0, 0)
        row.addWidget(holder, 612)

    def close_several(self, *, on: bool) -> None:
        """The card for closing several in place of preview and activity, or these again."""
        self.bulk.setVisible(on)
        self.previews.setVisible(not on)
        self.activity.setVisible(not on)
