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

from console.station.paper import Paper
from console.station.rules.journal_selection import said
from console.station.rules.journal_words import group_of
from console.station.store.handover_facts import AlarmFact, Facts, Incident, SitePlace
from console.station.tongue import Reader
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
_STATES = {"waiting": "waiting", "held": "in hand of {0}", "parked": "parked by {0}"}


def lines_report(facts: Facts, reader: Reader, now: datetime, told: Told) -> bytes:
    """The lines that a filter selects, by day."""
    paper = _begun("Journal", said(facts.asked, reader.say), reader, now)
    paper.line_of(reader.say("Selected: {0}", said(facts.asked, reader.say)), 11)
    paper.line_of(reader.say("Lines: {0}", reader.number(len(facts.lines))), 11)
    _missing(paper, facts.missing, reader)
    _clock_note(paper, reader)
    _days(paper, facts.lines, reader, told, sites=True)
    return bytes(paper.output())


def site_report(facts: Facts, reader: Reader, now: datetime, told: Told) -> bytes:
    """What happened at a site in a period: counts, alarms with their response, every line; in the site's time."""
    assert facts.site is not None
    reader = reader.at(facts.site.zone)
    paper = _begun("Site activity", f"{facts.site.name} · {facts.site.id}", reader, now)
    _site(paper, facts.site)
    _period(paper, facts, reader)
    paper.ln(2)
    _counts(paper, facts.lines, reader)
    _alarms(paper, "Alarms of the period", facts, reader)
    _days(paper, facts.lines, reader, told, sites=False)
    return bytes(paper.output())


def operator_report(facts: Facts, reader: Reader, now: datetime, told: Told) -> bytes:
    """What members of staff of a name did in a period: alarms taken and how soon, how they ended, every line."""
    who = sorted({line["actor"]["name"] for line in facts.lines if line["actor"]["kind"] == ActorKind.OPERATOR.value})
    people = ", ".join(who) or facts.asked.operator
    paper = _begun("Operator report", people, reader, now)
    paper.line_of(people, 13, bold=True)
    if facts.site is not None:
        _site(paper, facts.site)
    _period(paper, facts, reader)
    acted = [alarm for alarm in facts.alarms if alarm.first_act_s is not None]
    if acted:
        in_time = sum(alarm.in_time for alarm in acted)
        middle = _span(median(alarm.first_act_s or 0.0 for alarm in acted))
        words = "First act in time: {0} of {1} alarms; half of them within {2}"
        paper.line_of(reader.say(words, in_time, len(acted), middle), 11)
    paper.ln(2)
    _counts(paper, facts.lines, reader)
    ended = Counter(
        str((line["data"] or {}).get("disposition") or "none-said") for line in facts.lines if line["kind"] == "closed"
    )
    if ended:
        paper.line_of(reader.say("How closed alarms ended"), 13, bold=True)
        rows = [(_disposition(name, reader), str(n)) for name, n in ended.most_common()]
        paper.table_of((reader.say("Disposition"), reader.say("Alarms")), (6, 1), rows)
        paper.ln(3)
    _alarms(paper, "Alarms in hand", facts, reader)
    _days(paper, facts.lines, reader, told, sites=True)
    return bytes(paper.output())


