"""Sites brought in from a file: compared with what is kept, and only what differs is written and journaled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, delete, select, update

from console.station.acts import brought_procedures, extras
from console.station.acts.brought_codes import IdCodes
from console.station.acts.caller import Caller
from console.station.acts.registry import local
from console.station.acts.site_file import Editing, by_number, shown
from console.station.rules import brought
from console.station.rules.brought import Brought, Kept, Policy, Wrong
from console.station.rules.refusal import Refused
from console.station.store import outages, planned, site_file, whole_files
from console.station.store.ledger import Ledger
from console.station.store.secrets import Secrets
from models.records import Actor, ContactFile, ErrorCode, StaffRole, SystemFile
from models.records.record import Record
from models.tables import ContactRow, PersonRow, SystemRow

ADDED, CHANGED, SAME = "added", "changed", "as it is"


class Verdict(Record):
    """What comes, or came, of a site that was brought."""

    site: str
    what: str
    parts: tuple[str, ...] = ()
    """The parts that differ, for a site that is changed."""
    wrong: tuple[tuple[str, str], ...] = ()
    """(part, sentence): then nothing of it is brought in."""


@dataclass(frozen=True, slots=True)
class LocalCaller(Caller):
    """Somebody with a shell on the station's machine, who may bring in whole site files."""

    @property
    def actor(self) -> Actor:
        """As every subcommand is journaled."""
        return local(self.login)


def caller(who: str) -> Caller:
    """The user of a subcommand."""
    return LocalCaller(who, who, (StaffRole.SERVICE_DESK,), "command line", "")


@dataclass(frozen=True, slots=True)
class Plan:
    """One site: how it is, how it is to be."""

    given: Brought
    before: Kept | None
    after: Kept | None
    verdict: Verdict


def plan(connection: Connection, secrets: Secrets, given: Sequence[Brought]) -> list[Plan]:
    """Compare. What cannot be brought in has a verdict that says why."""
    sites = [one.site for one in given]
    kept = whole_files.load(connection, sites, secrets if any(map(_with_secrets, given)) else None)
    _load_extras(connection, kept)
    owners = _owners(connection, given)
    codes = IdCodes.known(connection, given, kept)
    plans = []
    for one in given:
        before = kept.get(one.site)
        wrong = [*_owned_elsewhere(owners, one)]
        after = None
        try:
            after = brought.wanted(before, one)
            wrong += brought.wrong(before, after)
            wrong += codes.wrong(after)
            wrong += _settled(before, one, after)
        except ValidationError as error:
            first = error.errors()[0]
            # Never the value itself: it may be a secret (I9).
            wrong.append(Wrong(".".join(map(str, first["loc"])) or "site", first["msg"]))
        plans.append(Plan(one, before, after, _verdict(one.site, before, after, wrong)))
    return plans


def _with_secrets(given: Brought) -> bool:
    rows = [*(given.systems or ()), *(given.contacts or ())]
    return any(name in row for row in rows for name in ("key_hex", *brought.WORDS))


def _load_extras(connection: Connection, kept: dict[str, Kept]) -> None:
    for extra in extras.EXTRAS:
        for site, value in extra.load(connection, list(kept)).items():
            kept[site].extras[extra.name] = value


def _settled(before: Kept | None, given: Brought, after: Kept) -> Iterator[Wrong]:
    """The parts that modules of their own keep, as they say it."""
    for extra in extras.EXTRAS:
        if extra.name in given.extras:
            had = None if before is None else before.extras.get(extra.name)
            after.extras[extra.name], wrong = extra.settle(had, given.extras[extra.name], after)
            yield from wrong


def _verdict(site: str, before: Kept | None, after: Kept | None, wrong: Sequence[Wrong]) -> Verdict:
    if wrong or after is None:
        return Verdict(site=site, what=SAME, wrong=tuple((one.part, one.sentence) for one in wrong))
    if before is None:
        return Verdict(site=site, what=ADDED)
    parts = brought.differences(before, after)
    return Verdict(site=site, what=CHANGED if parts else SAME, parts=tuple(parts))


