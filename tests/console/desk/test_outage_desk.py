"""Every site of an outage by keyboard alone: from its row in the queue to the site file and back, and checked (06d)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt

from models.records import AlarmView, OutageMember, OutagePart, OutageView, SiteRef
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import alarm, detail, held

CONTROL = Qt.KeyboardModifier.ControlModifier
NOW = datetime.now(UTC)
FIGURES = OutageView(
    lost=4, back=1, alone=3, began_at=NOW - timedelta(seconds=90), last_loss_at=NOW - timedelta(seconds=30)
)


def outage(make: Any = alarm, figures: OutageView = FIGURES, **changes: Any) -> AlarmView:
    given = {"kind": "outage", "site": None, "account": "", "priority": 2, "words": "Provider outage, Fixnet"}
    made: AlarmView = make("out", outage=figures, came=NOW - timedelta(seconds=60), **{**given, **changes})
    return made


def members() -> list[OutageMember]:
    """Three without a second path, one with, one back."""
    return [
        OutageMember(
            site=SiteRef(id=f"S-{nth}", name=f"Site {nth}", town="Gent"),
            account=f"A{nth}",
            lost_at=NOW - timedelta(seconds=90 - nth),
            second_path=nth == 3,
            back_at=NOW if nth == 4 else None,
        )
        for nth in range(5)
    ]


def script(desk: Scripted, stand: Sequence[OutageMember]) -> None:
    """The systems on one page, and an empty one after it; a site file that cannot be read."""
    asked = [0]

    def page(_body: dict[str, Any]) -> list[dict[str, Any]]:
        asked[0] += 1
        return [each.model_dump(mode="json") for each in stand] if asked[0] % 2 else []

    desk.answers["/members"] = page


async def at_the_rows(desk: Scripted, shown: AlarmView) -> None:
    """Signed in, in the queue, with the rows of the outage open and the first of them chosen."""
    desk.sign_in(shown)
    desk.window.go("queue")
    desk.window.changed()
    part = desk.window.queue.widget.part
    await desk.until(lambda: part.list.model.known() == 5, "the systems are read")
    desk.press(Qt.Key.Key_Right)
    desk.press(Qt.Key.Key_Down)


def test_each_site_is_opened_from_its_row_and_esc_comes_back_to_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        script(desk, members())
        await at_the_rows(desk, outage())
        window, queue = desk.window, desk.window.queue.widget
        assert queue.previews.currentWidget() is queue.part
        assert [each.account for each in queue.part.list.model.members()] == ["A0", "A1", "A2"]
        desk.press(Qt.Key.Key_Return)
        assert not desk.acts("take"), "a row below an outage takes nothing"
        assert queue.part.list.field.hasFocus()
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Return)
        assert window.at == "find-site"
        assert window.screens.sites.widget.search.field.text() == "S-1"
        desk.press(Qt.Key.Key_Escape)
        assert window.at == "queue"
        assert queue.part.list.field.hasFocus()
        chosen = queue.part.list.chosen()
        assert chosen is not None
        assert chosen.account == "A1"
        desk.type("site 2")
        desk.press(Qt.Key.Key_Return)
        assert window.screens.sites.widget.search.field.text() == "S-2"
        desk.press(Qt.Key.Key_Escape)
        desk.press(Qt.Key.Key_Escape)
        assert queue.list.view.hasFocus()
        desk.press(Qt.Key.Key_Down)
        assert queue.list.view.current_part() is OutagePart.SECOND_PATH
        assert [each.account for each in queue.part.list.model.members()] == ["A3"]
        desk.press(Qt.Key.Key_Down)
        assert [each.account for each in queue.part.list.model.members()] == ["A4"]
        desk.press(Qt.Key.Key_Left)
        assert queue.previews.currentWidget() is queue.preview

    play(act)


def test_G2_its_holder_checks_from_the_queue_and_nobody_else(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        stand = members()
        script(desk, stand)
        await at_the_rows(desk, outage())
        part = desk.window.queue.widget.part
        desk.press(Qt.Key.Key_Return)
        desk.press(Qt.Key.Key_T, CONTROL)
        assert not desk.acts("check")
        assert not part.check.isEnabled()
        mine = outage(held, version=2)
        desk.tell(mine)
        await desk.until(part.check.isEnabled, "it is in these hands")
        after = FIGURES.model_copy(update={"checked": 1})
        desk.answers["/check"] = lambda _body: outage(held, after, version=3)
        stand[0] = stand[0].model_copy(update={"checked_at": NOW, "checked_by": "Claes"})
        desk.press(Qt.Key.Key_T, CONTROL)
        await desk.settled()
        assert desk.acts("check") == [{"site": "S-0", "checked": True}]
        assert [each.account for each in part.list.model.members()] == ["A1", "A2", "A0"]
        chosen = part.list.chosen()
        assert chosen is not None
        assert chosen.account == "A1"
        view = desk.window.queue.widget.list.view
        assert view.model().index(view.currentIndex().row(), 4).data() == "2 to check, 1 done"

    play(act)


def test_in_hand_each_site_is_opened_and_checked_and_esc_comes_back_to_the_workspace(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        script(desk, members())
        mine = outage(held)
        desk.sign_in(mine)
        await desk.open(mine)
        window, panel = desk.window, desk.window.workspace.widget.outage
        await desk.until(lambda: panel.list.model.rowCount() == 5, "the systems are read")
        assert panel.list.field.hasFocus()
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Return)
        assert (window.at, window.screens.sites.widget.search.field.text()) == ("find-site", "S-1")
        desk.press(Qt.Key.Key_Escape)
        assert window.at == "workspace"
        assert panel.list.field.hasFocus()
        after = outage(held, version=3)
        desk.answers["/check"] = lambda _body: after
        desk.details["out"] = detail(after)
        desk.press(Qt.Key.Key_T, CONTROL)
        await desk.settled()
        assert desk.acts("check") == [{"site": "S-1", "checked": True}]
        window.go("queue")
        desk.press(Qt.Key.Key_F3)
        desk.press(Qt.Key.Key_Escape)
        assert window.at == "queue", "who finds a site alone goes back to the queue"

    play(act)


def test_the_title_line_says_what_is_grouped_while_links_are_being_lost(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        script(desk, members())
        # By the clock of the play: the file may have been read long before.
        now = datetime.now(UTC)
        fresh = {"began_at": now - timedelta(seconds=90), "last_loss_at": now - timedelta(seconds=30)}
        many = FIGURES.model_copy(update={"lost": 3961, "back": 51, **fresh})
        desk.sign_in(outage(figures=many), alarm("A1"))
        desk.window.go("queue")
        desk.window.changed()
        began = many.began_at.astimezone().strftime("%H:%M:%S")
        said = f"Flood since {began} · 4 012 lost links grouped · every other kind stays on its own row"
        await desk.until(lambda: desk.notice == said, "the notice")
        assert "1 incident of 4 012 systems, counted once" in desk.window.frame.title.summary.text()
        old = many.model_copy(update={"last_loss_at": now - timedelta(minutes=11)})
        desk.tell(outage(figures=old, version=2))
        desk.window.changed()
        await desk.until(lambda: not desk.notice, "it gives way once nothing was lost for long")

    play(act)
