"""The service desk's tasks over HTTP (D2)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field, TypeAdapter
from sqlalchemy import Connection, select

from console.station.acts import tasks
from console.station.api.context import ActBody, SignedIn, StationParts, answer_once
from console.station.rules.rights import Right, require
from console.station.store import sites as site_store
from console.station.store.ledger import Ledger
from models.records import DeskTask
from models.tables import DeskTaskRow

router = APIRouter(prefix="/v1/tasks")
_DONE = TypeAdapter(list[DeskTask])
_MOST = 500


class DoneBody(ActBody):
    """What was done about it."""

    why: str = Field(min_length=1, max_length=500)


@router.get("")
async def show(
    caller: SignedIn, parts: StationParts, site: Annotated[str | None, Query(max_length=40)] = None
) -> list[DeskTask]:
    """Open tasks, oldest first; of one site where given."""
    require(caller.roles, Right.WATCH)
    return await parts.database.read(lambda connection: open_tasks(connection, site))


@router.post("/{task}/done")
async def done(
    task: Annotated[int, Path(ge=0, lt=2**63)], body: DoneBody, caller: SignedIn, parts: StationParts
) -> list[DeskTask]:
    """The task is done; answers with what is left."""

    def act(ledger: Ledger) -> list[DeskTask]:
        tasks.finish(ledger, caller, task, body.why)
        return open_tasks(ledger.connection, None)

    return await answer_once(parts, caller, f"task-done/{task}", body, act, _DONE)


def open_tasks(connection: Connection, site: str | None) -> list[DeskTask]:
    """Open tasks, oldest first."""
    query = select(DeskTaskRow).where(DeskTaskRow.done_at.is_(None)).order_by(DeskTaskRow.opened_at).limit(_MOST)
    rows = connection.execute(query if site is None else query.where(DeskTaskRow.site == site)).all()
    refs = site_store.refs(connection, [row.site for row in rows if row.site])
    return [
        DeskTask(
            id=row.id,
            kind=row.kind,
            site=refs.get(row.site or ""),
            text=row.words,
            opened_at=row.opened_at,
            opened_by=row.opened_by,
        )
        for row in rows
    ]
