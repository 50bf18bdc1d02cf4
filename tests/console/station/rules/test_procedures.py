"""Which procedure applies and why; what can be kept (C4, E3, E4; best-practice B)."""

from __future__ import annotations

from typing import Any

import pytest

from console.station.rules.plan_facts import StepFacts
from console.station.rules.procedures import check, choose, expand
from console.station.rules.refusal import Refused
from models.records import AlarmClass, EmergencyNumber, Level, Procedure, ProcedureStep, StepKind

CALLS = (ProcedureStep(id="s1", kind=StepKind.PREMISES),)


def kept(name: str, level: Level, applies: str = "all", target: str = "") -> Procedure:
    return Procedure(id=name, level=level, target=target, applies_to=applies, name=name, steps=CALLS, version=1)


STATION = kept("station", Level.STATION)
STATION_CLASS = kept("station-class", Level.STATION, "class:intrusion")
STATION_KIND = kept("station-kind", Level.STATION, "kind:intrusion")
GROUP = kept("group", Level.GROUP, target="Bakers")
SITE = kept("site", Level.SITE)
AREA_2 = kept("area-2", Level.AREA, target="2")
ZONE_2_7 = kept("zone-2-7", Level.ZONE, target="2 07")
FIRE = kept("fire", Level.SITE, "kind:fire")


@pytest.mark.parametrize(
    ("kept_", "applies"),
    [
        ((), None),
        ((STATION,), "station"),
        ((STATION, STATION_CLASS), "station-class"),
        ((STATION, STATION_CLASS, STATION_KIND), "station-kind"),
        ((STATION_KIND, GROUP), "group"),
        ((GROUP, SITE), "site"),
        ((SITE, AREA_2), "site"),
        ((SITE, FIRE), "site"),
        ((FIRE,), None),
        ((SITE, ZONE_2_7), "site"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_C4_the_most_specific_level_then_the_kind_over_the_class_over_all(
    kept_: tuple[Procedure, ...], applies: str | None
) -> None:
    for order in (kept_, kept_[::-1]):
        chosen = choose(order, "intrusion", AlarmClass.INTRUSION, [("1", "7")])
        assert (chosen.procedure and chosen.procedure.id) == applies


@pytest.mark.parametrize(
    ("places", "applies"),
    [
        ([("2", "9")], "area-2"),
        ([("002", "7")], "zone-2-7"),
        ([("1", "1"), ("2", "7")], "zone-2-7"),
        ([], "site"),
    ],
)
def test_C4_an_area_or_a_zone_overrides_its_site(places: list[tuple[str, str]], applies: str) -> None:
    chosen = choose((SITE, AREA_2, ZONE_2_7), "intrusion", AlarmClass.INTRUSION, places)
    assert chosen.procedure is not None
    assert chosen.procedure.id == applies


def test_C4_of_several_zones_the_one_that_began_it_decides() -> None:
    first, second = kept("1", Level.AREA, target="1"), kept("2", Level.AREA, target="2")
    for places, applies in (([("1", "1"), ("2", "1")], "1"), ([("2", "1"), ("1", "1")], "2")):
        chosen = choose((first, second), "intrusion", AlarmClass.INTRUSION, places)
        assert chosen.procedure is not None
        assert chosen.procedure.id == applies


def test_C4_it_says_why_and_what_it_overrides() -> None:
    chosen = choose((STATION_CLASS, SITE), "intrusion", AlarmClass.INTRUSION)
    assert chosen.why == (
        "of this site, for every alarm; instead of “station-class”, the station's, for alarms of class intrusion"
    )
    assert choose((), "fire", AlarmClass.LIFE_SAFETY).why == "no procedure is set for this type of alarm"


def step(kind: StepKind = StepKind.PREMISES, number: int = 2, **more: Any) -> ProcedureStep:
    return ProcedureStep(id=f"s{number}", kind=kind, **more)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (step(number=1), "twice"),
        (step(StepKind.CONTACT, contact="nobody"), "name a contact of the site"),
        (step(StepKind.PATROL, name="North"), "needs a team and its number"),
        (step(StepKind.INSTRUCTION), "needs words"),
        (step(StepKind.WAIT), "how long"),
        (step(StepKind.AGAIN, seconds=60, back_to="s9"), "does not come before"),
        (step(StepKind.PUSH, required=True), "cannot be required"),
        (step(when="outcome"), "which outcomes"),
    ],
)
def test_I12_a_step_that_cannot_be_followed_is_refused(wrong: ProcedureStep, words: str) -> None:
    given = SITE.model_copy(update={"site": "S1", "steps": (*CALLS, wrong)})
    with pytest.raises(Refused, match=words) as refused:
        check(given, {"an": "An"})
    assert refused.value.field == "steps"
    check(given.model_copy(update={"steps": (*CALLS, step(StepKind.CONTACT, contact="an"))}), {"an": "An"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"site": ""}, "site"),
        ({"level": Level.GROUP}, "site"),
        ({"level": Level.ZONE, "target": "7"}, "target"),
        ({"level": Level.AREA}, "target"),
    ],
)
def test_I12_a_level_says_for_what_it_is(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        check(SITE.model_copy(update={"site": "S1", **changes}), {})
    assert refused.value.field == field


def test_E3_E4_a_push_replaces_no_call() -> None:
    with pytest.raises(Refused, match="E3, E4"):
        check(STATION.model_copy(update={"steps": (step(StepKind.PUSH),)}), {})


AN = StepFacts("contact:an", StepKind.CONTACT, "An", role="owner", contact="an")
BERT = StepFacts("contact:bert", StepKind.CONTACT, "Bert", role="key holder", contact="bert")


def test_C4_a_contact_group_is_each_of_them_and_nobody_who_left_is_left_out_unsaid() -> None:
    steps = (
        step(StepKind.CONTACTS, 1, role="Key holder"),
        step(StepKind.CONTACT, 2, contact="gone"),
        step(StepKind.CONTACTS, 3),
        step(StepKind.CONTACTS, 4, role="caretaker"),
    )
    found = expand(STATION.model_copy(update={"steps": steps}), [AN, BERT], None, [], [])
    assert [(one.key, one.off) for one in found] == [
        ("contact:bert", ""),
        ("contact:gone", "No longer a contact of this site"),
        ("contact:an", ""),
        ("contact:bert#s3", ""),
        ("contacts:station:s4", "Nobody on file has this role"),
    ]


def test_an_authority_is_called_by_the_sites_own_number_else_by_the_national_one() -> None:
    own = [EmergencyNumber(service="police", name="Police, zone centre", number="+32 2 555 01 01")]
    steps = (step(StepKind.AUTHORITY, 1, service="police"), step(StepKind.AUTHORITY, 2, service="fire"))
    found = expand(STATION.model_copy(update={"steps": steps}), [], None, [], own)
    assert [(one.key, one.name, one.numbers[0][1]) for one in found] == [
        ("authority:police", "Police, zone centre", "+32 2 555 01 01"),
        ("authority:fire", "Fire brigade", "112"),
    ]
