"""Procedures in words, and what the forms of the procedures tab ask. ValueError says what is wrong (I12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from models.records import CallOutcome, ContactFile, Procedure, ProcedureStep, StepKind, When
from widgets.form import Field, Value
from widgets.workspace.call_list import outcome_words


def _tr(words: str) -> str:
    return QCoreApplication.translate("procedures", words)


def kind_words(kind: StepKind) -> str:
    """What a step is."""
    return {
        StepKind.PREMISES: _tr("Premises"),
        StepKind.CONTACT: _tr("Contact"),
        StepKind.CONTACTS: _tr("Contact group"),
        StepKind.PATROL: _tr("Patrol"),
        StepKind.AUTHORITY: _tr("Authority"),
        StepKind.INSTRUCTION: _tr("Instruction"),
        StepKind.WAIT: _tr("Wait"),
        StepKind.AGAIN: _tr("Again"),
        StepKind.PUSH: _tr("Push (automatic)"),
    }[kind]


def when_words(when: When) -> str:
    """Under which condition."""
    return {
        When.ALWAYS: _tr("always"),
        When.NOBODY: _tr("only if nobody was reached"),
        When.REACHED: _tr("only after somebody was reached"),
        When.CONFIRMED: _tr("only if 2 zones, or seen by patrol"),
        When.PATROL: _tr("only after the patrol reported"),
        When.OUTCOME: _tr("only after an outcome"),
    }[when]


def service_words(service: str) -> str:
    """An authority."""
    return {
        "": _tr("as the alarm asks for"),
        "police": _tr("Police"),
        "fire": _tr("Fire brigade"),
        "ambulance": _tr("Ambulance"),
    }[service]


def who(step: ProcedureStep, contacts: Sequence[ContactFile]) -> tuple[str, str]:
    """Whom a step is about, and the line under it."""
    if step.kind is StepKind.CONTACT:
        found = next((contact for contact in contacts if contact.id == step.contact), None)
        if found is None:
            return _tr("No longer a contact"), ""
        count = len(found.numbers)
        return found.name, _tr("1 number") if count == 1 else _tr("{0} numbers").format(count)
    if step.kind is StepKind.CONTACTS:
        return (step.role or _tr("All contacts"), _tr("in the standard order"))
    if step.kind is StepKind.PATROL:
        return step.name, step.number
    if step.kind is StepKind.AUTHORITY:
        return step.name or service_words(step.service), ""
    if step.kind in (StepKind.WAIT, StepKind.AGAIN):
        minutes = write_minutes(step.seconds)
        return _tr("{0} min").format(minutes), _tr("{0} × more").format(
            step.rounds
        ) if step.kind is StepKind.AGAIN else ""
    return (step.text.partition("\n")[0] if step.kind is StepKind.INSTRUCTION else kind_words(step.kind)), ""


def condition(step: ProcedureStep, steps: Sequence[ProcedureStep] = ()) -> str:
    """When it is taken, and whether it must be; ``steps`` say where the step stands that it waits for."""
    parts = [] if step.when is When.ALWAYS else [when_words(step.when)]
    if step.outcomes:
        either = _tr(" or ").join(outcome_words(outcome) for outcome in step.outcomes)
        words = _tr("only after: {0}").format(either)
        nth = next((nth for nth, one in enumerate(steps, 1) if step.after and one.id == step.after), None)
        parts = [words if nth is None else _tr("{0}, of step {1}").format(words, nth)]
    if step.required:
        parts.append(_tr("required"))
    return ", ".join(parts)


def in_words(step: ProcedureStep, contacts: Sequence[ContactFile]) -> str:
    """A step in one line."""
    return ", ".join(part for part in (kind_words(step.kind), *who(step, contacts), condition(step)) if part)


def begins(procedure: Procedure) -> str:
    """``call at once``, ``call after 2 min``."""
    return (
        _tr("call after {0} min").format(write_minutes(procedure.after_s)) if procedure.after_s else _tr("call at once")
    )


# -- forms ---------------------------------------------------------------------------------------


def write_minutes(seconds: int) -> str:
    """``2``, ``0:30``."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02d}" if rest else str(minutes)


def read_minutes(text: str) -> int:
    """Seconds of ``2`` or ``0:30``; 0 for nothing."""
    minutes, _, seconds = text.strip().partition(":")
    if not text.strip():
        return 0
    if not minutes.isdecimal() or (seconds and not seconds.isdecimal()):
        raise ValueError(_tr("“{0}” is no time in minutes, such as 2 or 0:30.").format(text.strip()))
    return int(minutes) * 60 + int(seconds or 0)


