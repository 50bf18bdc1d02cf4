"""How the mail server is given on the command line: refused with the option at fault, secrets never repeated (I9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.station.mail.settings import MailRefused, MailSettings


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("hush-hush\n")
    file.chmod(0o600)
    return file


def test_I9_the_password_is_read_from_its_file_and_shown_nowhere(password: Path) -> None:
    found = MailSettings.read("mail:587", "starttls", "vigie@station.example", (), "vigie", password)
    assert (found.host, found.port, found.password) == ("mail", 587, "hush-hush")
    assert found.context is not None
    assert found.context.check_hostname
    assert "hush" not in repr(found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"server": "mail"}, "is not HOST:PORT"),
        ({"server": "mail:0"}, "is not HOST:PORT"),
        ({"tls": "maybe"}, "starttls, implicit or none"),
        ({"tls": "none"}, "is another machine: without TLS"),
        ({"sender": None}, "--smtp-from"),
        ({"sender": "vigie"}, "--smtp-from"),
        ({"sender": "a@b.example\nBcc: x@y.example"}, "--smtp-from"),
        ({"domains": ("station",)}, "is no domain"),
        ({"domains": ("sta tion.example",)}, "is no domain"),
        ({"user": "vigie"}, "go together"),
        ({"ca": Path("/nowhere.pem")}, "--smtp-ca"),
        ({"user": "vigie", "password_file": Path("/nowhere")}, "cannot be read"),
    ],
)
def test_I12_what_cannot_be_is_refused_by_its_option(given: dict[str, Any], said: str) -> None:
    asked = {"server": "mail:587", "tls": "starttls", "sender": "vigie@station.example", **given}
    with pytest.raises(MailRefused, match=said):
        MailSettings.read(**asked)


def test_I9_a_password_that_others_may_read_is_refused(password: Path) -> None:
    password.chmod(0o640)
    with pytest.raises(MailRefused, match="chmod 600"):
        MailSettings.read("mail:587", "starttls", "vigie@station.example", (), "vigie", password)


def test_plain_is_for_the_same_machine_alone() -> None:
    assert MailSettings.read("127.0.0.1:25", "none", "vigie@station.example").context is None
    assert MailSettings.read("[::1]:25", "none", "vigie@station.example").host == "::1"


def test_domains_hold_whatever_the_case_and_no_longer_name() -> None:
    found = MailSettings.read("127.0.0.1:25", "none", "v@a.example", ("Station.example",))
    assert found.may("x@STATION.example")
    assert not found.may("x@station.example.evil.example")
    assert not found.may("x@sub.station.example")
