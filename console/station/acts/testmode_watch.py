"""What time does to tests, into the journal and the alarms: warned of, ended, brought up as they grow old (F3).

:func:`due` only reads, so that a quiet second takes no lock; :func:`tick` decides again under the journal's lock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, update

from console.station.acts import testmode
from console.station.acts.caller import STATION
from console.station.rules.profile import Profile
from console.station.rules.testmode import TestDue, TestFacts
from console.station.rules.testmode import due as rule
from console.station.store import testmode as test_store
from console.station.store.ledger import Ledger
from models.tables import SiteTestRow


def due(connection: Connection, profile: Profile, now: datetime) -> bool:
    """Whether time asks anything of any test."""
    return any(_due(connection, row, profile, now) for row in test_store.running_rows(connection))


def tick(profile: Profile) -> Callable[[Ledger], int]:
    """An act that does what time asks of the tests; answers with how many were touched."""

    def act(ledger: Ledger) -> int:
        touched = 0
        for row in test_store.running_rows(ledger.connection):
            what = _due(ledger.connection, row, profile, ledger.now)
            if what is not None:
                _do(ledger, profile, row, what)
                touched += 1
        return touched

    return act


def _due(connection: Connection, row: Row[Any], profile: Profile, now: datetime) -> TestDue | None:
    ends = bool(row.past_end) or (row.ends_at is not None and row.ends_at <= now)
    facts = TestFacts(
        row.since,
        row.ends_at,
        bool(row.past_end),
        row.warned_at is not None,
        row.told_at,
        bool(row.shelved),
        bool(row.once),
        row.last_signal_at,
        # Asked where it can matter at all.
        len(test_store.still_in_alarm(connection, row.id)) if ends else 0,
    )
    return rule(facts, profile, now)


def _do(ledger: Ledger, profile: Profile, row: Row[Any], what: TestDue) -> None:
    connection, now = ledger.connection, ledger.now
    this = update(SiteTestRow).where(SiteTestRow.id == row.id)
    if what is TestDue.END:
        why = "its end was reached, and all is restored" if row.past_end else "its end was reached"
        if row.once and (row.ends_at is None or now < row.ends_at):
            why = "it was quiet again"
        testmode.end(ledger, profile, row, STATION, "the station", why, raises=bool(row.shelved))
        return
    if what is TestDue.WARN:
        connection.execute(this.values(warned_at=now, version=row.version + 1))
        minutes = max(1, int((row.ends_at - now).total_seconds() // 60))
        _append(ledger, row, "test-ends-soon", f"The test ends in {minutes} min · set by {row.by} · {row.why}")
        return
    if what is TestDue.PAST_END:
        connection.execute(this.values(past_end=1, told_at=now, version=row.version + 1))
        left = test_store.still_in_alarm(connection, row.id)
        _append(ledger, row, "test-past-end", f"The test is past its end, {len(left)} still in alarm: it goes on")
    else:
        connection.execute(this.values(told_at=now, version=row.version + 1))
    after = test_store.row_of(connection, row.id)
    assert after is not None
    testmode.tell_age(ledger, profile, after)


def _append(ledger: Ledger, row: Row[Any], kind: str, text: str) -> None:
    ledger.append(kind, STATION, text, site=row.site, in_test=True, data={"test": row.id})
