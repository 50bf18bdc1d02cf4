"""One e-mail with one file, given to the station's mail server; what became of each address."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from console.station.mail.settings import MailSettings, MailTls

_PATIENCE_S = 30.0
LARGEST = 20_000_000
"""Bytes of a file that goes along: more is refused by most servers."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. ``message_id`` is the same at each try, so that a repeat is known as one."""

    message_id: str
    subject: str
    text: str
    file: str
    content: bytes
    media: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """Addresses that the server took the letter for, and those that it refused for good or for now, each with why."""

    taken: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    later: tuple[tuple[str, str], ...] = ()


class NotSent(Exception):
    """The server took nothing; the message is a sentence without secrets (I9)."""


def send(settings: MailSettings, letter: Letter, to: Sequence[str]) -> Sent:
    """Give the letter to the server; blocks, so for a thread. :class:`NotSent` where it took nothing."""
    message = _message(settings, letter, to)
    try:
        server = _connected(settings)
        try:
            if settings.user:
                server.login(settings.user, settings.password)
            try:
                refused = server.send_message(message, settings.sender, list(to))
            except smtplib.SMTPRecipientsRefused as error:
                refused = error.recipients
            with suppress(smtplib.SMTPException, OSError):
                # It has taken the letter: however it says good-bye, the letter is not sent again.
                server.quit()
        finally:
            server.close()
    except smtplib.SMTPAuthenticationError as error:
        # Its words are not repeated: some servers say the name or more.
        raise NotSent("The mail server does not take the station's name and password.") from error
    except ssl.SSLCertVerificationError as error:
        raise NotSent(f"The mail server's certificate is not good: {error.verify_message}.") from error
    except ssl.SSLError as error:
        raise NotSent("The mail server and the station find no common TLS.") from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"The mail server refused: {error.smtp_code} {_words(error.smtp_error)}.") from error
    except smtplib.SMTPException as error:
        raise NotSent(f"The mail server does not do what is needed: {_words(str(error))}.") from error
    except OSError as error:
        raise NotSent(f"The mail server cannot be reached: {error.strerror or error}.") from error
    told = {address: (code, f"{code} {_words(words)}") for address, (code, words) in refused.items()}
    return Sent(
        taken=tuple(address for address in to if address not in told),
        refused=tuple((address, why) for address, (code, why) in told.items() if code >= 500),
        later=tuple((address, why) for address, (code, why) in told.items() if code < 500),
    )


def _connected(settings: MailSettings) -> smtplib.SMTP:
    if settings.tls is MailTls.IMPLICIT:
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=_PATIENCE_S, context=settings.context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=_PATIENCE_S)
    if settings.tls is MailTls.STARTTLS:
        try:
            server.starttls(context=settings.context)
        except BaseException:
            server.close()
            raise
    return server


def _message(settings: MailSettings, letter: Letter, to: Sequence[str]) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address("Vigie", addr_spec=settings.sender)
    message["To"] = [Address(addr_spec=address) for address in to]
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = letter.message_id
    # No answer of a machine to a machine.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    kind, _, part = letter.media.partition("/")
    charset = {"charset": "utf-8"} if kind == "text" else {}
    message.add_attachment(letter.content, maintype=kind, subtype=part, filename=letter.file, params=charset)
    return message


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    # What it says is journaled and stored: PostgreSQL takes no NUL, and nobody reads what cannot be printed.
    printed = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printed.split())[:200].rstrip(".")
