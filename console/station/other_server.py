"""What the station is told of a server that it reaches by itself (exchange, mail): where, password, certificate."""

from __future__ import annotations

import ssl
import stat
from ipaddress import ip_address
from pathlib import Path


def on_this_machine(host: str) -> bool:
    """Whether nobody between can read along."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def password_in(file: Path, option: str, refused: type[Exception]) -> str:
    """The password that a private file holds; ``refused`` with a sentence that names ``option``, never the password."""
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise refused(f"{option}: {file} cannot be read") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise refused(f"{option}: others may read {file}; `chmod 600 {file}` first")
    if not text:
        raise refused(f"{option}: {file} is empty")
    return text


def checked_by(ca: Path | None, option: str, refused: type[Exception]) -> ssl.SSLContext:
    """By which a server's certificate is checked: the system's authorities, or those in ``ca``."""
    try:
        return ssl.create_default_context(cafile=None if ca is None else str(ca))
    except (OSError, ssl.SSLError) as error:
        raise refused(f"{option}: {ca} cannot be used") from error
