"""Who somebody on the phone is: ID code and PIN issued, callers identified, an address removed (A4–A7)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, select, update

from console.station.acts import customers, duress
from console.station.acts.caller import Caller
from console.station.acts.code_words import fits
from console.station.acts.site_file import unchanged
from console.station.rules.pins import new_id_code
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import site_file
from console.station.store import sites as site_store
from console.station.store.ledger import Ledger
from console.station.store.secrets import Secrets, word_purpose
from models.records import ErrorCode, Identified, SessionsEnded, Verified
from models.tables import ContactRow, Journal, JournalPayload, PersonRow
from models.tables.base import from_micros

_WORDS_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Who:
    """A contact as these acts need them."""

    contact: str
    person: str
    name: str
    id_code: str | None
    pin_hash: str | None
    email: str


def who(connection: Connection, site: str, contact: str) -> Who:
    """A contact of a site; refused where there is none."""
    row = connection.execute(
        select(ContactRow.id, ContactRow.person, PersonRow.name, PersonRow.id_code, PersonRow.pin_hash, PersonRow.email)
        .join(PersonRow, PersonRow.id == ContactRow.person)
        .where(ContactRow.id == contact, ContactRow.site == site)
    ).first()
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"Site {site} has no contact {contact}.", "contact")
    return Who(*row)


def named(connection: Connection, site: str, contact: str) -> str | None:
    """The name of a contact of a site, for whoever reads the journal; None where there is none, or not any more."""
    name = connection.execute(
        select(PersonRow.name)
        .join(ContactRow, PersonRow.id == ContactRow.person)
        .where(ContactRow.id == contact, ContactRow.site == site)
    ).scalar()
    return None if name is None else str(name)


def issue(ledger: Ledger, caller: Caller, site: str, contact: str, pin_hash: str, identified: str) -> str:
    """A new PIN, and an ID code where there is none; returns the ID code. The old PIN is void at once (A4).

    ``pin_hash`` is the new PIN's; the PIN itself is never seen here. ``identified`` says how the asker was known.
    """
    require(caller.roles, Right.ISSUE_CODES)
    asked = who(ledger.connection, site, contact)
    if not identified.strip():
        raise Refused(ErrorCode.INVALID, "Say how you know who asks.", "identified")
    code = asked.id_code or _free_code(ledger)
    ledger.connection.execute(
        update(PersonRow).where(PersonRow.id == asked.person).values(id_code=code, pin_hash=pin_hash)
    )
    # Whoever has the old PIN may be looking: what was begun with it is over as well.
    customers.end_all(ledger, caller.actor, asked.person, asked.name, "a new PIN was issued", site=site)
    what = "New PIN" if asked.id_code else "ID code and PIN"
    ledger.append(
        "pin-issued",
        caller.actor,
        f"{what} issued to {asked.name} by {caller.name} · {identified.strip()}",
        site=site,
        data={"contact": contact, "identified": identified.strip()},
    )
    return code


def _free_code(ledger: Ledger) -> str:
    while True:
        code = new_id_code()
        if ledger.connection.execute(select(PersonRow.id).where(PersonRow.id_code == code)).first() is None:
            return code


def remove_email(ledger: Ledger, caller: Caller, site: str, contact: str, entry: int | None, within_s: int) -> None:
    """Remove the e-mail address from self-service, after the caller was identified by ID code and PIN (A7).

    ``entry`` is the journal's number of that, at most ``within_s`` seconds old.
    """
    require(caller.roles, Right.ISSUE_CODES)
    asked = who(ledger.connection, site, contact)
    if not asked.email:
        raise Refused(ErrorCode.WRONG_STATE, f"{asked.name} has no e-mail address in self-service.")
    how = recently_identified(ledger, caller, site, contact, entry, within_s).how
    if how is not Verified.PIN:
        raise Refused(ErrorCode.INVALID, "An e-mail address is removed after ID code and PIN alone.", "identified")
    ledger.connection.execute(update(PersonRow).where(PersonRow.id == asked.person).values(email=""))
    why = "the e-mail address was removed"
    customers.end_all(ledger, caller.actor, asked.person, asked.name, why, site=site)
    ledger.append(
        "email-removed",
        caller.actor,
        f"E-mail address of {asked.name} removed from self-service by {caller.name} · {how.value} right",
        site=site,
        data={"contact": contact, "identified": entry},
    )


def end_sessions(ledger: Ledger, caller: Caller, site: str, contact: str, identified: str) -> SessionsEnded:
    """End all sessions of an account at once: a phone is lost or stolen (A10). Returns how many were open."""
    require(caller.roles, Right.ISSUE_CODES)
    asked = who(ledger.connection, site, contact)
    if not identified.strip():
        raise Refused(ErrorCode.INVALID, "Say how you know who asks.", "identified")
    why = identified.strip()
    return SessionsEnded(
        ended=customers.end_all(ledger, caller.actor, asked.person, asked.name, why, site=site, always=True)
    )


def set_words(
    ledger: Ledger, secrets: Secrets, caller: Caller, site: str, contact: str, given: dict[str, str], version: int
) -> None:
    """Set or remove a contact's ``code`` or ``duress`` word; an empty one removes it. Never in the journal (I9).

    Refused where the contact was changed since ``version``: another desk may have set them just now (I11).
    """
    require(caller.roles, Right.EDIT_FILE)
    asked = who(ledger.connection, site, contact)
    then = "Look at them again, then set the words."
    unchanged(ledger, site, f"contact:{contact}", version, f"contact {asked.name}", then)
    both = {which: word.strip() for which, word in given.items()}
    for which, word in both.items():
        if len(word) > _WORDS_LONGEST or not word.isprintable():
            raise Refused(ErrorCode.INVALID, f"A word has at most {_WORDS_LONGEST} printable characters.", which)
    known = next(words for words in site_store.words(ledger.connection, site) if words.contact == contact)
    if _same(secrets, known, both):
        raise Refused(ErrorCode.INVALID, "Code word and duress word must differ.", next(iter(both)))
    columns = {
        f"sealed_{which}_word": secrets.seal(word, word_purpose(contact, which)) if word else None
        for which, word in both.items()
    }
    ledger.connection.execute(update(ContactRow).where(ContactRow.id == contact).values(columns))
    site_file.changed(ledger.connection, site, f"contact:{contact}", ledger.now, caller.name)
    said = ", ".join(f"{which} word {'set' if word else 'removed'}" for which, word in both.items())
    ledger.append("code-word-set", caller.actor, f"Contact {asked.name}: {said}", site=site, data={"contact": contact})


def _same(secrets: Secrets, known: site_store.Words, given: dict[str, str]) -> bool:
    code, duress = given.get("code"), given.get("duress")
    if code and duress:
        return code.casefold() == duress.casefold()
    if code and "duress" not in given:
        return fits(secrets, known.contact, "duress", known.duress_word, code)
    return bool(duress) and "code" not in given and fits(secrets, known.contact, "code", known.code_word, duress or "")


def identified(ledger: Ledger, caller: Caller, profile: Profile, site: str, contact: str, how: Verified) -> Identified:
    """Journal that a caller was identified, or was not, and answer what they may ask for.

    A duress word is presented as an alarm of the site at once; the answer is the same to whoever listens.
    """
    asked = who(ledger.connection, site, contact)
    words = {
        Verified.CODE_WORD: "code word right",
        Verified.DURESS: "duress word given: they speak under threat",
        Verified.PIN: "ID code and PIN right",
        Verified.NO: "not identified: what they gave is wrong",
    }[how]
    entry = ledger.append(
        "caller-identified" if how is not Verified.NO else "caller-not-identified",
        caller.actor,
        f"Caller as {asked.name}: {words}",
        site=site,
        data={"contact": contact, "how": how.value},
    )
    if how is Verified.DURESS:
        duress.by_phone(ledger, profile, site, contact, asked.name)
    found = next(one for one in site_file.contacts(ledger.connection, site) if one.id == contact)
    return Identified(contact=contact, name=asked.name, how=how, rights=found.rights, entry=entry)


def recently_identified(
    ledger: Ledger, caller: Caller, site: str, contact: str, entry: int | None, within_s: int
) -> Identified:
    """Who a caller was found to be by this very operator, at most ``within_s`` seconds ago; refused otherwise (A4).

    ``entry`` is the journal's number of the identification. A name that is typed proves nothing.
    """
    row = None
    if entry is not None:
        row = ledger.connection.execute(
            select(Journal.time, Journal.kind, Journal.site, JournalPayload.actor_name, JournalPayload.data)
            .join(JournalPayload, JournalPayload.seq == Journal.seq)
            .where(Journal.seq == entry)
        ).first()
    asked = who(ledger.connection, site, contact)
    sentence = f"Check first who {asked.name} is: by code word, or by ID code and PIN."
    if row is None or (row.kind, row.site, row.actor_name) != ("caller-identified", site, caller.name):
        raise Refused(ErrorCode.INVALID, sentence, "identified")
    said = json.loads(row.data)
    how = Verified(said["how"])
    if said["contact"] != contact or how not in (Verified.CODE_WORD, Verified.PIN):
        raise Refused(ErrorCode.INVALID, sentence, "identified")
    if ledger.now - from_micros(row.time) > timedelta(seconds=within_s):
        late = f"{asked.name} was identified more than {within_s // 60} minutes ago: check again."
        raise Refused(ErrorCode.INVALID, late, "identified")
    found = next(one for one in site_file.contacts(ledger.connection, site) if one.id == contact)
    return Identified(contact=contact, name=asked.name, how=how, rights=found.rights, entry=entry)
