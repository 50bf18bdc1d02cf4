"""The site file in the tables: read whole, written part by part. What may be changed by whom is for the acts to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from console.station.rules.lines import one_line
from console.station.store import customers, file_columns, site_words
from console.station.store import sites as site_store
from models.records import (
    AreaFile,
    ContactFile,
    ContactRight,
    Part,
    PhoneNumber,
    SiteDetails,
    SiteFile,
    SiteRef,
    SystemFile,
    ZoneFile,
)
from models.tables import (
    AreaRow,
    ContactRow,
    FilePartRow,
    PersonNumberRow,
    PersonRow,
    SiteRow,
    SystemRow,
    ZoneRow,
)

REPLACED_SHOWN = timedelta(days=7)
"""A system that was replaced stays in sight for so long (B6)."""


# -- reading ------------------------------------------------------------------------------------


def read(connection: Connection, site: str, now: datetime, *, all_systems: bool = False) -> SiteFile | None:
    """The file of a site; None where there is no such site. Systems that left over 7 days ago only with the last."""
    row = connection.execute(select(SiteRow).where(SiteRow.id == site)).first()
    if row is None:
        return None
    found = contacts(connection, site)
    return SiteFile(
        site=site,
        details=file_columns.details_of(row),
        systems=tuple(
            system
            for system in systems(connection, site)
            if all_systems or system.out_of_service_at is None or now - system.out_of_service_at < REPLACED_SHOWN
        ),
        areas=areas(connection, site),
        zones=zones(connection, site),
        contacts=found,
        parts=_parts(connection, site, found),
        states=site_store.area_states(connection, site),
    )


def details(connection: Connection, site: str) -> SiteDetails | None:
    """Part ``details``."""
    row = connection.execute(select(SiteRow).where(SiteRow.id == site)).first()
    return None if row is None else file_columns.details_of(row)


def systems(connection: Connection, site: str) -> tuple[SystemFile, ...]:
    """The systems of a site: in service first, then by account."""
    rows = connection.execute(select(SystemRow).where(SystemRow.site == site).order_by(SystemRow.account)).all()
    found = [file_columns.system_of(row) for row in rows]
    return tuple(sorted(found, key=lambda system: system.out_of_service_at is not None))


def areas(connection: Connection, site: str) -> tuple[AreaFile, ...]:
    """Part ``areas``."""
    rows = connection.execute(select(AreaRow).where(AreaRow.site == site).order_by(AreaRow.area))
    return tuple(file_columns.area_of(row) for row in rows)


def zones(connection: Connection, site: str) -> tuple[ZoneFile, ...]:
    """Part ``zones``."""
    rows = connection.execute(select(ZoneRow).where(ZoneRow.site == site).order_by(ZoneRow.area, ZoneRow.zone))
    return tuple(file_columns.zone_of(row) for row in rows)


def contacts(connection: Connection, site: str) -> tuple[ContactFile, ...]:
    """The contacts of a site in call order."""
    found = [contact for _site, contact, _sealed in contacts_of(connection, [site])]
    others = elsewhere(connection, [contact.person for contact in found], site)
    return tuple(contact.model_copy(update={"also_at": tuple(others.get(contact.person, ()))}) for contact in found)


def contacts_of(
    connection: Connection, sites: Sequence[str]
) -> Iterator[tuple[str, ContactFile, tuple[str | None, str | None]]]:
    """The contacts of some sites in call order, with their sealed code and duress words; not where else they are."""
    here = ContactRow.site.in_(sites)
    numbers: dict[str, list[PhoneNumber]] = {}
    for one in connection.execute(
        select(PersonNumberRow)
        .where(PersonNumberRow.person.in_(select(ContactRow.person).where(here)))
        .order_by(PersonNumberRow.position)
    ):
        numbers.setdefault(one.person, []).append(
            PhoneNumber(label=one.label, number=one.number, private=bool(one.private))
        )
    for row in connection.execute(
        select(
            ContactRow,
            PersonRow.name,
            PersonRow.languages,
            PersonRow.id_code,
            PersonRow.email,
            PersonRow.installer,
        )
        .join(PersonRow, PersonRow.id == ContactRow.person)
        .where(here)
        .order_by(ContactRow.position)
    ):
        contact = ContactFile(
            id=row.id,
            person=row.person,
            name=one_line(row.name),
            languages=one_line(row.languages),
            numbers=tuple(numbers.get(row.person, ())),
            role=row.role,
            rights=tuple(ContactRight(right) for right in row.rights.split(",") if right),
            away_from=row.away_from,
            away_until=row.away_until,
            available=file_columns.read_spans(row.available),
            substitute=row.substitute,
            suspended=bool(row.suspended),
            has_code_word=row.sealed_code_word is not None,
            has_duress_word=row.sealed_duress_word is not None,
            id_code=row.id_code or "",
            email=row.email,
            installer=bool(row.installer),
        )
        yield row.site, contact, (row.sealed_code_word, row.sealed_duress_word)


def person(connection: Connection, person: str) -> ContactFile | None:
    """Somebody as a contact of whichever site; None where they are a contact of none."""
    site = connection.execute(select(ContactRow.site).where(ContactRow.person == person).limit(1)).scalar()
    if site is None:
        return None
    return next(contact for _site, contact, _sealed in contacts_of(connection, [site]) if contact.person == person)


def elsewhere(connection: Connection, people: Sequence[str], site: str) -> dict[str, list[SiteRef]]:
    """By person the sites where they are a contact, ``site`` itself left out."""
    found: dict[str, list[SiteRef]] = {}
    rows = connection.execute(
        select(ContactRow.person, SiteRow)
        .join(SiteRow, SiteRow.id == ContactRow.site)
        .where(ContactRow.person.in_(people), ContactRow.site != site)
        .order_by(SiteRow.name)
    )
    for row in rows:
        found.setdefault(row.person, []).append(site_store.ref(row))  # type: ignore[arg-type]
    return found


# -- versions -----------------------------------------------------------------------------------


def version(connection: Connection, site: str, key: str) -> int:
    """How often a part was changed; a contact's counts the changes of its person, at whichever site."""
    changed = connection.execute(
        select(FilePartRow.version).where(FilePartRow.site == site, FilePartRow.part == key)
    ).scalar()
    kind, _, subject = key.partition(":")
    person = 0
    if kind == "contact":
        person = (
            connection.execute(
                select(PersonRow.version)
                .join(ContactRow, ContactRow.person == PersonRow.id)
                .where(ContactRow.id == subject)
            ).scalar()
            or 0
        )
    return int(changed or 0) + int(person)


