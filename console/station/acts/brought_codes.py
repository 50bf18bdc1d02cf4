"""ID codes in whole site files: somebody keeps theirs when a station moves; none is moved or replaced (A4, A6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, or_, select

from console.station.rules.brought import Brought, Kept, Wrong
from models.tables import PersonRow


@dataclass(frozen=True, slots=True)
class IdCodes:
    """Who has which, of those whom a file names and of those who have a code that it names."""

    of_person: Mapping[str, str] = field(default_factory=dict, repr=False)
    owner: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def known(cls, connection: Connection, given: Sequence[Brought], kept: Mapping[str, Kept]) -> IdCodes:
        """As they are kept now; nothing is read where ``given`` has no codes."""
        contacts = [one for site in given for one in site.contacts or ()]
        codes = {one["id_code"] for one in contacts if one.get("id_code")}
        if not codes:
            return cls()
        people = {one["person"] for one in contacts if one.get("person")}
        people |= {contact.person for site in kept.values() for contact in site.contacts}
        asked = or_(PersonRow.id.in_(people), PersonRow.id_code.in_(codes))
        rows = connection.execute(select(PersonRow.id, PersonRow.id_code).where(PersonRow.id_code.is_not(None), asked))
        of_person = {person: code for person, code in rows if code}
        return cls(of_person, {code: person for person, code in of_person.items()})

    def wrong(self, after: Kept) -> Iterator[Wrong]:
        """What cannot be of the contacts of a site; never the code itself."""
        for contact in after.contacts:
            code = contact.id_code
            if not code:
                continue
            if self.owner.get(code, contact.person) != contact.person:
                yield Wrong("id_code", f"the ID code of {contact.name} is somebody else's already (A6)")
            elif self.of_person.get(contact.person, code) != code:
                yield Wrong("id_code", f"{contact.name} has another ID code: the control room issues it anew (A4)")
