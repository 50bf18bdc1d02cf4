"""Tests of sites: put in, changed, taken out (F1, F2, F4, F5, G5). What time does to them is testmode_watch's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from console.station.acts import testmode_left
from console.station.acts.caller import Caller
from console.station.acts.identity import recently_identified
from console.station.acts.memory import Memory
from console.station.acts.received import Received
from console.station.acts.reception import Reception
from console.station.codes import kind
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from console.station.rules.scope import RunningTest, Where, judge, short_words, widens
from console.station.store import hours, outages
from console.station.store import sites as site_store
from console.station.store import testmode as test_store
from console.station.store.ledger import Ledger
from models.records import (
    Actor,
    ContactRight,
    ErrorCode,
    Event,
    EventRole,
    SiteRef,
    StillThere,
    TestAsked,
    TestScope,
    ZoneRef,
    age_words,
    plain_number,
)
from models.tables import AreaRow, SiteTestRow, SystemRow

OWN_WISH = "the station itself"
_SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a test is to be: of what, why, until when."""

    scope: TestScope
    why: str
    ticket: str = ""
    ends_at: datetime | None = None
    confirmed: bool = False
    """Life safety in a part was confirmed once more (H)."""


@dataclass(frozen=True, slots=True)
class Set:
    """Who sets a test, who asked, and what makes it more than a test by hand."""

    actor: Actor
    by: str
    channel: str
    asked_by: str
    asked_how: str = ""
    planned: int | None = None
    shelved: bool = False
    once: bool = False
    alarm: str | None = None
    """The alarm in whose handling it was set."""


def put_in_test(ledger: Ledger, caller: Caller, profile: Profile, site: str, wanted: Wanted, asked: TestAsked) -> int:
    """Put a site in test, whole or in part; returns the test's number. Who asked was identified, or is the station."""
    require(caller.roles, Right.WHOLE_TEST if wanted.scope.whole else Right.PART_TEST)
    ref = site_named(ledger.connection, site)
    checked = check(ledger, caller, profile, site, wanted)
    by, how = who_asked(ledger, caller, profile, site, asked)
    channel = f"console, {caller.workstation}"
    return begin(ledger, ref, checked, Set(caller.actor, caller.name, channel, by, how))


def begin(ledger: Ledger, site: SiteRef, wanted: Wanted, by: Set) -> int:
    """Begin a test that was checked; for acts. Returns its number, that of its entry."""
    running = test_store.running_rows(ledger.connection, [site.id])
    if wanted.scope.whole and any(row.whole for row in running):
        first = next(row for row in running if row.whole)
        raise Refused(ErrorCode.WRONG_STATE, f"{site.name} is in test already, set by {first.by}.")
    what = scope_words(ledger.connection, site.id, wanted.scope)
    asked = f"asked by {by.asked_by}" + (f", {by.asked_how}" if by.asked_how else "")
    seq = ledger.append(
        "test-on",
        by.actor,
        " · ".join(
            filter(
                None,
                (
                    f"Put aside, {what}" if by.shelved else f"In test, {what}",
                    asked,
                    wanted.why,
                    _end_words(wanted.ends_at),
                    f"ticket {wanted.ticket}" if wanted.ticket else "",
                    "life safety confirmed" if wanted.scope.life_safety else "",
                ),
            )
        ),
        site=site.id,
        alarm=by.alarm,
        in_test=True,
        data={
            "asked_by": by.asked_by,
            "asked_how": by.asked_how,
            "why": wanted.why,
            "ticket": wanted.ticket,
            "whole": wanted.scope.whole,
            "scope": wanted.scope.model_dump(mode="json"),
            "ends_at": None if wanted.ends_at is None else wanted.ends_at.isoformat(),
            "planned": by.planned,
            "shelved": by.shelved,
        },
    )
    ledger.connection.execute(
        insert(SiteTestRow).values(
            id=seq,
            version=1,
            site=site.id,
            since=ledger.now,
            scoped_at=ledger.now,
            by=by.by,
            asked_by=by.asked_by,
            asked_how=by.asked_how,
            channel=by.channel,
            why=wanted.why,
            ticket=wanted.ticket,
            whole=int(wanted.scope.whole),
            scope=test_store.stored_scope(wanted.scope),
            shelved=int(by.shelved),
            once=int(by.once),
            planned=by.planned,
            ends_at=wanted.ends_at,
            signals=0,
        )
    )
    return seq


