"""How long a station waits for a shared PostgreSQL, and how long the others wait for it. All limits, in one place (I1).

A station that is frozen or cut off while it holds the journal's head must not silence the others: one that was stopped
in the middle of a transaction once kept the panels and operators of another waiting for 78 seconds. So whoever has
waited for two seconds ends a holder that has not moved for as long; the server ends one that nobody waits for after
ten; and a station that wakes finds its transaction gone before it has answered anybody. One that is only slow, because
its machine has other things to do, is left alone as long as nobody waits for it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

CONNECT_S = 3.0
"""To open a connection."""
IDLE_MS = 10_000
"""A writing transaction in which its station says nothing: the server ends it, and lets go of the journal's head."""
STILL_MS = 1_800
"""Not moved for so long while another station waits: ended by that one."""
LOCK_MS = 2_000
"""To wait for what another station holds, before it is looked at who holds it."""
STATEMENT_MS = 15_000
"""One statement of a writing transaction; the longest known takes a tenth of it."""
READ_STATEMENT_MS = 120_000
"""One statement of a reader: figures of a year."""
READ_IDLE_MS = 900_000
"""A reading transaction that stands still: it holds nobody up, but keeps the server from tidying."""
KEEPALIVE = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "6000",
}
"""The server's end of the connection: a station whose cable was pulled is noticed in seconds, not in two hours."""
WRITER = "vigie writer"
"""How the one writing connection of each station is called at the server."""


def writing() -> dict[str, Any]:
    """How asyncpg opens the writing connection."""
    return _opened(WRITER, STATEMENT_MS, IDLE_MS, lock_timeout=str(LOCK_MS))


def reading() -> dict[str, Any]:
    """How asyncpg opens a reading connection."""
    return _opened("vigie reader", READ_STATEMENT_MS, READ_IDLE_MS)


def listening() -> dict[str, Any]:
    """How asyncpg opens the connection that hears of other stations."""
    return _opened("vigie listener", STATEMENT_MS, IDLE_MS)


def _opened(name: str, statement_ms: int, idle_ms: int, **more: str) -> dict[str, Any]:
    settings = {
        "application_name": name,
        "statement_timeout": str(statement_ms),
        "idle_in_transaction_session_timeout": str(idle_ms),
        **KEEPALIVE,
        **more,
    }
    # Ours is a little longer than the server's: its word says more. It counts where the server is cut off.
    return {"timeout": CONNECT_S, "command_timeout": statement_ms / 1000 + 5, "server_settings": settings}


def without_limits(connection: Connection) -> None:
    """For this transaction alone: a migration takes its time, and whoever starts beside it waits."""
    if connection.dialect.name == "postgresql":
        for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")


_END_STILL = text(
    "SELECT pg_terminate_backend(held.pid) FROM pg_stat_activity AS held JOIN pg_locks AS lock ON lock.pid = held.pid "
    "WHERE lock.locktype = 'relation' AND lock.relation = 'journal_head'::regclass AND lock.granted "
    "AND held.datname = current_database() AND held.application_name = :writer AND held.pid <> pg_backend_pid() "
    "AND held.wait_event_type = 'Client' AND held.state_change < clock_timestamp() - make_interval(secs => :still)"
)
"""Holders that wait for their own station: between statements, or inside of one, which to the server is no idling.

One that works, or waits for a disk, is left alone: it will be done.
"""


def end_who_stands_still(connection: Connection) -> int:
    """End the writing connections that hold the journal's head and do not move; how many there were."""
    ended = connection.execute(_END_STILL, {"writer": WRITER, "still": STILL_MS / 1000}).all()
    return len(ended)
