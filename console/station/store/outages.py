"""Lost links and outages in the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql

from console.station.rules import outage
from console.station.rules.alarm import Alarm
from console.station.rules.outage import Count
from console.station.store import alarms as alarm_store
from console.station.store import sites as site_store
from console.station.store.sites import SystemFacts
from models.records import OutageMember, OutageView
from models.tables import AlarmRow, LinkSeenRow, OutageMemberRow, SystemRow


def mark_lost(connection: Connection, accounts: Collection[str], at: datetime | None) -> None:
    """The links of ``accounts`` are lost since ``at``; None: they are back."""
    if accounts:
        connection.execute(update(SystemRow).where(SystemRow.account.in_(accounts)).values(link_lost_at=at))


def share_heard(connection: Connection, heard: Mapping[str, datetime]) -> None:
    """Tell the other stations over this PostgreSQL when systems were heard here."""
    if not heard:
        return
    told = postgresql.insert(LinkSeenRow)
    connection.execute(
        told.on_conflict_do_update(
            index_elements=[LinkSeenRow.account],
            set_={"heard_at": func.greatest(LinkSeenRow.heard_at, told.excluded.heard_at)},
        ),
        [{"account": account, "heard_at": at} for account, at in sorted(heard.items())],
    )


def heard_elsewhere(connection: Connection, accounts: Collection[str]) -> dict[str, datetime]:
    """When any station heard these systems last, as far as was told."""
    rows = connection.execute(select(LinkSeenRow).where(LinkSeenRow.account.in_(accounts)))
    return {row.account: row.heard_at for row in rows}


def supervise_anew(connection: Connection, accounts: Iterable[str], since: datetime) -> None:
    """Links that were lost ``since`` a test of theirs began, and that no open outage counts, are taken for alive.

    They are told again after a whole limit. What was lost before the test has its row, and is restored on it.
    """
    theirs = list(accounts)
    grouped = (
        select(OutageMemberRow.account)
        .join(AlarmRow, AlarmRow.id == OutageMemberRow.alarm)
        .where(OutageMemberRow.account.in_(theirs), OutageMemberRow.back_at.is_(None), AlarmRow.state != "closed")
    )
    connection.execute(
        update(SystemRow)
        .where(SystemRow.account.in_(theirs), SystemRow.link_lost_at > since, SystemRow.account.not_in(grouped))
        .values(link_lost_at=None)
    )


def lost_accounts(connection: Connection) -> set[str]:
    """The accounts whose link is lost by the tables."""
    return set(connection.execute(select(SystemRow.account).where(SystemRow.link_lost_at.is_not(None))).scalars())


def lost_of_provider(connection: Connection, provider: str, since: datetime) -> list[SystemFacts]:
    """The systems of a provider whose links were lost after ``since`` and are still."""
    rows = connection.execute(
        select(SystemRow).where(SystemRow.provider == provider, SystemRow.link_lost_at > since)
    ).all()
    return [site_store.system(row) for row in rows]  # type: ignore[arg-type]


def open_of_provider(connection: Connection, provider: str) -> Alarm | None:
    """The open outage of a provider."""
    found = alarm_store.open_of(connection, [], [outage.matter(provider)])
    return found[0] if found else None


def outages_of(connection: Connection, accounts: Collection[str]) -> dict[str, list[str]]:
    """Open outages in which these systems are off line: alarm to accounts."""
    found: dict[str, list[str]] = {}
    rows = connection.execute(
        select(OutageMemberRow.alarm, OutageMemberRow.account)
        .join(AlarmRow, AlarmRow.id == OutageMemberRow.alarm)
        .where(OutageMemberRow.account.in_(accounts), OutageMemberRow.back_at.is_(None), AlarmRow.state != "closed")
    )
    for row in rows:
        found.setdefault(row.alarm, []).append(row.account)
    return found


def add_members(
    connection: Connection, alarm: str, systems: Sequence[SystemFacts], alone: Collection[str], now: datetime
) -> None:
    """Systems fall silent in an outage, some of them again. ``alone``: accounts at sites without a second path."""
    if not systems:
        return
    accounts = [system.account for system in systems]
    connection.execute(
        delete(OutageMemberRow).where(OutageMemberRow.alarm == alarm, OutageMemberRow.account.in_(accounts))
    )
    connection.execute(
        insert(OutageMemberRow),
        [
            {
                "alarm": alarm,
                "account": system.account,
                "site": system.site,
                "second_path": int(system.account not in alone),
                "lost_at": system.link_lost_at or now,
                "back_at": None,
                "checked_at": None,
                "checked_by": "",
            }
            for system in systems
        ],
    )


def members_back(connection: Connection, alarm: str, accounts: Iterable[str], now: datetime) -> None:
    """Links of an outage are back."""
    connection.execute(
        update(OutageMemberRow)
        .where(OutageMemberRow.alarm == alarm, OutageMemberRow.account.in_(list(accounts)))
        .values(back_at=now)
    )


def paths_anew(connection: Connection, at_sites: Collection[str]) -> set[str]:
    """Say anew which off-line members at these sites have a second path; answers with the outages that changed."""
    rows = connection.execute(
        select(OutageMemberRow)
        .join(AlarmRow, AlarmRow.id == OutageMemberRow.alarm)
        .where(OutageMemberRow.site.in_(at_sites), OutageMemberRow.back_at.is_(None), AlarmRow.state != "closed")
    ).all()
    if not rows:
        return set()
    known = site_store.systems(connection, {row.account for row in rows})
    others = with_other_path(connection, list(known.values()))
    changed = set()
    for row in rows:
        second = int(row.account in others)
        if second != row.second_path:
            changed.add(row.alarm)
            connection.execute(
                update(OutageMemberRow)
                .where(OutageMemberRow.alarm == row.alarm, OutageMemberRow.account == row.account)
                # Whoever checked it did so while things stood otherwise.
                .values(second_path=second, checked_at=None, checked_by="")
            )
    return changed


def supervised_no_longer(connection: Connection, accounts: Collection[str], now: datetime) -> None:
    """Nobody will hear these systems come back as what they were: no outage counts them as off line any more."""
    if accounts:
        connection.execute(
            update(OutageMemberRow)
            .where(OutageMemberRow.account.in_(accounts), OutageMemberRow.back_at.is_(None))
            .values(back_at=now)
        )


def to_check(connection: Connection, alarm: str, site: str) -> list[OutageMember]:
    """The systems of a site that are off line in an outage, and without a second path."""
    row = OutageMemberRow
    return _members(
        connection, row.alarm == alarm, row.site == site, row.back_at.is_(None), row.second_path == 0, limit=1000
    )


def mark_checked(connection: Connection, alarm: str, accounts: Collection[str], at: datetime | None, by: str) -> None:
    """Somebody checked the site of these systems; None: that is taken back."""
    connection.execute(
        update(OutageMemberRow)
        .where(OutageMemberRow.alarm == alarm, OutageMemberRow.account.in_(accounts))
        .values(checked_at=at, checked_by=by)
    )


def remove_member(connection: Connection, alarm: str, account: str) -> None:
    """A system leaves an outage for a row of its own."""
    connection.execute(
        delete(OutageMemberRow).where(OutageMemberRow.alarm == alarm, OutageMemberRow.account == account)
    )


def member(connection: Connection, alarm: str, account: str) -> OutageMember | None:
    """One system of an outage."""
    found = _members(connection, OutageMemberRow.alarm == alarm, OutageMemberRow.account == account, limit=1)
    return found[0] if found else None


def members(connection: Connection, alarm: str, after: str, limit: int) -> list[OutageMember]:
    """The systems of an outage by account, above ``after``."""
    return _members(connection, OutageMemberRow.alarm == alarm, OutageMemberRow.account > after, limit=limit)


def _members(connection: Connection, *where: object, limit: int) -> list[OutageMember]:
    rows = connection.execute(
        select(OutageMemberRow).where(*where).order_by(OutageMemberRow.account).limit(limit)  # type: ignore[arg-type]
    ).all()
    refs = site_store.refs(connection, {row.site for row in rows})
    return [
        OutageMember(
            site=refs[row.site],
            account=row.account,
            lost_at=row.lost_at,
            back_at=row.back_at,
            second_path=bool(row.second_path),
            checked_at=row.checked_at,
            checked_by=row.checked_by,
        )
        for row in rows
        if row.site in refs
    ]


def with_other_path(connection: Connection, systems: Sequence[SystemFacts]) -> set[str]:
    """Those of ``systems``, by account, whose site has another supervised system that is not lost."""
    sites = {system.site for system in systems}
    others: dict[str, set[str]] = {}
    rows = connection.execute(
        select(SystemRow.site, SystemRow.account).where(
            SystemRow.site.in_(sites), SystemRow.interval_s.is_not(None), SystemRow.link_lost_at.is_(None)
        )
    )
    for row in rows:
        others.setdefault(row.site, set()).add(row.account)
    return {system.account for system in systems if others.get(system.site, set()) - {system.account}}


def counts(connection: Connection, alarms: Collection[str]) -> dict[str, OutageView]:
    """How outages stand, by alarm."""
    if not alarms:
        return {}
    lost = OutageMemberRow.back_at.is_(None)
    alone = lost & (OutageMemberRow.second_path == 0)
    rows = connection.execute(
        select(
            OutageMemberRow.alarm,
            func.sum(case((lost, 1), else_=0)).label("lost"),
            func.sum(case((lost, 0), else_=1)).label("back"),
            func.sum(case((alone, 1), else_=0)).label("alone"),
            func.sum(case((alone & OutageMemberRow.checked_at.is_not(None), 1), else_=0)).label("checked"),
            func.min(OutageMemberRow.lost_at).label("began_at"),
            func.max(OutageMemberRow.lost_at).label("last_loss_at"),
        )
        .where(OutageMemberRow.alarm.in_(alarms))
        .group_by(OutageMemberRow.alarm)
    )
    return {
        row.alarm: OutageView(
            lost=int(row.lost),
            back=int(row.back),
            alone=int(row.alone),
            checked=int(row.checked),
            began_at=row.began_at,
            last_loss_at=row.last_loss_at,
        )
        for row in rows
    }


def count(connection: Connection, alarm: str) -> Count:
    """How one outage stands."""
    view = counts(connection, [alarm]).get(alarm)
    return Count(view.lost, view.back, view.alone) if view is not None else Count(0, 0, 0)
