"""The operator API: OpenAPI at ``/openapi.json``."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from console.station.api import (
    alarms,
    asking,
    calls,
    customer,
    errors,
    handover,
    hours,
    journal,
    operators,
    performance,
    picture,
    planned,
    procedures,
    reports,
    sessions,
    shelving,
    shift,
    site_file,
    sites,
    storms,
    tasks,
    testmode,
)
from console.station.api.context import Parts
from console.station.rules.refusal import Refused
from models.records import ErrorBody, ErrorCode

_LARGEST_BODY = 64 * 1024
_LARGEST_FILE = 1024 * 1024
"""A part of a site file: the zones of a large site are the most that anybody says at once."""


def operator_api(parts: Parts) -> FastAPI:
    """The API over a running station's parts."""
    app = FastAPI(
        title="Vigie operator API",
        version=version("vigie"),
        docs_url=None,
        redoc_url=None,
        responses={status: {"model": ErrorBody} for status in (401, 403, 404, 409, 422, 423, 429, 503)},
    )
    app.state.parts = parts
    errors.install(app)
    tests = (testmode, planned, shelving)
    for part in (
        sessions,
        picture,
        alarms,
        calls,
        sites,
        *tests,
        site_file,
        procedures,
        tasks,
        hours,
        shift,
        handover,
        reports,
        journal,
        performance,
        operators,
        asking,
        storms,
    ):
        app.include_router(part.router)
    app.include_router(customer.router)

    app.add_middleware(_LimitBody)
    return app


class _LimitBody:
    """Refuses large bodies before they are read. Plain ASGI: the feed must stream through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            length = headers.get(b"content-length", b"0")
            most = _LARGEST_FILE if scope["path"].endswith("/file") else _LARGEST_BODY
            if not length.isdigit() or int(length) > most or b"transfer-encoding" in headers:
                refused = errors.answer(Refused(ErrorCode.INVALID, "The request is too large."))
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)
