"""How the telephone exchange is reached; read once at the start, refused with a sentence."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from console.station.other_server import checked_by, on_this_machine, password_in

ENDPOINT = "PJSIP/{extension}"
TRUNK = "PJSIP/{number}@trunk"


class ExchangeRefused(Exception):
    """The exchange cannot be used as it was given; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class ExchangeSettings:
    """Where the exchange is, who the station is there, and how it dials."""

    url: str
    """Of the REST interface, without a slash at its end: ``https://pbx:8089/ari``."""
    user: str
    password: str = field(repr=False)
    endpoint: str = ENDPOINT
    """How an operator's telephone is called; holds ``{extension}`` once."""
    trunk: str = TRUNK
    """How a number is called; holds ``{number}`` once."""
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @property
    def events(self) -> str:
        """The address of the event WebSocket."""
        return f"ws{self.url.removeprefix('http')}/events"

    @classmethod
    def read(
        cls,
        url: str,
        user: str | None,
        password_file: Path | None,
        endpoint: str = ENDPOINT,
        trunk: str = TRUNK,
        ca: Path | None = None,
    ) -> ExchangeSettings:
        """Check what was given on the command line. :class:`ExchangeRefused` with the option at fault."""
        if not user or password_file is None:
            raise ExchangeRefused("--pbx needs --pbx-user and --pbx-password-file")
        if any(sign in user for sign in ":\r\n"):
            raise ExchangeRefused("--pbx-user: a name without a colon")
        for option, pattern, name in (("--pbx-endpoint", endpoint, "{extension}"), ("--pbx-trunk", trunk, "{number}")):
            if pattern.count(name) != 1 or pattern.count("{") != 1 or pattern.count("}") != 1:
                raise ExchangeRefused(f"{option}: '{pattern}' does not hold {name} once")
        found = _address(url)
        return cls(
            found,
            user,
            password_in(password_file, "--pbx-password-file", ExchangeRefused),
            endpoint,
            trunk,
            _tls(found, ca),
        )


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ExchangeRefused(f"--pbx: '{url}' is no address") from error
    if parts.username is not None or parts.password is not None:
        # Not repeated here: it may hold the password.
        raise ExchangeRefused("--pbx: name and password are not written into the address")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise ExchangeRefused(f"--pbx: '{url}' is not http://HOST:PORT or https://HOST:PORT")
    if parts.scheme == "http" and not on_this_machine(host):
        raise ExchangeRefused(f"--pbx: {host} is another machine: https:// keeps the password from the network")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or '/ari'}"


def _tls(url: str, ca: Path | None) -> ssl.SSLContext | None:
    if not url.startswith("https"):
        return None
    return checked_by(ca, "--pbx-ca", ExchangeRefused)
