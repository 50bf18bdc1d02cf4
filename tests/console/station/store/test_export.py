"""The journal handed out: fields in their order, one ``signal`` a signal, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

from console.station.store import export
from tests.console.station.house import START, House, site
from tests.frames import frame, sia

# The contract of the issue, written out.
FIELDS = [
    "seq", "time", "panel_time", "kind", "actor", "site", "account", "alarm", "priority", "in_test", "text", "data",
    "raw", "prev", "hash",
]  # fmt: skip


async def written(house: House, write: Any, **selection: Any) -> str:
    out = io.StringIO(newline="")
    await house.station.database.read(
        lambda connection: write(export.entries(connection, export.Selection(**selection)), out)
    )
    return out.getvalue()


async def test_jsonl_has_the_fields_in_their_order_one_object_a_line(house: House) -> None:
    await house.send(sia("1001", 1, "Nri1/BA07^caf\u00e9^"))
    lines = (await written(house, export.write_jsonl)).splitlines()
    objects = [json.loads(line) for line in lines]
    assert [list(one) for one in objects] == [FIELDS] * len(objects)
    assert [one["seq"] for one in objects] == list(range(1, len(objects) + 1))
    assert all(list(one["actor"]) == ["kind", "name", "from"] for one in objects)
    [signal] = [line for line, one in zip(lines, objects, strict=True) if one["kind"] == "signal"]
    assert "caf\u00e9" in signal
    assert all(one["prev"] == before["hash"] for before, one in pairwise(objects))


async def test_I2_one_signal_a_signal_its_frame_in_raw_and_nowhere_else(house: House) -> None:
    frames = [sia("1001", number, f"Nri1/BA{number:02d}") for number in range(1, 6)]
    await house.send(*frames, frames[-1], frames[-1])
    objects = [json.loads(line) for line in (await written(house, export.write_jsonl)).splitlines()]
    signals = [one for one in objects if one["kind"] == "signal"]
    assert [one["raw"] for one in signals] == [raw.decode().replace("\n", "\\n").replace("\r", "\\r") for raw in frames]
    for one in objects:
        if one["kind"] != "signal":
            assert one["raw"] is None
        rest = {name: value for name, value in one.items() if name != "raw"}
        assert 'SIA-DCS"0' not in json.dumps(rest)
    assert [one["kind"] for one in objects].count("repeat") == 2


async def test_a_frame_of_any_bytes_is_exported_as_escapes_that_decode_reads(house: House) -> None:
    from console import decode_command

    raw = frame(b'"SIA-DCS"0001L0#1001[#1001|Nri1/BA07^caf\xc3\xa9 \xff\x00\\^]')
    await house.send(raw)
    [entry] = await house.entries("signal")
    assert decode_command._bytes(entry["raw"]) == raw
    assert decode_command.decode(entry["raw"], key=None, at=None, pad=None)["valid"]


async def test_csv_has_the_same_and_no_formula(house: House) -> None:
    for account in ("=1+1", "+32470", "-2", "@SUM(A1)"):
        await house.send(sia(account, 1, "Nri1/BA07"))
    rows = list(csv.reader(io.StringIO(await written(house, export.write_csv), newline="")))
    assert rows[0] == FIELDS
    count = len((await written(house, export.write_jsonl)).splitlines())
    assert len(rows) == count + 1
    for row in rows[1:]:
        assert len(row) == len(FIELDS)
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), cell
    accounts = {row[FIELDS.index("account")] for row in rows[1:]}
    assert {"'=1+1", "'+32470", "'-2", "'@SUM(A1)"} <= accounts


async def test_a_site_and_a_span_of_time_are_chosen(house: House) -> None:
    await house.bring_in(site("S2", "2002"))
    for number in range(1, 5):
        house.clock.move(10)
        await house.send(sia("1001", number, "NRP"), sia("2002", number, "NRP"))

    async def signals(**selection: Any) -> list[tuple[str, str]]:
        lines = (await written(house, export.write_jsonl, **selection)).splitlines()
        found = [json.loads(line) for line in lines]
        return [(one["site"], one["time"][17:19]) for one in found if one["kind"] == "signal"]

    assert await signals(site="S2") == [("S2", "10"), ("S2", "20"), ("S2", "30"), ("S2", "40")]
    span = {"from_": START + timedelta(seconds=20), "to": START + timedelta(seconds=40)}
    assert await signals(**span) == [("S1", "20"), ("S2", "20"), ("S1", "30"), ("S2", "30")]
    assert await signals(site="S1", **span) == [("S1", "20"), ("S1", "30")]
    assert await signals(site="S9") == []


async def test_more_entries_than_a_page_come_once_each(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(export, "_PAGE", 7)
    line = await house.line()
    for number in range(1, 40):
        await line.say(sia("1001", number, "NRP"))
    seqs = [entry["seq"] for entry in await house.entries()]
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) > 40
