"""Strip, title line, key bar, and the slot where new alarms wait (visual.md §3, §5)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from console.desk.commands import groups
from tests.widgets.made import NOW, ago, alarm
from widgets.frame import Frame
from widgets.key_help import KeyHelp
from widgets.keycap import KeyButton, KeyCap, retone, toned
from widgets.queue import view as queue_view
from widgets.queue.model import QueueModel
from widgets.queue.view import QUIET_S, ArrivalsSlot, QueueList
from widgets.strip import PriorityCell, Strip, Waiting
from widgets.theme import theme
from widgets.title_line import AlertBorder, TitleLine

PLACES = [("take-next", "F1", "Next alarm"), ("queue", "F2", "Queue")]


def colour(widget: QWidget, x: int, y: int) -> str:
    """What is painted at a place."""
    widget.resize(max(widget.width(), 220), 76)
    return widget.grab().toImage().pixelColor(x, y).name()


def test_the_keys_stay_on_the_screen_however_much_a_page_would_show(qtbot: QtBot) -> None:
    frame = Frame(PLACES)
    qtbot.addWidget(frame)
    tall = QWidget()
    tall.setMinimumSize(3000, 3000)
    frame.pages.addWidget(tall)
    frame.resize(1920, 1080)
    frame.show()
    qtbot.waitExposed(frame)
    assert (frame.width(), frame.height()) == (1920, 1080)
    assert frame.keys.geometry().bottom() < 1080
    assert frame.minimumSizeHint().height() < 600


@pytest.mark.parametrize("count", ["1", "14", "209", "1204"])
def test_G1_a_count_is_never_written_in_part(qtbot: QtBot, count: str) -> None:
    cell = PriorityCell(3)
    qtbot.addWidget(cell)
    cell.resize(214, 76)

    def inked(waiting: int) -> set[tuple[int, int]]:
        cell.tell(Waiting(waiting, ago(1), 90), NOW)
        picture = cell.grab().toImage()
        ground = theme()["bg1"].name()
        places = ((x, y) for x in range(theme().px(41), theme().px(82)) for y in range(0, 66))
        return {place for place in places if picture.pixelColor(*place).name() != ground}

    ink = inked(int(count))
    assert theme().px(41) < min(x for x, _y in ink), "cut at its beginning"
    assert max(x for x, _y in ink) < theme().px(81), "cut at its end"
    # The first and the last digit are seen: another one in their place looks otherwise.
    for place in (0, len(count) - 1):
        other = count[:place] + ("8" if count[place] != "8" else "3") + count[place + 1 :]
        assert inked(int(other)) != ink


@pytest.mark.parametrize(
    ("priority", "waiting", "filled"),
    [
        (1, Waiting(1, ago(1), 30), True),
        (1, Waiting(0, None, 30), False),
        (2, Waiting(3, ago(90), 90), False),
        (2, Waiting(3, ago(91), 90), True),
        (4, Waiting(1, ago(999), 90), True),
        (3, Waiting(None), False),
    ],
)
def test_a_cell_fills_for_an_emergency_or_a_passed_target(
    qtbot: QtBot, priority: int, waiting: Waiting, filled: bool
) -> None:
    cell = PriorityCell(priority)
    qtbot.addWidget(cell)
    cell.tell(waiting, NOW)
    assert cell.filled() is filled
    ground = theme().priority(priority) if filled else theme()["bg1"]
    assert colour(cell, 8, 60) == ground.name()


def test_a_cell_is_spoken(qtbot: QtBot) -> None:
    cell = PriorityCell(2)
    qtbot.addWidget(cell)
    cell.tell(Waiting(3, ago(102), 90), NOW)
    assert cell.accessibleName() == "High: 3 waiting, longest 1:42, target 1:30"
    cell.tell(Waiting(0), NOW)
    assert cell.accessibleName() == "High: none waiting"
    cell.tell(Waiting(None), None)
    assert cell.accessibleName() == "High: not known"


def test_a_lost_link_fills_its_cell(qtbot: QtBot) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    strip.link.tell("Link lost 0:04", "trying again", loud=True)
    assert colour(strip.link, 4, 4) == theme()["p1"].name()
    assert strip.link.accessibleName() == "Link lost 0:04, trying again"
    strip.link.tell("Linked", "Station", loud=False)
    assert colour(strip.link, 4, 4) == theme()["bg1"].name()


def test_the_block_of_F1_says_what_it_would_do(qtbot: QtBot) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    pressed = []
    strip.next.clicked.connect(lambda: pressed.append(1))
    strip.next.tell("Take next alarm", "High · Intrusion", inverse=True)
    assert strip.next.accessibleName() == "F1: Take next alarm, High · Intrusion"
    assert colour(strip.next, 30, 6) == theme()["inv"].name()
    QTest.mouseClick(strip.next, Qt.MouseButton.LeftButton)
    assert pressed == [1]


def test_F3_the_title_line_becomes_the_banner_and_moves_nothing(qtbot: QtBot) -> None:
    line = TitleLine()
    qtbot.addWidget(line)
    height = line.height()
    line.resize(900, height)
    line.tell("Queue", "2 open")
    plain = line.grab().toImage()
    line.tell("Site in test", "since Mon 20:00 · by Claes", banner=True)
    assert line.accessibleName() == "Site in test, since Mon 20:00 · by Claes"
    assert line.grab().toImage() != plain
    assert {line.grab().toImage().pixelColor(400 + x, 3).name() for x in range(14)} >= {theme()["testbg"].name()}
    assert line.height() == height


def test_the_notice_comes_and_goes(qtbot: QtBot) -> None:
    line = TitleLine()
    qtbot.addWidget(line)
    line.notify("A1 is closed.")
    assert line.notice.isVisibleTo(line)
    assert line.notice.accessibleName() == "A1 is closed."
    line.notify("")
    assert not line.notice.isVisibleTo(line)


def test_the_border_blinks_while_an_emergency_waits(qtbot: QtBot) -> None:
    behind = QWidget()
    qtbot.addWidget(behind)
    border = AlertBorder(behind)
    seen = []
    border.alert(1)
    for _ in range(4):
        seen.append(border.lit)
        border.tick()
    assert seen == [True, False, True, False]
    border.alert(None)
    border.tick()
    assert not border.isVisibleTo(behind)


def test_the_key_bar_says_what_can_be_done(qtbot: QtBot) -> None:
    frame = Frame(PLACES)
    qtbot.addWidget(frame)
    pressed: list[str] = []
    frame.keys.pressed.connect(pressed.append)
    frame.keys.tell("take-next", on=False, words="Next alarm", current=False)
    for place in frame.keys.places.values():
        QTest.mouseClick(place, Qt.MouseButton.LeftButton)
        assert place.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert pressed == ["queue"]
    assert frame.keys.places["take-next"].accessibleName() == "F1 Next alarm"


def test_the_help_covers_the_content_alone(qtbot: QtBot) -> None:
    frame = Frame(PLACES)
    qtbot.addWidget(frame)
    frame.resize(1200, 800)
    frame.show()
    sheet = KeyHelp(frame, [("Alarms", [("F1", "Next alarm")])])
    assert not sheet.isVisible()
    sheet.cover(frame.pages)
    assert sheet.geometry() == frame.pages.geometry()


def test_I8_the_slot_says_what_waits_to_join_the_list(qtbot: QtBot) -> None:
    model = QueueModel()
    slot = ArrivalsSlot(model)
    qtbot.addWidget(slot)
    assert slot.accessibleName() == "No new alarms"
    model.know([alarm("a"), alarm("b", priority=1)], NOW)
    assert slot.accessibleName().startswith("2 new: Priority 1 Emergency, waiting 0:40")
    assert not slot.grab().toImage().isNull()
    model.settle()
    assert slot.accessibleName() == "No new alarms"


def test_I8_the_list_is_in_use_for_five_seconds_after_a_key(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(queue_view.time, "monotonic", lambda: now[0])
    queue = QueueList(QueueModel())
    qtbot.addWidget(queue)
    queue.show()
    queue.activateWindow()
    view = queue.view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    assert not view.in_use()
    QTest.keyClick(view, Qt.Key.Key_Down)
    now[0] += QUIET_S - 0.1
    assert view.in_use()
    now[0] += 0.1
    assert not view.in_use()
    QTest.keyClick(view, Qt.Key.Key_Down)
    view.rest()
    assert not view.in_use()


def test_I8_enter_opens_the_alarm_under_the_bar_and_none_that_is_over(qtbot: QtBot) -> None:
    model = QueueModel()
    queue = QueueList(model)
    qtbot.addWidget(queue)
    model.know([alarm("a"), alarm("b", came=ago(5))], NOW)
    model.settle()
    opened: list[str] = []
    queue.view.opened.connect(lambda what: opened.append(what.id))
    queue.view.choose_first()
    QTest.keyClick(queue.view, Qt.Key.Key_Return)
    assert opened == ["a"]
    model.know([alarm("b", came=ago(5))], NOW)
    QTest.keyClick(queue.view, Qt.Key.Key_Return)
    assert opened == ["a"], "it was closed meanwhile"


def test_G1_a_long_notice_makes_no_window_wider_and_keeps_the_key_that_answers_it(qtbot: QtBot) -> None:
    frame = Frame(PLACES)
    qtbot.addWidget(frame)
    frame.resize(1920, 1080)
    frame.show()
    qtbot.waitExposed(frame)
    said = f"O. Demo asks for help: {'the police cannot find the address ' * 20}. Alt+R answers."
    frame.title.tell("Operators", "2 signed in · 1 alarm in hand")
    frame.title.notify(said, loud=True)
    qtbot.waitUntil(lambda: frame.title.notice.width() > 600)
    assert frame.minimumSizeHint().width() <= 1920, "the clock and half of the keys are outside"
    assert frame.title.notice.geometry().right() < frame.width()
    shown = QLabel.text(frame.title.notice)
    assert shown.endswith("Alt+R answers."), shown
    assert "…" in shown
    assert frame.title.notice.text() == frame.title.notice.toolTip() == said
    assert QLabel.text(frame.title.summary) == "2 signed in · 1 alarm in hand"
    frame.title.notify("A1 is closed.")
    qtbot.waitUntil(lambda: QLabel.text(frame.title.notice) == "A1 is closed.")


@pytest.mark.parametrize("priority", [2, 3, 4])
def test_the_border_stands_for_what_is_no_emergency_and_only_cannot_be_heard(qtbot: QtBot, priority: int) -> None:
    """Without a sound device the whole edge flashed for half an hour (visual.md §5)."""
    behind = QWidget()
    qtbot.addWidget(behind)
    border = AlertBorder(behind)
    border.alert(priority)
    for _half_a_second in range(4):
        assert border.lit
        border.tick()


@pytest.mark.parametrize("seconds", [40, 130, 3000, 50_000])
def test_how_late_an_emergency_is_stands_in_its_cell_clear_of_the_border(qtbot: QtBot, seconds: int) -> None:
    cell = PriorityCell(1)
    qtbot.addWidget(cell)
    cell.resize(214, 76)
    cell.tell(Waiting(2, ago(seconds), 30), NOW)
    late, picture = cell.grab().toImage(), theme().on_priority(1).name()
    places = [(x, y) for x in range(200, 210) for y in range(14, 58)]
    assert all(late.pixelColor(*place).name() != picture for place in places), "it touches the border"
    cell.tell(Waiting(2, ago(seconds), seconds // 2), NOW)
    assert cell.grab().toImage() != late, "another target makes another lateness"


def test_no_key_of_the_sheet_lies_on_another(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1920, 912)
    window.show()
    sheet = KeyHelp(window, groups())
    sheet.resize(1920, 912)
    sheet.show()
    qtbot.waitExposed(sheet)
    caps = [cap.geometry() for cap in sheet.findChildren(KeyCap)]
    assert len(caps) > 70
    assert not [(one, two) for nth, one in enumerate(caps) for two in caps[:nth] if one.intersects(two)]
    assert max(cap.bottom() for cap in caps) < 912


def test_a_label_has_the_padding_of_the_tone_that_it_was_given_last(qtbot: QtBot) -> None:
    first, later = toned("loud", "hides 2"), toned("second", "hides 2")
    for label in (first, later):
        qtbot.addWidget(label)
        label.show()
    retone(later, "loud")
    assert later.sizeHint() == first.sizeHint()


def test_I11_a_button_that_is_told_the_same_again_asks_for_no_layout(qapp: QApplication) -> None:
    """It is told with each change of a storm."""
    asked = []

    class Counting(KeyButton):
        def updateGeometry(self) -> None:
            asked.append(self.words())

    button = Counting("Take this alarm", "Enter")
    assert button.accessibleName() == "Take this alarm, Enter"
    button.say("Take this alarm")
    button.say("Ask for it")
    button.say("Ask for it")
    assert asked == ["Take this alarm", "Ask for it"]
    assert button.accessibleName() == "Ask for it, Enter"
