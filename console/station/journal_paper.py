"""Reports of the journal on paper: its lines, the activity of a site, one incident, the work of an operator (G6).

Nothing here is a secret: none was journaled (I9).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from console.station.paper import Paper
from console.station.rules.journal_selection import said
from console.station.rules.journal_words import group_of
from console.station.store.handover_facts import AlarmFact, Facts, Incident, SitePlace
from models.records import ERASED, ActorKind, AlarmTimeline, HandSpan, JournalGroup, Priority

Told = Callable[[int], None]
_AT_ONCE = 60
"""Lines of a table; the heads are said again above each. Whoever does not want it any more is heard between."""
_GROUPS = {
    JournalGroup.SIGNAL: "Signals",
    JournalGroup.ARMED: "Armed and disarmed",
    JournalGroup.ALARM: "Alarms opened and grown",
    JournalGroup.TAKEN: "Taken, parked, given back",
    JournalGroup.CALL: "Calls, steps, notes",
    JournalGroup.CLOSED: "Closed",
    JournalGroup.CANCELLED: "Cancelled",
    JournalGroup.TEST: "Tests",
    JournalGroup.FILE: "Changes of the site file",
    JournalGroup.HOURS: "Changes of hours",
    JournalGroup.ACCESS: "Codes and identification",
    JournalGroup.SIGN_IN: "Signed in and out",
    JournalGroup.STATION: "The station itself",
}
_STATES = {"waiting": "waiting", "held": "in hand of", "parked": "parked by"}


class _Times:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def day(self, at: datetime) -> str:
        """``Fri 21 Nov 2025``."""
        return f"{at.astimezone(self._zone):%a %d %b %Y}"

    def clock(self, at: datetime) -> str:
        """``20:50:41``."""
        return f"{at.astimezone(self._zone):%H:%M:%S}"

    def full(self, at: datetime) -> str:
        """``Fri 21 Nov 2025 20:50:41``."""
        return f"{self.day(at)} {self.clock(at)}"

    @property
    def name(self) -> str:
        """The zone, for people."""
        return self._zone.key


def lines_report(facts: Facts, zone: ZoneInfo, now: datetime, told: Told) -> bytes:
    """The lines that a filter selects, by day."""
    times = _Times(zone)
    paper = _begun("Journal", said(facts.asked), times, now)
    paper.line_of(f"Selected: {said(facts.asked)}", 11)
    paper.line_of(f"Lines: {len(facts.lines):,}", 11)
    _clock_note(paper, times)
    _days(paper, facts.lines, times, told, sites=True)
    return bytes(paper.output())


def site_report(facts: Facts, _zone: ZoneInfo, now: datetime, told: Told) -> bytes:
    """What happened at a site in a period: counts, alarms with their response, every line; in the site's time."""
    assert facts.site is not None
    times = _Times(facts.site.zone)
    paper = _begun("Site activity", f"{facts.site.name} · {facts.site.id}", times, now)
    _site(paper, facts.site)
    _period(paper, facts, times)
    paper.ln(2)
    _counts(paper, facts.lines)
    _alarms(paper, "Alarms of the period", facts, times)
    _days(paper, facts.lines, times, told, sites=False)
    return bytes(paper.output())


def operator_report(facts: Facts, zone: ZoneInfo, now: datetime, told: Told) -> bytes:
    """What members of staff of a name did in a period: alarms taken and how soon, how they ended, every line."""
    times = _Times(zone)
    who = sorted({line["actor"]["name"] for line in facts.lines if line["actor"]["kind"] == ActorKind.OPERATOR.value})
    people = ", ".join(who) or facts.asked.operator
    paper = _begun("Operator report", people, times, now)
    paper.line_of(people, 13, bold=True)
    if facts.site is not None:
        _site(paper, facts.site)
    _period(paper, facts, times)
    acted = [alarm for alarm in facts.alarms if alarm.first_act_s is not None]
    if acted:
        in_time = sum(alarm.in_time for alarm in acted)
        middle = _span(median(alarm.first_act_s or 0.0 for alarm in acted))
        paper.line_of(f"First act in time: {in_time} of {len(acted)} alarms; half of them within {middle}", 11)
    paper.ln(2)
    _counts(paper, facts.lines)
    ended = Counter(
        str((line["data"] or {}).get("disposition") or "none said") for line in facts.lines if line["kind"] == "closed"
    )
    if ended:
        paper.line_of("How closed alarms ended", 13, bold=True)
        paper.table_of(("Disposition", "Alarms"), (6, 1), [(_name(name), str(n)) for name, n in ended.most_common()])
        paper.ln(3)
    _alarms(paper, "Alarms in hand", facts, times)
    _days(paper, facts.lines, times, told, sites=True)
    return bytes(paper.output())


