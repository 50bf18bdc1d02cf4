"""I2: what does not parse is kept raw with the reason, and shown to the desk where an account can be read."""

from __future__ import annotations

import pytest

from tests.console.station.house import House
from tests.frames import ack, frame, sia

OPEN_ENDED = frame('"SIA-DCS"0007R2L0#1001[#1001|Nri1/FA11')


async def reasons(house: House) -> list[tuple[str | None, str]]:
    return [(entry["site"], entry["data"]["reason"]) for entry in await house.entries("unreadable")]


async def test_I2_data_that_no_bracket_closes_are_kept_presented_and_answered_DUH(house: House) -> None:
    assert await house.send(OPEN_ENDED) == [frame('"DUH"0007R2L0#1001[]')]
    [entry] = await house.entries("unreadable")
    assert entry["data"]["reason"] == "data not closed by a bracket"
    assert (entry["site"], entry["data"]["answer"]) == ("S1", "DUH")
    assert "Nri1/FA11" in entry["raw"]
    assert [alarm.words for alarm in await house.alarms()] == ["Panel unreadable"]


async def test_I1_what_is_not_journaled_within_the_minute_is_not_answered_either(house: House) -> None:
    line = await house.line()
    await line.say(OPEN_ENDED)
    assert await line.unanswered(OPEN_ENDED, OPEN_ENDED)
    house.clock.move(61)
    assert await line.say(OPEN_ENDED) == frame('"DUH"0007R2L0#1001[]')
    assert [entry["data"]["not_told"] for entry in await house.entries("unreadable")] == [0, 2]


@pytest.mark.parametrize(
    "body",
    ['"SIA-DCS"12#1001[#1001|NFA11]', '"SIA-DCS"L0#1001[#1001|NFA11]', '"SIA-DCS"0001XL0#1001[#1001|NFA11]'],
    ids=["short sequence", "no sequence", "a letter too many"],
)
async def test_I2_a_header_that_can_be_read_in_part_is_kept_and_presented(small_house: House, body: str) -> None:
    assert await (await small_house.line()).unanswered(frame(body))
    assert await reasons(small_house) == [("S1", "header not readable")]
    assert [alarm.words for alarm in await small_house.alarms()] == ["Panel unreadable"]


async def test_I2_the_same_of_an_unknown_account_is_an_unknown_account(small_house: House) -> None:
    await small_house.send(frame('"SIA-DCS"0007L0#9999[#9999|Nri1/FA11'))
    assert await reasons(small_house) == [(None, "data not closed by a bracket")]
    assert [alarm.words for alarm in await small_house.alarms()] == ["Unknown account 9999: Unknown account"]


@pytest.mark.parametrize(
    "body",
    ['"NULL"0000L0#1001[', '"ACK"0001L0#1001[', '"SIA-DCS"', '"'],
    ids=["poll", "reply", "token", "quote"],
)
async def test_I2_polls_replies_and_what_carries_nothing_are_counted_alone(small_house: House, body: str) -> None:
    before = len(await small_house.entries())
    assert await (await small_house.line()).unanswered(frame(body))
    assert len(await small_house.entries()) == before
    assert small_house.station.intake.tally.refused.total() == 1


@pytest.mark.parametrize("body", ['"SIA-DCS"0001L0[|NFA11', '"#1001['], ids=["no account", "no token"])
async def test_I2_what_carries_something_and_names_nobody_is_kept_and_shown_as_one_alarm(
    small_house: House, body: str
) -> None:
    for _ in range(3):
        # The first has a header that can be read: it is told that it cannot be processed.
        await (await small_house.line()).unanswered(frame(body))
    assert len(await small_house.entries("unreadable")) == 1
    assert len(await small_house.alarms()) == 1


async def test_I9_secrets_of_what_does_not_parse_are_masked(small_house: House) -> None:
    await small_house.send(frame('"SIA-DCS"0007L0#1001[#1001|Nri1/FA11][K00112233445566778899AABBCCDDEEFF'))
    # The last bracket is missing, the data's own is there: this one is read.
    await small_house.send(frame('"SIA-DCS"0008L0#1001[K00112233445566778899AABBCCDDEEFF'))
    told = repr(await small_house.entries())
    assert "00112233" not in told
    assert "data not closed by a bracket" in told


async def test_I2_three_damaged_frames_are_three_in_a_row_of_one_account(small_house: House) -> None:
    line = await small_house.line()
    wrong = sia("1001", 1, "NBA07").replace(b"BA07", b"BA08")
    assert await line.unanswered(wrong, wrong)
    house = small_house
    house.clock.move(601)
    assert await line.unanswered(wrong, wrong)
    assert await reasons(house) == []
    assert await line.say(sia("1001", 1, "NBA07")) == ack("1001", 1)
    assert await line.unanswered(wrong, wrong)
    assert await reasons(house) == []
    assert await line.unanswered(wrong)
    assert await reasons(house) == [("S1", "CRC wrong")]


async def test_I2_damaged_frames_of_unknown_accounts_are_noise(small_house: House) -> None:
    wrong = sia("9999", 1, "NBA07").replace(b"BA07", b"BA08")
    assert await (await small_house.line()).unanswered(*[wrong] * 5)
    assert await reasons(small_house) == []
