"""Guessing passwords grows slow for the guesser, and for nobody else."""

from __future__ import annotations

import pytest

from console.station.guesses import Guesses


def test_the_fourth_wrong_try_waits_and_each_one_after_waits_twice_as_long() -> None:
    guesses = Guesses()
    waits = []
    now = 0.0
    for _ in range(12):
        guesses.wrong("claes", "10.0.0.1", now)
        waits.append(guesses.wait("claes", "10.0.0.1", now))
        now += waits[-1]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_wrong_tries_delay_neither_another_address_nor_another_account() -> None:
    guesses = Guesses()
    for _ in range(10):
        guesses.wrong("claes", "10.0.0.1", 0)
    assert guesses.wait("claes", "10.0.0.2", 0) == 0
    assert guesses.wait("dubois", "10.0.0.1", 0) == 0


def test_an_address_that_tries_many_accounts_is_delayed_as_well() -> None:
    guesses = Guesses()
    for number in range(25):
        guesses.wrong(f"account{number}", "10.0.0.1", 0)
    assert guesses.wait("claes", "10.0.0.1", 0) > 0
    assert guesses.wait("claes", "10.0.0.2", 0) == 0


def test_many_people_behind_one_address_may_all_sign_in() -> None:
    guesses = Guesses()
    for number in range(200):
        assert guesses.wait(f"account{number}", "10.0.0.1", number) == 0
        guesses.wrong(f"account{number}", "10.0.0.1", number)
        guesses.right(f"account{number}", "10.0.0.1")


def test_a_password_of_ones_own_does_not_forgive_tries_on_others() -> None:
    guesses = Guesses()
    for number in range(25):
        guesses.wrong(f"account{number}", "10.0.0.1", 0)
        guesses.wrong("mallory", "10.0.0.1", 0)
        guesses.right("mallory", "10.0.0.1")
    guesses.wrong("account0", "10.0.0.1", 0)
    assert guesses.wait("account99", "10.0.0.1", 0) >= 16


@pytest.mark.parametrize(("passed", "waits"), [(899, True), (901, False)])
def test_tries_are_forgotten_after_a_quarter_of_an_hour(passed: float, waits: bool) -> None:
    guesses = Guesses()
    for _ in range(8):
        guesses.wrong("claes", "10.0.0.1", 0)
    guesses.wrong("claes", "10.0.0.1", passed)
    assert (guesses.wait("claes", "10.0.0.1", passed) > 0) == waits


def test_what_is_kept_is_bounded() -> None:
    guesses = Guesses()
    for number in range(25_000):
        guesses.wrong(f"a{number}", f"10.{number % 200}.0.{number % 250}", 0)
    assert len(guesses._by_pair) <= 10_001
