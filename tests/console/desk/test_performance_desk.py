"""Performance by keys alone: periods, panels, what each figure leads to, and what is said where there is none (G6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import (
    Answered,
    Disposition,
    EmergencyMark,
    EndFigures,
    ErrorBody,
    ErrorCode,
    HourFigures,
    JournalGroup,
    JournalPage,
    LateAlarm,
    LoadSlot,
    OperatorFigures,
    Performance,
    Person,
    Priority,
    PriorityFigures,
    ResponseTarget,
    SourceFigures,
    StaffRole,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME, NOW, SITE, alarm, held, in_test, parked

ALT = Qt.KeyboardModifier.AltModifier
CHIEF = Person(login=ME, name="Claes", roles=(StaffRole.SUPERVISOR,))
FAST = (ResponseTarget(seconds=30, percent=80), ResponseTarget(seconds=60, percent=98.5))
SLOW = (ResponseTarget(seconds=90, percent=80), ResponseTarget(seconds=180, percent=98.5))
HOUR = NOW.replace(minute=0)


def late(number: str, over: float, **changes: Any) -> LateAlarm:
    given = {
        "alarm": number, "priority": Priority.HIGH, "site": "S1", "site_name": SITE.name, "words": "Intrusion",
        "at": HOUR, "by": "M. Claes", "seconds": 90 + over, "over_s": over,
    }  # fmt: skip
    return LateAlarm.model_validate({**given, **changes})


def some(begin: datetime, end: datetime) -> Performance:
    """17 Emergencies of which one was late; 10 others of which three were."""
    kept = Answered(alarms=17, first=16, second=17, median_s=12, p95_s=41, slowest_s=41)
    missed = Answered(alarms=10, first=7, second=9, median_s=40, p95_s=300, slowest_s=300)
    return Performance(
        profile="default",
        from_=begin,
        to=end,
        until=end,
        priorities=(
            PriorityFigures(priority=Priority.EMERGENCY, targets=FAST, opened=17, operator=kept),
            PriorityFigures(priority=Priority.HIGH, targets=SLOW, opened=10, operator=missed),
            PriorityFigures(priority=Priority.MEDIUM, targets=SLOW),
            PriorityFigures(priority=Priority.LOW, targets=SLOW),
        ),
        late=(late("A-7", 210, missed_both=True), late("A-8", 30)),
        late_count=2,
        late_handling=(late("A-9", 900),),
        late_handling_count=1,
        emergencies=(EmergencyMark(alarm="A-1", at=HOUR, seconds=41, late=True),),
        hours=(HourFigures(at=HOUR, priority=Priority.HIGH, opened=10, alarms=10, first=7, second=9),),
        operators=(
            OperatorFigures(
                name="A. Peeters",
                answered=kept,
                slots=(LoadSlot(at=HOUR, alarms=2), LoadSlot(at=HOUR + timedelta(minutes=20), alarms=12, flood=True)),
                floods=1,
            ),
        ),
        ends=(EndFigures(disposition=Disposition.FALSE_USER, alarms=20),),
        false_alarms=20,
        closed=25,
        sources=(
            SourceFigures(site="S1", site_name=SITE.name, area="1", zone="07", zone_name="PIR", signals=9, alarms=2),
        ),
    )


class Station:
    """What is asked for, and the answer."""

    def __init__(self, desk: Scripted) -> None:
        self.asked: list[dict[str, str]] = []
        self.lines: list[dict[str, str]] = []
        self.refusal: ErrorBody | None = None
        self.empty = False
        send = desk.link._send

        async def asked(method: str, path: str, body: Any = None, query: dict[str, str] | None = None) -> Any:
            if path == "/v1/performance":
                self.asked.append(dict(query or {}))
                if self.refusal is not None:
                    raise Refusal(self.refusal)
            if path == "/v1/journal":
                self.lines.append(dict(query or {}))
            return await send(method, path, body, query)

        desk.link._send = asked  # type: ignore[method-assign]
        desk.answers["/v1/performance"] = lambda _body: self.answer()
        desk.answers["/v1/journal"] = lambda _body: JournalPage()

    def answer(self) -> Performance:
        query = self.asked[-1]
        begin = datetime.fromisoformat(query["from"])
        end = datetime.fromisoformat(query["to"]) if "to" in query else NOW + timedelta(minutes=5)
        figures = some(min(begin, HOUR - timedelta(hours=1)), end)
        if not self.empty:
            return figures
        none = tuple(PriorityFigures(priority=one.priority, targets=one.targets) for one in figures.priorities)
        return Performance(profile="default", from_=begin, to=end, until=end, priorities=none)


async def at_figures(desk: Scripted, *alarms: Any, empty: bool = False, **more: Any) -> tuple[Any, Station]:
    desk.sign_in(*alarms, me=CHIEF, **more)
    station = Station(desk)
    station.empty = empty
    desk.press(Qt.Key.Key_F6)
    place = desk.window.performance
    await desk.until(lambda: desk.window.at == "performance" and place.figures is not None, "figures")
    return place, station


def test_G6_F6_shows_the_figures_and_what_missed_its_target_is_marked(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, _station = await at_figures(desk, alarm("w"), held(), parked("p"), tests=(in_test(),))
        tiles = {tile.name: tile for tile in place.widget.tiles.tiles}
        assert (tiles["Emergency, within 30 s"].figure, tiles["Emergency, within 30 s"].missed) == ("94.1%", False)
        assert tiles["Emergency, within 60 s"].second == "17 of 17 · target 98.5%"
        assert (tiles["Others, within 90 s"].figure, tiles["Others, within 90 s"].missed) == ("70.0%", True)
        assert tiles["Others, within 180 s"].second == "9 of 10 · below 98.5%"
        assert (tiles["Waiting now"].figure, tiles["Open alarms"].figure) == ("1", "3")
        assert [row.right for row in place.widget.priorities._rows] == ["17", "10", "0", "0"]
        assert "median 0:40 · p95 5:00 · slowest 5:00" in place.widget.priorities._rows[1].second
        assert place.widget.panels[6].summary.text() == "false 80.0% of 25"
        assert any("1 test" in row.first or "other test" in row.first for row in place.widget.open._rows)

    play(act)


def test_G6_each_panel_has_a_digit_and_each_figure_leads_to_its_lines(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, station = await at_figures(desk, alarm("w"))
        review = desk.window.review
        for digit, moves, leads in (
            (Qt.Key.Key_1, (), {"alarm": "A-1"}),
            (Qt.Key.Key_2, (Qt.Key.Key_End, Qt.Key.Key_Left), None),
            (Qt.Key.Key_3, (Qt.Key.Key_Down,), {"alarm": "A-8"}),
            (Qt.Key.Key_4, (), {"alarm": "w"}),
            (Qt.Key.Key_5, (Qt.Key.Key_End,), {"operator": "A. Peeters", "groups": (JournalGroup.TAKEN,)}),
            (Qt.Key.Key_6, (Qt.Key.Key_Down,), {"priorities": (Priority.HIGH,), "groups": (JournalGroup.ALARM,)}),
            (Qt.Key.Key_7, (), {"words": "false user", "groups": (JournalGroup.CLOSED,)}),
            (Qt.Key.Key_8, (), {"site": "S1", "area": "1", "groups": (JournalGroup.SIGNAL,)}),
        ):
            desk.press(digit)
            for key in moves:
                desk.press(key)
            if leads is None:
                continue
            before = len(station.lines)
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: desk.window.at == "journal", f"lines of panel {digit}")
            await desk.until(lambda count=before: len(station.lines) > count, "they are asked for")
            asked = review.asked
            assert {name: getattr(asked, name) for name in leads} == leads
            desk.press(Qt.Key.Key_Escape)
            await desk.until(lambda: desk.window.at == "performance", "Esc comes back")
        assert place.figures is not None

    play(act)


def test_G6_the_flooded_ten_minutes_lead_to_what_the_operator_had_then(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, _station = await at_figures(desk)
        desk.press(Qt.Key.Key_5)
        desk.press(Qt.Key.Key_End)
        assert "12 (flood)" in place.widget.load.current().words
        desk.press(Qt.Key.Key_Return)
        begin = HOUR + timedelta(minutes=20)
        await desk.until(lambda: desk.window.at == "journal", "the lines")
        asked = desk.window.review.asked
        assert (asked.from_, asked.to) == (begin, begin + timedelta(minutes=10))

    play(act)


def test_G6_the_period_is_chosen_by_keys_or_typed(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, station = await at_figures(desk)
        now = desk.link.now()
        for key, days in ((Qt.Key.Key_Right, 7), (Qt.Key.Key_Right, 30), (Qt.Key.Key_Left, 7), (Qt.Key.Key_Left, 1)):
            before = len(station.asked)
            desk.press(key, ALT)
            await desk.until(lambda count=before: len(station.asked) > count, "another period")
            begin = datetime.fromisoformat(station.asked[-1]["from"])
            assert abs((now - begin) - timedelta(days=days)) < timedelta(minutes=2), days
        before = len(station.asked)
        desk.press(Qt.Key.Key_Left, ALT)
        await desk.until(lambda: len(station.asked) > before, "today")
        assert datetime.fromisoformat(station.asked[-1]["from"]).astimezone().strftime("%H:%M") == "00:00"
        await desk.settled()
        desk.press(Qt.Key.Key_Slash)
        fields = place.widget.period.fields
        assert fields["from"].hasFocus()
        for field, text in (("from", "2026-11-20 06:00"), ("to", "2026-11-20 18:00")):
            fields[field].setFocus()
            fields[field].selectAll()
            desk.type(text)
        count = len(station.asked)
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: len(station.asked) > count, "what was typed")
        asked = [datetime.fromisoformat(station.asked[-1][name]).astimezone() for name in ("from", "to")]
        assert [f"{one:%d %H:%M}" for one in asked] == ["20 06:00", "20 18:00"]
        await desk.settled()
        assert place.widget.marks.hasFocus(), "the keyboard is at the plots again"

    play(act)


def test_G6_a_period_that_is_none_is_said_in_place_and_asks_nothing(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, station = await at_figures(desk)
        await desk.settled()
        fields, problem = place.widget.period.fields, place.widget.period.problem
        for begin, end, said, field in (
            ("nonsense", "", "is no day and time", "from"),
            ("", "", "from which the figures begin", "from"),
            ("2026-11-20 06:00", "2026-11-19 06:00", "ends before it begins", "to"),
        ):
            desk.press(Qt.Key.Key_Slash)
            place.widget.period.begin()
            fields["from"].setText(begin)
            fields["to"].setText(end)
            before = len(station.asked)
            desk.press(Qt.Key.Key_Return)
            await desk.settled()
            assert said in problem.text(), problem.text()
            assert fields[field].hasFocus()
            assert len(station.asked) == before
        desk.press(Qt.Key.Key_Escape)
        assert (problem.text(), desk.window.at) == ("", "performance")
        station.refusal = ErrorBody(
            code=ErrorCode.INVALID, sentence="Figures are made of 93 days at most: name a later start.", field="from"
        )
        desk.press(Qt.Key.Key_Right, ALT)
        await desk.until(lambda: "93 days" in problem.text(), "the station's refusal")

    play(act)


def test_G6_late_alarms_until_taken_or_until_closed(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, _station = await at_figures(desk)
        rows = place.widget.late._rows
        assert [row.spot.lead.alarm for row in rows] == ["A-7", "A-8"]
        assert [row.missed for row in rows] == [True, False]
        assert "M. Claes" in rows[0].spot.words
        assert "3:30 late" in rows[0].spot.words
        desk.press(Qt.Key.Key_H, ALT)
        assert [row.spot.lead.alarm for row in place.widget.late._rows] == ["A-9"]
        assert place.widget.panels[2].title.text() == "Late until closed"

    play(act)


def test_G6_nothing_happened_is_said_in_every_panel(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, _station = await at_figures(desk, empty=True)
        for plot in place.widget.plots:
            assert plot.spots == [], plot
            assert plot.accessibleName().endswith("."), plot.accessibleName()
        desk.press(Qt.Key.Key_Return)
        assert desk.window.at == "performance"
        assert place.widget.tiles.tiles[0].second == "no alarms measured"
        assert not any(tile.missed for tile in place.widget.tiles.tiles)

    play(act)


def test_H_figures_are_for_supervisors_alone(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in()
        Station(desk)
        desk.press(Qt.Key.Key_F6)
        await desk.settled()
        assert desk.window.at == "queue"
        assert not desk.window.able("performance")

    play(act)
