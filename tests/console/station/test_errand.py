"""Subcommands that change something while a station runs, and while none does; on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.station.acts.registry import AccountSettings, NewOperator
from console.station.control import AccountRequest, ImportRequest, OperatorRequest
from console.station.errand import ErrandFailed, do
from models.records import StaffRole
from tests.console.station.house import HASHED, House, site
from tests.frames import ack, frame, sia

KEY = "00112233445566778899AABBCCDDEEFF"


def key_of(account: str) -> AccountRequest:
    return AccountRequest(who="me", settings=AccountSettings(account, KEY, clear_allowed=False))


def operator(login: str, name: str | None = None) -> OperatorRequest:
    person = NewOperator(login, login if name is None else name, (StaffRole.OPERATOR,), HASHED)
    return OperatorRequest(who="me", operator=person)


async def settled(house: House) -> None:
    """On PostgreSQL the running station hears of it by a notification: wait until its feed has the entry."""
    last = (await house.entries())[-1]["seq"]
    async for page in house.station.feed.follow(last - 1, 5):
        if page:
            return


async def test_a_key_that_is_set_counts_from_the_next_frame_on(house: House, place: Path | str) -> None:
    line = await house.line()
    assert await line.say(sia("1001", 1, "NRP")) == ack("1001", 1)
    await do(place, key_of("1001"))
    await settled(house)
    assert await line.unanswered(sia("1001", 2, "NRP"))
    [alarm] = await house.alarms()
    assert alarm.words == "Frame in clear refused"


async def test_a_site_that_is_imported_again_without_an_account_frees_it_at_once(
    house: House, place: Path | str
) -> None:
    await do(place, ImportRequest(who="me", source="x.csv", sites=(site("S1", "2002"),)))
    await settled(house)
    await house.send(sia("1001", 1, "NRP"), sia("2002", 1, "NRP"))
    assert [(entry["account"], entry["site"]) for entry in await house.entries("signal")] == [
        ("1001", None),
        ("2002", "S1"),
    ]


async def test_an_operator_added_can_sign_in_at_once_and_the_one_time_token_is_gone(
    house: House, place: Path | str
) -> None:
    assert house.station.parts.setup.token is not None
    await do(place, operator("claes"))
    await settled(house)
    await house.sign_in("claes", "WS1")
    assert house.station.parts.setup.token is None


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (key_of("7777"), "No site has the account 7777."),
        (operator("a/b"), "A name has 1 to 60 printable characters and no slash."),
        (operator("x" * 61), "A name has 1 to 60 printable characters and no slash."),
        (operator("claes", "n" * 201), "The name shown has 1 to 200 printable characters."),
        (operator("claes", " "), "The name shown has 1 to 200 printable characters."),
        (AccountRequest(who="me", settings=AccountSettings("1001")), "Nothing to change was given."),
    ],
)
async def test_I12_what_is_wrong_is_said_and_changes_nothing(
    house: House, place: Path | str, request_: AccountRequest | OperatorRequest, sentence: str
) -> None:
    before = len(await house.entries())
    with pytest.raises(ErrandFailed) as failed:
        await do(place, request_)
    assert (str(failed.value), failed.value.status) == (sentence, 1)
    assert len(await house.entries()) == before


async def test_a_name_that_exists_is_refused_whatever_its_letters(house: House, place: Path | str) -> None:
    await do(place, operator("claes"))
    with pytest.raises(ErrandFailed, match="An operator named claes exists already"):
        await do(place, operator("Claes "))


@pytest.mark.parametrize(
    ("before", "after", "late", "taken"),
    [(None, None, 100, False), (200, 20, 100, True), (-1, -1, 10_000, True), (5, 5, 10, False)],
)
async def test_the_time_window_of_an_account(
    small_house: House, tmp_path: Path, before: int | None, after: int | None, late: int, taken: bool
) -> None:
    from datetime import timedelta

    settings = AccountSettings("1001", check_clear_time=True, window_before_s=before, window_after_s=after)
    await do(tmp_path / "data", AccountRequest(who="me", settings=settings))
    sent = small_house.clock.now() - timedelta(seconds=late)
    [reply] = await small_house.send(frame(f'"SIA-DCS"0001L0#1001[#1001|NBA07]_{sent:%H:%M:%S,%m-%d-%Y}'))
    assert (reply == ack("1001", 1)) == taken
    assert b'"ACK"' in reply or b'"NAK"0000R0L0A0[]_20:00:00,11-23-2026' in reply
