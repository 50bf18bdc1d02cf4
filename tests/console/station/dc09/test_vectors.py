"""Frames of unrelated public sources through ``vigie decode`` (facts and addresses are in ``vectors/``)."""

from __future__ import annotations

import codecs
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from console import decode_command

FOLDER = Path(__file__).parent / "vectors"
FIELDS = ("encrypted", "token", "sequence", "receiver", "line", "account")
NAMES = {"sequence": "seq"}
CONTENT = ("data", "xdata", "timestamp", "events")

DEVIATIONS: dict[str, tuple[tuple[str, ...], str]] = {
    # id: (fields that differ, why)
    "iss-024": ((*FIELDS, *CONTENT), "half of the binary CRC is missing: nothing tells where the header begins"),
    "code-052": ((*FIELDS, *CONTENT), "the text <x0A> stands before the CRC: nothing tells where the header begins"),
    "java-004": ((*FIELDS, *CONTENT), "the length 003g is no number: nothing tells where the header begins"),
    "iss-060": (("timestamp",), "month 00 is no point in time: null, where the vector repeats the panel's digits"),
    "code-043": (("events",), "the block |Atest tells more about its event: it is that event's text"),
}
"""Where we knowingly answer otherwise than the vector's author; all of these but code-043 are invalid anyway."""


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


FRAMES = [row for name in ("dc09_issues", "dc09_code", "dc09_java") for row in rows(name)]
BODIES = [row for row in rows("dc09_bodies") if "body" in row]
CHECKS = [row for row in rows("dc09_bodies") if "input" in row]


def key_of(row: dict[str, Any]) -> bytes | None:
    if "key_hex" in row:
        return bytes.fromhex(row["key_hex"])
    return row["key_ascii"].encode() if "key_ascii" in row else None


def shown(event: dict[str, Any]) -> dict[str, Any]:
    """An event of a vector in the words of ``vigie decode``."""
    digit = event.get("qualifier")
    return {
        "code": event["code"],
        "qualifier": None if digit is None else str(digit),
        "area": event.get("ri", event.get("group")),
        "address": event.get("address", event.get("zone_or_user")),
        "text": event.get("text"),
    }


def check(row: dict[str, Any], said: dict[str, Any]) -> None:
    expected, key = row["expect"], key_of(row)
    differ, _why = DEVIATIONS.get(row["id"], ((), ""))
    for field in FIELDS:
        wanted = expected.get(NAMES.get(field, field))
        if field not in differ and NAMES.get(field, field) in expected:
            assert said[field] == wanted, field
    if expected.get("encrypted") and key is None:
        assert (said["data"], said["reply"], said["events"]) == (None, None, [])
        return
    for field in ("data", "xdata"):
        if field in expected and field not in differ:
            assert said[field] == expected[field], field
    if "timestamp" in expected and "timestamp" not in differ:
        at = expected["timestamp"]
        assert said["timestamp"] == (None if at is None else f"{at}Z")
    if "events" in expected and "events" not in differ:
        assert [{name: event[name] for name in shown(event)} for event in said["events"]] == [
            shown(event) for event in expected["events"]
        ]


@pytest.mark.parametrize("row", FRAMES, ids=lambda row: row["id"])
def test_I2_frame_is_read_as_its_source_says(row: dict[str, Any]) -> None:
    said = decode_command.decode(row["raw"], key=key_of(row), at=None, pad=None)
    assert said["valid"] == row["valid"], said["reason"]
    if not row["valid"]:
        assert said["reason"]
        assert said["reply"] is None
    if row["expect"] is not None and row["expect"].get("token") is not None:
        check(row, said)


@pytest.mark.parametrize("row", [row for row in FRAMES if row["valid"]], ids=lambda row: row["id"])
def test_I2_frame_is_answered_to_the_byte(row: dict[str, Any]) -> None:
    key, wanted = key_of(row), row["expected_response"]
    said = decode_command.decode(row["raw"], key=key, at=None, pad=None)
    reply = None if said["reply"] is None else codecs.escape_decode(said["reply"])[0]
    if wanted["type"] in ("none", "depends"):
        assert reply is None
    elif wanted["type"] == "ACK":
        assert reply == codecs.escape_decode(wanted["frame"])[0]
    else:
        assert wanted["type"] == "*ACK"
        assert key is not None
        assert isinstance(reply, bytes)
        # From the token on: a binary CRC before it may hold the byte of a bracket.
        head, _, cipher = reply[reply.index(b'"*ACK"') : -1].partition(b"[")
        assert head == wanted["template"].partition("[")[0].encode()
        decryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
        plain = decryptor.update(bytes.fromhex(cipher.decode()))
        assert plain.partition(b"|")[2][:2] == b"]_"


@pytest.mark.parametrize("row", BODIES, ids=lambda row: row["id"])
def test_I2_body_that_a_report_prints_is_read(row: dict[str, Any]) -> None:
    said = decode_command.decode(row["frame_built_by_us"], key=None, at=None, pad=None)
    assert said["valid"]
    check(row, said)


@pytest.mark.parametrize("row", CHECKS, ids=lambda row: row["id"])
def test_I2_check_sum_of_a_report(row: dict[str, Any]) -> None:
    from console.station.dc09 import crc

    assert f"{crc(row['input'].encode()):04X}" == row["crc_calc"]


@pytest.mark.parametrize("late", [-41, -40, 20, 21])
def test_I2_time_window_of_an_encrypted_frame(late: int) -> None:
    row = next(row for row in FRAMES if row["id"] == "java-029")
    sent = datetime.fromisoformat(row["expect"]["timestamp"] + "+00:00")
    said = decode_command.decode(row["raw"], key=key_of(row), at=sent - timedelta(seconds=late), pad=None)
    assert said["valid"]
    assert ('"NAK"0000R0L0A0[]_' in said["reply"]) == (late not in (-40, 20))


def test_I2_pad_given_makes_the_encrypted_reply_the_same_each_time() -> None:
    row = next(row for row in FRAMES if row["id"] == "java-021")
    sent = datetime.fromisoformat(row["expect"]["timestamp"] + "+00:00")
    replies = {decode_command.decode(row["raw"], key=key_of(row), at=sent, pad=b"x" * 9)["reply"] for _ in range(5)}
    assert len(replies) == 1


def test_I2_no_deviation_is_listed_in_vain() -> None:
    known = {row["id"]: row for row in FRAMES}
    for identifier, (differ, _why) in DEVIATIONS.items():
        row = known[identifier]
        said = decode_command.decode(row["raw"], key=key_of(row), at=None, pad=None)
        stripped = {"id": "none", "expect": row["expect"]}
        with pytest.raises(AssertionError):
            check(stripped, said)
        assert differ
