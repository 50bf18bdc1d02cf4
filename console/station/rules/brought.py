"""What a file says of a site, what is kept of it, and how the two differ: nothing that is alike is written again.

What a file has no column or no sheet for is left as it is; a list that it has is the whole list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel, Field

from models.records import AreaFile, ContactFile, SiteDetails, SystemFile, ZoneFile

Fields = dict[str, Any]
"""Given values by field; what is not given is not in it."""


class Brought(BaseModel):
    """A site as a file brings it."""

    site: str
    details: Fields = {}
    systems: list[Fields] | None = Field(default=None, repr=False)
    """By ``account``; with the fields of :class:`Policy` among them."""
    areas: list[Fields] | None = None
    zones: list[Fields] | None = None
    contacts: list[Fields] | None = Field(default=None, repr=False)
    """In call order, with ``numbers``, ``code_word`` and ``duress_word`` among the fields of a contact."""
    extras: Fields = {}
    """Other parts by name: see :mod:`console.station.acts.extras`."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a system's frames are taken: ``vigie account set``."""

    clear_allowed: bool = True
    check_clear_time: bool = False
    lenient_length: bool = False
    lone_ack: bool = False
    window_before_s: int | None = None
    window_after_s: int | None = None
    overrides: str = ""
    key_hex: str = field(default="", repr=False)
    """Known only where it was asked for."""


POLICY = tuple(Policy.__dataclass_fields__)
WORDS = ("code_word", "duress_word")


@dataclass(slots=True)
class Kept:
    """A site whole, with what its file does not show."""

    details: SiteDetails
    systems: dict[str, SystemFile] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    areas: tuple[AreaFile, ...] = ()
    zones: tuple[ZoneFile, ...] = ()
    contacts: list[ContactFile] = field(default_factory=list)
    words: list[dict[str, str]] = field(default_factory=list, repr=False)
    """Beside each contact: code and duress word, where they were asked for."""
    extras: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a site cannot be brought in."""

    part: str
    sentence: str


def wanted(kept: Kept | None, given: Brought) -> Kept:
    """How the site is to be: ``given`` over what is kept. ValueError of pydantic's where a value cannot be."""
    before = kept or Kept(SiteDetails(name=given.details.get("name") or given.site))
    after = replace(before, details=_over(before.details, given.details))
    if given.systems is not None:
        after.systems, after.policies = {}, {}
        for one in given.systems:
            account = one["account"]
            had = before.systems.get(account) or SystemFile(account=account)
            after.systems[account] = _over(had, {name: one[name] for name in one if name not in POLICY})
            after.policies[account] = _policy(before.policies.get(account), one)
    if given.areas is not None:
        after.areas = tuple(sorted((AreaFile(**one) for one in given.areas), key=lambda area: area.area))
    if given.zones is not None:
        zones = (ZoneFile(**one) for one in given.zones)
        after.zones = tuple(sorted(zones, key=lambda zone: (zone.area, zone.zone)))
    if given.contacts is not None:
        after.contacts, after.words = [], []
        for had_contact, words, one in _matched(before, given.contacts):
            own = {name: one[name] for name in one if name not in WORDS}
            after.contacts.append(_over(had_contact or ContactFile(name="?"), own))
            after.words.append({**words, **{name: one[name] for name in WORDS if name in one}})
        _name_substitutes(after.contacts)
    after.extras = {**before.extras, **given.extras}
    return after


def _over(record: Any, given: Fields) -> Any:
    if not given:
        return record
    return type(record).model_validate({**{name: getattr(record, name) for name in type(record).model_fields}, **given})


def _policy(had: Policy | None, given: Fields) -> Policy:
    own = {name: given[name] for name in POLICY if name in given}
    if had is None:
        # A key means that clear frames are refused, unless the file says otherwise (dc09.md §3, 10).
        own.setdefault("clear_allowed", not own.get("key_hex"))
        return Policy(**own)
    if own.get("key_hex") and own["key_hex"] != had.key_hex:
        own.setdefault("clear_allowed", False)
    return replace(had, **own)


