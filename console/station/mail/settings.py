"""How the station sends e-mail; read once at the start, refused with a sentence."""

from __future__ import annotations

import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from console.station.other_server import checked_by, on_this_machine, password_in
from models.records import MAIL_ADDRESS

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


class MailRefused(Exception):
    """E-mail cannot be sent as it was given; the message is a sentence."""


class MailTls(StrEnum):
    """How the connection is kept from others."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"
    """On the same machine alone."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Which server takes the station's e-mail, and to whom it may go."""

    host: str
    port: int
    tls: MailTls
    sender: str
    domains: tuple[str, ...] = ()
    """Addresses of these domains alone; empty: of any."""
    user: str = ""
    password: str = field(default="", repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)
    """By which the server's certificate is checked; None: without TLS."""

    @classmethod
    def read(
        cls,
        server: str,
        tls: str,
        sender: str | None,
        domains: Sequence[str] = (),
        user: str | None = None,
        password_file: Path | None = None,
        ca: Path | None = None,
    ) -> MailSettings:
        """Check what was given on the command line. :class:`MailRefused` with the option at fault."""
        if tls not in list(MailTls):
            raise MailRefused("--smtp-tls: starttls, implicit or none")
        how = MailTls(tls)
        host, port = _server(server)
        if how is MailTls.NONE and not on_this_machine(host):
            raise MailRefused(f"--smtp-tls: {host} is another machine: without TLS anybody between can read along")
        if not sender or not re.fullmatch(MAIL_ADDRESS, sender):
            raise MailRefused("--smtp-from: the address that the station writes from, as vigie@station.example")
        if (user is None) != (password_file is None):
            raise MailRefused("--smtp-user and --smtp-password-file go together")
        low = tuple(dict.fromkeys(domain.lower() for domain in domains))
        for domain in low:
            if not _DOMAIN.fullmatch(domain):
                raise MailRefused(f"--smtp-domain: '{domain}' is no domain, as station.example")
        password = password_in(password_file, "--smtp-password-file", MailRefused) if password_file is not None else ""
        context = None if how is MailTls.NONE else checked_by(ca, "--smtp-ca", MailRefused)
        return cls(host, port, how, sender, low, user or "", password, context)

    def may(self, address: str) -> bool:
        """Whether e-mail goes to that address."""
        return not self.domains or address.rpartition("@")[2].lower() in self.domains


def _server(given: str) -> tuple[str, int]:
    host, _, port = given.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise MailRefused(f"--smtp: '{given}' is not HOST:PORT")
    return host.strip("[]"), int(port)
