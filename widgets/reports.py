"""Reports by e-mail: those that there are, and the chosen one's settings (G6)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from models.records import HandOverForm, HandOverReport, ReportEvery, ReportView
from widgets.form import Field, Form
from widgets.journal.hand_over_card import LANGUAGES
from widgets.keycap import toned
from widgets.panel import Panel
from widgets.rows import Row, RowsView
from widgets.theme import theme
from widgets.words import day, minute

NEW = "new"


class ReportsScreen(QWidget):
    """The list left, the form right. Ins makes one, Ctrl+Enter saves, Ctrl+Delete removes."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        panel = Panel(self.tr("Reports by e-mail, the next first"), self.tr("Ins: another · Ctrl+Delete: remove"))
        self.view = RowsView(self.tr("Reports by e-mail, the next first"))
        self.empty = toned("", wrap=True)
        self.empty.setContentsMargins(gutter, gutter, gutter, gutter)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        panel.body.addWidget(self.stack, 1)
        self.server = toned("second", wrap=True)
        self.server.setContentsMargins(theme().px(14), theme().px(6), theme().px(14), theme().px(8))
        panel.body.addWidget(self.server)
        row.addWidget(panel, 1100)
        side = Panel(self.tr("Report"), "", "Ctrl+E")
        self.side = side
        self.form = Form(self._fields(), self.tr("Report by e-mail"))
        side.body.addWidget(self.form, 1)
        row.addWidget(side, 784)
        side.hide()

    def _fields(self) -> tuple[Field, ...]:
        reports = (
            (HandOverReport.LINES.value, self.tr("The lines that fit")),
            (HandOverReport.SITE.value, self.tr("Report: activity of the site")),
            (HandOverReport.OPERATOR.value, self.tr("Report: what the operator did")),
        )
        forms = (
            (HandOverForm.PDF.value, self.tr("PDF, for reading")),
            (HandOverForm.XLSX.value, self.tr("XLSX, a workbook")),
            (HandOverForm.CSV.value, self.tr("CSV, a table")),
            (HandOverForm.JSONL.value, self.tr("JSON lines, exact")),
        )
        every = (
            (ReportEvery.DAY.value, self.tr("Every day, of the day before")),
            (ReportEvery.WEEK.value, self.tr("Every week, of the seven days before")),
            (ReportEvery.MONTH.value, self.tr("Every month, of the month before")),
        )
        return (
            Field("name", self.tr("Name"), self.tr("the subject of the e-mail"), longest=100),
            Field("report", self.tr("What"), choices=reports),
            Field("form", self.tr("As"), choices=forms),
            Field("language", self.tr("Language"), choices=tuple((one.value, name) for one, name in LANGUAGES)),
            Field("site", self.tr("Site"), self.tr("its number; empty: all"), longest=40),
            Field("operator", self.tr("Operator"), self.tr("words of the name; empty: all"), longest=200),
            Field("words", self.tr("Words"), self.tr("whole words, all of them; empty: any"), longest=200),
            Field("every", self.tr("How often"), choices=every),
            Field("day", self.tr("On"), self.tr("Mon to Sun, or the day of the month, 1 to 31"), longest=9),
            Field("at", self.tr("At"), self.tr("06:00"), longest=5),
            Field("timezone", self.tr("Time zone"), self.tr("Europe/Brussels"), longest=60),
            Field("to", self.tr("To"), self.tr("an address a line"), longest=5000, lines=3),
            Field("on", "", self.tr("Goes out"), check=True),
        )

    def show_reports(self, reports: Sequence[ReportView], *, new: bool, empty: str, sender: str) -> None:
        """The next first; one that is being made at the end."""
        rows = [
            Row(
                str(one.id),
                one.plan.name,
                ", ".join(one.plan.to),
                self.tr("next {0} {1}").format(day(one.next_at), minute(one.next_at))
                if one.next_at is not None
                else self.tr("off"),
                self._last(one),
                off=one.next_at is None,
            )
            for one in reports
        ]
        if new:
            rows.append(Row(NEW, self.tr("New report"), unsaved=True))
        self.view.know(rows)
        self.empty.setText(empty)
        self.stack.setCurrentIndex(0 if rows else 1)
        self.server.setText(sender)
        # Where there is no row the list says it itself.
        self.server.setVisible(bool(sender) and bool(rows))

    def _last(self, one: ReportView) -> str:
        if one.last_at is None:
            return self.tr("not sent yet")
        how = self.tr("NOT sent") if one.last_failed else self.tr("sent")
        return f"{how} {day(one.last_at)} {minute(one.last_at)}"

    def show_side(self, title: str, said: str) -> None:
        """What the form is of, and how it went last."""
        self.side.title.setText(title)
        self.side.summary.setText(said)
        self.side.show()

    def hide_side(self) -> None:
        """Nothing is chosen."""
        self.side.hide()
