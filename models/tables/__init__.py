"""Mapped classes. Imported by the station alone (architecture.md §2)."""

from models.tables.base import Base, UtcMicros
from models.tables.customers import CustomerSessionRow
from models.tables.handling import Act, AlarmRow, AlarmSignalRow, AttemptRow, NoteRow, OutageMemberRow
from models.tables.hours import HoursRow
from models.tables.journal import (
    ArchiveRow,
    ErasureRow,
    Journal,
    JournalHead,
    JournalIndexed,
    JournalPayload,
    JournalSpan,
    KnownKeys,
    RepeatKey,
    SealedFrame,
)
from models.tables.people import OperatorRole, OperatorRow, SessionRow
from models.tables.procedures import AddedStepRow, EmergencyNumberRow, PatrolRow, ProcedureRow, VerificationRow
from models.tables.reports import LetterRow, ReportRow
from models.tables.search import SiteWordRow
from models.tables.shift import ShiftNoteRow, ShiftReadRow
from models.tables.sites import (
    AreaRow,
    ContactRow,
    DeskTaskRow,
    FilePartRow,
    LinkSeenRow,
    PersonNumberRow,
    PersonRow,
    SiteRow,
    SystemRow,
    ZoneRow,
)
from models.tables.staff import HelpRequestRow, OperatorSkillRow
from models.tables.storms import ResponseProfileRow, StormRow
from models.tables.testmode import PlannedTestRow, SiteTestRow, TestPlaceRow

__all__ = [
    "Act",
    "AddedStepRow",
    "AlarmRow",
    "AlarmSignalRow",
    "ArchiveRow",
    "AreaRow",
    "AttemptRow",
    "Base",
    "ContactRow",
    "CustomerSessionRow",
    "DeskTaskRow",
    "EmergencyNumberRow",
    "ErasureRow",
    "FilePartRow",
    "HelpRequestRow",
    "HoursRow",
    "Journal",
    "JournalHead",
    "JournalIndexed",
    "JournalPayload",
    "JournalSpan",
    "KnownKeys",
    "LetterRow",
    "LinkSeenRow",
    "NoteRow",
    "OperatorRole",
    "OperatorRow",
    "OperatorSkillRow",
    "OutageMemberRow",
    "PatrolRow",
    "PersonNumberRow",
    "PersonRow",
    "PlannedTestRow",
    "ProcedureRow",
    "RepeatKey",
    "ReportRow",
    "ResponseProfileRow",
    "SealedFrame",
    "SessionRow",
    "ShiftNoteRow",
    "ShiftReadRow",
    "SiteRow",
    "SiteTestRow",
    "SiteWordRow",
    "StormRow",
    "SystemRow",
    "TestPlaceRow",
    "UtcMicros",
    "VerificationRow",
    "ZoneRow",
]
