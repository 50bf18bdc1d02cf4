"""Supervised hours in whole site files: by area, without the changes of single days, which stay as they are kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from console.station.acts.site_file import Editing
from console.station.store import hours as hour_store
from console.station.store import site_file
from models.records import AreaHours
from models.tables import HoursRow

NAME = "hours"


def load(connection: Connection, sites: Sequence[str]) -> dict[str, Any]:
    """By site and area: its standing hours."""
    # Also for a site without any: a sheet that has no row for it says the same.
    found: dict[str, Any] = {site: {} for site in sites}
    for row in connection.execute(
        select(HoursRow.site, HoursRow.area, HoursRow.document).where(HoursRow.site.in_(list(sites)))
    ):
        found[row.site][row.area] = AreaHours.model_validate_json(row.document).standing()
    return found


def write(edit: Editing, value: Any) -> None:
    """Bring the standing hours of a site's areas to ``value``; an area that it does not name has none any more."""
    ledger, site = edit.ledger, edit.site
    before = load(ledger.connection, [site]).get(site, {})
    for area in sorted(before.keys() | value.keys()):
        had, given = before.get(area), value.get(area)
        if had == given:
            continue
        hours = None
        if given is not None:
            kept = hour_store.document(ledger.connection, site, area)
            hours = AreaHours.model_validate(given)
            if kept is not None:
                hours = hours.model_copy(update={"changes": kept.changes})
        hour_store.keep(ledger.connection, site, area, hours, ledger.now)
        site_file.changed(ledger.connection, site, f"hours:{area}", ledger.now, edit.caller.name)
        ledger.append(
            "hours-changed",
            edit.caller.actor,
            f"Supervised hours of area {area} brought in",
            site=site,
            data={"area": area, "before": had, "after": given},
        )


def read(document: str) -> Any:
    """A cell of the sheet: the standing hours of an area. ValueError where they are none."""
    try:
        return AreaHours.model_validate(json.loads(document)).standing()
    except ValueError:
        raise ValueError("the hours of an area as JSON, as an export has them") from None
