"""The printable overview of a site's procedures: what a customer may check, and nothing else (C3).

Names, order and steps; no private number, no code word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from console.station.paper import Paper
from console.station.rules import plan_words
from console.station.rules.plan_facts import StepFacts
from models.records import (
    ALL,
    Effective,
    Level,
    PhoneNumber,
    Procedure,
    ProcedureStep,
    SiteFile,
    SiteProcedures,
    StepKind,
)

_LEVELS = {
    Level.STATION: "as for all sites",
    Level.GROUP: "as for your customer group",
    Level.SITE: "for this site",
    Level.AREA: "for area {0}",
    Level.ZONE: "for zone {0}",
}
_SERVICES = {"": "Emergency services", "police": "Police", "fire": "Fire brigade", "ambulance": "Ambulance"}


def overview(file: SiteFile, found: SiteProcedures, now: datetime, *, title: str = "Vigie") -> bytes:
    """The PDF."""
    local = now.astimezone(ZoneInfo(file.details.timezone))
    paper = Paper(f"{file.details.name}, {file.site} · as of {local:%a %d %b %Y %H:%M}")
    paper.set_title(f"Alarm procedures of {file.details.name}")
    paper.set_author(title)
    paper.line_of("Alarm procedures", 20, bold=True)
    paper.line_of(f"{file.details.name} · {file.site}", 13, bold=True)
    where = f"{file.details.street}, {file.details.postcode} {file.details.town}".strip(", ")
    paper.line_of(where, 11)
    paper.ln(3)
    paper.line_of(
        "This is what the station does when an alarm of your site comes in. Please check it, and tell the service "
        "desk what should be otherwise.",
        11,
    )
    paper.ln(3)
    names = {contact.id: contact.name for contact in file.contacts}
    applied = {line.procedure for line in found.effective}
    for one in found.procedures:
        if one.id in applied or one.level in (Level.AREA, Level.ZONE):
            _procedure(paper, one, found.effective, names)
    _standard(paper, file, found.effective)
    return bytes(paper.output())


def _procedure(paper: Paper, one: Procedure, effective: Sequence[Effective], names: Mapping[str, str]) -> None:
    paper.line_of(f"{one.name} · version {one.version}", 13, bold=True)
    types = [line.words for line in effective if line.procedure == one.id]
    kinds = "every alarm" if one.applies_to == ALL and not types else ", ".join(types)
    paper.line_of(f"{_LEVELS[one.level].format(one.target)}{': ' if kinds else ''}{kinds}", 10)
    if one.after_s:
        paper.line_of(f"Calling begins {_span(one.after_s)} after the alarm.", 10)
    for nth, step in enumerate(one.steps, 1):
        paper.line_of(f"{nth}. {_words(step, names)}", 11, indent=4)
    if one.otherwise:
        paper.line_of(f"If nobody is reached: {one.otherwise}", 10, indent=4)
    paper.ln(4)


def _standard(paper: Paper, file: SiteFile, effective: Sequence[Effective]) -> None:
    types = [line.words for line in effective if not line.procedure]
    paper.line_of("Standard order", 13, bold=True)
    paper.line_of(f"For: {', '.join(types)}" if types else "Where no procedure is set.", 10)
    steps = ["The telephone at the site"] if file.details.premises_number else []
    steps += [
        f"{contact.name}{f', {contact.role}' if contact.role else ''}{_number(contact.numbers)}"
        for contact in file.contacts
    ]
    for nth, words in enumerate(steps, 1):
        paper.line_of(f"{nth}. {words}", 11, indent=4)


def _number(numbers: Sequence[PhoneNumber]) -> str:
    """One number a contact: the mobile, else the first that would be called; never a private one (C2)."""
    shown = [number for number in numbers if not number.private]
    mobile = next((number for number in shown if number.label == "mobile"), shown[0] if shown else None)
    return f", {mobile.number}" if mobile is not None else ""


def _words(step: ProcedureStep, names: Mapping[str, str]) -> str:
    said = {
        StepKind.PREMISES: "The telephone at the site is called",
        StepKind.CONTACT: f"{names.get(step.contact, 'A former contact')} is called",
        StepKind.CONTACTS: f"Everybody with the role {step.role} is called, in the standard order"
        if step.role
        else "The contacts are called in the standard order",
        StepKind.PATROL: f"{step.name} is sent",
        StepKind.AUTHORITY: f"{step.name or _SERVICES[step.service]} is called",
        StepKind.INSTRUCTION: step.text,
        StepKind.WAIT: f"Wait {_span(step.seconds)}",
        StepKind.AGAIN: f"The calls are made again after {_span(step.seconds)}, up to {step.rounds} times",
        StepKind.PUSH: "A message to the contacts' phones is planned; it replaces no call",
    }[step.kind]
    condition = plan_words.condition(
        StepFacts("", step.kind, "", when=step.when, outcomes=step.outcomes, after=step.after)
    )
    text = f": {step.text}" if step.text and step.kind is not StepKind.INSTRUCTION else ""
    return said + text + (f" ({condition})" if condition else "")


def _span(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"
