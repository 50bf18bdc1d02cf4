"""What came in tests, written with the batch that holds it: counts, the last, and the check-list of places (F4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, case, insert, literal, or_, select, update

from console.station.rules.routing import Tested
from models.records import Event, EventRole, plain_number
from models.tables import SiteTestRow, TestPlaceRow
from models.tables.base import UtcMicros

EVENT = TypeAdapter(Event)
"""An event as the check-list keeps it."""


def write(connection: Connection, came: Iterable[tuple[str, Tested, datetime]]) -> None:
    """Count what ``came`` (account, what was in test, when) in each of its tests, in the order of receipt."""
    for account, tested, at in came:
        said = " · ".join(filter(None, (tested.words, tested.place)))
        for test in tested.tests:
            connection.execute(
                update(SiteTestRow)
                .where(SiteTestRow.id == test.id)
                .values(signals=SiteTestRow.signals + 1, last_signal_at=at, last_signal=said)
            )
            if tested.event.role is EventRole.RESTORE:
                _restored(connection, test.id, account, tested, at)
            else:
                _told(connection, test.id, account, tested, at)


def _told(connection: Connection, test: int, account: str, tested: Tested, at: datetime) -> None:
    event, row = tested.event, TestPlaceRow
    alarm = event.role is EventRole.ALARM
    values: dict[str, Any] = {"place": tested.place, "words": tested.words, "last_at": at}
    if alarm:
        values |= {"event": EVENT.dump_json(event).decode(), "restored_at": None, "let_go_at": None}
        # The first of several: since when a restoral is missing.
        anew = or_(row.alarms == 0, row.restored_at.is_not(None))
        values["alarm_since"] = case((anew, literal(at, UtcMicros)), else_=row.alarm_since)
    changed = connection.execute(
        update(row)
        .where(
            row.test == test,
            row.account == account,
            row.area == tested.spot.area,
            row.zone == _zone(tested),
            row.kind == tested.kind,
        )
        .values(values | {"signals": row.signals + 1, "alarms": row.alarms + int(alarm)})
    )
    if changed.rowcount:
        return
    new = {
        "test": test,
        "account": account,
        "area": tested.spot.area,
        "zone": _zone(tested),
        "kind": tested.kind,
        "event": EVENT.dump_json(event).decode(),
        "signals": 1,
        "alarms": int(alarm),
        "first_at": at,
        "restored_at": None,
    }
    if alarm:
        new["alarm_since"] = at
    connection.execute(insert(row).values(values | new))


def _restored(connection: Connection, test: int, account: str, tested: Tested, at: datetime) -> None:
    """A restoral of a zone, or of all that an area or a system told of this kind."""
    row, zone = TestPlaceRow, _zone(tested)
    # Of a restoral without any number its area is meant only where the panel sent one.
    area = tested.spot.area if zone or plain_number(tested.event.area) else ""
    of_kind = (row.test == test, row.account == account, row.kind == tested.kind)
    for place in connection.execute(select(row.area, row.zone).where(*of_kind)).all():
        # Rows of earlier versions are as the panel wrote them.
        if zone not in ("", plain_number(place.zone)):
            continue
        if area and plain_number(place.area) not in ("", area):
            continue
        connection.execute(
            update(row)
            .where(*of_kind, row.area == place.area, row.zone == place.zone)
            .values(restored_at=at, last_at=at, words=tested.words, signals=row.signals + 1)
        )


def _zone(tested: Tested) -> str:
    """A user's number is no zone."""
    return "" if tested.spot.names == "user" else tested.spot.zone
