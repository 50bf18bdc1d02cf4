"""Sites over HTTP: found by a few letters, put in and out of test."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field, TypeAdapter
from sqlalchemy import Connection, or_, select

from console.station.acts import testmode
from console.station.api.context import WITHOUT_NUL, ActBody, SignedIn, StationParts, answer_once
from console.station.rules.rights import Right, require
from console.station.store import sites as site_store
from console.station.store.ledger import Ledger
from console.station.store.views import sites_in_test
from models.records import SiteRef, TestView
from models.tables import SiteRow, SystemRow

router = APIRouter(prefix="/v1/sites")
_TEST: TypeAdapter[TestView | None] = TypeAdapter(TestView | None)


class TestBody(ActBody):
    """Whole-site test on or off: who asked, and why (F1, F3)."""

    __test__ = False

    on: bool
    asked_by: str = Field(default="", max_length=200, description="Who asked; required to put a site in test.")
    why: str = Field(default="", max_length=500, description="The reason; required to put a site in test.")


@router.get("")
async def find(
    caller: SignedIn, parts: StationParts, q: Annotated[str, Query(min_length=1, max_length=100, pattern=WITHOUT_NUL)]
) -> list[SiteRef]:
    """Sites whose name, number, town or account contains the words; at most 50."""
    require(caller.roles, Right.WATCH)

    def read(connection: Connection) -> list[SiteRef]:
        pattern = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").lower() + "%"
        by_account = select(SystemRow.site).where(SystemRow.account.ilike(pattern, escape="\\"))
        rows = connection.execute(
            select(SiteRow)
            .where(
                or_(
                    SiteRow.name.ilike(pattern, escape="\\"),
                    SiteRow.id.ilike(pattern, escape="\\"),
                    SiteRow.town.ilike(pattern, escape="\\"),
                    SiteRow.id.in_(by_account),
                )
            )
            .order_by(SiteRow.name)
            .limit(50)
        )
        return [site_store.ref(row) for row in rows]  # type: ignore[arg-type]

    return await parts.database.read(read)


@router.post("/{site_id}/test")
async def test(
    site_id: Annotated[str, Path(max_length=40, pattern=WITHOUT_NUL)],
    body: TestBody,
    caller: SignedIn,
    parts: StationParts,
) -> TestView | None:
    """Put a whole site in test, or take it out (F1, G5). Answers with the test, or null when it is over."""

    def act(ledger: Ledger) -> TestView | None:
        if not body.on:
            testmode.take_out_of_test(ledger, caller, site_id, body.why)
            return None
        testmode.put_in_test(ledger, caller, site_id, body.asked_by, body.why)
        return sites_in_test(ledger.connection, [site_id])[0]

    return await answer_once(parts, caller, f"test/{site_id}", body, act, _TEST)
