"""One alarm from its first signal to its end: how long it waited, in whose hands it was, who was called (G6)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from models.records import AlarmState, AlarmTimeline, HandSpan
from widgets.badge import PriorityBadge
from widgets.facts import Facts
from widgets.journal.lines_view import EntriesView
from widgets.keycap import retone, toned
from widgets.panel import Panel
from widgets.theme import theme
from widgets.words import clock, dated, duration, headline, plural


class TimelineBar(QWidget):
    """The stretches of an alarm's life side by side, its calls below, and the clock below them."""

    def __init__(self) -> None:
        super().__init__()
        self._timeline: AlarmTimeline | None = None
        self._until: datetime | None = None
        self.setFixedHeight(theme().px(108))

    def tell(self, timeline: AlarmTimeline | None, now: datetime) -> None:
        """Show it; ``now`` is where an alarm that is open ends."""
        self._timeline = timeline
        self._until = now
        said = "; ".join(span_words(span, now) for span in timeline.spans) if timeline is not None else ""
        self.setAccessibleName(said)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        told, now = self._timeline, self._until
        if told is None or now is None:
            return
        look, painter = theme(), QPainter(self)
        left, width = look.px(14), self.width() - 2 * look.px(14)
        begin, end = told.began_at, told.alarm.closed_at or max(now, told.began_at)
        whole = max(1.0, (end - begin).total_seconds())

        def at(moment: datetime) -> float:
            return left + width * min(1.0, max(0.0, (moment - begin).total_seconds() / whole))

        top, height = look.px(10), look.px(34)
        over = told.over_s > 0 or (told.first_act_s is None and _waited(told, now) > told.target_s)
        for span in told.spans:
            box = QRectF(at(span.from_), top, max(2.0, at(span.to or end) - at(span.from_)), height)
            held, missed = span.state == AlarmState.HELD.value, over and span is told.spans[0]
            painter.setPen(QPen(look["ink2"] if missed else look["text3"], 1.5))
            painter.setBrush(look["bg3"] if held else look["bg1"])
            painter.drawRect(box)
            painter.setPen(look["ink2"] if missed else look["text1"])
            painter.setFont(look.font(14, 600 if missed else 400))
            words = painter.fontMetrics().elidedText(
                span_words(span, now), Qt.TextElideMode.ElideRight, int(box.width() - look.px(12))
            )
            if box.width() > look.px(40):
                painter.drawText(box.adjusted(look.px(6), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
        self._paint_calls(painter, [at(call) for call in told.calls], top + height + look.px(8))
        self._paint_clock(painter, begin, end, top + height + look.px(38))

    def _paint_calls(self, painter: QPainter, calls: list[float], top: float) -> None:
        look = theme()
        painter.setFont(look.font(14))
        painter.setPen(look["text3"])
        if calls:
            painter.fillRect(QRectF(look.px(14), top + look.px(18), self.width() - 2 * look.px(14), 1), look["line1"])
        for x in calls:
            painter.fillRect(QRectF(x - 1.5, top, 3, look.px(18)), look["text1"])

    def _paint_clock(self, painter: QPainter, begin: datetime, end: datetime, top: float) -> None:
        look = theme()
        painter.setFont(look.font(14))
        painter.setPen(look["text3"])
        box = QRectF(look.px(14), top, self.width() - 2 * look.px(14), look.px(20))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, clock(begin))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, clock(end))


def span_words(span: HandSpan, now: datetime) -> str:
    """``waiting 1:48``, ``in the hands of A. Peeters 5:16``."""
    long = duration((span.to or now) - span.from_)
    if span.state == AlarmState.HELD.value:
        return QCoreApplication.translate("journal", "in the hands of {0} {1}").format(span.by, long)
    if span.state == AlarmState.PARKED.value:
        return QCoreApplication.translate("journal", "parked by {0} {1}").format(span.by, long)
    return QCoreApplication.translate("journal", "waiting {0}").format(long)


def _waited(told: AlarmTimeline, now: datetime) -> float:
    """Seconds that an alarm waited which nobody took."""
    return ((told.alarm.closed_at or now) - told.alarm.clock_from).total_seconds()


