"""Procedures in their versions, and what was done of them besides calls (C3, C4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class ProcedureRow(Base):
    """One version of a procedure. None is ever changed: an alarm keeps the one that was in force as it began."""

    __tablename__ = "procedure_version"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    level: Mapped[str] = mapped_column(String(10))
    site: Mapped[str | None] = mapped_column(ForeignKey("site.id"), index=True)
    target: Mapped[str] = mapped_column(String(100))
    matter: Mapped[str] = mapped_column(String(220))
    """Level, site, target and type of alarm in one: what makes two of them one."""
    applies_to: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(100))
    after_s: Mapped[int] = mapped_column(Integer)
    otherwise: Mapped[str] = mapped_column(Text)
    steps: Mapped[str] = mapped_column(Text)
    """JSON of :class:`models.records.ProcedureStep`, in order."""
    at: Mapped[datetime] = mapped_column(UtcMicros)
    """In force from here on."""
    until: Mapped[datetime | None] = mapped_column(UtcMicros)
    """Until the next version came, or it was removed; None: it is in force."""
    by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        Index("procedure_level", "level", "target"),
        # The database itself refuses two that would apply to the same.
        Index(
            "procedure_in_force",
            "matter",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )


class EmergencyNumberRow(Base):
    """A number of an authority for one site."""

    __tablename__ = "emergency_number"

    site: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    service: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(40))


class VerificationRow(Base):
    """How it was known that an alarm is real, before an authority was called (architecture.md §4)."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal sequence of its entry."""
    alarm: Mapped[str] = mapped_column(ForeignKey("alarm.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcMicros)
    how: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[str] = mapped_column(String(200))


class PatrolRow(Base):
    """A patrol that was sent to an alarm, and its times."""

    __tablename__ = "patrol"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal sequence of the entry that asked for it."""
    alarm: Mapped[str] = mapped_column(ForeignKey("alarm.id"), index=True)
    step: Mapped[str] = mapped_column(String(80))
    team: Mapped[str] = mapped_column(String(200))
    keys_held: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcMicros)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    left_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    reported_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    report: Mapped[str] = mapped_column(Text)
    seen: Mapped[int] = mapped_column(SmallInteger)


class AddedStepRow(Base):
    """Somebody whom an operator put on the call list of one alarm: a patrol, an authority."""

    __tablename__ = "added_step"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal sequence of its entry."""
    alarm: Mapped[str] = mapped_column(ForeignKey("alarm.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(200))
