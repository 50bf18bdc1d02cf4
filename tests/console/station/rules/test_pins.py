"""PINs that anybody guesses first are refused (A5); telephone numbers are kept as they are dialled."""

from __future__ import annotations

import pytest

from console.station.rules import numbers, pins
from console.station.rules.refusal import Refused


@pytest.mark.parametrize("pin", ["0000", "1111", "1234", "4321"])
def test_A5_these_four_are_refused_whatever_the_settings(pin: str) -> None:
    with pytest.raises(Refused, match="too easy"):
        pins.check_pin(pin, easy_ones=True)


@pytest.mark.parametrize("pin", ["2222", "9999", "2345", "7890", "8765", "3210", "9012"])
def test_A5_all_same_and_runs_are_refused_unless_the_station_allows_them(pin: str) -> None:
    with pytest.raises(Refused, match="too easy"):
        pins.check_pin(pin)
    pins.check_pin(pin, easy_ones=True)


@pytest.mark.parametrize("pin", ["", "12", "12345", "12a4", "¹²³⁵", " 829"])
def test_A5_a_pin_has_four_digits(pin: str) -> None:
    with pytest.raises(Refused, match="4 digits"):
        pins.check_pin(pin)


def test_A5_drawn_pins_pass_and_differ() -> None:
    drawn = {pins.new_pin() for _ in range(300)}
    for pin in drawn:
        pins.check_pin(pin)
    assert len(drawn) > 200


@pytest.mark.parametrize(
    ("given", "country", "dialled"),
    [
        ("0470 55 50 01", "BE", "+32 470 55 50 01"),
        ("+32470555001", "BE", "+32 470 55 50 01"),
        ("020 7946 0000", "GB", "+44 20 7946 0000"),
        ("112", "BE", "112"),
        ("4411", "BE", "4411"),
    ],
)
def test_C4_numbers_are_kept_as_they_are_dialled(given: str, country: str, dialled: str) -> None:
    assert numbers.dialled(given, country) == dialled


@pytest.mark.parametrize("given", ["", "abc", "12", "+32 4", "0470 55 50 01 99 99 99 99", "=1+1"])
def test_C4_what_is_no_number_is_refused(given: str) -> None:
    with pytest.raises(Refused):
        numbers.dialled(given, "BE")


def test_C4_a_private_number_shows_two_digits() -> None:
    assert numbers.masked("+32 470 55 50 01") == "··· 01"


@pytest.mark.parametrize(
    ("number", "label"),
    [("+32 470 55 50 01", "mobile"), ("+32 400 55 51 10", "mobile"), ("+32 4 222 11 11", "phone"), ("112", "phone")],
)
def test_C2_a_mobile_number_is_known_as_one(number: str, label: str) -> None:
    assert numbers.label_of(number, "BE") == label
