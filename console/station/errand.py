"""Subcommands that change something: through a running station's local socket, or under the folder's lock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from console.station.bringer import Bringer, BringRequest, EndRequest
from console.station.clock import SystemClock
from console.station.control import ROUTES, LeaveNothingRequest, RemoveArchivedRequest, Request, act_of, remove_some
from console.station.folder import DataFolder, FolderInUse, FolderRefused, make_private
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.refusal import Refused
from console.station.sealing import Sealer
from console.station.store import faults
from console.station.store.database import Database, DatabaseRefused, postgres_url
from console.station.store.opening import open_store
from console.station.store.scribe import Scribe
from console.station.store.secrets import SecretsRefused, folder_for_url


class ErrandFailed(Exception):
    """It was not done; the message is a sentence."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


Ask = Callable[[str, BaseModel], Awaitable[Any]]
"""Ask a route of the station's local socket; answers as JSON says it."""


async def do(place: Path | str, request: Request) -> None:
    """Do what ``request`` asks on the station of ``place`` (a data folder, or a PostgreSQL URL)."""
    async with hands(place) as ask:
        await ask(ROUTES.get(type(request), ""), request)


@asynccontextmanager
async def hands(place: Path | str) -> AsyncIterator[Ask]:
    """Ask several things of one station: of the running one, or here with the folder locked to the end."""
    try:
        if isinstance(place, str):
            url = postgres_url(place)
            make_private(folder_for_url(url))
            async with _here(Database.postgres(url), folder_for_url(url)) as ask:
                yield ask
            return
        folder = DataFolder(place)
        folder.create()
        try:
            lock = folder.lock()
        except FolderInUse:
            async with _there(folder) as ask:
                yield ask
            return
        try:
            async with _here(Database.sqlite(folder.database), folder.secrets) as ask:
                yield ask
        finally:
            lock.release()
    except Refused as refused:
        raise ErrandFailed(refused.sentence) from refused
    except (FolderRefused, DatabaseRefused, SecretsRefused) as error:
        raise ErrandFailed(str(error)) from error
    except (SQLAlchemyError, OSError) as error:
        raise ErrandFailed(f"The database cannot be used: {faults.reason(error)}") from error


@asynccontextmanager
async def _there(folder: DataFolder) -> AsyncIterator[Ask]:
    transport = httpx.AsyncHTTPTransport(uds=str(folder.control))
    async with httpx.AsyncClient(transport=transport, base_url="http://station", timeout=300) as client:

        async def ask(route: str, request: BaseModel) -> Any:
            content, kind = request.model_dump_json(), {"Content-Type": "application/json"}
            try:
                answer = await client.post(route, content=content, headers=kind)
            except httpx.HTTPError as error:
                raise ErrandFailed(
                    f"The station in {folder.path} runs but does not answer on {folder.control}.", 3
                ) from error
            if answer.status_code != 200:
                raise ErrandFailed(answer.json()["sentence"])
            return answer.json()

        yield ask


@asynccontextmanager
async def _here(database: Database, keys: Path) -> AsyncIterator[Ask]:
    clock = SystemClock()
    try:
        secrets, journal_id = await open_store(database, keys)
        sealer = Sealer(secrets, journal_id, clock)

        async def written(seq: int, hash_: str) -> None:
            sealer.stands(seq, hash_)

        async def changed() -> None:
            """Nobody here keeps accounts in memory."""

        scribe = Scribe(database, clock, DEFAULT_PROFILE, written=written)
        bringer = Bringer(database, scribe, secrets, changed)
        writing = asyncio.create_task(scribe.run())

        async def ask(route: str, request: BaseModel) -> Any:
            if isinstance(request, EndRequest):
                return await bringer.end(request)
            if isinstance(request, RemoveArchivedRequest):
                return {"removed": await remove_some(database, request)}
            if isinstance(request, LeaveNothingRequest):
                return {"left": not await database.leave_nothing()}
            if isinstance(request, BringRequest):
                done = await (bringer.compare if route.endswith("compare") else bringer.write)(request)
                return [verdict.model_dump(mode="json") for verdict in done]
            assert isinstance(request, Request)
            return await scribe.act(act_of(request, secrets))

        try:
            yield ask
        finally:
            scribe.stop()
            await writing
            sealer.seal()
    finally:
        await database.close()
