"""How the exchange is given on the command line: refused with the option at fault, and never repeated (I9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.station.exchange.settings import ExchangeRefused, ExchangeSettings


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("hush-hush\n")
    file.chmod(0o600)
    return file


def test_I9_the_password_is_read_from_its_file_and_shown_nowhere(password: Path) -> None:
    found = ExchangeSettings.read("http://127.0.0.1:8088", "vigie", password)
    assert (found.url, found.events) == ("http://127.0.0.1:8088/ari", "ws://127.0.0.1:8088/ari/events")
    assert found.password == "hush-hush"
    assert "hush" not in repr(found)
    assert ExchangeSettings.read("https://pbx:8089/x/ari/", "vigie", password).events == "wss://pbx:8089/x/ari/events"


def test_I9_a_file_that_others_may_read_is_refused(password: Path) -> None:
    for mode in (0o640, 0o604):
        password.chmod(mode)
        with pytest.raises(ExchangeRefused, match="chmod 600"):
            ExchangeSettings.read("http://127.0.0.1:8088", "vigie", password)


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        ("http://pbx:8088", {}, "https:// keeps the password"),
        ("ftp://127.0.0.1", {}, "is not http"),
        ("http://[::1", {}, "is no address"),
        ("http://127.0.0.1:99999", {}, "is no address"),
        ("https://u:hush@pbx", {}, "not written into the address"),
        ("https://pbx", {"endpoint": "PJSIP/201"}, "--pbx-endpoint"),
        ("https://pbx", {"trunk": "PJSIP/{number}@{number}"}, "--pbx-trunk"),
        ("https://pbx", {"trunk": "PJSIP/{number}@{x}"}, "--pbx-trunk"),
        ("https://pbx", {"user": None}, "--pbx-user"),
        ("https://pbx", {"user": "a:b"}, "colon"),
        ("https://pbx", {"ca": Path("/nowhere")}, "--pbx-ca"),
        ("https://pbx", {"password_file": Path("/nowhere")}, "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_refused(password: Path, url: str, more: dict[str, Any], said: str) -> None:
    with pytest.raises(ExchangeRefused, match=said) as refused:
        ExchangeSettings.read(**{"url": url, "user": "vigie", "password_file": password, **more})
    assert "hush" not in str(refused.value)
