"""Reports that go out by e-mail, and the letters of them that are under way (G6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class ReportRow(Base):
    """A report that goes out by itself; ``next_at`` is None while it is off, or was removed."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal's number of the entry that set it up."""
    version: Mapped[int] = mapped_column(Integer)
    plan: Mapped[str] = mapped_column(Text)
    """:class:`models.records.ReportPlan` as JSON."""
    by: Mapped[str] = mapped_column(String(200))
    next_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    removed: Mapped[int] = mapped_column(SmallInteger)
    last_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    last_words: Mapped[str] = mapped_column(Text)
    last_failed: Mapped[int] = mapped_column(SmallInteger)


class LetterRow(Base):
    """One report at one time on its way; gone from ``waiting`` once every address has it or was given up."""

    __tablename__ = "report_letter"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal's number of the entry that tells that it was handed out."""
    report: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[str] = mapped_column(String(200))
    """The same at each try: whoever gets it twice can know (RFC 5322)."""
    plan: Mapped[str] = mapped_column(Text)
    """As it was when it was handed out."""
    from_at: Mapped[datetime] = mapped_column(UtcMicros)
    to_at: Mapped[datetime] = mapped_column(UtcMicros)
    head: Mapped[int] = mapped_column(BigInteger)
    """The journal's last entry then: later ones are not of it."""
    left: Mapped[str] = mapped_column(Text)
    """The addresses that have it not yet, as JSON."""
    tries: Mapped[int] = mapped_column(Integer)
    next_try: Mapped[datetime | None] = mapped_column(UtcMicros)
    """None: it is done with. A station that tries puts it ahead, so that no other tries meanwhile."""

    __table_args__ = (Index("report_letter_next", "next_try"),)
