"""Staff accounts and their sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class OperatorRow(Base):
    """A member of staff who can sign in."""

    __tablename__ = "operator"

    login: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Lower case."""
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))


class OperatorRole(Base):
    """One role of a member of staff (rulebook H)."""

    __tablename__ = "operator_role"

    login: Mapped[str] = mapped_column(ForeignKey("operator.login"), primary_key=True)
    role: Mapped[str] = mapped_column(String(30), primary_key=True)


class SessionRow(Base):
    """A signed-in workstation. Only a digest of the token is kept."""

    __tablename__ = "session"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(ForeignKey("operator.login"))
    workstation: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcMicros)
    expires_at: Mapped[datetime] = mapped_column(UtcMicros)
    last_beat: Mapped[datetime] = mapped_column(UtcMicros)
    """The workstation's last sign of life (I3)."""
    active_at: Mapped[datetime] = mapped_column(UtcMicros)
    active_alarm: Mapped[str | None] = mapped_column(Text)
    """The alarm that was on the workspace then: a key counts for that one alone (I4)."""
    """The last key or button at the workstation while it had an alarm in hand (I4)."""
    locked_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    used_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """The last key or button there, whatever was on its screen: who is idle is seen by supervisors."""
