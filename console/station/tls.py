"""The station's TLS certificate: told before it expires, and taken anew when its files change, without a restart."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from cryptography import x509

from console.station.heartbeats import Heartbeats

_log = structlog.get_logger("vigie.tls")
_LOOK_EVERY_S = 60.0
_TELL_BEFORE = timedelta(days=14)
_DUTY = "looking after the TLS certificate"


class Certificate:
    """The certificate that ``context`` serves."""

    def __init__(self, cert: Path, key: Path, context: ssl.SSLContext) -> None:
        """OSError or ValueError where the files are no certificate; uvicorn has loaded the same before."""
        self._cert, self._key, self._context = cert, key, context
        self._seen = self._stamp()
        self._until = self._read()
        self._refused = ""

    def trouble(self, now: datetime) -> str | None:
        """A sentence for every console while it has expired, soon will, or the new one cannot be used."""
        if self._refused:
            return self._refused
        if self._until <= now:
            return (
                f"The station's TLS certificate expired on {self._until:%d %b %Y}: new links refuse it. "
                f"Put a new one at {self._cert}; it is taken within a minute."
            )
        if self._until - now <= _TELL_BEFORE:
            return f"The station's TLS certificate expires on {self._until:%d %b %Y at %H:%M UTC}: renew {self._cert}."
        return None

    def look(self) -> None:
        """Take the files anew where they changed. Connections that are open stay; new ones get the new certificate."""
        try:
            stamp = self._stamp()
            if stamp == self._seen:
                return
            until = self._read()
            # Tried apart first: a certificate without its key would leave the live one with neither.
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self._cert, self._key)
            self._context.load_cert_chain(self._cert, self._key)
        except (OSError, ValueError) as error:
            # Most likely half written: looked at again in a minute; what was served before is served on.
            reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or "it is no certificate"
            self._refused = f"The station's new TLS certificate cannot be used: {reason} ({self._cert})."
            _log.error("certificate not taken", reason=reason)
            return
        self._seen, self._until, self._refused = stamp, until, ""
        _log.info("certificate taken anew", until=until.isoformat())

    async def run(self, heartbeats: Heartbeats) -> None:
        """Look for ever."""
        heartbeats.expect(_DUTY, 3 * _LOOK_EVERY_S)
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            await asyncio.to_thread(self.look)
            heartbeats.beat(_DUTY)

    def _stamp(self) -> tuple[int, int]:
        return self._cert.stat().st_mtime_ns, self._key.stat().st_mtime_ns

    def _read(self) -> datetime:
        chain = x509.load_pem_x509_certificates(self._cert.read_bytes())
        return min(one.not_valid_after_utc for one in chain)
