"""Alarms and what was done about them: how things stand now; the journal says how they came to be so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class AlarmRow(Base):
    """One matter to handle; its columns are the fields of ``console.station.rules.alarm.Alarm``."""

    __tablename__ = "alarm"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    matter: Mapped[str] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(String(40))
    account: Mapped[str] = mapped_column(Text)
    alarm_class: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    zones: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger)
    life_safety: Mapped[int] = mapped_column(SmallInteger)
    silent: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(10))
    incident: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(UtcMicros)
    clock_from: Mapped[datetime] = mapped_column(UtcMicros)
    taken_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    holder: Mapped[str | None] = mapped_column(String(60))
    holder_name: Mapped[str | None] = mapped_column(String(200))
    workstation: Mapped[str | None] = mapped_column(String(60))
    held_since: Mapped[datetime | None] = mapped_column(UtcMicros)
    last_act_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    idle_warned_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    doing: Mapped[str] = mapped_column(String(200))
    calling_since: Mapped[datetime | None] = mapped_column(UtcMicros)
    parked_until: Mapped[datetime | None] = mapped_column(UtcMicros)
    parked_by: Mapped[str | None] = mapped_column(String(200))
    park_reason: Mapped[str] = mapped_column(Text)
    signals: Mapped[int] = mapped_column(Integer)
    unseen: Mapped[int] = mapped_column(Integer)
    last_seq: Mapped[int] = mapped_column(BigInteger)
    seen_seq: Mapped[int] = mapped_column(BigInteger)
    last_signal_at: Mapped[datetime] = mapped_column(UtcMicros)
    last_signal_words: Mapped[str] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    cancelled_by: Mapped[str] = mapped_column(String(200))
    cancel_channel: Mapped[str] = mapped_column(String(200))
    cancel_why: Mapped[str] = mapped_column(Text)
    returned_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    returned_why: Mapped[str] = mapped_column(Text)
    escalated: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    out_of_window: Mapped[int] = mapped_column(SmallInteger)
    pushed_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    disposition: Mapped[str | None] = mapped_column(String(30))
    closed_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    closed_by: Mapped[str | None] = mapped_column(String(200))
    close_reason: Mapped[str] = mapped_column(Text)
    storm: Mapped[int | None] = mapped_column(BigInteger)
    storm_does: Mapped[str] = mapped_column(String(10), default="", server_default=text("''"))
    storm_until: Mapped[datetime | None] = mapped_column(UtcMicros)
    own_priority: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    zones_beyond: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))

    __table_args__ = (
        Index(
            "alarm_storm",
            "storm",
            sqlite_where=text("storm IS NOT NULL"),
            postgresql_where=text("storm IS NOT NULL"),
        ),
        # The database itself refuses a second open alarm of one matter (architecture.md §4).
        Index(
            "alarm_open_matter",
            "matter",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("alarm_state", "state", "closed_at"),
        Index("alarm_site", "site", "opened_at"),
    )


class AlarmSignalRow(Base):
    """One event that belongs to an alarm."""

    __tablename__ = "alarm_signal"

    alarm: Mapped[str] = mapped_column(ForeignKey("alarm.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    """Which event of the signal, from 0."""
    at: Mapped[datetime] = mapped_column(UtcMicros)
    panel_time: Mapped[datetime | None] = mapped_column(UtcMicros)
    words: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    zone: Mapped[str | None] = mapped_column(Text)
    zone_name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(10))
    priority: Mapped[int] = mapped_column(SmallInteger)
    in_test: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str] = mapped_column(Text)
    repeats: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("alarm_signal_seq", "seq"),)


class OutageMemberRow(Base):
    """A system whose lost link belongs to an outage (architecture.md §4)."""

    __tablename__ = "outage_member"

    alarm: Mapped[str] = mapped_column(ForeignKey("alarm.id"), primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    site: Mapped[str] = mapped_column(String(40), index=True)
    second_path: Mapped[int] = mapped_column(SmallInteger)
    """1 where another system of the site was heard in time when this one was lost."""
    lost_at: Mapped[datetime] = mapped_column(UtcMicros)
    back_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    checked_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When somebody checked its site, for as long as it is off line and without a second path."""
    checked_by: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))


class AttemptRow(Base):
    """One attempt to reach somebody (G3)."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal sequence of the entry that began it."""
    alarm: Mapped[str] = mapped_column(ForeignKey("alarm.id"), index=True)
    step: Mapped[str] = mapped_column(String(80))
    """The step's key in the call plan: ``contact:<id>``, ``premises``, ``authority:police``."""
    number: Mapped[str] = mapped_column(String(40))
    began_at: Mapped[datetime] = mapped_column(UtcMicros)
    ended_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    outcome: Mapped[str | None] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text)


class NoteRow(Base):
    """A note on an alarm."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal sequence of its entry."""
    alarm: Mapped[str] = mapped_column(ForeignKey("alarm.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcMicros)
    by: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)


class Act(Base):
    """The answer given to an act, by the act's own identifier: sent twice, it happens once (I11)."""

    __tablename__ = "act"

    id: Mapped[str] = mapped_column(String(130), primary_key=True)
    """``<login>/<identifier>``, at most 60 and 64 characters: nobody can fetch another's answer."""
    at: Mapped[datetime] = mapped_column(UtcMicros, index=True)
    what: Mapped[str] = mapped_column(String(200))
    """Route, subject and keyed digest of the body; the same identifier for something else is refused."""
    answer: Mapped[str] = mapped_column(Text)
