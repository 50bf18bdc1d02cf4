"""Times, weeks, numbers as people type them; and a form that keeps what was typed (C1, I11, I12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from models.records import AvailableSpan
from widgets.entry import read_moment, read_week, write_moment, write_week
from widgets.form import Field, Form
from widgets.site.forms import contact_record, contact_values

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def local(*parts: int) -> datetime:
    return datetime(*parts).astimezone()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", None),
        ("30 Nov 23:59", local(2026, 11, 30, 23, 59)),
        ("30/11/2026 08:00", local(2026, 11, 30, 8)),
        ("2026-12-01 7:05", local(2026, 12, 1, 7, 5)),
        ("Sun 30 Nov 2026 23:59", local(2026, 11, 30, 23, 59)),
        ("2 Jan 10:00", local(2027, 1, 2, 10)),
        ("today 18:30", local(2026, 11, 24, 18, 30)),
        ("tomorrow", local(2026, 11, 25)),
        ("18:30", local(2026, 11, 24, 18, 30)),
    ],
)
def test_C1_moments_are_read_as_they_are_typed(text: str, moment: datetime | None) -> None:
    assert read_moment(text, NOW) == moment


def test_C1_an_end_without_a_time_of_day_is_the_end_of_the_day() -> None:
    assert read_moment("30 Nov", NOW, end=True) == local(2026, 11, 30, 23, 59)


@pytest.mark.parametrize("text", ["nonsense", "31 Feb 2026 10:00", "30 Nov 25:00", "30 Nov 10:61", "99/99"])
def test_I12_what_is_no_moment_is_said_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="no day and time, such as"):
        read_moment(text, NOW)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001
def test_C1_what_is_written_is_read_back(moment: datetime) -> None:
    aware = moment.replace(second=0, microsecond=0).astimezone()
    assert read_moment(write_moment(aware), NOW) == aware


def test_C4_a_week_reads_past_midnight_and_over_the_weekend() -> None:
    assert read_week("Sat 22:00-02:00") == (AvailableSpan(day=5, from_minute=1320, until_minute=1560),)
    assert [span.day for span in read_week("Fri-Mon 09:00-17:00")] == [4, 5, 6, 0]
    assert write_week(read_week("Mon-Fri 09:00-17:00, Sat 10:00-12:00")) == "Mon-Fri 09:00-17:00, Sat 10:00-12:00"


@pytest.mark.parametrize("text", ["Mon", "Mon 9-25", "Foo 09:00-17:00", "Mon 09:00"])
def test_I12_what_is_no_week_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        read_week(text)


_SPANS = st.builds(
    lambda day, begin, length: AvailableSpan(day=day, from_minute=begin, until_minute=begin + length),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(1, 1439),
)


@given(st.lists(_SPANS, max_size=7, unique_by=lambda span: (span.day, span.from_minute)))
def test_C4_a_week_that_is_written_is_read_back(spans: list[AvailableSpan]) -> None:
    def key(span: AvailableSpan) -> tuple[int, int]:
        return (span.day, span.from_minute)

    assert sorted(read_week(write_week(spans)), key=key) == sorted(spans, key=key)


def test_C4_numbers_one_a_line_with_label_and_private() -> None:
    from models.records import ContactFile

    values = contact_values(ContactFile(name="An"))
    text = "mobile +32 470 55 50 01\n09 555 01 02 private\n112"
    record = contact_record({**values, "numbers": text})
    assert [(n["label"], n["number"], n["private"]) for n in record["numbers"]] == [
        ("mobile", "+32 470 55 50 01", False),
        ("", "09 555 01 02", True),
        ("", "112", False),
    ]
    with pytest.raises(ValueError, match="is no number"):
        contact_record({**values, "numbers": "call the neighbours"})


def test_I11_a_form_shows_theirs_beside_mine_and_takes_the_rest_in(qapp: QApplication) -> None:
    form = Form((Field("access", "Access"), Field("keys", "Keys"), Field("town", "Town")), "Site")
    form.show_values({"access": "old", "keys": "none", "town": "Gent"})
    form._set("access", "mine")
    form._set("town", "Aalst")
    form.show_theirs({"access": "theirs", "keys": "KB-1", "town": "Aalst"})
    # Typed here: kept, theirs beside it. Not touched here: theirs. Typed alike: nobody's conflict.
    assert form.values() == {"access": "mine", "keys": "KB-1", "town": "Aalst"}
    assert form._notes["access"].text() == "Saved meanwhile: theirs"
    assert form._notes["town"].text() == ""
    assert form.draft() == {"access": "mine"}
    form.take_back()
    assert form.values()["access"] == "theirs"


def test_I12_a_form_sends_nothing_that_cannot_be_meant(qapp: QApplication) -> None:
    sent: list[object] = []
    form = Form((Field("until", "Until", reads=lambda text: "No day." if text else ""), Field("name", "Name")), "Form")
    form.wanted.connect(sent.append)
    form.show_values({"until": "", "name": "An"})
    form.press_save()
    assert form.sentence.text() == "Nothing was changed."
    form._set("until", "x")
    form.press_save()
    assert (sent, form.sentence.text()) == ([], "No day.")
    form._set("until", "")
    form._set("name", "Bert")
    form.press_save()
    assert sent == [{"until": "", "name": "Bert"}]


def test_a_day_long_past_of_this_year_is_next_year() -> None:
    assert read_moment("24 Jan", NOW) == local(2027, 1, 24)
    yesterday = NOW - timedelta(days=1)
    assert read_moment(yesterday.strftime("%d %b"), NOW) == local(2026, 11, 23)
