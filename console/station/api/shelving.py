"""A runaway zone put aside over HTTP, from its alarm or from its site (issue 5, point 6)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, StringConstraints, TypeAdapter

from console.station.acts import shelving
from console.station.api.context import WITHOUT_NUL, ActBody, SignedIn, StationParts, answer_once
from console.station.store import testmode_views
from console.station.store.ledger import Ledger
from models.records import TestKind, TestView

router = APIRouter(prefix="/v1")
_TEST = TypeAdapter(TestView)
_Number = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20, pattern=WITHOUT_NUL)]
SiteId = Annotated[str, Path(max_length=40, pattern=WITHOUT_NUL)]
AlarmId = Annotated[str, Path(max_length=40, pattern=WITHOUT_NUL)]


class ShelveBody(ActBody):
    """One zone and one group of kinds, why, and for how long."""

    zone: Annotated[_Number, StringConstraints(min_length=1)]
    area: _Number = Field(default="", description="As the panel sends it; empty where it sends none.")
    account: _Number = Field(default="", description="Its system; empty: whichever of the site tells it.")
    kind: TestKind
    why: str = Field(max_length=500, pattern=WITHOUT_NUL)
    minutes: int | None = Field(default=None, ge=1, le=7 * 24 * 60, description="Comes back after so long.")
    once: bool = Field(default=False, description="Comes back when it was quiet, or after the longest time.")
    confirmed: bool = Field(default=False, description="Life safety was confirmed once more.")

    @property
    def shelf(self) -> shelving.Shelf:
        """As the act takes it."""
        return shelving.Shelf(
            self.zone, self.area, self.kind, self.why, self.minutes, self.once, self.account, self.confirmed
        )


@router.post("/alarms/{alarm_id}/shelve")
async def of_alarm(alarm_id: AlarmId, body: ShelveBody, caller: SignedIn, parts: StationParts) -> TestView:
    """Put a zone of this alarm aside; the alarm goes on. Taken back with ``/v1/tests/{id}/end``."""

    def act(ledger: Ledger) -> TestView:
        test = shelving.shelve_of_alarm(ledger, caller, parts.profile, alarm_id, body.shelf)
        return testmode_views.of(ledger.connection, test).test

    return await answer_once(parts, caller, f"shelve-alarm/{alarm_id}", body, act, _TEST)


@router.post("/sites/{site_id}/shelve")
async def of_site(site_id: SiteId, body: ShelveBody, caller: SignedIn, parts: StationParts) -> TestView:
    """Put a zone of this site aside. Taken back with ``/v1/tests/{id}/end``."""

    def act(ledger: Ledger) -> TestView:
        test = shelving.shelve(ledger, caller, parts.profile, site_id, body.shelf)
        return testmode_views.of(ledger.connection, test).test

    return await answer_once(parts, caller, f"shelve/{site_id}", body, act, _TEST)
