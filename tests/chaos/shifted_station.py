"""``vigie`` whose own clock, and whose database's, are wrong by so many seconds. No switch of the product does this.

Started as this file, then the words that would have started vigie ("python -m console station ...").
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from console.cli import main
from console.station import service
from console.station.clock import SystemClock

OWN = timedelta(seconds=float(os.environ.get("VIGIE_TEST_OWN_CLOCK", "0")))
SHARED = timedelta(seconds=float(os.environ.get("VIGIE_TEST_SHARED_CLOCK", "0")))
_own, _database_now = SystemClock.own, service.database_now


def _shifted(self: SystemClock) -> datetime:
    return _own(self) + OWN


def _now(self: Any) -> datetime:
    return _shifted(self) + self._ahead  # type: ignore[no-any-return]


def _shared(connection: Connection) -> datetime:
    return _database_now(connection) + SHARED


if __name__ == "__main__":
    SystemClock.own = _shifted  # type: ignore[method-assign]
    SystemClock.now = _now  # type: ignore[method-assign]
    service.database_now = _shared
    sys.argv = ["vigie", *sys.argv[sys.argv.index("console") + 1 :]]
    main()
