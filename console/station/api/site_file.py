"""The site file over HTTP; the rules and acts decide, these only carry."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, Field, TypeAdapter
from sqlalchemy import Connection

from console.station import passwords
from console.station.acts import identity
from console.station.acts.caller import Caller
from console.station.acts.code_words import reveal_contact, word_given
from console.station.acts.site_file import Editing
from console.station.api.context import (
    WITHOUT_NUL,
    ActBody,
    Body,
    Parts,
    SignedIn,
    StationParts,
    answer_once,
    found_right,
    slow_down,
)
from console.station.api.journal import opened
from console.station.rules.numbers import masked
from console.station.rules.pins import new_pin
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from console.station.store import archives, customers, journal_view, site_file, views
from console.station.store import people as known_people
from console.station.store.ledger import Ledger
from models.records import (
    ContactFile,
    CustomerDevice,
    Entry,
    EntryDetail,
    ErrorCode,
    Identified,
    IssuedCode,
    SessionsEnded,
    SiteDetails,
    SiteFile,
    SystemFile,
    Verified,
)

router = APIRouter(prefix="/v1/sites")
T = TypeVar("T")
_FILE = TypeAdapter(SiteFile)
_ENDED = TypeAdapter(SessionsEnded)
_ENTRIES = 100
SiteId = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
ContactId = Annotated[str, Path(max_length=60, pattern=WITHOUT_NUL)]


class NewSiteBody(ActBody):
    """A new site and its number."""

    site: str = Field(max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    details: SiteDetails


class ChangeBody(ActBody):
    """A part's new value; ``version`` is the part's, as it was shown."""

    part: str = Field(max_length=80)
    value: Any


class ContactBody(ActBody):
    """A new contact."""

    contact: ContactFile


class SystemBody(ActBody):
    """A new system, and the account it replaces."""

    system: SystemFile
    replaces: str = Field(default="", max_length=40)


class AbsenceBody(ActBody):
    """Away from and until; neither ends the absence."""

    away_from: AwareDatetime | None = None
    away_until: AwareDatetime | None = None


class SuspendBody(ActBody):
    """Suspend, or take back."""

    suspended: bool


class WordsBody(ActBody):
    """A new code or duress word; an empty one removes it, one that is left out stays."""

    code: str | None = Field(default=None, max_length=100, repr=False)
    duress: str | None = Field(default=None, max_length=100, repr=False)


class IdentifiedBody(ActBody):
    """How it is known who asks."""

    identified: str = Field(min_length=1, max_length=300)


class RemoveEmailBody(ActBody):
    """That the caller gave ID code and PIN."""

    identified: int | None = Field(
        default=None, ge=0, lt=2**63, description="The journal's number of the identification (A7)."
    )


class IdentifyBody(Body):
    """What a caller gave to say who they are."""

    word: str | None = Field(default=None, max_length=100, repr=False)
    id_code: str | None = Field(default=None, max_length=20)
    pin: str | None = Field(default=None, max_length=20, repr=False)


@router.post("")
async def add(body: NewSiteBody, caller: SignedIn, parts: StationParts) -> SiteFile:
    """A new site."""
    return await _edit(
        parts, caller, body.site, f"add-site/{body.site}", body, lambda edit: edit.add_site(body.details)
    )


@router.get("/{site_id}/file")
async def show(site_id: SiteId, caller: SignedIn, parts: StationParts) -> SiteFile:
    """Everything that is kept of a site, with the versions of its parts."""
    require(caller.roles, Right.WATCH)
    return _for(caller, await parts.database.read(lambda connection: _file(connection, site_id, parts)))


@router.post("/{site_id}/file")
async def change(site_id: SiteId, body: ChangeBody, caller: SignedIn, parts: StationParts) -> SiteFile:
    """Change one part; refused as ``changed`` where somebody else did meanwhile (I11)."""
    version = -1 if body.version is None else body.version
    return await _edit(
        parts, caller, site_id, f"file/{site_id}", body, lambda edit: edit.change(body.part, body.value, version)
    )


@router.post("/{site_id}/contacts")
async def add_contact(site_id: SiteId, body: ContactBody, caller: SignedIn, parts: StationParts) -> SiteFile:
    """A new contact at the end of the call order."""
    return await _edit(
        parts, caller, site_id, f"add-contact/{site_id}", body, lambda edit: edit.add_contact(body.contact)
    )


@router.post("/{site_id}/contacts/{contact_id}/remove")
async def remove_contact(
    site_id: SiteId, contact_id: ContactId, body: ActBody, caller: SignedIn, parts: StationParts
) -> SiteFile:
    """Take a contact from the call list."""
    version = -1 if body.version is None else body.version
    what = f"remove-contact/{site_id}/{contact_id}"
    return await _edit(parts, caller, site_id, what, body, lambda edit: edit.remove_contact(contact_id, version))


@router.post("/{site_id}/contacts/{contact_id}/absence")
async def absence(
    site_id: SiteId, contact_id: ContactId, body: AbsenceBody, caller: SignedIn, parts: StationParts
) -> SiteFile:
    """A temporary absence (C1)."""
    version = -1 if body.version is None else body.version
    what = f"absence/{site_id}/{contact_id}"
    return await _edit(
        parts,
        caller,
        site_id,
        what,
        body,
        lambda edit: edit.set_absence(contact_id, body.away_from, body.away_until, version),
    )


@router.post("/{site_id}/contacts/{contact_id}/suspend")
async def suspend(
    site_id: SiteId, contact_id: ContactId, body: SuspendBody, caller: SignedIn, parts: StationParts
) -> SiteFile:
    """Suspend a contact without losing rights and place, or take them back."""
    version = -1 if body.version is None else body.version
    what = f"suspend/{site_id}/{contact_id}"
    return await _edit(
        parts, caller, site_id, what, body, lambda edit: edit.suspend(contact_id, body.suspended, version)
    )


@router.post("/{site_id}/contacts/{contact_id}/words")
async def set_words(
    site_id: SiteId, contact_id: ContactId, body: WordsBody, caller: SignedIn, parts: StationParts
) -> SiteFile:
    """Set or remove a code or duress word. What was sent is kept nowhere but sealed (I9)."""
    given = {which: word for which, word in (("code", body.code), ("duress", body.duress)) if word is not None}
    if not given:
        raise Refused(ErrorCode.INVALID, "Give a code word or a duress word.", "code")

    version = -1 if body.version is None else body.version

    def act(ledger: Ledger) -> SiteFile:
        identity.set_words(ledger, parts.secrets, caller, site_id, contact_id, given, version)
        return _file(ledger.connection, site_id, parts)

    # Without the act's identifier: a digest of the word would lie in the database.
    return await parts.scribe.act(act)


@router.post("/{site_id}/contacts/{contact_id}/code-words")
async def code_words(site_id: SiteId, contact_id: ContactId, caller: SignedIn, parts: StationParts) -> dict[str, str]:
    """Show a contact's words; journaled (I9, rulebook H)."""
    return await parts.scribe.act(lambda ledger: reveal_contact(ledger, parts.secrets, caller, site_id, contact_id))


