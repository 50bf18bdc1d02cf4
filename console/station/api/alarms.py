"""The acts on alarms over HTTP; the rules decide, these only carry."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from sqlalchemy import Connection

from console.station.acts import identity, supervision
from console.station.acts.caller import Caller
from console.station.acts.code_words import reveal, verifier
from console.station.acts.handling import Handling, present_hand
from console.station.acts.plan_steps import PlanSteps
from console.station.acts.sessions import person
from console.station.api.context import (
    WITHOUT_NUL,
    ActBody,
    Parts,
    SignedIn,
    StationParts,
    found_right,
    once,
    slow_down,
)
from console.station.rules import plan_words
from console.station.rules.alarm import Alarm
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from console.station.store import alarms as alarm_store
from console.station.store import outages, people
from console.station.store.ledger import Ledger
from console.station.store.plans import off_list
from console.station.store.views import alarm_detail
from models.records import (
    AlarmDetail,
    AlarmView,
    CallOutcome,
    Disposition,
    ErrorCode,
    OffList,
    OutageMember,
    PatrolMoment,
    StepKind,
)

router = APIRouter(prefix="/v1/alarms")
_MEMBERS = 500
AlarmId = Annotated[str, Path(max_length=40, pattern=WITHOUT_NUL)]


class TakeNextBody(ActBody):
    """F1."""

    park_call: bool = Field(default=False, description="Park a running call too: F1 pressed again within 3 s.")


class ParkBody(ActBody):
    """Put aside for some minutes, with a reason."""

    minutes: float = Field(gt=0, le=24 * 60)
    reason: str = Field(min_length=1, max_length=500)


class NoteBody(ActBody):
    """A note."""

    text: str = Field(min_length=1, max_length=4000)


class CallBody(ActBody):
    """An attempt to reach somebody: without an outcome a call begins, with one it ends (G3)."""

    step: str | None = Field(default=None, max_length=80, description="The step's key in the call plan.")
    contact: str | None = Field(default=None, max_length=80, description="Instead of the step: the contact's id.")
    number: str | None = Field(default=None, max_length=40, description="One of the step's numbers.")
    outcome: CallOutcome | None = None
    why: str = Field(default="", max_length=500)


class SeenBody(ActBody):
    """Acknowledge the signals that were on screen (I8)."""

    up_to: int = Field(ge=0, lt=2**63, description="Journal number of the last signal that was shown.")


class CancelBody(ActBody):
    """Cancelled by a contact, verified by phone (E5, rulebook H)."""

    contact: str = Field(max_length=80)
    why: str = Field(min_length=1, max_length=500)
    code_word: str | None = Field(default=None, max_length=100)


class CloseBody(ActBody):
    """How it ended, and why."""

    disposition: Disposition
    reason: str = Field(default="", max_length=2000)


class HandOverBody(ActBody):
    """To whom: a signed-in operator."""

    to: str = Field(min_length=1, max_length=60)
    workstation: str | None = Field(default=None, max_length=60)
    why: str = Field(default="", max_length=500, description="Asked of a supervisor who gives another's alarm away.")


class TakeOverBody(ActBody):
    """Why it is taken out of another's hands: they are told."""

    why: str = Field(min_length=1, max_length=500)


class SplitOffBody(ActBody):
    """Which system leaves the outage."""

    account: str = Field(min_length=1, max_length=100)


class CheckBody(ActBody):
    """Which site of the outage was checked."""

    site: str = Field(min_length=1, max_length=40)
    checked: bool = Field(default=True, description="False takes it back.")


class StepBody(ActBody):
    """A step that is no call: an instruction was followed, another round begins."""

    step: str = Field(max_length=80, description="The step's key in the call plan.")


class VerifyBody(ActBody):
    """How it is known that the alarm is real, and who saw or said it."""

    how: str = Field(max_length=300)
    by: str = Field(max_length=100)


class OffListBody(ActBody):
    """Whom to put on the call list."""

    kind: StepKind
    name: str = Field(min_length=1, max_length=100, pattern=WITHOUT_NUL)
    number: str = Field(min_length=1, max_length=40, pattern=WITHOUT_NUL)


class PatrolBody(ActBody):
    """A patrol is sent, or one of its times came."""

    step: str = Field(max_length=80, description="The patrol's step in the call plan.")
    moment: PatrolMoment
    report: str = Field(default="", max_length=1000)
    seen: bool = Field(default=False, description="The patrol saw signs of a real alarm: it counts as verification.")


@router.post("/take-next")
async def take_next(caller: SignedIn, parts: StationParts, body: TakeNextBody | None = None) -> AlarmView:
    """G1: take the most urgent waiting alarm."""
    body = body or TakeNextBody()
    return await _act(parts, caller, "take-next", body, lambda handling: handling.take_next(park_call=body.park_call))


