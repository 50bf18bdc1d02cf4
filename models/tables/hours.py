"""Supervised hours: a document for each area, and what the station told about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class HoursRow(Base):
    """The supervised hours of one area (D1, D3). An area without a row is not supervised (B4)."""

    __tablename__ = "hours"

    site: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    area: Mapped[str] = mapped_column(Text, primary_key=True)
    """As in ``area.area``; not tied to it, for an import brings the areas of a site anew."""
    document: Mapped[str] = mapped_column(Text)
    """:class:`models.records.AreaHours` as JSON."""
    due_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When it must be looked at next; None: never. All others are passed over, however many they are."""
    late_from: Mapped[datetime | None] = mapped_column(UtcMicros)
    """Since when it should be closed and is not, as far as was told."""
    told_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """When that was told last."""
    told: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    """How often it was told."""
    missed_from: Mapped[datetime | None] = mapped_column(UtcMicros)
    """The beginning of hours at which it was not opened, as far as was told."""

    __table_args__ = (
        Index(
            "hours_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )
