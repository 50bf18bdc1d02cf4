"""What subcommands ask of a station, and the acts that come of it: the same with and without a running one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pydantic import BaseModel, Field

from console.station.acts import archiving, erasing, handing_out, registry, skills
from console.station.store import archives, known_keys
from console.station.store.archives import Archive
from console.station.store.database import Database
from console.station.store.ledger import Ledger
from console.station.store.secrets import Secrets
from console.station.store.traces import Subject
from models.records import AlarmClass


class OperatorRequest(BaseModel):
    """``vigie operator add``."""

    who: str
    operator: registry.NewOperator


class SkillsRequest(BaseModel):
    """``vigie operator skills``; None leaves what is set."""

    who: str
    login: str
    languages: tuple[str, ...] | None = None
    classes: tuple[AlarmClass, ...] | None = None
    groups: tuple[str, ...] | None = None
    trainee: bool | None = None


class AccountRequest(BaseModel):
    """``vigie account set``."""

    who: str
    settings: registry.AccountSettings


class ImportRequest(BaseModel):
    """Sites of the file of one table, all in one transaction."""

    who: str
    source: str
    sites: tuple[registry.NewSite, ...]


class HandedOutRequest(BaseModel):
    """``vigie site export --with-secrets``: journaled before anything is handed out."""

    who: str
    target: str


class JournalHandedOutRequest(BaseModel):
    """``vigie journal export`` into a file: journaled before anything is handed out (G6)."""

    who: str
    target: str
    selection: str
    """Which entries, in words."""
    what: str = "a sealed export"
    """As what: the form of the file."""


class BackupRequest(BaseModel):
    """``vigie backup``: journaled before anything is copied."""

    who: str
    target: str
    keys: bool
    """Whether the station's keys go along, under a passphrase."""


class RestoredRequest(BaseModel):
    """``vigie restore``: the first entry of the restored journal."""

    who: str
    source: str
    made_at: str
    seq: int
    """The last entry that the backup is sure to hold."""
    signed: bool
    """Whether the station's signature over it was there, and good."""


class EraseRequest(BaseModel):
    """``vigie erase``: a person's data goes, by a signed act (I14)."""

    who: str
    why: str = Field(min_length=1, max_length=500)
    words: list[str] = Field(repr=False)
    """Under which the person is found; in no log, journal or error."""
    sites: list[str]
    entries: list[int]
    """Those that say one of the words; what names the person outside of the journal goes with the first piece."""


class ArchivedRequest(BaseModel):
    """``vigie journal archive``: these entries are in a file that was read again and verified."""

    who: str
    archive: Archive
    erased: int
    """How many contents of it were erased when it was made."""


class ArchiveErasedRequest(BaseModel):
    """``vigie erase``: what entries of an archive say goes; journaled before it is written anew (I14)."""

    who: str
    why: str = Field(min_length=1, max_length=500)
    file: str
    entries: int
    sites: list[str]


class ArchiveReplacedRequest(BaseModel):
    """``vigie erase``: the archive that was written anew and verified takes the place of the one before."""

    who: str
    archive: Archive


class ArchiveMountedRequest(BaseModel):
    """``vigie journal mount`` and ``unmount``: what can be read again is journaled."""

    who: str
    file: str
    on: bool


class RemoveArchivedRequest(BaseModel):
    """``vigie journal archive``: some entries that are in archives leave the live tables; the act is journaled."""

    limit: int = Field(ge=1, le=1000)


class NewKeysRequest(BaseModel):
    """``vigie station new-keys``: those that were lost are replaced. The station does not run: it has no route."""

    who: str
    why: str = Field(min_length=1, max_length=500)


REMOVE_ARCHIVED = "/archived/remove"


class LeaveNothingRequest(BaseModel):
    """``vigie erase``: of what was erased nothing stays in logs and dead rows; the acts were journaled before."""


LEAVE_NOTHING = "/erased/leave-nothing"

Request = (
    OperatorRequest
    | SkillsRequest
    | AccountRequest
    | ImportRequest
    | HandedOutRequest
    | JournalHandedOutRequest
    | BackupRequest
    | RestoredRequest
    | EraseRequest
    | ArchivedRequest
    | ArchiveMountedRequest
    | ArchiveErasedRequest
    | ArchiveReplacedRequest
    | NewKeysRequest
)


ROUTES: dict[type[Request], str] = {
    OperatorRequest: "/operator",
    SkillsRequest: "/skills",
    AccountRequest: "/account",
    ImportRequest: "/sites",
    HandedOutRequest: "/handed-out",
    JournalHandedOutRequest: "/journal-handed-out",
    BackupRequest: "/backup",
    EraseRequest: "/erase",
    ArchivedRequest: "/archived",
    ArchiveMountedRequest: "/archive-mounted",
    ArchiveErasedRequest: "/archive-erased",
    ArchiveReplacedRequest: "/archive-replaced",
}
"""Where a running station is asked for what; a restored station does not run yet, so that it has no route."""


def act_of(request: Request, secrets: Secrets) -> Callable[[Ledger], int]:
    """The act that a request asks for; the same with and without a running station."""

    def act(ledger: Ledger) -> int:
        actor = registry.local(request.who)
        if isinstance(request, OperatorRequest):
            registry.add_operator(ledger, actor, request.operator)
            return 1
        if isinstance(request, SkillsRequest):
            given = request.model_dump(include={"languages", "classes", "groups", "trainee"}, exclude_none=True)
            skills.change_skills(ledger, actor, request.login, given)
            return 1
        if isinstance(request, AccountRequest):
            registry.set_account(ledger, secrets, actor, request.settings)
            return 1
        if isinstance(request, HandedOutRequest):
            words = f"Site files handed out with keys, code words and ID codes, to {request.target}"
            return ledger.append("secrets-exported", actor, words, data={"target": request.target})
        if isinstance(request, JournalHandedOutRequest):
            return handing_out.journal_handed_out(ledger, actor, request.what, request.target, request.selection)
        if isinstance(request, BackupRequest):
            words = f"Backup made to {request.target}, {'with' if request.keys else 'without'} the station's keys"
            return ledger.append("backup-made", actor, words, data={"target": request.target, "keys": request.keys})
        if isinstance(request, RestoredRequest):
            return registry.restored(ledger, actor, request.source, request.made_at, request.seq, signed=request.signed)
        if isinstance(request, EraseRequest):
            subject = Subject(tuple(request.words), tuple(request.sites))
            return erasing.erase_traces(ledger, secrets, actor, subject, request.entries, request.why)
        if isinstance(request, ArchivedRequest):
            return archiving.archive(ledger, secrets, actor, request.archive, request.erased)
        if isinstance(request, ArchiveErasedRequest):
            asked = (request.file, request.entries, request.sites, request.why)
            return erasing.erased_from_archive(ledger, actor, *asked)
        if isinstance(request, ArchiveReplacedRequest):
            return archiving.replaced(ledger, secrets, actor, request.archive)
        if isinstance(request, ArchiveMountedRequest):
            return archiving.mounted(ledger, actor, request.file, on=request.on)
        if isinstance(request, NewKeysRequest):
            return known_keys.replace(ledger, secrets, actor, request.why)
        return registry.import_sites(ledger, secrets, actor, request.sites, request.source)

    return act


async def remove_some(database: Database, request: RemoveArchivedRequest) -> int:
    """Past the scribe: the act that lets them go is journaled, and there is nothing more to tell of them."""
    return await database.write(partial(archives.remove_some, limit=request.limit))
