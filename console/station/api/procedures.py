"""Procedures over HTTP; the rules and acts decide, these only carry."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, TypeAdapter
from sqlalchemy import Connection

from console.station import codes, printing
from console.station.acts.procedures import EMERGENCY, Procedures
from console.station.api.context import WITHOUT_NUL, ActBody, Parts, SignedIn, StationParts, answer_once
from console.station.api.site_file import SiteId
from console.station.rules import procedures as rules
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import procedures as store
from console.station.store import site_file
from console.station.store.ledger import Ledger
from models.records import (
    Effective,
    EmergencyNumber,
    ErrorCode,
    Level,
    Priority,
    Procedure,
    SiteFile,
    SiteProcedures,
)

router = APIRouter(prefix="/v1")
_PROCEDURE = TypeAdapter(Procedure)
_NOTHING: TypeAdapter[None] = TypeAdapter(None)
_OF_SITE = TypeAdapter(SiteProcedures)
PlaceNumber = Annotated[str, Query(max_length=60, pattern=WITHOUT_NUL)]
ProcedureId = Annotated[str, Path(max_length=20, pattern=WITHOUT_NUL)]


class WriteBody(ActBody):
    """A procedure; ``version`` is that from which it was changed, 0 for a new one."""

    procedure: Procedure


class EmergencyBody(ActBody):
    """The site's own numbers of authorities, whole."""

    numbers: tuple[EmergencyNumber, ...] = Field(max_length=20)


@router.get("/sites/{site_id}/procedures")
async def of_site(
    site_id: SiteId, caller: SignedIn, parts: StationParts, area: PlaceNumber = "", zone: PlaceNumber = ""
) -> SiteProcedures:
    """What holds for a site: the procedures of every level, and which of them each type of alarm gets, and why.

    With ``area``, and ``zone``, which of them an alarm gets that began there.
    """
    require(caller.roles, Right.WATCH)
    return await parts.database.read(lambda connection: _of_site(connection, site_id, parts, area, zone)[1])


@router.get("/sites/{site_id}/procedures.pdf", response_class=Response)
async def printed(site_id: SiteId, caller: SignedIn, parts: StationParts) -> Response:
    """The printable overview for the customer to check (C3)."""
    require(caller.roles, Right.EDIT_FILE)
    file, found = await parts.database.read(lambda connection: _of_site(connection, site_id, parts))
    # Setting type takes a tenth of a second: not on the loop that receives.
    paper = await asyncio.to_thread(printing.overview, file, found, parts.clock.now())
    return Response(paper, media_type="application/pdf")


@router.post("/sites/{site_id}/emergency")
async def emergency(site_id: SiteId, body: EmergencyBody, caller: SignedIn, parts: StationParts) -> SiteProcedures:
    """The site's own emergency numbers; refused as ``changed`` where somebody else did meanwhile (I11)."""

    def act(ledger: Ledger) -> SiteProcedures:
        Procedures(ledger, caller).write_emergency(site_id, body.numbers, _version(body))
        return _of_site(ledger.connection, site_id, parts)[1]

    return await answer_once(parts, caller, f"emergency/{site_id}", body, act, _OF_SITE)


@router.get("/procedures")
async def of_level(
    caller: SignedIn,
    parts: StationParts,
    level: Level,
    target: Annotated[str | None, Query(max_length=100, pattern=WITHOUT_NUL)] = None,
    site: Annotated[str | None, Query(max_length=40, pattern=WITHOUT_NUL)] = None,
) -> list[Procedure]:
    """What is kept at a level now."""
    require(caller.roles, Right.WATCH)
    return await parts.database.read(lambda connection: store.of_level(connection, level, target, site))


@router.post("/procedures")
async def write(body: WriteBody, caller: SignedIn, parts: StationParts) -> Procedure:
    """Add a procedure, or its next version."""

    def act(ledger: Ledger) -> Procedure:
        return Procedures(ledger, caller).write(body.procedure, _version(body))

    return await answer_once(parts, caller, "procedure", body, act, _PROCEDURE)


@router.post("/procedures/{procedure_id}/remove")
async def remove(procedure_id: ProcedureId, body: ActBody, caller: SignedIn, parts: StationParts) -> None:
    """Take a procedure away; what it overrode applies again."""

    def act(ledger: Ledger) -> None:
        Procedures(ledger, caller).remove(procedure_id, _version(body))

    await answer_once(parts, caller, f"remove-procedure/{procedure_id}", body, act, _NOTHING)


def _version(body: ActBody) -> int:
    return 0 if body.version is None else body.version


def _of_site(
    connection: Connection, site: str, parts: Parts, area: str = "", zone: str = ""
) -> tuple[SiteFile, SiteProcedures]:
    now = parts.clock.now()
    file = site_file.read(connection, site, now)
    if file is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no site {site}.", "site")
    kept = store.in_force(connection, site, file.details.group, now)
    # Areas and zones have exceptions of their own: without a place it is said what the rest of the site gets.
    places = [(area, zone)] if area else []
    effective = []
    for kind in codes.kinds().values():
        if kind.priority >= Priority.LOG:
            continue
        chosen = rules.choose(kept, kind.name, kind.alarm_class, places)
        effective.append(
            Effective(
                kind=kind.name,
                words=kind.words,
                priority=int(kind.priority),
                procedure=chosen.procedure.id if chosen.procedure is not None else "",
                why=chosen.why,
            )
        )
    return file, SiteProcedures(
        site=site,
        group=file.details.group,
        procedures=tuple(kept),
        effective=tuple(effective),
        emergency=store.emergency(connection, site),
        emergency_version=site_file.version(connection, site, EMERGENCY),
    )
