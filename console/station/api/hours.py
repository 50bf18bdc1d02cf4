"""Supervised hours over HTTP: read with a week of them, set, and changed for a day or a period (D1, D2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field, TypeAdapter
from sqlalchemy import Connection, select

from console.station.acts import hours
from console.station.api.context import WITHOUT_NUL, ActBody, SignedIn, StationParts, answer_once
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import hours as hour_store
from console.station.store.ledger import Ledger
from models.records import AreaHours, AreaWeek, ErrorCode, HoursAsked, HoursChanged, SiteHours, Supervised
from models.tables import HoursRow, SiteRow

router = APIRouter(prefix="/v1/sites")
_CHANGED = TypeAdapter(HoursChanged)
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)
SiteId = Annotated[str, Path(max_length=40, pattern=WITHOUT_NUL)]
AreaNumber = Annotated[str, Path(max_length=60, pattern=WITHOUT_NUL)]


class _HoursBody(ActBody):
    version: int = Field(
        description="The version of the area's hours that the edit began from: refused when they changed (I11)."
    )


class SetBody(_HoursBody):
    """The standing hours of an area, whole; null takes them away."""

    hours: AreaHours | None = Field(description="Temporary changes in it are passed over: those that are kept stay.")


class TemporaryBody(_HoursBody):
    """A temporary change for a day or several."""

    asked: HoursAsked


class RemoveBody(_HoursBody):
    """A temporary change is taken back."""

    change: str = Field(max_length=40, description="The id of the temporary change.")


@router.get("/{site_id}/hours")
async def read(
    site_id: SiteId,
    caller: SignedIn,
    parts: StationParts,
    week: Annotated[date | None, Query(ge=_FIRST, le=_LAST, description="Any day of it; this week without.")] = None,
) -> SiteHours:
    """The supervised hours of a site, and a week of them as they hold, area by area."""
    require(caller.roles, Right.WATCH)

    def query(connection: Connection) -> SiteHours:
        site = connection.execute(select(SiteRow).where(SiteRow.id == site_id)).first()
        if site is None:
            raise Refused(ErrorCode.NOT_FOUND, f"There is no site {site_id}.", "site")
        day = week or parts.clock.now().astimezone(hour_store.zone(site.timezone)).date()
        return site_hours(connection, site, day - timedelta(days=day.weekday()))  # type: ignore[arg-type]

    return await parts.database.read(query)


@router.post("/{site_id}/hours/{area}")
async def set_hours(
    site_id: SiteId, area: AreaNumber, body: SetBody, caller: SignedIn, parts: StationParts
) -> HoursChanged:
    """Set an area's standing hours. Answers with what they did not change (D2)."""

    def act(ledger: Ledger) -> HoursChanged:
        return hours.set_hours(ledger, caller, site_id, area, body.hours, body.version)

    return await answer_once(parts, caller, f"hours/{site_id}/{area}", body, act, _CHANGED)


@router.post("/{site_id}/hours/{area}/temporary")
async def add_temporary(
    site_id: SiteId, area: AreaNumber, body: TemporaryBody, caller: SignedIn, parts: StationParts
) -> HoursChanged:
    """Give a day or several other hours, also past midnight (D1)."""

    def act(ledger: Ledger) -> HoursChanged:
        return hours.add_temporary(ledger, caller, site_id, area, body.asked, body.version)

    return await answer_once(parts, caller, f"hours-temporary/{site_id}/{area}", body, act, _CHANGED)


@router.post("/{site_id}/hours/{area}/temporary/remove")
async def remove_temporary(
    site_id: SiteId, area: AreaNumber, body: RemoveBody, caller: SignedIn, parts: StationParts
) -> HoursChanged:
    """Take a temporary change back."""

    def act(ledger: Ledger) -> HoursChanged:
        return hours.remove_temporary(ledger, caller, site_id, area, body.change, body.version)

    return await answer_once(parts, caller, f"hours-remove/{site_id}/{area}", body, act, _CHANGED)


def site_hours(connection: Connection, site: SiteRow, monday: date) -> SiteHours:
    """A site's areas with their hours and the week that begins on ``monday``."""
    rows = hour_store.areas(connection, site.id)
    versions = hour_store.versions(connection, site.id, [row.area for row in rows])
    kept_rows = connection.execute(select(HoursRow.area, HoursRow.document).where(HoursRow.site == site.id))
    documents = {row.area: row.document for row in kept_rows}
    weeks = []
    for row in rows:
        kept, version = documents.get(row.area), versions[row.area]
        shown = AreaWeek(
            area=row.area,
            name=row.name,
            state=row.state,
            version=version.number,
            changed_at=version.at,
            changed_by=version.by,
        )
        if kept is not None:
            plan = hour_store.schedule(kept, site.timezone, site.country)
            days = tuple(plan.day(monday + timedelta(days=number)) for number in range(7))
            said = _said(plan.hours, row.state)
            shown = shown.model_copy(update={"hours": plan.hours, "days": days, "said": said})
        weeks.append(shown)
    return SiteHours(
        site=site.id,
        timezone=site.timezone,
        country=site.country,
        monday=monday,
        areas=tuple(weeks),
        depends=tuple(hour_store.depends_on_hours(connection, site.id)),
    )


def _said(asked: AreaHours, state: str | None) -> str:
    """B3: what is not known is not supervised, and that is said."""
    blind = {Supervised.LATE_CLOSE, Supervised.NOT_OPENED} & set(asked.supervised)
    if state is not None or not blind:
        return ""
    return "State not transmitted: late closings and missing openings cannot be told."
