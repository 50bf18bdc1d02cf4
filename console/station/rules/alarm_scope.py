"""Whether what an alarm consists of is in test now (F2, F5): it goes on all the same, and may be closed for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from console.station import codes
from console.station.codes import Kind
from console.station.rules.alarm import Alarm, ZoneFact
from console.station.rules.places import SiteFacts
from console.station.rules.scope import KIND_WORDS, RunningTest, covering
from models.records import AlarmInTest, Event, EventRole, TestKind


def alarm_in_test(
    site: SiteFacts, tests: Sequence[RunningTest], alarm: Alarm, kind_of: Callable[[str], Kind], now: datetime
) -> AlarmInTest:
    """Where an alarm comes from, and what of that would be in ``tests`` if it came ``now``; in the alarm's order.

    A place is named by its area as long as that tells what is in test from what is not.
    """
    judged = [_judged(site, tests, alarm, fact, kind_of, now) for fact in alarm.zones]
    inside = {area for area, _, in_test in judged if in_test}
    both = inside & {area for area, _, in_test in judged if not in_test}
    named = [(exact if area in both else area, in_test) for area, exact, in_test in judged]
    return AlarmInTest(
        inside=tuple(dict.fromkeys(name for name, in_test in named if in_test)),
        outside=tuple(dict.fromkeys(name for name, in_test in named if not in_test)),
    )


def _judged(
    site: SiteFacts,
    tests: Sequence[RunningTest],
    alarm: Alarm,
    fact: ZoneFact,
    kind_of: Callable[[str], Kind],
    now: datetime,
) -> tuple[str, str, bool]:
    """(the area's words, the exact place's, whether it is in test)"""
    event, kind = _event(fact), kind_of(fact.kind)
    accounts = fact.accounts or (alarm.account,)
    # Told by two paths, both must be in test: what is in doubt is presented.
    in_test = all(covering(tests, kind, site.where(account, event), now) for account in accounts)
    area, zone = site.place(event)
    exact = " / ".join(filter(None, (area, zone))) or f"System {alarm.account}"
    name = area or exact
    parts = [test.scope for test in tests if not test.scope.whole]
    if not in_test and parts and not any(kind.test_kind in {one.value for one in scope.kinds} for scope in parts):
        # Its place may well be in test: then it is the kind that is not.
        words = KIND_WORDS[TestKind(kind.test_kind)] if kind.test_kind in KIND_WORDS else kind.words.lower()
        return f"{name}, {words}", f"{exact}, {words}", False
    return name, exact, in_test


def _event(fact: ZoneFact) -> Event:
    """The fact as an event, for its place; what its number means is what the code's table says."""
    known = codes.sia_codes().get(fact.code) or codes.cid_codes().get(fact.code)
    concerns = known.concerns if known is not None else "area" if fact.area else "system"
    return Event(
        code=fact.code,
        qualifier=None,
        area=fact.area or None,
        address=fact.zone or None,
        concerns=concerns,
        user=None,
        text=None,
        kind=fact.kind,
        description="",
        role=EventRole.ALARM,
    )
