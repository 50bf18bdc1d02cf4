"""The station's own troubles into the journal and the queue; a cause that is gone is noted on its alarm (I4, I13)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import insert

from console.station.acts.caller import STATION
from console.station.codes import kind
from console.station.rules import trouble
from console.station.rules.alarm import Alarm
from console.station.rules.trouble import Finding
from console.station.store import alarms as alarm_store
from console.station.store.ledger import Ledger
from models.records import EventRole, Priority
from models.tables import AlarmSignalRow

Told = tuple[str, str]
"""Matter and name of a finding."""


def tell(place: str, found: Sequence[tuple[str, Finding]], gone: Collection[Told]) -> Callable[[Ledger], None]:
    """An act that presents what was ``found`` (matter, finding) at the station ``place``, and notes what is gone."""

    def act(ledger: Ledger) -> None:
        matters = {matter for matter, _ in found} | {matter for matter, _ in gone}
        known = {alarm.matter: alarm for alarm in alarm_store.open_of(ledger.connection, [], list(matters))}
        telling = _Telling(ledger, place, known)
        for matter, finding in found:
            telling.found(matter, finding)
        for matter, name in gone:
            telling.gone(matter, name)

    return act


@dataclass(slots=True)
class _Telling:
    ledger: Ledger
    place: str
    open: dict[str, Alarm]

    def found(self, matter: str, finding: Finding) -> None:
        ledger, of = self.ledger, kind(finding.kind)
        alarm, seq = self.open.get(matter), ledger.head.seq + 1
        if alarm is None:
            identifier = ledger.next_alarm_id(ledger.now)
            now_is = trouble.opened(identifier, matter, self.place, finding, of, seq, ledger.now)
            alarm_store.add(ledger.connection, [now_is])
            text = f"New {now_is.priority} {Priority(now_is.priority).name.capitalize()} · {now_is.words}"
            self._append("alarm-opened", f"{text} · {finding.text}", now_is)
        else:
            joined = trouble.joined(alarm, finding, of, seq, ledger.now)
            if joined is None:
                return
            now_is = joined
            alarm_store.save(ledger.connection, [now_is])
            self._append("trouble", f"{now_is.words} · {finding.text}", now_is)
        self._line(now_is, EventRole.ALARM, of.words, finding.text, finding.name)
        self.open[matter] = now_is

    def gone(self, matter: str, name: str) -> None:
        alarm = self.open.get(matter)
        if alarm is None:
            return
        words = kind(alarm.kind).restored_words
        changed = trouble.cleared(alarm, name, words, self.ledger.now)
        if changed is None:
            return
        now_is, fact = changed
        alarm_store.save(self.ledger.connection, [now_is])
        self._append("trouble-cleared", f"{words} · {fact.label}", now_is)
        self._line(now_is, EventRole.RESTORE, words, fact.label, name)
        self.open[matter] = now_is

    def _append(self, kind_: str, text: str, alarm: Alarm) -> None:
        self.ledger.append(kind_, STATION, text, alarm=alarm.id, priority=alarm.priority)

    def _line(self, alarm: Alarm, role: EventRole, words: str, sentence: str, name: str) -> None:
        priority = alarm.priority if role is EventRole.ALARM else int(Priority.LOG)
        self.ledger.connection.execute(
            insert(AlarmSignalRow).values(
                alarm=alarm.id,
                seq=self.ledger.head.seq,
                part=0,
                at=self.ledger.now,
                panel_time=None,
                words=words,
                place=sentence,
                area=None,
                zone=name,
                zone_name="",
                role=role.value,
                priority=priority,
                in_test=0,
                note="",
                repeats=0,
            )
        )