def change(
    ledger: Ledger,
    caller: Caller,
    profile: Profile,
    test: int,
    version: int,
    wanted: Wanted,
    still: StillThere = StillThere.ASK,
) -> None:
    """Change the scope, the reason or the end of a test that runs; refused where somebody else changed it first.

    Zones that are still in alarm and in no test any more leave it as at its end: refused with their names where
    ``still`` is to ask (F4).
    """
    row, site = _running(ledger.connection, test)
    require(caller.roles, Right.WHOLE_TEST if wanted.scope.whole and row.whole else Right.PART_TEST)
    if row.version != version:
        raise Refused(ErrorCode.CHANGED, f"The test of {site.name} was changed meanwhile: look at it again.", "version")
    if row.shelved:
        # Its time and its scope have bounds of their own.
        raise Refused(ErrorCode.WRONG_STATE, "A zone that was put aside is not changed: end it, and put it aside anew.")
    before = test_store.scope_of(row.scope)
    checked = check(ledger, caller, profile, row.site, wanted, had=before)
    if checked.scope.whole and not row.whole and any(one.whole for one in _others(ledger, row)):
        raise Refused(ErrorCode.WRONG_STATE, f"{site.name} is in test as a whole already.")
    covered = _covered(ledger.connection, row.site)
    same = before == checked.scope
    left = testmode_left.Left() if same else testmode_left.of_change(ledger, row, checked.scope)
    if still is StillThere.ASK:
        left.ask(site)
    ledger.connection.execute(
        update(SiteTestRow)
        .where(SiteTestRow.id == test)
        .values(
            version=row.version + 1,
            whole=int(checked.scope.whole),
            scope=test_store.stored_scope(checked.scope),
            scoped_at=row.scoped_at if same else ledger.now,
            why=checked.why,
            ticket=checked.ticket,
            ends_at=checked.ends_at,
            past_end=0,
            warned_at=None,
        )
    )
    _supervise_anew(ledger, row.site, covered, row.scoped_at)
    now = scope_words(ledger.connection, row.site, checked.scope)
    said = "same scope" if same else f"{scope_words(ledger.connection, row.site, before)} → {now}"
    ledger.append(
        "test-changed",
        caller.actor,
        " · ".join(
            filter(
                None,
                (
                    f"Test changed: {said}",
                    checked.why,
                    _end_words(checked.ends_at) or "no end",
                    left.words(raised=still is StillThere.RAISE),
                ),
            )
        ),
        site=row.site,
        in_test=True,
        data={
            "test": test,
            "before": {"scope": before.model_dump(mode="json"), "why": row.why, "ends_at": _iso(row.ends_at)},
            "after": {
                "scope": checked.scope.model_dump(mode="json"),
                "why": checked.why,
                "ends_at": _iso(checked.ends_at),
            },
            "still_in_alarm": _left(left),
        },
    )
    testmode_left.forget(ledger, row, left)
    _receive(ledger, profile, testmode_left.signals(ledger, row, left, raises=still is StillThere.RAISE))


def take_out_of_test(ledger: Ledger, caller: Caller, profile: Profile, test: int, why: str, still: StillThere) -> int:
    """Take a site out of one test; returns how many zones that are still in alarm were raised.

    Where zones are still in alarm, and ``still`` is to ask, it is refused with their names (F4).
    """
    row, site = _running(ledger.connection, test)
    require(caller.roles, Right.WHOLE_TEST if row.whole else Right.PART_TEST)
    if still is StillThere.ASK:
        testmode_left.of_end(ledger, row).ask(site)
    return end(ledger, profile, row, caller.actor, caller.name, why.strip(), raises=still is StillThere.RAISE)


def end(
    ledger: Ledger, profile: Profile, row: Row[Any], actor: Actor, by: str, why: str, *, raises: bool = False
) -> int:
    """End a test that runs; for acts. Returns how many places that are still in alarm were raised."""
    covered = _covered(ledger.connection, row.site)
    left = testmode_left.of_end(ledger, row)
    ledger.connection.execute(
        update(SiteTestRow).where(SiteTestRow.id == row.id).values(ended_at=ledger.now, ended_by=by)
    )
    # A link that was lost in test was presented nowhere: its silence counts anew from now.
    _supervise_anew(ledger, row.site, covered, row.since)
    what = "Back from being put aside" if row.shelved else "Out of test"
    text = f"{what} after {age_words(ledger.now - row.since)}, {row.signals} signals"
    ledger.append(
        "test-off",
        actor,
        " · ".join(filter(None, (text, left.words(raised=raises), why))),
        site=row.site,
        data={
            "test": row.id,
            "since": row.since.isoformat(),
            "by": row.by,
            "signals": row.signals,
            "why": why,
            "still_in_alarm": _left(left),
        },
    )
    signals = testmode_left.signals(ledger, row, left, raises=raises)
    if row.told_at is not None:
        signals.append(_age_signal(ledger, row, restored=True))
    _receive(ledger, profile, signals)
    return len(left.alone) if raises else 0


