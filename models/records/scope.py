"""What a test covers (F2): whole, or some systems, areas, zones and kinds of event; and who wants it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from models.records.record import Record

_MOST_PLACES = 2000
_Text = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True, pattern=r"^[^\x00]*$")]
_Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20, pattern=r"^[^\x00]*$")]


class TestKind(StrEnum):
    """Kinds of event as a scope ticks them; the column ``test_kind`` of the one table of kinds."""

    __test__ = False

    INTRUSION = "intrusion"
    TAMPER = "tamper"
    FIRE = "fire"
    """Fire, gas and carbon monoxide."""
    HOLD_UP = "hold-up"
    MEDICAL = "medical"
    HOURS = "hours"
    """Openings and closings, and what supervised hours make of them."""
    TECHNICAL = "technical"
    LINE_POWER = "line-power"


LIFE_SAFETY = frozenset({TestKind.FIRE, TestKind.HOLD_UP, TestKind.MEDICAL})
"""Never in the scope of a part by themselves: including them is confirmed twice, and marked everywhere."""


class ZoneRef(Record):
    """A zone of a site by its numbers."""

    area: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20, pattern=r"^[^\x00]*$")]
    """Empty for a zone that the site file does not have, and whose panel sends no area: it is put aside as it comes."""
    zone: _Number


class TestScope(Record):
    """What of a site is in test: the whole of it, or systems, areas, zones and kinds of event in any combination.

    A part is a product: a signal is in test when its system and its place and its kind are (picture 03). No systems
    given: all of them. No areas and no zones given: every place. ``all_except`` turns the places round.
    """

    __test__ = False

    whole: bool = True
    systems: Annotated[tuple[_Number, ...], Field(max_length=50)] = ()
    """Accounts."""
    areas: Annotated[tuple[_Number, ...], Field(max_length=_MOST_PLACES)] = ()
    zones: Annotated[tuple[ZoneRef, ...], Field(max_length=_MOST_PLACES)] = ()
    all_except: bool = False
    """In test is every place but ``areas`` and ``zones``."""
    kinds: tuple[TestKind, ...] = ()

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> TestScope:
        if self.whole and (self.systems or self.areas or self.zones or self.all_except or self.kinds):
            raise PydanticCustomError("scope", "A whole site in test has no systems, areas, zones or kinds to choose")
        if not self.whole and not self.kinds:
            raise PydanticCustomError("scope", "A test of a part needs at least one kind of event")
        if self.all_except and not (self.areas or self.zones):
            raise PydanticCustomError("scope", "Say which areas or zones are not in test")
        return self

    @property
    def life_safety(self) -> tuple[TestKind, ...]:
        """The kinds of life safety in the scope of a part; a whole site has them all and is not asked."""
        return tuple(kind for kind in self.kinds if kind in LIFE_SAFETY)


class ScopePreview(Record):
    """What a scope silences and what stays live, said before it is saved."""

    words: str
    """``4 of 18 zones, 2 of 8 kinds. Everything else is presented as ever.``"""
    short: str
    """As lists show it: ``Office: 4 zones · intrusion, tamper``."""
    silenced: tuple[str, ...]
    """Zones in test, by number and name."""
    live: tuple[str, ...]
    kinds_silenced: tuple[TestKind, ...]
    kinds_live: tuple[TestKind, ...]
    life_safety: tuple[TestKind, ...]
    """Of the silenced: those that ask for a second confirmation."""


class StillThere(StrEnum):
    """What becomes of zones that are still in alarm when their test ends."""

    ASK = "ask"
    """Refuse, and name them."""
    RAISE = "raise"
    """Present them as alarms."""
    LEAVE = "leave"
    """Present what comes from now on alone."""


class TestAsked(Record):
    """Who wants a test: a contact who was identified (A4, C1), or the station itself."""

    __test__ = False

    contact: _Text = ""
    """The contact's id; empty: the station itself."""
    identified: Annotated[int, Field(ge=1, le=2**62)] | None = None
    """The journal's number of the entry that says how they were known; at most a quarter of an hour old."""
