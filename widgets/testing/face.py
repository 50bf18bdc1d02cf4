"""How a test stands, in the words of the board: age, scope, by whom, why and until when, what came (F3, F4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from PySide6.QtCore import QCoreApplication

from models.records import AlarmInTest, PlannedState, PlannedTest, TestView, age_words
from widgets.testing.when import write_minutes, write_when
from widgets.words import clock, day, minute, plural


def _tr(words: str) -> str:
    return QCoreApplication.translate("testing", words)


class Age(Enum):
    """How loud a test's age is (visual.md §5): plain; outlined over 8 h; filled over 24 h or past its end."""

    PLAIN = "plain"
    MARKED = "marked"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Ages:
    """From when on a test is marked, and old; settings of the station."""

    marked: timedelta = timedelta(hours=8)
    old: timedelta = timedelta(hours=24)

    def of(self, test: TestView, now: datetime) -> Age:
        """How loud a test is now."""
        age = now - test.since
        if age >= self.old or test.past_end or (test.ends_at is not None and test.ends_at <= now):
            return Age.OLD
        return Age.MARKED if age >= self.marked else Age.PLAIN


Pair = tuple[str, str]
"""A first line and a second one."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One row of the board."""

    key: str
    section: str
    time: str
    """How long it is in test, or when it begins."""
    age: Age
    cells: tuple[Pair, Pair, Pair, Pair, Pair]
    """Site; scope; by; why and end; signals."""
    tag: bool | None
    """Whole; a part; None: not in test now."""
    loud: bool = False
    """Life safety is in the scope of a part: marked."""
    over: bool = False
    """It ended: grey."""
    test: TestView | None = None
    planned: PlannedTest | None = None

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        site, scope, by, why, signals = self.cells
        return ", ".join(filter(None, (*site, self.time, scope[0], by[0], *why, signals[0])))


