"""What sites are found by as somebody types."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base

_BY_BYTES = String(101).with_variant(String(101, collation="C"), "postgresql")
"""Compared sign by sign, on both databases: what begins with some letters is one stretch of the index."""


class SiteWordRow(Base):
    """A word by which a site is found (:mod:`console.station.rules.search_words`)."""

    __tablename__ = "site_word"

    word: Mapped[str] = mapped_column(_BY_BYTES, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)

    __table_args__ = (Index("site_word_site", "site", "word"), {"sqlite_with_rowid": False})
