"""The printable report of a test: for whoever asked for it, and for the site's own file (F4).

What was in test, who wanted it, and what came from where; no code word and no telephone number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from console.station.paper import Paper
from models.records import TestDetail, TestPlace, TestView, age_words


class _Times:
    """Times of day as the site's clock shows them, with the day where it is not that of the test's beginning."""

    def __init__(self, zone: ZoneInfo, since: datetime) -> None:
        self._zone, self._day = zone, since.astimezone(zone).date()

    def of(self, at: datetime | None) -> str:
        """``20:50:41``; ``Fri 21 Nov 20:50:41`` on another day; empty for None."""
        if at is None:
            return ""
        local = at.astimezone(self._zone)
        return f"{local:%H:%M:%S}" if local.date() == self._day else f"{local:%a %d %b %H:%M:%S}"

    def full(self, at: datetime) -> str:
        """``Fri 21 Nov 2025 20:50:41``."""
        return f"{at.astimezone(self._zone):%a %d %b %Y %H:%M:%S}"


def report(detail: TestDetail, timezone: str, now: datetime, *, title: str = "Vigie") -> bytes:
    """The PDF of a test that runs or is over; times in the site's time zone."""
    test = detail.test
    times = _Times(ZoneInfo(timezone), test.since)
    state = "over" if test.ended_at is not None else f"still running, as of {times.full(now)}"
    paper = Paper(f"{test.site.name}, {test.site.id} · test {test.id}, {state}")
    paper.set_title(f"Test report of {test.site.name}")
    paper.set_author(title)
    paper.line_of("Test report", 20, bold=True)
    paper.line_of(f"{test.site.name} · {test.site.id}", 13, bold=True)
    paper.line_of(f"{test.site.street}, {test.site.postcode} {test.site.town}".strip(", "), 11)
    paper.ln(3)
    for name, said in _facts(test, times, now):
        paper.line_of(f"{name}: {said}", 11)
    paper.ln(3)
    _still(paper, [place for place in detail.places if place.in_alarm], times, over=test.ended_at is not None)
    expected, others = detail.places[: detail.expected], detail.places[detail.expected :]
    if expected:
        paper.line_of(f"Zones seen: {detail.seen} of {detail.expected}", 13, bold=True)
        paper.line_of("A zone is seen when it told an alarm in this test; a restoral or a trouble alone is not.", 9)
        _places(paper, expected, times)
        paper.ln(3)
    paper.line_of("What else came in this test", 13, bold=True)
    if others:
        _places(paper, others, times)
    else:
        paper.line_of("Nothing.", 11)
    return bytes(paper.output())


def _facts(test: TestView, times: _Times, now: datetime) -> list[tuple[str, str]]:
    until = test.ended_at or now
    if test.ended_at is not None:
        ended = f"{times.full(test.ended_at)} by {test.ended_by}"
    elif test.ends_at is not None:
        ended = f"runs; its end is {times.full(test.ends_at)}" + (" and has passed" if test.past_end else "")
    else:
        ended = "runs; no end is set"
    scope = "Whole site" if test.whole else f"In part: {test.scope_words}"
    last = f", the last {times.of(test.last_signal_at)}" if test.last_signal_at is not None else ""
    facts = [
        ("In test", scope + (" · life safety included" if test.life_safety else "")),
        ("Since", times.full(test.since)),
        ("Until", f"{ended} ({age_words(until - test.since)})"),
        ("Asked by", test.asked_by + (f", known by {test.asked_how}" if test.asked_how else "")),
        ("Set by", f"{test.by}, {test.channel}"),
        ("Why", test.why),
        ("Ticket", test.ticket),
        ("Signals in test", f"{test.signals}{last}"),
    ]
    return [fact for fact in facts if fact[1]]


def _still(paper: Paper, places: Sequence[TestPlace], times: _Times, *, over: bool) -> None:
    paper.line_of("No restoral came" if over else "Still in alarm", 13, bold=True)
    if not places:
        paper.line_of("Everything that told an alarm was restored.", 11)
    for place in places:
        paper.line_of(f"{place.name} · {place.words} · since {times.of(place.alarm_since)}", 11, indent=4)
    paper.ln(3)


def _places(paper: Paper, places: Sequence[TestPlace], times: _Times) -> None:
    paper.table_of(
        ("Place", "State", "First", "Last", "Restored", "Signals"),
        (6, 2, 2.4, 2.4, 2.4, 1.4),
        (
            (
                f"{place.name} · {place.words}" if place.words else place.name,
                _state(place),
                times.of(place.first_at),
                times.of(place.last_at),
                "no restoral" if place.in_alarm else times.of(place.restored_at),
                str(place.signals),
            )
            for place in places
        ),
    )


def _state(place: TestPlace) -> str:
    if place.in_alarm:
        return "in alarm"
    return "seen" if place.seen else "not seen"
