"""How many examples a property test looks at: a fifth in every run, all of them in the long lane (``.ci/long``)."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_LONG = os.environ.get("VIGIE_EXAMPLES") == "all"


def examples(full: int, *suppressed: HealthCheck) -> settings:
    """Settings for a property that deserves ``full`` examples. No deadline: that would be a timed test."""
    return settings(
        max_examples=full if _LONG else max(full // 5, 12), deadline=None, suppress_health_check=list(suppressed)
    )
