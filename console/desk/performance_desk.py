"""The presenter of Performance (F6): which period, its figures, and what each of them leads to (G6)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from console.desk import figures as made
from console.desk.place import Desk
from models.records import (
    EarlierFigures,
    Entry,
    ErrorBody,
    ErrorCode,
    JournalFilter,
    Performance,
    Priority,
    ResponseProfile,
)
from widgets.performance.period import PERIODS, BadPeriod
from widgets.performance.plot import Lead
from widgets.performance.screen import PerformanceScreen
from widgets.performance.targets import body_of
from widgets.words import clock, plural

_AGAIN_S, _HEARD_S = 60.0, 10.0
"""A period that goes on until now is asked for anew so often, while it is in sight; sooner where an alarm changed."""
_REST = 20
"""Figures that took long to make are asked for less often: so many times as long lies between."""


class PerformanceDesk(QObject):
    """See :class:`console.desk.place.Place`. ``show_lines`` opens the journal by a filter."""

    def __init__(self, desk: Desk, show_lines: Callable[[JournalFilter], None]) -> None:
        super().__init__()
        self._desk, self._show_lines = desk, show_lines
        self.widget = PerformanceScreen()
        self.figures: Performance | None = None
        self.handling = False
        self._turn = 0
        self._loading = False
        self._asked_at = float("-inf")
        self._took_s = 0.0
        self._heard = False
        self.group = ""
        """The customer group whose sites the figures are of; empty: all."""
        self._groups: tuple[str, ...] = ()
        self.earlier: EarlierFigures | None = None
        """The twelve months before, of the group that is shown."""
        self._earlier_of: tuple[str, str, str] | None = None
        """The day before which, the group and the targets that they were asked for."""
        self.widget.opened.connect(self._open)
        self.widget.targets.wanted.connect(self._save_targets)
        self.widget.period.wanted.connect(self._choose)

    # -- Place ------------------------------------------------------------------------------------

    def title(self) -> tuple[str, str, bool]:
        """Of which profile, as of when."""
        told = self.figures
        if told is None:
            return self.tr("Performance"), self.tr("updating") if self._loading else "", False
        name = self.tr("the station's targets") if told.profile == "default" else told.profile
        parts = [self.tr("receipt to the first act of an operator"), name, self.tr("tests left out")]
        parts.append(self.tr("as of {0}").format(clock(told.until)))
        if told.group:
            parts.insert(0, self.tr("{0} alone").format(told.group))
        return self.tr("Performance"), " · ".join(parts), False

    def can(self, command: str) -> bool:
        """What the screen knows to do now."""
        if self.widget.sets_targets():
            return command in ("save", "take-back", "back")
        if command in ("move-up", "move-down"):
            return bool(self._groups)
        return command.startswith("digit-") or command in (
            "edit",
            "next",
            "back",
            "filter",
            "period-next",
            "period-previous",
            "handling-time",
        )

    def do(self, command: str) -> None:
        """One command."""
        screen = self.widget
        if screen.sets_targets():
            self._do_targets(command)
        elif command == "edit":
            self._ask_targets()
        elif command in ("move-up", "move-down"):
            self._next_group(1 if command == "move-down" else -1)
        elif command.startswith("digit-"):
            screen.go(int(command[-1]) - 1)
        elif command in ("period-next", "period-previous"):
            # The typed one has a key of its own.
            named = PERIODS[:-1]
            at = named.index(screen.period.which) if screen.period.which in named else 0
            self._choose(named[(at + (1 if command == "period-next" else -1)) % len(named)])
        elif command == "handling-time":
            self.handling = not self.handling
            self._show_late()
        elif command == "filter":
            screen.period.begin()
        elif command == "back":
            self._back()
        elif command == "next":
            self._next()

    def _next(self) -> None:
        if self.widget.period.typing():
            self._choose("typed")
            return
        plot = self.widget.chosen()
        spot = plot.current() if plot is not None else None
        if spot is not None:
            self._open(spot.lead)

    def _back(self) -> None:
        if self.widget.period.typing():
            self.widget.period.refuse("")
            self.widget.go(0)
        else:
            self._desk.go("queue")

    # -- customer groups ---------------------------------------------------------------------------

    def _next_group(self, by: int) -> None:
        """All sites, then group by group."""
        known = ("", *self._groups)
        at = known.index(self.group) if self.group in known else 0
        self._of_group(known[(at + by) % len(known)])

    def _of_group(self, group: str) -> None:
        self.group = group
        self.load()

    # -- the targets --------------------------------------------------------------------------------

    def _ask_targets(self) -> None:
        async def ask() -> None:
            kept = ResponseProfile.model_validate(await self._desk.link.get("/v1/performance/targets"))
            self.widget.targets.show_targets(kept)
            self.widget.set_targets(on=True)
            self.widget.targets.form.begin()

        self._desk.run(ask())

    def _do_targets(self, command: str) -> None:
        form = self.widget.targets.form
        if command == "save":
            form.press_save()
        elif command == "take-back":
            form.take_back()
        elif command == "back":
            self.widget.set_targets(on=False)
            self.widget.go(0)

    def _save_targets(self, values: dict[str, str | bool]) -> None:
        editor = self.widget.targets
        if editor.kept is None:
            return
        body = body_of(values, editor.kept.version)

        async def save() -> None:
            kept = await self._desk.patiently(self._desk.link.act("/v1/performance/targets", body))
            editor.form.take_in()
            editor.show_targets(ResponseProfile.model_validate(kept))
            self._do_targets("back")
            self.load()

        def refused(error: ErrorBody) -> None:
            editor.form.refuse(error.sentence, error.field)
            if error.code is ErrorCode.CHANGED:
                self._ask_targets()

        self._desk.run(save(), refused)

    def _open(self, lead: Lead) -> None:
        if isinstance(lead, JournalFilter):
            self._show_lines(lead)
        elif lead and lead.startswith(made.OF_GROUP):
            self._of_group(lead.removeprefix(made.OF_GROUP))
        elif lead:
            self._desk.go(lead)

    def enter(self) -> None:
        """To the front: what was shown stays in sight until the answer."""
        self._show_open()
        self.load()
        if self.widget.chosen() is None:
            self.widget.go(0)

    def refresh(self) -> None:
        """Alarms or tests changed."""
        if self.widget.isVisible():
            self._show_open()

    def tick(self, now: datetime) -> None:
        """A second passed: what is open grows older."""
        self._show_open()
        typed = self.widget.period
        ended = typed.which == "typed" and bool(typed.fields["to"].text().strip())
        rest = max(_HEARD_S if self._heard else _AGAIN_S, _REST * self._took_s)
        if not ended and not typed.typing() and not self._loading and time.monotonic() - self._asked_at > rest:
            self.load()

    def heard(self, entry: Entry) -> None:
        """The journal grew: an alarm changed, and its figures with it."""
        self._heard = self._heard or entry.alarm is not None

    def signed_out(self) -> None:
        """Nothing stays in sight."""
        self._turn += 1
        self.figures, self._loading, self.handling = None, False, False
        self.earlier = self._earlier_of = None
        self.group, self._groups, self.widget.targets.kept = "", (), None
        self.widget.set_targets(on=False)
        self.widget.period.choose("day")
        self.widget.period.refuse("")
        self._show()

    # -- asking -----------------------------------------------------------------------------------

    def _choose(self, which: str) -> None:
        before = self.widget.period.which
        self.widget.period.choose(which)
        if self.load():
            if which == "typed" and self.widget.period.typing():
                self.widget.go(0)
        else:
            self.widget.period.choose(before)

    def load(self) -> bool:
        """Ask for the period's figures; False where what was typed is no period."""
        if self._desk.link.session is None:
            return False
        try:
            begin, end = self.widget.period.period(self._desk.link.now())
        except BadPeriod as bad:
            self.widget.period.refuse(str(bad), bad.field)
            return False
        self._turn += 1
        turn, self._loading, self._asked_at, self._heard = self._turn, True, time.monotonic(), False
        query = {"from": begin.isoformat()} | ({"to": end.isoformat()} if end is not None else {})
        query |= {"group": self.group} if self.group else {}

        async def load() -> None:
            told = Performance.model_validate(await self._desk.link.get("/v1/performance", **query))
            if turn != self._turn:
                return
            self._loading, self.figures = False, told
            if not told.group:
                self._groups = tuple(one.group for one in told.groups)
            self._took_s = time.monotonic() - self._asked_at
            self._ask_earlier(told)
            self.widget.period.refuse("")
            self._show()
            self._desk.changed()

        def refused(body: ErrorBody) -> None:
            if turn == self._turn:
                self._loading = False
                self.widget.period.refuse(body.sentence, body.field or "")

        self._desk.run(load(), refused)
        return True

    def _ask_earlier(self, told: Performance) -> None:
        """The year before is read once a day, a group and a set of targets: it hardly changes, and it takes a while."""
        asked = (f"{told.from_:%Y-%m-%d}", told.group, told.profile)
        if asked == self._earlier_of:
            return
        self._earlier_of, self.earlier = asked, None
        query = {"to": told.from_.isoformat()} | ({"group": told.group} if told.group else {})

        async def ask() -> None:
            found = EarlierFigures.model_validate(await self._desk.link.get("/v1/performance/earlier", **query))
            if self._earlier_of == asked:
                self.earlier = found
                self._show_open()

        # Without it nothing is compared; what is measured now is shown all the same.
        self._desk.run(ask(), lambda _body: None)

    # -- showing ----------------------------------------------------------------------------------

    def _show(self) -> None:
        screen, told = self.widget, self.figures
        if told is None:
            for plot in screen.plots:
                plot.know([])
                screen.say(plot, "")
            return
        screen.period.show_period(told.from_, told.to)
        screen.period.show_groups(known=bool(self._groups))
        by = {one.priority: one for one in told.priorities}
        emergency, other = by[Priority.EMERGENCY], by[Priority.HIGH]
        screen.marks.show_marks(told.emergencies, made.mark_spots(told), (told.from_, told.to), emergency.targets)
        screen.say(screen.marks, plural(emergency.opened, self.tr("alarm"), self.tr("alarms")))
        screen.hours.show_bars(made.hour_bars(told), other.targets)
        screen.load.show_operators(told.operators, made.slot_words, made.slot_lead)
        screen.priorities.show_rows([*made.priority_rows(told), *made.group_rows(told)])
        screen.say(screen.priorities, self.tr("first / second target, alarms"))
        screen.ends.show_rows(made.end_rows(told))
        if told.closed:
            rate = f"{100 * told.false_alarms / told.closed:.1f}%"
            screen.say(screen.ends, self.tr("false {0} of {1}").format(rate, told.closed))
        else:
            screen.say(screen.ends, "")
        screen.sources.show_rows(made.source_rows(told))
        screen.say(screen.sources, self.tr("signals"))
        self._show_late()
        self._show_open()

    def _show_late(self) -> None:
        screen, told = self.widget, self.figures
        if told is None:
            return
        some, count = (told.late_handling, told.late_handling_count) if self.handling else (told.late, told.late_count)
        screen.title(screen.late, self.tr("Late until closed") if self.handling else self.tr("Late until taken"))
        screen.late.show_rows(made.late_rows(some))
        words = self.tr("{0}  Alt+H")
        if count > len(some):
            words = self.tr("worst {1} of {0}  Alt+H")
        screen.say(screen.late, words.format(count, len(some)))

    def _show_open(self) -> None:
        known, now = self._desk.link.known, self._desk.link.now()
        alarms = list(known.alarms.values())
        tests, old = known.tests_by_age(), known.grown_old(now)
        self.widget.open.show_rows(made.open_rows(alarms, tests, old, now))
        if self.figures is not None:
            self.widget.tiles.show_tiles(made.tiles(self.figures, alarms, now, self.earlier))
