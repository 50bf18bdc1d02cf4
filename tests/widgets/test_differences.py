"""Before and after of a change, field by field, in words that somebody reads (I9, G4)."""

from __future__ import annotations

from typing import Any

import pytest

from models.records import AreaHours, ContactFile, HoursSpan, PhoneNumber, Procedure, ProcedureStep, StepKind
from models.records.procedures import Level
from widgets.journal.differences import NOTHING, differences


def told(before: Any, after: Any) -> list[tuple[str, str, str]]:
    return [(one.field, one.before, one.after) for one in differences(before, after)]


def test_I9_only_what_differs_is_told_and_nothing_is_a_dash() -> None:
    before = {"access": "", "note": "Renovation", "suspended": False}
    after = {"access": "Rear door", "note": "Renovation", "suspended": True}
    assert told(before, after) == [("Access", NOTHING, "Rear door"), ("Suspended", "no", "yes")]


def test_I9_what_is_new_has_nothing_before_it_and_what_went_nothing_after() -> None:
    assert told(None, {"name": "Winkel"}) == [("Name", NOTHING, "Winkel")]
    assert told({"name": "Winkel"}, None) == [("Name", "Winkel", NOTHING)]
    assert told({}, {}) == []


def test_I9_numbers_are_told_in_dial_order_and_a_private_one_as_it_was_journaled() -> None:
    an = ContactFile(name="An", numbers=(PhoneNumber(label="mobile", number="··· 01", private=True),))
    more = an.model_copy(update={"numbers": (PhoneNumber(label="home", number="+32 9 1"), *an.numbers)})
    assert told(an.model_dump(mode="json"), more.model_dump(mode="json")) == [
        ("Numbers", "mobile ··· 01 private", "home +32 9 1\nmobile ··· 01 private")
    ]


def test_I9_rows_of_zones_and_areas_are_told_by_their_number() -> None:
    before = {"zone 1/7": {"area": "1", "zone": "7", "name": "PIR"}, "zone 1/8": {"zone": "8", "name": "Door"}}
    after = {"zone 1/7": {"area": "1", "zone": "7", "name": "PIR shop"}}
    assert told(before, after) == [
        ("Zone 1/7 · Name", "PIR", "PIR shop"),
        ("Zone 1/8", "Zone 8, Name Door", NOTHING),
    ]


def test_I9_a_procedures_steps_are_told_by_their_step() -> None:
    one = Procedure(level=Level.STATION, name="Fire", steps=(ProcedureStep(id="s1", kind=StepKind.PREMISES),))
    wait = ProcedureStep(id="s2", kind=StepKind.WAIT, seconds=120)
    two = one.model_copy(update={"steps": (one.steps[0].model_copy(update={"required": True}), wait), "version": 2})
    assert told(one.model_dump(mode="json"), two.model_dump(mode="json")) == [
        ("Steps · Step 1 · Required", "no", "yes"),
        ("Steps · Step 2", NOTHING, "Kind wait, Seconds 120, Rounds 1, Condition always"),
    ]


def test_D1_a_weeks_hours_are_told_day_by_day() -> None:
    hours = AreaHours(weekly=((HoursSpan(opens=600, closes=1080),), *[()] * 6))
    late = hours.model_copy(update={"weekly": ((HoursSpan(opens=600, closes=1530),), *[()] * 6), "late_min": 30})
    assert told(hours.model_dump(mode="json"), late.model_dump(mode="json")) == [
        ("Weekly · Mon", "10:00–18:00", "10:00–01:30"),
        ("Late, minutes", "15", "30"),
    ]
    first = told(None, hours.model_dump(mode="json"))
    assert first[:2] == [("Weekly · Mon", NOTHING, "10:00–18:00"), ("Weekly · Tue", NOTHING, "closed")]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-30T22:59:00Z", "30 Nov 2026"),
        ([{"day": 0, "from_minute": 540, "until_minute": 1020}], "Mon 09:00-17:00"),
        (["An", "Bert"], "An, Bert"),
        (90, "90"),
    ],
)
def test_I9_values_are_told_as_people_say_them(value: Any, said: str) -> None:
    assert told({"x": None}, {"x": value})[0][2].startswith(said)


def test_I9_what_is_so_is_told_by_its_name_alone() -> None:
    scope = {"whole": True, "systems": [], "all_except": False}
    assert told({"scope": None}, {"scope": scope, "private": False}) == [("Scope", NOTHING, "Whole site")]
    assert told({"scope": {"whole": False}}, {"scope": scope}) == [("Scope · Whole site", "no", "yes")]
