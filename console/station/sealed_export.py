"""``vigie journal export --sealed``, ``checkpoints`` and ``key``: what a third party needs to check the journal."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from console.station.control import JournalHandedOutRequest
from console.station.errand import ErrandFailed, do
from console.station.progress import progress
from console.station.store import export, sealed
from console.station.store.checkpoints import CheckpointFile, point_fields
from console.station.store.database import DatabaseRefused
from console.station.store.ledger import journal_id
from console.station.store.secrets import SecretsRefused
from console.station.subcommand import UNREADABLE, reading, say, say_archived, who
from console.station.verifying import secrets_of


def export_sealed(place: Path | str, target: Path, selection: export.Selection) -> int:
    """Write a sealed export into ``target``; exit status 0, 1 when it may not be, 2 when something cannot be read."""
    if target.exists():
        say(f"{target} is there already.")
        return 1
    by = who()
    try:
        secrets = secrets_of(place)
        # First: who has it is in the journal, whatever becomes of the file.
        asyncio.run(do(place, JournalHandedOutRequest(who=by, target=target.name, selection=selection.words())))
    except (SecretsRefused, DatabaseRefused, ErrandFailed) as error:
        say(str(error))
        return 1

    def query(connection: Connection) -> int:
        say_archived(connection)
        journal = journal_id(connection) or ""
        points, _wrong = CheckpointFile(secrets.folder, journal).signed(secrets.sign_key.public_key())
        made = sealed.Made(journal, datetime.now(UTC).isoformat(timespec="seconds"), by, selection.words())
        found = export.chained_entries(connection, selection)
        with progress(export.count(connection, selection), "Writing") as bar:
            count = sealed.write(target, made, found, points, secrets.sign_key, bar.update)
        print(f"{count} entries are in {target}, with the proofs and a verifier. Whoever gets it asks you for the")
        print(f"fingerprint of your key by another way: {sealed.fingerprint(secrets.sign_key.public_key())}")
        return 0

    try:
        return reading(place, query)
    except sealed.Broken as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say(f"Cancelled; {target} was not made.")
        return 1


def show_checkpoints(place: Path | str, most: int) -> int:
    """Print the newest ``most`` checkpoints as lines of JSON, oldest first: to be kept out of its reach."""
    try:
        secrets = secrets_of(place)
    except (SecretsRefused, DatabaseRefused) as error:
        say(str(error))
        return UNREADABLE

    def query(connection: Connection) -> int:
        file = CheckpointFile(secrets.folder, journal_id(connection) or "")
        points, wrong = file.signed(secrets.sign_key.public_key())
        for sentence in wrong:
            say(sentence)
        for point, signature in points[-most:]:
            sys.stdout.write(json.dumps({**point_fields(point), "signature": signature}) + "\n")
        return 1 if wrong else 0

    return reading(place, query)


def show_key(place: Path | str) -> int:
    """Print the public key of the station's signatures and its fingerprint."""
    try:
        public = secrets_of(place).sign_key.public_key()
    except (SecretsRefused, DatabaseRefused) as error:
        say(str(error))
        return UNREADABLE
    print(f"public key   {base64.b64encode(public.public_bytes_raw()).decode()}")
    print(f"fingerprint  {sealed.fingerprint(public)}")
    return 0
