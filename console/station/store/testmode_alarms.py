"""Open alarms of sites in test: which of them are in its scope, and go on (F5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from console.station import codes
from console.station.rules.alarm import Alarm
from console.station.rules.alarm_scope import alarm_in_test
from console.station.store import alarms as alarm_store
from console.station.store import sites as site_store
from models.records import AlarmInTest


def in_test(connection: Connection, alarm: Alarm, now: datetime) -> AlarmInTest | None:
    """What of an alarm is in test now; None where its site is not."""
    if alarm.site is None:
        return None
    site = site_store.facts(connection, [alarm.site])[alarm.site]
    return alarm_in_test(site, site.tests, alarm, codes.kind, now) if site.tests else None


def run_on(connection: Connection, site: str, test: int, now: datetime) -> tuple[str, ...]:
    """The open alarms of a site that are in the scope of a test as a whole, the most urgent first."""
    facts = site_store.facts(connection, [site])[site]
    tests = [one for one in facts.tests if one.id == test]
    found = sorted(alarm_store.open_of(connection, [site], []), key=lambda alarm: alarm.urgency)
    return tuple(alarm.id for alarm in found if not alarm_in_test(facts, tests, alarm, codes.kind, now).outside)
