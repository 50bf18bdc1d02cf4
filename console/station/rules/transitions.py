"""The transition table of architecture.md §4 and nothing besides: each act takes an alarm and gives the next one.

Every function refuses (:class:`Refused`) what the table does not list. ``version`` rises with each change of handling,
so that an act on something that changed meanwhile can be refused (I11).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from console.station.rules.alarm import Alarm, Hand
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from models.records import AlarmClass, AlarmState, CallOutcome, Disposition, ErrorCode, Priority

_CLOSABLE = tuple(d for d in Disposition if d is not Disposition.SELF_COMPLETED)


def at(moment: datetime) -> str:
    """A clock time in a sentence. The station's words are UTC; screens show local time beside them."""
    return moment.strftime("%H:%M:%S UTC")


def take(alarm: Alarm, hand: Hand, now: datetime) -> Alarm:
    """waiting or parked → held (G2). At most one holder (I3)."""
    if alarm.state is AlarmState.HELD:
        if (alarm.holder, alarm.workstation) == (hand.login, hand.workstation):
            raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} is already in your hands.")
        raise Refused(
            ErrorCode.HELD_BY_OTHER, f"{alarm.id} is in the hands of {alarm.holder_name} at {alarm.workstation}."
        )
    _open(alarm)
    return replace(
        alarm.lifted(),
        version=alarm.version + 1,
        state=AlarmState.HELD,
        holder=hand.login,
        holder_name=hand.name,
        workstation=hand.workstation,
        held_since=now,
        last_act_at=now,
        taken_at=alarm.taken_at or now,
        parked_until=None,
        parked_by=None,
        park_reason="",
        returned_at=None,
        returned_why="",
        escalated=0,
        # What was there when it was taken is on the screen of whoever took it (I8).
        seen_seq=alarm.last_seq,
        unseen=0,
        doing="",
    )


def release(alarm: Alarm, hand: Hand, now: datetime) -> Alarm:
    """held → waiting, by its holder."""
    require_holder(alarm, hand)
    return _back(alarm, now, f"released by {hand.name}")


def give_back(alarm: Alarm, now: datetime, why: str) -> Alarm:
    """held → waiting by the station: lease or idle end (I3, I4). Its clock is never reset."""
    if alarm.state is not AlarmState.HELD:
        raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} is not in hand.")
    return _back(alarm, now, why)


def hand_over(alarm: Alarm, giver: Hand, receiver: Hand, now: datetime, *, supervisor: bool) -> Alarm:
    """held → held by another: the holder gives it, or a supervisor reassigns it (rulebook H)."""
    if not supervisor:
        require_holder(alarm, giver)
    if alarm.state is not AlarmState.HELD:
        raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} is not in hand; it can be taken.")
    if (alarm.holder, alarm.workstation) == (receiver.login, receiver.workstation):
        raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} is already in the hands of {receiver.name}.", "to")
    return replace(
        alarm,
        version=alarm.version + 1,
        holder=receiver.login,
        holder_name=receiver.name,
        workstation=receiver.workstation,
        held_since=now,
        last_act_at=now,
        idle_warned_at=None,
        doing="",
        calling_since=None,
    )


def park(alarm: Alarm, hand: Hand, until: datetime, reason: str, now: datetime, profile: Profile) -> Alarm:
    """held → parked until a time, with a reason and a longest time per priority (I4)."""
    require_holder(alarm, hand)
    _no_call(alarm)
    longest = timedelta(seconds=profile.longest_park_s[alarm.priority])
    if until <= now:
        raise Refused(ErrorCode.INVALID, "An alarm can only be parked until a time to come.", "minutes")
    if until > now + longest:
        minutes = int(longest.total_seconds() // 60)
        raise Refused(
            ErrorCode.INVALID,
            f"A priority {alarm.priority} alarm may be parked for {minutes} minutes at most (I4).",
            "minutes",
        )
    if alarm.unseen:
        raise Refused(ErrorCode.SIGNALS_UNSEEN, _unseen(alarm), "seen")
    return replace(
        _let_go(alarm), state=AlarmState.PARKED, parked_until=until, parked_by=hand.name, park_reason=reason.strip()
    )


def wake(alarm: Alarm, now: datetime, why: str) -> Alarm:
    """parked → waiting: the time is reached, or a signal of higher priority came."""
    if alarm.state is not AlarmState.PARKED:
        raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} is not parked.")
    return _back(alarm, now, why)