@router.get("/{alarm_id}")
async def show(alarm_id: AlarmId, caller: SignedIn, parts: StationParts) -> AlarmDetail:
    """Everything the workspace shows of one alarm."""
    require(caller.roles, Right.WATCH)

    def read(connection: Connection) -> AlarmDetail:
        alarm = alarm_store.by_id(connection, alarm_id)
        if alarm is None:
            raise Refused(ErrorCode.NOT_FOUND, f"There is no alarm {alarm_id}.", "alarm")
        detail = alarm_detail(connection, alarm, parts.profile, parts.clock.now())
        if detail.plan.fault:
            parts.unshown[alarm_id] = f"The call list of {alarm_id} could not be worked out: see the station's log."
            if may(caller.roles, Right.REASSIGN):
                detail = detail.model_copy(update={"plan": detail.plan.model_copy(update={"missing": ()})})
        holds = (alarm.holder, alarm.workstation) == (caller.login, caller.workstation)
        return detail if holds else detail.model_copy(update={"plan": plan_words.without_private(detail.plan)})

    return await parts.database.read(read)


@router.post("/{alarm_id}/take")
async def take(alarm_id: AlarmId, caller: SignedIn, parts: StationParts, body: ActBody | None = None) -> AlarmView:
    """Take this alarm (G2)."""
    body = body or ActBody()
    return await _act(parts, caller, f"take/{alarm_id}", body, lambda h: h.take(alarm_id, body.version))


@router.post("/{alarm_id}/release")
async def release(alarm_id: AlarmId, caller: SignedIn, parts: StationParts, body: ActBody | None = None) -> AlarmView:
    """Give it back to the queue."""
    body = body or ActBody()
    return await _act(parts, caller, f"release/{alarm_id}", body, lambda h: h.release(alarm_id, body.version))


