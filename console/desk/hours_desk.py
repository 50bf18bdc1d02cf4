"""Presenter of a site file's Hours tab: reads the week, sends what is wanted, says what was not changed (D1, D2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QObject, Signal

from console.desk.place import Desk
from models.records import AreaHours, ErrorBody, ErrorCode, HoursAsked, HoursChanged, SiteHours, StaffRole
from widgets.site.hours_tab import HoursTab
from widgets.site.week import WeekGrid

_EDIT = frozenset({StaffRole.SERVICE_DESK, StaffRole.SUPERVISOR})
_CHANGE = _EDIT | {StaffRole.OPERATOR}
_CONCERNS = frozenset({"hours-changed", "site-imported", "task-done"})
"""Kinds of entries after which the hours of a site are read anew."""


class HoursDesk(QObject):
    """One tab of the site file: ``widget`` is the tab, ``overview`` the small week beside other things."""

    read = Signal()
    """The hours of the open site are shown, or it is known why they do not come."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = HoursTab()
        self.overview = WeekGrid(compact=True)
        self._site = ""
        self._week: date | None = None
        self._heard = 0
        """The newest entry that the hours shown take into account."""
        self._asked = 0
        self.hours: SiteHours | None = None
        self.trouble = ""
        """Why the hours of the site could not be read."""
        self.widget.week_wanted.connect(self._turn)
        self.widget.temporary_wanted.connect(self._add)
        self.widget.taken_back.connect(self._take_back)
        self.widget.standing_wanted.connect(self._set)

    # -- what the site file asks ----------------------------------------------------------------

    def show_site(self, site_id: str) -> None:
        """Show this week of a site; what another site's tab showed is gone at once."""
        if site_id != self._site:
            self._site, self._week, self.hours, self.trouble = site_id, None, None, ""
            self.overview.show_week((), "UTC", self._desk.link.now(), empty=self.tr("Reading the hours…"))
        self._load()

    def enter(self) -> None:
        """The tab comes to the front."""
        self.widget.begin()

    def can(self, command: str) -> bool:
        """Whether a command does something here now."""
        tab = self.widget
        if self.hours is None:
            return False
        if command == "edit":
            return tab.can_edit_standing()
        if command == "take-back":
            return tab.can_remove()
        if command in ("page-before", "page-after"):
            return tab.card() is None
        if command == "back":
            return tab.card() is not None or tab.grid.hasFocus()
        return command == "next"

    def do(self, command: str) -> bool:
        """One command; whether the tab used it up. Esc with nothing to go back from is the site file's."""
        tab = self.widget
        if command == "back":
            return tab.press_back()
        acts: dict[str, Callable[[], Any]] = {
            "next": tab.press_next,
            "edit": tab.edit_standing,
            "take-back": tab.press_remove,
            "page-before": lambda: tab.turn(-1),
            "page-after": lambda: tab.turn(1),
        }
        if command not in acts or not self.can(command):
            return False
        acts[command]()
        return True

    def refresh(self) -> None:
        """What is known changed: the hours are read anew where the feed tells of them."""
        newest = max(
            (one.seq for one in self._desk.link.known.activity if one.site == self._site and one.kind in _CONCERNS),
            default=0,
        )
        if self._site and newest > self._heard:
            self._heard = newest
            self._load()

    def tick(self, now: datetime) -> None:
        """A second passed."""
        self.widget.tick(now)
        self.overview.tick(now)

    # -- reading --------------------------------------------------------------------------------

    def _turn(self, day: date) -> None:
        self._week = day
        self._load()

    def _load(self) -> None:
        self._asked += 1
        asked, path = self._asked, f"/v1/sites/{quote(self._site, safe='')}/hours"
        query = {} if self._week is None else {"week": self._week.isoformat()}

        async def load() -> None:
            found = SiteHours.model_validate(await self._desk.link.get(path, **query))
            if asked == self._asked:
                # The answer to an older question tells of another site, of another week, or of what was so before.
                self._show(found)

        self._desk.run(load(), self._not_read)

    def _not_read(self, body: ErrorBody) -> None:
        if self.hours is not None:
            self._refused(body)
            return
        self.trouble = body.sentence
        self.overview.show_week((), "UTC", self._desk.link.now(), empty=body.sentence)
        self.read.emit()

    def _show(self, hours: SiteHours) -> None:
        self.hours, self.trouble = hours, ""
        now, picture = self._desk.link.now(), self._desk.link.known.picture
        roles = set(picture.me.roles) if picture is not None else set()
        self.widget.show_hours(hours, now, may_edit=bool(roles & _EDIT), may_change=bool(roles & _CHANGE))
        if self._week is None:
            # The overview keeps to this week while the tab turns others.
            first = next((area for area in hours.areas if area.hours is not None), None)
            nothing = self.tr("No area of this site has supervised hours.")
            self.overview.show_week(first.days if first else (), hours.timezone, now, empty=nothing)
        self.read.emit()

    # -- acts -----------------------------------------------------------------------------------

    def _add(self, area: str, asked: HoursAsked, version: int) -> None:
        self._act(f"{area}/temporary", {"asked": asked.model_dump(mode="json"), "version": version}, area)

    def _take_back(self, area: str, change: str, version: int) -> None:
        self._act(f"{area}/temporary/remove", {"change": change, "version": version}, area)

    def _set(self, area: str, hours: AreaHours | None, version: int) -> None:
        given = None if hours is None else hours.model_dump(mode="json")
        self._act(area, {"hours": given, "version": version}, area)

    def _act(self, path: str, body: dict[str, Any], area: str) -> None:
        site = self._site
        path = quote(area, safe="") + path.removeprefix(area)

        async def act() -> None:
            url = f"/v1/sites/{quote(site, safe='')}/hours/{path}"
            done = HoursChanged.model_validate(await self._desk.patiently(self._desk.link.act(url, body)))
            if site != self._site:
                return
            self.widget.done(done.sentence)
            self._load()

        self._desk.run(act(), self._refused)

    def _refused(self, body: ErrorBody) -> None:
        self.widget.refuse(body.sentence, body.field)
        if body.code is ErrorCode.CHANGED:
            # What changed is shown behind the card; the card keeps what was typed, and the version it began from.
            self._load()
