"""The index of the journal's words: behind the journal, without a secret, and emptied of what is erased (I9, I14)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from console.station.acts.caller import STATION
from console.station.rules.journal_words import Said, tokens
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.store import journal_index, journal_search, journal_view
from console.station.store.erasure import erase
from console.station.store.ledger import Ledger
from models.records import Actor, ActorKind, JournalFilter
from tests.console.station.house import House
from tests.frames import frame, sia

LAURENT = Actor(kind=ActorKind.CUSTOMER, name="Hugo Laurentius", from_="app")


def found(connection: Connection, **asked: Any) -> list[int]:
    return [entry.seq for entry in journal_search.find(connection, JournalFilter(**asked), 200).entries]


def erased(ledger: Ledger, house: House, seq: int) -> int:
    act = ledger.append("erased", STATION, "Erased on request")
    erase(ledger.connection, ledger.head.journal_id, [seq], act, house.station.secrets.sign_key)
    return act


async def in_file(house: House, word: str) -> bool:
    """Whether a word lies anywhere in the index, as the database keeps it."""

    def look(connection: Connection) -> bool:
        if connection.dialect.name == "postgresql":
            rows = connection.exec_driver_sql("SELECT words::text FROM journal_words").scalars()
            return any(word in row for row in rows)
        blocks = connection.exec_driver_sql("SELECT block FROM journal_words_data").scalars()
        # Words are kept without what they begin with in common with the word before.
        return any(word[-5:].encode() in block for block in blocks)

    return await house.station.database.read(look)


async def test_I14_an_erased_entry_is_found_by_no_word_of_it_and_no_word_stays_in_the_index(house: House) -> None:
    seq = await house.station.scribe.act(
        lambda ledger: ledger.append("cancelled", LAURENT, "Cancelled, vergissing", site="S1")
    )
    await house.station.scribe.act(lambda ledger: ledger.append("note", STATION, "Another line", site="S1"))
    database, indexer = house.station.database, house.station.indexer
    await indexer.catch_up()
    for asked in ({"words": "laurentius"}, {"customer": "hugo"}, {"words": "vergissing"}, {"kinds": ("cancelled",)}):
        assert await database.read(lambda c, a=asked: found(c, **a)) == [seq], asked  # type: ignore[misc]
    assert await in_file(house, "laurentius")
    act = await house.station.scribe.act(lambda ledger: erased(ledger, house, seq))
    for asked in ({"words": "laurentius"}, {"customer": "hugo"}, {"words": "vergissing"}):
        assert await database.read(lambda c, a=asked: found(c, **a)) == [], asked  # type: ignore[misc]
    line = await database.read(lambda c: journal_view.opened(c, seq, DEFAULT_PROFILE))
    assert line is not None
    assert (line.entry.text, line.entry.actor.name) == ("Erased as the law demands", "")
    assert line.data == {"erased_by_line": act}
    assert await database.read(lambda c: found(c, kinds=("cancelled",), site="S1")) == [seq]
    for _ in range(20):
        await indexer.some()
    assert not await in_file(house, "laurentius")
    mark = await database.read(journal_index.index_mark)
    assert (mark.erased, mark.tidied) == (1, 1)


async def test_I14_what_was_read_before_an_erasure_is_not_written_after_it(house: House) -> None:
    seq = await house.station.scribe.act(lambda ledger: ledger.append("note", LAURENT, "Vergissing"))
    database = house.station.database
    ready = await database.read(lambda c: journal_index.prepare(c, 1000))
    await database.write(lambda connection: journal_index.forget(connection, [seq]))
    assert await database.write(lambda c: journal_index.write(c, ready)) == 0
    assert (await database.read(journal_index.index_mark)).seq < seq


async def test_I9_no_secret_and_no_frame_is_in_the_index(house: House) -> None:
    await house.send(frame('"SIA-DCS"0001L0#1001[#1001|Nri1/OP04][PGEHEIM99]_20:00:00,11-23-2026'))
    await house.send(sia("1001", 2, "Nri1/BA07"))
    claes = await house.seat("claes")
    alarm = (await claes.take_next()).json()["id"]
    await claes.act(alarm, "code-words")
    await house.station.indexer.catch_up()
    for secret in ("geheim99", "tulp", "distel", "roos"):
        assert not await in_file(house, secret), secret
    assert not await house.station.database.read(lambda c: found(c, words="dcs"))


async def test_an_index_that_another_program_made_is_made_anew(house: House) -> None:
    database, indexer = house.station.database, house.station.indexer
    await indexer.catch_up()
    whole = await database.read(lambda c: found(c, words="station"))
    assert whole
    await database.write(
        lambda c: c.exec_driver_sql("UPDATE journal_indexed SET version = 0") and None  # type: ignore[func-returns-value]
    )
    await indexer.some()
    assert (await database.read(journal_index.index_mark)).seq == 0
    await indexer.catch_up()
    assert await database.read(lambda c: found(c, words="station")) == whole


async def test_G6_a_period_is_whole_also_where_the_clock_was_set_back(house: House) -> None:
    database = house.station.database
    await house.station.indexer.catch_up()
    begun = house.clock.now()
    numbers = []
    for minutes in (10, 30, -35, 1):
        house.clock.move(60 * minutes)
        numbers.append(await house.station.scribe.act(lambda ledger: ledger.append("note", STATION, "Here")))
    await house.station.indexer.catch_up()
    from datetime import timedelta

    asked = {"from_": begun + timedelta(minutes=5, seconds=30), "words": "here"}
    assert await database.read(lambda c: found(c, **asked)) == [numbers[3], numbers[1], numbers[0]]


def test_an_area_is_one_whether_told_as_1_or_01_and_a_mark_is_no_word() -> None:
    def said(**more: Any) -> Said:
        given = {
            "seq": 1, "time": 0, "kind": "signal", "actor_kind": "panel", "site": "S1", "account": "1001",
            "alarm": "A-1", "priority": 3, "in_test": 0, "actor_name": "1001", "actor_from": "", "text": "Inbraak",
            "data": "{}",
        }  # fmt: skip
        return Said(**{**given, **more})

    one, other = (tokens(said(data=f'{{"events":[{{"area":"{area}"}}]}}')) for area in ("1", "01"))
    assert one == other
    assert not set(tokens(said(text="ksignal signal s1 k g"))) & {
        word for word in tokens(said(text="")) if word.startswith("\ue000")
    } ^ {word for word in tokens(said(text="")) if word.startswith("\ue000")}
