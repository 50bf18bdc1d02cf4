"""No control character and none that turns direction in a name: one would be shown as another (issue 15, C)."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from console.station.rules.lines import has_control, one_line, without_unseen

BIDI = [sign for sign in map(chr, range(sys.maxunicode + 1)) if unicodedata.bidirectional(sign) in (
    "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
)] + ["\u200e", "\u200f", "\u061c"]  # fmt: skip
CONTROLS = [chr(number) for number in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)]


@pytest.mark.parametrize("sign", BIDI, ids=lambda sign: f"{ord(sign):04x}")
def test_no_sign_that_turns_direction_stays_in_a_name(sign: str) -> None:
    assert one_line(f"An{sign} Peeters") == "An Peeters"
    assert without_unseen({"name": [f"{sign}+32 470 55 50 01{sign}"]}) == {"name": ["+32 470 55 50 01"]}


@pytest.mark.parametrize("sign", CONTROLS, ids=lambda sign: f"{ord(sign):04x}")
def test_no_control_stays_in_a_name(sign: str) -> None:
    assert one_line(f"An{sign}Peeters") == "An Peeters"
    assert has_control({"a": ("b", [f"c{sign}"])}) is (sign not in "\t\n\r")


@pytest.mark.parametrize("name", ["Zoë O'Hara", "Łukasz Żak", "سارة", "Šárka", "दिव्‌या", "李 雷"])
def test_names_of_any_language_stay_as_they_are(name: str) -> None:
    assert one_line(name) == without_unseen(name) == name
    assert not has_control(name)