def close(
    alarm: Alarm, hand: Hand, disposition: Disposition, reason: str, missing: tuple[str, ...], now: datetime
) -> Alarm:
    """held → closed: a disposition, every required step done, every signal seen (I8, best-practice B)."""
    require_holder(alarm, hand)
    if disposition not in _CLOSABLE:
        raise Refused(ErrorCode.INVALID, "This way to end is the station's own.", "disposition")
    _no_call(alarm)
    if alarm.unseen:
        raise Refused(ErrorCode.SIGNALS_UNSEEN, _unseen(alarm), "seen")
    if disposition is Disposition.CANCELLED and alarm.cancelled_at is None:
        raise Refused(ErrorCode.INVALID, "Nobody cancelled this alarm: record who cancelled it first.", "disposition")
    if missing:
        raise Refused(ErrorCode.STEPS_MISSING, " ".join(missing), "steps")
    if not reason.strip() and alarm.priority <= Priority.HIGH:
        raise Refused(ErrorCode.INVALID, "An alarm of this priority needs a reason in words.", "reason")
    return _closed(alarm, hand.name, disposition, reason.strip(), now)


def close_waiting(alarm: Alarm, by: str, disposition: Disposition, reason: str, up_to: int, now: datetime) -> Alarm:
    """waiting → closed with others by a supervisor; never life safety, and no signal that was not on screen (I8)."""
    why_not = why_not_with_others(alarm)
    if why_not:
        code = ErrorCode.HELD_BY_OTHER if alarm.state is AlarmState.HELD else ErrorCode.WRONG_STATE
        raise Refused(code, why_not)
    if disposition not in _CLOSABLE:
        raise Refused(ErrorCode.INVALID, "This way to end is the station's own.", "disposition")
    if alarm.last_seq > up_to:
        raise Refused(ErrorCode.SIGNALS_UNSEEN, "A signal came after it was listed.", "up_to")
    if disposition is Disposition.CANCELLED and alarm.cancelled_at is None:
        raise Refused(ErrorCode.INVALID, "Nobody cancelled this alarm: record who cancelled it first.", "disposition")
    if not reason.strip():
        raise Refused(ErrorCode.INVALID, "Closing several alarms needs a reason in words.", "reason")
    return _closed(alarm, by, disposition, reason.strip(), now)


def why_not_with_others(alarm: Alarm) -> str:
    """Why an alarm cannot be closed with others, as a sentence; empty: it can."""
    if alarm.state is AlarmState.CLOSED:
        return f"{alarm.id} was closed by {alarm.closed_by}."
    if alarm.state is AlarmState.HELD:
        return f"{alarm.id} is in the hands of {alarm.holder_name} at {alarm.workstation}."
    if alarm.state is not AlarmState.WAITING:
        return f"{alarm.id} is {alarm.state.value}: only what waits is closed with others."
    if alarm.life_safety or alarm.silent or alarm.alarm_class is AlarmClass.LIFE_SAFETY or alarm.own <= 1:
        return "Life safety is never closed with others."
    return ""


def cancel(alarm: Alarm, by: str, channel: str, why: str, now: datetime, *, by_panel: bool = False) -> Alarm:
    """Note "cancelled by" beside the state (E5, G4). Low and not held → closed, unless a panel said it (I13)."""
    _open(alarm)
    noted = replace(
        alarm,
        version=alarm.version + 1,
        cancelled_at=now,
        cancelled_by=by,
        cancel_channel=channel,
        cancel_why=why.strip(),
    )
    if alarm.own == Priority.LOW and alarm.state is not AlarmState.HELD and not by_panel:
        return _closed(noted, by, Disposition.CANCELLED, why.strip(), now)
    return noted


def complete_itself(alarm: Alarm, why: str, now: datetime) -> Alarm:
    """waiting → closed by the station, for kinds that the table lists, of priority 4, that nobody holds (I13)."""
    if alarm.state is not AlarmState.WAITING or alarm.own != Priority.LOW:
        raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} cannot complete itself.")
    return _closed(alarm, "station", Disposition.SELF_COMPLETED, why, now)