def _left(left: testmode_left.Left) -> list[dict[str, Any]]:
    """What is still in alarm, for the journal."""
    return [
        {"area": place.area, "zone": place.zone, "kind": place.kind, "in_test": place in left.elsewhere}
        for place in (*left.alone, *left.elsewhere)
    ]


def _receive(ledger: Ledger, profile: Profile, signals: list[Received]) -> None:
    if signals:
        Reception(ledger, profile, kind, Memory()).receive(signals)


def tell_age(ledger: Ledger, profile: Profile, row: Row[Any]) -> None:
    """Bring up a test that has grown old or is past its end, as a Low alarm of its site (F3)."""
    _receive(ledger, profile, [_age_signal(ledger, row, restored=False)])


def _age_signal(ledger: Ledger, row: Row[Any], *, restored: bool) -> Received:
    # A site without any system has tests that grow old as well (I4).
    account = site_store.account_of(ledger.connection, row.site) or ""
    what = "whole site" if row.whole else "in part"
    past = ", past its end" if row.past_end else ""
    event = Event(
        code="",
        qualifier=None,
        area=None,
        address=f"Test {row.id}",
        concerns="test",
        user=None,
        text=f"{what} for {age_words(ledger.now - row.since)}{past}, asked by {row.asked_by}",
        kind="test-grown-old",
        description="Test over" if restored else "Test grown old",
        role=EventRole.RESTORE if restored else EventRole.ALARM,
    )
    name = "test-over" if restored else "test-grown-old"
    return Received.own(account, name, event, ledger.now, {"test": row.id, "since": row.since.isoformat()}, row.site)


def check(
    ledger: Ledger, caller: Caller, profile: Profile, site: str, wanted: Wanted, had: TestScope | None = None
) -> Wanted:
    """``wanted`` with plain numbers and trimmed words; refused where a rule does not allow it (H, I12).

    ``had``: the scope that is changed; what life safety it had was confirmed already, for the places that it had.
    """
    why = wanted.why.strip()
    if not why:
        raise Refused(ErrorCode.INVALID, "A test needs a reason.", "why")
    scope = plain_scope(ledger.connection, site, wanted.scope)
    risen = set(scope.life_safety)
    if had is not None and not had.whole and not widens(scope, had):
        risen -= set(had.life_safety)
    if risen and not wanted.confirmed and not may(caller.roles, Right.UNCONFIRMED_LIFE_SAFETY):
        named = " and ".join(sorted(one.value for one in risen))
        sentence = f"Signals of {named} would not be presented. Confirm it once more, or leave them out."
        raise Refused(ErrorCode.CONFIRM, sentence, "kinds")
    if wanted.ends_at is not None:
        _check_end(caller, profile, wanted.ends_at, ledger.now)
    return Wanted(scope, why, wanted.ticket.strip(), wanted.ends_at, wanted.confirmed)


def _check_end(caller: Caller, profile: Profile, ends_at: datetime, now: datetime) -> None:
    if ends_at < now + _SHORTEST:
        raise Refused(ErrorCode.INVALID, "The end of a test lies at least a minute ahead.", "ends_at")
    most = max((profile.test_most_s.get(role, 0) for role in caller.roles), default=0)
    if ends_at > now + timedelta(seconds=most):
        hours_ = most // 3600
        raise Refused(
            ErrorCode.INVALID,
            f"You may give a test at most {hours_} h; a test without an end is brought up by itself.",
            "ends_at",
        )


