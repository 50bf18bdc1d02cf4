"""Tests that are planned: made, changed, taken back by staff, and begun by the station (F2, issue 5, point 3).

:func:`due` only reads, so that a quiet second takes no lock; :func:`tick` decides again under the journal's lock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, update

from console.station.acts import testmode
from console.station.acts.caller import STATION, Caller
from console.station.rules import planned as rule
from console.station.rules.hours import Interval
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import hours
from console.station.store import planned as store
from console.station.store import testmode as test_store
from console.station.store.ledger import Ledger
from models.records import ErrorCode, PlannedWhen, TestAsked, TestScope
from models.tables import PlannedTestRow

_MOST = 100
"""Planned tests begun together: nobody else's act waits for all of them (architecture.md §3)."""
_LATE = timedelta(minutes=1)
_NAMED_MISSED = 10


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to run, why, and when."""

    when: PlannedWhen
    scope: TestScope
    why: str
    ticket: str = ""
    confirmed: bool = False
    """Life safety in a part was confirmed once more (H)."""


def plan(ledger: Ledger, caller: Caller, profile: Profile, site: str, wanted: Planned, asked: TestAsked) -> int:
    """Plan a test of a site; returns its number. Who asked was identified, or is the station."""
    require(caller.roles, Right.PART_TEST)
    testmode.site_named(ledger.connection, site)
    checked, following = _checked(ledger, caller, profile, site, wanted)
    by, how = testmode.who_asked(ledger, caller, profile, site, asked)
    what = testmode.scope_words(ledger.connection, site, checked.scope)
    said = (
        f"Test planned, {rule.words(wanted.when)}: {what}",
        f"asked by {by}" + (f", {how}" if how else ""),
        checked.why,
        f"ticket {checked.ticket}" if checked.ticket else "",
        "life safety confirmed" if checked.scope.life_safety else "",
    )
    seq = ledger.append(
        "test-planned",
        caller.actor,
        " · ".join(filter(None, said)),
        site=site,
        data={"asked_by": by, "asked_how": how, **_public(checked, wanted.when)},
    )
    ledger.connection.execute(
        insert(PlannedTestRow).values(
            id=seq,
            version=1,
            site=site,
            at=ledger.now,
            by=caller.name,
            asked_by=by,
            asked_how=how,
            channel=f"console, {caller.workstation}",
            over_by="",
            **_columns(checked, wanted.when, following),
        )
    )
    return seq


def change(ledger: Ledger, caller: Caller, profile: Profile, planned: int, version: int, wanted: Planned) -> None:
    """Change what is planned; a test of it that runs already goes on as it is."""
    require(caller.roles, Right.PART_TEST)
    row = _planned(ledger.connection, planned)
    _unchanged(row, version)
    before = test_store.scope_of(row.scope)
    checked, following = _checked(ledger, caller, profile, row.site, wanted, had=before)
    ledger.connection.execute(
        update(PlannedTestRow)
        .where(PlannedTestRow.id == planned)
        .values(version=row.version + 1, **_columns(checked, wanted.when, following))
    )
    was = rule.words(store.when_of(row))
    what = testmode.scope_words(ledger.connection, row.site, checked.scope)
    ledger.append(
        "test-plan-changed",
        caller.actor,
        f"Planned test changed: {was} → {rule.words(wanted.when)}: {what} · {checked.why}",
        site=row.site,
        data={
            "planned": planned,
            "before": _public(testmode.Wanted(before, row.why, row.ticket), store.when_of(row)),
            "after": _public(checked, wanted.when),
        },
    )


def remove(ledger: Ledger, caller: Caller, planned: int, version: int, why: str) -> None:
    """Take a planned test back: it begins no more. A test of it that runs goes on to its end."""
    require(caller.roles, Right.PART_TEST)
    row = _planned(ledger.connection, planned)
    _unchanged(row, version)
    ledger.connection.execute(
        update(PlannedTestRow)
        .where(PlannedTestRow.id == planned)
        .values(version=row.version + 1, next_at=None, over_at=ledger.now, over_by=caller.name)
    )
    text = f"Planned test taken back, {rule.words(store.when_of(row))}"
    ledger.append(
        "test-plan-removed",
        caller.actor,
        " · ".join(filter(None, (text, why.strip()))),
        site=row.site,
        data={"planned": planned, "why": why.strip()},
    )


def due(connection: Connection, now: datetime) -> bool:
    """Whether any planned test is to begin, or was missed."""
    return store.any_due(connection, now)


def tick() -> Callable[[Ledger], int]:
    """An act that begins what is due, and journals what was missed; answers with how many were due."""

    def act(ledger: Ledger) -> int:
        rows = store.due(ledger.connection, ledger.now, _MOST)
        for row in rows:
            _run(ledger, row)
        return len(rows)

    return act


def _run(ledger: Ledger, row: Row[Any]) -> None:
    """Begin what should run now, with what is left of it; what ended before anybody looked was missed."""
    when, zone = store.when_of(row), hours.zone_of(ledger.connection, row.site)
    run: Interval | None = Interval(row.next_at, row.next_at + timedelta(minutes=when.minutes))
    missed: list[Interval] = []
    current: Interval | None = None
    last = run
    while run is not None and run.start <= ledger.now:
        last = run
        if ledger.now in run:
            # Of several that overlap the last counts: it ends last.
            current = run
        else:
            missed.append(run)
        run = rule.following(when, zone, run.start)
    assert last is not None
    over = {"over_at": last.end} if run is None else {}
    ledger.connection.execute(
        update(PlannedTestRow)
        .where(PlannedTestRow.id == row.id)
        .values(next_at=None if run is None else run.start, **over)
    )
    if missed:
        _missed(ledger, row, when, missed)
    if current is not None:
        _begin(ledger, row, when, current)


def _missed(ledger: Ledger, row: Row[Any], when: PlannedWhen, missed: list[Interval]) -> None:
    times = f"{len(missed)} times, last" if len(missed) > 1 else "at"
    zone = hours.zone_of(ledger.connection, row.site)
    last = f"{missed[-1].start.astimezone(zone):%Y-%m-%d %H:%M}"
    ledger.append(
        "test-missed",
        STATION,
        f"Planned test missed {times} {last}: the station did not run · {rule.words(when)} · {row.why}",
        site=row.site,
        data={"planned": row.id, "missed": [one.start.isoformat() for one in missed[-_NAMED_MISSED:]]},
    )


def _begin(ledger: Ledger, row: Row[Any], when: PlannedWhen, run: Interval) -> None:
    site = testmode.site_named(ledger.connection, row.site)
    scope = test_store.scope_of(row.scope)
    running = test_store.running_rows(ledger.connection, [row.site])
    there = next((one for one in running if (scope.whole and one.whole) or one.planned == row.id), None)
    if there is not None:
        ledger.append(
            "test-not-begun",
            STATION,
            f"Planned test not begun: {site.name} is in test already, set by {there.by} · {rule.words(when)}",
            site=row.site,
            data={"planned": row.id, "test": there.id},
        )
        return
    late = ledger.now - run.start
    channel = "planned" + (f", begun {late // _LATE} min late" if late >= _LATE else "")
    by = testmode.Set(STATION, row.by, channel, row.asked_by, row.asked_how, planned=row.id)
    testmode.begin(ledger, site, testmode.Wanted(scope, row.why, row.ticket, run.end), by)


def _checked(
    ledger: Ledger, caller: Caller, profile: Profile, site: str, wanted: Planned, had: TestScope | None = None
) -> tuple[testmode.Wanted, Interval]:
    """What is planned, checked as any test is (H, I12), and when it runs first."""
    raw = testmode.Wanted(wanted.scope, wanted.why, wanted.ticket, confirmed=wanted.confirmed)
    checked = testmode.check(ledger, caller, profile, site, raw, had=had)
    most = max((profile.test_most_s.get(role, 0) for role in caller.roles), default=0)
    if wanted.when.minutes * 60 > most:
        raise Refused(ErrorCode.INVALID, f"You may plan a test of at most {most // 3600} h.", "minutes")
    following = rule.following(wanted.when, hours.zone_of(ledger.connection, site), ledger.now)
    if following is None:
        field = "last" if wanted.when.weekdays else "first"
        raise Refused(ErrorCode.INVALID, "A planned test lies ahead: there is no such time any more.", field)
    return checked, following


def _planned(connection: Connection, planned: int) -> Row[Any]:
    row = store.row_of(connection, planned)
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no planned test {planned}.", "planned")
    if row.next_at is None:
        how = f"was taken back by {row.over_by}" if row.over_by else "is over"
        raise Refused(ErrorCode.WRONG_STATE, f"This planned test {how}.")
    return row


def _unchanged(row: Row[Any], version: int) -> None:
    if row.version != version:
        raise Refused(ErrorCode.CHANGED, "This planned test was changed meanwhile: look at it again.", "version")


def _columns(checked: testmode.Wanted, when: PlannedWhen, following: Interval) -> dict[str, Any]:
    return {
        "why": checked.why,
        "ticket": checked.ticket,
        "scope": test_store.stored_scope(checked.scope),
        "runs": when.model_dump_json(),
        "next_at": following.start,
    }


def _public(checked: testmode.Wanted, when: PlannedWhen) -> dict[str, Any]:
    return {
        "why": checked.why,
        "ticket": checked.ticket,
        "scope": checked.scope.model_dump(mode="json"),
        "when": when.model_dump(mode="json"),
    }
