"""An alarm leaves the hands that held it without an act of theirs: what ran in them ends too (I3, I4, G3)."""

from __future__ import annotations

from console.station.acts import asking
from console.station.acts.caller import STATION
from console.station.rules.alarm import Alarm
from console.station.store import alarms as alarm_store
from console.station.store.ledger import Ledger
from console.station.store.sites import journaled_number
from models.records import Actor, CallOutcome


def return_alarm(ledger: Ledger, back: Alarm, text: str) -> None:
    """Keep ``back``, which is waiting again, and journal why; a call that ran is broken off."""
    break_off_call(ledger, back, STATION, text)
    alarm_store.save(ledger.connection, [back])
    ledger.append(
        "returned",
        STATION,
        text,
        site=back.site,
        account=back.account,
        alarm=back.id,
        priority=back.priority,
    )
    asking.left_hands(ledger, back, STATION)


def break_off_call(ledger: Ledger, alarm: Alarm, actor: Actor, why: str) -> None:
    """End whatever call is recorded as running on ``alarm``; each is journaled as broken off."""
    for step, number in alarm_store.break_off_calls(ledger.connection, alarm.id, ledger.now, why):
        said = journaled_number(ledger.connection, number)
        ledger.append(
            "call",
            actor,
            f"Call to {said} · broken off · {why}",
            site=alarm.site,
            account=alarm.account,
            alarm=alarm.id,
            priority=alarm.priority,
            data={"step": step, "number": said, "outcome": CallOutcome.BROKEN_OFF.value},
        )
