"""Planned tests over HTTP: made, listed, changed, taken back (F2, issue 5, point 3)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, TypeAdapter

from console.station.acts import planned
from console.station.api.context import WITHOUT_NUL, ActBody, SignedIn, StationParts, answer_once
from console.station.rules.rights import Right, require
from console.station.store import planned as planned_store
from console.station.store.ledger import Ledger
from models.records import PlannedTest, PlannedWhen, TestAsked, TestScope

router = APIRouter(prefix="/v1")
_PLANNED = TypeAdapter(PlannedTest)
SiteId = Annotated[str, Path(max_length=40, pattern=WITHOUT_NUL)]
PlannedId = Annotated[int, Path(ge=1, le=2**62)]


class PlannedBody(ActBody):
    """What is to run, why, and when."""

    when: PlannedWhen
    scope: TestScope = TestScope()
    why: str = Field(max_length=500, pattern=WITHOUT_NUL)
    ticket: str = Field(default="", max_length=60, pattern=WITHOUT_NUL)
    confirmed: bool = Field(default=False, description="Life safety in a part was confirmed once more.")

    @property
    def planned(self) -> planned.Planned:
        """As the act takes it."""
        return planned.Planned(self.when, self.scope, self.why, self.ticket, self.confirmed)


class PlanBody(PlannedBody):
    """A new planned test, and who asked for it."""

    asked: TestAsked = TestAsked()


class ChangeBody(PlannedBody):
    """A planned test as it is to be; ``version`` is what was looked at."""

    version: int


class RemoveBody(ActBody):
    """Taken back; ``version`` is what was looked at."""

    version: int
    why: str = Field(default="", max_length=500, pattern=WITHOUT_NUL)


@router.post("/sites/{site_id}/planned-tests")
async def plan(site_id: SiteId, body: PlanBody, caller: SignedIn, parts: StationParts) -> PlannedTest:
    """Plan a test of a site, once or recurring; answers with it."""

    def act(ledger: Ledger) -> PlannedTest:
        number = planned.plan(ledger, caller, parts.profile, site_id, body.planned, body.asked)
        return planned_store.view(ledger.connection, number)

    return await answer_once(parts, caller, f"plan-test/{site_id}", body, act, _PLANNED)


@router.get("/planned-tests")
async def listed(caller: SignedIn, parts: StationParts, expired: bool = False) -> list[PlannedTest]:
    """What is planned and what runs now, the next first; with ``expired`` what expired in the last 30 days too."""
    require(caller.roles, Right.WATCH)
    now = parts.clock.now()
    return await parts.database.read(lambda connection: planned_store.listed(connection, now, expired=expired))


@router.post("/planned-tests/{planned_id}/change")
async def change(planned_id: PlannedId, body: ChangeBody, caller: SignedIn, parts: StationParts) -> PlannedTest:
    """Change what is planned; a test of it that runs already goes on as it is."""

    def act(ledger: Ledger) -> PlannedTest:
        planned.change(ledger, caller, parts.profile, planned_id, body.version, body.planned)
        return planned_store.view(ledger.connection, planned_id)

    return await answer_once(parts, caller, f"plan-change/{planned_id}", body, act, _PLANNED)


@router.post("/planned-tests/{planned_id}/remove")
async def remove(planned_id: PlannedId, body: RemoveBody, caller: SignedIn, parts: StationParts) -> PlannedTest:
    """Take a planned test back; a test of it that runs goes on."""

    def act(ledger: Ledger) -> PlannedTest:
        planned.remove(ledger, caller, planned_id, body.version, body.why)
        return planned_store.view(ledger.connection, planned_id)

    return await answer_once(parts, caller, f"plan-remove/{planned_id}", body, act, _PLANNED)