class _Tile(QFrame):
    """One figure: its name, the figure, what it is measured against."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(8))
        column.setSpacing(theme().px(2))
        self.name, self.figure, self.against = toned("label"), toned("figure"), toned("second")
        for label in (self.name, self.figure, self.against):
            column.addWidget(label)

    def tell(self, name: str, figure: str, against: str, *, missed: bool = False) -> None:
        self.name.setText(name)
        self.figure.setText(figure)
        self.against.setText(against)
        retone(self.against, "late" if missed else "second")
        # Only what was missed has a colour (visual.md §1).
        edge = theme()["ink2" if missed else "line1"].name()
        self.setStyleSheet(f"QFrame#panel {{ border: 1px solid {edge}; }}")
        self.setAccessibleName(", ".join((name, figure, against)))


class TimelineView(Panel):
    """The incident view: figures, the bar, every line, and the other alarms of the incident."""

    def __init__(self) -> None:
        super().__init__(self.tr("This alarm, from start to end"), "", "Esc")
        self.badge = PriorityBadge()
        head = QHBoxLayout()
        head.setContentsMargins(theme().px(14), theme().px(10), theme().px(14), theme().px(6))
        head.setSpacing(theme().px(12))
        head.addWidget(self.badge)
        words = QVBoxLayout()
        self.what, self.where = toned("event", wrap=True), toned("second", wrap=True)
        words.addWidget(self.what)
        words.addWidget(self.where)
        head.addLayout(words, 1)
        self.body.addLayout(head)
        grid = QGridLayout()
        grid.setContentsMargins(theme().px(14), theme().px(4), theme().px(14), 0)
        grid.setHorizontalSpacing(theme().px(8))
        self.tiles = [_Tile() for _ in range(4)]
        for nth, tile in enumerate(self.tiles):
            grid.addWidget(tile, 0, nth)
        self.body.addLayout(grid)
        self.bar = TimelineBar()
        self.body.addWidget(self.bar)
        self.facts = Facts(112)
        self.body.addWidget(self.facts)
        self.view = EntriesView(self.tr("Lines of this alarm, oldest first"))
        self.body.addWidget(self.view, 1)
        self.timeline: AlarmTimeline | None = None

    def show_timeline(self, told: AlarmTimeline, now: datetime) -> None:
        """Show it."""
        self.timeline = told
        alarm = told.alarm
        self.badge.show_alarm(alarm)
        self.summary.setText(plural(len(told.lines) + told.more, self.tr("line"), self.tr("lines")))
        self.what.setText(f"{headline(alarm)} · {alarm.place}" if alarm.place else headline(alarm))
        site = f"{alarm.site.name}, {alarm.site.id}" if alarm.site is not None else alarm.account
        self.where.setText(f"{alarm.id} · {site} · {dated(told.began_at)}")
        self._show_tiles(told, now)
        self.bar.tell(told, now)
        self.facts.tell(self._facts(told))
        self.view.know(told.lines)

    def tick(self, now: datetime) -> None:
        """A second passed: what is not over goes on."""
        if self.timeline is not None and self.timeline.closed_s is None:
            self._show_tiles(self.timeline, now)
            self.bar.tell(self.timeline, now)

    def _show_tiles(self, told: AlarmTimeline, now: datetime) -> None:
        first, call, handled, whole = self.tiles
        target = self.tr("target {0}").format(duration(told.target_s))
        if told.first_act_s is None:
            waited = _waited(told, now)
            first.tell(self.tr("Not taken"), duration(waited), target, missed=waited > told.target_s)
        elif told.over_s > 0:
            against = self.tr("{0}, over by {1}").format(target, duration(told.over_s))
            first.tell(self.tr("Taken after"), duration(told.first_act_s), against, missed=True)
        else:
            first.tell(self.tr("Taken after"), duration(told.first_act_s), self.tr("{0}, in time").format(target))
        calls = plural(len(told.calls), self.tr("call"), self.tr("calls"))
        none = self.tr("nobody was called")
        called = duration(told.first_call_s) if told.first_call_s is not None else "–"
        call.tell(self.tr("First call after"), called, calls if told.first_call_s is not None else none)
        hands = {span.by for span in told.spans if span.state == AlarmState.HELD.value}
        held = [span for span in told.spans if span.state == AlarmState.HELD.value]
        seconds = sum(((span.to or now) - span.from_).total_seconds() for span in held)
        in_hand = duration(seconds) if held else "–"
        handled.tell(self.tr("In hand"), in_hand, ", ".join(sorted(hands)) or self.tr("nobody had it"))
        if told.closed_s is None:
            whole.tell(self.tr("Open for"), duration(now - told.began_at), self.tr("not closed yet"))
        else:
            whole.tell(self.tr("Closed after"), duration(told.closed_s), self.tr("since its first signal"))

    def _facts(self, told: AlarmTimeline) -> list[tuple[str, str]]:
        alarm = told.alarm
        pairs = []
        if alarm.disposition is not None:
            ended = " · ".join(part for part in (alarm.disposition.value.replace("-", " "), alarm.close_reason) if part)
            pairs.append((self.tr("How it ended"), f"{ended} · {alarm.closed_by or ''}".rstrip(" ·")))
        if alarm.cancelled is not None:
            by = alarm.cancelled
            said = " · ".join(part for part in (by.by, by.channel, by.why, clock(by.at)) if part)
            pairs.append((self.tr("Cancelled by"), said))
        if told.together:
            others = "; ".join(f"{other.id} {other.words}, {other.state.value}" for other in told.together)
            pairs.append((self.tr("Same incident"), others))
        if told.archived:
            files = ", ".join(part.file for part in told.archived)
            pairs.append((self.tr("Not here"), self.tr("lines in archives that are not mounted: {0}").format(files)))
        if told.more:
            pairs.append((self.tr("Left out"), self.tr("{0} lines in the middle").format(told.more)))
        return pairs