def _owners(connection: Connection, given: Sequence[Brought]) -> dict[str, str]:
    accounts = [one["account"] for site in given for one in site.systems or ()]
    contacts = [one["id"] for site in given for one in site.contacts or () if one.get("id")]
    rows = connection.execute(select(SystemRow.account, SystemRow.site).where(SystemRow.account.in_(accounts)))
    found = {f"account {account}": site for account, site in rows}
    rows = connection.execute(select(ContactRow.id, ContactRow.site).where(ContactRow.id.in_(contacts)))
    return found | {f"contact {contact}": site for contact, site in rows}


def _owned_elsewhere(owners: dict[str, str], given: Brought) -> Iterator[Wrong]:
    names = [("account", f"account {one['account']}") for one in given.systems or ()]
    names += [("contact", f"contact {one['id']}") for one in given.contacts or () if one.get("id")]
    for part, name in names:
        if owners.get(name, given.site) != given.site:
            yield Wrong(part, f"{name[0].upper()}{name[1:]} belongs to site {owners[name]} already.")


def bring(ledger: Ledger, secrets: Secrets, by: Caller, given: Sequence[Brought], source: str) -> list[Verdict]:
    """Write what differs. Refused, and nothing written, where one of them cannot be brought in."""
    plans = plan(ledger.connection, secrets, given)
    for one in plans:
        for part, sentence in one.verdict.wrong:
            raise Refused(ErrorCode.INVALID, sentence, part)
    new = {one.given.site: one.after for one in plans if one.verdict.what == ADDED and one.after is not None}
    _add(ledger, secrets, by, new, source)
    for one in plans:
        if one.verdict.what == CHANGED and one.before is not None and one.after is not None:
            # A site before it in the file may have changed a person of both.
            [again] = plan(ledger.connection, secrets, [one.given])
            if again.before is not None and again.after is not None:
                Bringing(ledger, by, one.given.site).to(again.before, again.after, secrets)
    return [one.verdict for one in plans]


def _add(ledger: Ledger, secrets: Secrets, by: Caller, new: dict[str, Kept], source: str) -> None:
    if not new:
        return
    for site, kept in new.items():
        _give_ids(site, kept)
    known = whole_files.people(ledger.connection, {c.person for kept in new.values() for c in kept.contacts})
    whole_files.add(ledger.connection, secrets, new)
    for site, kept in new.items():
        words = (
            f"Site {kept.details.name} imported: {len(kept.systems)} systems, {len(kept.zones)} zones, "
            f"{len(kept.contacts)} contacts"
        )
        data = {"accounts": list(kept.systems), "source": source}
        if coded := [contact.id for contact in kept.contacts if contact.id_code]:
            # Who has a code from elsewhere; a PIN nobody has (A4).
            data["id_codes"] = coded
        ledger.append("site-imported", by.actor, words, site=site, data=data)
        edit = Bringing(ledger, by, site)
        for contact in kept.contacts:
            if contact.person in known:
                edit.person(contact)
                edit.id_code(contact.id, contact)
        edit.extras({}, kept.extras)


def _give_ids(site: str, kept: Kept) -> None:
    """``<site>-<n>`` for a contact that has no id yet; who has no person is one of their own."""
    used = {contact.id for contact in kept.contacts}
    count = 0
    for nth, contact in enumerate(kept.contacts):
        identifier = contact.id
        while not identifier:
            count += 1
            identifier = "" if f"{site}-{count}" in used else f"{site}-{count}"
        kept.contacts[nth] = contact.model_copy(update={"id": identifier, "person": contact.person or identifier})
    ids = {contact.name: contact.id for contact in kept.contacts}
    for nth, contact in enumerate(kept.contacts):
        stands_in = ids.get(contact.substitute, contact.substitute)
        kept.contacts[nth] = contact.model_copy(update={"substitute": stands_in})