def incident_report(incident: Incident, reader: Reader, now: datetime, told: Told) -> bytes:
    """One alarm: response times, who had it, calls, how it ended, every line; in the time of its site."""
    line, site = incident.timeline, incident.site
    alarm = line.alarm
    if site is not None:
        reader = reader.at(site.zone)
    state = reader.say("closed" if alarm.closed_at is not None else "open still")
    paper = _begun("Incident report", reader.say("{0} · alarm {1}, {2}", alarm.words, alarm.id, state), reader, now)
    paper.line_of(alarm.words + (f" · {alarm.place}" if alarm.place else ""), 13, bold=True)
    if site is not None:
        _site(paper, site)
    for name, words in _incident_facts(line, reader):
        paper.line_of(reader.say("{0}: {1}", reader.say(name), words), 11)
    _missing(paper, incident.missing, reader)
    _clock_note(paper, reader)
    paper.line_of(reader.say("Who had it"), 13, bold=True)
    spans = [
        (reader.full(span.from_), _hand(span, reader), _span(((span.to or now) - span.from_).total_seconds()))
        for span in line.spans
    ]
    paper.table_of((reader.say("From"), "", reader.say("For")), (3, 6, 2), spans)
    paper.ln(3)
    calls = [entry for entry in line.lines if entry.kind == "call"]
    paper.line_of(reader.say("Calls: {0}", len(calls)), 13, bold=True)
    if calls:
        rows = [(reader.clock(entry.time), entry.text, entry.actor.name) for entry in calls]
        paper.table_of((reader.say("Time"), reader.say("Call and its outcome"), reader.say("By")), (2, 8, 3), rows)
    paper.ln(3)
    paper.line_of(reader.say("From start to end"), 13, bold=True)
    if line.more:
        words = "{0} lines in the middle are left out: CSV has all of them."
        paper.line_of(reader.say(words, reader.number(line.more)), 11)
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
    _days(paper, lines, reader, told, sites=False)
    if line.together:
        paper.line_of(reader.say("Other alarms of the same incident"), 13, bold=True)
        others = [(other.id, other.words, reader.full(other.opened_at)) for other in line.together]
        paper.table_of((reader.say("Alarm"), "", reader.say("Opened")), (3, 6, 4), others)
    return bytes(paper.output())


# -- parts of them ------------------------------------------------------------------------------


def _begun(title: str, of: str, reader: Reader, now: datetime) -> Paper:
    title = reader.say(title)
    foot = reader.say("{0} · {1} · made {2}", title, of[:90], reader.full(now))
    paper = Paper(foot, lambda page: reader.say("{0} · page {1}", foot, page))
    paper.set_title(f"{title}: {of}")
    paper.set_author("Vigie")
    paper.line_of(title, 20, bold=True)
    return paper


def _site(paper: Paper, site: SitePlace) -> None:
    paper.line_of(f"{site.name} · {site.id}", 13, bold=True)
    if site.address:
        paper.line_of(site.address, 11)
    paper.ln(2)


def _period(paper: Paper, facts: Facts, reader: Reader) -> None:
    begin = reader.say("the beginning") if facts.asked.from_ is None else reader.full(facts.asked.from_)
    paper.line_of(reader.say("Period: {0} – {1}", begin, reader.full(facts.until)), 11)
    paper.line_of(reader.say("Selected: {0}", said(facts.asked, reader.say)), 9)
    _missing(paper, facts.missing, reader)
    _clock_note(paper, reader)


def _missing(paper: Paper, archives: Sequence[str], reader: Reader) -> None:
    """Whoever reads it must not take it for all there is."""
    if archives:
        paper.line_of(reader.say("Without what is in archives that are not mounted: {0}", ", ".join(archives)), 11)


def _clock_note(paper: Paper, reader: Reader) -> None:
    paper.line_of(reader.say("Times are the station's, shown in the zone {0}.", reader.zone), 9)
    paper.line_of(reader.say("What happened stands in the words in which it was journaled."), 9)
    paper.ln(3)


def _counts(paper: Paper, lines: Sequence[dict[str, Any]], reader: Reader) -> None:
    paper.line_of(reader.say("Lines: {0}", reader.number(len(lines))), 13, bold=True)
    count = Counter(group_of(line["kind"], (line["data"] or {}).get("events") or ()) for line in lines)
    if count:
        rows = [(reader.say(_GROUPS[one]), reader.number(count[one])) for one in _GROUPS if count[one]]
        paper.table_of((reader.say("What"), reader.say("Lines")), (6, 1), rows)
    else:
        paper.line_of(reader.say("Nothing was journaled."), 11)
    paper.ln(3)


def _alarms(paper: Paper, title: str, facts: Facts, reader: Reader) -> None:
    title = reader.say(title)
    paper.line_of(reader.say("{0}: {1}", title, len(facts.alarms) + facts.more_alarms), 13, bold=True)
    if facts.more_alarms:
        paper.line_of(reader.say("The first {0} are listed.", len(facts.alarms)), 11)
    if facts.alarms:
        heads = [reader.say(words) for words in ("Opened", "Alarm", "Priority", "First act", "Ended as")]
        rows = ((reader.full(one.alarm.opened_at), *_alarm(one, reader)) for one in facts.alarms)
        paper.table_of(heads, (3.2, 5.4, 1.8, 2.6, 3), rows)
    paper.ln(3)


