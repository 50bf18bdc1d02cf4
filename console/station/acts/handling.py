"""An operator's acts on alarms: rights, the transition table, the journal, in one transaction (G1–G4, I3, I8, I11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from console.station.acts.calls import Calls
from console.station.acts.code_words import Given
from console.station.acts.returning import break_off_call
from console.station.rules import transitions
from console.station.rules.alarm import Alarm, Hand
from console.station.rules.plan_words import OUTCOMES
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from console.station.store import alarms as alarm_store
from console.station.store import offering
from console.station.store.ledger import Ledger
from console.station.store.plans import contacts
from models.records import (
    AlarmState,
    CallOutcome,
    ContactRight,
    Disposition,
    ErrorCode,
)
from models.tables import SessionRow

_PARKED_FOR_URGENT_S = 300


@dataclass(frozen=True, slots=True)
class Handling(Calls):
    """The acts of one caller inside one transaction."""

    # -- taking ---------------------------------------------------------------------------------

    def take(self, alarm_id: str, version: int | None = None) -> Alarm:
        """Take an alarm, and with it what waits of the same incident (architecture.md §4)."""
        require(self.caller.roles, Right.HANDLE)
        alarm = self._get(alarm_id)
        taken = transitions.take(alarm, self.caller.hand, self.ledger.now)
        # After the table's own answer: "held by M. Claes" says more than "changed".
        self._unchanged(alarm, version)
        self._keep(taken, "taken", f"Taken by {self.caller.name}{self._after(alarm)} · {alarm.words}")
        for other in alarm_store.of_incident(self.ledger.connection, alarm):
            if other.state is AlarmState.WAITING:
                with_it = transitions.take(other, self.caller.hand, self.ledger.now)
                self._keep(with_it, "taken", f"Taken together with {alarm.id} · {other.words}")
        return taken

    def take_next(self, *, park_call: bool = False) -> Alarm:
        """G1: the most urgent alarm that is offered here. With one in hand only for a higher priority, parking that."""
        require(self.caller.roles, Right.HANDLE)
        place, now = (self.caller.login, self.caller.workstation), self.ledger.now
        offered = offering.read(self.ledger.connection, self.profile, now, place)
        if not offered.waiting:
            raise Refused(ErrorCode.NOTHING_WAITING, "No alarm is waiting.")
        in_hand = alarm_store.in_hand(self.ledger.connection, *place)
        first, urgent = offered.next_for(place, self.profile, now), offered.most_urgent
        if in_hand and urgent.priority >= in_hand[0].priority:
            raise Refused(
                ErrorCode.WRONG_STATE,
                f"Nothing more urgent is waiting. Close, park or release {in_hand[0].id} first.",
            )
        if first is None or (in_hand and first.priority >= in_hand[0].priority):
            raise Refused(ErrorCode.WRONG_STATE, offered.left_words(urgent, now))
        for alarm in in_hand:
            self._put_aside(alarm, first.id, park_call=park_call)
        return self.take(first.id)

    def _put_aside(self, alarm: Alarm, urgent: str, *, park_call: bool) -> None:
        if alarm.calling_since is not None:
            if not park_call:
                raise Refused(ErrorCode.WRONG_STATE, "A call is running. F1 again parks this call.", "park_call")
            alarm = self._end_call(alarm, CallOutcome.BROKEN_OFF, f"for {urgent}")
        longest = self.profile.longest_park_s[alarm.priority]
        until = self.ledger.now + timedelta(seconds=min(_PARKED_FOR_URGENT_S, longest))
        # Unseen signals do not stop an Emergency: they stay unseen and are there when it comes back.
        parked = replace(
            transitions.park(
                replace(alarm, unseen=0), self.caller.hand, until, f"for {urgent}", self.ledger.now, self.profile
            ),
            unseen=alarm.unseen,
        )
        self._keep(parked, "parked", f"Parked by {self.caller.name} for {urgent} · {alarm.words}")

    # -- giving back ----------------------------------------------------------------------------

    def release(self, alarm_id: str, version: int | None = None) -> Alarm:
        """Give an alarm back to the queue."""
        alarm = self._mine(alarm_id, version)
        alarm = self._end_running_call(alarm, "released")
        released = transitions.release(alarm, self.caller.hand, self.ledger.now)
        return self._keep(released, "released", f"Released by {self.caller.name} · {alarm.words}")

    def park(self, alarm_id: str, until: datetime, reason: str, version: int | None = None) -> Alarm:
        """Put an alarm aside until a time, with a reason."""
        alarm = self._mine(alarm_id, version)
        if not reason.strip():
            raise Refused(ErrorCode.INVALID, "Parking needs a reason.", "reason")
        parked = transitions.park(alarm, self.caller.hand, until, reason, self.ledger.now, self.profile)
        return self._keep(
            parked,
            "parked",
            f"Parked by {self.caller.name} until {transitions.at(until)} · {reason.strip()}",
            {"until": until.isoformat(), "reason": reason.strip()},
        )

    def hand_over(self, alarm_id: str, to: Hand, version: int | None = None, why: str = "") -> Alarm:
        """Give an alarm in hand to another operator; a supervisor may give anybody's, and says why (rulebook H)."""
        require(self.caller.roles, Right.HANDLE)
        words = (f"Handed over by {self.caller.name}", f" to {to.name} at {to.workstation}")
        return self._give(alarm_id, to, version, why.strip(), words)

    def take_over(self, alarm_id: str, why: str, version: int | None = None) -> Alarm:
        """Take what another holds into one's own hands, as a supervisor, with a reason (rulebook H)."""
        require(self.caller.roles, Right.REASSIGN)
        return self._give(alarm_id, self.caller.hand, version, why.strip(), (f"Taken over by {self.caller.name}", ""))

    def _give(self, alarm_id: str, to: Hand, version: int | None, why: str, words: tuple[str, str]) -> Alarm:
        """Into the hands of ``to``, and with it what the same hands hold of the same incident (architecture.md §4)."""
        alarm = self._get(alarm_id)
        supervisor = may(self.caller.roles, Right.REASSIGN)
        given = transitions.hand_over(alarm, self.caller.hand, to, self.ledger.now, supervisor=supervisor)
        self._unchanged(alarm, version)
        place = (alarm.holder, alarm.workstation)
        if place != (self.caller.login, self.caller.workstation) and not why:
            raise Refused(ErrorCode.INVALID, f"Say why: {alarm.holder_name} is told.", "why")
        said = f"{words[0]} from {alarm.holder_name}{words[1]}"
        together = [
            other
            for other in alarm_store.of_incident(self.ledger.connection, alarm)
            if other.state is AlarmState.HELD and (other.holder, other.workstation) == place
        ]
        kept = self._given(alarm, given, said, why)
        for other in together:
            with_it = transitions.hand_over(other, self.caller.hand, to, self.ledger.now, supervisor=supervisor)
            self._given(other, with_it, f"{said} together with {alarm.id}", why)
        return kept

    def _given(self, before: Alarm, after: Alarm, said: str, why: str) -> Alarm:
        if before.calling_since is not None:
            # Not by `_end_call`: a supervisor takes what is in another's hands.
            break_off_call(self.ledger, before, self.caller.actor, "handed over")
        data = {"from": before.holder, "to": after.holder, "why": why}
        return self._keep(after, "handed-over", f"{said} · {why}" if why else said, data)

    # -- working --------------------------------------------------------------------------------

    def note(self, alarm_id: str, text: str) -> Alarm:
        """Write a note."""
        if not text.strip():
            raise Refused(ErrorCode.INVALID, "The note is empty.", "text")
        alarm = self._mine(alarm_id, None)
        noted = transitions.act(alarm, self.caller.hand, self.ledger.now)
        kept = self._keep(noted, "note", f"Note: {text.strip()}")
        alarm_store.add_note(
            self.ledger.connection, alarm.id, self.ledger.head.seq, self.ledger.now, self.caller.name, text.strip()
        )
        return kept

    def seen(self, alarm_id: str, up_to: int) -> Alarm:
        """Mark the signals that were on screen as seen: those up to ``up_to`` and no later one (I8)."""
        alarm = self._mine(alarm_id, None)
        still = alarm_store.unseen_after(self.ledger.connection, alarm.id, up_to)
        marked = transitions.seen(alarm, self.caller.hand, up_to, still, self.ledger.now)
        return self._keep(marked, "seen", f"Signals up to entry {up_to} seen", {"up_to": up_to})

    # -- ending ---------------------------------------------------------------------------------

    def cancel(self, alarm_id: str, contact: str, why: str, check: Callable[[Alarm], Given]) -> Alarm:
        """Cancel on behalf of a caller whom ``check`` verifies; it answers with the channel (E5, G4, rulebook H).

        Refused for somebody without the right to; a duress word counts whatever rights they have.
        """
        alarm = self._mine(alarm_id, None)
        # Of the whole site: whoever may cancel need not be on the list of this alarm.
        people = contacts(self.ledger.connection, alarm.site, "UTC") if alarm.site is not None else []
        asked = next((person for person in people if person.contact == contact), None)
        if asked is None:
            raise Refused(ErrorCode.INVALID, "This person is not a contact of the site.", "contact")
        if not why.strip():
            raise Refused(ErrorCode.INVALID, "Cancelling needs a reason.", "why")
        name, check_of = asked.name, check(alarm)
        if check_of is Given.DURESS:
            return self._duress(alarm, f"contact:{contact}", name)
        if not asked.may_cancel:
            raise Refused(
                ErrorCode.NOT_ALLOWED,
                f"{name} may not cancel alarms of this site: their rights do not name “{ContactRight.CANCEL.value}”.",
                "contact",
            )
        channel = check_of.value
        touched = transitions.act(alarm, self.caller.hand, self.ledger.now)
        cancelled = transitions.cancel(touched, name, channel, why, self.ledger.now)
        return self._keep(
            cancelled,
            "cancelled",
            f"Cancelled by {name}, {channel} · {why.strip()}",
            {"contact": contact, "channel": channel, "why": why.strip()},
        )

    def _duress(self, alarm: Alarm, step: str, name: str) -> Alarm:
        """The duress word was given: it looks like success to anyone listening, and is none (architecture.md §4)."""
        alarm = self._end_running_call(alarm, "duress word given")
        raised = transitions.end_call(alarm, self.caller.hand, CallOutcome.DURESS, "In hand", self.ledger.now)
        kept = self._keep(
            raised,
            "call",
            f"Call from {name} · {OUTCOMES[CallOutcome.DURESS]}",
            {"step": step, "outcome": CallOutcome.DURESS.value},
        )
        # `_attempt` numbers an outcome by the entry after it.
        self._attempt(alarm, step, "", CallOutcome.DURESS, "")
        self._keep(raised, "alarm-raised", f"Raised to {raised.priority} · duress word given")
        return kept

    def close(self, alarm_id: str, disposition: Disposition, reason: str, version: int | None = None) -> Alarm:
        """End an alarm: how, and why, once everything required is done (I8)."""
        alarm = self._mine(alarm_id, version)
        plan = self._plan(alarm)
        # Of a plan that could not be computed nobody can do the steps: a supervisor decides.
        missing = () if plan.fault and may(self.caller.roles, Right.REASSIGN) else plan.missing
        closed = transitions.close(alarm, self.caller.hand, disposition, reason, missing, self.ledger.now)
        text = f"Closed by {self.caller.name} · {disposition.value}"
        return self._keep(
            closed,
            "closed",
            f"{text} · {reason.strip()}" if reason.strip() else text,
            {"disposition": disposition.value, "reason": reason.strip()},
        )

    def _after(self, alarm: Alarm) -> str:
        if alarm.taken_at is not None:
            return ""
        seconds = int((self.ledger.now - alarm.clock_from).total_seconds())
        return f" after {seconds // 60}:{seconds % 60:02d}"


def present_hand(
    ledger: Ledger, login: str, workstation: str | None, name_of: Callable[[str], str | None], lease_s: int
) -> Hand:
    """Somebody who is there now, to hand an alarm to; refused where nobody of that name is, or no key is pressed.

    A workstation that does not answer, or is locked, would only keep the alarm from the queue (I4).
    """
    query = select(SessionRow).where(SessionRow.login == login, SessionRow.expires_at > ledger.now)
    if workstation is not None:
        query = query.where(SessionRow.workstation == workstation)
    sessions = ledger.connection.execute(query.order_by(SessionRow.locked_at.is_not(None), SessionRow.last_beat.desc()))
    session, name = sessions.first(), name_of(login)
    if session is None or name is None:
        raise Refused(ErrorCode.INVALID, f"{name or login} is not signed in.", "to")
    if ledger.now - session.last_beat >= timedelta(seconds=lease_s):
        raise Refused(ErrorCode.INVALID, f"{session.workstation}, where {name} is signed in, is not answering.", "to")
    if session.locked_at is not None:
        raise Refused(ErrorCode.INVALID, f"{name} has locked {session.workstation}.", "to")
    return Hand(login, name, session.workstation)
