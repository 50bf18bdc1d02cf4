"""Sites over HTTP: found by a few letters, put in and out of test."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field, TypeAdapter

from console.station.acts import testmode
from console.station.api.context import WITHOUT_NUL, ActBody, SignedIn, StationParts, answer_once
from console.station.rules.rights import Right, require
from console.station.store import site_words
from console.station.store.ledger import Ledger
from console.station.store.views import sites_in_test
from models.records import FoundSite, TestView

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
) -> list[FoundSite]:
    """Sites by the beginnings of words, all of which must fit: name, number, town, telephone, contact, account.

    At most 50: names that begin so, then the number or account that was typed whole, then the rest by name.
    """
    require(caller.roles, Right.WATCH)
    return await parts.database.read(lambda connection: site_words.find(connection, q))


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
