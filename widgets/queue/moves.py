"""Which rows of the queue need not move when their order changes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def in_order(places: Sequence[int]) -> set[int]:
    """As many of ``places`` as possible that stand in rising order already: those need not move."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        nth = bisect_left(ends, place)
        before[place] = ends[nth - 1] if nth else None
        ends[nth : nth + 1] = [place]
    found: set[int] = set()
    at: int | None = ends[-1] if ends else None
    while at is not None:
        found.add(at)
        at = before[at]
    return found
