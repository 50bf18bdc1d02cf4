"""What a row of the operators' list says: somebody at a workstation, or not there, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from models.records import AlarmView, Ask, AskKind, Seat, StaffMember, StaffRole
from widgets.rows import Row
from widgets.theme import priority_name
from widgets.words import duration, headline, minute

_IDLE = timedelta(seconds=60)
"""Less than this is nobody's idleness."""
_ROLES = (StaffRole.SUPERVISOR, StaffRole.OPERATOR, StaffRole.SERVICE_DESK)


def _tr(text: str) -> str:
    return QCoreApplication.translate("operators", text)


@dataclass(frozen=True, slots=True)
class At:
    """Somebody at a workstation with what they hold there; without a seat they are not signed in."""

    member: StaffMember
    seat: Seat | None = None
    held: tuple[AlarmView, ...] = ()
    """The most urgent first."""
    asks: tuple[Ask, ...] = ()
    """What they asked and nobody answered yet."""

    @property
    def workstation(self) -> str:
        """Where they sit; empty: nowhere."""
        return self.seat.workstation if self.seat is not None else ""

    @property
    def key(self) -> str:
        """The same across updates, whatever they hold."""
        return f"{self.member.person.login}\n{self.workstation}"


def seats_of(staff: Iterable[StaffMember], held: Sequence[AlarmView], asks: Sequence[Ask] = ()) -> list[At]:
    """A row for each session, by name; then who is not signed in."""
    there, away = [], []
    for member in staff:
        for seat in member.seats:
            mine = (member.person.login, seat.workstation)
            has = tuple(a for a in held if (a.holder, a.workstation) == mine)
            there.append(At(member, seat, has, tuple(a for a in asks if (a.login, a.workstation) == mine)))
        if not member.seats:
            away.append(At(member))
    return there + away


def row_of(at: At, now: datetime) -> Row:
    """The row: name and what they do left; where, since when and how long idle right."""
    person, seat = at.member.person, at.seat
    if seat is None:
        return Row(at.key, person.name, _tr("not signed in"), role_of(at.member), skills_words(at.member), mark="·")
    first = at.held[0] if at.held else None
    return Row(
        at.key,
        person.name + asks_words(at),
        state_words(at, now),
        f"{seat.workstation} · {role_of(at.member)}",
        seat_words(seat, now),
        badge=first.priority if first is not None else 0,
        mark="–",
        off=seat.quiet,
    )


def asks_words(at: At) -> str:
    """Behind their name, where they ask for something."""
    if not at.asks:
        return ""
    return _tr(" · asks for help") if at.asks[0].kind is AskKind.HELP else _tr(" · asks for an alarm")


def state_words(at: At, now: datetime) -> str:
    """What somebody does now."""
    seat = at.seat
    if seat is None:
        return _tr("not signed in")
    if at.held:
        first = at.held[0]
        more = _tr(" · and {0} more").format(len(at.held) - 1) if len(at.held) > 1 else ""
        return f"{held_words(first, now)}{more}"
    if seat.quiet:
        return _tr("The workstation has not answered for {0}").format(duration(now - seat.last_beat))
    return _tr("Locked") if seat.locked_at is not None else _tr("Free")


def held_words(alarm: AlarmView, now: datetime) -> str:
    """What, where, since when, and what is done about it."""
    since = _tr("for {0}").format(duration(now - (alarm.held_since or now)))
    parts = (headline(alarm), where(alarm), since, doing_words(alarm, now))
    return " · ".join(part for part in parts if part)


def doing_words(alarm: AlarmView, now: datetime) -> str:
    """What its holder does with an alarm; for how long nothing, once that is loud (I4)."""
    if alarm.idle_warned_at is not None:
        return _tr("no act for {0}").format(duration(now - (alarm.last_act_at or now)))
    return alarm.doing


def where(alarm: AlarmView) -> str:
    """The site of an alarm, or what stands for it."""
    return alarm.site.name if alarm.site is not None else alarm.account


def seat_words(seat: Seat, now: datetime) -> str:
    """Since when somebody sits there; locked, idle or silent for how long."""
    parts = [_tr("since {0}").format(minute(seat.since))]
    if seat.quiet:
        parts.append(_tr("silent for {0}").format(duration(now - seat.last_beat)))
    elif seat.locked_at is not None:
        parts.append(_tr("locked for {0}").format(duration(now - seat.locked_at)))
    elif now - seat.used_at >= _IDLE:
        parts.append(_tr("idle for {0}").format(duration(now - seat.used_at)))
    return " · ".join(parts)


def role_of(member: StaffMember) -> str:
    """The first role that counts on shift."""
    role = next((one for one in _ROLES if one in member.person.roles), StaffRole.OPERATOR)
    return role.value.replace("-", " ").capitalize()


def skills_words(member: StaffMember) -> str:
    """What somebody can be given, where that is limited."""
    skills = member.skills
    parts = [
        _tr("trainee") if skills.trainee else "",
        " ".join(skills.languages),
        ", ".join(one.value for one in skills.classes),
        ", ".join(skills.groups),
    ]
    return " · ".join(part for part in parts if part)


def alarm_words(alarm: AlarmView) -> str:
    """An alarm in a sentence: ``Emergency · Fire, Bakkerij Peeters``."""
    named = ", ".join(part for part in (headline(alarm), where(alarm)) if part)
    return f"{priority_name(alarm.priority)} · {named}"
