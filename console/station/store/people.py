"""Persons who are known from any site, found by the beginnings of their names and by their numbers (C1)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, intersect, select

from console.station.rules import search_words
from console.station.rules.lines import one_line
from console.station.store import site_file
from console.station.store.site_words import begins
from models.records import ContactFile, PhoneNumber
from models.tables import ContactRow, PersonNumberRow, PersonRow, SiteWordRow

MOST = 20
_MOST_READ = 20_000
"""So many people of the sites that the words lead to are looked at; who is not among them needs another letter."""


def person_of(connection: Connection, contact: str) -> str | None:
    """Who a contact of some site is; None where there is no such contact."""
    found = connection.execute(select(ContactRow.person).where(ContactRow.id == contact)).scalar()
    return None if found is None else str(found)


def find(connection: Connection, site: str, text: str, most: int = MOST) -> list[ContactFile]:
    """Whom somebody may mean by what they typed, by name: what is the person's own, and the sites besides ``site``.

    Role, rights, words and absence are of each site and not among it.
    """
    found: dict[str, None] = {}
    for words in search_words.typed(text):
        if words and len(found) < most:
            found.update(dict.fromkeys(_meant(connection, words)))
    return _as_contacts(connection, list(found)[:most], site)


def _meant(connection: Connection, words: Sequence[str]) -> list[str]:
    """Persons of whom each of ``words`` begins a name or a number. They make their sites be found by the same words."""
    stretches = [select(SiteWordRow.site).where(begins(SiteWordRow.word, word)) for word in sorted(set(words))]
    sites = (intersect(*stretches) if len(stretches) > 1 else stretches[0].distinct()).subquery()
    people = (
        select(PersonRow.id, PersonRow.name)
        .join(ContactRow, ContactRow.person == PersonRow.id)
        .join(sites, sites.c.site == ContactRow.site)
        .limit(_MOST_READ)
    )
    names = {row.id: row.name for row in connection.execute(people)}
    numbers: dict[str, list[str]] = {}
    if any(word.isdecimal() for word in words):
        called = people.with_only_columns(PersonNumberRow.person, PersonNumberRow.number)
        for row in connection.execute(called.join(PersonNumberRow, PersonNumberRow.person == PersonRow.id)):
            numbers.setdefault(row.person, []).append(row.number)
    fitting = [
        person
        for person, name in names.items()
        if _fits(words, [*search_words.words(name), *(w for n in numbers.get(person, ()) for w in _of_phone(n))])
    ]
    return sorted(fitting, key=lambda person: (names[person].casefold(), person))


def _of_phone(number: str) -> tuple[str, ...]:
    return tuple(search_words.of_phone(number))


def _fits(words: Sequence[str], among: Sequence[str]) -> bool:
    return all(search_words.fits(word, among) for word in words)


def _as_contacts(connection: Connection, people: Sequence[str], site: str) -> list[ContactFile]:
    rows = {row.id: row for row in connection.execute(select(PersonRow.__table__).where(PersonRow.id.in_(people)))}
    numbers: dict[str, list[PhoneNumber]] = {}
    called = select(PersonNumberRow).where(PersonNumberRow.person.in_(people)).order_by(PersonNumberRow.position)
    for one in connection.execute(called):
        numbers.setdefault(one.person, []).append(
            PhoneNumber(label=one.label, number=one.number, private=bool(one.private))
        )
    elsewhere = site_file.elsewhere(connection, people, site)
    return [
        ContactFile(
            person=person,
            name=one_line(rows[person].name),
            languages=one_line(rows[person].languages),
            installer=bool(rows[person].installer),
            numbers=tuple(numbers.get(person, ())),
            also_at=tuple(elsewhere.get(person, ())),
        )
        for person in people
    ]
