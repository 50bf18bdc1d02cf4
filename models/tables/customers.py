"""Customers' sessions in self-service."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, UtcMicros


class CustomerSessionRow(Base):
    """A customer's session on one of their devices (A8, A10). Only a digest of the token is kept."""

    __tablename__ = "customer_session"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The journal sequence of the entry that tells of its beginning."""
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str] = mapped_column(String(100))
    """In the words of the device: ``Fairphone 5``."""
    begun_at: Mapped[datetime] = mapped_column(UtcMicros)
    used_at: Mapped[datetime] = mapped_column(UtcMicros)
    """The last use: so long after it the customer identifies again (A8)."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcMicros)
    """None: nobody ended it. One that was not used for too long is over all the same."""
    ended_by: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
