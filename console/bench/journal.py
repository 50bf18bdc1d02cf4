"""``vigie bench journal``: a large journal asked as a supervisor asks it, beside bare SQL in the same run (G6)."""

from __future__ import annotations

import gc
import os
import platform
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, insert, select

from console.station.folder import DataFolder
from console.station.store import journal_index, journal_search
from console.station.store.checkpoints import CheckpointFile
from console.station.store.database import sqlite_url
from console.station.store.ledger import Ledger, found_journal
from console.station.store.schema import upgrade
from console.station.store.secrets import Secrets
from console.station.verifying import verify_journal
from models.records import Actor, ActorKind, JournalFilter, JournalGroup, Priority
from models.tables import JournalHead, SiteRow

PAGE = 50
FAR = 1000
"""The page that is reached by its number's cursor."""
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH = 20_000
_SITES = 10_000
_OPERATORS = tuple(f"{first} {last}" for first in "ABCDE" for last in ("Peeters", "Claes", "Dubois", "Lambert", "Maes"))
_CUSTOMERS = tuple(f"Klant {nth}" for nth in range(500))
_WORDS = (
    *("deur", "dock", "magazijn", "kantoor", "gang", "kelder", "hal", "achter", "voor", "loods", "poort", "raam"),
    *(f"zone{nth}" for nth in range(300)),
)
_TARGET_MS, _TARGET_RATIO, _VERIFY = 100, 3, 300_000


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of question; ``ask`` draws one of that kind."""

    name: str
    ask: Callable[[random.Random, datetime], JournalFilter]


def _period(draw: random.Random, until: datetime, days: float) -> dict[str, datetime]:
    length = (until - _BEGAN).total_seconds()
    begin = _BEGAN + timedelta(seconds=draw.random() * max(1.0, length - days * 86400))
    return {"from_": begin, "to": begin + timedelta(days=days)}


def _site(draw: random.Random) -> str:
    return f"S{draw.randrange(_SITES)}"


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds for each page: as it came, once more, and the same statements without our code."""

    first: list[float]
    again: list[float]
    bare: list[float]


CASES = (
    Case("the whole journal", lambda _d, _u: JournalFilter()),
    Case("a site", lambda d, _u: JournalFilter(site=_site(d))),
    Case("a system", lambda d, _u: JournalFilter(system=f"{d.randrange(_SITES):05d}")),
    Case("an operator", lambda d, _u: JournalFilter(operator=d.choice(_OPERATORS))),
    Case("a customer", lambda d, _u: JournalFilter(customer=d.choice(_CUSTOMERS))),
    Case("a kind", lambda d, _u: JournalFilter(kinds=(d.choice(("taken", "closed", "call", "signal")),))),
    Case("calls and closings", lambda _d, _u: JournalFilter(groups=(JournalGroup.CALL, JournalGroup.CLOSED))),
    Case("Emergency", lambda _d, _u: JournalFilter(priorities=(Priority.EMERGENCY,))),
    Case("a week", lambda d, u: JournalFilter(**_period(d, u, 7))),
    Case("an area", lambda d, _u: JournalFilter(area=str(d.randrange(1, 9)))),
    Case("an alarm", lambda d, _u: JournalFilter(alarm=f"A-260101-{d.randrange(1, 4000):04d}")),
    Case("a common word", lambda _d, _u: JournalFilter(words="intrusion")),
    Case("two words", lambda d, _u: JournalFilter(words=" ".join(d.sample(_WORDS, 2)))),
    Case("a site in a day", lambda d, u: JournalFilter(site=_site(d), **_period(d, u, 1))),
    Case(
        "operator, closings, High, a month",
        lambda d, u: JournalFilter(
            operator=d.choice(_OPERATORS),
            groups=(JournalGroup.CLOSED,),
            priorities=(Priority.HIGH,),
            **_period(d, u, 30),
        ),
    ),
    Case(
        "operator, closings, a word",
        lambda d, _u: JournalFilter(
            operator=d.choice(_OPERATORS), groups=(JournalGroup.CLOSED,), words=d.choice(_WORDS)
        ),
    ),
    Case(
        "site, operator, a word",
        lambda d, _u: JournalFilter(site=_site(d), operator=d.choice(_OPERATORS), words=d.choice(_WORDS)),
    ),
    Case(
        "nothing fits: signals by an operator",
        lambda d, _u: JournalFilter(kinds=("signal",), operator=d.choice(_OPERATORS)),
    ),
)


