"""Records made up for tests of what is seen. Only what a test cares about is named in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from models.records import (
    Actor,
    ActorKind,
    AlarmClass,
    AlarmDetail,
    AlarmState,
    AlarmView,
    Attempt,
    CallOutcome,
    CallPlan,
    Cancellation,
    Entry,
    Person,
    Picture,
    PlanNumber,
    PlanStep,
    SiteRef,
    StaffRole,
    StationInfo,
    StepKind,
    StepState,
    TestView,
)

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
SITE = SiteRef(id="S1", name="Bakkerij Peeters", street="Kerkstraat 1", postcode="9000", town="Gent")
ME, WORKSTATION = "claes", "WS 01"


def ago(seconds: float) -> datetime:
    """A moment before NOW."""
    return NOW - timedelta(seconds=seconds)


def alarm(number: str = "A1", **changes: Any) -> AlarmView:
    """A waiting Medium alarm that came 40 s ago."""
    came = changes.pop("came", ago(40))
    given = {
        "id": number,
        "version": 1,
        "site": SITE,
        "account": "1001",
        "alarm_class": AlarmClass.INTRUSION,
        "kind": "burglary",
        "words": "Intrusion",
        "place": "Winkel / 07 PIR winkel",
        "priority": 3,
        "life_safety": False,
        "state": AlarmState.WAITING,
        "incident": number,
        "opened_at": came,
        "clock_from": came,
        "target_s": 90,
        "last_signal_at": came,
        "last_seq": 10,
    }
    return AlarmView.model_validate({**given, **changes})


def held(number: str = "A1", **changes: Any) -> AlarmView:
    """An alarm in the hands of this workstation, taken 30 s ago."""
    by = {"holder": ME, "held_by": "Claes", "workstation": WORKSTATION, "held_since": ago(30), "taken_at": ago(30)}
    return alarm(number, **{"state": AlarmState.HELD, "version": 2, **by, **changes})


def parked(number: str = "A1", **changes: Any) -> AlarmView:
    """An alarm that comes back in two minutes."""
    why = {"parked_until": NOW + timedelta(minutes=2), "parked_by": "Claes", "park_reason": "patrol on its way"}
    return alarm(number, **{"state": AlarmState.PARKED, **why, **changes})


def cancelled(**changes: Any) -> Cancellation:
    """Who cancelled."""
    return Cancellation(**{"at": ago(5), "by": "E. Laurent", "channel": "app", **changes})


def step(index: int, name: str, *numbers: str, **changes: Any) -> PlanStep:
    """A contact of the call list."""
    given = {
        "index": index,
        "key": f"contact:{name}",
        "kind": StepKind.CONTACT,
        "title": f"Contact {index + 1}",
        "name": name,
        "contact": name,
        "numbers": tuple(PlanNumber(label="mobile", number=number) for number in numbers),
        "state": StepState.NEXT,
    }
    return PlanStep.model_validate({**given, **changes})


def calling(step: PlanStep, which: int = 0) -> PlanStep:
    """The same step while one of its numbers is being called."""
    numbers = list(step.numbers)
    numbers[which] = numbers[which].model_copy(update={"calling_since": ago(5)})
    return step.model_copy(update={"numbers": tuple(numbers)})


def tried(step: PlanStep, outcome: CallOutcome, **changes: Any) -> PlanStep:
    """The same step after its first number was called."""
    attempt = Attempt(at=ago(10), number=step.numbers[0].number, outcome=outcome, by="Claes")
    numbers = (step.numbers[0].model_copy(update={"attempts": (attempt,)}), *step.numbers[1:])
    return step.model_copy(update={"numbers": numbers, **changes})


AN = step(0, "An Peeters", "+32 470 55 50 01", "+32 9 555 01 01", has_code_word=True, may_cancel=True)
BERT = step(1, "Bert Maes", "+32 470 55 50 02", has_code_word=True, may_cancel=True)
POLICE = step(2, "Police Gent", "101", kind=StepKind.AUTHORITY, key="authority:police", contact=None)


def plan(*steps: PlanStep, current: int | None = 0, **changes: Any) -> CallPlan:
    """A call list; the first step is the one to take now."""
    return CallPlan(**{"title": "standard order", "steps": steps, "current": current, **changes})


def detail(of: AlarmView | None = None, *steps: PlanStep, current: int | None = 0, **changes: Any) -> AlarmDetail:
    """Everything of one alarm; An, Bert and the police are on its list."""
    what = plan(*(steps or (AN, BERT, POLICE)), current=current, **changes.pop("of_plan", {}))
    return AlarmDetail(**{"alarm": of or held(), "plan": what, **changes})


def entry(seq: int, **changes: Any) -> Entry:
    """One journal entry."""
    actor = Actor(kind=ActorKind.OPERATOR, name="claes", from_="WS 01")
    return Entry(**{"seq": seq, "time": NOW, "kind": "note", "actor": actor, "text": f"entry {seq}", **changes})


def in_test(site: SiteRef = SITE, since: datetime = NOW, **changes: Any) -> TestView:
    """A site in test."""
    why = {"by": "Claes", "asked_by": "An Peeters", "channel": "phone", "why": "maintenance"}
    return TestView(**{"id": 7, "site": site, "since": since, **why, **changes})


def picture(*alarms: AlarmView, **changes: Any) -> Picture:
    """How everything stands for operator Claes at workstation WS 01."""
    given = {
        "event_id": "j:10",
        "at": NOW,
        "station": StationInfo(name="Station", version="0", journal="j", database="sqlite"),
        "me": Person(login=ME, name="Claes", roles=(StaffRole.OPERATOR,)),
        "workstation": WORKSTATION,
        "alarms": alarms,
        "tests": (),
        "activity": (),
        "targets": {1: 30, 2: 90, 3: 90, 4: 90},
    }
    return Picture(**{**given, **changes})
