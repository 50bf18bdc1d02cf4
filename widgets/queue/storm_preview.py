"""The row of a storm profile under the focus bar: what it holds, where, until when, and what can be done (06d)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from models.records import AlarmView, StormDoes, StormView
from widgets.facts import Facts
from widgets.keycap import KeyButton, toned
from widgets.queue.storm_rows import Figures, kinds_words
from widgets.theme import theme
from widgets.words import clock, duration, plural

_TOWNS = 5


class StormRowPreview(QFrame):
    """Facts of one row, and its keys."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        pad = theme().px(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(pad, pad, pad, pad)
        column.setSpacing(theme().px(6))
        self._title = toned("event", wrap=True)
        self._said = toned("", wrap=True)
        self._facts = Facts()
        self._hint = toned("second", wrap=True)
        for widget in (self._title, self._said, self._facts):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self._hint)
        self.open = KeyButton(self.tr("Open its alarms"), "→")
        self.bulk = KeyButton(self.tr("Close several"), "Ctrl+F10")
        self.profile = KeyButton(self.tr("Storm profiles"), "Alt+M")
        # As narrow as the previews it takes turns with: the list beside it must not move.
        for buttons in ((self.open, self.profile), (self.bulk,)):
            row = QHBoxLayout()
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
            column.addLayout(row)

    def show_row(
        self, figures: Figures, alarms: Sequence[AlarmView], storm: StormView | None, now: datetime, *, may_close: bool
    ) -> None:
        """How the row stands now."""
        mark = figures.mark
        grouped = mark.does is StormDoes.GROUP
        self._title.setText(self.tr("Storm “{0}”").format(mark.name))
        many = plural(figures.alarms, self.tr("alarm"), self.tr("alarms"))
        sites = plural(figures.sites, self.tr("site"), self.tr("sites"))
        words = self.tr("{0} at {1}, in one row") if grouped else self.tr("{0} at {1}, not presented yet")
        self._said.setText(words.format(many, sites))
        towns = Counter(alarm.site.town for alarm in alarms if alarm.site is not None and alarm.site.town)
        named = ", ".join(f"{town} {count}" for town, count in towns.most_common(_TOWNS))
        more = len(towns) - _TOWNS
        pairs = [
            (self.tr("Kinds"), kinds_words(figures.kinds)),
            (self.tr("Where"), named + (self.tr(" and {0} more").format(more) if more > 0 else "")),
            (self.tr("Oldest"), self.tr("{0} ago").format(duration(now - figures.oldest))),
        ]
        if not grouped:
            pairs.append((self.tr("Next"), self.tr("presented at {0}").format(clock(figures.next_at))))
        if storm is not None:
            until = self.tr("{0}: then all that stands is presented, each with its own time")
            pairs.append((self.tr("Until"), until.format(clock(storm.ends_at))))
            pairs.append((self.tr("Covers"), storm.scope_words))
            pairs.append((self.tr("Why"), f"{storm.why} · {storm.by}"))
        pairs.append(
            (self.tr("Not held"), self.tr("life safety, intrusion and whatever is unknown: own rows, as ever"))
        )
        self._facts.tell(pairs)
        self._hint.setText(self.tr("Below the row Enter takes an alarm and F3 opens its site file; ← closes the row."))
        self.bulk.setVisible(may_close)
        self.setAccessibleName(f"{self._title.text()}, {self._said.text()}")