def run(entries: int, samples: int, folder: Path | None) -> int:
    """Make a journal of so many entries, ask, print. Exit status 0: a benchmark passes no verdict."""
    with tempfile.TemporaryDirectory(prefix="vigie-bench-", dir=folder) as name:
        place = DataFolder(Path(name) / "data")
        place.create()
        file = place.database
        print(f"{os.cpu_count()} processors, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.")
        until = _make(file, entries)
        connection = _reader(file)
        _ask_all(file, connection, until, samples)
        _seal(place, connection)
        connection.close()
        _verify(place, entries)
    return 0


# -- making ---------------------------------------------------------------------------------------


def _make(file: Path, entries: int) -> datetime:
    engine = create_engine(sqlite_url(file))
    event.listen(engine, "connect", _careless)
    began = time.perf_counter()
    draw, now = random.Random(6), _BEGAN  # noqa: S311
    with engine.begin() as connection:
        upgrade(connection)
        found_journal(connection)
        given = {"street": "", "postcode": "", "town": "", "timezone": "Europe/Brussels", "access": ""}
        connection.execute(
            insert(SiteRow), [{"id": f"S{n}", "name": f"Site {n}", "instructions": "", **given} for n in range(_SITES)]
        )
    told = _evening(draw)
    for done in range(0, entries, _BATCH):
        with engine.begin() as connection:
            ledger = Ledger.open(connection, now)
            for _ in range(min(_BATCH, entries - done)):
                now += timedelta(milliseconds=draw.randrange(3000))
                kind, actor, text, more = next(told)
                ledger.append(kind, actor, text, at=now, **more)
            ledger.write()
    made = time.perf_counter() - began
    began = time.perf_counter()
    while True:
        with engine.begin() as connection:
            if not journal_index.write(connection, journal_index.prepare(connection, _BATCH)):
                break
    indexed = time.perf_counter() - began
    engine.dispose()
    size = file.stat().st_size
    print(
        f"{entries:,} entries over {(now - _BEGAN).days} days, {size / 2**30:.1f} GiB: "
        f"written at {entries / made:,.0f}/s, indexed at {entries / indexed:,.0f}/s."
    )
    return now


def _evening(draw: random.Random) -> Iterator[tuple[str, Actor, str, dict[str, Any]]]:
    """What a station journals, over and over: signals, most of them for the log alone; alarms taken, called, closed."""
    number = 0
    while True:
        site = draw.randrange(_SITES)
        here = {"site": f"S{site}", "account": f"{site:05d}"}
        panel = Actor(kind=ActorKind.PANEL, name=here["account"], from_="192.0.2.7")
        words, area = f"{draw.choice(_WORDS)} {draw.choice(_WORDS)}", str(draw.randrange(1, 9))
        chance = draw.random()
        if chance < 0.6:
            role = draw.choice(("open", "close", "test", "restore"))
            event = {"code": "OP", "qualifier": None, "area": area, "user": "04", "kind": "opening", "role": role}
            yield "signal", panel, f"Opening · {words} · user 04", {**here, "priority": 5, "data": {"events": [event]}}
            continue
        if chance < 0.62:
            customer = Actor(kind=ActorKind.CUSTOMER, name=draw.choice(_CUSTOMERS), from_="app")
            yield "site-changed", customer, f"Contacts changed: {words}", {"site": here["site"]}
            continue
        number += 1
        alarm = f"A-{260101 + number // 4000}-{number % 4000 + 1:04d}"
        priority = draw.choices((1, 2, 3, 4), (2, 10, 40, 48))[0]
        of = {**here, "alarm": alarm, "priority": priority}
        event = {"code": "BA", "qualifier": None, "area": area, "address": "07", "kind": "burglary", "role": "alarm"}
        yield "signal", panel, f"Intrusion · {words}", {**of, "data": {"events": [event]}}
        who = draw.choice(_OPERATORS)
        operator = Actor(kind=ActorKind.OPERATOR, name=who, from_=f"WS 0{draw.randrange(1, 9)}, 192.0.2.9")
        yield "taken", operator, f"Taken by {who} after 0:42 · Intrusion", of
        yield "call", operator, f"Call An Peeters, mobile · no answer {draw.choice(_WORDS)}", of
        yield "closed", operator, f"Closed by {who} · no cause · {words}", {**of, "data": {"reason": words}}


