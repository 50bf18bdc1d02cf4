"""Code words: shown by an act that is journaled, checked on the station, never logged (I9, rulebook H)."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from sqlalchemy import Connection

from console.station.acts.caller import Caller
from console.station.rules import transitions
from console.station.rules.alarm import Alarm
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, may, require
from console.station.store import alarms as alarm_store
from console.station.store import sites as site_store
from console.station.store.ledger import Ledger
from console.station.store.secrets import Secrets, word_purpose
from models.records import CallOutcome, ErrorCode, Verified


def reveal_contact(ledger: Ledger, secrets: Secrets, caller: Caller, site: str, contact: str) -> dict[str, str]:
    """The words of one contact, from the site file; the service desk and supervisors alone, and journaled."""
    require(caller.roles, Right.REVEAL_ANY)
    for words in site_store.words(ledger.connection, site):
        if words.contact == contact:
            shown = _opened(secrets, words)
            ledger.append(
                "code-words-shown",
                caller.actor,
                f"Code words of {words.name} shown to {caller.name}",
                site=site,
                data={"contact": contact},
            )
            return shown
    raise Refused(ErrorCode.NOT_FOUND, f"This site has no contact {contact}.", "contact")


def _opened(secrets: Secrets, words: site_store.Words) -> dict[str, str]:
    shown = {"name": words.name}
    for which, sealed in (("code", words.code_word), ("duress", words.duress_word)):
        if sealed is not None:
            shown[which] = secrets.unseal(sealed, word_purpose(words.contact, which)).decode()
    return shown


def reveal(ledger: Ledger, secrets: Secrets, caller: Caller, alarm_id: str) -> dict[str, dict[str, str]]:
    """The code and duress words of an alarm's contacts, by contact id. An operator needs the alarm in hand."""
    require(caller.roles, Right.REVEAL_HELD)
    alarm = alarm_store.by_id(ledger.connection, alarm_id)
    if alarm is None or alarm.site is None:
        raise Refused(ErrorCode.NOT_FOUND, "This alarm has no site with code words.", "alarm")
    if not may(caller.roles, Right.REVEAL_ANY):
        transitions.require_holder(alarm, caller.hand)
    found: dict[str, dict[str, str]] = {}
    for words in site_store.words(ledger.connection, alarm.site):
        shown = _opened(secrets, words)
        if len(shown) > 1:
            found[words.contact] = shown
    ledger.append(
        "code-words-shown",
        caller.actor,
        f"Code words of {len(found)} contacts shown to {caller.name}",
        site=alarm.site,
        account=alarm.account,
        alarm=alarm.id,
    )
    return found


class Given(StrEnum):
    """How a caller was verified; the value is the channel for the journal."""

    CODE_WORD = "phone, code word right"
    CALL = "phone, verified"
    DURESS = "phone, duress word"
    """The duress word in place of the code word: no cancel, whatever is said (architecture.md §4)."""


def verifier(ledger: Ledger, secrets: Secrets, contact: str, code_word: str | None) -> Callable[[Alarm], Given]:
    """How a caller who cancels is verified: by the word given now, or by a call that verified them (rulebook H).

    Refused where neither holds.
    """

    def check(alarm: Alarm) -> Given:
        if code_word is not None and alarm.site is not None:
            how = word_given(ledger.connection, secrets, alarm.site, contact, code_word)
            if how is Verified.NO:
                raise Refused(ErrorCode.WRONG_SECRET, "The code word is wrong.", "code_word")
            return Given.DURESS if how is Verified.DURESS else Given.CODE_WORD
        verified = any(
            attempt.whom == f"contact:{contact}" and attempt.outcome is CallOutcome.VERIFIED
            for attempt in alarm_store.attempts(ledger.connection, alarm.id)
        )
        if not verified:
            raise Refused(
                ErrorCode.NOT_ALLOWED, "This contact was not verified: call them, or ask for the code word.", "contact"
            )
        return Given.CALL

    return check


def word_given(connection: Connection, secrets: Secrets, site: str, contact: str, word: str) -> Verified:
    """Whether a word fits a contact: as the code word, as the duress word, or not at all."""
    for words in site_store.words(connection, site):
        if words.contact == contact:
            if fits(secrets, contact, "duress", words.duress_word, word):
                return Verified.DURESS
            if fits(secrets, contact, "code", words.code_word, word):
                return Verified.CODE_WORD
    return Verified.NO


def fits(secrets: Secrets, contact: str, which: str, sealed: str | None, given: str) -> bool:
    """Whether ``given`` is the contact's sealed ``code`` or ``duress`` word; case and blanks around it do not count."""
    if sealed is None:
        return False
    known = secrets.unseal(sealed, word_purpose(contact, which)).decode()
    return Secrets.same(known.strip().casefold(), given.strip().casefold())
