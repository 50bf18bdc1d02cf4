"""The journal handed over over HTTP: a file that is sent while it is made, and how far it has come (G6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from fastapi import APIRouter, Path, Request
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.types import Receive, Scope, Send

from console.station import handover
from console.station.acts.handing_out import journal_handed_out
from console.station.api.context import Body, Parts, SignedIn, StationParts
from console.station.api.journal import check
from console.station.handover import Making, Stopped, Wanted
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.shelves import Shelf
from console.station.store.journal_search import Extent
from models.records import ErrorCode, HandOverForm, HandOverProgress, HandOverReport, JournalFilter, Language

router = APIRouter(prefix="/v1")
AT_A_TIME = 2
"""Files that are made at once, by all supervisors together: signals need the processor as well (I1)."""
_MEDIA = {
    HandOverForm.CSV: "text/csv; charset=utf-8",
    HandOverForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    HandOverForm.JSONL: "application/jsonl",
    HandOverForm.PDF: "application/pdf",
}


class HandOverBody(Body):
    """What is wanted, and as what."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    """Chosen by who asks: by it they see how far it is."""
    form: HandOverForm
    report: HandOverReport = HandOverReport.LINES
    asked: JournalFilter = JournalFilter()
    file: str = Field(default="a file", min_length=1, max_length=200)
    """How the file is called where it is kept: for the journal."""
    timezone: str = Field(default="UTC", max_length=60)
    """The reader's; a report of a site is set in the site's own."""
    language: Language = Language.EN
    """The reader's: a paper speaks it."""


@router.post("/journal/export", response_class=StreamingResponse)
async def export(body: HandOverBody, request: Request, caller: SignedIn, parts: StationParts) -> StreamingResponse:
    """Hand over what the filter selects. It is journaled first; whoever goes away stops it.

    ``X-Vigie-Lines`` says how many lines there are. A file that broke off was not sent whole: its end is missing.
    """
    require(caller.roles, Right.HAND_OVER)
    _check(body)
    wanted = Wanted(body.form, body.report, body.asked, ZoneInfo(body.timezone), body.language)
    key = (caller.login, body.id)
    if key in parts.handovers:
        raise Refused(ErrorCode.INVALID, "This identifier is used for a file that is being made.", "id")
    if len(parts.handovers) >= AT_A_TIME:
        sentence = f"{AT_A_TIME} files of the journal are being made already. Try again when one of them is done."
        raise Refused(ErrorCode.BEHIND, sentence, retry_after_s=30)
    making = parts.handovers[key] = Making(0)
    try:
        extent = await parts.database.read(lambda connection: handover.measure(connection, wanted))
        extent, shelves = await handover.beyond(parts.database, parts.shelves, wanted, extent)
        making.count = extent.count
        selected = handover.selection(wanted, extent)
        # First: who has it is in the journal, whatever becomes of the file.
        await parts.scribe.act(
            lambda ledger: journal_handed_out(ledger, caller.actor, wanted.words, body.file, selected)
        )
    except BaseException:
        del parts.handovers[key]
        raise
    heads = {
        "X-Vigie-Lines": str(extent.count),
        "Content-Disposition": f'attachment; filename="{body.report.value}.{body.form.value}"',
    }
    if extent.missing:
        heads["X-Vigie-Not-Mounted"] = ", ".join(extent.missing)
    sent = _sent(request, parts, wanted, extent, making, shelves)
    return _Sent(sent, lambda: parts.handovers.pop(key, None), body.form, heads)


@router.get("/journal/export/{id}")
async def progress(
    id: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")], caller: SignedIn, parts: StationParts
) -> HandOverProgress:
    """How far a file of one's own has come that is being made."""
    require(caller.roles, Right.HAND_OVER)
    making = parts.handovers.get((caller.login, id))
    if making is None:
        raise Refused(ErrorCode.NOT_FOUND, "No such file is being made.", "id")
    return making.progress


def _check(body: HandOverBody) -> None:
    check(body.asked)
    for name, value in body.asked:
        if any("\x00" in text for text in (value if isinstance(value, tuple) else (value,)) if isinstance(text, str)):
            raise Refused(ErrorCode.INVALID, "The text holds a NUL character.", name)
    if body.timezone not in available_timezones():
        raise Refused(ErrorCode.INVALID, f"{body.timezone} is no time zone, for example Europe/Brussels.", "timezone")


class _Sent(StreamingResponse):
    """Whatever becomes of the connection: the file is closed, and no longer among those that are made."""

    def __init__(
        self, pieces: AsyncGenerator[bytes], over: Callable[[], object], form: HandOverForm, heads: dict[str, str]
    ) -> None:
        super().__init__(pieces, media_type=_MEDIA[form], headers=heads)
        self._pieces, self._over = pieces, over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._over()
            await self._pieces.aclose()


async def _sent(
    request: Request, parts: Parts, wanted: Wanted, extent: Extent, making: Making, shelves: Sequence[Shelf]
) -> AsyncGenerator[bytes]:
    async def look() -> None:
        # Nothing is sent while a workbook or a paper is made: who went away is not heard by sending.
        while (await request.receive())["type"] != "http.disconnect":
            pass
        making.stop = True

    looking = asyncio.ensure_future(look())
    made = handover.make(parts.database, wanted, extent, making, parts.profile, parts.clock.now(), shelves)
    try:
        async with aclosing(made) as pieces:
            async for piece in pieces:
                yield piece
    except Stopped:
        return
    finally:
        making.stop = True
        looking.cancel()
