"""What decides to whom F1 gives a waiting alarm, read from the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from console.station.rules import storm
from console.station.rules.offering import Needs, Offer, Place, Present, Waiting, next_for, offers
from console.station.rules.profile import Profile
from console.station.store import staff
from models.records import AlarmClass, AlarmState, LeftTo, StaffRole, StaffSkills, StormDoes, Uncovered
from models.tables import (
    AlarmRow,
    ContactRow,
    OperatorRole,
    OperatorRow,
    OperatorSkillRow,
    PersonRow,
    SessionRow,
    SiteRow,
)

_HANDLE = (StaffRole.OPERATOR.value, StaffRole.SUPERVISOR.value)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Offers:
    """What waits, and to whom each is offered, at one moment."""

    waiting: tuple[Waiting, ...] = ()
    present: tuple[Present, ...] = ()
    made: Mapping[str, Offer] | None = None

    @property
    def most_urgent(self) -> Waiting:
        """What waits, by priority and age, to whomever it is offered."""
        return min(self.waiting, key=lambda alarm: (alarm.priority, alarm.grouped, alarm.since))

    def left_words(self, alarm: Waiting, now: datetime) -> str:
        """To whom an alarm is left, for how long, and how it is taken all the same."""
        offer = (self.made or {})[alarm.id]
        seconds = max(1, round((offer.until - now).total_seconds())) if offer.until is not None else 1
        return f"{alarm.id} is left to {', '.join(offer.left_to)} for {seconds} s more. Enter on its row takes it."

    def next_id(self, place: Place, profile: Profile, now: datetime) -> str | None:
        """The id of what F1 takes at a workstation; None: nothing is offered there."""
        first = self.next_for(place, profile, now)
        return None if first is None else first.id

    def left_elsewhere(self, place: Place) -> tuple[LeftTo, ...]:
        """What is left to others than whoever is at ``place``."""
        return tuple(
            LeftTo(alarm=alarm, to=offer.left_to, until=offer.until)
            for alarm, offer in (self.made or {}).items()
            if offer.until is not None and place not in offer.to
        )

    def uncovered(self, most: int) -> tuple[Uncovered, ...]:
        """What needs what nobody has, the most urgent first."""
        made = self.made or {}
        found = (alarm for alarm in self.waiting if made[alarm.id].uncovered)
        ordered = sorted(found, key=lambda alarm: (alarm.priority, alarm.since))[:most]
        return tuple(Uncovered(alarm=alarm.id, lacks=made[alarm.id].uncovered) for alarm in ordered)

    def missing(self) -> dict[str, str]:
        """What nobody has who is signed in and something that waits needs: by words, a sentence."""
        found: dict[str, int] = {}
        for offer in (self.made or {}).values():
            for words in offer.uncovered:
                found[words] = found.get(words, 0) + 1
        return {
            words: f"Nobody who {words} is signed in: {count} waiting for that {'is' if count == 1 else 'are'} "
            "offered to everybody."
            for words, count in sorted(found.items())
        }

    def next_for(self, place: Place, profile: Profile, now: datetime) -> Waiting | None:
        """What F1 takes at a workstation."""
        return next_for(place, self.waiting, self.made or {}, profile, now)


def read(connection: Connection, profile: Profile, now: datetime, here: Place | None = None) -> Offers:
    """Everything that waits, to whom it is offered now. ``here`` counts as present: it is who asks.

    Where nobody's skills are limited and no site sticks to anybody, everything is everybody's, in the queue's order:
    then who is there is not read, and without ``here`` nothing is told.
    """
    rows = connection.execute(
        select(
            AlarmRow.id,
            AlarmRow.priority,
            AlarmRow.clock_from,
            AlarmRow.escalated,
            AlarmRow.alarm_class,
            AlarmRow.site,
            AlarmRow.account,
            AlarmRow.storm_does,
            AlarmRow.storm_until,
        ).where(AlarmRow.state == AlarmState.WAITING.value)
    ).all()
    # What a storm profile delays is not in the queue yet.
    rows = [row for row in rows if not storm.delayed(row.storm_does, row.storm_until, now)]
    if not rows:
        return Offers()
    closed = _closed_lately(connection, now - timedelta(seconds=profile.site_hold_s))
    if not closed and connection.execute(select(OperatorSkillRow.login).limit(1)).first() is None:
        if here is None:
            return Offers()
        present: tuple[Present, ...] = (Present(here[0], "", here[1]),)
    else:
        present = _present(connection, profile, now, here)
    limited = any(one.skills.languages or one.skills.classes or one.skills.groups for one in present)
    sites = sorted({row.site for row in rows if row.site is not None}) if limited else []
    groups, languages = _groups(connection, sites), _languages(connection, sites)
    sticks = _sticks(closed, present)
    waiting = tuple(
        Waiting(
            id=row.id,
            priority=row.priority,
            since=row.clock_from,
            escalated=row.escalated,
            grouped=row.storm_does == StormDoes.GROUP.value,
            needs=Needs()
            if row.site is None and not row.account
            else Needs(
                AlarmClass(row.alarm_class), languages.get(row.site or "", frozenset()), groups.get(row.site or "", "")
            ),
            sticks_to=sticks.get(row.site or "", ""),
        )
        for row in rows
    )
    return Offers(waiting, present, offers(waiting, present, profile, now))


def _present(connection: Connection, profile: Profile, now: datetime, here: Place | None) -> tuple[Present, ...]:
    """Who is signed in, may handle alarms, and whose workstation answers; at each workstation who was heard last."""
    names: dict[str, str] = {
        row.login: row.name
        for row in connection.execute(
            select(OperatorRow.login, OperatorRow.name)
            .join(OperatorRole, OperatorRole.login == OperatorRow.login)
            .where(OperatorRole.role.in_(_HANDLE))
        )
    }
    newest = {}
    for row in connection.execute(
        select(SessionRow).where(SessionRow.expires_at > now).order_by(SessionRow.last_beat, SessionRow.created_at)
    ):
        # Who asks is there, even where somebody else was heard later at the same workstation.
        if here is None or row.workstation != here[1] or row.login == here[0]:
            newest[row.workstation] = row
    holds: dict[Place, int] = {
        (row.holder, row.workstation): row.most
        for row in connection.execute(
            select(AlarmRow.holder, AlarmRow.workstation, func.min(AlarmRow.priority).label("most"))
            .where(AlarmRow.state == AlarmState.HELD.value)
            .group_by(AlarmRow.holder, AlarmRow.workstation)
        )
    }
    alive = now - timedelta(seconds=profile.lease_s)
    there = [row for row in newest.values() if row.login in names and (row.last_beat > alive or _at(row) == here)]
    skills = staff.all_skills(connection, [row.login for row in there])
    return tuple(
        Present(
            login=row.login,
            name=names[row.login],
            workstation=row.workstation,
            skills=skills.get(row.login, StaffSkills()),
            locked=row.locked_at is not None and _at(row) != here,
            idle=now - (row.used_at or row.created_at) >= timedelta(seconds=profile.unused_s),
            holds=holds.get(_at(row)),
        )
        for row in there
    )


def _at(row: object) -> Place:
    return (row.login, row.workstation)  # type: ignore[attr-defined]


def _groups(connection: Connection, sites: list[str]) -> dict[str, str]:
    found = {}
    for some in _pieces(sites):
        for row in connection.execute(
            select(SiteRow.id, SiteRow.customer_group).where(SiteRow.id.in_(some), SiteRow.customer_group != "")
        ):
            found[row.id] = row.customer_group
    return found


def _languages(connection: Connection, sites: list[str]) -> dict[str, frozenset[str]]:
    """Of each site the languages of the first person on its list of whom any is known: who is called first."""
    found: dict[str, frozenset[str]] = {}
    for some in _pieces(sites):
        rows = connection.execute(
            select(ContactRow.site, PersonRow.languages)
            .join(PersonRow, PersonRow.id == ContactRow.person)
            .where(ContactRow.site.in_(some), PersonRow.languages != "")
            .order_by(ContactRow.site, ContactRow.position)
        )
        for row in rows:
            spoken = read_languages(row.languages)
            if spoken and row.site not in found:
                found[row.site] = frozenset(spoken)
    return found


def read_languages(text: str) -> tuple[str, ...]:
    """``nl, FR`` as ``FR NL``: as they are compared."""
    return tuple(sorted({word.upper() for word in re.findall(r"[^\W\d_]+", text)}))


def _closed_lately(connection: Connection, since: datetime) -> dict[str, str]:
    """By site who closed its last alarm since ``since``, by the name shown, which is what an alarm keeps."""
    rows = connection.execute(
        select(AlarmRow.site, AlarmRow.closed_by)
        .where(AlarmRow.state == AlarmState.CLOSED.value, AlarmRow.closed_at >= since, AlarmRow.site.is_not(None))
        .order_by(AlarmRow.closed_at)
    )
    return {row.site: row.closed_by or "" for row in rows}


def _sticks(closed: Mapping[str, str], present: Iterable[Present]) -> dict[str, str]:
    """By site the login name of who closed its last alarm lately, where they are there still.

    Who shares their name with somebody else who is there is given nothing for it.
    """
    logins: dict[str, set[str]] = {}
    for one in present:
        logins.setdefault(one.name, set()).add(one.login)
    found = {site: logins.get(name, set()) for site, name in closed.items()}
    return {site: next(iter(who)) for site, who in found.items() if len(who) == 1}


def _pieces(sites: list[str]) -> Iterable[list[str]]:
    return (sites[at : at + _AT_ONCE] for at in range(0, len(sites), _AT_ONCE))
