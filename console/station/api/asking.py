"""Asking over HTTP: for help with an alarm in hand, for an alarm in another's (rulebook H, "ask")."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, TypeAdapter

from console.station.acts import asking
from console.station.api.alarms import AlarmId
from console.station.api.context import ActBody, SignedIn, StationParts, answer_once
from models.records import Ask, AskKind

router = APIRouter(prefix="/v1")
_ASKS = TypeAdapter(tuple[Ask, ...])
Number = Annotated[int, Path(ge=0, lt=2**63)]


class AskBody(ActBody):
    """What is asked, or answered, in words; none are needed."""

    words: str = Field(default="", max_length=500)


@router.post("/alarms/{alarm_id}/help")
async def ask_help(alarm_id: AlarmId, body: AskBody, caller: SignedIn, parts: StationParts) -> tuple[Ask, ...]:
    """Ask the supervisors for help with an alarm in hand: their consoles show it until one answers."""
    return await answer_once(
        parts,
        caller,
        f"help/{alarm_id}",
        body,
        lambda ledger: asking.ask(ledger, caller, AskKind.HELP, alarm_id, body.words),
        _ASKS,
    )


@router.post("/alarms/{alarm_id}/ask")
async def ask_for(alarm_id: AlarmId, body: AskBody, caller: SignedIn, parts: StationParts) -> tuple[Ask, ...]:
    """Ask whoever holds an alarm to hand it over."""
    return await answer_once(
        parts,
        caller,
        f"ask/{alarm_id}",
        body,
        lambda ledger: asking.ask(ledger, caller, AskKind.ALARM, alarm_id, body.words),
        _ASKS,
    )


@router.post("/asks/{number}/answer")
async def answer(number: Number, body: AskBody, caller: SignedIn, parts: StationParts) -> tuple[Ask, ...]:
    """Answer somebody who asks: they are told."""
    return await answer_once(
        parts,
        caller,
        f"ask-answer/{number}",
        body,
        lambda ledger: asking.answer(ledger, caller, number, body.words),
        _ASKS,
    )


@router.post("/asks/{number}/withdraw")
async def withdraw(number: Number, body: ActBody, caller: SignedIn, parts: StationParts) -> tuple[Ask, ...]:
    """Take back what one asked."""
    return await answer_once(
        parts, caller, f"ask-withdraw/{number}", body, lambda ledger: asking.withdraw(ledger, caller, number), _ASKS
    )
