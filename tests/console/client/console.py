"""A console without a screen: a link, and everything that it told, in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from console.client.link import Link, LinkState
from models.records import Beat, FeedItem
from tests.console.station.house import PASSWORD


class Console:
    """Listens as the desk does, and writes everything down."""

    def __init__(self, *stations: str, workstation: str = "WS 01", ca: Path | None = None) -> None:
        self.link = Link(stations, workstation, self, ca=ca)
        self.told: list[str] = []
        self.items: list[FeedItem] = []
        self.states: list[tuple[LinkState, str]] = []
        self.lost_at: float | None = None
        self.pictures = self.beats = 0

    def picture_loaded(self) -> None:
        self.pictures += 1

    def item_heard(self, item: FeedItem) -> None:
        self.items.append(item)

    def beat_heard(self, beat: Beat) -> None:
        self.beats += 1

    def state_changed(self, state: LinkState, why: str) -> None:
        self.states.append((state, why))
        if state is LinkState.LOST:
            self.lost_at = time.monotonic()

    def locked_by_station(self) -> None:
        self.link.locked = True

    async def sign_in(self, login: str = "claes") -> Console:
        await self.link.sign_in(login, PASSWORD)
        return self

    async def until(self, true: Callable[[], object], what: str, within: float = 15.0) -> None:
        """Let the loop run until something holds."""
        until = time.monotonic() + within
        while not true():
            assert time.monotonic() < until, f"never: {what}; states {self.states}"
            await asyncio.sleep(0.01)

    async def lost(self) -> None:
        await self.until(lambda: self.link.state is LinkState.LOST, "the link is seen as lost")

    async def linked(self) -> None:
        await self.until(lambda: self.link.state is LinkState.LINKED, "the link is back")

    def heard(self) -> list[int]:
        """Numbers of the entries that were told, in order."""
        return [item.entry.seq for item in self.items]

    def shown(self) -> list[int]:
        """Numbers of the entries in the list of what happened lately, newest first."""
        return [entry.seq for entry in self.link.known.activity]