def _alarm(fact: AlarmFact, reader: Reader) -> tuple[str, str, str, str]:
    alarm = fact.alarm
    first = reader.say("nobody took it")
    if fact.first_act_s is not None:
        after = _span(fact.first_act_s)
        first = after if fact.in_time else reader.say("{0}, late", after)
    if alarm.disposition is not None:
        ended = _disposition(alarm.disposition.value, reader)
    else:
        ended = reader.say("open" if alarm.closed_at is None else "closed")
    return alarm.words + (f" · {alarm.place}" if alarm.place else ""), _priority(alarm.priority, reader), first, ended


def _incident_facts(line: AlarmTimeline, reader: Reader) -> Iterator[tuple[str, str]]:
    alarm, say = line.alarm, reader.say
    yield "Alarm", say("{0}, system {1}, priority {2}", alarm.id, alarm.account, _priority(alarm.priority, reader))
    yield "First signal", reader.full(line.began_at)
    target = _span(line.target_s)
    if line.first_act_s is None:
        yield "First act", say("none; the target is {0}", target)
    else:
        late = say("late by {0}", _span(line.over_s)) if line.over_s > 0 else say("in time")
        yield "First act", say("after {0}, target {1}: {2}", _span(line.first_act_s), target, late)
    yield "First call", say("none") if line.first_call_s is None else say("after {0}", _span(line.first_call_s))
    if line.handled_s is not None:
        yield "In hand", say("for {0}", _span(line.handled_s))
    if alarm.cancelled is not None:
        gone = alarm.cancelled
        words = say("{0} by {1}, {2}", reader.full(gone.at), gone.by, gone.channel)
        yield "Cancelled", say("{0}: {1}", words, gone.why) if gone.why else words
    if alarm.closed_at is None:
        yield "Closed", say("not yet")
        return
    words = say("{0} by {1}", reader.full(alarm.closed_at), alarm.closed_by or say("the station"))
    after = line.closed_s
    yield "Closed", words if after is None else say("{0}, {1} after the first signal", words, _span(after))
    if alarm.disposition is not None:
        yield "Disposition", _disposition(alarm.disposition.value, reader)
    if alarm.close_reason:
        yield "Reason", alarm.close_reason


def _days(paper: Paper, lines: Sequence[dict[str, Any]], reader: Reader, told: Told, *, sites: bool) -> None:
    heads = [reader.say(words) for words in ("Time", "What", "Who")]
    for day, of_day in groupby(lines, key=lambda line: reader.day(_time(line))):
        paper.line_of(day, 13, bold=True)
        some = list(of_day)
        for first in range(0, len(some), _AT_ONCE):
            part = some[first : first + _AT_ONCE]
            paper.table_of(heads, (1.8, 9, 3), (_line(line, reader, sites=sites) for line in part))
            told(len(part))
        paper.ln(3)


def _line(line: dict[str, Any], reader: Reader, *, sites: bool) -> tuple[str, str, str]:
    words = reader.say(ERASED) if line["text"] is None else line["text"]
    if sites and line["site_name"]:
        words = f"{line['site_name']} · {words}"
    if line["in_test"]:
        words = reader.say("In test: {0}", words)
    return reader.clock(_time(line)), words, line["actor"]["name"] or line["actor"]["kind"]


def _time(line: dict[str, Any]) -> datetime:
    at = line["time"]
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


def _hand(span: HandSpan, reader: Reader) -> str:
    return reader.say(_STATES[span.state], span.by) if span.state in _STATES else f"{span.state} {span.by}".strip()


def _priority(priority: int, reader: Reader) -> str:
    return f"{int(priority)} {reader.say(Priority(priority).name.capitalize())}"


def _disposition(value: str, reader: Reader) -> str:
    return reader.say(value.replace("-", " ").capitalize())


def _span(seconds: float) -> str:
    """``45 s``, ``2 min 05 s``, ``1 h 02 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
