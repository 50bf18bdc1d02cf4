"""Sites over HTTP: found by a few letters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter
from sqlalchemy import Connection

from console.station.api.context import WITHOUT_NUL, SignedIn, StationParts
from console.station.rules.rights import Right, require
from console.station.store import site_words
from models.records import FoundSite

_FOUND = TypeAdapter(list[FoundSite])
router = APIRouter(prefix="/v1/sites")


@router.get("", response_model=list[FoundSite])
async def find(
    caller: SignedIn, parts: StationParts, q: Annotated[str, Query(min_length=1, max_length=100, pattern=WITHOUT_NUL)]
) -> Response:
    """Sites by the beginnings of words, all of which must fit: name, number, town, telephone, contact, account.

    At most 50: names that begin so, then the number or account that was typed whole, then the rest by name.
    """
    require(caller.roles, Right.WATCH)

    # Written in the reading thread, once: the loop that receives has a key of every operator who types to answer.
    def answer(connection: Connection) -> bytes:
        return _FOUND.dump_json(site_words.find(connection, q))

    return Response(await parts.database.read(answer), media_type="application/json")
