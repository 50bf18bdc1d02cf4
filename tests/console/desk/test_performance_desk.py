"""Performance by keys alone: periods, panels, what each figure leads to, and what is said where there is none (G6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt

from console.client.link import Refusal
from models.records import (
    Answered,
    Disposition,
    EarlierFigures,
    EmergencyMark,
    EndFigures,
    ErrorBody,
    ErrorCode,
    GroupFigures,
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
    ResponseProfile,
    ResponseTarget,
    SourceFigures,
    StaffRole,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME, NOW, SITE, alarm, held, in_test, parked

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
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
    kept = Answered(alarms=17, first=16, second=17, of_second=17, median_s=12, p95_s=41, slowest_s=41)
    missed = Answered(alarms=10, first=7, second=9, of_second=10, median_s=40, p95_s=300, slowest_s=300)
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
        hours=(HourFigures(at=HOUR, priority=Priority.HIGH, opened=10, alarms=10, first=7, second=9, of_second=10),),
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
    place = desk.window.screens.performance
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
        assert any("1 test" in row.first for row in place.widget.open._rows)

    play(act)


def test_G6_each_panel_has_a_digit_and_each_figure_leads_to_its_lines(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, station = await at_figures(desk, alarm("w"))
        review = desk.window.screens.review
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
        asked = desk.window.screens.review.asked
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


def test_F6_tests_are_told_by_age_in_four_parts(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        now = desk.link.now()

        def one(number: int, hours: float, **more: Any) -> Any:
            site = SITE.model_copy(update={"id": f"S{number}", "name": f"Site {number}"})
            return in_test(site, now - timedelta(hours=hours), **{"id": number, **more})

        tests = (one(1, 1), one(2, 9), one(3, 23), one(4, 25), one(5, 30, ends_at=now - timedelta(hours=1)))
        place, _station = await at_figures(desk, tests=tests, test_old_s=24 * 3600)
        told = [(row.first, row.loud) for row in place.widget.open._rows]
        assert told == [
            ("1 test past its end", True),
            ("1 test over 24 h", True),
            ("2 tests of 8 to 24 h", False),
            ("1 test under 8 h", False),
        ]

    play(act)


def test_F6_an_emergency_that_waits_between_the_targets_counts_against_the_first_alone(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, station = await at_figures(desk)
        late_only = Answered(alarms=1, first=0, second=0, of_second=0)
        figures = place.figures
        first, *others = figures.priorities
        waits = first.model_copy(update={"operator": late_only, "opened": 1})
        desk.answers["/v1/performance"] = lambda _body: figures.model_copy(update={"priorities": (waits, *others)})
        place.load()
        await desk.until(lambda: place.figures.priorities[0].operator == late_only, "the figures")
        tiles = {tile.name: tile for tile in place.widget.tiles.tiles}
        assert (tiles["Emergency, within 30 s"].figure, tiles["Emergency, within 30 s"].missed) == ("0.0%", True)
        assert (tiles["Emergency, within 60 s"].figure, tiles["Emergency, within 60 s"].missed) == ("–", False)
        assert station.asked

    play(act)


def test_F6_the_year_before_stands_beside_the_target_and_is_asked_for_once(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        year = EarlierFigures(
            from_=HOUR - timedelta(days=365),
            to=HOUR,
            emergency=Answered(alarms=200, first=176, second=197, of_second=200),
            others=Answered(),
        )
        asked: list[int] = []

        def earlier(_body: dict[str, Any]) -> EarlierFigures:
            asked.append(1)
            return year

        desk.answers["/v1/performance/earlier"] = earlier
        place, _station = await at_figures(desk)
        await desk.until(lambda: place.earlier is not None, "the year before")
        tiles = {tile.name: tile.second for tile in place.widget.tiles.tiles}
        assert tiles["Emergency, within 30 s"] == "target 80% · 12 months 88.0%"
        assert tiles["Emergency, within 60 s"] == "target 98.5% · 12 months 98.5%"
        assert tiles["Others, within 180 s"] == "9 of 10 · below 98.5%", "of none nothing is told"
        for _ in range(2):
            before = place.figures
            place.load()
            await desk.until(lambda known=before: place.figures is not known, "the figures anew")
        assert len(asked) == 1

    play(act)


def test_F6_customer_groups_are_rows_and_a_filter_by_keys(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, station = await at_figures(desk)
        of = (
            GroupFigures(group="Bakers", opened=9, operator=Answered(alarms=9, first=9, second=9, of_second=9)),
            GroupFigures(group="Schools", opened=1, operator=Answered(alarms=1)),
        )
        whole = place.figures.model_copy(update={"groups": of})
        desk.answers["/v1/performance"] = lambda _body: whole.model_copy(
            update={"group": station.asked[-1].get("group", "")}
        )
        place.load()
        hint = place.widget.period._of_groups[0]
        assert not hint.isVisible(), "a key that would do nothing is not shown"
        await desk.until(lambda: place.figures.groups, "the groups")
        assert hint.isVisible()
        rows = place.widget.priorities._rows
        assert [row.first for row in rows[4:]] == ["Bakers · 100.0% / 100.0%", "Schools · 0.0% / –"]
        desk.press(Qt.Key.Key_6)
        for _ in range(4):
            desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: place.figures.group == "Bakers", "the figures of one group")
        assert "Bakers alone" in desk.window.frame.title.summary.text()
        assert len(place.widget.priorities._rows) == 4
        desk.press(Qt.Key.Key_Down, ALT)
        await desk.until(lambda: place.figures.group == "Schools", "the next group")
        desk.press(Qt.Key.Key_Down, ALT)
        await desk.until(lambda: not place.figures.group, "all of them again")
        assert "group" not in station.asked[-1]

    play(act)


def test_F6_the_targets_are_set_by_keys_and_two_who_do_are_told(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        place, _station = await at_figures(desk)
        kept = ResponseProfile(name="default", emergency=FAST, others=SLOW)
        given: list[dict[str, Any]] = []
        theirs = kept.model_copy(update={"version": 1, "name": "Winter", "by": "N. Wouters"})

        def targets(body: dict[str, Any]) -> Any:
            if not body:
                return theirs if given else kept
            given.append(body)
            if body["version"] == 0:
                raise Refusal(ErrorBody(code=ErrorCode.CHANGED, sentence="The targets were changed meanwhile."))
            return theirs.model_copy(update={"version": 2, "name": body["name"]})

        desk.answers = {"/v1/performance/targets": targets, **desk.answers}
        desk.press(Qt.Key.Key_E, CONTROL)
        editor = place.widget.targets
        await desk.until(place.widget.sets_targets, "the targets")
        assert editor.form.values()["emergency_second_percent"] == "98.5"
        desk.press(Qt.Key.Key_Tab)
        desk.press(Qt.Key.Key_Tab)
        desk.focus().selectAll()  # type: ignore[attr-defined]
        desk.type("2x")
        desk.press(Qt.Key.Key_Return, CONTROL)
        assert (editor.form.sentence.text(), given) == ("Seconds are a whole number, such as 30.", [])
        desk.focus().selectAll()  # type: ignore[attr-defined]
        desk.type("20")
        desk.press(Qt.Key.Key_Return, CONTROL)
        await desk.until(lambda: editor.kept is not None and editor.kept.version == 1, "theirs")
        assert editor.form.values()["emergency_first_s"] == "20", "what was typed stays"
        assert editor.form.values()["name"] == "Winter"
        desk.press(Qt.Key.Key_Return, CONTROL)
        await desk.until(lambda: not place.widget.sets_targets(), "the plots again")
        assert given[-1]["emergency"] == [{"seconds": 20, "percent": 80.0}, {"seconds": 60, "percent": 98.5}]
        assert (given[-1]["version"], given[-1]["name"]) == (1, "Winter")
        await desk.settled()

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