class Bringing(Editing):
    """A site's file brought from how it is to how a file says it is, part by part, journaled as the desk's changes."""

    def to(self, before: Kept, after: Kept, secrets: Secrets) -> None:
        """Write what differs."""
        connection, site = self.ledger.connection, self.site
        if before.details != after.details:
            site_file.write_details(connection, site, after.details)
            if before.details.timezone != after.details.timezone:
                planned.look_anew(connection, site, self.ledger.now)
            words = f"Site file of {after.details.name}"
            self._changed(words, "details", shown(before.details), shown(after.details))
        self._bring_systems(before, after, secrets)
        if before.areas != after.areas:
            site_file.write_areas(connection, site, after.areas)
            self._changed("Areas", "areas", by_number(before.areas, "area"), by_number(after.areas, "area"))
        if before.zones != after.zones:
            site_file.write_zones(connection, site, after.zones)
            self._changed("Zones", "zones", by_number(before.zones, "zone"), by_number(after.zones, "zone"))
        self._bring_contacts(before, after, secrets)
        self.extras(before.extras, after.extras)

    def extras(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """The parts that modules of their own keep."""
        for extra in extras.EXTRAS:
            if extra.name in after and before.get(extra.name) != after[extra.name]:
                extra.write(self, after[extra.name])

    def person(self, given: ContactFile) -> None:
        """Name, languages and numbers of somebody who is a contact elsewhere as well, as this file says them."""
        now = self._contact_now(given.id)
        own: dict[str, Any] = {"name": given.name, "languages": given.languages, "numbers": given.numbers}
        # Whoever is an installer elsewhere is none the less one for a file that does not say so (A9).
        own["installer"] = now.installer or given.installer
        self._write_contact(now, now.model_copy(update=own))

    def id_code(self, contact: str, given: ContactFile) -> None:
        """An ID code that somebody has from elsewhere. A PIN comes by no file: the control room issues it (A4)."""
        person = select(ContactRow.person).where(ContactRow.id == contact).scalar_subquery()
        without = (PersonRow.id == person, PersonRow.id_code.is_(None))
        if (
            given.id_code
            and self.ledger.connection.execute(update(PersonRow).where(*without).values(id_code=given.id_code)).rowcount
        ):
            words = f"ID code of {given.name} brought in; the control room issues a PIN"
            data = {"contact": contact}
            self.ledger.append("id-code-brought", self.caller.actor, words, site=self.site, data=data)

    # -- systems --------------------------------------------------------------------------------

    def _bring_systems(self, before: Kept, after: Kept, secrets: Secrets) -> None:
        for account in before.systems.keys() - after.systems.keys():
            outages.supervised_no_longer(self.ledger.connection, [account], self.ledger.now)
            here = (SystemRow.account == account, SystemRow.site == self.site)
            self.ledger.connection.execute(delete(SystemRow).where(*here))
            had = shown(before.systems[account])
            self._journal("system-removed", f"System {account} removed", f"system:{account}", had, {})
        for account, system in after.systems.items():
            had_system = before.systems.get(account)
            if had_system is None:
                self._add_system(system)
            elif had_system != system:
                self._write_system(had_system, system)
            had_policy = before.policies.get(account, Policy())
            if had_system is None or had_policy != after.policies[account]:
                self._bring_policy(account, had_policy, after.policies[account], secrets, new=had_system is None)

    def _add_system(self, given: SystemFile) -> None:
        site_file.write_system(self.ledger.connection, self.site, given)
        words = f"System {given.account} put into service"
        self._journal("system-added", words, f"system:{given.account}", {}, shown(given))

    def _bring_policy(self, account: str, before: Policy, after: Policy, secrets: Secrets, *, new: bool) -> None:
        key = before.key_hex != after.key_hex
        row = whole_files.policy_row(account, after, secrets, key=key)
        had = whole_files.policy_row(account, before, secrets, key=False)
        self.ledger.connection.execute(update(SystemRow).where(SystemRow.account == account).values(row))
        data = {name: value for name, value in row.items() if name != "sealed_key" and had[name] != value}
        if key:
            data["key"] = "changed" if after.key_hex else "removed"
        if data and not (new and not key):
            words = f"Account {account} set: {', '.join(name.replace('_', ' ') for name in data)}"
            actor = self.caller.actor
            self.ledger.append("account-set", actor, words, site=self.site, account=account, data=data)

    # -- contacts -------------------------------------------------------------------------------

    def _bring_contacts(self, before: Kept, after: Kept, secrets: Secrets) -> None:
        had = {contact.id: (contact, words) for contact, words in brought.beside(before)}
        stay = {contact.id for contact in after.contacts}
        for identifier, (contact, _words) in had.items():
            if identifier not in stay:
                site_file.remove_contact(self.ledger.connection, self.site, identifier)
                key = f"contact:{identifier}"
                self._journal("contact-removed", f"Contact {contact.name} removed", key, shown(contact), {}, ("order",))
        order: list[str] = []
        for contact, words in brought.beside(after):
            if contact.id in had:
                order.append(contact.id)
                if had[contact.id][0] != contact:
                    here = contact.substitute in had and contact.substitute in stay
                    alone = contact if here else contact.model_copy(update={"substitute": ""})
                    # Read again: a substitute may have left, and the person's other sites are told in the journal.
                    self._write_contact(self._contact_now(contact.id), alone)
            else:
                order.append(self._add_contact(contact))
            self.id_code(order[-1], contact)
            self._bring_words(order[-1], contact.name, had.get(contact.id, (contact, {}))[1], words, secrets)
        self._bring_substitutes(after.contacts, order)
        self._bring_order(order)

    def _add_contact(self, given: ContactFile) -> str:
        alone = given.model_copy(update={"substitute": ""})
        known = given.person and whole_files.people(self.ledger.connection, [given.person])
        identifier = site_file.write_contact(self.ledger.connection, self.site, alone)
        key = f"contact:{identifier}"
        self._journal("contact-added", f"Contact {given.name} added", key, {}, shown(alone), ("order",))
        if known:
            now = self._contact_now(identifier)
            for other in now.also_at:
                words = f"Contact {given.name} is a contact of site {self.site} as well"
                self.ledger.append("site-changed", self.caller.actor, words, site=other.id, data={"part": key})
        return identifier

    def _bring_words(
        self, contact: str, name: str, before: dict[str, str], after: dict[str, str], secrets: Secrets
    ) -> None:
        given = {which: word for which, word in after.items() if before.get(which, "") != word}
        if not given:
            return
        row = whole_files.sealed_words(contact, given, secrets)
        self.ledger.connection.execute(update(ContactRow).where(ContactRow.id == contact).values(row))
        site_file.changed(self.ledger.connection, self.site, f"contact:{contact}", self.ledger.now, self.caller.name)
        said = ", ".join(f"{which.replace('_', ' ')} {'set' if word else 'removed'}" for which, word in given.items())
        data = {"contact": contact}
        self.ledger.append("code-word-set", self.caller.actor, f"Contact {name}: {said}", site=self.site, data=data)

    def _bring_substitutes(self, wanted: Sequence[ContactFile], order: Sequence[str]) -> None:
        """Who stands in for whom, once everybody has an id."""
        names = {contact.name: identifier for contact, identifier in zip(wanted, order, strict=True)}
        for contact, identifier in zip(wanted, order, strict=True):
            substitute = names.get(contact.substitute, contact.substitute)
            now = self._contact_now(identifier)
            if now.substitute != substitute:
                self._write_contact(now, now.model_copy(update={"substitute": substitute}))

    def _bring_order(self, order: list[str]) -> None:
        now = {contact.id: contact.name for contact in site_file.contacts(self.ledger.connection, self.site)}
        if list(now) != order:
            site_file.write_order(self.ledger.connection, order)
            names = {"order": list(now.values())}, {"order": [now[contact] for contact in order]}
            self._changed("Call order", "order", *names)


def everywhere(connection: Connection, given: Sequence[dict[str, Any]]) -> list[Verdict]:
    """What would come of the procedures of the station and of customer groups."""
    kept = brought_procedures.kept_beside(connection, given)
    pairs = zip(kept, given, strict=True)
    return [Verdict(site="", what=ADDED if had is None else SAME if had == one else CHANGED) for had, one in pairs]


def bring_everywhere(ledger: Ledger, by: Caller, given: Sequence[dict[str, Any]]) -> list[Verdict]:
    """Write those of them that differ."""
    verdicts = everywhere(ledger.connection, given)
    brought_procedures.write_of_station(ledger, by, given)
    return verdicts


def ended(ledger: Ledger, by: Caller, source: str, added: int, changed: int) -> None:
    """One entry that an import is done; none for one that changed nothing."""
    if added or changed:
        words = f"Import of {source}: {added} sites added, {changed} changed"
        ledger.append("sites-imported", by.actor, words, data={"source": source, "added": added, "changed": changed})
