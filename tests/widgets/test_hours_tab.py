"""The Hours tab by keyboard: week grid, a day's hours, standing hours, refusals in place (D1, D2, H, visual.md 04)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from models.records import (
    AreaHours,
    AreaWeek,
    HoursAsked,
    HoursChange,
    Layer,
    Season,
    ShownDay,
    SiteHours,
    Supervised,
    hours_words,
    read_hours,
)
from tests.console.desk.test_accessibility import unnamed
from widgets.site.day_card import DayCard, read_day
from widgets.site.hours_tab import HoursTab
from widgets.site.standing_card import StandingCard
from widgets.site.week import WeekGrid, pieces
from widgets.theme import theme

NOW = datetime(2025, 11, 21, 19, 58, tzinfo=UTC)
FRIDAY, SUNDAY = date(2025, 11, 21), date(2025, 11, 23)
Key, Held = Qt.Key, Qt.KeyboardModifier


def change(day: date, hours: str, number: str = "1", last: date | None = None) -> HoursChange:
    at = datetime(2025, 11, 21 if number == "1" else 18, 18, 12, tzinfo=UTC)
    return HoursChange(
        id=number, first=day, last=last or day, spans=read_hours(hours), why="on request", by="H. Laurent",
        channel="app", at=at,
    )  # fmt: skip


def day(number: int, hours: str, was: str | None = None, **more: Any) -> ShownDay:
    spans = read_hours(hours)
    given = {"layer": Layer.TEMPORARY if "change" in more else Layer.WEEKLY, **more}
    return ShownDay(day=date(2025, 11, number), spans=spans, was=spans if was is None else read_hours(was), **given)


LATE, SHUT = change(FRIDAY, "10:00–01:30"), change(SUNDAY, "closed", "2")
WEEK = (
    day(17, "closed"), day(18, "10:00–23:30"),
    day(19, "10:00–12:00, 13:00–18:00", layer=Layer.SEASONAL, named="Winter"),
    day(20, "10:00–14:00", layer=Layer.HOLIDAY, named="King's Day", holiday="King's Day"),
    day(21, "10:00–01:30", "10:00–00:30", change=LATE), day(22, "10:00–00:30"),
    day(23, "closed", "10:00–23:30", change=SHUT),
)  # fmt: skip
HOURS = AreaHours(weekly=(read_hours("10:00–23:30"),) * 7, changes=(LATE, SHUT))
DINING = AreaWeek(area="1", name="Dining room", state="disarmed", hours=HOURS, version=4, days=WEEK)
FLAT = AreaWeek(area="3", name="Flat above", state="armed")
SITE = SiteHours(
    site="S1", timezone="Europe/Brussels", country="BE", monday=date(2025, 11, 17), areas=(FLAT, DINING),
    depends=("keys held: KB-1",),
)  # fmt: skip


@pytest.fixture
def tab(show: Callable[[QWidget], None]) -> HoursTab:
    tab = HoursTab()
    tab.resize(1532, 760)
    show(tab)
    tab.show_hours(SITE, NOW, may_edit=True, may_change=True)
    tab.begin()
    return tab


@pytest.fixture
def wanted(tab: HoursTab) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for signal in (tab.temporary_wanted, tab.taken_back, tab.standing_wanted, tab.week_wanted):
        signal.connect(lambda *what: found.append(what))
    return found


def press(qtbot: QtBot, *keys: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        qtbot.keyClick(focus, key, held)


def write(qtbot: QtBot, text: str) -> None:
    """As a keyboard writes: it has no dash but the short one."""
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Key.Key_A, Held.ControlModifier)
    qtbot.keyClicks(focus, text)


# -- the grid -------------------------------------------------------------------------------------


def test_D1_the_bar_of_an_evening_says_what_was_and_what_is_and_hatches_what_is_longer(qtbot: QtBot) -> None:
    grid = WeekGrid()
    qtbot.addWidget(grid)
    grid.show_week(WEEK, "Europe/Brussels", NOW)
    assert grid.day == FRIDAY, "today is chosen"
    assert [grid.bar_words(one) for one in WEEK] == [
        "closed", "10:00–23:30", "10:00–12:00, 13:00–18:00", "10:00–14:00", "10:00–00:30 → 01:30", "10:00–00:30",
        "closed, this day only",
    ]  # fmt: skip
    longer = pieces(WEEK[4])
    assert (longer.kept, longer.added, longer.taken) == (((600, 1470),), ((1470, 1530),), ())
    assert pieces(WEEK[6]).taken == ((600, 1410),)
    moved = pieces(day(21, "12:00–20:00", "10:00–18:00", change=LATE))
    assert (moved.kept, moved.added, moved.taken) == (((720, 1080),), ((1080, 1200),), ((600, 720),))
    assert [grid.layer_words(one) for one in WEEK] == [
        "standard week", "standard week", "season · Winter", "holiday · King's Day", "temporary · H. Laurent",
        "standard week", "temporary · H. Laurent",
    ]  # fmt: skip


def test_D2_below_stands_who_changed_it_and_that_the_patrol_is_unchanged(qtbot: QtBot) -> None:
    grid = WeekGrid(compact=True)
    qtbot.addWidget(grid)
    grid.show_week(WEEK, "Europe/Brussels", NOW)
    assert grid.lines() == [
        ("Today 01:30", "H. Laurent, app, 19:12 · patrol unchanged · on request"),
        ("Sun 23 closed", "H. Laurent, 18 Nov · patrol unchanged · on request"),
        ("Thu 20", "King's Day · holiday hours"),
        ("Winter", "seasonal hours"),
    ]
    long = change(FRIDAY, "closed", last=SUNDAY)
    days = (*WEEK[:4], *(day(n, "closed", "10:00–18:00", change=long) for n in (21, 22, 23)))
    grid.show_week(days, "Europe/Brussels", NOW)
    closed = [strong for strong, _ in grid.lines() if "closed" in strong]
    assert closed == ["Fri 21 to Sun 23 closed"], "once, not for each day"


def painted(grid: QWidget, minute: int, row: int) -> QImage:
    """A little of the grid around a minute of a row."""
    image = grid.grab().toImage()
    left, right = grid._axis()  # type: ignore[attr-defined]
    x = left + (minute - 240) / 1440 * (right - left)
    y = theme().px(40) + row * theme().px(42) + theme().px(21)
    return image.copy(int(x) - 6, int(y) - 5, 12, 10)


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_04_a_closing_at_half_past_one_stays_on_its_evening_and_the_now_line_too(qtbot: QtBot) -> None:
    grid = WeekGrid()
    qtbot.addWidget(grid)
    grid.resize(grid.sizeHint())
    grid.show_week(WEEK, "Europe/Brussels", NOW)
    hatched = colours(painted(grid, 1500, 4))
    assert theme()["text3"].name() in hatched, "the extension after midnight, on Friday's row"
    assert theme()["text3"].name() not in colours(painted(grid, 300, 5)), "and not on Saturday's morning"
    assert theme()["focus"].name() in colours(painted(grid, 20 * 60 + 58, 4))
    after_midnight = datetime(2025, 11, 22, 0, 10, tzinfo=UTC)
    grid.show_week(WEEK, "Europe/Brussels", after_midnight)
    assert theme()["focus"].name() in colours(painted(grid, 25 * 60 + 10, 4)), "01:10 is Friday's evening still"
    assert grid.lines()[0][0] == "Today 01:30"


def test_I10_today_is_today_at_the_site(qtbot: QtBot) -> None:
    grid = WeekGrid()
    qtbot.addWidget(grid)
    grid.show_week(WEEK, "Australia/Sydney", NOW)
    assert grid.day == date(2025, 11, 22)


def test_arrows_choose_a_day_and_a_screen_reader_hears_it(tab: HoursTab, qtbot: QtBot) -> None:
    assert tab.grid.hasFocus(), "the first area that has hours is shown, and its week has the keyboard"
    assert tab.grid.accessibleName() == "Friday 21 November, 10:00–00:30 → 01:30, temporary · H. Laurent"
    press(qtbot, Key.Key_Down)
    assert tab.grid.day == date(2025, 11, 22)
    press(qtbot, Key.Key_Home, Key.Key_Up)
    assert tab.grid.day == date(2025, 11, 17)
    press(qtbot, Key.Key_End, Key.Key_Down)
    assert tab.grid.day == SUNDAY
    assert "closed, this day only" in tab.grid.accessibleName()


# -- a day ----------------------------------------------------------------------------------------


def test_D1_a_day_is_changed_by_keyboard_alone(tab: HoursTab, qtbot: QtBot, wanted: list[tuple[Any, ...]]) -> None:
    press(qtbot, Key.Key_Up, Key.Key_Return)
    assert isinstance(tab.card(), DayCard)
    assert tab.day.hours.hasFocus()
    write(qtbot, "18:00-02:30")
    press(qtbot, Key.Key_Return)
    assert tab.day._sentence.text() == "Say who asked for it, and why."
    assert tab.day.why.hasFocus()
    write(qtbot, "H. Laurent by phone")
    press(qtbot, Key.Key_Return)
    asked = HoursAsked(
        first=date(2025, 11, 20), last=date(2025, 11, 20), spans=read_hours("18:00–02:30"), why="H. Laurent by phone"
    )
    assert wanted == [("1", asked, 4)]
    tab.done("Patrols and procedures are unchanged.")
    assert tab.card() is None
    assert tab.said.text() == "Patrols and procedures are unchanged."
    assert tab.grid.hasFocus()


def test_D2_the_card_says_before_what_it_will_not_change(tab: HoursTab) -> None:
    tab.edit_day()
    assert tab.day._unchanged.text() == (
        "Patrols and procedures are unchanged. "
        "The service desk gets a task, for these depend on the hours: keys held: KB-1."
    )
    assert tab.day._was.text() == "Without a change: 10:00–00:30. Changed by H. Laurent: on request."


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("hours", "late", "Write hours as 10:00–18:00, several with a comma between, or closed."),
        ("hours", "25:00–26:00", "25:00–26:00 is no time of a day: hours go from 00:00 to 24:00."),
        ("first", "31/11/2025", "31/11/2025 is no day: write it as 21/11/2026."),
        ("last", "20/11/2025", "The last day is not before the first, nor more than a year after it."),
    ],
)
def test_I12_what_cannot_be_meant_is_refused_in_place_with_its_field(
    tab: HoursTab, qtbot: QtBot, wanted: list[tuple[Any, ...]], field: str, text: str, sentence: str
) -> None:
    tab.edit_day()
    tab.day.why.setText("x")
    getattr(tab.day, field).setText(text)
    press(qtbot, Key.Key_Return)
    assert tab.day._sentence.text() == sentence
    assert getattr(tab.day, field).hasFocus()
    assert wanted == []


def test_what_was_typed_is_kept_on_esc_for_its_day_alone(tab: HoursTab, qtbot: QtBot) -> None:
    press(qtbot, Key.Key_Return)
    write(qtbot, "09:00-23:00")
    press(qtbot, Key.Key_Escape)
    assert tab.card() is None
    assert tab.grid.hasFocus()
    press(qtbot, Key.Key_Up, Key.Key_Return)
    assert tab.day.hours.text() == "10:00–14:00"
    press(qtbot, Key.Key_Escape, Key.Key_Down, Key.Key_Return)
    assert tab.day.hours.text() == "09:00-23:00"
    assert tab.day._sentence.text() == "What was typed before is kept."
    press(qtbot, Key.Key_Escape, Key.Key_Escape)
    assert tab.list.hasFocus()
    assert not tab.press_back(), "from there Esc is the screen's"


def test_I11_a_refused_act_stays_on_its_card_with_what_was_typed_and_its_version(
    tab: HoursTab, qtbot: QtBot, wanted: list[tuple[Any, ...]]
) -> None:
    tab.edit_day()
    tab.day.why.setText("inventory")
    newer = SITE.model_copy(update={"areas": (FLAT, DINING.model_copy(update={"version": 5}))})
    tab.show_hours(newer, NOW, may_edit=True, may_change=True)
    tab.refuse("The hours of Dining room were changed by Desk meanwhile: look at them first.", "version")
    assert tab.day._sentence.property("tone") == "refused"
    assert tab.day.why.text() == "inventory"
    press(qtbot, Key.Key_Return)
    assert wanted[0][2] == 4, "never a newer version than the one that was before the eyes"
    press(qtbot, Key.Key_Escape, Key.Key_Return, Key.Key_Return)
    assert wanted[1][2] == 5


def test_a_temporary_change_is_taken_back_from_the_week_and_from_its_card(
    tab: HoursTab, qtbot: QtBot, wanted: list[tuple[Any, ...]]
) -> None:
    press(qtbot, Key.Key_Delete, held=Held.AltModifier)
    assert wanted == [("1", "1", 4)]
    press(qtbot, Key.Key_Return)
    press(qtbot, Key.Key_Delete, held=Held.AltModifier)
    assert wanted[1:] == [("1", "1", 4)]
    press(qtbot, Key.Key_Escape, Key.Key_Up)
    assert not tab.can_remove()
    press(qtbot, Key.Key_Delete, held=Held.AltModifier)
    assert len(wanted) == 2


def test_weeks_are_turned_and_the_same_weekday_stays_chosen(
    tab: HoursTab, qtbot: QtBot, wanted: list[tuple[Any, ...]]
) -> None:
    press(qtbot, Key.Key_PageDown)
    assert wanted == [(date(2025, 11, 28),)]
    days = tuple(one.model_copy(update={"day": date(2025, 11, 24 + n)}) for n, one in enumerate(WEEK))
    later = DINING.model_copy(update={"days": days})
    turned = SITE.model_copy(update={"areas": (FLAT, later), "monday": date(2025, 11, 24)})
    tab.show_hours(turned, NOW, may_edit=True, may_change=True)
    assert tab.grid.day == date(2025, 11, 28)
    assert tab.panel.summary.text() == "24 Nov – 30 Nov 2025 · Europe/Brussels"
    press(qtbot, Key.Key_PageUp)
    assert wanted[1] == (FRIDAY,)


def test_days_are_read_as_people_write_them() -> None:
    near = date(2025, 12, 30)
    assert read_day("2/1", near) == date(2026, 1, 2)
    assert read_day("30.12", near) == near
    assert read_day("1-2-2027", near) == date(2027, 2, 1)
    assert read_day("2025-11-21", near) == FRIDAY
    for wrong in ("", "tomorrow", "32/1", "29/2/2025"):
        with pytest.raises(ValueError, match="is no day"):
            read_day(wrong, near)


# -- standing hours -------------------------------------------------------------------------------


def test_an_area_without_hours_says_so_and_gets_its_week_by_keyboard(
    tab: HoursTab, qtbot: QtBot, wanted: list[tuple[Any, ...]]
) -> None:
    press(qtbot, Key.Key_Escape, Key.Key_Up)
    assert tab.area() == FLAT
    assert "no supervised hours" in tab.grid.accessibleName()
    assert not tab.edit.isEnabled()
    press(qtbot, Key.Key_E, held=Held.ControlModifier)
    assert isinstance(tab.card(), StandingCard)
    assert tab.standing.days[0].hasFocus()
    for hours in ("10:00-18:00", "10-18"):
        write(qtbot, hours)
        press(qtbot, Key.Key_Tab)
    press(qtbot, Key.Key_Return)
    assert tab.standing._sentence.text().startswith("Write hours as")
    assert tab.standing.days[1].hasFocus()
    write(qtbot, "20:00-01:00")
    tab.standing.holidays.setText("closed")
    tab.standing.supervised[Supervised.NOT_OPENED].setChecked(False)
    press(qtbot, Key.Key_Return)
    [(area, hours, version)] = wanted
    assert (area, version) == ("3", 0)
    assert [hours_words(spans) for spans in hours.weekly] == ["10:00–18:00", "20:00–01:00", *["closed"] * 5]
    assert (hours.on_holidays, hours.repeat_min) == ((), 60)
    assert hours.supervised == (Supervised.OPENING, Supervised.LATE_CLOSE)


def choose(card: StandingCard, words: str) -> None:
    card.which.setCurrentIndex(card.which.findText(words))
    card.which.activated.emit(card.which.currentIndex())


def test_a_season_is_added_changed_and_taken_away(tab: HoursTab, wanted: list[tuple[Any, ...]]) -> None:
    tab.edit_standing()
    card = tab.standing
    assert not card.name.isVisible()
    choose(card, "New season")
    assert card.name.isVisible()
    card.name.setText("Summer")
    card.first.setText("1/7")
    card.last.setText("31/9")
    card.days[0].setText("12:00–15:00")
    card.press_next()
    assert card._sentence.text() == "A season has a first and a last day: write them as 01/07."
    assert card.last.hasFocus()
    card.last.setText("31/08")
    choose(card, "Standard week")
    assert card.days[0].text() == "10:00–23:30"
    card.press_next()
    [season] = wanted[-1][1].seasons
    assert (season.name, season.first, season.last) == ("Summer", "07-01", "08-31")
    assert [hours_words(spans) for spans in season.weekly[:2]] == ["12:00–15:00", "10:00–23:30"]
    choose(card, "New season")
    card.name.setText("August")
    card.first.setText("01/08")
    card.last.setText("31/08")
    card.press_next()
    assert card._sentence.text() == "Two seasons hold the same day: their days must not meet."
    choose(card, "Season: August")
    card.name.clear()
    card.press_next()
    assert len(wanted) == 2, "it is taken, for the two no longer meet"
    assert [one.name for one in wanted[-1][1].seasons] == ["Summer"]


def test_standing_hours_typed_and_not_sent_are_kept_with_their_season(tab: HoursTab, qtbot: QtBot) -> None:
    tab.edit_standing()
    tab.standing.days[2].setText("half past nine")
    tab.standing.late.setValue(40)
    press(qtbot, Key.Key_Escape)
    assert tab.card() is None
    tab.edit_standing()
    assert (tab.standing.days[2].text(), tab.standing.late.value()) == ("half past nine", 40)
    assert tab.standing._sentence.text() == "What was typed before is kept."
    choose(tab.standing, "New season")
    assert tab.standing.which.currentText() == "Standard week", "what is wrong is mended first"


def test_hours_are_taken_away(tab: HoursTab, qtbot: QtBot, wanted: list[tuple[Any, ...]]) -> None:
    tab.edit_standing()
    press(qtbot, Key.Key_Delete, held=Held.AltModifier)
    assert wanted == [("1", None, 4)]


def test_H_an_operator_changes_a_day_and_not_the_standing_hours(tab: HoursTab, qtbot: QtBot) -> None:
    tab.show_hours(SITE, NOW, may_edit=False, may_change=True)
    press(qtbot, Key.Key_E, held=Held.ControlModifier)
    assert tab.card() is None
    assert tab.edit.isEnabled()
    tab.show_hours(SITE, NOW, may_edit=False, may_change=False)
    press(qtbot, Key.Key_Return)
    assert tab.card() is None
    assert not tab.edit.isEnabled()
    assert not tab.remove.isEnabled()


def test_B3_B4_the_areas_say_their_state_and_whether_they_are_supervised(tab: HoursTab) -> None:
    blind = DINING.model_copy(update={"area": "4", "name": "Technical", "state": None, "said": "State not transmitted"})
    tab.show_hours(SITE.model_copy(update={"areas": (FLAT, DINING, blind)}), NOW, may_edit=True, may_change=True)
    said = [tab.areas.index(row).data() for row in range(3)]
    assert said == [
        "3 Flat above, Armed, no schedule", "1 Dining room, Disarmed, supervised",
        "4 Technical, State not transmitted, supervised",
    ]  # fmt: skip
    tab.list.setCurrentIndex(tab.areas.index(2))
    assert ("But", "State not transmitted") in (tab.rules._shown or ())


def test_precedence_and_what_is_supervised_are_said_in_words(tab: HoursTab) -> None:
    rules = dict(tab.rules._shown or ())
    assert rules["What holds"] == "temporary, before holiday, before season, before the week"
    assert rules["Holidays"] == "as on any other day · BE"
    assert rules["Supervised"] == (
        "opening outside hours, 15 min early is none; not closed 15 min after the end, told again after 60 min; "
        "not opened 15 min after the beginning"
    )
    assert rules["Tied to them"] == "keys held: KB-1"


def test_everything_that_takes_keys_says_what_it_is(tab: HoursTab) -> None:
    assert unnamed(tab) == []


def test_seasons_are_kept_apart_by_the_record_itself() -> None:
    weekly = (read_hours("closed"),) * 7
    with pytest.raises(ValueError, match="Two seasons hold the same day"):
        AreaHours(
            weekly=weekly,
            seasons=(
                Season(name="a", first="12-20", last="01-10", weekly=weekly),
                Season(name="b", first="01-10", last="02-10", weekly=weekly),
            ),
        )


def test_I10_the_last_change_is_told_by_the_clock_of_the_site_whose_hours_stand_beside_it(tab: HoursTab) -> None:
    """03:12 in Adelaide is the evening before at the workstation, and a desk would look for the wrong day."""
    changed = DINING.model_copy(update={"changed_at": datetime(2025, 11, 20, 16, 42, tzinfo=UTC), "changed_by": "Desk"})
    away = SITE.model_copy(update={"timezone": "Australia/Adelaide", "areas": (changed,)})
    tab.show_hours(away, NOW, may_edit=True, may_change=True)
    said = [label.text() for label in tab.rules.findChildren(QLabel) if "Desk" in label.text()]
    assert said == ["21 Nov 03:12 · Desk"]
