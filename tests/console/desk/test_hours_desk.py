"""The presenter of the Hours tab over a scripted station: reads, sends, says what was refused and what is unchanged."""

from __future__ import annotations

import asyncio
from typing import Any

from console.client.link import Refusal
from console.desk.hours_desk import HoursDesk
from models.records import ErrorBody, ErrorCode, FeedItem, HoursChanged, SiteHours, StaffRole
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import entry, picture
from tests.widgets.test_hours_tab import DINING, FRIDAY, SITE
from widgets.site.day_card import DayCard

UNCHANGED = "Patrols and procedures are unchanged."


class Station:
    """What the station answers, and how often it was asked."""

    def __init__(self, desk: Scripted) -> None:
        self.hours: SiteHours = SITE
        self.read = 0
        desk.answers["/hours"] = self.answer
        for end in ("/temporary", "/temporary/remove", "/hours/1"):
            desk.answers[end] = self.changed
        self.refusal: ErrorBody | None = None

    def answer(self, _body: dict[str, Any]) -> SiteHours:
        self.read += 1
        return self.hours

    def changed(self, _body: dict[str, Any]) -> HoursChanged:
        if self.refusal is not None:
            raise Refusal(self.refusal)
        return HoursChanged(area="1", version=5, sentence=UNCHANGED)


def shown(desk: Scripted, *roles: StaffRole) -> HoursDesk:
    """The tab alone in the window, for staff with these roles."""
    me = picture().me.model_copy(update={"roles": roles or (StaffRole.OPERATOR,)})
    desk.sign_in(me=me)
    tab = HoursDesk(desk.window)
    desk.window.frame.pages.addWidget(tab.widget)
    desk.window.frame.pages.setCurrentWidget(tab.widget)
    tab.show_site("S1")
    return tab


async def ready(desk: Scripted, tab: HoursDesk) -> None:
    await desk.until(lambda: tab.hours is not None and not desk.qt_link._running, "the hours are read")


def ask_for_friday(tab: HoursDesk) -> None:
    tab.widget.grid.choose(FRIDAY)
    tab.widget.edit_day()
    tab.widget.day.hours.setText("10:00-02:00")
    tab.widget.day.why.setText("H. Laurent by phone")
    tab.do("next")


def test_D1_D2_a_day_is_changed_and_what_did_not_change_is_said(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        station, tab = Station(desk), shown(desk)
        assert not tab.can("next")
        await ready(desk, tab)
        assert tab.widget.area() == DINING
        assert (tab.can("next"), tab.can("edit")) == (True, False), "an operator changes days alone (H)"
        ask_for_friday(tab)
        await desk.until(lambda: tab.widget.card() is None, "the card is gone")
        asked = {
            "first": "2025-11-21", "last": "2025-11-21", "spans": [{"opens": 600, "closes": 1560}],
            "why": "H. Laurent by phone",
        }  # fmt: skip
        assert desk.asked == [("/v1/sites/S1/hours/1/temporary", {"asked": asked, "version": 4})]
        assert tab.widget.said.text() == UNCHANGED
        await desk.until(lambda: station.read == 2, "it is read anew")

    play(act)


def test_I11_what_changed_meanwhile_is_refused_on_the_card_and_read_anew_behind_it(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        station, tab = Station(desk), shown(desk)
        await ready(desk, tab)
        station.refusal = ErrorBody(code=ErrorCode.CHANGED, sentence="They were changed by Desk.", field="version")
        station.hours = SITE.model_copy(update={"areas": (DINING.model_copy(update={"version": 9}),)})
        ask_for_friday(tab)
        await desk.until(lambda: station.read == 2 and not desk.qt_link._running, "it is read anew")
        assert isinstance(tab.widget.card(), DayCard)
        assert tab.widget.day._sentence.text() == "They were changed by Desk."
        assert tab.widget.day.hours.text() == "10:00-02:00"
        tab.do("next")
        await desk.until(lambda: len(desk.asked) == 2, "it is asked again")
        assert [body["version"] for _path, body in desk.asked] == [4, 4]
        assert tab.do("back")
        assert tab.widget.card() is None

    play(act)


def test_the_desk_edits_standing_hours_and_takes_changes_back(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        Station(desk)
        tab = shown(desk, StaffRole.SERVICE_DESK)
        await ready(desk, tab)
        tab.widget.grid.choose(FRIDAY)
        assert tab.can("take-back")
        tab.do("take-back")
        await desk.until(lambda: tab.widget.said.text() == UNCHANGED, "it is taken back")
        assert tab.can("edit")
        tab.do("edit")
        tab.widget.standing.late.setValue(30)
        tab.do("next")
        await desk.until(lambda: len(desk.asked) == 2 and tab.widget.card() is None, "it is kept")
        assert desk.asked[0] == ("/v1/sites/S1/hours/1/temporary/remove", {"change": "1", "version": 4})
        path, body = desk.asked[1]
        assert (path, body["version"], body["hours"]["late_min"]) == ("/v1/sites/S1/hours/1", 4, 30)

    play(act)


def test_the_feed_has_the_hours_read_anew_and_only_where_they_changed(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        station, tab = Station(desk), shown(desk)
        await ready(desk, tab)
        for seq, kind, site in ((50, "note", "S1"), (51, "hours-changed", "S2")):
            desk.link.known.apply(FeedItem(entry=entry(seq, kind=kind, site=site)))
            tab.refresh()
        assert not desk.qt_link._running
        desk.link.known.apply(FeedItem(entry=entry(52, kind="hours-changed", site="S1")))
        tab.refresh()
        tab.refresh()
        await desk.until(lambda: station.read == 2 and not desk.qt_link._running, "it is read anew, once")

    play(act)


def test_the_answer_of_another_site_comes_too_late_and_the_overview_keeps_this_week(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        station = Station(desk)
        gate = desk.gates["/v1/sites/S1/hours"] = asyncio.Event()
        tab = shown(desk)
        station.hours = SITE.model_copy(update={"site": "S2"})
        tab.show_site("S2")
        await ready(desk, tab) if not desk.qt_link._running else await desk.until(lambda: tab.hours, "S2 is read")
        station.hours = SITE
        gate.set()
        await desk.until(lambda: not desk.qt_link._running, "S1 has answered")
        assert tab.hours is not None
        assert tab.hours.site == "S2"
        this_week = tab.overview.shown(FRIDAY)
        assert this_week is not None
        tab.do("page-after")
        empty = DINING.model_copy(update={"days": ()})
        station.hours = SITE.model_copy(update={"site": "S2", "areas": (empty,)})
        await desk.until(lambda: station.read >= 3 and not desk.qt_link._running, "the next week is read")
        assert tab.overview.shown(FRIDAY) == this_week

    play(act)


def test_an_older_answer_never_takes_the_place_of_a_newer_one(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        station = Station(desk)
        gate = desk.gates["/v1/sites/S1/hours"] = asyncio.Event()
        tab = shown(desk)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        desk.gates = {}
        station.hours = SITE.model_copy(update={"areas": (DINING.model_copy(update={"version": 9}),)})
        tab.show_site("S1")
        await desk.until(lambda: tab.hours is not None, "the second question is answered")
        station.hours = SITE
        gate.set()
        await ready(desk, tab)
        assert station.read == 2
        assert tab.hours is not None
        assert tab.hours.areas[0].version == 9

    play(act)