def seen(alarm: Alarm, hand: Hand, up_to: int, still_unseen: int, now: datetime) -> Alarm:
    """The holder has seen the signals up to journal number ``up_to``, and no later one (I8)."""
    require_holder(alarm, hand)
    if up_to > alarm.last_seq:
        raise Refused(ErrorCode.INVALID, "That signal does not belong to this alarm yet.", "up_to")
    return act(replace(alarm, seen_seq=max(alarm.seen_seq, up_to), unseen=still_unseen), hand, now)


def begin_call(alarm: Alarm, hand: Hand, doing: str, now: datetime) -> Alarm:
    """A call is dialled; every workstation sees it (G2, G3)."""
    _no_call(alarm)
    return replace(act(alarm, hand, now), calling_since=now, doing=_short(doing))


def end_call(alarm: Alarm, hand: Hand, outcome: CallOutcome, doing: str, now: datetime) -> Alarm:
    """A call ended. A duress word raises the alarm to Emergency and looks like success (architecture.md §4)."""
    done = replace(act(alarm, hand, now), calling_since=None, doing=_short(doing))
    if outcome is CallOutcome.DURESS:
        if alarm.priority > Priority.EMERGENCY:
            # Given back, it must not be an Emergency that has waited since it was Low: its own clock starts.
            done = replace(done, clock_from=now, taken_at=now, escalated=0)
        done = replace(done, priority=int(Priority.EMERGENCY), life_safety=True, silent=True)
    return done


def act(alarm: Alarm, hand: Hand, now: datetime) -> Alarm:
    """Any act of the holder restarts the idle limit (I4) and answers a signal that rang (I8)."""
    require_holder(alarm, hand)
    return replace(
        alarm,
        version=alarm.version + 1,
        last_act_at=now,
        idle_warned_at=None,
        taken_at=alarm.taken_at or now,
    )


def require_holder(alarm: Alarm, hand: Hand) -> None:
    """Only whoever has an alarm in hand acts on it (G2)."""
    _open(alarm)
    if alarm.state is not AlarmState.HELD:
        raise Refused(ErrorCode.NOT_HELD, f"{alarm.id} is {alarm.state.value}; take it first.")
    if (alarm.holder, alarm.workstation) != (hand.login, hand.workstation):
        raise Refused(
            ErrorCode.HELD_BY_OTHER, f"{alarm.id} is in the hands of {alarm.holder_name} at {alarm.workstation}."
        )


def _short(doing: str) -> str:
    """What the holder does is one line on other screens, and a column of 200 characters."""
    return doing if len(doing) <= 200 else f"{doing[:199]}…"


def _open(alarm: Alarm) -> None:
    if alarm.state is AlarmState.CLOSED:
        raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} was closed by {alarm.closed_by}.")


def _no_call(alarm: Alarm) -> None:
    if alarm.calling_since is not None:
        raise Refused(ErrorCode.WRONG_STATE, "A call is running: hang up and say how it ended first.", "outcome")


def _unseen(alarm: Alarm) -> str:
    many = f"{alarm.unseen} new signals are" if alarm.unseen > 1 else "A new signal is"
    return f"{many} not marked as seen."


def _let_go(alarm: Alarm) -> Alarm:
    return replace(
        alarm,
        version=alarm.version + 1,
        holder=None,
        holder_name=None,
        workstation=None,
        held_since=None,
        last_act_at=None,
        idle_warned_at=None,
        doing="",
        calling_since=None,
        parked_until=None,
        parked_by=None,
        park_reason="",
    )


def _back(alarm: Alarm, now: datetime, why: str) -> Alarm:
    return replace(_let_go(alarm), state=AlarmState.WAITING, returned_at=now, returned_why=why)


def _closed(alarm: Alarm, by: str, disposition: Disposition, reason: str, now: datetime) -> Alarm:
    return replace(
        _let_go(alarm.lifted()),
        state=AlarmState.CLOSED,
        disposition=disposition,
        closed_at=now,
        closed_by=by,
        close_reason=reason,
    )
