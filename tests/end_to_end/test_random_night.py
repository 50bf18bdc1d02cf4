"""I1–I5: live stations through a random night, judged from outside: nothing lost, doubled, hidden or held by two."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.judge import faults
from tests.chaos.night import Night, play, secrets_in
from tests.databases import PostgresServer

SEEDS = int(os.environ.get("VIGIE_CHAOS_SEEDS", "1"))
"""Twenty in the long lane."""
SECONDS = float(os.environ.get("VIGIE_CHAOS_SECONDS", "8"))


@pytest.mark.timeout(int(60 + 10 * SECONDS))
@pytest.mark.parametrize("seed", range(SEEDS))
def test_I1_I3_I4_two_stations_over_one_postgres_through_a_random_night(
    own_server: PostgresServer, tmp_path: Path, seed: int
) -> None:
    with secrets_in(tmp_path / "secrets"):
        assert play(Night(own_server.migrated(), own_server, seed, SECONDS, tmp_path)) == []


@pytest.mark.timeout(int(60 + 10 * SECONDS))
@pytest.mark.parametrize("seed", range(SEEDS))
def test_I1_I3_I4_a_station_on_sqlite_through_a_random_night(tmp_path: Path, seed: int) -> None:
    assert play(Night(tmp_path / "data", None, seed, SECONDS, tmp_path)) == []


def test_the_judge_sees_what_must_never_be() -> None:
    """A judge that finds nothing wrong with anything would be no judge."""
    from tests.chaos.actors import Act, Follower, Panel

    def entry(seq: int, kind: str, alarm: str | None = None, who: str = "An", raw: str = "") -> dict[str, object]:
        return {"seq": seq, "kind": kind, "alarm": alarm, "actor": {"name": who}, "raw": raw}

    journal = [
        entry(1, "signal", "A-1", raw="x"),
        entry(2, "alarm-opened", "A-1"),
        entry(3, "taken", "A-1", "An"),
        entry(4, "taken", "A-1", "Bea"),
        entry(6, "signal", None),
    ]
    panel = Panel("1", None, acknowledged=[b"lost"])  # type: ignore[arg-type]
    acts = [Act("An", "close", "A-1", done=True)]
    found = " | ".join(faults(journal, [], [panel], acts, [Follower(told=[1, 2, 4])]))
    for sentence in (
        "gaps or doubles",
        "stored 0 times: lost",
        "Bea took A-1 out of the hands of An",
        "close of A-1 was done",
        "on no screen",
        "on no alarm",
        "left something out",
    ):
        assert sentence in found