def row_of(test: TestView, now: datetime, ages: Ages) -> BoardRow:
    """A test that runs, or that is over: grey, with who ended it in the place of its end."""
    until = test.ended_at or now
    age = Age.PLAIN if test.ended_at is not None else ages.of(test, now)
    section = {
        Age.OLD: _tr("Grown old"),
        Age.MARKED: _tr("Longer than {0} h").format(int(ages.marked.total_seconds() // 3600)),
        Age.PLAIN: _tr("Up to {0} h").format(int(ages.marked.total_seconds() // 3600)),
    }[age]
    since = _tr("since {0}").format(moment(test.since, now))
    scope = _tr("Whole site") if test.whole else _tr("Put aside") if test.shelved else _tr("In part")
    under = since if test.whole else test.scope_words
    if test.life_safety:
        scope = _tr("{0} · life safety").format(scope)
    last = _tr("last {0}").format(clock(test.last_signal_at)) if test.last_signal_at else _tr("none yet")
    came = str(test.signals)
    if test.still_in_alarm:
        came = _tr("{0} · {1} no restoral").format(came, test.still_in_alarm)
    if test.ended_at is not None:
        section = _tr("Over in the last 7 days")
    elif test.shelved and age is Age.PLAIN:
        section = _tr("Put aside")
    return BoardRow(
        key=str(test.id),
        section=section,
        time=age_words(until - test.since),
        age=age,
        cells=(
            (test.site.name, " · ".join(filter(None, (test.site.town, test.site.id)))),
            (scope, under),
            _by(test),
            (test.why, end_words(test, now)),
            (came, last),
        ),
        tag=test.whole,
        loud=test.life_safety and test.ended_at is None,
        over=test.ended_at is not None,
        test=test,
    )


def planned_row(planned: PlannedTest, now: datetime) -> BoardRow:
    """A test that is planned: when it begins next; of one that is expired since when it is, and by whom: grey."""
    site, expired = planned.site, planned.state is PlannedState.EXPIRED
    begins = moment(planned.next_at, now) if planned.next_at is not None else _tr("expired")
    scope = _tr("Whole site") if planned.scope.whole else _tr("In part")
    if planned.life_safety:
        scope = _tr("{0} · life safety").format(scope)
    return BoardRow(
        key=f"planned {planned.id}",
        section=_tr("Planned, expired in the last 30 days") if expired else _tr("Planned"),
        time=begins,
        age=Age.PLAIN,
        cells=(
            (site.name, " · ".join(filter(None, (site.town, site.id)))),
            (scope, planned.scope_words),
            _planned_by(planned),
            (planned.why, _when_words(planned)),
            _expired(planned, now) if expired else ("", _tr("not in test now")),
        ),
        tag=None,
        loud=planned.life_safety and not expired,
        over=expired,
        planned=planned,
    )


def _when_words(planned: PlannedTest) -> str:
    """``every Mon, Thu 10:00 · 30 min``; ``once, 30 min``: when it begins next stands before."""
    length = write_minutes(planned.when.minutes)
    return f"{write_when(planned.when)} · {length}" if planned.when.weekdays else _tr("once, {0}").format(length)


def _expired(planned: PlannedTest, now: datetime) -> Pair:
    """How a plan ended, and when."""
    at = moment(planned.over_at, now) if planned.over_at is not None else ""
    return (_tr("taken back"), f"{planned.over_by}, {at}") if planned.over_by else (_tr("ran out"), at)


def expired_words(planned: PlannedTest, now: datetime) -> str:
    """``taken back · Claes, 17:40``; ``ran out · Mon 23 Nov 10:30``."""
    return " · ".join(_expired(planned, now))


def _planned_by(planned: PlannedTest) -> Pair:
    """As of a test: who asked, and who planned it; of the station's own wish who did, and where."""
    if not planned.asked_how and planned.by in planned.asked_by:
        return planned.by, planned.channel
    return planned.asked_by, _tr("planned by {0}").format(planned.by)


def _by(test: TestView) -> Pair:
    """Who asked, and who set or planned it; of the station's own wish who did, and where."""
    if not test.asked_how and test.by in test.asked_by:
        return test.by, test.channel
    said = _tr("set by {0}") if test.planned is None else _tr("planned by {0}")
    return test.asked_by, said.format(test.by)


def end_words(test: TestView, now: datetime) -> str:
    """``no end``, ``end 22:00``, ``end 18:00 passed``; ``ended 17:40 by Claes``."""
    if test.ended_at is not None:
        return _tr("ended {0} by {1}").format(moment(test.ended_at, now), test.ended_by)
    if test.once:
        return _tr("until quiet, at most {0}").format(moment(test.ends_at or now, now))
    if test.ends_at is None:
        return _tr("no end")
    said = _tr("end {0} passed") if test.past_end or test.ends_at <= now else _tr("end {0}")
    return said.format(moment(test.ends_at, now))


def moment(at: datetime, now: datetime) -> str:
    """The time of day, with the day where it is another one."""
    return minute(at) if at.astimezone().date() == now.astimezone().date() else f"{day(at)} {minute(at)}"


def in_test_words(tests: Sequence[TestView]) -> str:
    """The title of a site that is in test."""
    return _tr("Site in test") if any(test.whole for test in tests) else _tr("Site in test, in part")


def banner(tests: Sequence[TestView], now: datetime) -> str:
    """What the title line says of a site in test: of what, since when, by whom, why (visual.md §3)."""
    said = []
    for test in tests:
        what = _tr("whole site") if test.whole else test.scope_words
        words = _tr("{0} · since {1} ({2}) · by {3} · {4}")
        said.append(words.format(what, moment(test.since, now), age_words(now - test.since), test.asked_by, test.why))
    return "  |  ".join(said)


def scope_words(found: AlarmInTest) -> str:
    """Whether an alarm is in the scope of its site's test: ``This alarm comes from Hall: not in test``."""
    inside, outside = ", ".join(found.inside), ", ".join(found.outside)
    if not inside:
        return _tr("This alarm comes from {0}: not in test").format(outside)
    if outside:
        return _tr("This alarm comes from {0}, not in test, and {1}, in test").format(outside, inside)
    return _tr("This alarm comes from {0}: in test, began before").format(inside)


def summary(tests: Iterable[TestView]) -> str:
    """``37 sites in test · 29 whole, 8 in part``."""
    known = [test for test in tests if not test.shelved]
    aside = sum(1 for test in tests if test.shelved)
    whole = sum(1 for test in known if test.whole)
    sites = len({test.site.id for test in known})
    said = _tr("{0} in test · {1} whole, {2} in part").format(
        plural(sites, _tr("site"), _tr("sites")), whole, len(known) - whole
    )
    return said + (_tr(" · {0} put aside").format(plural(aside, _tr("zone"), _tr("zones"))) if aside else "")