def incident_report(incident: Incident, zone: ZoneInfo, now: datetime, told: Told) -> bytes:
    """One alarm: response times, who had it, calls, how it ended, every line; in the time of its site."""
    line, site = incident.timeline, incident.site
    alarm, times = line.alarm, _Times(site.zone if site is not None else zone)
    state = "closed" if alarm.closed_at is not None else "open still"
    paper = _begun("Incident report", f"{alarm.words} · alarm {alarm.id}, {state}", times, now)
    paper.line_of(alarm.words + (f" · {alarm.place}" if alarm.place else ""), 13, bold=True)
    if site is not None:
        _site(paper, site)
    for name, words in _incident_facts(line, times):
        paper.line_of(f"{name}: {words}", 11)
    _clock_note(paper, times)
    paper.line_of("Who had it", 13, bold=True)
    rows = [
        (times.full(span.from_), _hand(span), _span(((span.to or now) - span.from_).total_seconds()))
        for span in line.spans
    ]
    paper.table_of(("From", "", "For"), (3, 6, 2), rows)
    paper.ln(3)
    calls = [entry for entry in line.lines if entry.kind == "call"]
    paper.line_of(f"Calls: {len(calls)}", 13, bold=True)
    if calls:
        rows = [(times.clock(entry.time), entry.text, entry.actor.name) for entry in calls]
        paper.table_of(("Time", "Call and its outcome", "By"), (2, 8, 3), rows)
    paper.ln(3)
    paper.line_of("From start to end", 13, bold=True)
    if line.more:
        paper.line_of(f"{line.more:,} lines in the middle are left out: CSV has all of them.", 11)
    lines = [
        {
            "time": entry.time,
            "text": entry.text,
            "actor": {"kind": entry.actor.kind.value, "name": entry.actor.name},
            "in_test": entry.in_test,
            "site_name": None,
        }
        for entry in line.lines
    ]
    _days(paper, lines, times, told, sites=False)
    if line.together:
        paper.line_of("Other alarms of the same incident", 13, bold=True)
        others = [(other.id, other.words, times.full(other.opened_at)) for other in line.together]
        paper.table_of(("Alarm", "", "Opened"), (3, 6, 4), others)
    return bytes(paper.output())


# -- parts of them ------------------------------------------------------------------------------


def _begun(title: str, of: str, times: _Times, now: datetime) -> Paper:
    paper = Paper(f"{title} · {of[:90]} · made {times.full(now)}")
    paper.set_title(f"{title}: {of}")
    paper.set_author("Vigie")
    paper.line_of(title, 20, bold=True)
    return paper


def _site(paper: Paper, site: SitePlace) -> None:
    paper.line_of(f"{site.name} · {site.id}", 13, bold=True)
    if site.address:
        paper.line_of(site.address, 11)
    paper.ln(2)


def _period(paper: Paper, facts: Facts, times: _Times) -> None:
    begin = "the beginning" if facts.asked.from_ is None else times.full(facts.asked.from_)
    paper.line_of(f"Period: {begin} – {times.full(facts.until)}", 11)
    paper.line_of(f"Selected: {said(facts.asked)}", 9)
    _clock_note(paper, times)


def _clock_note(paper: Paper, times: _Times) -> None:
    paper.line_of(f"Times are the station's, shown in the zone {times.name}.", 9)
    paper.ln(3)


def _counts(paper: Paper, lines: Sequence[dict[str, Any]]) -> None:
    paper.line_of(f"Lines: {len(lines):,}", 13, bold=True)
    count = Counter(group_of(line["kind"], (line["data"] or {}).get("events") or ()) for line in lines)
    if count:
        paper.table_of(("What", "Lines"), (6, 1), [(_GROUPS[one], f"{count[one]:,}") for one in _GROUPS if count[one]])
    else:
        paper.line_of("Nothing was journaled.", 11)
    paper.ln(3)


