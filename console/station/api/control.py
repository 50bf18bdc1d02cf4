"""The local socket of a running station: what subcommands ask of it. Only the folder's owner can open it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from console.station.acts.bring import Verdict
from console.station.api import errors
from console.station.bringer import Bringer, BringRequest, EndRequest
from console.station.control import (
    LEAVE_NOTHING,
    REMOVE_ARCHIVED,
    ROUTES,
    LeaveNothingRequest,
    RemoveArchivedRequest,
    Request,
    act_of,
    remove_some,
)
from console.station.store.database import Database
from console.station.store.scribe import Scribe
from console.station.store.secrets import Secrets


def control_api(
    database: Database, scribe: Scribe, secrets: Secrets, changed: Callable[[], Awaitable[None]]
) -> FastAPI:
    """``changed`` is told when accounts or sites changed."""
    bringer = Bringer(database, scribe, secrets, changed)
    app = FastAPI(title="Vigie control", openapi_url=None, docs_url=None, redoc_url=None)
    errors.install(app)

    async def run(request: Request) -> dict[str, int]:
        done = await scribe.act(act_of(request, secrets))
        await changed()
        return {"done": done}

    def route(kind: type[Request]) -> Callable[..., Awaitable[dict[str, int]]]:
        async def handler(body: Request) -> dict[str, int]:
            return await run(body)

        handler.__annotations__["body"] = kind
        return handler

    for kind, path in ROUTES.items():
        app.add_api_route(path, route(kind), methods=["POST"])

    @app.post(REMOVE_ARCHIVED)
    async def remove_archived(body: RemoveArchivedRequest) -> dict[str, int]:
        return {"removed": await remove_some(database, body)}

    @app.post(LEAVE_NOTHING)
    async def leave_nothing(_body: LeaveNothingRequest) -> dict[str, bool]:
        return {"left": not await database.leave_nothing()}

    @app.post("/bring/compare")
    async def compare(body: BringRequest) -> list[Verdict]:
        return await bringer.compare(body)

    @app.post("/bring/write")
    async def write(body: BringRequest) -> list[Verdict]:
        return await bringer.write(body)

    @app.post("/bring/end")
    async def end(body: EndRequest) -> None:
        await bringer.end(body)

    return app