def _matched(before: Kept, given: Sequence[Fields]) -> Iterator[tuple[ContactFile | None, dict[str, str], Fields]]:
    """Each contact given beside the one it is: by its id, else by the person, else by the name."""
    free = dict(enumerate(before.contacts))

    def taken(name: str, value: str) -> int | None:
        nth = next((nth for nth, contact in free.items() if value and getattr(contact, name) == value), None)
        if nth is not None:
            del free[nth]
        return nth

    places = [taken("id", one.get("id", "")) for one in given]
    for by in ("person", "name"):
        for nth, one in enumerate(given):
            if places[nth] is None and not one.get("id"):
                places[nth] = taken(by, one.get(by, ""))
    for place, one in zip(places, given, strict=True):
        if place is None:
            yield None, {}, one
        else:
            contact = before.contacts[place]
            words = before.words[place] if before.words else {}
            yield contact, words, {**one, "id": contact.id, "person": one.get("person") or contact.person}


def _name_substitutes(contacts: list[ContactFile]) -> None:
    """A substitute may be given by name; it is kept by id, which a new contact gets when it is written."""
    ids = {contact.id for contact in contacts}
    by_name = {contact.name: contact.id for contact in contacts if contact.id}
    for nth, contact in enumerate(contacts):
        if contact.substitute and contact.substitute not in ids and contact.substitute in by_name:
            contacts[nth] = contact.model_copy(update={"substitute": by_name[contact.substitute]})


def wrong(kept: Kept | None, after: Kept) -> Iterator[Wrong]:
    """What contradicts itself within one site."""
    areas = {area.area for area in after.areas} | {""}
    for zone in after.zones:
        if zone.area not in areas:
            yield Wrong("zone", f"zone {zone.zone} is in area {zone.area}, which the site has not")
            break
    names = {contact.id for contact in after.contacts} | {contact.name for contact in after.contacts}
    people = [contact.person for contact in after.contacts if contact.person]
    for contact in after.contacts:
        if contact.substitute and contact.substitute not in names:
            yield Wrong("contact", f"who stands in for {contact.name} is no contact of the site")
        if contact.substitute and contact.substitute in (contact.id, contact.name):
            yield Wrong("contact", f"{contact.name} cannot stand in for themselves")
        if contact.person and people.count(contact.person) > 1:
            yield Wrong("contact", f"person {contact.person} is there twice")
    before = {} if kept is None else {contact.id: contact.person for contact in kept.contacts}
    for contact in after.contacts:
        if contact.id and before.get(contact.id, contact.person) != contact.person:
            yield Wrong("contact", f"contact {contact.id} is person {before[contact.id]}, and stays it")


def differences(before: Kept, after: Kept) -> list[str]:
    """The keys of the parts that differ."""
    found = [name for name in ("details", "areas", "zones") if getattr(before, name) != getattr(after, name)]
    for account in dict.fromkeys([*before.systems, *after.systems]):
        if before.systems.get(account) != after.systems.get(account) or (
            before.policies.get(account) != after.policies.get(account)
        ):
            found.append(f"system:{account}")
    had = {contact.id: (contact, words) for contact, words in beside(before)}
    for contact, words in beside(after):
        if not contact.id or contact.id not in had or had.pop(contact.id) != (contact, words):
            found.append(f"contact:{contact.id or contact.name}")
            had.pop(contact.id, None)
    found += [f"contact:{identifier}" for identifier in had]
    if [c.id for c in before.contacts] != [c.id for c in after.contacts]:
        found.append("order")
    found += [name for name in after.extras if before.extras.get(name) != after.extras[name]]
    return list(dict.fromkeys(found))


def beside(kept: Kept) -> Iterator[tuple[ContactFile, dict[str, str]]]:
    """Each contact and their words."""
    yield from zip(kept.contacts, kept.words or [{}] * len(kept.contacts), strict=True)
