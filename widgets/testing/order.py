"""What somebody wants of a test, as the card hands it to the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from models.records import PlannedTest, PlannedWhen, StillThere, TestScope, TestView


@dataclass(frozen=True, slots=True)
class TestOrder:
    """A test to begin, to change (``test``), or to end (``test`` and ``out``)."""

    __test__ = False

    site: str
    why: str
    test: TestView | None = None
    out: bool = False
    scope: TestScope = field(default_factory=TestScope)
    ticket: str = ""
    ends_at: datetime | None = None
    contact: str = ""
    """Contact id of who asked; empty: the station itself."""
    proof: str = ""
    """What they gave: a code word, or ID code and PIN with a space between."""
    confirmed: bool = False
    still: StillThere = StillThere.ASK
    when: PlannedWhen | None = None
    """To be planned, not begun."""
    planned: PlannedTest | None = None
    """What is planned and is to be changed, or taken back with ``out``."""
