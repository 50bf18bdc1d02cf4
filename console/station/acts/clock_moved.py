"""The machine's clock was set: what was counting goes on counting as if it had not been (I4, I6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, and_, case, type_coerce, update

from console.station.acts.caller import STATION
from console.station.store.ledger import Ledger
from models.records import AlarmState
from models.tables import AlarmRow, SessionRow, StormRow
from models.tables.base import to_micros

_COUNTING = (
    "clock_from",
    "taken_at",
    "held_since",
    "last_act_at",
    "idle_warned_at",
    "calling_since",
    "parked_until",
    "storm_until",
)
"""Of an open alarm: what durations are measured from or to. When it came stays as it was read then (I6)."""
_NOTICED_WITHIN = timedelta(seconds=2)
"""The clock is looked at every second."""
_OF_SESSIONS = ("last_beat", "active_at", "locked_at", "expires_at")


def clock_moved(step: timedelta, *, own: bool) -> Callable[[Ledger], None]:
    """An act that journals the step and, where the database is the station's ``own``, moves what counts along.

    Without it a dead workstation's alarm would stay held, and a parked one parked, for as long as the clock was set
    back. Where several stations share a database one clock's step is not the others': it is only told.
    """

    def act(ledger: Ledger) -> None:
        seconds = step.total_seconds()
        way = "ahead" if seconds > 0 else "back"
        ledger.append(
            "clock-moved",
            STATION,
            f"The station's clock was set {way} by {abs(seconds):.0f} s",
            data={"seconds": seconds},
        )
        if not own:
            return
        micros = step // timedelta(microseconds=1)
        for row, columns in ((AlarmRow, _COUNTING), (SessionRow, _OF_SESSIONS)):
            moved = {name: _moved(type_coerce(getattr(row, name), BigInteger), micros, ledger.now) for name in columns}
            statement = update(row).values(moved)
            if row is AlarmRow:
                statement = statement.where(AlarmRow.state != AlarmState.CLOSED.value)
            ledger.connection.execute(statement)
        if step < timedelta(0):
            # A storm profile lasts no longer for a clock that was set back; one set ahead ends it the earlier.
            moved = {
                name: type_coerce(getattr(StormRow, name), BigInteger) + micros for name in ("begun_at", "ends_at")
            }
            running = (StormRow.ended_at.is_(None), StormRow.begun_at.is_not(None))
            ledger.connection.execute(update(StormRow).where(*running).values(moved))

    return act


def slept(seconds: float) -> Callable[[Ledger], None]:
    """An act that journals that the machine slept. Nothing is moved: what waited has waited, and nobody was heard."""

    def act(ledger: Ledger) -> None:
        text = f"The station's machine slept for {seconds:.0f} s: nothing was received meanwhile"
        ledger.append("machine-slept", STATION, text, data={"seconds": seconds})

    return act


def _moved(column: ColumnElement[int], micros: int, now: datetime) -> ColumnElement[int]:
    """What was written in the moment since the step is on the new time already."""
    since = to_micros(now - _NOTICED_WITHIN)
    return case((and_(column > since, column <= to_micros(now)), column), else_=column + micros)
