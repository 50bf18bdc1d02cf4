"""``vigie`` with SQLite told not to sync: what the strace test must see fail. No switch of the product does this."""

from __future__ import annotations

import sys
from typing import Any

from console.cli import main
from console.station.store import database


def _careless(dbapi_connection: Any, _record: Any) -> None:
    database._pragmas(dbapi_connection, "journal_mode=WAL", "synchronous=OFF", "foreign_keys=ON", "busy_timeout=5000")


if __name__ == "__main__":
    database._durable_sqlite = _careless
    # Started as: this file, then the words that would have started vigie ("python -m console station ...").
    sys.argv = ["vigie", *sys.argv[sys.argv.index("console") + 1 :]]
    main()