def changed(connection: Connection, site: str, key: str, now: datetime, by: str) -> None:
    """Count a change of a part."""
    done = connection.execute(
        update(FilePartRow)
        .where(FilePartRow.site == site, FilePartRow.part == key)
        .values(version=FilePartRow.version + 1, at=now, by=by)
    )
    if not done.rowcount:
        connection.execute(insert(FilePartRow).values(site=site, part=key, version=1, at=now, by=by))


def last_change(connection: Connection, site: str, key: str) -> tuple[datetime, str] | None:
    """When a part was changed last, and by whom; None where nobody did since it came in."""
    row = connection.execute(
        select(FilePartRow.at, FilePartRow.by).where(FilePartRow.site == site, FilePartRow.part == key)
    ).first()
    return None if row is None else (row.at, row.by)


def _parts(connection: Connection, site: str, people: Sequence[ContactFile]) -> tuple[Part, ...]:
    counted = dict(
        connection.execute(
            select(ContactRow.id, PersonRow.version)
            .join(PersonRow, PersonRow.id == ContactRow.person)
            .where(ContactRow.site == site)
        ).all()
    )
    found = {
        f"contact:{contact.id}": Part(key=f"contact:{contact.id}", version=counted[contact.id]) for contact in people
    }
    for row in connection.execute(select(FilePartRow).where(FilePartRow.site == site)):
        person = found[row.part].version if row.part in found else 0
        found[row.part] = Part(key=row.part, version=row.version + person, at=row.at, by=row.by)
    return tuple(found.values())


# -- writing ------------------------------------------------------------------------------------


def write_details(connection: Connection, site: str, given: SiteDetails) -> None:
    """Make or change the site itself."""
    columns = file_columns.details_row(given)
    if not connection.execute(update(SiteRow).where(SiteRow.id == site).values(columns)).rowcount:
        connection.execute(insert(SiteRow).values(id=site, **columns))
    site_words.refresh(connection, [site])


def write_system(connection: Connection, site: str, given: SystemFile) -> None:
    """Make or change a system; its key and the policy of its frames stay as they are."""
    columns = file_columns.system_row(given)
    here = SystemRow.account == given.account
    if not connection.execute(update(SystemRow).where(here, SystemRow.site == site).values(columns)).rowcount:
        connection.execute(insert(SystemRow).values(account=given.account, site=site, **columns))
        site_words.refresh(connection, [site])


def write_areas(connection: Connection, site: str, given: Sequence[AreaFile]) -> None:
    """Part ``areas``: what the system transmitted of an area that stays is kept (B3)."""
    kept = [area.area for area in given]
    connection.execute(delete(AreaRow).where(AreaRow.site == site, AreaRow.area.not_in(kept)))
    for area in given:
        here = (AreaRow.site == site, AreaRow.area == area.area)
        if not connection.execute(update(AreaRow).where(*here).values(name=area.name)).rowcount:
            connection.execute(insert(AreaRow).values(site=site, area=area.area, name=area.name))


