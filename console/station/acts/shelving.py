"""One zone of one kind group put aside for a while (issue 5, point 6): received, journaled, counted, not presented.

A shelf is a test of a part with bounds of its own: it always comes back in time, and presents what is still in alarm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from console.station.acts import testmode
from console.station.acts.caller import Caller
from console.station.codes import kind
from console.station.rules import transitions
from console.station.rules.alarm import Alarm, ZoneFact
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from console.station.rules.scope import KIND_WORDS, group_of
from console.station.store import alarms as alarm_store
from console.station.store import sites as site_store
from console.station.store import testmode as test_store
from console.station.store.ledger import Ledger
from models.records import LIFE_SAFETY, AlarmState, ErrorCode, TestKind, TestScope, ZoneRef, plain_number
from models.tables import SystemRow


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is to be put aside, why, and for how long."""

    zone: str
    area: str
    """As the panel sends it; empty: none."""
    kind: TestKind
    why: str
    minutes: int | None = None
    """None: until it has been quiet, with ``once``."""
    once: bool = False
    account: str = ""
    """Empty: whichever system of the site tells it."""
    confirmed: bool = False
    """Life safety was confirmed once more; by a supervisor alone."""


def shelve(ledger: Ledger, caller: Caller, profile: Profile, site: str, shelf: Shelf) -> int:
    """Put a zone of the site file aside; returns the number of its test."""
    require(caller.roles, Right.PART_TEST)
    testmode.site_named(ledger.connection, site)
    facts = site_store.facts(ledger.connection, [site])[site]
    meant = facts.zones_meant(facts.area_of(shelf.area), plain_number(shelf.zone))
    named = {(facts.area_of(shelf.area), plain_number(shelf.zone))} if facts.area_of(shelf.area) else meant
    if not named & facts.zone_names.keys():
        raise Refused(ErrorCode.INVALID, f"Site {site} has no zone {shelf.zone}.", "zone")
    account = shelf.account.strip().upper()
    if account:
        known = select(SystemRow.account).where(SystemRow.site == site, SystemRow.account == account)
        if ledger.connection.execute(known).first() is None:
            raise Refused(ErrorCode.INVALID, f"Site {site} has no system {account}.", "account")
    return _begin(ledger, caller, profile, site, shelf, (account,) if account else ())


def shelve_of_alarm(ledger: Ledger, caller: Caller, profile: Profile, alarm_id: str, shelf: Shelf) -> int:
    """Put a zone of an alarm aside, by its holder or a supervisor; the alarm itself goes on (F5)."""
    require(caller.roles, Right.HANDLE)
    alarm = alarm_store.by_id(ledger.connection, alarm_id)
    if alarm is None or alarm.site is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no alarm {alarm_id} of a site.", "alarm")
    holds = (alarm.holder, alarm.workstation) == (caller.login, caller.workstation)
    if not may(caller.roles, Right.REASSIGN):
        transitions.require_holder(alarm, caller.hand)
    if alarm.state is AlarmState.CLOSED:
        raise Refused(ErrorCode.WRONG_STATE, f"{alarm.id} is closed: put the zone aside from its site.")
    fact = _zone_of(alarm, shelf)
    test = _begin(ledger, caller, profile, alarm.site, shelf, fact.accounts or (alarm.account,), alarm.id)
    if holds:
        # It is an act on the alarm in hand (I4).
        alarm_store.save(ledger.connection, [transitions.act(alarm, caller.hand, ledger.now)])
    return test


def _zone_of(alarm: Alarm, shelf: Shelf) -> ZoneFact:
    account = shelf.account.strip().upper()
    there = [
        fact
        for fact in alarm.zones
        if fact.zone == plain_number(shelf.zone)
        and fact.area == plain_number(shelf.area)
        and (not account or account in (fact.accounts or (alarm.account,)))
    ]
    if not there or not plain_number(shelf.zone):
        raise Refused(ErrorCode.INVALID, f"Zone {shelf.zone} is none of {alarm.id}.", "zone")
    for fact in there:
        if group_of(kind(fact.kind)) is shelf.kind:
            return fact
    raise Refused(ErrorCode.INVALID, f"Zone {shelf.zone} told no {KIND_WORDS[shelf.kind]} in {alarm.id}.", "kind")


def _begin(
    ledger: Ledger,
    caller: Caller,
    profile: Profile,
    site: str,
    shelf: Shelf,
    accounts: tuple[str, ...],
    alarm: str | None = None,
) -> int:
    ref = testmode.site_named(ledger.connection, site)
    why = shelf.why.strip()
    if not why:
        raise Refused(ErrorCode.INVALID, "Putting a zone aside needs a reason.", "why")
    if shelf.kind in LIFE_SAFETY:
        require(caller.roles, Right.SHELVE_LIFE_SAFETY)
        if not shelf.confirmed:
            sentence = f"Alarms of {shelf.kind.value} of this zone would not be presented. Confirm it once more."
            raise Refused(ErrorCode.CONFIRM, sentence, "kind")
    length = _length(shelf, profile)
    scope = _scope(ledger, site, shelf, accounts)
    for row in test_store.running_rows(ledger.connection, [site]):
        if row.shelved and test_store.scope_of(row.scope) == scope:
            raise Refused(ErrorCode.WRONG_STATE, f"This zone is put aside already, by {row.by}.")
    by = testmode.Set(
        caller.actor,
        caller.name,
        f"console, {caller.workstation}",
        f"{caller.name}, for {testmode.OWN_WISH}",
        shelved=True,
        once=shelf.once,
        alarm=alarm,
    )
    return testmode.begin(ledger, ref, testmode.Wanted(scope, why, ends_at=ledger.now + length), by)


def _length(shelf: Shelf, profile: Profile) -> timedelta:
    most = timedelta(seconds=profile.shelf_most_s)
    if shelf.minutes is None:
        if not shelf.once:
            raise Refused(ErrorCode.INVALID, "Say for how long, or until it was quiet.", "minutes")
        return most
    given = timedelta(minutes=shelf.minutes)
    if given > most:
        words = f"A zone is put aside for at most {profile.shelf_most_s // 60} minutes."
        raise Refused(ErrorCode.INVALID, words, "minutes")
    return given


def _scope(ledger: Ledger, site: str, shelf: Shelf, accounts: tuple[str, ...]) -> TestScope:
    facts = site_store.facts(ledger.connection, [site])[site]
    area, zone = facts.area_of(shelf.area), plain_number(shelf.zone)
    # Of an area that the file does not have it is that zone alone, and none of its number elsewhere.
    meant = {(area, zone)} if area else facts.zones_meant(area, zone)
    zones = tuple(ZoneRef(area=area, zone=zone) for area, zone in sorted(meant))
    return TestScope(whole=False, systems=accounts, zones=zones, kinds=(shelf.kind,))
