"""Calls through the exchange: what is heard of two legs, where it stands, what is proposed (G3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station.rules import calling
from console.station.rules.calling import Heard, Leg, Line
from console.station.rules.refusal import Refused
from models.records import CallOutcome, LineState

START = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OP, FAR = Leg.OPERATOR, Leg.FAR
RINGS, ANSWERED, ENDED = Heard.RINGS, Heard.ANSWERED, Heard.ENDED
Told = tuple[Leg, Heard] | tuple[Leg, Heard, int]
PICKED_UP: list[Told] = [(OP, RINGS), (OP, ANSWERED)]
RANG: list[Told] = [*PICKED_UP, (FAR, RINGS)]
TALKED: list[Told] = [*RANG, (FAR, ANSWERED)]


def told(*events: Told) -> Line:
    """A line that hears ``events``, a second apart."""
    line = calling.begun(START)
    for nth, (leg, heard, *cause) in enumerate(events, 1):
        line = calling.after(line, leg, heard, START + timedelta(seconds=nth), *cause)
    return line


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], LineState.OPERATOR),
        ([(OP, RINGS)], LineState.OPERATOR),
        (PICKED_UP, LineState.DIALLING),
        (RANG, LineState.RINGING),
        # Late or twice: nothing goes back.
        ([*TALKED, (FAR, RINGS)], LineState.ANSWERED),
        ([*RANG, (OP, ANSWERED)], LineState.RINGING),
        # Without ringing: a machine answers at once.
        ([*PICKED_UP, (FAR, ANSWERED)], LineState.ANSWERED),
        # The number before the operator: nobody may be answered by silence.
        ([(FAR, ANSWERED)], LineState.OPERATOR),
        ([*TALKED, (OP, ENDED, 16)], LineState.ENDED),
        ([*TALKED, (FAR, ENDED, 16), (FAR, ANSWERED)], LineState.ENDED),
    ],
)
def test_G3_where_a_call_stands(events: list[Told], state: LineState) -> None:
    assert told(*events).state is state


@pytest.mark.parametrize(
    ("events", "proposed"),
    [
        ([*PICKED_UP, (FAR, ENDED, 17)], CallOutcome.BUSY),
        ([*PICKED_UP, (FAR, ENDED, 18)], CallOutcome.NO_ANSWER),
        ([*RANG, (FAR, ENDED, 19)], CallOutcome.NO_ANSWER),
        ([*RANG, (FAR, ENDED, 0)], CallOutcome.NO_ANSWER),
        ([*RANG, (OP, ENDED, 16)], CallOutcome.NO_ANSWER),
        ([*PICKED_UP, (FAR, ENDED, 1)], CallOutcome.WRONG_NUMBER),
        ([*PICKED_UP, (FAR, ENDED, 28)], CallOutcome.WRONG_NUMBER),
        ([*RANG, (FAR, ENDED, 21)], CallOutcome.REFUSED),
        # The network's trouble is nobody's answer.
        ([*PICKED_UP, (FAR, ENDED, 34)], None),
        ([*PICKED_UP, (OP, ENDED, 17)], None),
        # The operator's own telephone.
        ([(OP, RINGS), (OP, ENDED, 17)], None),
        ([(OP, RINGS), (OP, ENDED, 19)], None),
        # After a conversation only the operator knows.
        ([*TALKED, (FAR, ENDED, 16)], None),
        ([*TALKED, (FAR, ENDED, 17)], None),
        (RANG, None),
    ],
)
def test_G3_what_an_end_suggests(events: list[Told], proposed: CallOutcome | None) -> None:
    assert told(*events).proposed is proposed


def test_G3_the_journal_has_times_and_duration() -> None:
    assert calling.words(told(*TALKED, (OP, ENDED, 16)), "··· 01") == (
        "Line to ··· 01 · begun 20:00:00 · rang 20:00:03 · answered 20:00:04 · ended 20:00:05 · talked 0:01"
    )
    assert calling.words(told(*PICKED_UP, (FAR, ENDED, 17)), "112") == (
        "Line to 112 · begun 20:00:00 · ended 20:00:03 · cause 17"
    )
    assert "the operator's telephone was not picked up" in calling.words(told((OP, ENDED, 19)), "112")


@given(
    st.lists(st.tuples(st.sampled_from(Leg), st.sampled_from(Heard), st.integers(0, 127)), max_size=12),
)
def test_whatever_is_heard_times_stand_in_order_and_an_end_is_the_end(events: list[tuple[Leg, Heard, int]]) -> None:
    line, ended = calling.begun(START), None
    for nth, (leg, heard, cause) in enumerate(events):
        line = calling.after(line, leg, heard, START + timedelta(seconds=nth), cause)
        assert ended is None or line == ended
        ended = line if line.state is LineState.ENDED else None
    times = [line.began_at, line.picked_up_at, line.rang_at, line.answered_at, line.ended_at]
    known = [time for time in times if time is not None]
    assert known == sorted(known)
    assert line.answered_at is None or line.picked_up_at is not None


@pytest.mark.parametrize("given_", ["+32 470 55 50 01", "0470/55.50.01", "(09) 555-01-00", "112"])
def test_a_number_is_dialled_as_people_write_it(given_: str) -> None:
    assert calling.dial_string(given_).lstrip("+").isdecimal()


@pytest.mark.parametrize(
    "given_", ["", "1", "+", "112@evil", "112&PJSIP/900", "112,1", "1１2", "٣٣٣", "++32", "3+2", "a112", "*21#"]
)
def test_I12_nothing_else_comes_into_a_dial_string(given_: str) -> None:
    with pytest.raises(Refused):
        calling.dial_string(given_)


@pytest.mark.parametrize("given_", ["", "20 1", "201@x", "2" * 11, "201&202", "٣٣", "201\n"])
def test_I12_an_extension_is_digits(given_: str) -> None:
    with pytest.raises(Refused):
        calling.extension(given_)
