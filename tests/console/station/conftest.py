"""Stations for the tests, on each kind of database or on the embedded one alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.station.house import SITE, House, open_house


@pytest.fixture(autouse=True)
def secrets_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of a PostgreSQL journal lie in the user's home otherwise."""
    monkeypatch.setenv("VIGIE_SECRETS", str(tmp_path / "secrets"))


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No duty runs by itself: the test says when a second has passed."""
    monkeypatch.setattr("console.station.duties._TICK_S", 3600.0)
    monkeypatch.setattr("console.station.sealing.SEAL_EVERY_S", 3600.0)
    monkeypatch.setattr("console.station.troubles.LOOK_EVERY_S", 3600.0)
    monkeypatch.setattr("console.station.indexer._REST_S", 3600.0)
    monkeypatch.setattr("console.station.mail.mailer.LOOK_EVERY_S", 3600.0)


@pytest.fixture
async def house(place: Path | str, still: None) -> AsyncIterator[House]:
    """A station with one site, S1 with account 1001, on SQLite and on PostgreSQL."""
    async with open_house(place) as open_:
        await open_.bring_in(SITE)
        yield open_


@pytest.fixture
async def small_house(tmp_path: Path, still: None) -> AsyncIterator[House]:
    """The same on SQLite alone, for what does not depend on the database."""
    async with open_house(tmp_path / "data") as open_:
        await open_.bring_in(SITE)
        yield open_