def head_fields() -> tuple[Field, ...]:
    """What holds for the whole procedure."""
    return (
        Field("name", _tr("Name"), longest=100),
        Field("after", _tr("Call after"), _tr("minutes; empty: at once"), longest=6),
        Field(
            "otherwise", _tr("Nobody reached"), _tr("what is done then, after the last round"), longest=1000, lines=3
        ),
    )


def head_values(procedure: Procedure) -> dict[str, Value]:
    """Its fields."""
    after = write_minutes(procedure.after_s) if procedure.after_s else ""
    return {"name": procedure.name, "after": after, "otherwise": procedure.otherwise}


def with_head(procedure: Procedure, values: Mapping[str, Value]) -> Procedure:
    """The procedure with what was typed."""
    return procedure.model_copy(
        update={
            "name": str(values["name"]),
            "after_s": read_minutes(str(values["after"])),
            "otherwise": str(values["otherwise"]),
        }
    )


OUTCOMES = (
    CallOutcome.NO_ANSWER,
    CallOutcome.VOICEMAIL,
    CallOutcome.BUSY,
    CallOutcome.WRONG_NUMBER,
    CallOutcome.WRONG_CODE,
    CallOutcome.REFUSED,
    CallOutcome.VERIFIED,
    CallOutcome.REACHED,
    CallOutcome.DURESS,
)
"""How a call ends: a step may wait for any of a set of them."""
_OF_KIND = {
    StepKind.CONTACT: ("contact",),
    StepKind.CONTACTS: ("role",),
    StepKind.PATROL: ("name", "number"),
    StepKind.AUTHORITY: ("service", "name"),
    StepKind.WAIT: ("minutes",),
    StepKind.AGAIN: ("minutes", "rounds", "back_to"),
}


def _ticked(outcome: CallOutcome) -> str:
    """The field that takes an outcome into the set."""
    return f"after_{outcome.name.lower()}"


def fields_of(values: Mapping[str, Value]) -> frozenset[str]:
    """Which fields count for the kind of step and the condition that are chosen."""
    found = {"kind", "text", "when", *_OF_KIND.get(StepKind(str(values["kind"])), ())}
    if StepKind(str(values["kind"])) is not StepKind.PUSH:
        found.add("required")
    if When(str(values["when"])) is When.OUTCOME:
        found |= {"after", *(_ticked(outcome) for outcome in OUTCOMES)}
    return frozenset(found)


def earlier(
    step: ProcedureStep, steps: Sequence[ProcedureStep], contacts: Sequence[ContactFile]
) -> list[tuple[str, str]]:
    """The steps before one, to be named by it: (id, words)."""
    found = []
    for nth, one in enumerate(steps, 1):
        if one.id == step.id:
            break
        found.append((one.id, f"{nth} {kind_words(one.kind)}, {who(one, contacts)[0]}"))
    return found


def step_fields() -> tuple[Field, ...]:
    """One step."""
    return (
        Field("kind", _tr("Step"), choices=tuple((kind.value, kind_words(kind)) for kind in StepKind)),
        Field("contact", _tr("Contact"), choices=(("", _tr("nobody")),)),
        Field("role", _tr("Role"), _tr("contact group: empty is the whole standard order"), longest=100),
        Field("name", _tr("Team, name"), _tr("of the patrol, or of the authority"), longest=100),
        Field("number", _tr("Number"), _tr("of the patrol's team"), longest=40),
        Field(
            "service",
            _tr("Authority"),
            choices=tuple((service, service_words(service)) for service in ("", "police", "fire", "ambulance")),
        ),
        Field("minutes", _tr("Minutes"), _tr("wait, again: 2 or 0:30"), longest=6),
        Field("rounds", _tr("Rounds more"), _tr("again: 1 to 9"), longest=1),
        Field("back_to", _tr("From step"), choices=(("", _tr("the first")),)),
        Field("text", _tr("Words"), _tr("what to do, or to say"), longest=1000, lines=3),
        Field("when", _tr("When"), choices=tuple((when.value, when_words(when)) for when in When)),
        *(
            Field(_ticked(one), "" if nth else _tr("Any of these"), outcome_words(one), check=True)
            for nth, one in enumerate(OUTCOMES)
        ),
        Field("after", _tr("Of step"), choices=(("", _tr("any before this one")),)),
        Field("required", "", _tr("Required before the close"), check=True),
    )


