"""G1: how many places a set of spellings is at the least, in one pass, as a slow and obvious oracle says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.station.rules.places import Spot, apart
from tests.examples import examples

_AREAS, _ZONES, _NAMES = ["", "1", "2"], ["", "1", "2", "3"], ["zone", "user"]
_spots = st.builds(Spot, st.sampled_from(_AREAS), st.sampled_from(_ZONES), st.sampled_from(_NAMES))


def one_by_one(spots: list[Spot]) -> int:
    """Each that cannot be one of those before it; the exact ones first."""
    known: list[Spot] = []
    for spot in sorted(spots, key=lambda one: (not one.zone, not one.area)):
        if not any(spot.may_be(one) or (not spot.zone and spot.area in ("", one.area)) for one in known):
            known.append(spot)
    return len(known)


@examples(1500)
@given(st.lists(_spots, max_size=7))
def test_G1_what_can_be_one_place_counts_once(spots: list[Spot]) -> None:
    assert apart(spots) == one_by_one(spots)
