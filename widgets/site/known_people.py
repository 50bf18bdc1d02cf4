"""Somebody who is known from another site is made a contact of this one too (C1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from models.records import ContactFile
from widgets.keycap import KeyButton, retone, toned
from widgets.panel import Panel
from widgets.rows import Row
from widgets.search_list import SearchList
from widgets.site.overview import shown_number
from widgets.theme import theme

LEAST = 2
"""So many letters, and it looks."""
MOST = 20
"""So many are shown; the station answers no more."""
_SITES = 2


class KnownPeople(Panel):
    """Type a name or a number, arrows choose, Enter takes them over into a new contact."""

    taken = Signal(str)
    """The person's id."""

    def __init__(self) -> None:
        super().__init__(self.tr("Somebody who is known already"), self.tr("Esc goes back"))
        self.list = SearchList(
            self.tr("Find a person by name or number"),
            self.tr("Name, phone number: of the contacts of every site"),
            self.tr("Persons found"),
            "Ctrl+F",
            60,
        )
        self.field, self.searched = self.list.field, self.list.searched
        self.list.view.doubleClicked.connect(lambda _index: self.press_next())
        self.list.view.chosen.connect(lambda _key: self._tell())
        self.body.addWidget(self.list, 1)
        self.next = KeyButton(self.tr("Take over"), "Enter", next_=True)
        self.next.clicked.connect(self.press_next)
        self._sentence = toned("second", "", wrap=True)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(10))
        foot.setSpacing(theme().px(10))
        foot.addWidget(self.next)
        foot.addWidget(self._sentence, 1)
        self.body.addLayout(foot)
        self._here: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Nothing is found yet; the cursor is in the field."""
        self.field.clear()
        self.show_found([], "", frozenset())
        self.field.setFocus()

    def show_found(self, people: Sequence[ContactFile], words: str, here: Collection[str]) -> None:
        """Who was found; those of ``here``, by person, are contacts of this site already."""
        self._here = frozenset(here)
        rows = [
            Row(
                one.person,
                one.name,
                self.tr("a contact of this site already") if one.person in self._here else self._where(one),
                shown_number(one),
                one.languages,
                off=one.person in self._here,
            )
            for one in people
        ]
        empty = self.tr("Type a few letters of a name, or of a number.")
        if len(words) >= LEAST:
            empty = self.tr("Nobody on file matches “{0}”: Ins writes a new contact.").format(words)
        count = self.tr("The first {0}: type more letters.") if len(rows) >= MOST else self.tr("{0} found")
        self.list.show_found(rows, words, empty, count.format(len(rows)) if rows else "")
        self._tell()

    def _where(self, one: ContactFile) -> str:
        named = [f"{site.name}, {site.id}" for site in one.also_at[:_SITES]]
        more = len(one.also_at) - _SITES
        return " · ".join([*named, *([self.tr("and {0} more").format(more)] if more > 0 else [])])

    def _tell(self) -> None:
        key = self.list.view.key()
        self.next.setEnabled(bool(key) and key not in self._here)
        theirs = self.tr("Name, languages and numbers are theirs at every site; order, role and rights this site's.")
        self._say(theirs if key else "", "second")

    def refuse(self, sentence: str) -> None:
        """Why it cannot be."""
        self._say(sentence, "refused")

    def _say(self, sentence: str, tone: str) -> None:
        self._sentence.setText(sentence)
        retone(self._sentence, tone)

    def press_next(self) -> None:
        """Enter: take over who is under the focus bar."""
        key = self.list.view.key()
        if key in self._here:
            self.refuse(self.tr("This person is a contact of this site already."))
        elif key:
            self.taken.emit(key)