@router.post("/{site_id}/contacts/{contact_id}/issue")
async def issue(
    site_id: SiteId, contact_id: ContactId, body: IdentifiedBody, caller: SignedIn, parts: StationParts
) -> IssuedCode:
    """A new PIN, and an ID code where there is none: answered this once (A4)."""
    require(caller.roles, Right.ISSUE_CODES)
    pin = new_pin()
    pin_hash = await asyncio.to_thread(passwords.hash_password, pin)
    code = await parts.scribe.act(
        lambda ledger: identity.issue(ledger, caller, site_id, contact_id, pin_hash, body.identified)
    )
    return IssuedCode(id_code=code, pin=pin)


@router.post("/{site_id}/contacts/{contact_id}/remove-email")
async def remove_email(
    site_id: SiteId, contact_id: ContactId, body: RemoveEmailBody, caller: SignedIn, parts: StationParts
) -> SiteFile:
    """Remove an e-mail address from self-service; who asks was identified by ID code and PIN just now (A7)."""

    def act(ledger: Ledger) -> SiteFile:
        identity.remove_email(ledger, caller, site_id, contact_id, body.identified, parts.profile.identified_s)
        return _file(ledger.connection, site_id, parts)

    return await answer_once(parts, caller, f"remove-email/{site_id}/{contact_id}", body, act, _FILE)


@router.get("/{site_id}/contacts/{contact_id}/sessions")
async def open_sessions(
    site_id: SiteId, contact_id: ContactId, caller: SignedIn, parts: StationParts
) -> list[CustomerDevice]:
    """The open sessions of a contact's account, wherever else they are a contact (A10)."""
    require(caller.roles, Right.ISSUE_CODES)
    now = parts.clock.now()

    def read(connection: Connection) -> list[CustomerDevice]:
        return customers.open_of(connection, identity.who(connection, site_id, contact_id).person, now)

    return await parts.database.read(read)


@router.post("/{site_id}/contacts/{contact_id}/end-sessions")
async def end_sessions(
    site_id: SiteId, contact_id: ContactId, body: IdentifiedBody, caller: SignedIn, parts: StationParts
) -> SessionsEnded:
    """End all of them at once (A10)."""

    def act(ledger: Ledger) -> SessionsEnded:
        return identity.end_sessions(ledger, caller, site_id, contact_id, body.identified)

    return await answer_once(parts, caller, f"end-sessions/{site_id}/{contact_id}", body, act, _ENDED)


@router.post("/{site_id}/contacts/{contact_id}/identify")
async def identify(
    site_id: SiteId, contact_id: ContactId, body: IdentifyBody, caller: SignedIn, parts: StationParts
) -> Identified:
    """Check who a caller is, by code word or by ID code and PIN. Each try is journaled; wrong ones slow the next."""
    require(caller.roles, Right.WATCH)
    asked = await parts.database.read(lambda connection: identity.who(connection, site_id, contact_id))
    slow_down(parts, asked.person)
    how = await _verified(parts, site_id, asked, body)
    if how is not Verified.NO:
        found_right(parts, asked.person)
    return await parts.scribe.act(
        lambda ledger: identity.identified(ledger, caller, parts.profile, site_id, contact_id, how)
    )


