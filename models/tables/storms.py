"""What a supervisor sets for the station: storm profiles, and the response targets (issue 6; rulebook H)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros

_OPEN = "ended_at IS NULL"


class StormRow(Base):
    """A storm profile; planned while ``begun_at`` is empty, over where ``ended_at`` is set."""

    __tablename__ = "storm"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal's number of the entry that made it."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    settled: Mapped[int] = mapped_column(Integer, default=0)
    """The version that the open alarms were brought in line with; less: they are to be looked at."""
    name: Mapped[str] = mapped_column(String(100))
    scope: Mapped[str] = mapped_column(Text)
    """:class:`models.records.StormScope` as JSON."""
    does: Mapped[str] = mapped_column(String(10))
    delay_min: Mapped[int] = mapped_column(SmallInteger)
    begins_at: Mapped[datetime] = mapped_column(UtcMicros)
    ends_at: Mapped[datetime] = mapped_column(UtcMicros)
    why: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcMicros)
    begun_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    ended_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    ended_by: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    ended_why: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    touched: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))

    __table_args__ = (Index("storm_open", "begins_at", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),)


class ResponseProfileRow(Base):
    """The response targets that a supervisor set; without a row those hold that come with the program."""

    __tablename__ = "response_profile"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Always 1: one profile holds at a time, the journal has those before it."""
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(60))
    targets: Mapped[str] = mapped_column(Text)
    """:class:`models.records.ResponseProfile` as JSON."""
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcMicros)
