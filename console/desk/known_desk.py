"""The presenter of the search for somebody who is known from another site (C1)."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.desk.file_at_hand import FileAtHand
from console.desk.place import Desk
from models.records import ContactFile
from widgets.form import Typed, Value
from widgets.site.forms import contact_values
from widgets.site.known_people import LEAST, KnownPeople

OF_PERSON = frozenset({"name", "languages", "numbers", "installer"})
"""The fields of a contact that are the person's, at every site."""


class KnownDesk(QObject):
    """Finds persons and takes one over into the new contact that is being written."""

    taken = Signal()

    def __init__(self, desk: Desk, at_hand: FileAtHand, panel: KnownPeople, draft: str) -> None:
        """``draft`` is the key under which the new contact is kept until it is saved."""
        super().__init__()
        self._desk, self._at_hand, self.panel, self._draft = desk, at_hand, panel, draft
        self._found: list[ContactFile] = []
        panel.searched.connect(self._search)
        panel.taken.connect(self._take)

    def begin(self) -> None:
        """Ready to type."""
        self._found = []
        self.panel.begin()

    def picked(self) -> ContactFile | None:
        """Whom the new contact of the open site is, where they were taken over."""
        if self._at_hand.draft(self._draft) is None:
            return None
        return self._at_hand.picked.get(self._at_hand.site)

    def _search(self, words: str) -> None:
        site = self._at_hand.site

        async def find() -> None:
            found = await self._desk.link.get(f"/v1/sites/{site}/people", q=words) if len(words) >= LEAST else []
            if (words, site) != (self.panel.list.words(), self._at_hand.site):
                return
            self._found = [ContactFile.model_validate(one) for one in found]
            file = self._at_hand.file
            here = {contact.person for contact in file.contacts} if file is not None else set()
            self.panel.show_found(self._found, words, here)

        self._desk.run(find(), lambda body: self.panel.refuse(body.sentence))

    def _take(self, person: str) -> None:
        one = next((one for one in self._found if one.person == person), None)
        if one is None:
            return
        at_hand = self._at_hand
        kept = at_hand.draft(self._draft)
        typed: dict[str, Value] = kept.draft if isinstance(kept, Typed) else {}
        own = {name: value for name, value in contact_values(one).items() if name in OF_PERSON and value}
        # What was typed of this site's own stays; what is the person's is theirs.
        site = {name: value for name, value in typed.items() if name not in OF_PERSON}
        at_hand.picked[at_hand.site] = one
        at_hand.keep(self._draft, Typed({**site, **own}, {}))
        self.taken.emit()
