"""A real mail server in the test's own loop: TLS, names and passwords, refusals, and what it took."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from console.station.mail.settings import MailSettings
from tests.console.client.test_tls import write
from tests.databases import free_port

PASSWORD = "hush-hush"
SENDER = "vigie@station.example"


@dataclass
class Post:
    """Started and stopped by the test; the port stays the same."""

    folder: Path
    tls: str = "starttls"
    port: int = field(default_factory=free_port)
    refuses: dict[str, str] = field(default_factory=dict)
    """Address to the answer that it gets."""
    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    good_bye: str = "221 bye"
    """What it says at the end; empty: it says nothing more and goes."""
    tried: int = 0
    """How often somebody came as far as a recipient, or was refused before."""
    _server: asyncio.Server | None = None

    def __post_init__(self) -> None:
        write(self.folder, datetime.now(UTC) + timedelta(days=30))
        (self.folder / "password").write_text(PASSWORD + "\n")
        (self.folder / "password").chmod(0o600)

    def settings(self, *, password: str | None = None, ca: bool = True, domains: tuple[str, ...] = ()) -> MailSettings:
        """As the command line gives them."""
        if password is not None:
            (self.folder / "password").write_text(password)
        return MailSettings.read(
            f"127.0.0.1:{self.port}",
            self.tls,
            SENDER,
            domains,
            "vigie" if self.tls != "none" else None,
            self.folder / "password" if self.tls != "none" else None,
            self.folder / "cert.pem" if ca else None,
        )

    async def start(self) -> None:
        """Take letters."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        options: dict[str, Any] = {"auth_require_tls": False}
        if self.tls != "none":
            options |= {"authenticator": self._knows, "auth_required": True}
        if self.tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        self._server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(self, **options),
            "127.0.0.1",
            self.port,
            ssl=context if self.tls == "implicit" else None,
        )

    async def stop(self) -> None:
        """Answer nobody any more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _knows(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        self.tried += 1
        good = (given.login, given.password) == (b"vigie", PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """One address of a letter."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: Any, _session: Any, _envelope: Any) -> str:
        """The end of a connection."""
        if not self.good_bye:
            server.transport.abort()
        return self.good_bye

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """A letter."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope.rcpt_tos, message))
        return "250 taken"
