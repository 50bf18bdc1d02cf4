"""F3, F4: the board of everything in test: ages, headings, words, and that nothing moves under the hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from models.records import AlarmInTest, PlannedTest, TestKind, TestScope, age_words
from tests.widgets.made import NOW, SITE, ago, in_test
from widgets.testing.board import BoardModel, BoardView, Heading
from widgets.testing.face import Age, Ages, BoardRow, banner, end_words, planned_row, row_of, scope_words, summary

H = 3600
PART = TestScope(whole=False, kinds=(TestKind.FIRE,))


@pytest.mark.parametrize(
    ("since", "more", "age"),
    [
        (8 * H - 1, {}, Age.PLAIN),
        (8 * H, {}, Age.MARKED),
        (24 * H - 1, {}, Age.MARKED),
        (24 * H, {}, Age.OLD),
        (60, {"past_end": True}, Age.OLD),
        (60, {"ends_at": NOW}, Age.OLD),
        (60, {"ends_at": NOW + timedelta(seconds=1)}, Age.PLAIN),
    ],
)
def test_F3_how_loud_the_age_of_a_test_is(since: int, more: dict[str, object], age: Age) -> None:
    assert Ages().of(in_test(since=ago(since), **more), NOW) is age


def test_F3_a_row_says_of_what_by_whom_why_and_what_came() -> None:
    came = {"signals": 3, "still_in_alarm": 1, "last_signal_at": ago(60)}
    test = in_test(since=ago(2 * H), scope=PART, scope_words="Hall · fire", life_safety=True, **came)
    row = row_of(test, NOW, Ages())
    assert row.time == "2 h 00 m"
    assert row.tag is False
    assert row.loud
    site, scope, by, why, signals = row.cells
    assert site[0] == SITE.name
    assert scope == ("In part · life safety", "Hall · fire")
    assert by == ("An Peeters", "set by Claes")
    assert why == ("maintenance", "no end")
    assert signals[0] == "3 · 1 no restoral"
    assert signals[1].startswith("last ")


def plan(**changes: Any) -> PlannedTest:
    given = {
        "id": 5, "version": 2, "site": SITE, "timezone": "Europe/Brussels", "asked_by": "An", "channel": "phone",
        "words": "every Monday 10:00, 30 min", "state": "expired", "why": "fire test", "by": "Claes",
        "when": {"first": "2026-11-23", "at": "10:00", "minutes": 30, "weekdays": [0]}, "scope": {"whole": True},
        "planned_at": ago(H), "over_at": ago(60),
    }  # fmt: skip
    return PlannedTest.model_validate({**given, **changes})


def test_F3_a_plan_that_is_expired_is_grey_and_says_how_it_ended() -> None:
    row = planned_row(plan(life_safety=True), NOW)
    assert (row.over, row.loud, row.time) == (True, False, "expired")
    assert row.section == "Planned, expired in the last 30 days"
    assert row.cells[4][0] == "ran out"
    assert row.cells[3] == ("fire test", "every Mon 10:00 · 30 min")
    how, by = planned_row(plan(over_by="Dubois"), NOW).cells[4]
    assert (how, by.startswith("Dubois, ")) == ("taken back", True)
    to_come = planned_row(plan(state="planned", next_at=NOW + timedelta(days=1)), NOW)
    assert (to_come.over, to_come.section, to_come.cells[4]) == (False, "Planned", ("", "not in test now"))
    assert to_come.cells[2] == ("An", "planned by Claes")
    own = planned_row(plan(asked_by="Claes, for the station itself", channel="console, WS 01"), NOW)
    assert own.cells[2] == ("Claes", "console, WS 01")


def test_F3_a_test_that_was_planned_says_by_whom() -> None:
    assert row_of(in_test(planned=5), NOW, Ages()).cells[2] == ("An Peeters", "planned by Claes")


def test_the_end_of_a_test_in_words() -> None:
    assert end_words(in_test(), NOW) == "no end"
    assert end_words(in_test(ends_at=NOW + timedelta(hours=1)), NOW).startswith("end ")
    assert end_words(in_test(ends_at=ago(60), past_end=True), NOW).endswith(" passed")
    assert age_words(timedelta(days=3, hours=4)) == "3 d 04 h"


def test_the_summary_counts_sites_and_parts() -> None:
    other = SITE.model_copy(update={"id": "S2"})
    tests = [in_test(), in_test(scope=PART), in_test(other, scope=PART), in_test(other, shelved=True, scope=PART)]
    assert summary(tests) == "2 sites in test · 1 whole, 2 in part · 1 zone put aside"


def test_F3_the_banner_names_every_test_of_the_site() -> None:
    said = banner([in_test(since=ago(H)), in_test(scope=PART, scope_words="Hall · fire", why="drill")], NOW)
    assert "whole site · since" in said
    assert "(1 h 00 m) · by An Peeters · maintenance" in said
    assert "Hall · fire" in said


def test_F3_a_test_that_is_over_says_who_ended_it_and_ages_no_more() -> None:
    over = in_test(since=ago(30 * H), ended_at=ago(2 * H), ended_by="Dubois", still_in_alarm=2, life_safety=True)
    row = row_of(over, NOW, Ages())
    assert (row.over, row.age, row.time, row.loud) == (True, Age.PLAIN, "1 d 04 h", False)
    assert row.section == "Over in the last 7 days"
    assert row.cells[3][1].endswith("by Dubois")
    assert row.cells[4] == ("0 · 2 no restoral", "none yet")


@pytest.mark.parametrize(
    ("inside", "outside", "said"),
    [
        ((), ("Hall",), "This alarm comes from Hall: not in test"),
        (("Office",), (), "This alarm comes from Office: in test, began before"),
        (("Office",), ("Hall", "Yard"), "This alarm comes from Hall, Yard, not in test, and Office, in test"),
    ],
)
def test_F5_the_banner_says_whether_this_alarm_is_in_scope(
    inside: tuple[str, ...], outside: tuple[str, ...], said: str
) -> None:
    assert scope_words(AlarmInTest(inside=inside, outside=outside)) == said


def rows(*keys: str, section: str = "Up to 8 h") -> list[BoardRow]:
    pair = ("", "")
    return [BoardRow(key, section, "0 h 09 m", Age.PLAIN, (pair, pair, pair, pair, pair), True) for key in keys]


def test_the_same_rows_are_updated_in_place(show: Callable[[QWidget], None]) -> None:
    model = BoardModel()
    view = BoardView(model)
    show(view)
    assert model.know([*rows("1", section="Grown old"), *rows("2", "3")])
    assert [type(model.at(nth)) for nth in range(5)] == [Heading, BoardRow, Heading, BoardRow, BoardRow]
    view.choose("3")
    moved: list[object] = []
    model.modelReset.connect(lambda: moved.append(1))
    assert not model.know([*rows("1", section="Grown old"), *rows("2", "3")])
    assert moved == []
    current = view.current()
    assert current is not None
    assert current.key == "3"
    view.choose("gone")
    current = view.current()
    assert current is not None
    assert current.key == "1"
