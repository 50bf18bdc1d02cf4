"""To whom F1 gives a waiting alarm: skills, trainees, whose site it is (architecture.md §4, best-practice A).

An alarm is *left* to whoever suits it better only while one of them can take it, and for seconds; any other time it is
everybody's. Nothing is hidden and nothing refused by this: the queue shows every row, and Enter takes each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.station.rules.profile import Profile
from models.records import AlarmClass, Escalation, Priority, StaffSkills

EVERYTHING = StaffSkills()
"""What whoever has nothing set can be given."""
_APART = timedelta(seconds=2)
"""So far the clocks of two stations may be apart."""
Place = tuple[str, str]
"""Login name and workstation."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What an alarm asks of whoever handles it; the station's own troubles ask nothing."""

    alarm_class: AlarmClass | None = None
    languages: frozenset[str] = frozenset()
    """One of them does: those of whoever is called first."""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting alarm."""

    id: str
    priority: int
    since: datetime
    """Start of its response clock: a return never begins its time anew."""
    escalated: int = 0
    needs: Needs = Needs()
    grouped: bool = False
    """A storm profile has it in one row with others: it comes after the others of its priority."""
    sticks_to: str = ""
    """Login name of whoever closed the last alarm of its site, within the hold time; empty: nobody."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is signed in, may handle alarms, and whose workstation answers."""

    login: str
    name: str
    workstation: str
    skills: StaffSkills = EVERYTHING
    locked: bool = False
    idle: bool = False
    """No key for a while: whoever is there may not be looking."""
    holds: int | None = None
    """Priority of the most urgent alarm in hand; None: free."""

    @property
    def place(self) -> Place:
        """Who and where."""
        return (self.login, self.workstation)

    def able(self, priority: int) -> bool:
        """Whether F1 takes an alarm of ``priority`` there now: it leaves one in hand for a more urgent one alone."""
        return not self.locked and (self.holds is None or priority < self.holds)


@dataclass(frozen=True, slots=True)
class Offer:
    """Whom F1 gives one alarm now."""

    to: frozenset[Place]
    left_to: tuple[str, ...] = ()
    """Names of those it is left to; empty: it is everybody's."""
    until: datetime | None = None
    """From when it is everybody's, whatever they do."""
    uncovered: tuple[str, ...] = ()
    """What it needs and nobody who is signed in has, in words: it is everybody's at once."""


def lacks(skills: StaffSkills, needs: Needs) -> tuple[str, ...]:
    """What somebody lacks for an alarm, in words that follow "nobody who"; nothing: it suits them."""
    found = []
    if needs.alarm_class is not None and skills.classes and needs.alarm_class not in skills.classes:
        found.append(f"handles {needs.alarm_class.value}")
    if needs.languages and skills.languages and needs.languages.isdisjoint(skills.languages):
        found.append(f"speaks {' or '.join(sorted(needs.languages))}")
    if needs.group and skills.groups and needs.group not in skills.groups:
        found.append(f"serves the group {needs.group}")
    return tuple(found)


def offer(alarm: Waiting, present: Sequence[Present], profile: Profile, now: datetime) -> Offer:
    """To whom ``alarm`` is offered now. Whenever anybody can take it, somebody who can is among them."""
    everybody = frozenset(one.place for one in present)
    uncovered = _uncovered(alarm, present)
    if alarm.escalated >= Escalation.SUPERVISORS:
        return Offer(everybody, uncovered=uncovered)
    waited, to, until = now - alarm.since, list(present), alarm.since

    def leave_to(suits: Callable[[Present], bool], for_s: int) -> None:
        nonlocal to, until
        better = [one for one in to if suits(one)]
        # What another station received by a clock that is ahead is left to nobody: nobody knows for how long.
        within = -_APART <= waited < timedelta(seconds=for_s)
        if within and len(better) < len(to) and any(one.able(alarm.priority) for one in better):
            to, until = better, max(until, alarm.since + timedelta(seconds=for_s))

    if alarm.priority == Priority.EMERGENCY:
        # Before all else, and for longer: up to the moment at which supervisors are told.
        leave_to(lambda one: not one.skills.trainee, profile.escalate_s[alarm.priority][0])
    leave_to(lambda one: not lacks(one.skills, alarm.needs), profile.left_s[alarm.priority])
    if alarm.priority != Priority.EMERGENCY and alarm.sticks_to:
        leave_to(
            lambda one: one.login == alarm.sticks_to and one.holds is None and not one.idle and not one.locked,
            profile.site_first_s,
        )
    if len(to) == len(present):
        return Offer(everybody, uncovered=uncovered)
    names = tuple(dict.fromkeys(one.name for one in to if one.able(alarm.priority)))
    return Offer(frozenset(one.place for one in to), names, until, uncovered)


def offers(waiting: Iterable[Waiting], present: Sequence[Present], profile: Profile, now: datetime) -> dict[str, Offer]:
    """Each waiting alarm's offer, by its id."""
    return {alarm.id: offer(alarm, present, profile, now) for alarm in waiting}


def next_for(
    place: Place, waiting: Iterable[Waiting], made: Mapping[str, Offer], profile: Profile, now: datetime
) -> Waiting | None:
    """What F1 takes at ``place``: the most urgent of what is offered there, of one's own sites first.

    That preference is among one priority, and passes over nothing that has waited as long as an alarm may be left.
    """
    login, _workstation = place

    def urgency(alarm: Waiting) -> tuple[int, bool, int, datetime]:
        long = now - alarm.since >= timedelta(seconds=profile.left_s[alarm.priority])
        return (alarm.priority, alarm.grouped, 0 if long else 1 if alarm.sticks_to == login else 2, alarm.since)

    return min((alarm for alarm in waiting if place in made[alarm.id].to), key=urgency, default=None)


def _uncovered(alarm: Waiting, present: Sequence[Present]) -> tuple[str, ...]:
    """What nobody has who is signed in; where nobody is signed in there is nobody to tell."""
    missing = [lacks(one.skills, alarm.needs) for one in present]
    if not missing or () in missing:
        if present and alarm.priority == Priority.EMERGENCY and all(one.skills.trainee for one in present):
            return ("is no trainee",)
        return ()
    common = set(missing[0]).intersection(*missing[1:])
    # Each may be there, and no one who has all of it.
    fewest = min(missing, key=len)
    return tuple(words for words in fewest if words in common) or (" and ".join(fewest),)
