"""Calls by the telephone exchange over HTTP: begun after they are journaled, ended with Alt+End (G3)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from console.station.acts import line
from console.station.acts.caller import Caller
from console.station.api.context import WITHOUT_NUL, ActBody, Parts, SignedIn, StationParts
from console.station.exchange import Exchange
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from models.records import CallOnLine, ErrorCode

router = APIRouter(prefix="/v1/alarms")
AlarmId = Annotated[str, Path(max_length=40, pattern=WITHOUT_NUL)]


class RingBody(ActBody):
    """From which telephone; the number is that of the call that runs."""

    extension: str = Field(min_length=1, max_length=10, description="The workstation's telephone: digits alone.")


@router.post("/{alarm_id}/ring")
async def ring(alarm_id: AlarmId, body: RingBody, caller: SignedIn, parts: StationParts) -> CallOnLine:
    """Have the exchange call this workstation's telephone, then the number whose call was begun.

    Sent twice, it rings once: an attempt is called at most once, whatever the act's identifier.
    """
    exchange = _exchange(parts, caller)
    found = await parts.database.read(lambda c: line.called(c, caller, alarm_id, body.extension))
    return await exchange.ring(found)


@router.post("/{alarm_id}/hang-up")
async def hang_up(alarm_id: AlarmId, caller: SignedIn, parts: StationParts, body: ActBody | None = None) -> None:
    """End what the exchange called for this alarm; its outcome is still to be said."""
    exchange = _exchange(parts, caller)
    await parts.database.read(lambda c: line.running(c, caller, alarm_id))
    await exchange.hang_up(alarm_id)


def _exchange(parts: Parts, caller: Caller) -> Exchange:
    require(caller.roles, Right.HANDLE)
    if parts.exchange is None:
        raise Refused(ErrorCode.WRONG_STATE, "This station has no telephone exchange: dial by hand.")
    return parts.exchange
