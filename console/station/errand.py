"""Subcommands that change something: through a running station's local socket, or under the folder's lock."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
from sqlalchemy.exc import SQLAlchemyError

from console.station.api.control import AccountRequest, ImportRequest, OperatorRequest, Request, act_of
from console.station.clock import SystemClock
from console.station.folder import DataFolder, FolderInUse, FolderRefused
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.refusal import Refused
from console.station.sealing import Sealer
from console.station.service import prepare
from console.station.store.database import Database, DatabaseRefused, postgres_url
from console.station.store.scribe import Scribe
from console.station.store.secrets import Secrets, SecretsRefused, folder_for_url

_ROUTES = {OperatorRequest: "/operator", AccountRequest: "/account", ImportRequest: "/sites"}


class ErrandFailed(Exception):
    """It was not done; the message is a sentence."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


async def do(place: Path | str, request: Request) -> None:
    """Do what ``request`` asks on the station of ``place`` (a data folder, or a PostgreSQL URL)."""
    try:
        if isinstance(place, str):
            url = postgres_url(place)
            await _here(Database.postgres(url), Secrets.open(folder_for_url(url)), request)
            return
        folder = DataFolder(place)
        folder.create()
        try:
            lock = folder.lock()
        except FolderInUse:
            await _ask(folder, request)
            return
        try:
            await _here(Database.sqlite(folder.database), Secrets.open(folder.secrets), request)
        finally:
            lock.release()
    except Refused as refused:
        raise ErrandFailed(refused.sentence) from refused
    except (FolderRefused, DatabaseRefused, SecretsRefused) as error:
        raise ErrandFailed(str(error)) from error
    except (SQLAlchemyError, OSError) as error:
        raise ErrandFailed(
            f"The database cannot be used: {str(getattr(error, 'orig', error)).splitlines()[0]}"
        ) from error


async def _ask(folder: DataFolder, request: Request) -> None:
    transport = httpx.AsyncHTTPTransport(uds=str(folder.control))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://station", timeout=300) as client:
            answer = await client.post(
                _ROUTES[type(request)],
                content=request.model_dump_json(),
                headers={"Content-Type": "application/json"},
            )
    except httpx.HTTPError as error:
        raise ErrandFailed(f"The station in {folder.path} runs but does not answer on {folder.control}.", 3) from error
    if answer.status_code != 200:
        raise ErrandFailed(answer.json()["sentence"])


async def _here(database: Database, secrets: Secrets, request: Request) -> None:
    clock = SystemClock()
    try:
        await database.check_durable()
        journal_id = await database.write(prepare)
        sealer = Sealer(secrets, journal_id, clock)

        async def written(seq: int, hash_: str) -> None:
            sealer.stands(seq, hash_)

        scribe = Scribe(database, clock, DEFAULT_PROFILE, written=written)
        writing = asyncio.create_task(scribe.run())
        try:
            await scribe.act(act_of(request, secrets))
        finally:
            scribe.stop()
            await writing
            sealer.seal()
    finally:
        await database.close()
