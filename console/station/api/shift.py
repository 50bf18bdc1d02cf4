"""The shift log over HTTP (06c)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, TypeAdapter

from console.station.acts import shift
from console.station.api.context import ActBody, SignedIn, StationParts, answer_once
from console.station.rules.rights import Right, require
from console.station.store.ledger import Ledger
from models.records import ShiftNote

router = APIRouter(prefix="/v1/shift")
_NOTES = TypeAdapter(list[ShiftNote])


class ShiftBody(ActBody):
    """What the next shift must know."""

    text: str = Field(min_length=1, max_length=4000)


@router.get("")
async def show(caller: SignedIn, parts: StationParts) -> list[ShiftNote]:
    """The notes of the last days, newest first."""
    require(caller.roles, Right.WATCH)
    return await parts.database.read(lambda connection: shift.notes(connection, caller))


@router.get("/open")
async def open_now(caller: SignedIn, parts: StationParts) -> list[str]:
    """What would be added to a note by itself."""
    require(caller.roles, Right.WATCH)
    return await parts.database.read(shift.open_items)


@router.post("")
async def write(body: ShiftBody, caller: SignedIn, parts: StationParts) -> list[ShiftNote]:
    """Leave a note to the next shift."""

    def act(ledger: Ledger) -> list[ShiftNote]:
        shift.write(ledger, caller, body.text)
        return shift.notes(ledger.connection, caller)

    return await answer_once(parts, caller, "shift", body, act, _NOTES)


@router.post("/{note}/read")
async def read(
    note: Annotated[int, Path(ge=0, lt=2**63)], body: ActBody, caller: SignedIn, parts: StationParts
) -> list[ShiftNote]:
    """Whoever takes over has read it."""

    def act(ledger: Ledger) -> list[ShiftNote]:
        shift.mark_read(ledger, caller, note)
        return shift.notes(ledger.connection, caller)

    return await answer_once(parts, caller, f"shift-read/{note}", body, act, _NOTES)
