"""The presenter of reports by e-mail: which go out, when and to whom (G6, H)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimeZone

from console.desk.place import Desk
from models.records import Entry, ErrorBody, JournalFilter, ReportEvery, Reports, ReportView
from widgets.entry import DAYS
from widgets.form import Value
from widgets.reports import NEW, ReportsScreen
from widgets.words import plural

_DAY = "day"
"""The field whose text is checked here; the station checks the others."""


class ReportsDesk(QObject):
    """See :class:`console.desk.place.Place`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = ReportsScreen()
        self.known = Reports()
        self._new = False
        self._shown = ""
        self._refused = ""
        self._wants = False
        self.widget.view.chosen.connect(lambda _key: self._fill())
        self.widget.form.wanted.connect(self._save)

    # -- Place ------------------------------------------------------------------------------------

    def title(self) -> tuple[str, str, bool]:
        """How many go out."""
        if self._refused:
            return self.tr("Reports by e-mail"), self._refused, False
        on = sum(1 for one in self.known.reports if one.next_at is not None)
        failed = sum(1 for one in self.known.reports if one.last_failed)
        said = plural(on, self.tr("report goes out"), self.tr("reports go out"))
        if failed:
            said += " · " + self.tr("{0} not sent").format(failed)
        return self.tr("Reports by e-mail"), said, False

    def can(self, command: str) -> bool:
        """Ins, Ctrl+E, Ctrl+Enter, Ctrl+R, Ctrl+Delete."""
        if command in ("add", "back"):
            return True
        return command in ("edit", "next", "save", "take-back", "remove") and self._key() != ""

    def do(self, command: str) -> None:
        """One command."""
        screen = self.widget
        if command == "add":
            self._new = True
            self._show()
            screen.view.choose(NEW)
            screen.form.begin()
        elif command in ("edit", "next"):
            screen.form.begin()
        elif command == "save":
            screen.form.press_save()
        elif command == "take-back":
            if self._key() == NEW:
                self._drop_new()
            else:
                screen.form.take_back()
        elif command == "remove":
            self._remove()
        elif command == "back":
            if screen.form.editing():
                screen.view.setFocus()
            else:
                self._desk.go("queue")

    def enter(self) -> None:
        """To the front."""
        self._load()
        self.widget.view.setFocus()

    def refresh(self) -> None:
        """What is known changed; see :meth:`heard`."""

    def heard(self, entry: Entry) -> None:
        """One was changed, or went out."""
        if entry.kind.startswith("report-") and self.widget.isVisible():
            self._load()

    def tick(self, now: datetime) -> None:
        """Nothing here ages by itself."""

    def signed_out(self) -> None:
        """Nothing stays open."""
        self.known, self._new, self._shown = Reports(), False, ""
        self._show()

    # -- what is kept -----------------------------------------------------------------------------

    def _load(self) -> None:
        async def load() -> None:
            self._refused = ""
            self._take(await self._desk.link.get("/v1/reports"))

        def refused(body: ErrorBody) -> None:
            self._refused = body.sentence
            self._desk.changed()

        self._desk.run(load(), refused)

    def _take(self, answer: Any) -> None:
        self.known = Reports.model_validate(answer)
        self._show()
        self._desk.changed()

    def _show(self) -> None:
        known = self.known
        if known.sender:
            empty = self.tr("No report goes out. Ins makes one: each day, week or month, to whom you name.")
            said = self.tr("Sent by {0}.").format(known.sender)
            if known.domains:
                said += " " + self.tr("Only to addresses of {0}.").format(", ".join(known.domains))
        else:
            empty = said = self.tr("The station has no mail server: whoever keeps it starts it with --smtp.")
        self.widget.show_reports(known.reports, new=self._new, empty=empty, sender=said)
        self._fill()

    def _key(self) -> str:
        return self.widget.view.key() if self.known.reports or self._new else ""

    def _current(self) -> ReportView | None:
        key = self._key()
        return next((one for one in self.known.reports if str(one.id) == key), None)

    def _fill(self) -> None:
        key, one, screen = self._key(), self._current(), self.widget
        if not key:
            self._shown = ""
            screen.hide_side()
            return
        values = values_of(one)
        if one is None:
            screen.show_side(self.tr("New report"), "")
        else:
            screen.show_side(one.plan.name, one.last_words or self.tr("by {0}").format(one.by))
        if key != self._shown:
            self._shown = key
            screen.form.show_values(values)
        else:
            screen.form.show_theirs(values)

    def _drop_new(self) -> None:
        self._new = False
        self._shown = ""
        self._show()
        self.widget.view.setFocus()

    # -- acts -------------------------------------------------------------------------------------

    def _save(self, values: dict[str, Value]) -> None:
        form, one = self.widget.form, self._current()
        try:
            plan = plan_of(values, one)
        except ValueError as error:
            form.refuse(str(error), _DAY)
            return
        path = "/v1/reports" if one is None else f"/v1/reports/{one.id}/change"
        body: dict[str, Any] = {"plan": plan, **({} if one is None else {"version": one.version})}

        async def save() -> None:
            before = {report.id for report in self.known.reports}
            answer = await self._desk.patiently(self._desk.link.act(path, body))
            form.take_in()
            self._new = False
            self._take(answer)
            made = next((report for report in self.known.reports if report.id not in before), None)
            if made is not None:
                self.widget.view.choose(str(made.id))
            form.say(self.tr("Saved."))

        def refused(error: ErrorBody) -> None:
            name = (error.field or "").split(".")[-1]
            form.refuse(error.sentence, name or None)
            if one is not None:
                self._load()

        self._desk.run(save(), refused)

    def _remove(self) -> None:
        one = self._current()
        if one is None:
            self._drop_new()
            return

        async def remove() -> None:
            path = f"/v1/reports/{one.id}/remove"
            self._shown = ""
            self._take(await self._desk.patiently(self._desk.link.act(path, {"version": one.version})))
            self.widget.view.setFocus()

        self._desk.run(remove(), lambda body: self.widget.form.refuse(body.sentence))