def plain_scope(connection: Connection, site: str, scope: TestScope) -> TestScope:
    """The scope with plain numbers, each once; refused where it names what the site does not have."""
    if scope.whole:
        return scope
    accounts = set(connection.execute(select(SystemRow.account).where(SystemRow.site == site)).scalars())
    systems = tuple(dict.fromkeys(account.upper() for account in scope.systems))
    for account in systems:
        if account not in accounts:
            raise Refused(ErrorCode.INVALID, f"Site {site} has no system {account}.", "systems")
    numbers = connection.execute(select(AreaRow.area).where(AreaRow.site == site)).scalars()
    zones = test_store.known_zones(connection, [site])[site]
    known_areas = {plain_number(number) for number in numbers} | {zone.area for zone in zones}
    areas = tuple(dict.fromkeys(plain_number(area) for area in scope.areas))
    for area in areas:
        if area not in known_areas:
            raise Refused(ErrorCode.INVALID, f"Site {site} has no area {area}.", "areas")
    known = {(zone.area, zone.zone) for zone in zones}
    places = dict.fromkeys((plain_number(zone.area), plain_number(zone.zone)) for zone in scope.zones)
    for place in places:
        if place not in known:
            raise Refused(ErrorCode.INVALID, f"Site {site} has no zone {place[1]} in area {place[0]}.", "zones")
    return scope.model_copy(
        update={
            "systems": systems,
            "areas": areas,
            "zones": tuple(ZoneRef(area=area, zone=zone) for area, zone in places),
            "kinds": tuple(dict.fromkeys(scope.kinds)),
        }
    )


def who_asked(ledger: Ledger, caller: Caller, profile: Profile, site: str, asked: TestAsked) -> tuple[str, str]:
    """(who asked, how they were known). A name alone is no proof: a contact was identified, by this caller, lately."""
    if not asked.contact:
        return f"{caller.name}, for {OWN_WISH}", ""
    known = recently_identified(ledger, caller, site, asked.contact, asked.identified, profile.identified_s)
    if ContactRight.TEST not in known.rights:
        may_do = ", ".join(right.value for right in known.rights) or "information only"
        raise Refused(
            ErrorCode.NOT_ALLOWED, f"{known.name} may not ask for a test: their rights are {may_do}.", "contact"
        )
    return known.name, known.how.value


def site_named(connection: Connection, site: str) -> SiteRef:
    """A site; refused where there is none."""
    ref = site_store.refs(connection, [site]).get(site)
    if ref is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no site {site}.", "site")
    return ref


def _running(connection: Connection, test: int) -> tuple[Row[Any], SiteRef]:
    row = test_store.row_of(connection, test)
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no test {test}.", "test")
    site = site_named(connection, row.site)
    if row.ended_at is not None:
        raise Refused(ErrorCode.WRONG_STATE, f"That test of {site.name} is over, ended by {row.ended_by}.")
    return row, site


def _others(ledger: Ledger, row: Row[Any]) -> list[Row[Any]]:
    return [one for one in test_store.running_rows(ledger.connection, [row.site]) if one.id != row.id]


@dataclass(frozen=True, slots=True)
class _Covered:
    """What of a site's own supervision is in test: links by account, hours by area."""

    links: frozenset[str]
    areas: frozenset[str]


def _covered(connection: Connection, site: str) -> _Covered:
    tests = test_store.running(connection, [site]).get(site, ())
    if not tests:
        return _Covered(frozenset(), frozenset())
    accounts = list(connection.execute(select(SystemRow.account).where(SystemRow.site == site)).scalars())
    areas = list(connection.execute(select(AreaRow.area).where(AreaRow.site == site)).scalars())
    account = site_store.account_of(connection, site) or ""
    return _Covered(
        frozenset(one for one in accounts if _in_any(tests, "link-lost", Where(one))),
        frozenset(one for one in areas if _in_any(tests, "late-to-close", Where(account, area=plain_number(one)))),
    )


def _in_any(tests: Iterable[RunningTest], kind_: str, where: Where) -> bool:
    return any(judge(test.scope, kind(kind_), where).in_test for test in tests)


def _supervise_anew(ledger: Ledger, site: str, before: _Covered, since: datetime) -> None:
    """What is in test no more was told nowhere: it is supervised anew, and told where it still is so."""
    now = _covered(ledger.connection, site)
    links, areas = before.links - now.links, before.areas - now.areas
    if links:
        outages.supervise_anew(ledger.connection, links, since)
    if areas:
        hours.supervise_anew(ledger.connection, site, areas, since, ledger.now)


def scope_words(connection: Connection, site: str, scope: TestScope) -> str:
    """What is in test, for the journal: ``whole site``, or the words of lists."""
    if scope.whole:
        return "whole site"
    return short_words(scope, test_store.known_zones(connection, [site])[site])


def _end_words(ends_at: datetime | None) -> str:
    return f"ends {ends_at:%Y-%m-%d %H:%M} UTC" if ends_at is not None else ""


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