def write_zones(connection: Connection, site: str, given: Sequence[ZoneFile]) -> None:
    """Part ``zones``."""
    connection.execute(delete(ZoneRow).where(ZoneRow.site == site))
    if given:
        connection.execute(insert(ZoneRow), [{"site": site, **zone.model_dump()} for zone in given])


def write_contact(connection: Connection, site: str, given: ContactFile) -> str:
    """Make or change a contact and the person they are; returns the contact's id. Words and codes are acts apart."""
    identifier = given.id or _free_id(connection, site)
    person = given.person or identifier
    known = _write_person(connection, person, given)
    columns = file_columns.contact_row(given)
    if not connection.execute(update(ContactRow).where(ContactRow.id == identifier).values(columns)).rowcount:
        last = connection.execute(select(func.max(ContactRow.position)).where(ContactRow.site == site)).scalar() or 0
        connection.execute(
            insert(ContactRow).values(id=identifier, site=site, person=person, position=last + 1, **columns)
        )
        site_words.refresh(connection, [site])
    if not known:
        site_words.refresh(connection, site_words.of_person(connection, person))
    return identifier


def _free_id(connection: Connection, site: str) -> str:
    """``<site>-<n>``. Persons and journal entries may still name one that was removed: never the same again."""
    names = connection.execute(
        select(ContactRow.id)
        .where(ContactRow.site == site)
        .union(
            select(PersonRow.id).where(PersonRow.id.startswith(f"{site}-", autoescape=True)),
            select(FilePartRow.part).where(
                FilePartRow.site == site, FilePartRow.part.startswith("contact:", autoescape=True)
            ),
        )
    ).scalars()
    last = 0
    for name in names:
        number = name.removeprefix("contact:").removeprefix(f"{site}-")
        last = max(last, int(number) if number.isdecimal() else 0)
    return f"{site}-{last + 1}"


def _write_person(connection: Connection, person: str, given: ContactFile) -> bool:
    """Whether the person was known so already."""
    own = {"name": given.name, "languages": given.languages, "installer": int(given.installer)}
    columns = [PersonRow.__table__.c[name] for name in own]
    before = connection.execute(select(*columns).where(PersonRow.id == person)).first()
    numbers = file_columns.number_rows(person, given)
    if before is None:
        connection.execute(insert(PersonRow).values(id=person, **own))
    else:
        had = connection.execute(
            select(PersonNumberRow.__table__).where(PersonNumberRow.person == person).order_by(PersonNumberRow.position)
        ).mappings()
        if tuple(before) == tuple(own.values()) and [dict(row) for row in had] == numbers:
            return True
        connection.execute(update(PersonRow).where(PersonRow.id == person).values(**own, version=PersonRow.version + 1))
        connection.execute(delete(PersonNumberRow).where(PersonNumberRow.person == person))
    if numbers:
        connection.execute(insert(PersonNumberRow), numbers)
    return False


def write_order(connection: Connection, order: Sequence[str]) -> None:
    """The call order: contact ids, all of one site."""
    for position, contact in enumerate(order, 1):
        connection.execute(update(ContactRow).where(ContactRow.id == contact).values(position=position))


def remove_contact(connection: Connection, site: str, contact: str) -> None:
    """Take a contact from a site; a person who is a contact nowhere any more goes with it."""
    person = connection.execute(select(ContactRow.person).where(ContactRow.id == contact)).scalar_one()
    connection.execute(update(ContactRow).where(ContactRow.substitute == contact).values(substitute=""))
    connection.execute(delete(ContactRow).where(ContactRow.id == contact, ContactRow.site == site))
    forget_people(connection, [person])
    site_words.refresh(connection, [site])


def forget_people(connection: Connection, people: Iterable[str]) -> None:
    """Remove those of ``people`` who are a contact nowhere any more."""
    asked = list(people)
    still = set(connection.execute(select(ContactRow.person).where(ContactRow.person.in_(asked))).scalars())
    gone = [person for person in dict.fromkeys(asked) if person not in still]
    connection.execute(delete(PersonNumberRow).where(PersonNumberRow.person.in_(gone)))
    customers.forget(connection, gone)
    connection.execute(delete(PersonRow).where(PersonRow.id.in_(gone)))


def exists(connection: Connection, site: str) -> bool:
    """Whether there is such a site."""
    return connection.execute(select(SiteRow.id).where(SiteRow.id == site)).first() is not None
