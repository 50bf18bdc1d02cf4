"""Changes of a site file by the service desk: rights, versions, checks, the journal with before and after (I9, I11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from console.station.acts.caller import Caller
from console.station.acts.registry import supervision
from console.station.rules import numbers
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import hours, outages, planned, site_file
from console.station.store.ledger import Ledger
from models.records import (
    AreaFile,
    ContactFile,
    ErrorCode,
    PhoneNumber,
    SiteDetails,
    SystemFile,
    ZoneFile,
)
from models.records.record import Record
from models.tables import SystemRow

T = TypeVar("T")
_AREAS: TypeAdapter[tuple[AreaFile, ...]] = TypeAdapter(tuple[AreaFile, ...])
_ZONES: TypeAdapter[tuple[ZoneFile, ...]] = TypeAdapter(tuple[ZoneFile, ...])
_MOST_ROWS = 4096
_READ_ONLY = frozenset(
    {"id", "person", "has_code_word", "has_duress_word", "id_code", "email", "also_at", "encrypted", "account"}
)
_OF_PERSON = ("name", "languages", "numbers", "installer")
"""What of a contact is the person's, at every site."""
ACCOUNT_LENGTH = (3, 16)


@dataclass(frozen=True, slots=True)
class Editing:
    """The changes of one caller to one site's file inside one transaction."""

    ledger: Ledger
    caller: Caller
    site: str

    def add_site(self, given: SiteDetails) -> None:
        """A new site; its number is the caller's to choose and must be free."""
        require(self.caller.roles, Right.EDIT_FILE)
        if site_file.exists(self.ledger.connection, self.site):
            raise Refused(ErrorCode.INVALID, f"There is a site {self.site} already.", "site")
        _check_details(given)
        site_file.write_details(self.ledger.connection, self.site, given)
        self._journal("site-added", f"Site {given.name} added", "details", {}, shown(given))

    def change(self, key: str, value: Any, version: int) -> None:
        """Change part ``key`` to ``value``; refused where its version is another by now (I11)."""
        require(self.caller.roles, Right.EDIT_FILE)
        self._unchanged(key, version)
        kind, _, subject = key.partition(":")
        change: Callable[[Any, str], None] | None = {
            "details": self._details,
            "areas": self._areas,
            "zones": self._zones,
            "order": self._order,
            "system": self._system,
            "contact": self._contact,
        }.get(kind)
        if change is None or bool(subject) != (kind in ("system", "contact")):
            raise Refused(ErrorCode.NOT_FOUND, f"A site file has no part {key}.", "part")
        change(value, subject)

    def set_absence(self, contact: str, away_from: datetime | None, away_until: datetime | None, version: int) -> None:
        """A contact's temporary absence (C1), which an operator may set as well; None and None end it."""
        require(self.caller.roles, Right.SET_ABSENCE)
        self._unchanged(f"contact:{contact}", version)
        before = self._contact_now(contact)
        self._write_contact(before, before.model_copy(update={"away_from": away_from, "away_until": away_until}))

    def suspend(self, contact: str, suspended: bool, version: int) -> None:
        """Suspend a contact, who keeps rights and place, or take them back."""
        require(self.caller.roles, Right.EDIT_FILE)
        self._unchanged(f"contact:{contact}", version)
        before = self._contact_now(contact)
        self._write_contact(before, before.model_copy(update={"suspended": suspended}))

    def add_contact(self, given: ContactFile) -> str:
        """A new contact at the end of the order; one that names a person is that person at another site."""
        require(self.caller.roles, Right.EDIT_FILE)
        # What is copied counts as said, whoever said it.
        details, said = self._details_now(), given.model_fields_set
        given = self._checked(given, details)
        if given.id:
            raise Refused(ErrorCode.INVALID, "A new contact has no number yet.", "id")
        if given.person and given.person in {c.person for c in site_file.contacts(self.ledger.connection, self.site)}:
            raise Refused(ErrorCode.INVALID, f"{given.name} is a contact of this site already.", "person")
        if given.person:
            given = self._as_known(given, said)
        identifier = site_file.write_contact(self.ledger.connection, self.site, given)
        self._journal(
            "contact-added", f"Contact {given.name} added", f"contact:{identifier}", {}, shown(given), ("order",)
        )
        return identifier

    def remove_contact(self, contact: str, version: int) -> None:
        """Take a contact from the call list."""
        require(self.caller.roles, Right.EDIT_FILE)
        key = f"contact:{contact}"
        self._unchanged(key, version)
        before = self._contact_now(contact)
        site_file.remove_contact(self.ledger.connection, self.site, contact)
        self._journal("contact-removed", f"Contact {before.name} removed", key, shown(before), {}, ("order",))

    def add_system(self, given: SystemFile, replaces: str = "") -> None:
        """A new system; with ``replaces`` that account goes out of service now, and stays in sight for 7 days (B6)."""
        require(self.caller.roles, Right.EDIT_FILE)
        self._details_now()
        account = given.account.strip().upper()
        low, high = ACCOUNT_LENGTH
        if not account.isascii() or not account.isalnum() or not low <= len(account) <= high:
            raise Refused(ErrorCode.INVALID, f"An account has {low} to {high} letters and digits.", "account")
        owner = self.ledger.connection.execute(select(SystemRow.site).where(SystemRow.account == account)).scalar()
        if owner is not None:
            raise Refused(ErrorCode.INVALID, f"Account {account} belongs to site {owner} already.", "account")
        new = given.model_copy(update={"account": account, "in_service_at": given.in_service_at or self.ledger.now})
        site_file.write_system(self.ledger.connection, self.site, new)
        self._journal("system-added", f"System {account} put into service", f"system:{account}", {}, shown(new))
        if replaces:
            old = self._system_now(replaces)
            self._write_system(
                old, old.model_copy(update={"out_of_service_at": self.ledger.now, "replaced_by": account})
            )

    # -- parts ----------------------------------------------------------------------------------

    def _details(self, value: Any, _subject: str) -> None:
        before, given = self._details_now(), _read(SiteDetails, value)
        _check_details(given)
        if given.premises_number:
            given = given.model_copy(update={"premises_number": numbers.dialled(given.premises_number, given.country)})
        site_file.write_details(self.ledger.connection, self.site, given)
        if (before.timezone, before.country) != (given.timezone, given.country):
            hours.look_anew(self.ledger.connection, self.site, self.ledger.now)
            planned.look_anew(self.ledger.connection, self.site, self.ledger.now)
        self._changed(f"Site file of {given.name}", "details", shown(before), shown(given))

    def _areas(self, value: Any, _subject: str) -> None:
        before, given = site_file.areas(self.ledger.connection, self.site), _read_rows(_AREAS, value, "areas")
        _each_once([area.area for area in given], "area")
        left = {zone.area for zone in site_file.zones(self.ledger.connection, self.site)} - {a.area for a in given}
        if left - {""}:
            raise Refused(ErrorCode.INVALID, f"Zones lie in area {min(left - {''})}: move them first.", "areas")
        site_file.write_areas(self.ledger.connection, self.site, given)
        self._changed("Areas", "areas", by_number(before, "area"), by_number(given, "area"))

    def _zones(self, value: Any, _subject: str) -> None:
        before, given = site_file.zones(self.ledger.connection, self.site), _read_rows(_ZONES, value, "zones")
        _each_once([f"{zone.area} {zone.zone}".strip() for zone in given], "zone")
        known = {area.area for area in site_file.areas(self.ledger.connection, self.site)} | {""}
        for zone in given:
            if zone.area not in known:
                raise Refused(
                    ErrorCode.INVALID, f"Zone {zone.zone} is in area {zone.area}, which the site has not.", "area"
                )
        site_file.write_zones(self.ledger.connection, self.site, given)
        self._changed("Zones", "zones", by_number(before, "zone"), by_number(given, "zone"))

    def _order(self, value: Any, _subject: str) -> None:
        before = {contact.id: contact.name for contact in site_file.contacts(self.ledger.connection, self.site)}
        if not isinstance(value, list) or sorted(map(str, value)) != sorted(before):
            raise Refused(ErrorCode.CHANGED, "The contacts of this site changed meanwhile; look again.", "order")
        if value == list(before):
            return
        site_file.write_order(self.ledger.connection, value)
        names = {"order": list(before.values())}, {"order": [before[contact] for contact in value]}
        self._changed("Call order", "order", *names)

    def _system(self, value: Any, account: str) -> None:
        before = self._system_now(account)
        given = _read(SystemFile, {**value, "account": account} if isinstance(value, dict) else value)
        self._write_system(before, given.model_copy(update={"encrypted": before.encrypted}))

    def _write_system(self, before: SystemFile, given: SystemFile) -> None:
        supervision(given.interval_s, given.margin_s, given.provider)
        if before.interval_s != given.interval_s or given.out_of_service_at is not None:
            outages.supervised_no_longer(self.ledger.connection, [before.account], self.ledger.now)
        site_file.write_system(self.ledger.connection, self.site, given)
        words = f"System {before.account}"
        if before.out_of_service_at is None and given.out_of_service_at is not None:
            words += " taken out of service" + (f", replaced by {given.replaced_by}" if given.replaced_by else "")
        elif before.out_of_service_at is not None and given.out_of_service_at is None:
            words += " put back into service"
        self._changed(words, f"system:{before.account}", shown(before), shown(given))

    def _contact(self, value: Any, contact: str) -> None:
        before = self._contact_now(contact)
        self._write_contact(before, _read(ContactFile, value))

    def _write_contact(self, before: ContactFile, given: ContactFile) -> None:
        kept = {name: getattr(before, name) for name in _READ_ONLY if hasattr(before, name)}
        given = self._checked(given.model_copy(update=kept), self._details_now())
        if given.substitute == before.id:
            raise Refused(ErrorCode.INVALID, "Nobody stands in for themselves.", "substitute")
        site_file.write_contact(self.ledger.connection, self.site, given)
        self._changed(f"Contact {given.name}", f"contact:{before.id}", shown(before), shown(given), person=before)

    def _checked(self, given: ContactFile, details: SiteDetails) -> ContactFile:
        if given.away_from and given.away_until and given.away_until <= given.away_from:
            raise Refused(ErrorCode.INVALID, "The absence ends before it begins.", "away_until")
        found: list[PhoneNumber] = []
        for number in given.numbers:
            called = numbers.dialled(number.number, details.country)
            if called in [known.number for known in found]:
                raise Refused(ErrorCode.INVALID, f"{called} is there twice.", "numbers")
            label = number.label or numbers.label_of(called, details.country)
            found.append(number.model_copy(update={"number": called, "label": label}))
        for span in given.available:
            if span.until_minute <= span.from_minute:
                raise Refused(ErrorCode.INVALID, "A time of availability ends before it begins.", "available")
        if given.substitute and given.substitute not in {
            contact.id for contact in site_file.contacts(self.ledger.connection, self.site)
        }:
            raise Refused(ErrorCode.INVALID, "The substitute must be a contact of this site.", "substitute")
        return given.model_copy(update={"numbers": tuple(found)})

    # -- what all need --------------------------------------------------------------------------

    def _unchanged(self, key: str, version: int) -> None:
        unchanged(self.ledger, self.site, key, version, "this", "Both are shown: choose, then save again.")

    def _details_now(self) -> SiteDetails:
        found = site_file.details(self.ledger.connection, self.site)
        if found is None:
            raise Refused(ErrorCode.NOT_FOUND, f"There is no site {self.site}.", "site")
        return found

    def _contact_now(self, contact: str) -> ContactFile:
        for found in site_file.contacts(self.ledger.connection, self.site):
            if found.id == contact:
                return found
        raise Refused(ErrorCode.NOT_FOUND, f"This site has no contact {contact}.", "contact")

    def _system_now(self, account: str) -> SystemFile:
        for found in site_file.systems(self.ledger.connection, self.site):
            if found.account == account:
                return found
        raise Refused(ErrorCode.NOT_FOUND, f"This site has no system {account}.", "account")

    def _as_known(self, given: ContactFile, said: set[str]) -> ContactFile:
        """The person as they are kept for their other sites; refused where something else was ``said`` of them.

        It may have been read before somebody changed them: their numbers at the other sites are not lost to it (I11).
        """
        found = site_file.person(self.ledger.connection, given.person)
        if found is None:
            raise Refused(ErrorCode.NOT_FOUND, "This person is not known.", "person")
        if any(_own(given, name) != _own(found, name) for name in said & set(_OF_PERSON)):
            raise Refused(
                ErrorCode.CHANGED,
                f"{found.name} is on file with other data: take them as they are, then change them.",
                "person",
            )
        return given.model_copy(update={name: getattr(found, name) for name in _OF_PERSON})

    def _changed(
        self,
        what: str,
        key: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        person: ContactFile | None = None,
    ) -> None:
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        if not names:
            return
        said = ", ".join(name.replace("_", " ") for name in names[:6]) + (" and more" if len(names) > 6 else "")
        had, has = ({name: side.get(name) for name in names} for side in (before, after))
        # Other stations over the same database read their systems anew at these.
        kind = "system-changed" if key.startswith("system:") else "site-changed"
        self._journal(kind, f"{what} changed: {said}", key, had, has)
        if person is not None and set(_OF_PERSON) & set(names):
            for other in person.also_at:
                self.ledger.append(
                    "site-changed",
                    self.caller.actor,
                    f"Contact {person.name} changed at site {self.site}: {said}",
                    site=other.id,
                    data={"part": key, "at_site": self.site},
                )

    def _journal(
        self,
        kind: str,
        text: str,
        key: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        also: Sequence[str] = (),
    ) -> None:
        for part in (key, *also):
            site_file.changed(self.ledger.connection, self.site, part, self.ledger.now, self.caller.name)
        had, has = _masked(before, after)
        self.ledger.append(
            kind, self.caller.actor, text, site=self.site, data={"part": key, "before": had, "after": has}
        )


