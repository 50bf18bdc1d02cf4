"""One shape for every error: code, sentence, field (I12)."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from console.station.rules.refusal import Refused
from console.station.store import faults
from console.station.store.secrets import SecretsRefused
from models.records import AlarmView, ErrorBody, ErrorCode

STATUS = {
    ErrorCode.INVALID: 422,
    ErrorCode.NOT_SIGNED_IN: 401,
    ErrorCode.NOT_ALLOWED: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.CHANGED: 409,
    ErrorCode.HELD_BY_OTHER: 409,
    ErrorCode.NOT_HELD: 409,
    ErrorCode.WRONG_STATE: 409,
    ErrorCode.CONFIRM: 409,
    ErrorCode.STILL_IN_ALARM: 409,
    ErrorCode.NOTHING_WAITING: 409,
    ErrorCode.STEPS_MISSING: 409,
    ErrorCode.SIGNALS_UNSEEN: 409,
    ErrorCode.TOO_MANY_TRIES: 429,
    ErrorCode.WRONG_SECRET: 403,
    ErrorCode.LOCKED: 423,
    ErrorCode.BEHIND: 503,
}


_log = structlog.get_logger("vigie.api")
_NOT_NOW = Refused(ErrorCode.BEHIND, "The station cannot answer now. Try again.")
_LOST = "This was sealed with keys that the station no longer has. The service desk must enter it again."


class RefusedWithAlarm(Refused):
    """A refusal that also tells how the alarm stands now (I11)."""

    def __init__(self, refused: Refused, changed: AlarmView | None) -> None:
        super().__init__(refused.code, refused.sentence, refused.field, retry_after_s=refused.retry_after_s)
        self.changed = changed


def answer(refused: Refused) -> JSONResponse:
    """A refusal as a response."""
    body = ErrorBody(
        code=refused.code,
        sentence=refused.sentence,
        field=refused.field,
        changed=getattr(refused, "changed", None),
        retry_after_s=refused.retry_after_s,
    )
    headers = {} if refused.retry_after_s is None else {"Retry-After": str(refused.retry_after_s)}
    if refused.code is ErrorCode.NOT_SIGNED_IN:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body.model_dump(mode="json"), STATUS[refused.code], headers)


def install(app: FastAPI) -> None:
    """Give every failure of ``app`` the one shape."""

    @app.exception_handler(Refused)
    async def refused(_request: Request, error: Refused) -> JSONResponse:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path", "header"))
        field = str(first.get("ctx", {}).get("field") or field)
        # Never the value itself: it may be a password (I9).
        sentence = f"{field or 'The request'}: {first['msg']}."
        return answer(Refused(ErrorCode.INVALID, sentence, field or None))

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> JSONResponse:
        code = {401: ErrorCode.NOT_SIGNED_IN, 403: ErrorCode.NOT_ALLOWED, 404: ErrorCode.NOT_FOUND}.get(
            error.status_code, ErrorCode.INVALID
        )
        body = ErrorBody(code=code, sentence=f"{error.detail}.")
        return JSONResponse(body.model_dump(mode="json"), error.status_code)

    async def failed(_request: Request, error: Exception) -> JSONResponse:
        """A mistake of ours. The server logs it whole."""
        return answer(_NOT_NOW)

    async def of_the_machine(_request: Request, error: Exception) -> JSONResponse:
        """A database that is away is no mistake: a line in the log, and a console that can say so."""
        if not faults.of_database(error):
            raise error
        _log.error("database cannot be read", error=faults.reason(error))
        return answer(_NOT_NOW)

    @app.exception_handler(SecretsRefused)
    async def not_opened(_request: Request, error: SecretsRefused) -> JSONResponse:
        """What was sealed with keys that were lost and replaced since."""
        _log.error("not opened", error=str(error))
        return answer(Refused(ErrorCode.WRONG_STATE, _LOST))

    app.add_exception_handler(Exception, failed)
    for kind in faults.MACHINE:
        app.add_exception_handler(kind, of_the_machine)
