"""Sites, their systems and people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String, Text, text
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
    country: Mapped[str] = mapped_column(String(2), default="BE", server_default=text("'BE'"))
    customer_group: Mapped[str] = mapped_column(String(100), default="", server_default=text("''"))
    keys_held: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    note: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    note_until: Mapped[datetime | None] = mapped_column(UtcMicros)


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
    label: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    model: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    in_service_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    out_of_service_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """None: it is in service. Its signals are received and presented all the same; its silence says nothing."""
    replaced_by: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))
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


class PersonRow(Base):
    """Somebody who is a contact at one site or several; their numbers and their ID code are theirs everywhere."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    languages: Mapped[str] = mapped_column(String(60), default="")
    id_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    """With it and the PIN a caller is known (A1, A4); None: none was issued."""
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    """The address that self-service is tied to (A3, A6, A7)."""
    installer: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    """A9: 1 for an installer, whose ID code opens no customer's view."""
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    """Grows with each change: added to that of their contact, two sites that change one person see each other."""


class PersonNumberRow(Base):
    """One number of a person, in dial order (C4)."""

    __tablename__ = "person_number"

    person: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    label: Mapped[str] = mapped_column(String(40), default="")
    number: Mapped[str] = mapped_column(String(40))
    private: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))


class ContactRow(Base):
    """A person on a site's call list, in order (C1), and what they may do there."""

    __tablename__ = "contact"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.id"))
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    role: Mapped[str] = mapped_column(String(100), default="")
    rights: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """:class:`models.records.ContactRight`, a comma between; empty: information only."""
    sealed_code_word: Mapped[str | None] = mapped_column(Text)
    sealed_duress_word: Mapped[str | None] = mapped_column(Text)
    away_from: Mapped[datetime | None] = mapped_column(UtcMicros)
    away_until: Mapped[datetime | None] = mapped_column(UtcMicros)
    available: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """Weekly availability as ``0 540-1020``: day, minutes from its midnight; a comma between; empty: always."""
    substitute: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    suspended: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))

    __table_args__ = (Index("contact_site", "site", "position"),)


class FilePartRow(Base):
    """How often a part of a site file was changed, and who did it last: two desks never overwrite each other."""

    __tablename__ = "file_part"

    site: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(80), primary_key=True)
    """A key of :mod:`models.records.site_file`."""
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcMicros)
    by: Mapped[str] = mapped_column(String(200))


class DeskTaskRow(Base):
    """Something for the service desk (D2, A4): its own list, never mixed with alarms."""

    __tablename__ = "desk_task"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal sequence of the entry that opened it."""
    kind: Mapped[str] = mapped_column(String(40))
    site: Mapped[str | None] = mapped_column(String(40), index=True)
    matter: Mapped[str] = mapped_column(Text)
    """What makes two of them one: an open task of the same matter is not opened again."""
    words: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcMicros)
    opened_by: Mapped[str] = mapped_column(String(200))
    done_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    done_by: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    done_why: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))

    __table_args__ = (
        Index(
            "desk_task_open",
            "matter",
            unique=True,
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )
