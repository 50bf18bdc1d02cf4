"""Whatever can have the keyboard says what it is to a screen reader, in every place (visual.md §8)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QWidget

from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import SITE, alarm, cancelled, detail, held, in_test, parked
from widgets.key_help import KeyHelp


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def path_of(widget: QWidget | None) -> str:
    """Where it is, for the message."""
    steps = []
    while widget is not None:
        steps.append(f"{type(widget).__name__}{'#' + widget.objectName() if widget.objectName() else ''}")
        widget = widget.parentWidget()
    return " < ".join(steps[:5])


def takes_keys(widget: QWidget) -> bool:
    """Whether it can have the keyboard itself: an inner part that hands it on is spoken as its whole."""
    return widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and widget.focusProxy() is None


def unnamed(root: QWidget) -> list[str]:
    """Widgets that can have the keyboard, or can be clicked as a button, and say nothing."""
    return [
        path_of(widget)
        for widget in root.findChildren(QWidget)
        if (takes_keys(widget) or isinstance(widget, QAbstractButton))
        and not name_of(widget)
        # Qt's own, in the corner of two headers of which one is hidden: it is never seen.
        and widget.objectName() != "qt_tableview_cornerbutton"
    ]


def test_everything_that_takes_keys_has_a_name(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        window = desk.window
        missing = set(unnamed(window))
        old, mine = alarm("old", priority=1, site=SITE), held()
        desk.sign_in(old, mine, parked("p"), tests=(in_test(),))
        desk.answers["/v1/sites"] = lambda _body: [SITE.model_dump()]
        await desk.open(mine)
        for place in window.screens.names():
            if place == "setup":
                continue
            desk.link.locked = place == "locked"
            window.go(place)
            desk.link.locked = False
            assert window.frame.pages.currentWidget() is window.screens[place].widget, place
            window.tick()
            missing |= set(unnamed(window))
        desk.details["A1"] = detail(held(cancelled=cancelled()), tests=(in_test(),))
        for command in ("close", "test-change", "hand-over", "park-other", "skip", "note"):
            await desk.open(mine)
            window.do(command)
            missing |= set(unnamed(window))
        window.do("help")
        sheet = window.findChild(KeyHelp)
        assert sheet is not None
        assert name_of(sheet) == "All keys"
        missing |= set(unnamed(window))
        await desk.settled()
        assert not missing, "\n".join(sorted(missing))

    play(act)


def test_the_cards_have_names_for_they_have_the_keyboard(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held()
        desk.sign_in(mine)
        await desk.open(mine)
        screen = desk.window.workspace.widget
        assert desk.focus() is screen.now
        names = [name_of(card) for card in (screen.now, screen.closing, screen.testing, screen.people)]
        assert all(names), names
        assert "An Peeters" in name_of(screen.now)
        assert "+32 470 55 50 01" in name_of(screen.now)

    play(act)


def test_names_change_with_what_is_shown(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(alarm("A1", priority=1))
        desk.window.changed()
        strip = desk.window.frame.strip
        assert name_of(strip.cells[1]).startswith("Emergency: 1 waiting, longest")
        assert name_of(strip.next).startswith("F1: Take next alarm, Emergency")
        assert name_of(desk.window.frame.title).startswith("Queue, 1 open")
        assert name_of(desk.window.queue.widget.list.slot) == "No new alarms"
        clock = name_of(strip.clock)
        assert clock, "the clock says the time"

    play(act)
