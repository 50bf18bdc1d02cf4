"""From a signal to the facts of the rule of repeats, and what is remembered of it for the next (decision 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from console.station.acts.received import Received
from console.station.codes import Kind
from console.station.rules.alarm import Alarm
from console.station.rules.places import Spot
from console.station.rules.repeats import Arrival, Repeat, counts
from console.station.rules.routing import Routed
from console.station.store.bulk import Row
from models.records import Event, EventRole
from models.tables.base import to_micros


def arrival_of(
    signal: Received,
    last: Repeat,
    here: Callable[[], Mapping[str, Alarm]],
    *,
    in_test: bool,
    kind_of: Callable[[str], Kind],
    spot_of: Callable[[Event], Spot],
) -> Arrival:
    """``here`` gives the open alarms of the signal's site or account by id; asked where it can matter at all."""
    arrival = Arrival(
        signal.token, signal.sequence, signal.digest, signal.received_at, signal.sent_at, signal.happened_at
    )
    if (last.token, last.sequence, last.digest) != (signal.token, signal.sequence, signal.digest):
        return arrival
    alarms = here()
    shown = [alarms.get(identifier) for identifier in (last.alarms or "").split()]
    return replace(
        arrival,
        in_window=not signal.out_of_window,
        unable=signal.answer == "DUH",
        answered=signal.answered_before,
        still_open=all(shown),
        restored=any(_restored(signal, alarm, kind_of, spot_of) for alarm in shown if alarm is not None),
        test_over=not last.presented and not in_test,
    )


def _restored(signal: Received, alarm: Alarm, kind_of: Callable[[str], Kind], spot_of: Callable[[Event], Spot]) -> bool:
    told = [(spot_of(event), kind_of(event.kind).name) for event in signal.events if event.role is EventRole.ALARM]
    return any(
        fact.restored and fact.kind == kind and fact.spot.may_be(spot) for fact in alarm.zones for spot, kind in told
    )


def remembered(signal: Received, routed: Routed, seq: int, before: Repeat | None, alarms: str | None) -> Repeat:
    """``alarms``: what presented it where it was not presented itself (its clock was mended)."""
    told = dict.fromkeys(line.alarm for line in routed.lines if line.event.role is EventRole.ALARM)
    told |= dict.fromkeys(routed.told_before.values())
    return Repeat(
        signal.token,
        signal.sequence,
        signal.digest,
        seq,
        signal.received_at,
        accepted=signal.answer != "NAK",
        presented=not routed.in_test,
        sent_at=signal.sent_at,
        happened_at=signal.happened_at,
        counts=counts(signal.sequence, before),
        alarms=" ".join(told) or alarms,
    )


REPEAT_COLUMNS = (
    *("token", "sequence", "digest", "seq", "at", "accepted", "presented"),
    *("sent_at", "happened_at", "counts", "alarms"),
)
"""The columns of ``repeat_key`` beside account and path."""


def repeat_row(repeat: Repeat) -> Row:
    """In the order of :data:`REPEAT_COLUMNS`."""
    return (
        repeat.token,
        repeat.sequence,
        repeat.digest,
        repeat.seq,
        to_micros(repeat.at),
        int(repeat.accepted),
        int(repeat.presented),
        None if repeat.sent_at is None else to_micros(repeat.sent_at),
        None if repeat.happened_at is None else to_micros(repeat.happened_at),
        int(repeat.counts),
        repeat.alarms,
    )
