"""A store opened: durable, with the keys that are its own, at the schema of today, with a journal (I1, I5)."""

from __future__ import annotations

from pathlib import Path

from console.station.store import known_keys, schema
from console.station.store.database import Database
from console.station.store.secrets import Secrets


async def open_store(database: Database, keys: Path) -> tuple[Secrets, str]:
    """The secrets in the folder ``keys`` and the journal's id.

    DatabaseRefused and SecretsRefused with a sentence; nothing has been written then.
    """
    await database.check_durable()
    # Asked before anything is made: an empty folder beside a journal that has keys must stay empty.
    secrets = known_keys.opened(keys, await database.write(known_keys.known))
    return secrets, await database.write(lambda connection: schema.prepare(connection, secrets))
