"""Which procedure an alarm gets, and why; what of a procedure can be kept; its steps for one site (C3, C4, E3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from console.station.rules.plan_facts import AGAIN_AT, CALLED, StepFacts
from console.station.rules.refusal import Refused
from models.records import (
    ALL,
    AlarmClass,
    EmergencyNumber,
    ErrorCode,
    Level,
    Procedure,
    ProcedureStep,
    StepKind,
    When,
    plain_number,
)

_LEVELS = tuple(Level)
_OF_SITE = frozenset({Level.SITE, Level.AREA, Level.ZONE})
_LEVEL_WORDS = {
    Level.STATION: "the station's",
    Level.GROUP: "of the customer group",
    Level.SITE: "of this site",
    Level.AREA: "of this area",
    Level.ZONE: "of this zone",
}
_SERVICE_WORDS = {"police": "Police", "fire": "Fire brigade", "ambulance": "Ambulance"}
SERVICES = tuple(_SERVICE_WORDS)
NATIONAL = "112"
"""Where a site has no number of its own for an authority."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The procedure that applies; None for the standard order."""

    procedure: Procedure | None
    why: str


def choose(
    kept: Iterable[Procedure], kind: str, alarm_class: AlarmClass, places: Sequence[tuple[str, str]] = ()
) -> Chosen:
    """The most specific level wins, then the kind over the class over all; of several zones the one that began it.

    ``kept`` are those of the site, its group and the station; ``places`` the (area, zone) that alarmed, in order.
    """
    fitting = [one for one in kept if _applies(one, kind, alarm_class) and _nth(one, places) is not None]
    ranked = sorted(fitting, key=lambda one: (_LEVELS.index(one.level), _closeness(one), -(_nth(one, places) or 0)))
    if not ranked:
        return Chosen(None, "no procedure is set for this type of alarm")
    best, others = ranked[-1], ranked[:-1]
    why = f"{_LEVEL_WORDS[best.level]}, {_applies_words(best)}"
    if others:
        under = others[-1]
        why += f"; instead of “{under.name}”, {_LEVEL_WORDS[under.level]}, {_applies_words(under)}"
    return Chosen(best, why)


def _applies(one: Procedure, kind: str, alarm_class: AlarmClass) -> bool:
    return one.applies_to in (ALL, f"class:{alarm_class.value}", f"kind:{kind}")


def _closeness(one: Procedure) -> int:
    return 0 if one.applies_to == ALL else 1 if one.applies_to.startswith("class:") else 2


def _applies_words(one: Procedure) -> str:
    what, _, name = one.applies_to.partition(":")
    return {"class": f"for alarms of class {name}", "kind": "for this kind of alarm"}.get(what, "for every alarm")


def _nth(one: Procedure, places: Sequence[tuple[str, str]]) -> int | None:
    """Which of the alarmed places it is for; 0 where it is for the whole site; None where for none of them."""
    if one.level not in (Level.AREA, Level.ZONE):
        return 0
    wanted = tuple(plain_number(part) for part in one.target.split(" "))
    for nth, (area, zone) in enumerate(places):
        here = (plain_number(area),) if one.level is Level.AREA else (plain_number(area), plain_number(zone))
        if here == wanted:
            return nth
    return None


# -- what can be kept ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a procedure cannot be followed."""

    field: str
    sentence: str
    step: int | None = None
    """Counted from 0, where it is of one step."""
    step_field: str = ""


def check(given: Procedure, contacts: Mapping[str, str]) -> None:
    """Refuse what cannot be followed; ``contacts`` are those of its site, id to name."""
    for fault in faults(given, contacts):
        words = fault.sentence if fault.step is None else f"Step {fault.step + 1}: {fault.sentence}"
        raise Refused(ErrorCode.INVALID, words, fault.field)


def faults(given: Procedure, contacts: Mapping[str, str]) -> Iterator[Fault]:
    """All that is wrong; ``contacts`` are those of its site, id to name."""
    if (given.level in _OF_SITE) != bool(given.site):
        yield Fault("site", "A procedure of this level is kept with a site, the others are not.")
    if (given.level in (Level.GROUP, Level.AREA, Level.ZONE)) != bool(given.target):
        yield Fault("target", "Say for which customer group, area or zone; else for none.")
    if given.level is Level.ZONE and len(given.target.split(" ")) != 2:
        yield Fault("target", "A zone is named with its area before it: 1 07.")
    if not any(step.kind in CALLED or step.kind is StepKind.CONTACTS for step in given.steps):
        yield Fault("steps", "Nobody is called: a push replaces no call (E3, E4).")
    before: list[str] = []
    for nth, step in enumerate(given.steps):
        found = _wrong(step, given.level, contacts, before)
        if found is not None:
            yield Fault("steps", found[1], nth, found[0])
        before.append(step.id)


