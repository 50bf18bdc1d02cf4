"""The feed: journal entries to every listener, in order, from any number on (architecture.md §1, §3).

The journal's own numbers are the event ids, so a console that was cut off resumes and misses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import Connection

from console.station.rules.profile import Profile
from console.station.store import alarms as alarm_store
from console.station.store import response, testmode_views, views
from console.station.store import storms as storm_store
from console.station.store.asking import open_asks
from console.station.store.database import Database
from models.records import ASK_ENTRIES, AlarmView, Entry, FeedItem, StormDoes, TestView

_PAGE = 200
_PACE_S = 0.02
"""Listeners look at most so often. A page costs three queries however few entries it holds: under load, a page for each
commit took a third of the station, and what is seen 20 ms later is seen sooner for it."""


class Feed:
    """Tells listeners that the journal grew; each reads from the database at its own pace.

    A listener that is slow costs nobody else anything, and no queue grows: what it has not read is in the journal.
    """

    def __init__(self, database: Database, profile: Profile) -> None:
        self._database = database
        self._profile = profile
        self._grown = asyncio.Event()
        """Set once the journal grew; each growth has its own. Nothing here is locked: a listener that is cut off at any
        step can keep nobody waiting, least of all the journal's writer (I1)."""
        self._closed = False
        self._nudged: asyncio.Event | None = None
        self._pages: dict[int, list[FeedItem]] = {}
        self.seq = 0
        """The last number known to be committed."""
        self._told = 0
        """The number that listeners were last told of."""
        self._told_at = -_PACE_S
        self._telling: asyncio.TimerHandle | None = None

    def begin(self, seq: int) -> None:
        """The journal stands at ``seq`` as the station starts."""
        self.seq = self._told = seq

    async def grew(self, seq: int) -> None:
        """The journal stands at ``seq``. Says "look" (libraries.md, fact 8); at once, else as its pace allows."""
        self.seq = max(self.seq, seq)
        if self._telling is None:
            loop = asyncio.get_running_loop()
            self._telling = loop.call_at(self._told_at + _PACE_S, self._tell, loop)
            if self._told_at + _PACE_S <= loop.time():
                self._tell(loop)

    def _tell(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._telling is not None:
            self._telling.cancel()
        self._telling = None
        self._told, self._told_at = self.seq, loop.time()
        self._pages.clear()
        self._wake()

    def nudge(self) -> None:
        """Have every listener told now what a beat says, not with the next second's."""
        self._nudged = self._grown
        self._wake()

    async def close(self) -> None:
        """Let every listener end."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()

    async def follow(self, after: int, beat_s: float) -> AsyncIterator[list[FeedItem]]:
        """Items after number ``after``, in order.

        An empty list each time nothing came for ``beat_s`` seconds, and at a nudge.
        """
        seq = after
        while not self._closed:
            # Taken before looking: what grows meanwhile sets this one.
            grown = self._grown
            page = await self._page(seq) if seq < self._told else []
            if page:
                seq = page[-1].entry.seq
                yield page
                continue
            try:
                async with asyncio.timeout(beat_s):
                    await grown.wait()
            except TimeoutError:
                yield []
            else:
                if self._nudged is grown:
                    yield []

    async def _page(self, seq: int) -> list[FeedItem]:
        # All listeners stand at the same number most of the time: read once, hand out to all.
        known = self._pages.get(seq)
        if known is None:
            known = await self._database.read(lambda connection: items_after(connection, seq, self._profile))
            self._pages[seq] = known
        return known


def items_after(connection: Connection, seq: int, profile: Profile) -> list[FeedItem]:
    """One page of the feed on one snapshot: each entry, and how its alarm and its site's test stand now."""
    entries = views.entries_after(connection, seq, _PAGE)
    alarms = alarm_store.by_ids(connection, (entry.alarm for entry in entries if entry.alarm))
    shown: dict[str, AlarmView] = {
        view.id: view for view in views.alarm_views(connection, list(alarms.values()), profile)
    }
    storms = tuple(storm_store.standing(connection)) if any(map(_touches_storms, entries)) else None
    tests = _tests(connection, {entry.site for entry in entries if entry.site and _touches_tests(entry)})
    last = {entry.alarm: entry.seq for entry in entries}
    asks = open_asks(connection) if any(entry.kind in ASK_ENTRIES for entry in entries) else ()
    return [
        FeedItem(
            entry=entry,
            alarm=_once(shown.get(entry.alarm or ""), last[entry.alarm] == entry.seq),
            tests=tests.get(entry.site or "", ()) if _touches_tests(entry) else None,
            asks=asks if entry.kind in ASK_ENTRIES else None,
            storms=storms if _touches_storms(entry) else None,
            targets=dict(response.profile_of(connection, profile).targets_s)
            if entry.kind == "response-targets"
            else None,
        )
        for entry in entries
    ]


def _touches_tests(entry: Entry) -> bool:
    """Whether tests of its site stand otherwise than before: each act on one is an entry of such a kind."""
    return entry.in_test or entry.kind.startswith("test-")


def _touches_storms(entry: Entry) -> bool:
    """Whether a storm profile stands otherwise than before; what one does with an alarm is the alarm's."""
    return entry.kind.startswith("storm-") and entry.alarm is None


def _tests(connection: Connection, sites: set[str]) -> dict[str, tuple[TestView, ...]]:
    found: dict[str, tuple[TestView, ...]] = {}
    for view in testmode_views.views(connection, sites) if sites else []:
        found[view.site.id] = (*found.get(view.site.id, ()), view)
    return found


def _once(alarm: AlarmView | None, with_last: bool) -> AlarmView | None:
    """Hundreds of entries in a row tell of one outage: it goes with the last of a page."""
    return alarm if alarm is None or alarm.outage is None or with_last else None


def event_id(journal_id: str, seq: int) -> str:
    """``<journal-id>:<sequence>``."""
    return f"{journal_id}:{seq}"


def seq_of(given: str | None, journal_id: str, now_at: int) -> int | None:
    """The number in an event id of this journal; None for an unknown or future one: a fresh picture is needed."""
    if not given:
        return None
    journal, _, number = given.partition(":")
    # 18 digits are more than any journal has; Python refuses to read thousands of them.
    if journal != journal_id or not number.isdecimal() or len(number) > 18 or int(number) > now_at:
        return None
    return int(number)


def waiting_since(connection: Connection) -> dict[int, tuple[int, datetime | None]]:
    """Per priority: how many alarms wait and since when the oldest does. No site data."""
    found: dict[int, tuple[int, datetime | None]] = {}
    groups: set[int | None] = set()
    for alarm in sorted(storm_store.waiting(connection), key=lambda alarm: alarm.urgency):
        if alarm.storm_does == StormDoes.DELAY.value or alarm.storm in groups:
            continue
        if alarm.storm_does == StormDoes.GROUP.value:
            groups.add(alarm.storm)
        count, oldest = found.get(alarm.priority, (0, None))
        found[alarm.priority] = (count + 1, min(filter(None, (oldest, alarm.clock_from))))
    return found
