"""Frames of the field, reported in public or found beside such reports, through ``vigie decode`` (issue 16 B)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from console import decode_command

ROWS = [json.loads(line) for line in (Path(__file__).parent / "vectors" / "field.jsonl").read_text().splitlines()]
HEAD = ("valid", "token", "account", "reply")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_I2_a_frame_of_the_field_is_read_as_its_sender_meant_it(row: dict[str, Any]) -> None:
    key = bytes.fromhex(row["key"]) if "key" in row else None
    said = decode_command.decode(row["frame"], key=key, at=None, pad=None)
    expected = row["expected"]
    wanted = {name: expected[name] for name in HEAD if name in expected}
    assert {name: said[name] for name in wanted} == wanted
    assert [
        {name: event[name] for name in wanted} for event, wanted in zip(said["events"], expected["events"], strict=True)
    ] == expected["events"]
