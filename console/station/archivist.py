"""The duty that archives months as they grow old (``vigie station --archive-after``), in a process of its own (I1)."""

from __future__ import annotations

import asyncio
import contextlib
import io
import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import structlog

from console.station.heartbeats import Heartbeats

_log = structlog.get_logger("vigie.archivist")
_FIRST_S, _EVERY_S = 300.0, 3600.0
_DUTY = "archives of the journal"
_STILL_S = 24 * 3600.0
_GENTLY = 15
_LONGEST = 2_000
"""Letters of what it said: more than a pipe holds would keep it from ending."""


class Archivist:
    """Run :meth:`run` as a task; tests call :meth:`look`."""

    def __init__(self, place: Path | str, months: int, heartbeats: Heartbeats) -> None:
        """``months``: whole months that stay in the live tables."""
        self._place = place
        self._months = months
        self._heartbeats = heartbeats
        self._failed = ""
        self.trouble: str | None = None
        """A sentence while months that are old enough cannot be archived."""

    async def run(self) -> None:
        """Look for ever, seldom: a month grows old once a month."""
        self._heartbeats.expect(_DUTY, _STILL_S)
        rest = _FIRST_S
        while True:
            await asyncio.sleep(rest)
            rest = _EVERY_S
            await self.look()
            self._heartbeats.beat(_DUTY)

    async def look(self) -> None:
        """Archive what is old enough. What fails once may be another station's doing; what fails again is told."""
        status, said = await _apart(self._place, self._months)
        if status == 0:
            self._failed, self.trouble = "", None
            return
        _log.error("months not archived", said=said)
        self.trouble = f"The journal is not archived: {said}" if self._failed else None
        self._failed = said


async def _apart(place: Path | str, months: int) -> tuple[int, str]:
    """:func:`archive_quietly` in a process of its own, which is killed where the station stops meanwhile.

    Nothing is lost by that, the next look goes on; waited for, it would hold up a stop, and what panels send, for as
    long as a month takes.
    """
    # Spawned, not forked: this process's connections are not another's.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(theirs, place, months), daemon=True)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    process.start()
    theirs.close()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
        return ours.recv() if ours.poll() else (1, f"it ended without a word ({process.exitcode})")
    finally:
        loop.remove_reader(process.sentinel)
        process.kill()
        process.join()
        process.close()
        ours.close()


def _tell(whom: Connection, place: Path | str, months: int) -> None:
    status, said = archive_quietly(place, months)
    whom.send((status, said[-_LONGEST:]))


def archive_quietly(place: Path | str, months: int) -> tuple[int, str]:
    """In a process of its own: exit status, and what it said on standard error."""
    from console.station.archiving import archive_journal

    with contextlib.suppress(OSError):
        os.nice(_GENTLY)
    said = io.StringIO()
    # A station's standard output is one line long.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        status = archive_journal(place, months=months)
    return status, said.getvalue().strip().removeprefix("vigie: ")
