"""Storm profiles and closing several at once, by keys alone, over the whole window (issue 6, G1, I4, I8, H)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import (
    AlarmClass,
    AlarmState,
    AlarmView,
    BulkLine,
    BulkSelection,
    ErrorBody,
    ErrorCode,
    FeedItem,
    Person,
    SiteRef,
    StaffRole,
    StormBoard,
    StormDoes,
    StormKind,
    StormMark,
    StormPreview,
    StormScope,
    StormView,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME, alarm, entry

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
CHIEF = Person(login=ME, name="Claes", roles=(StaffRole.SUPERVISOR,))
NOW = datetime.now(UTC)
KINDS = (
    StormKind(name="water", words="Water leak", alarm_class=AlarmClass.TECHNICAL),
    StormKind(name="link-lost", words="Link lost", alarm_class=AlarmClass.SUPERVISION),
)


def mark(does: StormDoes = StormDoes.GROUP, until: timedelta = timedelta(hours=2), storm: int = 7) -> StormMark:
    return StormMark(id=storm, name="Ciara", does=does, until=NOW + until)


def leak(number: int, held: StormMark | None = None, **changes: Any) -> AlarmView:
    """A leak that came some seconds after the one before it."""
    where = SiteRef(id=f"S{number}", name=f"Site {number}", town="Gent")
    of = {"kind": "water", "words": "Water leak", "alarm_class": AlarmClass.TECHNICAL, "priority": 4, "site": where}
    return alarm(f"L{number}", storm=held, came=NOW - timedelta(seconds=100 - number), **{**of, **changes})


def profile(**changes: Any) -> StormView:
    return StormView(
        **{
            "id": 7,
            "version": 1,
            "name": "Ciara",
            "scope": StormScope(kinds=("water",)),
            "scope_words": "Water leak",
            "does": StormDoes.GROUP,
            "begins_at": NOW - timedelta(minutes=5),
            "begun_at": NOW - timedelta(minutes=5),
            "ends_at": NOW + timedelta(hours=2),
            "why": "weather warning",
            "by": "N. Wouters",
            "made_at": NOW - timedelta(minutes=5),
            **changes,
        }
    )


async def at_queue(desk: Scripted, *alarms: AlarmView, **more: Any) -> Any:
    desk.answers["/v1/storms"] = lambda _body: StormBoard(storms=(profile(),), kinds=KINDS, providers=("Fixnet",))
    # The window's second must not find these storms long over.
    desk.link._offset = NOW - datetime.now(UTC)
    desk.sign_in(*alarms, **{"me": CHIEF, "storms": (profile(),), "at": NOW, **more})
    desk.window.go("queue")
    desk.window.changed()
    await desk.settled()
    return desk.window.queue.widget


def words(queue: Any) -> list[str]:
    model = queue.model
    return [str(model.index(row, 2).data() or model.index(row, 0).data()) for row in range(model.rowCount())]


def test_what_is_grouped_is_one_row_that_opens_and_each_site_is_reached_from_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        some = [leak(nth, mark()) for nth in range(1, 4)]
        queue = await at_queue(desk, *some, leak(9), alarm("B1", came=NOW))
        assert words(queue) == ["Waiting 3", "Intrusion", "Water leak", "Storm “Ciara”"]
        known = desk.link.known
        assert [each.id for each in known.waiting()] == ["B1", "L9", "L1"], "one stands for the group"
        assert [each.id for each in known.ringing()] == ["B1", "L9", "L1"]
        assert "3 grouped by a storm profile" in desk.window.frame.title.summary.text()
        assert "Storm “Ciara” until" in desk.notice
        assert "3 alarms  Alt+M" in desk.notice
        for _ in range(2):
            desk.press(Qt.Key.Key_Down)
        assert queue.previews.currentWidget() is queue.storm
        desk.press(Qt.Key.Key_Return)
        assert not desk.acts("take"), "Enter on the row takes nothing"
        assert words(queue)[3:] == ["Storm “Ciara”", "Water leak", "Water leak", "Water leak"]
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Down)
        assert queue.list.view.current_alarm().id == "L2"
        desk.press(Qt.Key.Key_F3)
        assert desk.window.at == "find-site"
        assert desk.window.screens.sites.widget.search.field.text() == "S2"
        desk.press(Qt.Key.Key_Escape)
        assert desk.window.at == "queue"
        queue.list.view.choose("L2")
        desk.press(Qt.Key.Key_Left)
        assert words(queue)[3:] == ["Storm “Ciara”"]
        assert queue.list.view.current_storm() is not None, "the bar stays with the row"

    play(act)


def test_I8_what_comes_into_a_group_moves_nothing_and_waits_in_no_slot(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        queue = await at_queue(desk, leak(1, mark()), leak(9))
        before = words(queue)
        desk.tell(leak(2, mark(), last_seq=11), kind="alarm-opened")
        await desk.settled()
        assert words(queue) == before
        assert queue.model.arrivals() == []
        [row] = queue.model._held
        assert queue.model.held_in(row).alarms == 2

    play(act)


def test_I4_what_is_delayed_is_told_and_comes_by_itself_at_its_time_without_a_word_from_the_station(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        late = mark(StormDoes.DELAY, timedelta(minutes=9))
        lowered = alarm("O1", priority=4, own_priority=2, storm=mark(StormDoes.LOWER, timedelta(minutes=9)), came=NOW)
        queue = await at_queue(desk, leak(1, late), leak(2, late), lowered)
        known = desk.link.known
        assert [each.id for each in known.waiting()] == ["O1"], "a lowered one waits as any other"
        assert words(queue) == ["Waiting 1", "Intrusion", "Storm “Ciara”"]
        assert "2 delayed by one" in desk.window.frame.title.summary.text()
        assert queue.model.index(2, 3).data() == "2 alarms delayed · 2 sites"
        assert known.forget_left(NOW + timedelta(minutes=9)), "nobody has to say so"
        assert [(each.id, each.priority) for each in known.waiting()] == [("O1", 2), ("L1", 4), ("L2", 4)]
        assert all(each.storm is None for each in known.all_waiting())

    play(act)


def test_the_feed_tells_every_console_of_a_profile_that_begins_and_ends(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await at_queue(desk, storms=())
        assert "Storm" not in desk.notice

        def tell(seq: int, kind: str, *storms: StormView) -> None:
            item = FeedItem(entry=entry(seq, kind=kind), storms=storms)
            assert desk.link.known.apply(item)
            desk.qt_link.item_heard(item)

        tell(11, "storm-begun", profile())
        await desk.settled()
        assert "Storm “Ciara” until" in desk.notice
        assert desk.window.frame.strip.mark.accessibleName().count("Storm")
        tell(12, "storm-ended")
        await desk.settled()
        assert "Storm" not in desk.notice

    play(act)


def test_a_profile_is_made_by_keys_with_what_it_would_touch_said_before(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await at_queue(desk)
        desk.answers = {
            "/v1/storms/preview": lambda _body: StormPreview(
                open=40, touched=2, words=("Water leak · Hall", "Water leak")
            ),
            **desk.answers,
        }
        desk.press(Qt.Key.Key_M, ALT)
        screen = desk.window.screens.storms.widget
        await desk.until(lambda: screen.form is not None, "the form")
        desk.press(Qt.Key.Key_Insert)
        for text, tabs in (("Ciara", 1), ("weather warning", 4), ("tomorrow 06:00", 1), ("28, 9", 3)):
            desk.type(text)
            for _ in range(tabs):
                desk.press(Qt.Key.Key_Tab)
        desk.press(Qt.Key.Key_Tab)
        desk.press(Qt.Key.Key_Space)
        await desk.until(lambda: "Would touch 2 of 40" in screen.touches.text(), "the preview")
        assert "Water leak · Hall" in screen.touches.text()
        made: list[dict[str, Any]] = []

        def make(body: dict[str, Any]) -> Any:
            if body:
                made.append(body)
                return profile()
            return StormBoard(storms=(profile(),), kinds=KINDS)

        desk.answers["/v1/storms"] = make
        desk.press(Qt.Key.Key_Return, CONTROL)
        await desk.until(lambda: made, "the profile")
        [body] = made
        assert body["scope"] == {"kinds": ["water"], "classes": [], "postcodes": ["28", "9"], "providers": []}
        assert (body["name"], body["does"], body["delay_min"], body["begins_at"]) == ("Ciara", "group", 0, None)
        assert datetime.fromisoformat(body["ends_at"]).astimezone().strftime("%H:%M") == "06:00"
        await desk.until(lambda: not screen.editing(), "the list again")
        await desk.settled()

    play(act)


def test_what_is_no_time_is_said_in_place_and_ending_asks_why(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await at_queue(desk)
        desk.press(Qt.Key.Key_M, ALT)
        screen = desk.window.screens.storms.widget
        await desk.until(lambda: screen.form is not None and screen.view.key() == "7", "the profile")
        desk.press(Qt.Key.Key_E, CONTROL)
        desk.type("some day")
        desk.press(Qt.Key.Key_Return, CONTROL)
        assert "no day and time" in screen.form.sentence.text()
        assert desk.acts("change") == []
        desk.press(Qt.Key.Key_Escape)
        desk.answers["/7/end"] = lambda _body: profile(ended_at=NOW, ended_by="Claes", ended_why="wind is down")
        desk.press(Qt.Key.Key_Delete, CONTROL)
        desk.press(Qt.Key.Key_Return)
        assert desk.acts("end") == [], "without a reason nothing ends"
        desk.type("wind is down")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: desk.acts("end"), "the end")
        assert desk.acts("end") == [{"version": 1, "why": "wind is down"}]
        await desk.settled()

    play(act)


def test_I11_a_profile_that_another_desk_changed_meanwhile_is_shown_beside_what_is_typed(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        await at_queue(desk)
        desk.press(Qt.Key.Key_M, ALT)
        screen = desk.window.screens.storms.widget
        await desk.until(lambda: screen.form is not None and screen.view.key() == "7", "the profile")
        desk.press(Qt.Key.Key_E, CONTROL)
        desk.type("tomorrow 08:00")
        theirs = profile(version=2, why="grid failure", scope=StormScope(kinds=("water",), postcodes=("28",)))

        def changed(body: dict[str, Any]) -> StormView:
            if body["version"] == 1:
                desk.answers["/v1/storms"] = lambda _body: StormBoard(storms=(theirs,), kinds=KINDS)
                raise Refusal(ErrorBody(code=ErrorCode.CHANGED, sentence="It was changed meanwhile.", field="version"))
            return theirs.model_copy(update={"version": 3})

        desk.answers = {"/7/change": changed, **desk.answers}
        desk.press(Qt.Key.Key_Return, CONTROL)
        await desk.until(lambda: screen.form.values()["why"] == "grid failure", "what the other saved")
        assert screen.form.values()["postcodes"] == "28"
        assert screen.form.values()["until"] == "tomorrow 08:00", "what was typed stays"
        desk.press(Qt.Key.Key_Return, CONTROL)
        await desk.until(lambda: not screen.editing(), "it is saved over what was seen")
        assert [body["version"] for body in desk.acts("change")] == [1, 2]
        await desk.settled()

    play(act)


def test_H_an_operator_sees_the_profiles_and_makes_none_and_closes_nothing_with_others(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        operator = Person(login=ME, name="Claes", roles=(StaffRole.OPERATOR,))
        queue = await at_queue(desk, leak(1), me=operator)
        desk.press(Qt.Key.Key_F10, CONTROL)
        assert not queue.bulk.isVisible()
        desk.press(Qt.Key.Key_M, ALT)
        screen = desk.window.screens.storms.widget
        await desk.until(lambda: screen.view.key() == "7", "the profile")
        for key, modifiers in ((Qt.Key.Key_Insert, ALT & ~ALT), (Qt.Key.Key_E, CONTROL), (Qt.Key.Key_Delete, CONTROL)):
            desk.press(key, modifiers)
            assert not screen.editing()
            assert not screen.question.isVisible()
        assert not screen.new.isVisible()

    play(act)


# -- closing several ------------------------------------------------------------------------------


def line(number: int, **changes: Any) -> BulkLine:
    given = {"version": 1, "last_seq": 10, "priority": 4, "words": "Water leak", "place": "Hall", "kind": "water"}
    where = {"site": f"S{number}", "site_name": f"Site {number}", "clock_from": NOW}
    return BulkLine(**{"id": f"L{number}", **given, **where, **changes})


async def at_card(
    desk: Scripted, *lines: BulkLine, alarms: tuple[AlarmView, ...] | None = None
) -> tuple[Any, list[dict[str, str]]]:
    queue = await at_queue(desk, *(alarms or (leak(nth) for nth in range(1, 5))))
    asked: list[dict[str, str]] = []
    send = desk.link._send

    async def sent(method: str, path: str, body: Any = None, query: dict[str, str] | None = None) -> Any:
        if path == "/v1/waiting":
            asked.append(dict(query or {}))
        return await send(method, path, body, query)

    desk.link._send = sent  # type: ignore[method-assign]
    desk.answers["/v1/waiting"] = lambda _body: BulkSelection(lines=lines, count=len(lines))
    desk.press(Qt.Key.Key_F10, CONTROL)
    await desk.until(lambda: queue.bulk.lines(), "what would be closed")
    return queue, asked


def test_the_choice_is_listed_before_and_each_alarm_is_closed_in_an_act_of_its_own(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        fire = line(8, words="Fire", why_not="Life safety is never closed with others.")
        queue, asked = await at_card(desk, *(line(nth) for nth in range(1, 5)), fire)
        card = queue.bulk
        assert asked == [{"kind": "water"}], "what the chosen alarm is one of comes first"
        assert "4 alarms will be closed · 1 not: Life safety is never closed" in card.said.text()
        assert [row.title for row in card.view.rows.rows()] == [f"Site {nth} · Water leak" for nth in range(1, 5)]
        desk.press(Qt.Key.Key_Return)
        assert desk.acts("bulk-close") == []
        assert "how they ended" in card._sentence.text()
        card.view.setFocus()
        desk.press(Qt.Key.Key_Delete, CONTROL)
        assert [each.id for each in card.lines()] == ["L2", "L3", "L4"], "one is left out"
        desk.press(Qt.Key.Key_4)
        desk.press(Qt.Key.Key_Return)
        assert "reason" in card._sentence.text()
        desk.type("grid failure")

        def close(_body: dict[str, Any]) -> AlarmView:
            nth = len(desk.acts("bulk-close")) + 1
            if nth == 3:
                sentence = "A signal came after it was listed."
                raise Refusal(ErrorBody(code=ErrorCode.SIGNALS_UNSEEN, sentence=sentence, field="up_to"))
            return leak(nth, state=AlarmState.CLOSED, version=2, closed_at=NOW, closed_by="Claes")

        desk.answers["/bulk-close"] = close
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: not card.running() and not card.lines(), "the end")
        paths = [path for path, _ in desk.asked if path.endswith("bulk-close")]
        assert paths == [f"/v1/alarms/L{nth}/bulk-close" for nth in (2, 3, 4)]
        body = {"version": 1, "up_to": 10, "disposition": "real-other", "reason": "grid failure"}
        assert desk.acts("bulk-close") == [body] * 3
        assert card.said.text() == "2 alarms closed · 1 not closed"
        [left] = card.view.rows.rows()
        assert left.second == "A signal came after it was listed."
        desk.press(Qt.Key.Key_Escape)
        assert not card.isVisible()
        assert queue.list.view.hasFocus()

    play(act)


def test_I8_with_another_choice_nothing_of_the_one_before_is_closed(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        break_in = leak(5, kind="tamper", words="Tamper")
        queue, asked = await at_card(desk, line(1), line(2), alarms=(leak(1), leak(2), break_in))
        card = queue.bulk
        desk.press(Qt.Key.Key_4)
        desk.type("grid failure")
        # The station says nothing yet of what is chosen now; then it cannot say.
        desk.gates["/v1/waiting"] = asyncio.Event()
        card.what.setCurrentIndex(card.what.currentIndex() + 1)
        await desk.until(lambda: len(asked) == 2, "the other choice is asked for")
        for _ in range(2):
            assert (card.lines(), card.view.rows.rows()) == ([], [])
            card.reason.setFocus()
            desk.press(Qt.Key.Key_Return)
            assert "Nothing is listed to close" in card._sentence.text()
            desk.answers["/v1/waiting"] = lambda _body: _refuse("The station cannot answer now.")
            desk.gates["/v1/waiting"].set()
            await desk.settled()
        assert desk.acts("bulk-close") == []

    play(act)


def _refuse(sentence: str) -> Any:
    raise Refusal(ErrorBody(code=ErrorCode.BEHIND, sentence=sentence))


def test_above_an_emergency_no_break_ins_are_offered_first_however_many_there_are(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        fire = alarm("F1", priority=1, life_safety=True, alarm_class=AlarmClass.LIFE_SAFETY, kind="fire")
        thefts = tuple(alarm(f"B{nth}") for nth in range(3))
        _queue, asked = await at_card(desk, line(1), alarms=(fire, *thefts, leak(1)))
        assert asked == [{"kind": "water"}]

    play(act)


def test_esc_stops_and_what_is_left_stays_as_it_was(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        queue, _asked = await at_card(desk, *(line(nth) for nth in range(1, 5)))
        card = queue.bulk

        def close(_body: dict[str, Any]) -> AlarmView:
            desk.press(Qt.Key.Key_Escape)
            return leak(1, state=AlarmState.CLOSED, version=2, closed_at=NOW, closed_by="Claes")

        desk.answers["/bulk-close"] = close
        desk.press(Qt.Key.Key_2)
        desk.type("grid failure")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: not card.running(), "it stops")
        await desk.settled()
        assert len(desk.acts("bulk-close")) == 1
        assert card.said.text() == "1 alarm closed · stopped: 3 left as they were"
        assert card.isVisible()

    play(act)
