"""Everything between a socket's bytes and an event, under atheris: ``python -m tests.fuzz.fuzz_frames``.

Not collected by pytest, and not part of the development extras: ``uv sync --group fuzz``. Options are libFuzzer's, for
example ``-runs=10000000 -rss_limit_mb=512 -timeout=5``. Seeded from the vectors. Reports inputs, and memory at the end.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import random
import resource
import sys
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import atheris

# Blind: no coverage to guide it, five times as many inputs a second; what both do is what the numbers are made of.
BLIND = os.environ.get("VIGIE_FUZZ_BLIND") == "1"
GUIDED = ["console.station.dc09", "console.station.rules.overrides"]
with contextlib.nullcontext() if BLIND else atheris.instrument_imports(include=GUIDED):
    from console.station import dc09
    from console.station.dc09 import Frame, Framer, Rejected, Unreadable
    from console.station.rules.overrides import changed_overrides, overridden
    from console.station.rules.refusal import Refused

KEY = bytes(range(16))
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OVERRIDES = changed_overrides({}, ("423=duress", "NC=closing", "3110=panic"))
MOST_KEPT = 16_384
VECTORS = Path(__file__).parents[1] / "console" / "station" / "dc09" / "vectors"


def one_input(data: bytes) -> None:
    """The first byte says how the rest is dressed and cut; any exception is a finding."""
    if not data:
        return
    how, body = data[0], data[1:]
    if how & 1:
        # A right envelope round wrong content: else the check sum keeps the fuzzer out of everything behind it.
        body = dressed(how, body)
    whole = fed([body])
    places = sorted({(how * step) % (len(body) + 1) for step in (3, 7, 11)} | {0, len(body)})
    pieces = [body[begin:end] for begin, end in pairwise(places)]
    assert frames(fed(pieces)) == frames(whole), "the same bytes, cut otherwise, gave other frames"
    if how & 248 == 248 and len(body) < 160:
        single = [body[place : place + 1] for place in range(len(body))]
        assert frames(fed(single)) == frames(whole), "byte by byte they gave other frames"
    for found in whole:
        looked_at(found, reply=bool(how & 16))
    if not how & 32:
        return
    looked_at(dc09.parse_datagram(body), reply=False)
    dc09.inspect(body)
    with contextlib.suppress(Refused):
        changed_overrides(OVERRIDES, (body[:20].decode("latin-1"),))


def dressed(how: int, body: bytes) -> bytes:
    """A frame whose check sum and length are right: clear or encrypted, hex or binary, with something behind it."""
    if how & 2:
        head, _, inside = body.partition(b"[")
        body = head + b"[" + dc09.encrypt_content(inside, KEY, NOW, b"")
    frame = dc09.envelope(body[:4095], binary_crc=bool(how & 4))
    return frame + (body[:40] if how & 8 else b"")


def fed(pieces: list[bytes]) -> list[Frame | Rejected]:
    framer = Framer()
    found: list[Frame | Rejected] = []
    for piece in pieces:
        found += framer.feed(piece)
        assert len(framer._buffer) <= MOST_KEPT, "memory grows"
    found += framer.expire()
    assert not framer.pending
    return found


def frames(found: list[Frame | Rejected]) -> list[tuple[bytes, bool]]:
    return [(item.raw, item.length_ok) for item in found if isinstance(item, Frame)]


def looked_at(found: Frame | Rejected, *, reply: bool) -> None:
    """All that the station does with it before the journal."""
    if isinstance(found, Rejected):
        named = found.named
        assert named is None or len(named[1]) <= 32
        dc09.masked_bytes(found.raw)
        if found.echo:
            dc09.unable(found)
        return
    opened = found
    if found.encrypted:
        try:
            opened = dc09.decrypt(found, KEY)
        except Unreadable:
            opened = found
    dc09.masked(found, opened)
    dc09.within_window(opened, NOW)
    assert opened.happened_at is None or opened.happened_at.tzinfo is UTC
    for event in dc09.decode_events(opened):
        meant = overridden(event, OVERRIDES)
        assert meant.kind
    if not reply:
        return
    answers = fed([dc09.acknowledge(found, key=KEY, now=NOW)])
    assert [type(answer) for answer in answers] == [Frame], "our own reply cannot be read"
    dc09.refuse_time(found, NOW)
    dc09.unable(found)


def seeds() -> list[bytes]:
    """The vectors as they are, and their bodies to be dressed anew."""
    found: list[bytes] = []
    for name in ("dc09_issues", "dc09_code", "dc09_java"):
        for line in (VECTORS / f"{name}.jsonl").read_text().splitlines():
            raw = bytes.fromhex(json.loads(line)["raw_hex"])
            quote = raw.find(b'"')
            found += [b"\xf8" + raw, b"\x00" + raw + raw, b"\x3d" + raw[quote:-1], b"\x13" + raw[quote:-1]]
    for line in (VECTORS / "field.jsonl").read_text(encoding="utf-8").splitlines():
        raw, _ = codecs.escape_decode(json.loads(line)["frame"])
        assert isinstance(raw, bytes)
        quote = raw.find(b'"')
        found += [b"\xf8" + raw, b"\x3d" + raw[quote:-1], b"\x13" + raw[quote:-1]]
    head = b"\x5f\x00\x01\xa1\xb2\xc3\x00\x00" + b"\n\r" * 8
    foreign = head + crc32(head).to_bytes(4, "big")
    return [*found, b"\xf8" + foreign, b"\x00" + foreign + b"_" + foreign, b"\x20" + foreign]


SEEDS = seeds()


def mutated(_data: bytes, most: int, seed: int) -> bytes:
    """For a blind run, in which libFuzzer keeps no corpus: one of the seeds, changed a few times."""
    chance = random.Random(seed)
    data = chance.choice(SEEDS)[:most]
    for _ in range(chance.randrange(4)):
        data = atheris.Mutate(data, most)
    return bytes([chance.randrange(256)]) + data[1:]


def main() -> None:
    """Run libFuzzer over it; its own words end with the number of inputs."""
    with tempfile.TemporaryDirectory(prefix="vigie-fuzz-") as place:
        corpus = Path(place)
        for number, data in enumerate(SEEDS):
            (corpus / f"seed-{number:04d}").write_bytes(data)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"memory before: {before // 1024} MiB", file=sys.stderr, flush=True)
        more = {"custom_mutator": mutated} if BLIND else {}
        atheris.Setup([sys.argv[0], *sys.argv[1:], str(corpus)], one_input, **more)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