async def _verified(parts: Parts, site: str, asked: identity.Who, body: IdentifyBody) -> Verified:
    if (word := body.word) is not None:
        return await parts.database.read(lambda c: word_given(c, parts.secrets, site, asked.contact, word))
    if body.id_code is None or body.pin is None:
        raise Refused(ErrorCode.INVALID, "Give the code word, or the ID code and the PIN.", "word")
    if asked.pin_hash is None or asked.id_code != body.id_code.strip():
        return Verified.NO
    fits = await asyncio.to_thread(passwords.password_fits, asked.pin_hash, body.pin.strip())
    return Verified.PIN if fits else Verified.NO


@router.post("/{site_id}/systems")
async def add_system(site_id: SiteId, body: SystemBody, caller: SignedIn, parts: StationParts) -> SiteFile:
    """A new system, put into service; with the account that it replaces (B6)."""
    return await _edit(
        parts, caller, site_id, f"add-system/{site_id}", body, lambda edit: edit.add_system(body.system, body.replaces)
    )


@router.get("/{site_id}/people")
async def people(
    site_id: SiteId,
    caller: SignedIn,
    parts: StationParts,
    q: Annotated[str, Query(min_length=2, max_length=60, pattern=WITHOUT_NUL)],
) -> list[ContactFile]:
    """Persons known from any site by the beginnings of name or number, to make one of them a contact here too (C1)."""
    require(caller.roles, Right.EDIT_FILE)
    return await parts.database.read(lambda connection: known_people.find(connection, site_id, q))


@router.get("/{site_id}/journal")
async def journal(
    site_id: SiteId,
    caller: SignedIn,
    parts: StationParts,
    before: Annotated[int, Query(ge=0, lt=2**63)] = 2**63 - 1,
    kinds: Annotated[str, Query(max_length=200, pattern=r"^[a-z,-]*$")] = "",
) -> list[Entry]:
    """The site's journal, newest first, a page at a time: entries below number ``before``; of some ``kinds`` alone."""
    require(caller.roles, Right.WATCH)
    wanted = [kind for kind in kinds.split(",") if kind]
    found = await parts.database.read(
        lambda connection: views.entries_of_site(connection, site_id, before, _ENTRIES, wanted)
    )
    for shelf in reversed(await parts.shelves.of(await parts.database.read(archives.known))):
        if len(found) < _ENTRIES and shelf.archive.first < before:
            below = min(before, shelf.archive.last + 1)
            more = await shelf.database.read(
                partial(views.entries_of_site, site=site_id, before=below, limit=_ENTRIES - len(found), kinds=wanted)
            )
            found += [entry.model_copy(update={"archive": shelf.archive.file}) for entry in more]
    return found


@router.get("/{site_id}/journal/{seq}")
async def journal_entry(
    site_id: SiteId, seq: Annotated[int, Path(ge=0, lt=2**63)], caller: SignedIn, parts: StationParts
) -> EntryDetail:
    """One entry of the site, opened: before and after of a change, events and masked frame of a signal (B5, I9)."""
    require(caller.roles, Right.WATCH)
    found = await opened(parts, seq, lambda connection: journal_view.opened(connection, seq, parts.profile))
    if found is None or found.entry.site != site_id:
        raise Refused(ErrorCode.NOT_FOUND, f"Site {site_id} has no journal line {seq}.", "seq")
    return found


def _file(connection: Connection, site: str, parts: Parts) -> SiteFile:
    found = site_file.read(connection, site, parts.clock.now())
    if found is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no site {site}.", "site")
    return found


def _for(caller: Caller, file: SiteFile) -> SiteFile:
    """The file as ``caller`` may see it: private numbers in full for whoever keeps them (I9, G3).

    Whoever must dial one has it on the call list of the alarm that they hold.
    """
    if may(caller.roles, Right.EDIT_FILE):
        return file
    people = tuple(
        contact.model_copy(
            update={
                "numbers": tuple(
                    number.model_copy(update={"number": masked(number.number)}) if number.private else number
                    for number in contact.numbers
                )
            }
        )
        for contact in file.contacts
    )
    return file.model_copy(update={"contacts": people})


async def _edit(
    parts: Parts, caller: Caller, site: str, what: str, body: ActBody, change: Callable[[Editing], object]
) -> SiteFile:
    def act(ledger: Ledger) -> SiteFile:
        change(Editing(ledger, caller, site))
        return _for(caller, _file(ledger.connection, site, parts))

    answer = await answer_once(parts, caller, what, body, act, _FILE)
    if isinstance(body, SystemBody) or (isinstance(body, ChangeBody) and body.part.startswith("system:")):
        # Account, interval, service: the receiver and the link supervision know of it at once.
        await parts.accounts_changed()
    return answer
