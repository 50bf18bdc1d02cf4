"""``vigie bench search`` and ``bench import``: many sites brought in, and found while one types (performance.md)."""

from __future__ import annotations

import asyncio
import os
import platform
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from console.bench.ground import VIGIE, serve, spread
from console.bench.load import account
from console.bench.watched import resident
from console.simulator import places
from console.station.sheets import books

OPERATOR = ("bench", "een lange bank vooruit")
_HEADS = {
    "site": ("site", "name", "street", "postcode", "town", "access"),
    "system": ("site", "account", "label", "provider", "interval_s"),
    "area": ("site", "area", "name"),
    "zone": ("site", "area", "zone", "name", "kind"),
    "contact": ("site", "order", "name", "languages", "role", "rights"),
    "number": ("site", "contact", "label", "number", "private"),
}
_ZONES, _CONTACTS = 6, 3
_KINDS = ("Bakkerij", "Apotheek", "Garage", "School", "Woning", "Magazijn", "Juwelier", "Kantoor", "Pharmacie")


def write(target: Path, count: int) -> None:
    """``count`` invented sites, each with a system, areas, zones and contacts; the same from run to run."""
    chance = random.Random("sites of the bench")  # noqa: S311 - repeatable is what is wanted
    towns = (*places.DUTCH_TOWNS, *places.FRENCH_TOWNS)
    with books.written(target, _HEADS) as add:
        for nth in range(count):
            number, (postcode, town) = f"S-{nth:06d}", chance.choice(towns)
            name = f"{chance.choice(_KINDS)} {chance.choice(places.DUTCH_LAST)} {chance.choice(places.DUTCH_STREETS)}"
            street = f"{chance.choice(places.DUTCH_STREETS)} {chance.randint(1, 180)}"
            add("site", (number, name, street, postcode, town, "Key box beside the back door."))
            add("system", (number, account(nth), "Main panel", "Kanaal Fiber", "90"))
            for area in "12":
                add("area", (number, area, f"Area {area}"))
            for zone in range(1, _ZONES + 1):
                add("zone", (number, str(1 + zone % 2), f"{zone:02d}", f"PIR {zone}", "motion"))
            firsts = chance.sample(places.DUTCH_FIRST, _CONTACTS)
            for order, first in enumerate(firsts, 1):
                person = f"{first} {chance.choice(places.DUTCH_LAST)}"
                add("contact", (number, str(order), person, "NL", "owner", "cancel, whole-site test"))
                mobile = (
                    f"+32 4{chance.randint(70, 99)} {chance.randint(10, 99)} {nth % 100:02d} {chance.randint(10, 99)}"
                )
                add("number", (number, person, "mobile", mobile, "no"))


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as name:
        yield Path(name)


