"""Seals the journal with signed checkpoints: every 10 s while it grows, and at a clean stop (I5)."""

from __future__ import annotations

import asyncio

import structlog

from console.station.clock import Clock
from console.station.heartbeats import Heartbeats
from console.station.store.checkpoints import CheckpointFile
from console.station.store.secrets import Secrets

_log = structlog.get_logger("vigie.sealing")
SEAL_EVERY_S = 10.0
_SEALING = "sealing of the journal"


class Sealer:
    """Knows where the journal stands and writes that down, signed, apart from the database."""

    def __init__(self, secrets: Secrets, journal_id: str, clock: Clock) -> None:
        self._file = CheckpointFile(secrets.folder, journal_id)
        self._secrets = secrets
        self._clock = clock
        self._at: tuple[int, str] | None = None
        self._sealed: tuple[int, str] | None = None
        self.trouble: str | None = None
        """A sentence while checkpoints cannot be written."""

    def stands(self, seq: int, hash_: str) -> None:
        """The journal stands at ``seq``, committed."""
        self._at = (seq, hash_)

    @property
    def sealed_to(self) -> int:
        """The last entry under a checkpoint of this process; 0 before the first."""
        return self._sealed[0] if self._sealed is not None else 0

    def seal(self) -> None:
        """Write a checkpoint if the journal grew since the last. A failure is told, and tried again later."""
        if self._at is None or self._at == self._sealed:
            return
        at = self._at
        try:
            self._file.add(at[0], at[1], self._clock.now(), self._secrets.sign_key)
        except OSError as error:
            self.trouble = f"The journal cannot be sealed: {error.strerror} ({self._file.path})."
            _log.error("checkpoint not written", error=error.strerror)
            return
        self._sealed, self.trouble = at, None

    async def run(self, heartbeats: Heartbeats) -> None:
        """Seal for ever."""
        heartbeats.expect(_SEALING, 3 * SEAL_EVERY_S)
        while True:
            await asyncio.sleep(SEAL_EVERY_S)
            await asyncio.to_thread(self.seal)
            heartbeats.beat(_SEALING)