@router.post("/{alarm_id}/park")
async def park(alarm_id: AlarmId, body: ParkBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Put it aside until a time (I4)."""

    def act(handling: Handling) -> Alarm:
        until = handling.ledger.now + timedelta(minutes=body.minutes)
        return handling.park(alarm_id, until, body.reason, body.version)

    return await _act(parts, caller, f"park/{alarm_id}", body, act)


@router.post("/{alarm_id}/note")
async def note(alarm_id: AlarmId, body: NoteBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Write a note."""
    return await _act(parts, caller, f"note/{alarm_id}", body, lambda h: h.note(alarm_id, body.text))


@router.post("/{alarm_id}/call")
async def call(alarm_id: AlarmId, body: CallBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Begin a call, end it with an outcome, or skip a step with a reason (G3, C4)."""
    step = body.step or (f"contact:{body.contact}" if body.contact else None)
    if step is None:
        raise Refused(ErrorCode.INVALID, "Say which step of the call list.", "step")

    def act(handling: Handling) -> Alarm:
        if body.outcome is CallOutcome.SKIPPED:
            return handling.skip(alarm_id, step, body.why, body.version)
        if body.number is None:
            raise Refused(ErrorCode.INVALID, "Say which number.", "number")
        if body.outcome is None:
            return handling.dial(alarm_id, step, body.number, body.version)
        return handling.call(alarm_id, step, body.number, body.outcome, body.why, body.version)

    return await _act(parts, caller, f"call/{alarm_id}", body, act)


@router.post("/{alarm_id}/step")
async def step(alarm_id: AlarmId, body: StepBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """A step without a number is done (architecture.md §4)."""
    return await _act(parts, caller, f"step/{alarm_id}", body, lambda h: h.done(alarm_id, body.step, body.version))


@router.post("/{alarm_id}/verify")
async def verify(alarm_id: AlarmId, body: VerifyBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Record the verification that an authority step asks for."""
    return await _act(
        parts, caller, f"verify/{alarm_id}", body, lambda h: h.verify(alarm_id, body.how, body.by, body.version)
    )


@router.get("/{alarm_id}/off-list")
async def off_list_choices(alarm_id: AlarmId, caller: SignedIn, parts: StationParts) -> tuple[OffList, ...]:
    """Which patrols and authorities are known for the site of an alarm, on its call list or not."""
    require(caller.roles, Right.HANDLE)
    now = parts.clock.now()

    def read(connection: Connection) -> tuple[OffList, ...]:
        alarm = alarm_store.by_id(connection, alarm_id)
        if alarm is None:
            raise Refused(ErrorCode.NOT_FOUND, f"There is no alarm {alarm_id}.", "alarm")
        return off_list(connection, alarm, now)

    return await parts.database.read(read)


@router.post("/{alarm_id}/off-list")
async def add_off_list(alarm_id: AlarmId, body: OffListBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Put a patrol or an authority on the call list of this alarm, whatever its procedure says."""
    return await _act(
        parts,
        caller,
        f"off-list/{alarm_id}",
        body,
        lambda acts: acts.put_on_list(alarm_id, body.kind, body.name, body.number, body.version),
    )


@router.post("/{alarm_id}/patrol")
async def patrol(alarm_id: AlarmId, body: PatrolBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Send a patrol, or record one of its times and its report."""

    def act(handling: PlanSteps) -> Alarm:
        return handling.patrol(alarm_id, body.step, body.moment, body.report, seen=body.seen, version=body.version)

    return await _act(parts, caller, f"patrol/{alarm_id}", body, act)


@router.post("/{alarm_id}/seen")
async def seen(alarm_id: AlarmId, body: SeenBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Acknowledge what was on screen, and nothing later (I8)."""
    return await _act(parts, caller, f"seen/{alarm_id}", body, lambda h: h.seen(alarm_id, body.up_to))


@router.post("/{alarm_id}/cancel")
async def cancel(alarm_id: AlarmId, body: CancelBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Note that a verified contact cancelled it (E5)."""

    def act(handling: Handling) -> Alarm:
        check = verifier(handling.ledger, parts.secrets, body.contact, body.code_word)
        return handling.cancel(alarm_id, body.contact, body.why, check)

    person = None
    if body.code_word is not None:
        person = await parts.database.read(lambda connection: people.person_of(connection, body.contact))
    if person is not None:
        slow_down(parts, person)
    try:
        done = await _act(parts, caller, f"cancel/{alarm_id}", body, act)
    except Refused as refused:
        if refused.code is ErrorCode.WRONG_SECRET:
            await parts.scribe.act(lambda ledger: _wrong_word(ledger, caller, alarm_id, body.contact))
        # Refused for something else it counts as well: forgiven, it would forgive the wrong words before it.
        raise
    if person is not None:
        found_right(parts, person)
    return done


@router.post("/{alarm_id}/close")
async def close(alarm_id: AlarmId, body: CloseBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """End it."""
    return await _act(
        parts,
        caller,
        f"close/{alarm_id}",
        body,
        lambda h: h.close(alarm_id, body.disposition, body.reason, body.version),
    )


@router.post("/{alarm_id}/hand-over")
async def hand_over(alarm_id: AlarmId, body: HandOverBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Give it to another operator; a supervisor may reassign anybody's."""

    def act(handling: Handling) -> Alarm:
        def name_of(login: str) -> str | None:
            who = person(handling.ledger.connection, login)
            if who is None:
                return None
            require(who.roles, Right.HANDLE)
            return who.name

        to = present_hand(handling.ledger, body.to.strip().lower(), body.workstation, name_of, parts.profile.lease_s)
        return handling.hand_over(alarm_id, to, body.version, body.why)

    return await _act(parts, caller, f"hand-over/{alarm_id}", body, act)


@router.post("/{alarm_id}/take-over")
async def take_over(alarm_id: AlarmId, body: TakeOverBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Take what another holds, as a supervisor."""
    return await _act(
        parts, caller, f"take-over/{alarm_id}", body, lambda h: h.take_over(alarm_id, body.why, body.version)
    )


@router.get("/{alarm_id}/members")
async def members(
    alarm_id: AlarmId,
    caller: SignedIn,
    parts: StationParts,
    after: Annotated[str, Query(max_length=100, pattern=WITHOUT_NUL)] = "",
) -> tuple[OutageMember, ...]:
    """The systems of an outage by account, a page at a time: those above ``after``."""
    require(caller.roles, Right.WATCH)
    return tuple(await parts.database.read(lambda c: outages.members(c, alarm_id, after, _MEMBERS)))


@router.post("/{alarm_id}/split-off")
async def split_off(alarm_id: AlarmId, body: SplitOffBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Give one system of an outage a row of its own."""
    return await once(
        parts,
        caller,
        f"split-off/{alarm_id}",
        body,
        lambda ledger: supervision.split_off(ledger, caller, parts.profile, alarm_id, body.account),
    )


@router.post("/{alarm_id}/check")
async def check(alarm_id: AlarmId, body: CheckBody, caller: SignedIn, parts: StationParts) -> AlarmView:
    """Note that a site of an outage without a second path was checked, or take that back."""
    return await once(
        parts,
        caller,
        f"check/{alarm_id}",
        body,
        lambda ledger: supervision.check(ledger, caller, alarm_id, body.site, checked=body.checked),
    )


@router.post("/{alarm_id}/code-words")
async def code_words(alarm_id: AlarmId, caller: SignedIn, parts: StationParts) -> dict[str, dict[str, str]]:
    """Show the code words of the contacts; journaled (I9)."""
    return await parts.scribe.act(lambda ledger: reveal(ledger, parts.secrets, caller, alarm_id))


async def _act(parts: Parts, caller: Caller, what: str, body: ActBody, act: object) -> AlarmView:
    assert callable(act)
    return await once(parts, caller, what, body, lambda ledger: act(PlanSteps(ledger, caller, parts.profile)))


def _wrong_word(ledger: Ledger, caller: Caller, alarm_id: str, contact: str) -> None:
    alarm = alarm_store.by_id(ledger.connection, alarm_id)
    site = alarm.site if alarm else None
    known = None if site is None else identity.named(ledger.connection, site, contact)
    ledger.append(
        "code-word-wrong",
        caller.actor,
        f"A wrong code word was given for {known or 'somebody who is no contact any more'}",
        site=site,
        alarm=alarm_id,
        data={"contact": contact},
    )
