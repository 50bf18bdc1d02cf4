"""When a frame is a repeat: a second real alarm never is (architecture.md §4 "Time and repeats", decision 6)."""

# ruff: noqa: E501  (a checklist reads best one case a line)
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.repeats import Arrival, Judged, Repeat, counts, judge
from tests.console.station.rules.facts import NOW, later

NEW, REPEAT, MENDED = Judged.NEW, Judged.REPEAT, Judged.MENDED
LAST = Repeat("SIA-DCS", "0007", "d", 1, NOW, accepted=True, presented=True)
WRONG = NOW - timedelta(hours=3)


def arrival(after: float, **facts: Any) -> Arrival:
    return replace(Arrival("SIA-DCS", "0007", "d", later(after)), **facts)


CHECKLIST: list[tuple[str, Judged, float, dict[str, Any], dict[str, Any]]] = [
    # what is so, what it is, seconds after the last, facts of the arrival, facts of the last signal
    ("sent again at once, before it was answered", REPEAT, 0, {}, {}),
    ("sent again after a restart of the station", REPEAT, 500, {}, {}),
    ("never answered, later than any panel tries", NEW, 601, {}, {}),
    ("the station's clock was set back by an hour", NEW, -3600, {}, {}),
    ("another sequence", NEW, 0, {"sequence": "0008"}, {}),
    ("other data", NEW, 0, {"digest": "e"}, {}),
    ("another token", NEW, 0, {"token": "ADM-CID"}, {}),
    ("sequence 0000", NEW, 0, {"sequence": "0000"}, {"sequence": "0000"}),
    ("sequence 0000, refused for its time", REPEAT, 11, {"sequence": "0000", "in_window": False}, {"accepted": False, "sequence": "0000"}),
    ("answered, and again while a second try is under way", REPEAT, 60, {"answered": True}, {}),
    ("answered, and again minutes later: a fixed sequence", NEW, 61, {"answered": True}, {}),
    ("answered, a fixed 0001", NEW, 300, {"answered": True, "sequence": "0001"}, {"sequence": "0001"}),
    ("answered, but the answer was lost, of a panel that counts", REPEAT, 300, {"answered": True}, {"counts": True}),
    ("answered, kept by the panel: one time of sending, right", REPEAT, 300, {"answered": True, "sent_at": NOW}, {"sent_at": NOW}),
    ("answered, one time of sending, but that clock stands", NEW, 300, {"answered": True, "sent_at": WRONG}, {"sent_at": WRONG}),
    ("answered, one time of occurrence, the clock runs", REPEAT, 300, {"answered": True, "sent_at": later(300), "happened_at": NOW}, {"sent_at": NOW, "happened_at": NOW}),
    ("answered, one time of occurrence, no clock to trust", NEW, 300, {"answered": True, "happened_at": NOW}, {"happened_at": NOW}),
    ("another time of occurrence", NEW, 5, {"happened_at": later(5)}, {"happened_at": NOW}),
    ("another time of occurrence, of a panel that counts", NEW, 5, {"happened_at": later(5)}, {"happened_at": NOW, "counts": True}),
    ("time of occurrence that is only the time of sending", REPEAT, 11, {"sent_at": later(11), "happened_at": later(11)}, {"sent_at": NOW, "happened_at": NOW}),
    ("time of sending renewed with each try", REPEAT, 11, {"sent_at": later(11), "answered": True}, {"sent_at": NOW}),
    ("two tries held up on the way", REPEAT, 0, {"sent_at": later(20)}, {"sent_at": NOW}),
    ("two alarms held up on the way", NEW, 0, {"sent_at": later(240)}, {"sent_at": NOW}),
    ("its alarm was closed since", NEW, 5, {"still_open": False}, {"counts": True}),
    ("its zone was restored since", NEW, 5, {"restored": True}, {"counts": True}),
    ("it was kept by a test that is over", NEW, 5, {"test_over": True}, {"presented": False}),
    ("refused, and its clock is not mended", REPEAT, 300, {"in_window": False, "sent_at": WRONG}, {"accepted": False, "sent_at": WRONG}),
    ("refused, and its clock is mended", MENDED, 3, {"sent_at": later(3)}, {"accepted": False, "sent_at": WRONG}),
    ("refused and mended, but its alarm was closed since", NEW, 3, {"still_open": False}, {"accepted": False}),
    ("refused and mended, kept by a test that is over", NEW, 3, {"test_over": True}, {"accepted": False, "presented": False}),
    ("refused and mended, but it happened at another time", NEW, 3, {"happened_at": later(3)}, {"accepted": False, "happened_at": WRONG}),
    ("answered DUH, again and again", REPEAT, 300, {"answered": True, "unable": True}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("judged", "after", "new", "last"), [row[1:] for row in CHECKLIST], ids=[r[0] for r in CHECKLIST]
)
def test_I2_what_a_frame_that_looks_like_the_last_one_is(
    judged: Judged, after: float, new: dict[str, Any], last: dict[str, Any]
) -> None:
    assert judge(arrival(after, **new), replace(LAST, **last), DEFAULT_PROFILE) is judged


def test_the_first_signal_of_a_path_is_new() -> None:
    assert judge(arrival(0), None, DEFAULT_PROFILE) is NEW


@pytest.mark.parametrize(
    ("before", "sequence", "yes"),
    [
        ("0006", "0007", True),
        ("9998", "9999", True),
        ("0007", "0007", False),
        ("0005", "0007", False),
        ("0007", "0006", False),
        ("9999", "0001", False),  # as after power-up
        ("0000", "0001", False),
        ("0009", "000A", False),
        ("000F", "0010", False),
    ],
)
def test_a_panel_counts_only_where_its_sequence_went_up_by_one(before: str, sequence: str, yes: bool) -> None:
    assert counts(sequence, replace(LAST, sequence=before)) is yes
    assert not counts(sequence, None)
