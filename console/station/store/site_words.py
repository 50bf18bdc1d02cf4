"""The words that sites are found by: kept with every part of a file that is written, and searched while one types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, intersect, select
from sqlalchemy.orm import InstrumentedAttribute

from console.station.rules import numbers, search_words
from console.station.store import sites as site_store
from console.station.store.bulk import Bulk
from models.records import FoundSite, SiteRef
from models.tables import ContactRow, PersonNumberRow, PersonRow, SiteRow, SiteWordRow, SystemRow

MOST = 50
_MANY = 4000
"""A word of more sites than this is no way in: sites are tried in the order of their names, and soon enough fit."""
_MOST_READ = 20_000
"""So many rows of the index are read through for words that together mean few sites."""
_AT_ONCE = 500
_HIGHEST = "\U0010ffff"
_ADD = Bulk(
    insert(SiteWordRow.__table__).values(word=bindparam("w"), site=bindparam("s")),  # type: ignore[arg-type]
    ("w", "s"),
)


@dataclass(slots=True)
class _Known:
    """What a site is found by, as it is kept."""

    name: str = ""
    town: str = ""
    accounts: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    phones: list[tuple[str, bool]] = field(default_factory=list)
    """A number, and whether it is private."""

    def words(self, site: str) -> set[str]:
        """Every word that finds it."""
        found = {*search_words.of_name(self.name), *search_words.of_number(site), *search_words.words(self.town)}
        for account in self.accounts:
            found.update(search_words.of_number(account))
        for person in self.people:
            found.update(search_words.words(person))
        for phone, _private in self.phones:
            found.update(search_words.of_phone(phone))
        return found


def refresh(connection: Connection, sites: Iterable[str]) -> None:
    """Bring the words of ``sites`` to what is kept of them now; of one that is no more none are left."""
    for some in _chunks(sorted(set(sites))):
        wanted = {(word, site) for site, known in _known(connection, some).items() for word in known.words(site)}
        had = {
            (row.word, row.site)
            for row in connection.execute(select(SiteWordRow.word, SiteWordRow.site).where(SiteWordRow.site.in_(some)))
        }
        gone = sorted(had - wanted)
        if gone:
            connection.execute(
                delete(SiteWordRow).where(SiteWordRow.word == bindparam("w"), SiteWordRow.site == bindparam("s")),
                [{"w": word, "s": site} for word, site in gone],
            )
        # In the index's own order: pages of it are visited once.
        _ADD.run(connection, sorted(wanted - had))


def of_person(connection: Connection, person: str) -> list[str]:
    """The sites where somebody is a contact."""
    return list(connection.execute(select(ContactRow.site).where(ContactRow.person == person)).scalars())


def fill(connection: Connection) -> None:
    """The words of every site there is."""
    refresh(connection, connection.execute(select(SiteRow.id)).scalars().all())


def find(connection: Connection, text: str, most: int = MOST) -> list[FoundSite]:
    """Sites for what was typed so far: begun by it, then a number or account that it is, then the rest by name."""
    meanings = [words for words in search_words.typed(text) if words]
    if not meanings:
        return []
    whole = search_words.words(text)
    exact = _sites(
        connection, SiteWordRow.word == (search_words.EXACT + "".join(whole))[: search_words.LONGEST + 1], most
    )
    named = _sites(connection, begins(SiteWordRow.word, search_words.NAME + " ".join(whole)), most) if whole else []
    found = dict.fromkeys([*named[: most - len(exact)], *exact])
    for words in meanings:
        if len(found) < most:
            found.update(dict.fromkeys(_rest(connection, words, most)))
    chosen = list(found)[:most]
    refs = site_store.refs(connection, chosen)
    # Most keys find sites by what the row shows anyway: then nothing else of them is read.
    unlike = [site for site in chosen if site in refs and not _shown(refs[site], meanings)]
    known = _known(connection, unlike) if unlike else {}
    return [
        FoundSite(
            id=site,
            name=refs[site].name,
            street=refs[site].street,
            postcode=refs[site].postcode,
            town=refs[site].town,
            why=_why(site, known[site], meanings) if site in known else "",
        )
        for site in chosen
        if site in refs
    ]


def _shown(site: SiteRef, meanings: Sequence[Sequence[str]]) -> bool:
    """Whether its name and number alone are what it was found by."""
    own = (*search_words.of_name(site.name), *search_words.of_number(site.id))
    return any(all(search_words.fits(word, own) for word in words) for words in meanings)


def _sites(connection: Connection, where: ColumnElement[bool], most: int) -> list[str]:
    rows = connection.execute(select(SiteWordRow.site).where(where).order_by(SiteWordRow.word).limit(most))
    return list(dict.fromkeys(rows.scalars()))


def _rest(connection: Connection, words: Sequence[str], most: int) -> list[str]:
    """Sites where each of ``words`` begins a word, by name."""
    counted = {word: _count(connection, word) for word in words}
    rarest = min(counted, key=lambda word: counted[word])
    if not counted[rarest]:
        return []
    name = SiteWordRow.__table__.alias("name")
    here = and_(name.c.word >= search_words.NAME, name.c.word < search_words.NAME + _HIGHEST)
    query = select(name.c.site).where(here).order_by(name.c.word, name.c.site).limit(most)
    also = set(words)
    few = [word for word in also if counted[word] < _MOST_READ]
    if few and (len(few) > 1 or counted[rarest] < _MANY):
        # What all of them have is far less than what one has: names are looked up for that alone.
        stretches = [select(SiteWordRow.site).where(begins(SiteWordRow.word, word)) for word in sorted(few)]
        some = (intersect(*stretches) if len(few) > 1 else stretches[0].distinct()).subquery()
        query = query.join(some, some.c.site == name.c.site)
        also.difference_update(few)
    for word in sorted(also):
        other = SiteWordRow.__table__.alias()
        query = query.where(
            select(other.c.site)
            .where(other.c.site == name.c.site, other.c.word >= word, other.c.word < word + _HIGHEST)
            .exists()
        )
    return list(connection.execute(query).scalars())


def _count(connection: Connection, word: str) -> int:
    some = select(SiteWordRow.site).where(begins(SiteWordRow.word, word)).limit(_MOST_READ).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


def begins(column: InstrumentedAttribute[str], with_: str) -> ColumnElement[bool]:
    """A stretch of the index of words: those that begin ``with_`` a text."""
    return and_(column >= with_, column < with_ + _HIGHEST)


def _known(connection: Connection, sites: Sequence[str]) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    named = select(SiteRow.id, SiteRow.name, SiteRow.town, SiteRow.premises_number).where(SiteRow.id.in_(sites))
    for site, name, town, number in connection.execute(named):
        found[site] = _Known(name, town, phones=[(number, False)] if number else [])
    served = select(SystemRow.site, SystemRow.account).where(SystemRow.site.in_(sites)).order_by(SystemRow.account)
    for site, account in connection.execute(served):
        found[site].accounts.append(account)
    people: dict[str, list[str]] = {}
    called = select(ContactRow.site, ContactRow.person, PersonRow.name)
    called = called.join(PersonRow, PersonRow.id == ContactRow.person).where(ContactRow.site.in_(sites))
    for site, person, name in connection.execute(called.order_by(ContactRow.position)):
        found[site].people.append(name)
        people.setdefault(person, []).append(site)
    phones = (
        select(PersonNumberRow.person, PersonNumberRow.number, PersonNumberRow.private)
        .where(PersonNumberRow.person.in_(select(ContactRow.person).where(ContactRow.site.in_(sites))))
        .order_by(PersonNumberRow.person, PersonNumberRow.position)
    )
    for person, number, private in connection.execute(phones):
        for site in people[person]:
            found[site].phones.append((number, bool(private)))
    return found


def _why(site: str, known: _Known, meanings: Sequence[Sequence[str]]) -> str:
    """What found a site where it is neither its name nor its number; a private number by its last two digits."""
    for words in meanings:
        reasons = [_reason(site, known, word) for word in words]
        if None not in reasons:
            return " · ".join(dict.fromkeys(reason for reason in reasons if reason))
    return ""


def _reason(site: str, known: _Known, word: str) -> str | None:
    """Empty for the name or the number; None where ``word`` finds nothing of it."""
    if search_words.fits(word, (*search_words.of_name(known.name), *search_words.of_number(site))):
        return ""
    for account in known.accounts:
        if search_words.fits(word, search_words.of_number(account)):
            return f"account {account}"
    if search_words.fits(word, search_words.words(known.town)):
        return f"town {known.town}"
    for person in known.people:
        if search_words.fits(word, search_words.words(person)):
            return f"contact {person}"
    for phone, private in known.phones:
        if search_words.fits(word, search_words.of_phone(phone)):
            return f"phone {numbers.masked(phone) if private else phone}"
    return None


def _chunks(sites: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(sites), _AT_ONCE):
        yield sites[begin : begin + _AT_ONCE]
