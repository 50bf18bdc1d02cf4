"""What was not closed or not opened in time, into the journal and the alarms (D3).

:func:`due` only reads, and costs one step of an index. Most of what it finds is to be looked at again later, which
the journal does not tell (:func:`put_off`); what is to be told is decided again under the journal's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from console.station.acts.memory import Memory
from console.station.acts.received import Received
from console.station.acts.reception import Reception
from console.station.codes import kind
from console.station.rules.profile import Profile
from console.station.rules.watch import Judgement, judge
from console.station.store import hours as hour_store
from console.station.store.hours import Watched
from console.station.store.ledger import Ledger
from models.records import Event, EventRole
from models.tables import SystemRow

MOST = 200
"""Areas looked at together: nobody else's act waits for all of them (architecture.md §3)."""
Looked = tuple[Watched, Judgement]


def due(connection: Connection, now: datetime) -> list[Looked]:
    """The areas that must be looked at now, at most :data:`MOST`, and what is found."""
    return [(area, _judged(area, now)) for area in hour_store.due(connection, now, MOST)]


def says_something(judgement: Judgement) -> bool:
    """Whether anything is to be told."""
    return judgement.late_from is not None or judgement.missed_from is not None


def put_off(connection: Connection, looked: Iterable[Looked]) -> None:
    """Nothing is to be told of these: they are looked at again when they are due next."""
    # In one order, as reception does: two transactions must not wait for each other.
    ordered = sorted(looked, key=lambda one: (one[0].site, one[0].area))
    hour_store.look_again(connection, [(area, judgement.due_at) for area, judgement in ordered])


def tell(profile: Profile, places: Sequence[tuple[str, str]]) -> Callable[[Ledger], int]:
    """An act that tells what is late or missed at these (site, area), where it still is; answers with how many."""

    def act(ledger: Ledger) -> int:
        signals = []
        accounts = _accounts(ledger.connection, {site for site, _ in places})
        for site, number in sorted(places):
            area = hour_store.watched(ledger.connection, site, number)
            if area is None:
                continue
            found = _judged(area, ledger.now)
            hour_store.note(ledger.connection, site, number, found.told, found.due_at)
            if site in accounts:
                signals += _signals(ledger, area, found, accounts[site])
        if signals:
            Reception(ledger, profile, kind, Memory()).receive(signals)
        return len(signals)

    return act


def _judged(area: Watched, now: datetime) -> Judgement:
    return judge(area.schedule, area.stands, area.told, now)


def _accounts(connection: Connection, sites: set[str]) -> dict[str, str]:
    """By site the account in whose name it is told: the first that is in service, else the first there is."""
    rows = connection.execute(
        select(SystemRow.site, SystemRow.account)
        .where(SystemRow.site.in_(sites))
        .order_by(SystemRow.out_of_service_at.is_not(None), SystemRow.account)
    )
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row.site, row.account)
    return found


def _signals(ledger: Ledger, area: Watched, found: Judgement, account: str) -> list[Received]:
    said = []
    if found.late_from is not None:
        said.append(_signal(ledger, area, account, "late-to-close", found.late_from, found.told.times))
    if found.missed_from is not None:
        said.append(_signal(ledger, area, account, "not-opened", found.missed_from, 1))
    return said


def _signal(ledger: Ledger, area: Watched, account: str, what: str, since: datetime, times: int) -> Received:
    """The station's own word on an area, routed like a panel's."""
    event = Event(
        code="",
        qualifier=None,
        area=area.area,
        address=None,
        concerns="area",
        user=None,
        text=None,
        kind=what,
        description="",
        role=EventRole.ALARM,
    )
    return Received.own(
        account, what, event, ledger.now, {"area": area.area, "since": since.isoformat(), "told": times}
    )
