"""Reports by e-mail set up by keys alone; refusals in place; two desks never overwrite each other (G6, H, I11)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt

from console.client.link import Refusal
from console.desk.reports_desk import plan_of, values_of
from models.records import ErrorBody, ErrorCode, Person, ReportPlan, Reports, ReportView, StaffRole
from tests.console.desk.scripted import Play, Scripted
from tests.console.desk.test_review_desk import ALT, CHIEF, CTRL
from tests.widgets.made import ME

NEXT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def report(number: int, version: int = 1, **more: Any) -> ReportView:
    plan = ReportPlan(**{"name": f"Report {number}", "to": ("chief@station.example",), **more})
    return ReportView(id=number, version=version, plan=plan, by="Claes", next_at=NEXT if plan.on else None)


class Station:
    """What the station keeps, and what it was asked."""

    def __init__(self, desk: Scripted, *kept: ReportView) -> None:
        self.reports, self.sender = list(kept), "vigie@station.example"
        self.refusal: ErrorBody | None = None
        desk.answers |= {
            "/v1/reports": self.add_or_show,
            "/change": lambda body: self.change(body),
            "/remove": lambda _body: self.remove(),
        }

    def all(self) -> Reports:
        return Reports(reports=tuple(self.reports), sender=self.sender, domains=("station.example",))

    def add_or_show(self, body: dict[str, Any]) -> Reports:
        if "plan" in body:
            self._refuse()
            self.reports.append(report(len(self.reports) + 1, **body["plan"]))
        return self.all()

    def change(self, body: dict[str, Any]) -> Reports:
        self._refuse()
        self.reports[0] = report(1, body["version"] + 1, **body["plan"])
        return self.all()

    def remove(self) -> Reports:
        del self.reports[0]
        return self.all()

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise Refusal(self.refusal)


async def at_reports(desk: Scripted, *kept: ReportView) -> tuple[Any, Station]:
    desk.sign_in(me=CHIEF)
    station = Station(desk, *kept)
    desk.press(Qt.Key.Key_E, ALT)
    screen = desk.window.screens.reports
    await desk.until(lambda: desk.window.at == "reports" and screen.known.sender == station.sender, "they are there")
    return screen, station


def test_G6_a_report_is_set_up_by_keys_alone(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen, station = await at_reports(desk)
        assert "Ins makes one" in screen.widget.empty.text()
        assert "Sent by vigie@station.example. Only to addresses of station.example." in screen.widget.server.text()
        desk.press(Qt.Key.Key_Insert)
        form = screen.widget.form
        assert form.editing()
        desk.type("Monday morning")
        form._set("every", "week")
        for field, text in (("day", "Funday"), ("to", "chief@station.example\nb@station.example")):
            form._set(field, text)
        form._touched()
        desk.press(Qt.Key.Key_Return, CTRL)
        assert form.sentence.text().startswith("Say on which day of the week")
        form._set("day", "mon")
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: station.reports, "it is kept")
        plan = station.reports[0].plan
        assert (plan.name, plan.every.value, plan.day, plan.to) == (
            "Monday morning",
            "week",
            0,
            ("chief@station.example", "b@station.example"),
        )
        await desk.until(lambda: screen.widget.view.key() == "1", "the bar is on it")
        assert screen.title()[1] == "1 report goes out"
        assert "next" in screen.widget.view.model().rows()[0].right

    play(act)


def test_I12_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen, station = await at_reports(desk, report(1))
        form = screen.widget.form
        desk.press(Qt.Key.Key_E, CTRL)
        assert form.editing()
        sentence = "x@elsewhere.example is not of a domain that is allowed: station.example."
        station.refusal = ErrorBody(code=ErrorCode.INVALID, sentence=sentence, field="to")
        form._set("to", "x@elsewhere.example")
        form._touched()
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: form.sentence.text() == sentence, "why not")
        assert form._inputs["to"].hasFocus()
        await desk.settled()
        assert form.values()["to"] == "x@elsewhere.example"

    play(act)


def test_I11_what_another_desk_saved_meanwhile_is_shown_beside(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen, station = await at_reports(desk, report(1))
        form = screen.widget.form
        form._set("at", "08:00")
        form._touched()
        station.reports = [report(1, 2, at="07:00")]
        screen._load()
        await desk.until(lambda: form._notes["at"].isVisible(), "both are shown")
        assert form._notes["at"].text() == "Saved meanwhile: 07:00"
        assert form.values()["at"] == "08:00"

    play(act)


def test_ctrl_delete_removes_and_off_ones_are_struck(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen, station = await at_reports(desk, report(1), report(2, on=False))
        assert [row.off for row in screen.widget.view.model().rows()] == [False, True]
        desk.press(Qt.Key.Key_Delete, CTRL)
        await desk.until(lambda: len(station.reports) == 1, "it is gone")
        await desk.until(lambda: screen.widget.view.key() == "2", "the bar is on the other")
        desk.press(Qt.Key.Key_Escape)
        await desk.until(lambda: desk.window.at == "queue", "back")

    play(act)


def test_H_whoever_is_no_supervisor_has_no_such_screen(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in(me=Person(login=ME, name="Claes", roles=(StaffRole.OPERATOR, StaffRole.SERVICE_DESK)))
        desk.press(Qt.Key.Key_E, ALT)
        await desk.settled()
        assert desk.window.at == "queue"

    play(act)


def test_what_the_form_shows_and_what_it_says_are_one() -> None:
    for more in (
        {},
        {"every": "week", "day": 6},
        {"every": "month", "day": 31},
        {"report": "operator", "asked": {"operator": "claes", "kinds": ("note",)}, "on": False, "language": "fr"},
    ):
        one = report(1, **more)
        assert ReportPlan.model_validate(plan_of(values_of(one), one)) == one.plan


def test_the_way_out_is_a_key_wherever_the_cursor_is(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        screen, _station = await at_reports(desk, report(1))
        screen.widget.form.begin("to")
        assert screen.widget.form._inputs["to"].hasFocus()
        desk.press(Qt.Key.Key_F2)
        await desk.until(lambda: desk.window.at == "queue", "F2 from the field")
        desk.press(Qt.Key.Key_E, ALT)
        await desk.until(lambda: desk.window.at == "reports", "and back")
        assert screen.widget.view.hasFocus()

    play(act)
