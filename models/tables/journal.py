"""The journal and what its one writer keeps beside it (architecture.md §3, I5, I14)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class Journal(Base):
    """One line a fact, append-only; every column is under ``hash``, which also covers ``prev`` (I5).

    Nothing here identifies a person: that lies in :class:`JournalPayload`, chained by a salted digest, so that it can
    be erased as the law demands without breaking the chain (I14).
    """

    __tablename__ = "journal"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # Whole microseconds, not a decoded time: the chain hashes exactly what is stored.
    time: Mapped[int] = mapped_column(BigInteger)
    panel_time: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(20))
    site: Mapped[str | None] = mapped_column(String(40))
    account: Mapped[str | None] = mapped_column(Text)
    alarm: Mapped[str | None] = mapped_column(String(40))
    priority: Mapped[int | None] = mapped_column(SmallInteger)
    # A number, not a Boolean: a driver would read any number as true and hide a change from the chain.
    in_test: Mapped[int] = mapped_column(SmallInteger)
    payload_digest: Mapped[str] = mapped_column(String(64))
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("journal_site", "site", "seq"),
        Index("journal_alarm", "alarm", "seq"),
        Index("journal_time", "time"),
    )


class JournalPayload(Base):
    """What an entry says, with the persons in it; chained by ``journal.payload_digest`` (I14)."""

    __tablename__ = "journal_payload"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    actor_name: Mapped[str] = mapped_column(Text)
    actor_from: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[str] = mapped_column(Text)
    """Canonical JSON."""
    raw: Mapped[str | None] = mapped_column(Text)
    """The frame in Python-style escapes; signals only (I2)."""


class JournalHead(Base):
    """One row: where the chain stands. Locked by whoever appends, so numbers have no gaps (architecture.md §3)."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    journal_id: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    alarm_count: Mapped[int] = mapped_column(BigInteger)
    """The number given last to an alarm; it only grows, whatever the clocks do, so that none is ever given twice."""


class KnownKeys(Base):
    """Which keys this journal is sealed and signed with: another machine, or an empty folder, has others (I5, I9)."""

    __tablename__ = "known_keys"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """1 for the first; the highest are those in force."""
    seal: Mapped[str] = mapped_column(String(32))
    """A digest that the sealing key alone gives; nobody can find the key by it."""
    sign: Mapped[str] = mapped_column(String(64))
    """The public half of the signing key, in hex."""


class RepeatKey(Base):
    """The last signal of an account and path, by which a repeat is known (architecture.md §4, "Time and repeats")."""

    __tablename__ = "repeat_key"

    account: Mapped[str] = mapped_column(Text, primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    token: Mapped[str] = mapped_column(Text)
    sequence: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcMicros)
    accepted: Mapped[int] = mapped_column(SmallInteger)
    """0 where the frame was answered NAK: its resend with a mended clock is a signal of its own."""
    presented: Mapped[int] = mapped_column(SmallInteger)
    """0 where it came in test: resent after the test, its alarms are presented (F4)."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When the panel said that it sent it; renewed with each try by many."""
    happened_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When the panel said that it happened (H data)."""
    counts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """1 where its sequence followed the one before: this panel counts (decision 6)."""
    alarms: Mapped[str | None] = mapped_column(Text)
    """The alarms it was presented on, separated by blanks; a repeat counts only while all are open."""


class SealedFrame(Base):
    """The unmasked original of a frame that carried a secret, encrypted with the station's key (I9)."""

    __tablename__ = "sealed_frame"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sealed: Mapped[str] = mapped_column(Text)


class ErasureRow(Base):
    """That an entry's content was erased as the law demands: without this row the database refuses it (I14).

    ``signature`` is the station's over the entry's number and digest and over the entry that tells of the act: whoever
    has only the database can remove contents by a row of their own, but not unseen.
    """

    __tablename__ = "erasure"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    by_seq: Mapped[int] = mapped_column(BigInteger)
    """The entry that tells of the act: who erased it, when and why."""
    digest: Mapped[str] = mapped_column(String(64))
    """The ``payload_digest`` of the entry."""
    signature: Mapped[str] = mapped_column(Text)


class ArchiveRow(Base):
    """That entries left the live tables for a sealed file: without this row the database lets none go (I5).

    ``signature`` is the station's over all the rest and the journal's id: whoever has only the database can remove
    entries by a row of their own, but not unseen.
    """

    __tablename__ = "journal_archive"

    by_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The entry that tells of the act: who archived them, and when."""
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    prev: Mapped[str] = mapped_column(String(64))
    """What the first of them points back to."""
    hash: Mapped[str] = mapped_column(String(64))
    """Of the last of them: what the first live entry points back to."""
    first_time: Mapped[int] = mapped_column(BigInteger)
    """The earliest, in microseconds."""
    last_time: Mapped[int] = mapped_column(BigInteger)
    file: Mapped[str] = mapped_column(Text)
    """Its name, without a folder."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    signature: Mapped[str] = mapped_column(Text)


class JournalIndexed(Base):
    """One row: how far the index of the journal's words reaches.

    The index itself is each database's own kind of table, ``journal_words``
    (:mod:`console.station.store.journal_index`).
    """

    __tablename__ = "journal_indexed"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    """The last entry that is in the index; those after it are searched one by one."""
    version: Mapped[int] = mapped_column(Integer)
    """Of the words that are indexed; another one than the program's: the index is made anew."""
    erased: Mapped[int] = mapped_column(Integer)
    """How often words were taken out again: what was read before the last time is not written (I14)."""
    tidied: Mapped[int] = mapped_column(Integer)
    """Of ``erased``: after how many of them the index was merged whole, so that nothing of them is left in the file."""


class JournalSpan(Base):
    """The earliest and the latest time in each stretch of numbers: a period is found without reading it."""

    __tablename__ = "journal_span"

    block: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Number of the entry divided by 4,096."""
    first_time: Mapped[int] = mapped_column(BigInteger)
    last_time: Mapped[int] = mapped_column(BigInteger)
