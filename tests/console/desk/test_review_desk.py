"""The journal's review by keys alone: filters, chips, pages, the live tail, one line opened, one alarm whole (G6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.client.link import Refusal
from models.records import (
    AlarmState,
    AlarmTimeline,
    ArchivedPart,
    Arming,
    Disposition,
    Entry,
    EntryDetail,
    ErrorBody,
    ErrorCode,
    HandSpan,
    JournalFilter,
    JournalPage,
    JournalProof,
    Person,
    StaffRole,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME, NOW, SITE, alarm, entry, held

ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
CHIEF = Person(login=ME, name="Claes", roles=(StaffRole.SUPERVISOR,))


class Station:
    """A journal of 500 lines, as the station would hand it out, and what it was asked."""

    def __init__(self, desk: Scripted) -> None:
        self.head = 500
        self.asked: list[dict[str, str]] = []
        self.fits = lambda _seq: True
        self.refusal: ErrorBody | None = None
        self.proof = JournalProof(first=1, last=1)
        self.archived: tuple[ArchivedPart, ...] = ()
        self.proved: list[tuple[str, str]] = []
        self.timeline = AlarmTimeline(alarm=alarm("A-1"), began_at=NOW, target_s=90)
        self.stands = held("A-1")
        send = desk.link._send

        async def asked(method: str, path: str, body: Any = None, query: dict[str, str] | None = None) -> Any:
            if path == "/v1/journal":
                if self.refusal is not None:
                    raise Refusal(self.refusal)
                desk.answers["/v1/journal"] = lambda _body: self.page(dict(query or {}))
            elif path == "/v1/journal/proof":
                self.proved.append(((query or {})["first"], (query or {})["last"]))
                desk.answers["/journal/proof"] = lambda _body: self.proof
            elif path.startswith("/v1/journal/") and "/export/" not in path:
                seq = int(path.rpartition("/")[2])
                desk.answers[f"/journal/{seq}"] = lambda _body: self.detail(seq)
            return await send(method, path, body, query)

        desk.link._send = asked  # type: ignore[method-assign]
        desk.answers |= {
            "/timeline": lambda _body: self.timeline,
            "/v1/sites": lambda _body: [SITE.model_dump(), {**SITE.model_dump(), "id": "S2", "name": "Bakkerij Maes"}],
        }

    def line(self, seq: int) -> Entry:
        at = NOW - timedelta(minutes=1000 - seq)
        return entry(seq, kind="signal", site="S1", site_name=SITE.name, alarm="A-1", text=f"Line {seq}", time=at)

    def page(self, query: dict[str, str]) -> JournalPage:
        self.asked.append(query)
        limit = int(query["limit"])
        fitting = [seq for seq in range(1, self.head + 1) if self.fits(seq)]
        if "after" in query:
            some = [seq for seq in fitting if seq > int(query["after"])]
            page, older, newer = some[:limit][::-1], int(query["after"]) > 0, len(some) > limit
        else:
            some = [seq for seq in fitting if seq < int(query.get("before", self.head + 1))]
            page, older, newer = some[-limit:][::-1], len(some) > limit, "before" in query
        count = len(fitting) if query.get("count") else None
        return JournalPage(
            entries=tuple(self.line(seq) for seq in page),
            older=older,
            newer=newer,
            head=self.head,
            count=count,
            archived=self.archived,
        )

    def detail(self, seq: int) -> EntryDetail:
        return EntryDetail(
            entry=self.line(seq),
            data={"events": [{"code": "CL", "role": "close", "area": "1"}]},
            meanings=("Armed",),
            hash="9f3a72c1e80d" + "0" * 52,
            prev="41bb0c965aa2" + "0" * 52,
            arming=Arming(user="04", name="Jan", seq=seq + 1, separate=True),
            alarm=self.stands,
        )


async def at_journal(desk: Scripted, *alarms: Any) -> tuple[Any, Station]:
    desk.sign_in(*alarms, me=CHIEF)
    station = Station(desk)
    desk.press(Qt.Key.Key_F5)
    review = desk.window.screens.review
    await desk.until(lambda: desk.window.at == "journal" and review.entries, "the newest lines")
    await desk.until(lambda: review.widget.view.hasFocus(), "the lines have the keyboard")
    return review, station


def shown(review: Any) -> list[int]:
    return [one.seq for one in review.widget.view.lines.entries()]


def test_G6_F5_shows_the_newest_lines_and_older_ones_come_as_one_goes_down(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        assert shown(review) == list(range(500, 400, -1))
        assert desk.window.screens.review.title()[1] == "500 lines"
        for count in (200, 300, 400, 500):
            desk.press(Qt.Key.Key_End)
            await desk.until(lambda wanted=count: len(shown(review)) == wanted, f"{count} lines")
        desk.press(Qt.Key.Key_End)
        await desk.settled()
        assert shown(review) == list(range(500, 0, -1))
        assert [query.get("before") for query in station.asked] == [None, "401", "301", "201", "101"]

    play(act)


def test_G6_the_oldest_line_is_one_key_away_and_newer_ones_come_as_one_goes_up(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, _station = await at_journal(desk)
        desk.press(Qt.Key.Key_End, CTRL)
        await desk.until(lambda: shown(review) == list(range(100, 0, -1)), "the oldest")
        await desk.until(lambda: review.widget.view.current().seq == 1, "the bar on the oldest")
        desk.press(Qt.Key.Key_Home)
        await desk.until(lambda: shown(review) == list(range(200, 0, -1)), "newer ones")
        assert review.widget.view.current().seq == 100, "the bar stays on its line"
        desk.press(Qt.Key.Key_Home, CTRL)
        await desk.until(lambda: shown(review)[0] == 500, "the newest")

    play(act)


def test_G6_no_more_than_so_many_lines_are_kept_and_none_between_is_missing(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        import console.desk.review_desk as module

        most, module.MOST_HERE = module.MOST_HERE, 250
        try:
            review, _station = await at_journal(desk)
            for last in (301, 201, 101):
                desk.press(Qt.Key.Key_End)
                await desk.until(lambda wanted=last: shown(review)[-1] == wanted, f"down to {last}")
            assert shown(review) == list(range(350, 100, -1))
            current = review.widget.view.current()
            assert current.seq == 201, "the bar stays on its line"
            desk.press(Qt.Key.Key_Home)
            await desk.until(lambda: shown(review)[0] == 450, "newer again")
            assert shown(review) == list(range(450, 200, -1))
        finally:
            module.MOST_HERE = most

    play(act)


def test_G6_the_tail_never_jumps_new_lines_are_counted_and_come_when_asked_for(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        for _ in range(30):
            desk.press(Qt.Key.Key_Down)
        reading, bar = review.widget.view.current(), review.widget.view.verticalScrollBar()
        assert bar.value() > 0
        at = bar.value()
        station.head = 503
        desk.tell(alarm("A-9"))
        await desk.until(lambda: review.widget.fresh.isVisible(), "new lines are told")
        assert review.widget.fresh.words() == "3 new lines, press to show"
        assert (review.widget.view.current(), bar.value(), shown(review)[0]) == (reading, at, 500)
        station.head = 504
        desk.tell(alarm("A-9"))
        await desk.until(lambda: review.widget.fresh.words().startswith("4 new lines"), "and one more")
        desk.press(Qt.Key.Key_Space)
        assert shown(review)[:5] == [504, 503, 502, 501, 500]
        assert review.widget.view.current().seq == 504
        assert not review.widget.fresh.isVisible()
        assert desk.window.screens.review.title()[1] == "504 lines"

    play(act)


def test_G6_filters_are_set_by_keys_shown_as_chips_and_taken_away_by_keys(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        desk.press(Qt.Key.Key_Slash)
        desk.type("dog gate")
        desk.press(Qt.Key.Key_Tab)
        desk.type("bakkerij")
        field = review.widget.search.fields["site"]
        await desk.until(lambda: field.completer().popup().isVisible(), "sites are offered")
        # The list's own keys, none of the screen's: Enter takes what is chosen in it, and finds nothing yet.
        popup = field.completer().popup()
        for _ in range(2):
            QTest.keyClick(popup, Qt.Key.Key_Down)
        enter = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        enter.ignore()
        QApplication.sendEvent(field, enter)
        assert enter.isAccepted()
        QTest.keyClick(popup, Qt.Key.Key_Return)
        assert not popup.isVisible()
        assert len(station.asked) == 1
        chosen = review.widget.search.site()
        assert chosen is not None
        assert (chosen.id, field.text()) == ("S2", "Bakkerij Maes · S2")
        for _ in range(3):
            desk.press(Qt.Key.Key_Tab)
        desk.type("claes")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: len(station.asked) == 2, "it is asked for")
        asked = station.asked[-1]
        assert (asked["words"], asked["site"], asked["operator"]) == ("dog gate", "S2", "claes")
        await desk.until(lambda: review.widget.view.hasFocus(), "back to the lines")
        said = [chip.words for chip in review.widget.chips.chips]
        assert said == ["Bakkerij Maes", "Operator claes", "“dog gate”"]
        desk.press(Qt.Key.Key_2, ALT)
        await desk.until(lambda: "operator" not in station.asked[-1], "one is taken away")
        assert review.widget.search.fields["operator"].text() == ""
        desk.press(Qt.Key.Key_0, CTRL)
        await desk.until(lambda: set(station.asked[-1]) == {"limit", "count"}, "all are")
        assert not review.widget.chips.isVisible()

    play(act)


def test_G6_what_cannot_be_looked_for_is_said_in_place_and_asks_nothing(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        search = review.widget.search
        search.fields["from"].setText("someday")
        search.fields["from"].setFocus()
        desk.press(Qt.Key.Key_Return)
        assert "someday" in search.problem.text()
        assert search.fields["from"].hasFocus()
        search.fields["from"].clear()
        search.fields["site"].setText("Bakkerij zonder nummer")
        desk.press(Qt.Key.Key_Return)
        assert "No site is found" in search.problem.text()
        assert len(station.asked) == 1
        search.fields["site"].clear()
        search.fields["words"].setText("--")
        sentence = "“--” has no letters or digits to look for."
        station.refusal = ErrorBody(code=ErrorCode.INVALID, sentence=sentence, field="words")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: search.problem.text() == sentence, "the station's own words")
        assert search.fields["words"].hasFocus()
        assert review.widget.empty.text() == sentence

    play(act)


def test_G6_nothing_found_says_how_to_find_more(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        station.fits = lambda _seq: False
        desk.press(Qt.Key.Key_Slash)
        desk.type("unicorn")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: review.widget.empty.isVisible(), "it is said")
        assert "Alt+1 takes the first filter away" in review.widget.empty.text()
        assert desk.window.screens.review.title()[1] == "0 lines"

    play(act)


def test_B5_a_line_opens_with_who_armed_what_codes_mean_hashes_and_its_alarm(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        station.timeline = station.timeline.model_copy(update={"alarm": held("A-1")})
        await desk.until(lambda: review.widget.alarm.isVisible(), "its alarm as a bar")
        pane = review.widget.pane
        said = pane.area.accessibleName()
        assert "Armed by user 04, Jan, confirmed by line 501" in said
        assert "Taken after" in said
        assert "CL · Armed" in dict(pane.signal.events._shown)["Event 1"]
        assert pane.seal.hashes.text() == "Chained: own 9f3a 72c1 e80d · before 41bb 0c96 5aa2"
        desk.press(Qt.Key.Key_Return)
        assert pane.area.hasFocus()
        desk.press(Qt.Key.Key_Escape)
        assert review.widget.view.hasFocus()
        desk.press(Qt.Key.Key_Escape)
        assert desk.window.at == "queue"

    play(act)


def test_G6_how_the_alarm_of_an_opened_line_stands_now_is_now(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        pane = review.widget.pane
        await desk.until(lambda: review.widget.alarm.isVisible(), "its alarm as a bar")
        assert dict(pane.facts._shown)["The alarm now"] == "held"
        station.stands = alarm("A-1", version=3)
        desk.tell(alarm("A-1", version=3), kind="returned")
        await desk.until(lambda: dict(pane.facts._shown)["The alarm now"] == "waiting", "it went back to the queue")

    play(act)


def test_G6_alt_enter_shows_the_alarm_from_start_to_end_and_esc_comes_back(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        ended = NOW + timedelta(seconds=424)
        closed = held(
            "A-1",
            state=AlarmState.CLOSED,
            disposition=Disposition.NO_CAUSE,
            closed_at=ended,
            closed_by="Claes",
            close_reason="no trace",
        )
        taken = NOW + timedelta(seconds=108)
        station.timeline = AlarmTimeline(
            alarm=closed,
            began_at=NOW,
            lines=(station.line(3), station.line(7)),
            spans=(
                HandSpan(state="waiting", from_=NOW, to=taken),
                HandSpan(state="held", by="Claes", from_=taken, to=ended),
            ),
            calls=(taken + timedelta(seconds=20),),
            target_s=90,
            first_act_s=108,
            first_call_s=128,
            closed_s=424,
            handled_s=316,
        )
        chosen = review.widget.view.current()
        desk.press(Qt.Key.Key_Return, ALT)
        await desk.until(review.widget.shows_timeline, "the alarm whole")
        view = review.widget.timeline
        assert view.view.hasFocus()
        tiles = [tile.accessibleName() for tile in view.tiles]
        assert tiles == [
            "Taken after, 1:48, target 1:30, over by 0:18",
            "First call after, 2:08, 1 call",
            "In hand, 5:16, Claes",
            "Closed after, 7:04, since its first signal",
        ]
        assert view.tiles[0].against.property("tone") == "late"
        assert view.bar.accessibleName() == "waiting 1:48; in the hands of Claes 5:16"
        assert [one.seq for one in view.view.lines.entries()] == [3, 7]
        await desk.until(lambda: review.widget.pane.seq == 3, "its first line opens")
        desk.press(Qt.Key.Key_Escape)
        assert review.widget.view.hasFocus()
        assert review.widget.view.current() == chosen

    play(act)


def test_G6_shift_F5_opens_the_journal_of_the_alarm_at_hand_and_esc_comes_back(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        mine = held("A-1")
        desk.sign_in(mine, me=CHIEF)
        station = Station(desk)
        await desk.open(mine)
        desk.press(Qt.Key.Key_F5, SHIFT)
        review = desk.window.screens.review
        await desk.until(lambda: desk.window.at == "journal" and review.entries, "its journal")
        assert (station.asked[-1]["site"], station.asked[-1]["alarm"]) == ("S1", "A-1")
        assert [chip.words for chip in review.widget.chips.chips] == [SITE.name, "A-1"]
        await desk.until(lambda: review.widget.view.hasFocus(), "the lines have the keyboard")
        desk.press(Qt.Key.Key_Escape)
        assert desk.window.at == "workspace"
        desk.press(Qt.Key.Key_F2)
        desk.window.queue.widget.list.view.setFocus()
        desk.press(Qt.Key.Key_F5, SHIFT)
        assert desk.window.at == "journal"
        desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: desk.window.at == "queue", "back to the queue")

    play(act)


@pytest.mark.parametrize("how", ["clear", "find"])
def test_G6_a_new_question_leaves_the_alarm_that_is_shown_whole_and_shows_the_lines(play: Play, how: str) -> None:
    async def act(desk: Scripted) -> None:
        mine = held("A-1")
        desk.sign_in(mine, me=CHIEF)
        station = Station(desk)
        station.timeline = station.timeline.model_copy(update={"lines": (station.line(3), station.line(7))})
        await desk.open(mine)
        desk.press(Qt.Key.Key_F5, SHIFT)
        review = desk.window.screens.review
        await desk.until(lambda: desk.window.at == "journal" and review.entries, "its journal")
        await desk.until(lambda: review.widget.view.hasFocus(), "the lines have the keyboard")
        desk.press(Qt.Key.Key_Return, ALT)
        await desk.until(review.widget.shows_timeline, "the alarm whole")
        await desk.until(lambda: review.widget.pane.seq == 3, "its first line opens")
        asked = len(station.asked)
        if how == "clear":
            desk.press(Qt.Key.Key_0, CTRL)
        else:
            desk.press(Qt.Key.Key_Slash)
            desk.type("Line")
            desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: len(station.asked) > asked and review.widget.view.hasFocus(), "the lines asked for")
        assert not review.widget.shows_timeline()
        await desk.until(lambda: review.widget.pane.seq == review.widget.view.current().seq, "the chosen line beside")

    play(act)


def test_H_what_the_station_refuses_is_said_and_who_signs_out_leaves_nothing(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(me=Person(login=ME, name="Claes", roles=(StaffRole.SERVICE_DESK,)))
        station = Station(desk)
        sentence = "Name a site: the service desk sees the journal of the site at hand, a supervisor the whole of it."
        station.refusal = ErrorBody(code=ErrorCode.NOT_ALLOWED, sentence=sentence, field="site")
        desk.press(Qt.Key.Key_F5)
        review = desk.window.screens.review
        await desk.until(lambda: review.widget.empty.text() == sentence, "why")
        assert review.widget.search.fields["site"].hasFocus()
        station.refusal = None
        desk.type("S1")
        await desk.until(lambda: bool(review.widget.search._sites), "sites that fit")
        review.widget.search.fields["site"].completer().popup().hide()
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: review.entries, "its lines")
        review.signed_out()
        assert shown(review) == []
        assert review.widget.pane.seq is None
        assert (review.asked.site, review.widget.search.fields["site"].text()) == ("", "")

    play(act)


def test_the_screen_keeps_its_width_whatever_is_asked_for_and_however_long_its_words_are(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        place = " · ".join(f"{nth:03d} PIR corridor behind the kitchen" for nth in range(12))
        station.timeline = AlarmTimeline(alarm=alarm("A-1", place=place), began_at=NOW, target_s=90)
        for name in ("words", "operator", "customer", "system", "area", "alarm"):
            review.widget.search.fields[name].setText(f"{name} " + "very long " * 9)
        for box in (*review.widget.search.groups.values(), *review.widget.search.priorities.values()):
            box.setChecked(True)
        review.find()
        await desk.until(lambda: len(review.widget.chips.chips) == 8, "all of them as chips")
        desk.press(Qt.Key.Key_Return, ALT)
        await desk.until(review.widget.shows_timeline, "the alarm whole")
        assert review.widget.minimumSizeHint().width() <= 1920
        assert desk.window.width() == 1920

    play(act)


def test_G4_a_line_says_whether_it_is_as_it_was_written(play: Play) -> None:
    proofs = {
        499: JournalProof(first=499, last=499, sealed_to=499),
        498: JournalProof(first=498, last=498, sealed_to=499, broken=("entry 498 was changed",)),
        497: JournalProof(first=497, last=497, sealed_to=499, erased=1),
        496: JournalProof(first=496, last=496, sealed_to=495),
    }

    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        plain = station.detail
        station.detail = lambda seq: plain(seq).model_copy(update={"proof": proofs.get(seq)})  # type: ignore[method-assign]
        seal = review.widget.pane.seal.verified
        for words in (
            "Verified: as it was written, and sealed",
            "NOT as it was written: entry 498 was changed",
            "Verified: erased by a signed act",
            "Verified: as it was written; sealed within seconds",
        ):
            desk.press(Qt.Key.Key_Down)
            await desk.until(lambda: seal.text() == words, words)  # noqa: B023
            assert not seal.isHidden()
        await desk.settled()

    play(act)


def test_G4_the_lines_of_the_list_are_verified_by_a_key(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        first, last = min(one.seq for one in review.entries), max(one.seq for one in review.entries)
        station.proof = JournalProof(first=first, last=last, sealed_to=last)
        desk.press(Qt.Key.Key_V, ALT)
        await desk.until(lambda: "are as they were written, all sealed." in desk.notice, "what was found")
        assert station.proved == [(str(first), str(last))]
        station.proof = JournalProof(first=first, last=last, broken=("entry 450 was changed",))
        desk.press(Qt.Key.Key_V, ALT)
        await desk.until(lambda: "NOT as it was written: entry 450 was changed" in desk.notice, "the break")
        await desk.settled()

    play(act)


def part(month: str, first: int, last: int) -> ArchivedPart:
    return ArchivedPart(file=f"journal-{month}.zip", months=month, first=first, last=last)


def test_G6_what_left_for_an_archive_is_said_at_the_end_of_the_lines_and_where_nothing_fits(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        said = review.widget.archived
        assert not said.isVisible()
        station.archived = (part("2025-08", 1, 1000), part("2025-09", 1001, 2000))
        station.fits = lambda seq: seq > 450
        desk.press(Qt.Key.Key_Home, CTRL)
        await desk.until(lambda: said.isVisible(), "it ends in archives")
        assert said.text() == (
            "Lines of 2025-08, 2025-09 are in 2 archives that are not mounted. "
            "To see the newest: vigie journal mount journal-2025-09.zip"
        )
        station.archived, station.fits = (part("2025-09", 1, 1000),), lambda _seq: False
        desk.press(Qt.Key.Key_Home, CTRL)
        await desk.until(lambda: not review.entries, "no line")
        empty = review.widget.empty.text()
        assert empty.startswith("Lines up to 1\u202f000 (2025-09) are in an archive that is not mounted.")
        assert "vigie journal mount journal-2025-09.zip" in empty
        assert not said.isVisible(), "it is said once"
        station.archived = ()
        desk.press(Qt.Key.Key_Home, CTRL)
        await desk.until(lambda: "archive" not in review.widget.empty.text(), "nothing left")

    play(act)


def test_G6_a_period_that_reaches_into_an_archive_says_so_at_once(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        review, station = await at_journal(desk)
        station.archived = (part("2025-09", 1, 1000),)
        review.open(JournalFilter(from_=NOW - timedelta(days=500)), None, "queue")
        await desk.until(lambda: review.widget.archived.isVisible(), "said before the end of the lines")
        assert review.older

    play(act)
