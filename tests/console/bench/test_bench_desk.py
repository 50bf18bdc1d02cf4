"""The desk's benchmark runs to its end and says something of everything. Never how fast: machines differ."""

from __future__ import annotations

import re

import pytest

from tests.programs import vigie


# Beside other tests on a small machine the window comes up slowly; a hang ends all the same.
@pytest.mark.timeout(500)
def test_a_short_round_measures_everything() -> None:
    done = vigie("bench", "desk", "--rounds", "1", "--seconds", "1", timeout=400)
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert len(rows) == 14
    assert "never came to the screen" not in done.stdout
    assert "nan" not in done.stdout
    shown = next(row for row in rows if "under the load: p50" in row)
    assert float(re.findall(r"\| (\d+) ", shown)[0]) > 0
