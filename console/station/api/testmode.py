"""Tests of sites over HTTP: previewed, put in, changed, looked at, taken out (F1–F5, G5)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, TypeAdapter, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection, Row

from console.station import testing_report
from console.station.acts import testmode
from console.station.api.context import WITHOUT_NUL, ActBody, SignedIn, StationParts, answer_once
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import site_file, testmode_alarms, testmode_journal, testmode_views
from console.station.store import testmode as test_store
from console.station.store.ledger import Ledger
from models.records import (
    Entry,
    ErrorCode,
    ScopePreview,
    SiteFile,
    StillThere,
    TestAsked,
    TestBegun,
    TestDetail,
    TestScope,
    TestView,
)
from models.records.record import Record

router = APIRouter(prefix="/v1")
_TEST = TypeAdapter(TestView)
_BEGUN = TypeAdapter(TestBegun)
_ENDED = TypeAdapter(TestDetail)
SiteId = Annotated[str, Path(max_length=40, pattern=WITHOUT_NUL)]
_LONGEST_BACK = 31
TestId = Annotated[int, Path(ge=1, le=2**62)]


class ScopeBody(Record):
    """A scope to be looked at."""

    scope: TestScope


class WantedBody(ActBody):
    """What a test is to be."""

    scope: TestScope = TestScope()
    why: str = Field(max_length=500, pattern=WITHOUT_NUL)
    ticket: str = Field(default="", max_length=60, pattern=WITHOUT_NUL)
    ends_at: datetime | None = None
    confirmed: bool = Field(default=False, description="Life safety in a part was confirmed once more.")

    @field_validator("ends_at")
    @classmethod
    def _aware(cls, at: datetime | None) -> datetime | None:
        if at is not None and at.tzinfo is None:
            raise PydanticCustomError("ends_at", "A time needs its zone")
        try:
            return None if at is None else at.astimezone(UTC)
        except OverflowError:
            raise PydanticCustomError("ends_at", "There is no such time") from None

    @property
    def wanted(self) -> testmode.Wanted:
        """As the act takes it."""
        return testmode.Wanted(self.scope, self.why, self.ticket, self.ends_at, self.confirmed)


class BeginBody(WantedBody):
    """A new test, and who asked for it."""

    asked: TestAsked = TestAsked()


class ChangeBody(WantedBody):
    """A test as it is to be from now on; ``version`` is what was looked at."""

    version: int
    still: StillThere = Field(default=StillThere.ASK, description="Of zones in alarm that are in no test then.")


class EndBody(ActBody):
    """Out of test; what becomes of zones that are still in alarm."""

    why: str = Field(default="", max_length=500, pattern=WITHOUT_NUL)
    still: StillThere = StillThere.ASK


@router.post("/sites/{site_id}/tests/preview")
async def preview(site_id: SiteId, body: ScopeBody, caller: SignedIn, parts: StationParts) -> ScopePreview:
    """What a scope would silence at a site, and what stays live. Changes nothing."""
    require(caller.roles, Right.WATCH)

    def read(connection: Connection) -> ScopePreview:
        testmode.site_named(connection, site_id)
        return testmode_views.preview(connection, site_id, testmode.plain_scope(connection, site_id, body.scope))

    return await parts.database.read(read)


@router.post("/sites/{site_id}/tests")
async def begin(site_id: SiteId, body: BeginBody, caller: SignedIn, parts: StationParts) -> TestBegun:
    """Put a site in test, whole or in part; answers with the test, and with the alarms of its scope that go on (F5)."""

    def act(ledger: Ledger) -> TestBegun:
        test = testmode.put_in_test(ledger, caller, parts.profile, site_id, body.wanted, body.asked)
        begun = testmode_views.of(ledger.connection, test).test
        run_on = testmode_alarms.run_on(ledger.connection, site_id, test, ledger.now)
        return TestBegun(**begun.model_dump(), run_on=run_on)

    return await answer_once(parts, caller, f"test/{site_id}", body, act, _BEGUN)


@router.get("/tests")
async def over(
    caller: SignedIn, parts: StationParts, over_days: Annotated[int, Query(ge=1, le=_LONGEST_BACK)]
) -> list[TestView]:
    """The tests that ended in the last days, the last that ended first; at most 500. Those that run: the picture."""
    require(caller.roles, Right.WATCH)
    since = parts.clock.now() - timedelta(days=over_days)
    return await parts.database.read(lambda connection: testmode_views.over(connection, since))


@router.get("/tests/{test_id}")
async def look(test_id: TestId, caller: SignedIn, parts: StationParts) -> TestDetail:
    """A test with the check-list of its zones, also one that is over."""
    require(caller.roles, Right.WATCH)
    return await parts.database.read(lambda connection: _detail(connection, test_id))


@router.get("/tests/{test_id}/report.pdf", response_class=Response)
async def printed(test_id: TestId, caller: SignedIn, parts: StationParts) -> Response:
    """The printable report of a test that runs or is over, for whoever asked for it (F4)."""
    require(caller.roles, Right.WATCH)

    def read(connection: Connection) -> tuple[TestDetail, SiteFile | None]:
        found = _detail(connection, test_id)
        return found, site_file.read(connection, found.test.site.id, parts.clock.now())

    found, file = await parts.database.read(read)
    zone = file.details.timezone if file is not None else "UTC"
    # Setting type takes a tenth of a second: not on the loop that receives.
    paper = await asyncio.to_thread(testing_report.report, found, zone, parts.clock.now())
    return Response(paper, media_type="application/pdf")


@router.get("/tests/{test_id}/signals")
async def signals(test_id: TestId, caller: SignedIn, parts: StationParts) -> list[Entry]:
    """What came in a test and what was done to it, newest first; at most 100 entries."""
    require(caller.roles, Right.WATCH)
    return await parts.database.read(lambda connection: testmode_journal.came(connection, _row(connection, test_id)))


@router.post("/tests/{test_id}/change")
async def change(test_id: TestId, body: ChangeBody, caller: SignedIn, parts: StationParts) -> TestView:
    """Change the scope, the reason or the end of a test that runs. What leaves it in alarm is asked about."""

    def act(ledger: Ledger) -> TestView:
        testmode.change(ledger, caller, parts.profile, test_id, body.version, body.wanted, body.still)
        return testmode_views.of(ledger.connection, test_id).test

    return await answer_once(parts, caller, f"test-change/{test_id}", body, act, _TEST)


@router.post("/tests/{test_id}/end")
async def end(test_id: TestId, body: EndBody, caller: SignedIn, parts: StationParts) -> TestDetail:
    """Take a site out of a test. Zones that are still in alarm are asked about, then raised or left."""

    def act(ledger: Ledger) -> TestDetail:
        testmode.take_out_of_test(ledger, caller, parts.profile, test_id, body.why, body.still)
        return testmode_views.of(ledger.connection, test_id)

    return await answer_once(parts, caller, f"test-end/{test_id}", body, act, _ENDED)


def _detail(connection: Connection, test_id: int) -> TestDetail:
    return testmode_views.detail(connection, _row(connection, test_id))


def _row(connection: Connection, test_id: int) -> Row[Any]:
    row = test_store.row_of(connection, test_id)
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no test {test_id}.", "test")
    return row
