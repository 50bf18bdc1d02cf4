"""The records that cross the wire: frozen, forward compatible, and the same after a round trip."""

from __future__ import annotations

from enum import Enum

import pytest
from pydantic import ValidationError

from models import records
from models.records import Actor, ActorKind, Entry, Priority, Record, SiteRef


def test_every_record_is_frozen_and_passes_over_what_a_newer_station_adds() -> None:
    found = [one for one in vars(records).values() if isinstance(one, type) and issubclass(one, Record)]
    assert len(found) > 20
    for record in found:
        assert record.model_config["frozen"], record
        assert record.model_config["extra"] == "ignore", record
    assert SiteRef.model_validate({"id": "S1", "name": "x", "newer": 1}) == SiteRef(id="S1", name="x")
    with pytest.raises(ValidationError):
        SiteRef(id="S1", name="x").name = "y"


def test_an_actor_says_from_on_the_wire() -> None:
    actor = Actor(kind=ActorKind.OPERATOR, name="Claes", from_="WS1, 10.0.0.7")
    assert actor.model_dump_json(by_alias=True) == '{"kind":"operator","name":"Claes","from":"WS1, 10.0.0.7"}'
    assert Actor.model_validate_json(actor.model_dump_json(by_alias=True)) == actor


def test_an_entry_is_the_same_after_its_way_over_the_wire() -> None:
    entry = Entry(
        seq=7,
        time="2026-11-23T20:00:00.000001Z",  # type: ignore[arg-type]
        kind="note",
        actor=Actor(kind=ActorKind.OPERATOR, name="Claes", from_="WS1"),
        text="caf\u00e9",
    )
    assert Entry.model_validate_json(entry.model_dump_json(by_alias=True)) == entry


def test_the_numbers_of_the_priorities_are_what_operators_see() -> None:
    assert [int(priority) for priority in Priority] == [1, 2, 3, 4, 5]


def test_no_two_words_of_one_vocabulary_are_the_same() -> None:
    for one in vars(records).values():
        if isinstance(one, type) and issubclass(one, Enum):
            assert len({member.value for member in one}) == len(one.__members__)