def _alarms(paper: Paper, title: str, facts: Facts, times: _Times) -> None:
    paper.line_of(f"{title}: {len(facts.alarms) + facts.more_alarms}", 13, bold=True)
    if facts.more_alarms:
        paper.line_of(f"The first {len(facts.alarms)} are listed.", 11)
    if facts.alarms:
        paper.table_of(
            ("Opened", "Alarm", "Priority", "First act", "Ended as"),
            (3.2, 5.4, 1.8, 2.6, 3),
            ((_opened(one, times), *_alarm(one)) for one in facts.alarms),
        )
    paper.ln(3)


def _opened(fact: AlarmFact, times: _Times) -> str:
    return f"{times.day(fact.alarm.opened_at)} {times.clock(fact.alarm.opened_at)}"


def _alarm(fact: AlarmFact) -> tuple[str, str, str, str]:
    alarm = fact.alarm
    first = (
        "nobody took it" if fact.first_act_s is None else _span(fact.first_act_s) + ("" if fact.in_time else ", late")
    )
    ended = _name(alarm.disposition.value) if alarm.disposition is not None else ""
    if not ended:
        ended = "open" if alarm.closed_at is None else "closed"
    return alarm.words + (f" · {alarm.place}" if alarm.place else ""), _priority(alarm.priority), first, ended


def _incident_facts(line: AlarmTimeline, times: _Times) -> Iterator[tuple[str, str]]:
    alarm = line.alarm
    yield "Alarm", f"{alarm.id}, system {alarm.account}, priority {_priority(alarm.priority)}"
    yield "First signal", times.full(line.began_at)
    if line.first_act_s is None:
        yield "First act", f"none; the target is {_span(line.target_s)}"
    else:
        late = f"late by {_span(line.over_s)}" if line.over_s > 0 else "in time"
        yield "First act", f"after {_span(line.first_act_s)}, target {_span(line.target_s)}: {late}"
    yield "First call", "none" if line.first_call_s is None else f"after {_span(line.first_call_s)}"
    if line.handled_s is not None:
        yield "In hand", f"for {_span(line.handled_s)}"
    if alarm.cancelled is not None:
        why = f": {alarm.cancelled.why}" if alarm.cancelled.why else ""
        yield "Cancelled", f"{times.full(alarm.cancelled.at)} by {alarm.cancelled.by}, {alarm.cancelled.channel}{why}"
    if alarm.closed_at is None:
        yield "Closed", "not yet"
        return
    after = "" if line.closed_s is None else f", {_span(line.closed_s)} after the first signal"
    yield "Closed", f"{times.full(alarm.closed_at)} by {alarm.closed_by or 'the station'}{after}"
    if alarm.disposition is not None:
        yield "Disposition", _name(alarm.disposition.value)
    if alarm.close_reason:
        yield "Reason", alarm.close_reason


def _days(paper: Paper, lines: Sequence[dict[str, Any]], times: _Times, told: Told, *, sites: bool) -> None:
    for day, of_day in groupby(lines, key=lambda line: times.day(_time(line))):
        paper.line_of(day, 13, bold=True)
        some = list(of_day)
        for first in range(0, len(some), _AT_ONCE):
            part = some[first : first + _AT_ONCE]
            paper.table_of(("Time", "What", "Who"), (1.8, 9, 3), (_line(line, times, sites=sites) for line in part))
            told(len(part))
        paper.ln(3)


def _line(line: dict[str, Any], times: _Times, *, sites: bool) -> tuple[str, str, str]:
    words = ERASED if line["text"] is None else line["text"]
    if sites and line["site_name"]:
        words = f"{line['site_name']} · {words}"
    if line["in_test"]:
        words = f"In test: {words}"
    return times.clock(_time(line)), words, line["actor"]["name"] or line["actor"]["kind"]


def _time(line: dict[str, Any]) -> datetime:
    at = line["time"]
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


def _hand(span: HandSpan) -> str:
    return f"{_STATES.get(span.state, span.state)} {span.by}".strip()


def _priority(priority: int) -> str:
    return f"{int(priority)} {Priority(priority).name.capitalize()}"


def _name(value: str) -> str:
    return value.replace("-", " ").capitalize()


def _span(seconds: float) -> str:
    """``45 s``, ``2 min 05 s``, ``1 h 02 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
