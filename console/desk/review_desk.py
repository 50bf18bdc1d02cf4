"""The presenter of the journal's review (F5): what is asked for, page by page, and the live tail (G6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer

from console.desk.archived import archived_words
from console.desk.asked import chips_of, query_of, without
from console.desk.hand_over_desk import HandOverDesk
from console.desk.journal_proof import JournalProofDesk
from console.desk.opened_line import OpenedLine
from console.desk.place import Desk
from models.records import (
    MOST_COUNTED,
    Entry,
    ErrorBody,
    JournalFilter,
    JournalPage,
    SiteRef,
    StaffRole,
)
from widgets.journal.entry_detail import grouped
from widgets.journal.find_panel import BadFilter
from widgets.journal.lines_view import when_words
from widgets.journal.review import ReviewScreen
from widgets.words import clock

PAGE = 100
MOST_HERE = 4000
"""Lines kept in the list; what is read again beyond is asked for again."""
_LEAST_TYPED = 2
_TAIL_AFTER_MS, _SEARCH_AFTER_MS = 1000, 150


class ReviewDesk(QObject):
    """See :class:`console.desk.place.Place`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.widget = ReviewScreen()
        self.proof = JournalProofDesk(desk)
        self.asked = JournalFilter()
        self.site: SiteRef | None = None
        self.back_to = "queue"
        self.entries: list[Entry] = []
        self._page = JournalPage()
        """What the last answer said besides its lines."""
        self.older = self.newer = False
        self._fresh: list[Entry] = []
        self._fresh_more = False
        self._turn = 0
        """Counts what was asked for: an answer to something else shows nothing."""
        self._loading = False
        self._loaded = False
        self._refused = ""
        self._wants_list = False
        """The keyboard goes to the lines when they come."""
        self._tail_due = self._timer(_TAIL_AFTER_MS, self._look_for_new)
        self._search_due = self._timer(_SEARCH_AFTER_MS, self._search_sites)
        self._typed = ""
        screen = self.widget
        self.opened = OpenedLine(desk, screen)
        self.hand_over = HandOverDesk(desk, screen.card, screen.leave_card)
        screen.search.find_wanted.connect(self.find)
        screen.search.clear_wanted.connect(self.clear)
        screen.search.site_typed.connect(self._site_typed)
        screen.search.period_wanted.connect(self._set_period)
        screen.search.hand_over_wanted.connect(lambda: self.do("print"))
        screen.search.verify_wanted.connect(lambda: self.do("verify-lines"))
        screen.chips.removed.connect(self.remove)
        screen.new_wanted.connect(self.put_in_new)
        screen.timeline_wanted.connect(lambda: self.do("alarm-timeline"))
        screen.view.older_wanted.connect(self._load_older)
        screen.view.newer_wanted.connect(self._load_newer)

    def _timer(self, ms: int, due: Any) -> QTimer:
        timer = QTimer(self.widget)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(due)
        return timer

    # -- Place ------------------------------------------------------------------------------------

    def title(self) -> tuple[str, str, bool]:
        """How many lines fit, of what."""
        if self._refused:
            return self.tr("Journal"), self._refused, False
        count = self._page.count
        if count is None:
            said = self.tr("updating") if self._loading else ""
        elif count >= MOST_COUNTED and self._filtered():
            said = self.tr("more than {0} lines").format(grouped(MOST_COUNTED))
        else:
            said = self.tr("1 line") if count == 1 else self.tr("{0} lines").format(grouped(count))
        parts = [said]
        if self.site is not None:
            parts.append(self.site.name)
        if self._page.since is not None:
            parts.append(self.tr("your shift, since {0}; name a site to see all of it").format(clock(self._page.since)))
        if self._page.not_searched:
            words = self.tr("the index is being made: {0} lines are not looked through yet")
            parts.append(words.format(grouped(self._page.not_searched)))
        return self.tr("Journal"), " · ".join(part for part in parts if part), False

    def can(self, command: str) -> bool:
        """What the screen knows to do now."""
        if self.widget.hands_over():
            return command in ("next", "back")
        if command == "print":
            return self._may_hand_over()
        if command.startswith("digit-"):
            return int(command[-1]) <= len(self.widget.chips.chips)
        if command == "insert-new":
            return bool(self._fresh) and not self.widget.shows_timeline()
        if command == "verify-lines":
            return self._may_verify()
        if command == "alarm-timeline":
            return self.opened.has_alarm()
        return command in ("next", "back", "filter", "clear-filter", "journal-newest", "journal-oldest")

    def _may_hand_over(self) -> bool:
        return self._loaded and self.hand_over.may()

    def _may_verify(self) -> bool:
        person = self._desk.link.session
        return person is not None and bool(self.entries) and StaffRole.SUPERVISOR in person.person.roles

    def do(self, command: str) -> None:
        """One command."""
        screen = self.widget
        if screen.hands_over():
            if command == "next":
                screen.card.press_next()
            elif command == "back":
                screen.card.press_back()
        elif command == "print":
            self._hand_over()
        elif command.startswith("digit-"):
            screen.chips.press(int(command[-1]) - 1)
        elif command == "filter":
            screen.search.begin()
        elif command == "clear-filter":
            self.clear()
        elif command == "insert-new":
            self.put_in_new()
        elif command == "verify-lines":
            self.proof.verify(self.entries)
        elif command == "journal-newest":
            self._begin()
        elif command == "journal-oldest":
            self._begin(oldest=True)
        elif command == "alarm-timeline":
            self.opened.show_alarm()
        elif command == "back":
            self._back()
        elif command == "next":
            self._next()

    def _hand_over(self) -> None:
        words = " · ".join(chip.words for chip in chips_of(self.asked, self.site)) or self.tr("The whole journal")
        self.hand_over.show(self.asked, self.opened.alarm() or self.asked.alarm, words)
        self.widget.show_card()
        self.hand_over.card.begin()

    def _next(self) -> None:
        if self.widget.finds():
            self.find()
        elif self.widget.lines().current() is not None:
            self.widget.pane.begin()

    def _back(self) -> None:
        screen = self.widget
        if screen.pane.area.hasFocus():
            screen.lines().setFocus()
        elif screen.shows_timeline():
            self.opened.leave_alarm()
        elif screen.finds() and self.entries:
            screen.view.setFocus()
        else:
            self._desk.go(self.back_to)

    def enter(self) -> None:
        """To the front: the lines that were there, and what came since."""
        if self._loaded:
            self._look_for_new()
        elif not self._loading:
            self._begin()
        self._wants_list = True
        if not self._loading:
            self._give_keys()

    def _give_keys(self) -> None:
        """The keyboard to the lines once they are there; where there are none, to what is looked for."""
        if not self._wants_list or not self.widget.isVisible():
            return
        self._wants_list = False
        if self.entries:
            self.widget.lines().setFocus()
        else:
            self.widget.search.begin()

    def refresh(self) -> None:
        """What is known changed: nothing that was journaled."""

    def tick(self, now: datetime) -> None:
        """Nothing here ages by itself but an alarm that is not over."""
        self.opened.tick(now)

    def heard(self, entry: Entry) -> None:
        """The journal grew: what fits is counted, not put in; an alarm that is shown goes on."""
        self.opened.heard(entry)
        if self.widget.isVisible() and self._loaded and self.asked.to is None and not self._tail_due.isActive():
            self._tail_due.start()

    def signed_out(self) -> None:
        """Nothing stays open."""
        self._turn += 1
        self.entries, self._fresh = [], []
        self.asked, self.site, self._page, self._loaded, self._refused = JournalFilter(), None, JournalPage(), False, ""
        self.older = self.newer = self._loading = False
        self.widget.search.show_filter(self.asked, None)
        self._show()
        self.hand_over.signed_out()
        self.opened.signed_out()

    # -- asking -----------------------------------------------------------------------------------

    def open(self, asked: JournalFilter, site: SiteRef | None, back_to: str) -> None:
        """The journal of something that another screen names; Esc goes ``back_to`` it."""
        self.asked, self.site, self.back_to = asked, site, back_to
        self.widget.search.show_filter(asked, site)
        self.widget.leave_timeline()
        self._begin()

    def find(self) -> None:
        """Ask for what the fields say."""
        now = self._desk.link.now()
        try:
            asked = self.widget.search.read(now)
        except BadFilter as bad:
            self.widget.search.refuse(bad.field, str(bad))
            return
        self.site = self.widget.search.site()
        self.asked = asked
        self.widget.search.show_filter(asked, self.site or (SiteRef(id=asked.site, name="") if asked.site else None))
        self._wants_list = True
        self._begin()

    def clear(self) -> None:
        """Everything again."""
        self.asked, self.site = JournalFilter(), None
        self.widget.search.show_filter(self.asked, None)
        self._begin()
        self._wants_list = True
        if not self._loading:
            self._give_keys()

    def remove(self, field: str) -> None:
        """Take one thing away from what is asked for."""
        if field == "site":
            self.site = None
        self.asked = without(self.asked, field)
        site = self.site or (SiteRef(id=self.asked.site, name="") if self.asked.site else None)
        self.widget.search.show_filter(self.asked, site)
        self._begin()

    def _set_period(self, name: str) -> None:
        now = self._desk.link.now()
        since = {
            "day": now - timedelta(hours=24),
            "week": now - timedelta(days=7),
            "month": now - timedelta(days=30),
            "shift": now - timedelta(hours=8),
        }[name]
        asked = self.asked.model_copy(update={"from_": since.replace(second=0, microsecond=0), "to": None})
        self.asked = asked
        self.widget.search.show_filter(asked, self.site)
        self._begin()

    def _site_typed(self, typed: str) -> None:
        self._typed = typed
        self._search_due.start()

    def _search_sites(self) -> None:
        typed = self._typed
        if len(typed) < _LEAST_TYPED or self._desk.link.session is None:
            self.widget.search.offer_sites(typed, [])
            return

        async def load() -> None:
            found = await self._desk.link.get("/v1/sites", q=typed)
            self.widget.search.offer_sites(typed, [SiteRef.model_validate(site) for site in found][:12])

        self._desk.run(load())

    def _filtered(self) -> bool:
        return self.asked != JournalFilter()

    def _begin(self, *, oldest: bool = False) -> None:
        """Ask anew; the old lines stay in sight until the answer, an alarm that was shown whole does not."""
        self.opened.asked_anew()
        self._turn += 1
        turn = self._turn
        self._fresh, self._fresh_more, self._loading = [], False, True
        self._tail_due.stop()
        query = query_of(self.asked) | {"limit": str(PAGE), "count": "true"} | ({"after": "0"} if oldest else {})

        async def load() -> None:
            page = JournalPage.model_validate(await self._desk.link.get("/v1/journal", **query))
            if turn != self._turn:
                return
            self._loading, self._loaded, self._refused, self._page = False, True, "", page
            self.entries, self.older, self.newer = list(page.entries), page.older and not oldest, False
            self._show()
            if oldest and self.entries:
                self.widget.view.setCurrentIndex(self.widget.view.lines.index(len(self.entries) - 1))
            else:
                self.widget.view.to_top()
            # Only now: the bar was at the top while the lines were put in.
            self.newer = page.newer
            self._give_keys()
            self._desk.changed()

        def refused(body: ErrorBody) -> None:
            if turn != self._turn:
                return
            self._loading, self._loaded, self._refused = False, False, body.sentence
            self.entries, self.older, self.newer = [], False, False
            self._page = JournalPage()
            self._show()
            field = {"from_": "from"}.get(body.field or "", body.field or "")
            self.widget.search.refuse(field, body.sentence)

        self._desk.run(load(), refused)

    def _load_older(self) -> None:
        if self.older and not self._loading and self.entries:
            self._load_beyond({"before": str(self.entries[-1].seq)}, up=False)

    def _load_newer(self) -> None:
        if self.newer and not self._loading and self.entries:
            self._load_beyond({"after": str(self.entries[0].seq)}, up=True)

    def _load_beyond(self, where: dict[str, str], *, up: bool) -> None:
        turn, self._loading = self._turn, True

        async def load() -> None:
            query = query_of(self.asked) | {"limit": str(PAGE)} | where
            page = JournalPage.model_validate(await self._desk.link.get("/v1/journal", **query))
            if turn != self._turn:
                return
            self._loading = False
            if up:
                self.newer = page.newer
                self.entries = [*page.entries, *self.entries]
                if len(self.entries) > MOST_HERE:
                    del self.entries[MOST_HERE:]
                    self.older = True
            else:
                self.older = page.older
                self.entries = [*self.entries, *page.entries]
                if len(self.entries) > MOST_HERE:
                    del self.entries[: len(self.entries) - MOST_HERE]
                    self.newer = True
            self._show()

        def refused(body: ErrorBody) -> None:
            self._loading = False
            self._desk.notify(body.sentence, loud=True)

        self._desk.run(load(), refused)

    # -- the live tail ----------------------------------------------------------------------------

    def _look_for_new(self) -> None:
        """What came above what is here and fits."""
        if self._desk.link.session is None or not self._loaded or self.newer or self.asked.to is not None:
            return
        turn, since = self._turn, max([self._page.head, *(entry.seq for entry in self._fresh[:1])])

        async def load() -> None:
            query = query_of(self.asked) | {"limit": str(PAGE), "after": str(since)}
            page = JournalPage.model_validate(await self._desk.link.get("/v1/journal", **query))
            if turn != self._turn:
                return
            known = {entry.seq for entry in self._fresh}
            self._fresh = [*(entry for entry in page.entries if entry.seq not in known), *self._fresh]
            self._fresh_more = page.newer
            self.widget.show_fresh(len(self._fresh), more=self._fresh_more)

        self._desk.run(load(), lambda _body: None)

    def put_in_new(self) -> None:
        """Space, or the line itself pressed: to the newest."""
        if self._fresh_more:
            self._begin()
            return
        self.entries = [*self._fresh, *self.entries]
        count = self._page.count
        self._page = self._page.model_copy(
            update={
                "head": max([self._page.head, *(entry.seq for entry in self._fresh)]),
                "count": None if count is None else count + len(self._fresh),
            }
        )
        self._fresh = []
        self._show()
        self.widget.view.to_top()
        self.widget.view.setFocus()

    # -- showing ----------------------------------------------------------------------------------

    def _show(self) -> None:
        self.widget.show_lines(self.entries, self._empty())
        self.widget.show_chips(chips_of(self.asked, self.site))
        self.widget.search.show_acts(hand_over=self._may_hand_over(), verify=self._may_verify())
        self.widget.view.name_sites(on=not self.asked.site and not self.asked.alarm)
        self.widget.show_fresh(len(self._fresh), more=self._fresh_more)
        # At the end of the lines; of a period at once, for whoever asks for one counts on all of it.
        ends = self.entries and (not self.older or self.asked.from_ is not None or self.asked.to is not None)
        self.widget.show_archived(archived_words(self._page.archived) if ends else "")
        first, last = (self.entries[0], self.entries[-1]) if self.entries else (None, None)
        said = ""
        if first is not None and last is not None:
            said = f"{when_words(last)} – {when_words(first)}"
            if self.older:
                said += self.tr(" · older ones come as you go down")
        self.widget.panel.summary.setText(said)
        if not self.entries:
            self.opened.nothing()

    def _empty(self) -> str:
        if self._refused:
            return self._refused
        if not self._loaded:
            return self.tr("The journal's lines are listed here.")
        archived = archived_words(self._page.archived)
        if self._filtered():
            said = self.tr(
                "No line fits. Words are looked for whole, each of them; Alt+1 takes the first filter away, "
                "Ctrl+0 all of them."
            )
            return f"{archived}\n{said}" if archived else said
        return archived or self.tr("Nothing is journaled yet.")
