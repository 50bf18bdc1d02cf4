"""A real station on a real socket, a wire to it, and a console that is signed in over that wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.client.console import Console
from tests.console.client.wire import Wire, wire_to
from tests.console.station.house import SITE, House, open_house


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A station with site S1, account 1001, and operator Claes; its duties are the test's to call."""
    monkeypatch.setattr("console.station.duties._TICK_S", 3600.0)
    async with open_house(tmp_path / "data") as open_:
        await open_.bring_in(SITE)
        await open_.staff("claes")
        yield open_


@pytest.fixture
async def wire(house: House) -> AsyncIterator[Wire]:
    """The way between console and station."""
    async with wire_to(house.http) as wire:
        yield wire


@pytest.fixture
async def console(wire: Wire) -> AsyncIterator[Console]:
    """A console that is not signed in yet."""
    console = Console(wire.url)
    yield console
    await console.link.close()
