"""Brings a database to the newest schema (Alembic), and says where it stands."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from console.station.store import known_keys, postgres_limits
from console.station.store.ledger import found_journal, mend_count
from console.station.store.secrets import Secrets

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to ``revision`` inside the caller's transaction."""
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Run the migrations down to ``revision`` inside the caller's transaction."""
    command.downgrade(_config(connection), revision)


def current(connection: Connection) -> str | None:
    """The revision the database stands at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision this program needs."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert head is not None
    return head


def prepare(connection: Connection, secrets: Secrets | None = None) -> str:
    """Bring the schema to the newest revision and found the journal, which knows ``secrets`` from now on; its id."""
    if connection.dialect.name == "postgresql":
        postgres_limits.without_limits(connection)
        # Two stations starting at once must not both create the tables.
        connection.execute(select(func.pg_advisory_xact_lock(0x56494749)))
    if current(connection) != newest():
        upgrade(connection)
    journal = found_journal(connection)
    mend_count(connection)
    if secrets is not None:
        known_keys.remember(connection, secrets)
    return journal
