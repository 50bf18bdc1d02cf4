"""The duty that sends reports by e-mail: what is due is handed out, what is under way is tried (G6)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from console.station import handover
from console.station.acts import reports
from console.station.acts.reports import Due, Underway
from console.station.clock import Clock
from console.station.handover import Making, Wanted
from console.station.heartbeats import Heartbeats
from console.station.mail.sending import LARGEST, Letter, NotSent, Sent, send
from console.station.mail.settings import MailSettings
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.shelves import Shelves
from console.station.store.database import Database
from console.station.store.scribe import Scribe
from models.records import ErrorCode, HandOverForm, ReportPlan

_log = structlog.get_logger("vigie.mailer")
LOOK_EVERY_S = 5.0
_DUTY = "reports by e-mail"
_STILL_S = 600.0
"""A letter that is made and sent takes no longer."""
MEDIA = {
    HandOverForm.CSV: "text/csv",
    HandOverForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    HandOverForm.JSONL: "application/jsonl",
    HandOverForm.PDF: "application/pdf",
}


class Mailer:
    """Run :meth:`run` as a task; tests call :meth:`look`."""

    def __init__(
        self,
        settings: MailSettings,
        database: Database,
        scribe: Scribe,
        clock: Clock,
        profile: Profile,
        heartbeats: Heartbeats,
        shelves: Shelves,
    ) -> None:
        self._settings = settings
        self._database = database
        self._scribe = scribe
        self._clock = clock
        self._profile = profile
        self._heartbeats = heartbeats
        self._shelves = shelves
        self.sender: Callable[[MailSettings, Letter, tuple[str, ...]], Sent] = send

    async def run(self) -> None:
        """Look for ever; what fails is told and tried again."""
        self._heartbeats.expect(_DUTY, _STILL_S)
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except Exception as error:
                _log.error("reports not sent", error=type(error).__name__)
            else:
                self._heartbeats.beat(_DUTY)

    async def look(self) -> None:
        """Hand out what is due, then send all that is to be tried now."""
        now = self._clock.now()
        for one in await self._database.read(lambda connection: reports.due(connection, now)):
            await self._hand_out(one)
        while await self._database.read(lambda connection: reports.to_send(connection, now)):
            letter = await self._scribe.act(reports.claim)
            if letter is None:
                return
            await self._send(letter)

    async def _hand_out(self, one: Due) -> None:
        wanted = _wanted(one.plan, *reports.period_of(one))
        try:
            extent = await self._database.read(lambda connection: handover.measure(connection, wanted))
            extent, _shelves = await handover.beyond(self._database, self._shelves, wanted, extent)
        except Refused as refused:
            if refused.code is not ErrorCode.BEHIND:
                await self._scribe.act(partial(reports.cannot, one=one, why=refused.sentence))
            # Behind: the index is being made; it is due until it is handed out.
            return
        host = self._settings.sender.rpartition("@")[2]
        selected = handover.selection(wanted, extent)
        await self._scribe.act(lambda ledger: reports.hand_out(ledger, one, wanted.words, selected, extent.head, host))

    async def _send(self, letter: Underway) -> None:
        # Whom it may go to is asked as it goes: the station may run with fewer domains than when it was set up.
        to = tuple(address for address in letter.left if self._settings.may(address))
        allowed = ", ".join(self._settings.domains)
        not_to = [(one, f"not of a domain that is allowed: {allowed}") for one in letter.left if one not in to]
        sent = await self._sent(letter, to) if to else Sent()
        refused = (*not_to, *sent.refused)
        await self._scribe.act(lambda ledger: reports.came_of(ledger, letter, sent.taken, refused, sent.later))

    async def _sent(self, letter: Underway, to: tuple[str, ...]) -> Sent:
        """What came of a try."""
        try:
            content = await self._made(_wanted(letter.plan, letter.from_at, letter.to_at), letter.head)
            if len(content) > LARGEST:
                why = f"{len(content) / 1e6:.0f} MB are too much for an e-mail: choose less, or another form."
                return Sent(refused=tuple((address, why) for address in to))
            return await asyncio.to_thread(self.sender, self._settings, self._letter(letter, content), to)
        except NotSent as error:
            return Sent(later=tuple((address, str(error)) for address in to))
        except Refused as refusal:
            return Sent(refused=tuple((address, refusal.sentence) for address in to))
        except Exception as error:
            # Told and tried as often as any other: nothing is tried for ever.
            _log.error("report not made or sent", exc_info=error)
            why = f"The station cannot make or send it ({type(error).__name__})."
            return Sent(later=tuple((address, why) for address in to))

    async def _made(self, wanted: Wanted, head: int) -> bytes:
        extent = await self._database.read(lambda connection: handover.measure(connection, wanted))
        extent, shelves = await handover.beyond(self._database, self._shelves, wanted, extent)
        upto, made = replace(extent, head=head), bytearray()
        making = Making(extent.count)
        now = self._clock.now()
        async with aclosing(handover.make(self._database, wanted, upto, making, self._profile, now, shelves)) as pieces:
            async for piece in pieces:
                made += piece
                if len(made) > LARGEST:
                    break
        return bytes(made)

    def _letter(self, letter: Underway, content: bytes) -> Letter:
        plan = letter.plan
        zone = plan.zone
        first, last = letter.from_at.astimezone(zone), letter.to_at.astimezone(zone)
        span = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}, {plan.timezone}"
        text = (
            f"{plan.name}: {handover.REPORT_WORDS[plan.report]}, {span}.\n\n"
            "Sent by Vigie, the station's journal. That it was handed out is journaled "
            f"(entry {letter.id}). It may hold personal data: keep it as such.\n"
        )
        return Letter(
            message_id=letter.message_id,
            subject=f"{plan.name} · {first:%Y-%m-%d}",
            text=text,
            file=f"{plan.report.value} {first:%Y-%m-%d}.{plan.form.value}",
            content=content,
            media=MEDIA[plan.form],
            at=self._clock.now(),
        )


def _wanted(plan: ReportPlan, begin: datetime, end: datetime) -> Wanted:
    asked = plan.asked.model_copy(update={"from_": begin, "to": end})
    return Wanted(plan.form, plan.report, asked, plan.zone, plan.language)