def values_of(one: ReportView | None) -> dict[str, Value]:
    """A report as the form shows it; a new one with what is likely."""
    if one is None:
        zone = bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC"
        likely = {"report": "lines", "form": "pdf", "language": "en", "every": "day", "at": "06:00"}
        return {**likely, "timezone": zone, "on": True}
    plan = one.plan
    day = {ReportEvery.DAY: "", ReportEvery.WEEK: DAYS[plan.day % 7], ReportEvery.MONTH: str(plan.day)}[plan.every]
    return {
        "name": plan.name,
        "report": plan.report.value,
        "form": plan.form.value,
        "language": plan.language.value,
        "site": plan.asked.site,
        "operator": plan.asked.operator,
        "words": plan.asked.words,
        "every": plan.every.value,
        "day": day,
        "at": plan.at,
        "timezone": plan.timezone,
        "to": "\n".join(plan.to),
        "on": plan.on,
    }


def plan_of(values: Mapping[str, Value], one: ReportView | None) -> dict[str, Any]:
    """What the form says, for the station to check; ValueError for a day that is none.

    What the form has no field for (kinds, priorities) stays as it is kept.
    """
    text = {name: str(value) for name, value in values.items()}
    asked = (one.plan.asked if one is not None else JournalFilter()).model_copy(
        update={"site": text["site"], "operator": text["operator"], "words": text["words"]}
    )
    to = [address.strip() for address in text["to"].replace(",", "\n").replace(";", "\n").splitlines()]
    return {
        "name": text["name"],
        "report": text["report"],
        "form": text["form"],
        "language": text["language"],
        "asked": asked.model_dump(mode="json"),
        "every": text["every"],
        "day": _day(text["every"], text["day"]),
        "at": text["at"],
        "timezone": text["timezone"],
        "to": [address for address in to if address],
        "on": bool(values["on"]),
    }


def _tr(words: str) -> str:
    return QCoreApplication.translate("reports", words)


def _day(every: str, typed: str) -> int:
    if every == ReportEvery.DAY.value:
        return 0
    if every == ReportEvery.WEEK.value:
        names = [name.casefold() for name in DAYS]
        if typed[:3].casefold() not in names:
            raise ValueError(_tr("Say on which day of the week: Mon, Tue, Wed, Thu, Fri, Sat or Sun."))
        return names.index(typed[:3].casefold())
    if not typed.isdecimal() or not 1 <= int(typed) <= 31:
        raise ValueError(_tr("Say on which day of the month: 1 to 31."))
    return int(typed)
