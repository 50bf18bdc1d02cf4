"""What is still in alarm in a test that ends, or whose scope leaves it: told, raised, or left (F4).

What another test of the site covers is not presented: it goes on there, and is asked about when that one ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, update

from console.station.acts.received import Received
from console.station.codes import kind
from console.station.rules.refusal import Refused
from console.station.rules.scope import RunningTest, covering
from console.station.store import sites as site_store
from console.station.store import testmode as test_store
from console.station.store.ledger import Ledger
from console.station.store.testmode_signals import EVENT
from models.records import ErrorCode, SiteRef, TestScope
from models.tables import TestPlaceRow

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Left:
    """Places that are still in alarm, and in the test in question no more."""

    alone: tuple[Row[Any], ...] = ()
    """In no other test: raised as alarms, or left."""
    elsewhere: tuple[Row[Any], ...] = ()
    """In another test that goes on."""
    untold: tuple[Row[Any], ...] = ()
    """Of those the ones that the other test does not know yet: they began before it."""

    def words(self, *, raised: bool) -> str:
        """``2 still in alarm, raised · 1 still in alarm in another test``; empty for none."""
        said = f"{len(self.alone)} still in alarm, {'raised' if raised else 'left'}" if self.alone else ""
        other = f"{len(self.elsewhere)} still in alarm in another test" if self.elsewhere else ""
        return " · ".join(filter(None, (said, other)))

    def ask(self, site: SiteRef) -> None:
        """Refuse, with the names of what would be presented nowhere."""
        if not self.alone:
            return
        names = ", ".join(dict.fromkeys(place.place or place.words for place in self.alone[:_NAMED]))
        more = f" and {len(self.alone) - _NAMED} more" if len(self.alone) > _NAMED else ""
        raise Refused(
            ErrorCode.STILL_IN_ALARM,
            f"Still in alarm in this test of {site.name}: {names}{more}. Raise them as alarms, or leave them?",
            "still",
        )


def of_end(ledger: Ledger, row: Row[Any]) -> Left:
    """What is still in alarm in a test that ends."""
    places = test_store.still_in_alarm(ledger.connection, row.id)
    return _apart(ledger, row, places) if places else Left()


def of_change(ledger: Ledger, row: Row[Any], scope: TestScope) -> Left:
    """What is still in alarm in a test, and not in the ``scope`` that it is to have."""
    places = test_store.still_in_alarm(ledger.connection, row.id)
    if not places:
        return Left()
    anew = RunningTest(row.id, ledger.now, scope)
    return _apart(ledger, row, [place for place, tests in _covered(ledger, row.site, places, [anew]) if not tests])


def forget(ledger: Ledger, row: Row[Any], left: Left) -> None:
    """A test that goes on is asked about these no more: its scope holds them no more, nor their restorals."""
    for place in (*left.alone, *left.elsewhere):
        ledger.connection.execute(
            update(TestPlaceRow)
            .where(
                TestPlaceRow.test == row.id,
                TestPlaceRow.account == place.account,
                TestPlaceRow.area == place.area,
                TestPlaceRow.zone == place.zone,
                TestPlaceRow.kind == place.kind,
            )
            .values(let_go_at=ledger.now)
        )


def signals(ledger: Ledger, row: Row[Any], left: Left, *, raises: bool) -> list[Received]:
    """What is to be received of it: raised as alarms with ``raises``; told to a test that does not know of it yet."""
    return [
        Received.own(place.account, "still-in-alarm", EVENT.validate_json(place.event), ledger.now, {"test": row.id})
        for place in (*(left.alone if raises else ()), *left.untold)
    ]


def _apart(ledger: Ledger, row: Row[Any], places: Sequence[Row[Any]]) -> Left:
    running = test_store.running(ledger.connection, [row.site]).get(row.site, ())
    others = [test for test in running if test.id != row.id]
    known = {test.id: {_key(one) for one in test_store.still_in_alarm(ledger.connection, test.id)} for test in others}
    alone: list[Row[Any]] = []
    elsewhere: list[Row[Any]] = []
    untold: list[Row[Any]] = []
    for place, tests in _covered(ledger, row.site, places, others):
        (elsewhere if tests else alone).append(place)
        if tests and not any(_key(place) in known[test.id] for test in tests):
            untold.append(place)
    return Left(tuple(alone), tuple(elsewhere), tuple(untold))


def _covered(
    ledger: Ledger, site: str, places: Iterable[Row[Any]], tests: Sequence[RunningTest]
) -> list[tuple[Row[Any], tuple[RunningTest, ...]]]:
    """Each place with those of ``tests`` that it would be in if it told its alarm now."""
    facts = site_store.facts(ledger.connection, [site])[site]
    return [
        (
            place,
            covering(tests, kind(place.kind), facts.where(place.account, EVENT.validate_json(place.event)), ledger.now),
        )
        for place in places
    ]


def _key(place: Row[Any]) -> tuple[str, str, str, str]:
    return place.account, place.area, place.zone, place.kind
