"""The presenter of what is handed over: the station's file put where its user wants it, whole or not at all (G6)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QObject, QTimeZone

from console.client.link import Refusal
from console.desk.papers import documents
from console.desk.place import Desk
from models.records import (
    ErrorBody,
    HandOverForm,
    HandOverProgress,
    HandOverReport,
    JournalFilter,
    StaffRole,
)
from widgets.journal.hand_over_card import HandOverCard

_LOOK_EVERY_S = 0.4
_MOST_OF_A_NAME = 100
_UNSAFE = re.compile(r"[^\w .-]+")


class HandOverDesk(QObject):
    """What the card does; ``left`` is told when it is done with."""

    def __init__(self, desk: Desk, card: HandOverCard, left: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self.card, self._left = desk, card, left
        self.folder: Callable[[], Path] = documents
        self._asked = JournalFilter()
        self._alarm = ""
        self._offered = ""
        """The file that was named for them: another name is theirs and stays."""
        self._missing = ""
        """Archives that what was handed over reaches into, and that were not mounted."""
        self._fetching: asyncio.Task[None] | None = None
        card.wanted.connect(self._begin)
        card.turned.connect(self._name_file)
        card.stop.connect(self.stop)
        card.back.connect(left)

    def may(self) -> bool:
        """Whether who is signed in hands anything over (H)."""
        session = self._desk.link.session
        return session is not None and StaffRole.SUPERVISOR in session.person.roles

    def show(self, asked: JournalFilter, alarm: str, words: str) -> None:
        """Offer what ``asked`` selects (``words`` says it), and the report of ``alarm`` where one is at hand."""
        self._asked, self._alarm = asked, alarm
        reports = [(HandOverReport.LINES, self.tr("The lines that are found"))]
        if asked.site:
            reports.append((HandOverReport.SITE, self.tr("Report: activity of the site")))
        if alarm:
            reports.append((HandOverReport.INCIDENT, self.tr("Report: alarm {0} from start to end").format(alarm)))
        if asked.operator.strip():
            reports.append((HandOverReport.OPERATOR, self.tr("Report: what the operator did")))
        forms = [
            (HandOverForm.PDF, self.tr("PDF, for reading")),
            (HandOverForm.XLSX, self.tr("XLSX, a workbook")),
            (HandOverForm.CSV, self.tr("CSV, a table")),
            (HandOverForm.JSONL, self.tr("JSON lines, exact")),
        ]
        self.card.show_choices(reports, forms)
        self.card.tell(f"{words}\n{self._others()}".strip())
        self._name_file()
        self.card.begin()

    def _others(self) -> str:
        """Which reports there are besides, and what to look for to be offered them."""
        asked = self._asked
        wanting = [
            words
            for there, words in (
                (asked.site, self.tr("of a site's activity: name the site and from when")),
                (asked.operator.strip(), self.tr("of what an operator did: name them and from when")),
                (self._alarm, self.tr("of an alarm from start to end: choose a line of it")),
            )
            if not there
        ]
        return self.tr("Reports besides, {0}.").format("; ".join(wanting)) if wanting else ""

    def _name_file(self) -> None:
        typed = self.card.file.text().strip()
        if typed and typed != self._offered:
            # Their own name: the end alone follows the form.
            known = {f".{form.value}" for form in HandOverForm}
            path = Path(typed)
            if path.suffix in known:
                self.card.show_file(str(path.with_suffix(f".{self.card.chosen()[1].value}")))
            return
        report, form = self.card.chosen()
        of = self._alarm if report is HandOverReport.INCIDENT else (self._asked.site or self._asked.operator.strip())
        at = self._desk.link.now().astimezone()
        words = {
            HandOverReport.LINES: self.tr("Journal"),
            HandOverReport.SITE: self.tr("Site activity"),
            HandOverReport.INCIDENT: self.tr("Incident report"),
            HandOverReport.OPERATOR: self.tr("Operator report"),
        }[report]
        name = _UNSAFE.sub("_", " ".join(part for part in (words, of[:60], f"{at:%Y-%m-%d %H%M}") if part))
        self._offered = str(free_name(self.folder() / f"{name}.{form.value}"))
        self.card.show_file(self._offered)

    # -- making it --------------------------------------------------------------------------------

    def _begin(self, report: HandOverReport, form: HandOverForm, typed: str) -> None:
        path = Path(typed).expanduser()
        if path.exists():
            self.card.refuse(self.tr("{0} is there already: give it another name.").format(path), "file")
            return
        asked = JournalFilter(alarm=self._alarm) if report is HandOverReport.INCIDENT else self._asked
        identifier = uuid4().hex
        body = {
            "id": identifier,
            "form": form.value,
            "report": report.value,
            "language": self.card.spoken().value,
            "asked": asked.model_dump(mode="json"),
            "file": path.name[:200],
            "timezone": bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC",
        }
        self.card.make(on=True)
        self._fetching = asyncio.ensure_future(self._fetch(path, body))
        self._desk.run(self._wait(self._fetching, identifier, path), self._refused)

    def stop(self) -> None:
        """Esc, or signed out: the station hears that nobody wants it any more."""
        if self._fetching is not None:
            self._fetching.cancel()

    def _refused(self, body: ErrorBody) -> None:
        self.card.make(on=False)
        self.card.refuse(body.sentence, body.field)

    async def _wait(self, fetching: asyncio.Task[None], identifier: str, path: Path) -> None:
        looking = asyncio.ensure_future(self._look(identifier))
        try:
            await asyncio.wait({fetching})
        finally:
            looking.cancel()
            fetching.cancel()
            self._fetching = None
        self.card.make(on=False)
        if fetching.cancelled():
            self.card.refuse(self.tr("Stopped: {0} was not made.").format(path))
            return
        try:
            fetching.result()
        except OSError as error:
            words = self.tr("{0} cannot be written: {1}").format(path, error.strerror or error)
            self.card.refuse(words, "file")
            return
        self._offered = ""
        self.card.show_file("")
        said = self.tr("Handed over as {0}").format(path)
        if self._missing:
            # Whoever reads it must not take it for all there is.
            said += " · " + self.tr("without the archives that are not mounted: {0}").format(self._missing)
        self._desk.notify(said, loud=bool(self._missing), stays=True)
        self._left()

    async def _look(self, identifier: str) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            with contextlib.suppress(Refusal):
                # None yet, or none any more: what came of it is said by the file itself.
                answer = await self._desk.link.get(f"/v1/journal/export/{identifier}")
                progress = HandOverProgress.model_validate(answer)
                self.card.show_progress(progress.done, progress.count)

    async def _fetch(self, path: Path, body: dict[str, Any]) -> None:
        """Into a file beside it, which takes its name when it is whole."""
        part = path.with_name(path.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            async with self._desk.link.streamed("/v1/journal/export", body) as answer:
                self._missing = answer.headers.get("X-Vigie-Not-Mounted", "")
                with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                    async for piece in answer.aiter_bytes():
                        out.write(piece)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def signed_out(self) -> None:
        """Nothing goes on."""
        self.stop()
        self._asked, self._alarm, self._offered = JournalFilter(), "", ""
        self.card.show_file("")


def free_name(path: Path) -> Path:
    """That name, or with a number behind it where a file has it already: two in a minute are no refusal."""
    nth = 2
    free = path
    while free.exists() and nth < _MOST_OF_A_NAME:
        free, nth = path.with_stem(f"{path.stem} {nth}"), nth + 1
    return free
