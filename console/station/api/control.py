"""The local socket of a running station: what subcommands ask of it. Only the folder's owner can open it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import FastAPI
from pydantic import BaseModel

from console.station.acts import registry
from console.station.api import errors
from console.station.store.ledger import Ledger
from console.station.store.scribe import Scribe
from console.station.store.secrets import Secrets

T = TypeVar("T")


class OperatorRequest(BaseModel):
    """``vigie operator add``."""

    who: str
    operator: registry.NewOperator


class AccountRequest(BaseModel):
    """``vigie account set``."""

    who: str
    settings: registry.AccountSettings


class ImportRequest(BaseModel):
    """``vigie site import``."""

    who: str
    source: str
    sites: tuple[registry.NewSite, ...]


Request = OperatorRequest | AccountRequest | ImportRequest


def act_of(request: Request, secrets: Secrets) -> Callable[[Ledger], int]:
    """The act that a request asks for; the same with and without a running station."""

    def act(ledger: Ledger) -> int:
        actor = registry.local(request.who)
        if isinstance(request, OperatorRequest):
            registry.add_operator(ledger, actor, request.operator)
            return 1
        if isinstance(request, AccountRequest):
            registry.set_account(ledger, secrets, actor, request.settings)
            return 1
        return registry.import_sites(ledger, secrets, actor, request.sites, request.source)

    return act


def control_api(scribe: Scribe, secrets: Secrets, changed: Callable[[], Awaitable[None]]) -> FastAPI:
    """``changed`` is told when accounts or sites changed."""
    app = FastAPI(title="Vigie control", openapi_url=None, docs_url=None, redoc_url=None)
    errors.install(app)

    async def run(request: Request) -> dict[str, int]:
        done = await scribe.act(act_of(request, secrets))
        await changed()
        return {"done": done}

    @app.post("/operator")
    async def operator(body: OperatorRequest) -> dict[str, int]:
        return await run(body)

    @app.post("/account")
    async def account(body: AccountRequest) -> dict[str, int]:
        return await run(body)

    @app.post("/sites")
    async def sites(body: ImportRequest) -> dict[str, int]:
        return await run(body)

    return app
