"""Search as one types: by the beginnings of words, kept with every change, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select

from console.station.rules import search_words
from console.station.store import schema, site_words
from console.station.store.database import Database
from models.records import StaffRole
from models.tables import SiteRow, SiteWordRow
from tests.console.station.house import House, Seat, site

MORE = (
    site("S-20", "2020", name="Peeters & Zonen", town="Liège"),
    site("1001-B", "3003", name="Zwembad Gent-Zuid", town="Aalst"),
    site("S-21", "2021", name="Café L'Été", town="Sint-Niklaas"),
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Café L'Été", [["cafe", "l", "ete"]]),
        ("STRASSE straße", [["strasse", "strasse"]]),
        ("0470 55 50 01", [["0470555001"], ["0470", "55", "50", "01"]]),
        ("+32 470/55", [["3247055"], ["32", "470", "55"]]),
        ("0032 470", [["32470"], ["0032", "470"]]),
        ("Maes 0470 55", [["maes", "047055"], ["maes", "0470", "55"]]),
        ("% _ ' --", [[]]),
        ("1001", [["1001"]]),
    ],
)
def test_what_is_typed_is_words_or_a_telephone_number(text: str, meant: list[list[str]]) -> None:
    assert search_words.typed(text) == meant


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("+32 470 55 50 01", ["32470555001", "0470555001"]),
        ("+31 20 555 01 01", ["31205550101", "0205550101"]),
        ("+39 06 555 0101", ["39065550101", "065550101"]),
        ("112", ["112"]),
    ],
)
def test_a_number_is_found_as_it_is_dialled_from_abroad_and_at_home(number: str, found: list[str]) -> None:
    assert list(search_words.of_phone(number)) == found


async def found(seat: Seat, words: str) -> list[tuple[str, str]]:
    answer = await seat.client.get("/v1/sites", params={"q": words})
    assert answer.status_code == 200, answer.text
    return [(one["id"], one["why"]) for one in answer.json()]


async def test_a_site_is_found_by_each_of_its_words_and_says_by_which(house: House) -> None:
    await house.bring_in(*MORE)
    seat = await house.seat("claes")
    for words, expected in {
        "bak": [("S1", "")],
        "peet": [("S-20", ""), ("S1", "")],
        "PEETERS zon": [("S-20", "")],
        "zonen peeters": [("S-20", "")],
        "liege": [("S-20", "town Liège")],
        "peeters lieg": [("S-20", "town Liège")],
        "cafe ete": [("S-21", "")],
        "café": [("S-21", "")],
        "s-2": [("S-21", ""), ("S-20", "")],
        "S20": [("S-20", "")],
        "2020": [("S-20", "account 2020")],
        # Its account typed whole goes before a number that only begins so.
        "1001": [("S1", "account 1001"), ("1001-B", "")],
        "gent": [("S1", "town Gent"), ("1001-B", "")],
        "bert": [("S1", "contact Bert Maes")],
        "maes gent": [("S1", "contact Bert Maes · town Gent")],
        "0470 55 50 02": [("S1", "phone +32 470 55 50 02")],
        "+3247055": [("S1", "phone +32 470 55 50 01")],
        "09 555 01 00": [("S1", "phone +32 9 555 01 00")],
        "bakkerij nowhere": [],
        "nowhere": [],
    }.items():
        assert await found(seat, words) == expected, words


async def test_what_the_service_desk_changes_is_found_at_once_and_what_it_removes_no_more(house: House) -> None:
    await house.bring_in(*MORE)
    desk = await house.seat("sofie", StaffRole.SERVICE_DESK)

    async def post(path: str, **body: Any) -> dict[str, Any]:
        answer = await desk.client.post(f"/v1/sites{path}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    # Somebody known is taken as they are (C1); what is changed of them then is theirs at every site.
    [known] = (await desk.client.get("/v1/sites/S-20/people", params={"q": "An Pee"})).json()
    here = {"name": known["name"], "person": known["person"], "numbers": known["numbers"]}
    joined = await post("/S-20/contacts", contact=here)
    yvette = {**joined["contacts"][-1], "name": "Yvette Brasseur"}
    part = f"contact:{yvette['id']}"
    version = next((one["version"] for one in joined["parts"] if one["key"] == part), 0)
    await post("/S-20/file", part=part, value=yvette, version=version)
    file = await post(
        "/S1/contacts", contact={"name": "Tom Vos", "numbers": [{"number": "0470 55 99 62", "private": True}]}
    )
    assert await found(desk, "0470 55 99") == [("S1", "phone ··· 62")]
    # The person is a contact of both: the new name is found at both.
    assert await found(desk, "brasseur") == [("S1", "contact Yvette Brasseur"), ("S-20", "contact Yvette Brasseur")]
    assert await found(desk, "peeters an") == []
    tom = file["contacts"][-1]
    await post(f"/S1/contacts/{tom['id']}/remove", version=2)
    assert await found(desk, "0470 55 99") == []
    await post("/S1/file", part="details", value={**file["details"], "name": "Slagerij Jacobs"}, version=0)
    assert await found(desk, "slag") == [("S1", "")]
    assert await found(desk, "bakkerij") == []
    await post("/S1/systems", system={"account": "7ABC"})
    assert await found(desk, "7ab") == [("S1", "account 7ABC")]
    await post("", site="S-99", details={"name": "Nieuwbouw"})
    assert await found(desk, "nieuwb") == [("S-99", "")]
    await house.bring_in(site("S-99", "9909", name="Oudbouw"))
    assert await found(desk, "nieuwb") == []
    assert await found(desk, "oudb") == [("S-99", "")]


async def test_a_word_of_very_many_sites_finds_the_first_by_name(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.station.store.site_words._MANY", 5)
    await house.bring_in(*(site(f"N-{n}", f"4{n:03d}", name=f"Winkel {n:02d}", town="Lier") for n in range(60)))
    seat = await house.seat("claes")
    rows = await found(seat, "lier")
    assert [one[0] for one in rows] == [f"N-{n}" for n in range(50)]
    assert [one[0] for one in await found(seat, "lier winkel 5")] == [f"N-{n}" for n in (5, *range(50, 60))]


async def test_0008_finds_the_words_of_every_site_that_is_there(empty_place: Any) -> None:
    place = empty_place
    database = Database.sqlite(place.parent / "vigie.db") if not isinstance(place, str) else Database.postgres(place)

    def words(connection: Connection) -> list[tuple[str, str]]:
        return [tuple(row) for row in connection.execute(select(SiteWordRow.word, SiteWordRow.site))]

    def old(connection: Connection) -> None:
        schema.upgrade(connection)
        connection.execute(SiteRow.__table__.insert().values(id="S1", name="Café", town="Gent"))
        schema.downgrade(connection, "0005")
        schema.upgrade(connection)

    try:
        await database.write(old)
        assert {word for word, _site in await database.read(words)} == {"cafe", "=cafe", "gent", "s1", "#s1"}
        await database.write(site_words.fill)
        assert len(await database.read(words)) == 5
    finally:
        await database.close()
