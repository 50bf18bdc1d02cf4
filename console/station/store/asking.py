"""What is asked and not answered yet."""

from __future__ import annotations

from sqlalchemy import Connection, select

from models.records import AlarmState, Ask, AskKind
from models.tables import AlarmRow, HelpRequestRow


def open_asks(connection: Connection) -> tuple[Ask, ...]:
    """What is open, oldest first: of alarms in hand alone, whatever else a table may say."""
    rows = connection.execute(
        select(HelpRequestRow)
        .join(AlarmRow, AlarmRow.id == HelpRequestRow.alarm)
        .where(HelpRequestRow.ended_at.is_(None), AlarmRow.state == AlarmState.HELD.value)
        .order_by(HelpRequestRow.id)
    )
    return tuple(
        Ask(
            id=row.id,
            kind=AskKind(row.kind),
            alarm=row.alarm,
            login=row.login,
            by=row.by,
            workstation=row.workstation,
            at=row.at,
            words=row.words,
        )
        for row in rows
    )
