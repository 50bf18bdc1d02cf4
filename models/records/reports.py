"""Reports of the journal that go out by e-mail by themselves (G6)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from models.records.handover import HandOverForm, HandOverReport, Language
from models.records.journal import JournalFilter
from models.records.record import Record

MAIL_ADDRESS = (
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
"""An address as mail servers take it everywhere (RFC 5321, without quotes)."""
MOST_ADDRESSES = 20
_Address = Annotated[str, StringConstraints(pattern=rf"^{MAIL_ADDRESS}$", max_length=254, strip_whitespace=True)]


class ReportEvery(StrEnum):
    """How often; each is of the whole day, seven days or month before."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class ReportPlan(Record):
    """What goes out, when and to whom."""

    name: Annotated[
        str,
        StringConstraints(
            pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$", min_length=1, max_length=100, strip_whitespace=True
        ),
    ]
    """What it is called: the subject of the e-mail, which is one line whatever counts as the end of one."""
    report: HandOverReport = HandOverReport.LINES
    form: HandOverForm = HandOverForm.PDF
    asked: JournalFilter = JournalFilter()
    """Which lines; its period is that of the report."""
    every: ReportEvery = ReportEvery.DAY
    day: int = Field(default=0, ge=0, le=31)
    """Each week: the weekday, 0 is Monday. Each month: the day, or the last where a month has no such."""
    at: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "06:00"
    timezone: str = Field(default="UTC", max_length=60)
    """In which ``at`` is read, and the report is written."""
    language: Language = Language.EN
    """Of a paper; a sheet has none."""
    to: tuple[_Address, ...] = Field(min_length=1, max_length=MOST_ADDRESSES)
    on: bool = True

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.timezone)

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in available_timezones():
            raise PydanticCustomError("timezone", "There is no such time zone, for example Europe/Brussels")
        return value

    @model_validator(mode="after")
    def _fits(self) -> ReportPlan:
        asked = self.asked
        if asked.from_ is not None or asked.to is not None:
            raise PydanticCustomError("asked", "The period is that of the report: give none")
        if self.report is HandOverReport.INCIDENT:
            raise PydanticCustomError("report", "An incident report is made once, not each day")
        if self.report is HandOverReport.SITE and not asked.site:
            raise PydanticCustomError("site", "A report of a site's activity needs a site")
        if self.report is HandOverReport.OPERATOR and not asked.operator.strip():
            raise PydanticCustomError("operator", "An operator report needs the name of an operator")
        if self.every is ReportEvery.WEEK and self.day > 6:
            raise PydanticCustomError("day", "A weekday is 0 (Monday) to 6")
        if self.every is ReportEvery.MONTH and self.day < 1:
            raise PydanticCustomError("day", "A day of a month is 1 to 31")
        if len({address.lower() for address in self.to}) != len(self.to):
            raise PydanticCustomError("to", "An address is named twice")
        return self


class ReportView(Record):
    """A report as it is kept, and how it went last."""

    id: int
    version: int
    plan: ReportPlan
    by: str
    """Who set it up, or changed it last."""
    next_at: datetime | None = None
    """None: it is off."""
    last_at: datetime | None = None
    last_words: str = ""
    """What came of it then."""
    last_failed: bool = False


class Reports(Record):
    """All of them, and whether the station can send any."""

    reports: tuple[ReportView, ...] = ()
    sender: str = ""
    """Empty: the station has no mail server, so that nothing goes out."""
    domains: tuple[str, ...] = ()
    """To addresses of these domains alone; empty: to any."""
