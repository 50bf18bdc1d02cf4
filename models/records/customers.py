"""What crosses the wire between a customer's device, the station and the service desk (A1, A2, A8, A10)."""

from __future__ import annotations

from datetime import datetime

from models.records.record import Record
from models.records.site_file import ContactRight
from models.records.views import SiteRef


class CustomerSession(Record):
    """The answer to an ID code and PIN that are right: a token, this once."""

    token: str
    name: str
    idle_s: int
    """After so many seconds without use the token is refused, and the customer identifies again (A8)."""


class CustomerSite(SiteRef):
    """A site where an ID code is a contact (A2), and what may be asked for there."""

    rights: tuple[ContactRight, ...] = ()
    """Empty: information only."""


class CustomerDevice(Record):
    """An open session of a customer, as the service desk sees it before it ends them all (A10)."""

    device: str
    begun_at: datetime
    used_at: datetime


class SessionsEnded(Record):
    """How many open sessions an act ended."""

    ended: int
