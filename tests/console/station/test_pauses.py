"""I1: no ACK waits because the collector looks through everything that was loaded at the start."""

from __future__ import annotations

import gc
import weakref

from console.station.run import spare_long_pauses


class _Ring:
    def __init__(self) -> None:
        self.me = self


def test_what_the_start_left_is_looked_through_no_more_and_later_rubbish_is_still_found() -> None:
    before = gc.get_threshold()
    try:
        spare_long_pauses()
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects()) < 1_000
        ring = weakref.ref(_Ring())
        rest = []
        for _ in range(20_000):
            rest.append([])
        assert ring() is None
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