def step_values(step: ProcedureStep) -> dict[str, Value]:
    """Its fields."""
    return {
        "kind": step.kind.value,
        "contact": step.contact,
        "role": step.role,
        "name": step.name,
        "number": step.number,
        "service": step.service,
        "minutes": write_minutes(step.seconds) if step.seconds else "",
        "rounds": str(step.rounds),
        "text": step.text,
        "when": step.when.value,
        "after": step.after,
        "back_to": step.back_to,
        "required": step.required,
        **{_ticked(outcome): outcome in step.outcomes for outcome in OUTCOMES},
    }


def with_step(step: ProcedureStep, values: Mapping[str, Value]) -> ProcedureStep:
    """The step with what was typed; what another kind of step would have goes."""
    kind = StepKind(str(values["kind"]))
    when = When(str(values["when"]))
    # One that is in no box, from an import, stays as long as the condition does.
    outcomes = (
        *(outcome for outcome in OUTCOMES if values[_ticked(outcome)]),
        *(outcome for outcome in step.outcomes if outcome not in OUTCOMES),
    )
    rounds = str(values["rounds"]).strip() or "1"
    if not rounds.isdecimal() or not 1 <= int(rounds) <= 9:
        raise ValueError(_tr("Rounds are 1 to 9."))
    timed = kind in (StepKind.WAIT, StepKind.AGAIN)
    named = kind in (StepKind.PATROL, StepKind.AUTHORITY)
    return ProcedureStep(
        id=step.id,
        kind=kind,
        contact=str(values["contact"]) if kind is StepKind.CONTACT else "",
        role=str(values["role"]) if kind is StepKind.CONTACTS else "",
        name=str(values["name"]) if named else "",
        number=str(values["number"]) if kind is StepKind.PATROL else "",
        service=str(values["service"]) if kind is StepKind.AUTHORITY else "",
        text=str(values["text"]),
        seconds=read_minutes(str(values["minutes"])) if timed else 0,
        rounds=int(rounds) if kind is StepKind.AGAIN else 1,
        back_to=str(values["back_to"]) if kind is StepKind.AGAIN else "",
        required=bool(values["required"]) and kind is not StepKind.PUSH,
        when=when,
        outcomes=outcomes if when is When.OUTCOME else (),
        after=str(values["after"]) if when is When.OUTCOME else "",
    )


Change = tuple[str, str, str]
"""Where, what it was, what it is; nothing before what is new."""


def changes(before: Procedure | None, after: Procedure, contacts: Sequence[ContactFile]) -> list[Change]:
    """What the next version changes, in lines: which step, and how."""
    if before is None:
        return [(_tr("New"), "", _tr("{0} steps").format(len(after.steps)))]
    found: list[Change] = []
    if before.name != after.name:
        found.append((_tr("Name"), before.name, after.name))
    if before.after_s != after.after_s:
        found.append((_tr("Begins"), begins(before), begins(after)))
    if before.otherwise != after.otherwise:
        found.append((_tr("Nobody reached"), before.otherwise or "–", after.otherwise or "–"))
    old = {step.id: step for step in before.steps}
    new = {step.id: step for step in after.steps}
    for nth, step in enumerate(after.steps, 1):
        label = _tr("Step {0}").format(nth)
        was = old.get(step.id)
        if was is None:
            found.append((label, "", _tr("new: {0}").format(in_words(step, contacts))))
        elif was != step:
            found.append((label, *_changed(was, step, before, after, contacts)))
    found += [(_tr("Goes"), "", in_words(step, contacts)) for identifier, step in old.items() if identifier not in new]
    if [one for one in old if one in new] != [one for one in new if one in old]:
        found.append((_tr("Order"), "", _tr("the steps are in another order")))
    return found


def _changed(
    was: ProcedureStep, step: ProcedureStep, before: Procedure, after: Procedure, contacts: Sequence[ContactFile]
) -> tuple[str, str]:
    """A step as it was and as it is: its condition alone where nothing else differs."""
    if was.model_copy(update={name: getattr(step, name) for name in _CONDITION}) == step:
        had, has = condition(was, before.steps), condition(step, after.steps)
        return had or when_words(When.ALWAYS), has or when_words(When.ALWAYS)
    if in_words(was, contacts) == in_words(step, contacts):
        return was.text or "–", step.text or "–"
    return in_words(was, contacts), in_words(step, contacts)


_CONDITION = ("when", "outcomes", "after", "required")