def unchanged(ledger: Ledger, site: str, key: str, version: int, what: str, then: str) -> None:
    """Refuse where part ``key`` was changed since ``version`` (I11): who changed ``what``, and what to do ``then``."""
    if not site_file.exists(ledger.connection, site):
        raise Refused(ErrorCode.NOT_FOUND, f"There is no site {site}.", "site")
    if site_file.version(ledger.connection, site, key) == version:
        return
    last = site_file.last_change(ledger.connection, site, key)
    who = f"{last[1]} changed {what} meanwhile" if last else f"{what[0].upper()}{what[1:]} was changed meanwhile"
    raise Refused(ErrorCode.CHANGED, f"{who}. {then}", "version")


def _own(contact: ContactFile, name: str) -> Any:
    """What somebody is at every site; of a number what is dialled and whether it is private."""
    if name == "numbers":
        return [(number.number, number.private) for number in contact.numbers]
    return getattr(contact, name)


def _check_details(given: SiteDetails) -> None:
    try:
        ZoneInfo(given.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(ErrorCode.INVALID, f"{given.timezone} is not a time zone.", "timezone") from None
    if given.note_until is not None and not given.note:
        raise Refused(ErrorCode.INVALID, "There is no note to show until then.", "note")


def _read(record: type[T], value: Any) -> T:
    try:
        return TypeAdapter(record).validate_python(value)
    except ValidationError as error:
        raise _invalid(error) from None


def _read_rows(rows: TypeAdapter[tuple[T, ...]], value: Any, field: str) -> tuple[T, ...]:
    if isinstance(value, list) and len(value) > _MOST_ROWS:
        raise Refused(ErrorCode.INVALID, f"At most {_MOST_ROWS} of them.", field)
    try:
        return rows.validate_python(value)
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: ValidationError) -> Refused:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    # Never the value itself: it may be private (I9).
    return Refused(ErrorCode.INVALID, f"{field or 'The value'}: {first['msg']}.", field or None)


