"""Tests of sites: those that run and those that are over, and what came in each (F1–F5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros

_RUNS = "ended_at IS NULL"


class SiteTestRow(Base):
    """A test of a site, whole or in part; over where ``ended_at`` is set. A shelved zone is one as well."""

    __tablename__ = "site_test"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal's number of the entry that began it."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    site: Mapped[str] = mapped_column(ForeignKey("site.id"))
    since: Mapped[datetime] = mapped_column(UtcMicros)
    by: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_how: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))
    channel: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text)
    ticket: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    whole: Mapped[int] = mapped_column(SmallInteger, default=1)
    scope: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """:class:`models.records.TestScope` as JSON; empty: the whole site."""
    shelved: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    """1: a runaway zone that was put aside."""
    once: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    """1: shelved until the zone has been quiet."""
    planned: Mapped[int | None] = mapped_column(BigInteger)
    """The planned test that began it."""
    scoped_at: Mapped[datetime] = mapped_column(UtcMicros)
    """Since when its scope is as it is: what ran before is hidden by nothing of it (F5)."""
    ends_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    past_end: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    """1: its end has passed while zones were still in alarm: it goes on, and a Low alarm says so."""
    warned_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When it was said that it ends soon."""
    told_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When it was brought up last for having grown old (F3)."""
    signals: Mapped[int] = mapped_column(Integer, default=0)
    last_signal_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    last_signal: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    ended_by: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))

    __table_args__ = (
        Index("site_test_runs", "site", "since", sqlite_where=text(_RUNS), postgresql_where=text(_RUNS)),
        Index(
            "site_test_whole",
            "site",
            unique=True,
            sqlite_where=text(f"{_RUNS} AND whole = 1"),
            postgresql_where=text(f"{_RUNS} AND whole = 1"),
        ),
    )


class TestPlaceRow(Base):
    """What came from one place in a test: the check-list of a walk test, and what is still in alarm."""

    __tablename__ = "test_place"
    __test__ = False

    test: Mapped[int] = mapped_column(ForeignKey("site_test.id"), primary_key=True)
    account: Mapped[str] = mapped_column(Text, primary_key=True)
    area: Mapped[str] = mapped_column(Text, primary_key=True)
    """As the panel sent it; empty: none."""
    zone: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    """The last event that told an alarm, as JSON: what is raised where it is still in alarm as the test ends."""
    alarms: Mapped[int] = mapped_column(Integer)
    """How many of its signals told an alarm."""
    signals: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime] = mapped_column(UtcMicros)
    last_at: Mapped[datetime] = mapped_column(UtcMicros)
    restored_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When it was restored after its last alarm; None: it is still in alarm, where it told one."""
    alarm_since: Mapped[datetime | None] = mapped_column(UtcMicros)
    """Its first alarm since it was restored last; None: it told none."""
    let_go_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When it left the test's scope in alarm, and was raised or left then; None again with its next alarm in test."""


class PlannedTestRow(Base):
    """A planned test, once or recurring (F2)."""

    __tablename__ = "planned_test"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal's number of the entry that planned it."""
    version: Mapped[int] = mapped_column(Integer)
    site: Mapped[str] = mapped_column(ForeignKey("site.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcMicros)
    """When it was planned."""
    by: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_how: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text)
    ticket: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(Text)
    """:class:`models.records.TestScope` as JSON; empty: the whole site."""
    runs: Mapped[str] = mapped_column(Text)
    """:class:`models.records.PlannedWhen` as JSON."""
    next_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When it begins next; None: never again. All others are passed over, however many they are."""
    over_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When its last run ended or ends, or when it was taken back; set where ``next_at`` is not."""
    over_by: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    """Who took it back; empty where it ran out."""

    __table_args__ = (
        Index(
            "planned_test_due",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index("planned_test_over", "over_at"),
    )
