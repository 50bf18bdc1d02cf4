"""Staff over HTTP: who is at which workstation, and what each can be given (issue 6, 5)."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from console.station.api.context import SignedIn, StationParts
from console.station.rules.rights import Right, require
from console.station.store import staff
from models.records import StaffMember

router = APIRouter(prefix="/v1/operators")


@router.get("")
async def show(caller: SignedIn, parts: StationParts) -> list[StaffMember]:
    """Everybody who works on shift, by name; what each holds is among the alarms of the picture."""
    require(caller.roles, Right.WATCH)
    now, lease = parts.clock.now(), timedelta(seconds=parts.profile.lease_s)
    return await parts.database.read(lambda connection: staff.members(connection, now, lease))