def _each_once(names: Sequence[str], field: str) -> None:
    seen: set[str] = set()
    # `add` gives nothing: once through, and whoever is there already is the answer.
    twice = next((name for name in names if name in seen or seen.add(name)), None)  # type: ignore[func-returns-value]
    if twice is not None:
        raise Refused(ErrorCode.INVALID, f"{field.capitalize()} {twice} is there twice.", field)


def shown(record: Record) -> dict[str, Any]:
    """A part as it can be changed: what is read only is left out."""
    return {name: value for name, value in record.model_dump(mode="json").items() if name not in _READ_ONLY}


def _masked(*parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same for the journal: of a number that is private in any of ``parts`` its last two digits."""
    private = {number["number"] for part in parts for number in part.get("numbers") or () if number["private"]}
    return [
        {
            **part,
            **(
                {
                    "numbers": [
                        {**number, "number": numbers.masked(number["number"])}
                        if number["number"] in private
                        else number
                        for number in part["numbers"]
                    ]
                }
                if part.get("numbers")
                else {}
            ),
        }
        for part in parts
    ]


def by_number(rows: Sequence[Record], name: str) -> dict[str, Any]:
    """Rows by number, so that before and after show the rows that differ alone."""
    return {f"{name} {getattr(row, 'area', '')}/{getattr(row, name)}": row.model_dump() for row in rows}
