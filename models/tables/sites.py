"""Sites, their systems and people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class SiteRow(Base):
    """A monitored site."""

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    street: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    town: Mapped[str] = mapped_column(String(100), default="")
    timezone: Mapped[str] = mapped_column(String(60), default="Europe/Brussels")
    access: Mapped[str] = mapped_column(Text, default="")
    instructions: Mapped[str] = mapped_column(Text, default="")
    premises_number: Mapped[str | None] = mapped_column(String(40))


class SystemRow(Base):
    """A control panel and its communicator at a site, known by its account."""

    __tablename__ = "system"

    account: Mapped[str] = mapped_column(Text, primary_key=True)
    """Upper case, leading zeros kept."""
    site: Mapped[str] = mapped_column(ForeignKey("site.id"), index=True)
    sealed_key: Mapped[str | None] = mapped_column(Text)
    clear_allowed: Mapped[int] = mapped_column(SmallInteger, default=1)
    check_clear_time: Mapped[int] = mapped_column(SmallInteger, default=0)
    window_before_s: Mapped[int | None] = mapped_column(Integer)
    """How far the panel's clock may be behind; None: the station's default, -1: not checked."""
    window_after_s: Mapped[int | None] = mapped_column(Integer)
    lenient_length: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """1: a frame with a good CRC and a wrong length is taken (dc09.md §6, 20 and 25); 0: discarded and counted."""
    lone_ack: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """1: the panel waits for the byte 06 in place of an ACK frame (dc09.md §6, 12)."""
    overrides: Mapped[str | None] = mapped_column(Text)
    """What this vendor means by its codes, as ``423=duress NC=closing``; None: what the code tables say."""
    interval_s: Mapped[int | None] = mapped_column(Integer)
    """Supervision interval; None: its silence says nothing (dc09.md §4)."""
    margin_s: Mapped[int | None] = mapped_column(Integer)
    """How much longer its silence may last; None: the station's default."""
    provider: Mapped[str] = mapped_column(String(100), default="", server_default=text("''"))
    """Whose path it comes by: links of one provider that are lost together are one outage."""
    link_lost_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """Since when its link is lost; None: it is not, as far as was told."""

    __table_args__ = (
        Index(
            "system_lost",
            "provider",
            "link_lost_at",
            sqlite_where=text("link_lost_at IS NOT NULL"),
            postgresql_where=text("link_lost_at IS NOT NULL"),
        ),
    )


class LinkSeenRow(Base):
    """When a system was heard last, told in batches by stations that share a database (architecture.md §5)."""

    __tablename__ = "link_seen"

    account: Mapped[str] = mapped_column(Text, primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(UtcMicros)


class AreaRow(Base):
    """An area (partition) and its last transmitted state (B3)."""

    __tablename__ = "area"

    site: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    area: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str | None] = mapped_column(String(20))
    """``armed``, ``disarmed`` or None: not transmitted."""
    state_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    state_by: Mapped[str] = mapped_column(Text, default="")


class ZoneRow(Base):
    """A zone (point, detector)."""

    __tablename__ = "zone"

    site: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    area: Mapped[str] = mapped_column(Text, primary_key=True)
    zone: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(String(40), default="")


class ContactRow(Base):
    """A person on a site's call list, in order (C1)."""

    __tablename__ = "contact"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.id"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(100), default="")
    languages: Mapped[str] = mapped_column(String(60), default="")
    sealed_code_word: Mapped[str | None] = mapped_column(Text)
    sealed_duress_word: Mapped[str | None] = mapped_column(Text)
    away_from: Mapped[datetime | None] = mapped_column(UtcMicros)
    away_until: Mapped[datetime | None] = mapped_column(UtcMicros)

    __table_args__ = (Index("contact_site", "site", "position"),)


class ContactNumberRow(Base):
    """One number of a contact, in dial order (C4)."""

    __tablename__ = "contact_number"

    contact: Mapped[str] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    label: Mapped[str] = mapped_column(String(40), default="")
    number: Mapped[str] = mapped_column(String(40))


class SiteTestRow(Base):
    """A site in test now (F1, F3). Scopes of a part come later: ``whole`` keeps their place."""

    __tablename__ = "site_test"

    site: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcMicros)
    by: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text)
    whole: Mapped[int] = mapped_column(SmallInteger, default=1)
    ends_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    signals: Mapped[int] = mapped_column(Integer, default=0)
    last_signal_at: Mapped[datetime | None] = mapped_column(UtcMicros)
