"""Performance (F6): how fast, how many, how they ended; what is open now (G6; picture 05b)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from widgets.panel import Panel
from widgets.performance.graphs import HoursPlot, MarksPlot
from widgets.performance.load import LoadPlot
from widgets.performance.period import PeriodLine
from widgets.performance.plot import Plot
from widgets.performance.rows import RowsPlot
from widgets.performance.targets import TargetsEditor
from widgets.performance.tiles import Tiles
from widgets.theme import theme


class PerformanceScreen(QWidget):
    """Eight panels; a digit goes to one, arrows choose in it, Enter opens what is chosen."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(gutter, 0, gutter, gutter)
        column.setSpacing(gutter)
        self.period = PeriodLine()
        column.addWidget(self.period)
        self.tiles = Tiles()
        column.addWidget(self.tiles)
        none = self.tr("No alarms in this period.")
        self.marks = MarksPlot(self.tr("Emergencies"), self.tr("No Emergency was answered or late in this period."))
        self.hours = HoursPlot(self.tr("Others in time by hour"), self.tr("No other alarm was answered or late yet."))
        self.late = RowsPlot(self.tr("Late alarms"), self.tr("No alarm was late in this period."))
        self.open = RowsPlot(self.tr("Open now"), self.tr("Nothing is open, and nothing is in test."))
        self.load = LoadPlot(self.tr("Alarms per operator"), self.tr("No operator answered an alarm in this period."))
        self.priorities = RowsPlot(self.tr("By priority"), none)
        self.ends = RowsPlot(
            self.tr("How alarms ended"), self.tr("No alarm of this period has ended."), lines=1, badges=False
        )
        self.sources = RowsPlot(self.tr("Zones that alarm most"), none, badges=False)
        titles = (
            self.tr("Emergency: time until taken, each alarm"),
            self.tr("Others: in time, by hour"),
            self.tr("Late alarms, worst first"),
            self.tr("Open now, oldest first"),
            self.tr("Alarms per operator, per 10 minutes"),
            self.tr("Response by priority"),
            self.tr("How alarms ended"),
            self.tr("Zones that alarm most"),
        )
        self.plots: tuple[Plot, ...] = (
            self.marks,
            self.hours,
            self.late,
            self.open,
            self.load,
            self.priorities,
            self.ends,
            self.sources,
        )
        grid = QGridLayout()
        grid.setSpacing(gutter)
        self.panels: list[Panel] = []
        for nth, (title, plot) in enumerate(zip(titles, self.plots, strict=True)):
            panel = Panel(title, "", str(nth + 1))
            panel.body.addWidget(plot, 1)
            plot.opened.connect(self.opened)
            self.panels.append(panel)
            grid.addWidget(panel, nth // 4, nth % 4)
        for at in range(4):
            grid.setColumnStretch(at, 1)
            grid.setColumnMinimumWidth(at, 0)
        for at in range(2):
            grid.setRowStretch(at, 1)
        holder = QWidget()
        grid.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(grid)
        self.targets = TargetsEditor()
        self.stack = QStackedWidget()
        self.stack.addWidget(holder)
        self.stack.addWidget(self.targets)
        column.addWidget(self.stack, 1)

    def set_targets(self, *, on: bool) -> None:
        """The response targets in place of the plots, or these again."""
        self.stack.setCurrentIndex(1 if on else 0)

    def sets_targets(self) -> bool:
        """Whether the targets are in front."""
        return self.stack.currentWidget() is self.targets

    def say(self, plot: Plot, summary: str) -> None:
        """At the right of a plot's header."""
        self.panels[self.plots.index(plot)].summary.setText(summary)

    def title(self, plot: Plot, words: str) -> None:
        """Another title of a plot."""
        self.panels[self.plots.index(plot)].title.setText(words)

    def go(self, nth: int) -> None:
        """The keyboard to a panel, from 0."""
        self.plots[nth].setFocus()

    def chosen(self) -> Plot | None:
        """The plot that has the keyboard."""
        return next((plot for plot in self.plots if plot.hasFocus()), None)
