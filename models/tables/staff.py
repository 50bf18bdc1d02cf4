"""What members of staff can be given, and who asks for help (issue 6, 5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class OperatorSkillRow(Base):
    """What somebody can be given; without a row: everything."""

    __tablename__ = "operator_skill"

    login: Mapped[str] = mapped_column(ForeignKey("operator.login"), primary_key=True)
    languages: Mapped[str] = mapped_column(Text)
    """JSON lists, sorted; empty: all."""
    classes: Mapped[str] = mapped_column(Text)
    groups: Mapped[str] = mapped_column(Text)
    trainee: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(Integer)


class HelpRequestRow(Base):
    """Somebody asks a supervisor for help with an alarm in hand, or its holder for the alarm (rulebook H, "ask")."""

    __tablename__ = "help_request"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal sequence of its entry."""
    kind: Mapped[str] = mapped_column(String(10))
    """:class:`models.records.AskKind`."""
    alarm: Mapped[str] = mapped_column(ForeignKey("alarm.id"))
    login: Mapped[str] = mapped_column(String(60))
    by: Mapped[str] = mapped_column(String(200))
    workstation: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcMicros)
    words: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """None: nobody answered yet, and nothing else ended it."""
    ended_by: Mapped[str] = mapped_column(String(200))
    how: Mapped[str] = mapped_column(String(20))
    """:class:`models.records.AskEnd`; empty while it is open."""
    answer: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index(
            "help_request_open",
            "alarm",
            "kind",
            "login",
            "workstation",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