def _timed(*words: str) -> float:
    began = time.perf_counter()
    subprocess.run([*VIGIE, *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - began


def _machine(count: int) -> str:
    return (
        f"{count:,} sites with a system, {_ZONES} zones and {_CONTACTS} contacts each; {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
    )


def run_import(count: int) -> int:
    """Measure and print. Exit status 0: figures are for reading, a benchmark passes no verdict."""
    print(_machine(count))
    print()
    print("| import, through a running station | measured | target |")
    print("|---|---|---|")
    goal = f"< {180 * count / 50_000:.0f} s"
    with _folder() as folder:
        for kind in ("zip", "xlsx"):
            write(folder / f"sites.{kind}", count)
        with serve(folder / "data") as ground:
            data = ("--data", str(folder / "data"))
            with _watched(ground.port) as waits:
                first = _timed("site", "import", *data, str(folder / "sites.zip"))
            print(f"| {count:,} new sites, CSV in a zip | {first:.0f} s | {goal} |", flush=True)
            said = f"{_at(waits, 0.5):.0f}, {_at(waits, 0.99):.0f}, {max(waits):.0f} ms"
            print(f"| a signal meanwhile: socket to ACK, p50, p99, most | {said} | < 200 ms |", flush=True)
            again = _timed("site", "import", *data, str(folder / "sites.xlsx"))
            print(f"| the same again from a workbook: nothing differs | {again:.0f} s | {goal} |", flush=True)
            print(f"| memory of the station after it | {resident(ground.process) / 1e6:.0f} MB | – |")
            for kind in ("zip", "xlsx"):
                out = _timed("site", "export", *data, str(folder / f"out.{kind}"))
                print(f"| export of all, {kind} | {out:.0f} s | – |", flush=True)
    return 0


@contextmanager
def _watched(port: int) -> Iterator[list[float]]:
    """Milliseconds that a panel waits for its ACK, a signal each tenth of a second, while something else goes on."""
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "console.bench.knocking", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    waits: list[float] = []
    try:
        yield waits
    finally:
        out, _ = child.communicate("")
        waits += [float(line) for line in out.split()]


def run_search(count: int, rounds: int) -> int:
    """Measure and print. Exit status 0: figures are for reading, a benchmark passes no verdict."""
    print(_machine(count))
    with _folder() as folder:
        write(folder / "sites.zip", count)
        _timed("site", "import", "--data", str(folder / "data"), str(folder / "sites.zip"))
        with serve(folder / "data", OPERATOR) as ground:
            typed = list(_typed(random.Random("typing"), count, rounds))  # noqa: S311 - repeatable is what is wanted
            waits = asyncio.run(_ask(ground.url, typed))
            bare = _bare(folder / "data" / "vigie.db", typed)
    size = f"search as you type, {count:,} sites, {len(waits):,} keys over HTTP"
    print()
    print("| search | measured | target |")
    print("|---|---|---|")
    print(
        f"| {size}: p50, p99, most | {_at(waits, 0.5):.1f}, {_at(waits, 0.99):.1f}, {max(waits):.1f} ms | p99 < 50 ms |"
    )
    print(f"| the words' index alone, bare SQL: p50, p99 | {_at(bare, 0.5):.2f}, {_at(bare, 0.99):.2f} ms | – |")
    slow = sorted(zip(waits, typed, strict=True), reverse=True)[:5]
    print(f"The slowest: {', '.join(f'“{words}” {wait:.0f} ms' for wait, words in slow)}.")
    print(f"All of them: {spread(waits, '.1f')} ms.")
    return 0


def _typed(chance: random.Random, count: int, rounds: int) -> Iterator[str]:
    """What stands in the field after each key."""
    for _ in range(rounds):
        nth = chance.randrange(count)
        for whole in (
            f"{chance.choice(_KINDS)} {chance.choice(places.DUTCH_LAST)}",
            f"S-{nth:06d}",
            account(nth),
            chance.choice((*places.DUTCH_TOWNS, *places.FRENCH_TOWNS))[1],
            f"{chance.choice(places.DUTCH_FIRST)} {chance.choice(places.DUTCH_LAST)}",
            f"04{chance.randint(70, 99)} {chance.randint(10, 99)} {chance.randint(10, 99)}",
            f"{chance.choice(places.DUTCH_TOWNS)[1]} {chance.choice(places.DUTCH_FIRST)}",
        ):
            for end in range(1, len(whole) + 1):
                if whole[:end].strip():
                    yield whole[:end]


async def _ask(url: str, typed: list[str]) -> list[float]:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        body = {"operator": OPERATOR[0], "password": OPERATOR[1], "workstation": "bench"}
        answer = await client.post("/v1/session", json=body)
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        waits = []
        for words in typed:
            began = time.perf_counter()
            answer = await client.get("/v1/sites", params={"q": words})
            waits.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
        return waits


def _bare(file: Path, typed: list[str]) -> list[float]:
    """One stretch of the index for the last word, and nothing else."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        waits = []
        for words in typed:
            word = words.split()[-1].lower()
            began = time.perf_counter()
            connection.execute(
                "SELECT DISTINCT site FROM site_word WHERE word >= ? AND word < ? LIMIT 50", (word, word + "\U0010ffff")
            ).fetchall()
            waits.append((time.perf_counter() - began) * 1000)
        return waits


def _at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
