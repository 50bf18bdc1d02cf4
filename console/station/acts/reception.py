"""Signals into the journal and the alarms: many at once, in one transaction (I1, I2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update

from console.station.acts import runaways, storm_signals
from console.station.acts.caller import STATION
from console.station.acts.memory import Key, Memory
from console.station.acts.received import Received
from console.station.acts.resends import REPEAT_COLUMNS, arrival_of, remembered, repeat_row
from console.station.codes import Kind
from console.station.rules import watch
from console.station.rules.alarm import Alarm
from console.station.rules.places import SiteFacts
from console.station.rules.profile import Profile
from console.station.rules.repeats import Judged, Repeat, judge
from console.station.rules.routing import AreaChange, Line, Routed, Router, SignalFacts, Tested
from console.station.rules.scope import covering
from console.station.store import alarms as alarm_store
from console.station.store import hours as hour_store
from console.station.store import storms as storm_store
from console.station.store import testmode_signals
from console.station.store.bulk import Bulk, Row
from console.station.store.ledger import Ledger
from models.records import Actor, ActorKind, Event, EventRole, Priority
from models.tables import AlarmSignalRow, AreaRow, RepeatKey, SealedFrame
from models.tables.base import to_micros

_EVERY_UNKNOWN = "unknown:*"

_signals, _repeats, _areas = (cast(Table, row.__table__) for row in (AlarmSignalRow, RepeatKey, AreaRow))


def _add(table: Table) -> Bulk:
    names = [column.name for column in table.c]
    return Bulk(insert(table).values({name: bindparam(name) for name in names}), names)


def _set(table: Table, changed: Sequence[str], where: Sequence[str]) -> Bulk:
    return Bulk(
        update(table)
        .where(*(table.c[name] == bindparam(f"of_{name}") for name in where))
        .values({name: bindparam(f"new_{name}") for name in changed}),
        [*(f"new_{name}" for name in changed), *(f"of_{name}" for name in where)],
    )


_ADD_SIGNALS, _ADD_SEALED = _add(_signals), _add(cast(Table, SealedFrame.__table__))
_ADD_REPEATS = Bulk(
    insert(_repeats).values({name: bindparam(name) for name in (*REPEAT_COLUMNS, "account", "path")}),
    (*REPEAT_COLUMNS, "account", "path"),
)
_CHANGE_REPEATS = _set(_repeats, REPEAT_COLUMNS, ("account", "path"))
_CHANGE_AREAS = _set(_areas, ("state", "state_at", "state_by"), ("site", "area"))
_COUNT_REPEATS = Bulk(
    update(_signals).where(_signals.c.seq == bindparam("of")).values(repeats=_signals.c.repeats + bindparam("more")),
    ("more", "of"),
)


class Reception:
    """One batch of signals over one ledger. Everything is read once, decided in order, and written once."""

    def __init__(self, ledger: Ledger, profile: Profile, kind_of: Callable[[str], Kind], memory: Memory) -> None:
        self._ledger = ledger
        self._memory = memory
        self._profile = profile
        self._kind_of = kind_of
        self._open: dict[str, dict[str, Alarm]] = {}
        self._stored: dict[str, Alarm] = {}
        """By id: the open alarms as they are in the tables."""
        self._changed: dict[str, Alarm] = {}
        self._lines: list[tuple[int, SignalFacts, Line]] = []
        self._areas: dict[tuple[str, str], tuple[AreaChange, datetime]] = {}
        self._opened_outside: dict[tuple[str, str], datetime] = {}
        """When an area must be looked at that was opened outside its hours."""
        self._tested: list[tuple[str, Tested, datetime]] = []
        """Account, what was in test, when."""
        self._sealed: list[tuple[int, str]] = []
        self._repeats: dict[Key, Repeat] = {}
        self._stored_keys: set[Key] = set()
        self._counted: dict[int, int] = {}
        self._unknown = 0
        self._stormed: Counter[int] = Counter()
        """By storm profile: how many further alarms it touched."""

    def receive(self, signals: Sequence[Received]) -> list[int]:
        """Journal and route ``signals``; returns the journal number of each."""
        self._load(signals)
        numbers = [self._one(signal) for signal in signals]
        self._write()
        return numbers

    def _load(self, signals: Sequence[Received]) -> None:
        memory, connection = self._memory, self._ledger.connection
        accounts = {signal.account for signal in signals if signal.site is None}
        keys = {(signal.account, signal.path) for signal in signals}
        own = {signal.site for signal in signals if signal.site is not None}
        memory.learn(connection, accounts, keys, own)
        self._site_of = {a: site for a in accounts if (site := memory.site_of[a]) is not None}
        self._stored_keys = {key for key in keys if memory.repeats[key] is not None}
        for site in {*self._site_of.values(), *own}:
            self._open[site] = memory.open[site]
            self._stored.update({alarm.id: alarm for alarm in memory.open[site].values()})
        unknown = {f"unknown:{account}" for account in accounts if account not in self._site_of}
        if unknown:
            self._unknown = alarm_store.unknown_open(connection)
            for alarm in alarm_store.open_of(connection, [], [*unknown, _EVERY_UNKNOWN]):
                self._open.setdefault(alarm.matter, {})[alarm.matter] = alarm
                self._stored[alarm.id] = alarm

    def _site(self, signal: Received) -> str | None:
        return signal.site or self._site_of.get(signal.account)

    def _one(self, signal: Received) -> int:
        last = self._memory.repeats[signal.account, signal.path]
        if last is None or signal.kind != "signal":
            return self._signal(signal)
        site_id = self._site(signal)
        arrival = arrival_of(
            signal,
            last,
            lambda: self._open_here(signal.account, site_id),
            in_test=self._in_test(site_id, signal),
            kind_of=self._kind_of,
            spot_of=(self._memory.sites[site_id] if site_id is not None else SiteFacts(None)).spot,
        )
        judged = judge(arrival, last, self._profile)
        if judged is Judged.REPEAT:
            return self._repeat(signal, last)
        return self._signal(signal, mended=last if judged is Judged.MENDED else None)

    def _open_here(self, account: str, site_id: str | None) -> dict[str, Alarm]:
        places = (site_id,) if site_id is not None else (f"unknown:{account}", _EVERY_UNKNOWN)
        return {alarm.id: alarm for place in places for alarm in self._open.get(place, {}).values()}

    def _in_test(self, site_id: str | None, signal: Received) -> bool:
        """Whether any event of a signal is in test now."""
        site = self._memory.sites[site_id] if site_id is not None else None
        return site is not None and any(
            covering(site.tests, self._kind_of(event.kind), site.where(signal.account, event), signal.received_at)
            for event in signal.events
            if site.tests
        )

    def _repeat(self, signal: Received, last: Repeat) -> int:
        if signal.answer == "ACK" and not last.accepted:
            # Its clock cannot be mended: it is acknowledged at last, and the panel's next one is no answer to a NAK.
            self._remember(signal, replace(last, accepted=True, at=signal.received_at))
        self._counted[last.seq] = self._counted.get(last.seq, 0) + 1
        return self._ledger.append(
            "repeat",
            _panel(signal),
            f"Repeat of entry {last.seq}",
            at=signal.received_at,
            panel_time=signal.panel_time,
            site=self._site(signal),
            account=signal.account,
            data={"of": last.seq, "sequence": signal.sequence, "answer": signal.answer},
        )

    def _remember(self, signal: Received, last: Repeat) -> None:
        self._repeats[signal.account, signal.path] = last
        self._memory.repeats[signal.account, signal.path] = last

    def _signal(self, signal: Received, *, mended: Repeat | None = None) -> int:
        """``mended``: the signal that this one repeats with a mended clock; its alarms are out already."""
        resend = mended is not None and mended.presented
        seq = self._ledger.head.seq + 1
        site_id = self._site(signal)
        facts = SignalFacts(
            seq,
            signal.account,
            signal.received_at,
            signal.panel_time,
            signal.events,
            out_of_window=signal.out_of_window,
            resend=resend,
        )
        routed = self._route(facts, signal, site_id)
        if site_id is not None and routed.lines:
            runaways.mark(routed, site_id, signal, self._memory, self._profile, self._kind_of)
        if routed.alarms:
            self._stormed.update(
                storm_signals.mark(
                    routed,
                    self._open_here(signal.account, site_id),
                    self._memory,
                    self._ledger.connection,
                    self._kind_of,
                    self._ledger.now,
                )
            )
        touched = list(dict.fromkeys([line.alarm for line in routed.lines] + list(routed.alarms)))
        first = next((a for a in touched if a in routed.alarms), touched[0] if touched else None)
        data = {
            "events": [_public(event) for event in signal.events],
            "token": signal.token,
            "sequence": signal.sequence,
            "path": signal.path,
            "header_account": signal.header_account,
            "answer": signal.answer,
            **signal.details,
        }
        if signal.out_of_window:
            data["out_of_window"] = True
        if resend:
            data["resent_after_nak"] = True
        if routed.tested:
            data["tests"] = sorted({test.id for tested in routed.tested for test in tested.tests})
        if routed.told_before:
            data["second_path_of"] = list(routed.told_before)
        written = self._ledger.append(
            signal.kind,
            _panel(signal),
            "; ".join(routed.words) or "Nothing readable",
            at=signal.received_at,
            panel_time=signal.panel_time,
            site=site_id,
            account=signal.account or None,
            alarm=first,
            priority=routed.priority,
            in_test=routed.in_test,
            data=data,
            raw=signal.raw,
        )
        assert written == seq
        self._keep(signal, facts, routed, seq, site_id, mended.alarms if resend and mended is not None else None)
        self._note(routed, signal, first, site_id)
        return seq

    def _route(self, facts: SignalFacts, signal: Received, site_id: str | None) -> Routed:
        if site_id is not None:
            site = self._memory.sites[site_id]
            here = self._open[site_id]
            kind_of = self._kind_of
        else:
            facts = replace(facts, events=tuple(replace(event, role=EventRole.ALARM) for event in facts.events))
            facts = replace(facts, account=self._matter_account(signal.account))
            site = SiteFacts(None)
            here = self._open.setdefault(f"unknown:{facts.account}", {})
            kind_of = self._kinds_of_unknown(signal.account)
        routed = Router(
            facts, site, here, kind_of=kind_of, new_id=self._new_id(signal.received_at), profile=self._profile
        ).route()
        if site_id is None:
            routed.alarms = {key: alarm.but(account=signal.account) for key, alarm in routed.alarms.items()}
        return routed

    def _matter_account(self, account: str) -> str:
        """Unknown accounts beyond a number join one alarm: a flood of them must not hide the others."""
        if f"unknown:{account}" in self._open:
            return account
        if self._unknown >= self._profile.most_unknown_accounts:
            return "*"
        self._unknown += 1
        return account

    def _kinds_of_unknown(self, account: str) -> Callable[[str], Kind]:
        """I2: what an unknown account sends is presented, at least as Medium, whatever it is."""

        def kind_of(name: str) -> Kind:
            real = self._kind_of(name)
            words = f"Unknown account {account}: {real.words}"
            priority = Priority(min(real.priority, Priority.MEDIUM))
            unknown = self._kind_of("unknown-account")
            return replace(unknown, words=words, priority=priority, life_safety=real.life_safety)

        return kind_of

    def _new_id(self, at: datetime) -> Callable[[], str]:
        def new_id() -> str:
            identifier = self._ledger.next_alarm_id(at)
            if identifier in self._stored or identifier in self._changed:
                # Written over the other it would hide that one; refused, the signal is shown by the last resort.
                raise RuntimeError(f"alarm {identifier} is there already")
            return identifier

        return new_id

    def _keep(
        self,
        signal: Received,
        facts: SignalFacts,
        routed: Routed,
        seq: int,
        site_id: str | None,
        alarms: str | None,
    ) -> None:
        for alarm in routed.alarms.values():
            self._changed[alarm.id] = alarm
            here = self._open[alarm.site or alarm.matter]
            if alarm.closed_at is None:
                here[alarm.matter] = alarm
            else:
                here.pop(alarm.matter, None)
        self._lines += [(seq, facts, line) for line in routed.lines]
        if site_id is not None:
            for change in routed.areas:
                self._areas[site_id, change.area] = (change, signal.received_at)
            for area in routed.opened_outside:
                self._watch(site_id, area, signal.received_at)
            self._tested += [(signal.account, tested, signal.received_at) for tested in routed.tested]
        if signal.sealed_raw is not None:
            self._sealed.append((seq, signal.sealed_raw))
        if signal.kind == "signal":
            before = self._memory.repeats[signal.account, signal.path]
            self._remember(signal, remembered(signal, routed, seq, before, alarms))

    def _watch(self, site: str, area: str, at: datetime) -> None:
        """Whether what was opened outside its hours is closed again is looked at later (D3)."""
        look = watch.first_look(self._memory.sites[site].hours[area], at)
        number = self._memory.area_rows[site].get(area)
        if look is not None and number is not None:
            self._opened_outside.setdefault((site, number), look)

    def _note(self, routed: Routed, signal: Received, first: str | None, site_id: str | None) -> None:
        for note in routed.notes:
            self._ledger.append(
                note.kind,
                STATION,
                note.text,
                site=site_id,
                account=signal.account or None,
                alarm=note.alarm.id,
                priority=note.alarm.priority,
            )
        told = {note.alarm.id for note in routed.notes} | {first}
        for alarm in routed.alarms.values():
            if alarm.id not in told:
                self._ledger.append(
                    "alarm-joined",
                    STATION,
                    f"The signal belongs to this alarm as well · {alarm.words}",
                    site=site_id,
                    account=signal.account or None,
                    alarm=alarm.id,
                    priority=alarm.priority,
                )

    def _write(self) -> None:
        connection = self._ledger.connection
        changed = list(self._changed.values())
        # Changed before new: a matter closed and opened anew in one batch must never be open twice.
        alarm_store.save_changes(connection, [(self._stored[a.id], a) for a in changed if a.id in self._stored])
        alarm_store.add(connection, [alarm for alarm in changed if alarm.id not in self._stored])
        _ADD_SIGNALS.run(connection, [_line_row(*line) for line in self._lines])
        _COUNT_REPEATS.run(connection, [(count, seq) for seq, count in self._counted.items()])
        _ADD_SEALED.run(connection, self._sealed)
        self._write_repeats()
        self._write_areas()
        for (site, area), at in sorted(self._opened_outside.items()):
            hour_store.look_by(connection, site, area, at)
        testmode_signals.write(connection, self._tested)
        storm_store.count(connection, self._stormed)

    def _write_repeats(self) -> None:
        connection = self._ledger.connection
        known: list[Row] = []
        new: list[Row] = []
        for key, repeat in self._repeats.items():
            (known if key in self._stored_keys else new).append((*repeat_row(repeat), *key))
        _CHANGE_REPEATS.run(connection, known)
        _ADD_REPEATS.run(connection, new)

    def _write_areas(self) -> None:
        """B3: an area's state is what the system transmitted last; a site with one area needs no number."""
        connection, changed = self._ledger.connection, []
        for (site, area), (change, at) in self._areas.items():
            known = self._memory.area_rows[site]
            target = known.get(area) or (next(iter(known.values())) if len(known) == 1 and not area else None)
            if target is not None:
                changed.append((change.state, to_micros(at), change.by, site, target))
            else:
                state = {"state": change.state, "state_at": at, "state_by": change.by}
                connection.execute(insert(AreaRow).values(site=site, area=area or "0", name="", **state))
                known[area] = area or "0"
        _CHANGE_AREAS.run(connection, changed)


def _panel(signal: Received) -> Actor:
    return signal.by or _panel_at(signal.account, signal.sender)


@lru_cache(maxsize=4096)
def _panel_at(account: str, sender: str) -> Actor:
    return Actor(kind=ActorKind.PANEL, name=account, from_=sender)


def _public(event: Event) -> dict[str, Any]:
    return {
        "code": event.code,
        "qualifier": event.qualifier,
        "area": event.area,
        "address": event.address,
        "user": event.user,
        "text": event.text,
        "kind": event.kind,
        "role": event.role,
    }


def _line_row(seq: int, facts: SignalFacts, line: Line) -> Row:
    """In the order of the table's columns."""
    return (
        line.alarm,
        seq,
        line.part,
        to_micros(facts.received_at),
        None if facts.panel_time is None else to_micros(facts.panel_time),
        line.words,
        line.place,
        line.event.area,
        line.event.address,
        line.zone_name,
        line.event.role.value,
        line.priority,
        int(line.in_test),
        line.note,
        0,
    )
