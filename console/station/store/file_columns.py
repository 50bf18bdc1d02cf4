"""The columns of a site file's parts: from rows to records, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from console.station.rules.lines import one_line
from models.records import AreaFile, AvailableSpan, ContactFile, ContactRight, SiteDetails, SystemFile, ZoneFile


def details_of(row: Any) -> SiteDetails:
    """Part ``details`` from its columns."""
    return SiteDetails(
        name=one_line(row.name),
        street=one_line(row.street),
        postcode=one_line(row.postcode),
        town=one_line(row.town),
        country=row.country,
        timezone=row.timezone,
        group=row.customer_group,
        premises_number=row.premises_number or "",
        access=row.access,
        instructions=row.instructions,
        keys=row.keys_held,
        note=row.note,
        note_until=row.note_until,
    )


def details_row(given: SiteDetails) -> dict[str, Any]:
    """The columns of part ``details``."""
    return {
        "name": given.name,
        "street": given.street,
        "postcode": given.postcode,
        "town": given.town,
        "country": given.country,
        "timezone": given.timezone,
        "customer_group": given.group,
        "premises_number": given.premises_number or None,
        "access": given.access,
        "instructions": given.instructions,
        "keys_held": given.keys,
        "note": given.note,
        "note_until": given.note_until,
    }


def system_of(row: Any) -> SystemFile:
    """Part ``system:<account>`` from its columns."""
    return SystemFile(
        account=row.account,
        label=row.label,
        model=row.model,
        provider=row.provider,
        interval_s=row.interval_s or 0,
        margin_s=row.margin_s,
        in_service_at=row.in_service_at,
        out_of_service_at=row.out_of_service_at,
        replaced_by=row.replaced_by,
        encrypted=row.sealed_key is not None,
    )


def system_row(given: SystemFile) -> dict[str, Any]:
    """The columns of a system, without its key and the policy of its frames."""
    return {
        "label": given.label,
        "model": given.model,
        "provider": given.provider,
        "interval_s": given.interval_s or None,
        "margin_s": given.margin_s,
        "in_service_at": given.in_service_at,
        "out_of_service_at": given.out_of_service_at,
        "replaced_by": given.replaced_by,
    }


def contact_row(given: ContactFile) -> dict[str, Any]:
    """The columns of a contact that are not their person's."""
    return {
        "role": given.role,
        "rights": ",".join(right.value for right in ContactRight if right in given.rights),
        "away_from": given.away_from,
        "away_until": given.away_until,
        "available": write_spans(given.available),
        "substitute": given.substitute,
        "suspended": int(given.suspended),
    }


def number_rows(person: str, given: ContactFile) -> list[dict[str, Any]]:
    """The rows of a person's numbers."""
    return [
        {"person": person, "position": position, **number.model_dump(), "private": int(number.private)}
        for position, number in enumerate(given.numbers)
    ]


def read_spans(text: str) -> tuple[AvailableSpan, ...]:
    """``0 540-1020,1 540-1020`` as spans; see :func:`write_spans`."""
    found = []
    for item in filter(None, text.split(",")):
        day, _, minutes = item.partition(" ")
        begin, _, end = minutes.partition("-")
        found.append(AvailableSpan(day=int(day), from_minute=int(begin), until_minute=int(end)))
    return tuple(found)


def write_spans(spans: Iterable[AvailableSpan]) -> str:
    """The column ``available``, in order of the week."""
    ordered = sorted(spans, key=lambda span: (span.day, span.from_minute))
    return ",".join(f"{span.day} {span.from_minute}-{span.until_minute}" for span in ordered)


def area_of(row: Any) -> AreaFile:
    """One of part ``areas`` from its columns."""
    return AreaFile(area=row.area, name=one_line(row.name))


def zone_of(row: Any) -> ZoneFile:
    """One of part ``zones`` from its columns."""
    return ZoneFile(area=row.area, zone=row.zone, name=one_line(row.name), kind=one_line(row.kind))
