"""I9, I11: what is kept of acts that were done says nothing of what they said, and is kept for a day."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, text

from console.station.api.alarms import CancelBody
from console.station.store import done_acts, schema
from console.station.store.database import Database
from tests.console.station.house import House
from tests.frames import sia

WORDS = ("tulp", "distel", "roos", "lelie")
"""The list of whoever guesses; one of them is the duress word."""


async def kept(house: House) -> list[tuple[str, str]]:
    rows = await house.station.database.read(lambda c: c.execute(text("SELECT id, what FROM act ORDER BY id")).all())
    return [(row.id, row.what) for row in rows]


async def test_I9_no_word_that_an_act_gave_is_found_by_a_list_of_words(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await seat.take_next()).json()["id"]
    answer = await seat.act(alarm, "cancel", contact="S1-1", why="cleaner", code_word="roos", act="a-1")
    assert answer.status_code == 200
    [(identifier, what)] = await kept(house)
    assert identifier == "claes/a-1"
    for word in WORDS:
        body = CancelBody(contact="S1-1", why="cleaner", code_word=word, act="a-1")
        for said in (body.model_dump_json(exclude={"version"}), body.model_dump_json(), word):
            assert sha256(said.encode()).hexdigest() not in what


async def test_I11_the_same_identifier_gets_the_first_answer_and_is_refused_for_other_words(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await seat.take_next()).json()["id"]
    first = await seat.act(alarm, "note", text="window open", act="a-1")
    assert (await seat.act(alarm, "note", text="window open", act="a-1")).json() == first.json()
    refused = await seat.act(alarm, "note", text="window shut", act="a-1")
    assert (refused.status_code, refused.json()["field"]) == (422, "act")
    assert len(await house.entries("note")) == 1


async def test_what_was_answered_is_forgotten_after_a_day_and_no_sooner(house: House) -> None:
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/BA07"))
    alarm = (await seat.take_next()).json()["id"]
    await seat.act(alarm, "note", text="window open", act="a-1")
    house.clock.move(done_acts.KEPT / timedelta(seconds=1) - 3600)
    for _ in range(60):
        await house.station.duties.second()
    assert [identifier for identifier, _what in await kept(house)] == ["claes/a-1"]
    house.clock.move(3700)
    for _ in range(60):
        await house.station.duties.second()
    assert await kept(house) == []


async def test_I9_I11_0025_takes_the_digests_of_earlier_versions_away_and_leaves_the_acts(
    empty_place: Path | str,
) -> None:
    database = (
        Database.sqlite(empty_place.parent / "vigie.db")
        if isinstance(empty_place, Path)
        else Database.postgres(empty_place)
    )
    digest = sha256(b"roos").hexdigest()

    def old(connection: Connection) -> None:
        schema.upgrade(connection, "0022")
        connection.exec_driver_sql(
            f"INSERT INTO act (id, at, what, answer) VALUES ('claes/a-1', 0, 'cancel/A-1:{digest}', 'done')"
        )

    try:
        await database.write(old)
        await database.write(schema.upgrade)
        rows = await database.read(lambda c: c.exec_driver_sql("SELECT what, answer FROM act").all())
        assert [tuple(row) for row in rows] == [("cancel/A-1", "done")]
    finally:
        await database.close()
