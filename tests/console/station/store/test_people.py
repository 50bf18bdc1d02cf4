"""Somebody known from one site is found to be made a contact of another (C1), on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from console.station.acts.registry import NewContact
from models.records import StaffRole
from tests.console.station.house import House, Seat, site

HELENE = NewContact("Hélène Dupont-Maes", (("mobile", "+32 475 11 22 33"),), "lilas", role="owner", languages="FR")
ANOTHER_AN = NewContact("An Peeters", (("mobile", "+32 470 99 88 77"),))


async def ready(house: House) -> Seat:
    await house.bring_in(
        site("S2", "2002", contacts=(HELENE, ANOTHER_AN)), site("S3", "2003", name="Dupont, Peeters & Cie")
    )
    return await house.seat("sofie", StaffRole.SERVICE_DESK)


async def found(seat: Seat, words: str, at: str = "S3") -> list[dict[str, Any]]:
    answer = await seat.client.get(f"/v1/sites/{at}/people", params={"q": words})
    assert answer.status_code == 200, answer.text
    return list(answer.json())


@pytest.mark.parametrize(
    ("words", "persons"),
    [
        ("helene", ["S2-1"]),
        ("maes DUP", ["S2-1"]),
        ("an pee", ["S1-1", "S2-2"]),
        ("pee", ["S1-1", "S2-2"]),
        ("0475 11 22", ["S2-1"]),
        ("+32 475", ["S2-1"]),
        ("0032475112233", ["S2-1"]),
        ("an 0470 99", ["S2-2"]),
        ("upont", []),
        ("an dupont", []),
        ("%", []),
        ("75 11", []),
    ],
)
async def test_C1_a_person_is_found_by_the_beginnings_of_names_and_numbers(
    house: House, words: str, persons: list[str]
) -> None:
    seat = await ready(house)
    assert [one["person"] for one in await found(seat, words.ljust(2))] == persons


async def test_C1_what_is_found_is_the_persons_own_and_says_where_they_are_a_contact(house: House) -> None:
    seat = await ready(house)
    [one] = await found(seat, "helene")
    assert [(n["label"], n["number"]) for n in one["numbers"]] == [("mobile", "+32 475 11 22 33")]
    assert (one["languages"], [at["id"] for at in one["also_at"]]) == ("FR", ["S2"])
    assert (one["id"], one["role"], one["has_code_word"]) == ("", "", False), "of the other site, and no other's"
    new = {"person": one["person"], "name": one["name"], "role": "tenant", "rights": ["cancel"]}
    here = (await seat.client.post("/v1/sites/S3/contacts", json={"contact": new})).json()["contacts"]
    assert [(c["name"], c["role"], c["rights"]) for c in here] == [("Hélène Dupont-Maes", "tenant", ["cancel"])]
    [again] = await found(seat, "helene")
    assert [at["id"] for at in again["also_at"]] == ["S2"], "the site itself is not among the others"
    [there] = await found(seat, "helene", "S2")
    assert [at["id"] for at in there["also_at"]] == ["S3"]