def _wrong(
    step: ProcedureStep, level: Level, contacts: Mapping[str, str], before: Sequence[str]
) -> tuple[str, str] | None:
    """The field and what is wrong with it, as a sentence."""
    if step.id in before:
        return "step", "its id is there twice."
    if step.kind is StepKind.CONTACT and (level not in _OF_SITE or step.contact not in contacts):
        return "contact", "name a contact of the site; for a group or the station a contact group."
    if step.kind is StepKind.PATROL and not (step.name and step.number):
        return "number" if step.name else "name", "a patrol needs a team and its number."
    if step.kind is StepKind.INSTRUCTION and not step.text:
        return "text", "an instruction needs words."
    if step.kind in (StepKind.WAIT, StepKind.AGAIN) and not step.seconds:
        return "seconds", "say for how long to wait."
    if step.kind is StepKind.AGAIN and not before:
        return "kind", "there is nothing to do again."
    if step.kind is StepKind.PUSH and step.required:
        return "required", "a push is the station's own to do: it cannot be required."
    if any(named and named not in before for named in (step.back_to, step.after)):
        return "after" if step.after and step.after not in before else "back_to", (
            "it refers to a step that does not come before it."
        )
    if (step.when is When.OUTCOME) != bool(step.outcomes):
        return "outcomes", "say after which outcomes it is taken."
    return None


# -- its steps at a site -------------------------------------------------------------------------


def expand(
    procedure: Procedure,
    people: Sequence[StepFacts],
    premises_number: str | None,
    usual: Sequence[StepFacts],
    numbers: Sequence[EmergencyNumber],
) -> list[StepFacts]:
    """The steps of ``procedure`` at a site; ``usual`` are the authorities that the alarm asks for."""
    found: list[StepFacts] = []
    for step in procedure.steps:
        for one in _steps(step, procedure.id, people, premises_number, usual, numbers):
            key = one.key if one.key not in {other.key for other in found} else f"{one.key}{AGAIN_AT}{step.id}"
            found.append(
                replace(
                    one,
                    key=key,
                    id=step.id,
                    text=step.text,
                    required=step.required,
                    when=step.when,
                    outcomes=step.outcomes,
                    after=step.after,
                    seconds=step.seconds,
                    rounds=step.rounds,
                    back_to=step.back_to,
                )
            )
    return found


def _steps(
    step: ProcedureStep,
    procedure: str,
    people: Sequence[StepFacts],
    premises_number: str | None,
    usual: Sequence[StepFacts],
    numbers: Sequence[EmergencyNumber],
) -> list[StepFacts]:
    own = f"{step.kind.name.lower()}:{procedure}:{step.id}"
    if step.kind is StepKind.PREMISES:
        at = (("premises", premises_number),) if premises_number else ()
        return [StepFacts("premises", step.kind, "Premises", numbers=at)]
    if step.kind is StepKind.CONTACT:
        known = [person for person in people if person.contact == step.contact]
        gone = StepFacts(f"contact:{step.contact}", step.kind, "Former contact", off="No longer a contact of this site")
        return known[:1] or [gone]
    if step.kind is StepKind.CONTACTS:
        wanted = step.role.casefold()
        group = [person for person in people if not wanted or person.role.casefold() == wanted]
        nobody = StepFacts(own, StepKind.CONTACT, step.role or "Contacts", off="Nobody on file has this role")
        return group or [nobody]
    if step.kind is StepKind.AUTHORITY:
        return authorities(step, usual, numbers)
    if step.kind is StepKind.PATROL:
        return [StepFacts(own, step.kind, step.name, numbers=(("team", step.number),))]
    names = {StepKind.WAIT: "Wait", StepKind.AGAIN: "Another round", StepKind.PUSH: "Push to the contacts' phones"}
    return [StepFacts(own, step.kind, names.get(step.kind, "Instruction"))]


def authorities(step: ProcedureStep, usual: Sequence[StepFacts], numbers: Sequence[EmergencyNumber]) -> list[StepFacts]:
    """The authority that a step names, by the site's own number; without a name those the alarm asks for."""
    if not step.service:
        return list(usual) or [authority("police", numbers)]
    found = authority(step.service, numbers)
    return [replace(found, name=step.name) if step.name else found]


def authority(service: str, numbers: Sequence[EmergencyNumber]) -> StepFacts:
    """One authority as the site's own list has it, else by the national number."""
    own = next((one for one in numbers if one.service == service), None)
    name = own.name if own is not None else _SERVICE_WORDS[service]
    number = own.number if own is not None else NATIONAL
    return StepFacts(f"authority:{service}", StepKind.AUTHORITY, name, numbers=(("emergency", number),))
