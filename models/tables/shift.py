"""The shift log: what one shift leaves to the next, and who has read it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class ShiftNoteRow(Base):
    """One note for the next shift."""

    __tablename__ = "shift_note"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal sequence of its entry."""
    at: Mapped[datetime] = mapped_column(UtcMicros, index=True)
    login: Mapped[str] = mapped_column(String(60))
    by: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    items: Mapped[str] = mapped_column(Text)
    """What was open then, gathered by the station: a line each."""


class ShiftReadRow(Base):
    """Who read a note, and when."""

    __tablename__ = "shift_read"

    note: Mapped[int] = mapped_column(ForeignKey("shift_note.id"), primary_key=True, autoincrement=False)
    login: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcMicros)