def _careless(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _reader(file: Path) -> Connection:
    """As the station's own readers are."""
    engine = create_engine(sqlite_url(file, read_only=True))
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA cache_size=-16384"))
    return engine.connect()


# -- asking ---------------------------------------------------------------------------------------


def _ask_all(file: Path, connection: Connection, until: datetime, samples: int) -> None:
    bare = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    bare.execute("PRAGMA cache_size=-16384")
    print(f"{samples} questions of each kind, {PAGE} entries a page; as the station's readers are, 16 MB of cache.")
    print()
    print("| asked for | page | p50 ms | p99 ms | again, p50 ms | bare SQL, p50 ms | ratio | |")
    print("|---|---|---|---|---|---|---|---|")
    worst: list[float] = []
    for case in CASES:
        draw = random.Random(case.name)  # noqa: S311
        questions = [case.ask(draw, until) for _ in range(samples)]
        firsts: list[int | None] = [None] * samples
        for name, cursors in (
            ("first", firsts),
            (f"{FAR:,}th", [_far(connection, question) for question in questions]),
        ):
            measured = _measure(connection, bare, questions, cursors)
            worst += measured.first
            print(f"| {case.name} | {name} | {_line(measured)} |", flush=True)
    print()
    print(f"All together: p50 {_at(worst, 0.5):.1f} ms, p99 {_at(worst, 0.99):.1f} ms (target < {_TARGET_MS} ms).")


def _far(connection: Connection, asked: JournalFilter) -> int | None:
    """The cursor of the 1,000th page, else of the last."""
    before = None
    numbers = journal_search.numbers(connection, asked, (FAR - 1) * PAGE)
    if numbers:
        before = numbers[-1] if len(numbers) == (FAR - 1) * PAGE else numbers[-min(PAGE, len(numbers))] + 1
    return before if before is not None else 1


def _measure(
    connection: Connection, bare: sqlite3.Connection, questions: list[JournalFilter], cursors: list[int | None]
) -> Measured:
    """Each page once as it comes, then again beside bare SQL: the two have the same in the machine's cache then."""
    found = Measured([], [], [])
    gc.collect()
    for asked, before in zip(questions, cursors, strict=True):
        statements: list[tuple[str, Any]] = []

        def heard(_c: Any, _cursor: Any, sql: str, values: Any, _x: Any, _m: Any, kept: Any = statements) -> None:
            kept.append((sql, values))

        page = partial(journal_search.find, connection, asked, PAGE, before=before)
        found.first.append(_timed(page))
        event.listen(connection, "before_cursor_execute", heard)
        page()
        event.remove(connection, "before_cursor_execute", heard)
        found.again.append(_timed(page))
        found.bare.append(_timed(partial(_bare, bare, statements)))
    return found


def _bare(connection: sqlite3.Connection, statements: list[tuple[str, Any]]) -> None:
    for sql, values in statements:
        connection.execute(sql, values).fetchall()


def _timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _line(measured: Measured) -> str:
    again, bare = statistics.median(measured.again), statistics.median(measured.bare)
    missed = []
    if _at(measured.first, 0.99) >= _TARGET_MS:
        missed.append("over the target")
    if again / bare > _TARGET_RATIO:
        missed.append(f"over {_TARGET_RATIO} ×")
    waits = f"{statistics.median(measured.first):.1f} | {_at(measured.first, 0.99):.1f}"
    return f"{waits} | {again:.2f} | {bare:.2f} | {again / bare:.2f} | {', '.join(missed)}"


def _at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _seal(place: DataFolder, connection: Connection) -> None:
    head = connection.execute(select(JournalHead)).one()
    secrets = Secrets.open(place.secrets)
    CheckpointFile(secrets.folder, head.journal_id).add(head.seq, head.hash, datetime.now(UTC), secrets.sign_key)


def _verify(place: DataFolder, entries: int) -> None:
    """As ``vigie journal verify`` does it, its start and its processes included."""
    began = time.perf_counter()
    status = verify_journal(place.path)
    seconds = time.perf_counter() - began
    assert status == 0, "a journal that was just made is broken"
    print(f"Verified {entries:,} entries at {entries / seconds:,.0f}/s (target > {_VERIFY:,}/s).")
