"""The contacts of a site: the call order left, one contact right (C1, C4; picture 04)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from models.records import ContactFile, SiteFile
from widgets.facts import Facts
from widgets.form import Form
from widgets.keycap import KeyButton, KeyCap, toned
from widgets.panel import Panel
from widgets.rows import Row, RowsView
from widgets.site.forms import contact_fields, words_fields
from widgets.site.identify import IdentifyCard
from widgets.site.known_people import KnownPeople
from widgets.site.overview import availability, reachable, shown_number
from widgets.theme import theme

WORDS_SHOWN_S = 15
_HIDDEN = "●●●●●●●"
NEW = "new"
"""The key of a contact that is being written."""
PAGES = ("contact", "words", "identify", "known")
"""What can be in front at the right."""


class ContactsTab(QWidget):
    """Order by Alt+arrows or dragging; Ctrl+E writes; one key each for absence, suspension, PIN."""

    order_wanted = Signal(list)
    """Contact ids in the order wanted."""

    def __init__(self) -> None:
        super().__init__()
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gutter)
        self.panel = Panel(self.tr("Contacts, standard order"), self.tr("move Alt+↑ Alt+↓ or drag"))
        self.view = RowsView(self.tr("Contacts in call order"))
        self.view.setDragDropMode(self.view.DragDropMode.InternalMove)
        self.view.rows.dropped.connect(self.order_wanted)
        self._empty = toned("", self.tr("Nobody is on file: nobody can be called. Ins adds a contact."), wrap=True)
        self._empty.setContentsMargins(gutter, gutter, gutter, gutter)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._list = QStackedWidget()
        self._list.addWidget(self.view)
        self._list.addWidget(self._empty)
        self.panel.body.addWidget(self._list, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(10))
        foot.setSpacing(theme().px(8))
        self.adds = {
            "add": KeyButton(self.tr("Add"), "Ins"),
            "add-known": KeyButton(self.tr("Known from another site"), "Ctrl+F"),
        }
        for button in self.adds.values():
            foot.addWidget(button)
        foot.addStretch(1)
        self.panel.body.addLayout(foot)
        row.addWidget(self.panel, 600)
        self.form = Form(contact_fields(), self.tr("Contact"))
        self.words = Form(words_fields(), self.tr("Code word and duress word"))
        self.identify = IdentifyCard()
        self.stack = QStackedWidget()
        self.stack.addWidget(self._contact_panel())
        self._words_panel = Panel(self.tr("Code word and duress word"), self.tr("Esc goes back"))
        self._words_panel.body.addWidget(self.words, 1)
        self.stack.addWidget(self._words_panel)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        self.identify.setFixedHeight(theme().px(334))
        column.addWidget(self.identify)
        column.addStretch(1)
        self._identify_page = holder
        self.stack.addWidget(holder)
        self.known = KnownPeople()
        self.stack.addWidget(self.known)
        row.addWidget(self.stack, 912)
        self._hide = QTimer(self)
        self._hide.setSingleShot(True)
        self._hide.setInterval(WORDS_SHOWN_S * 1000)
        self._hide.timeout.connect(self.hide_words)
        self.file: SiteFile | None = None

    def _contact_panel(self) -> Panel:
        panel = Panel("", self.tr("change"), "Ctrl+E")
        self._title = panel.title
        panel.body.addWidget(self.form, 1)
        self.facts = Facts(128)
        panel.body.addWidget(self.facts)
        row, below = QHBoxLayout(), QHBoxLayout()
        row.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(8))
        below.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(12))
        for line in (row, below):
            line.setSpacing(theme().px(8))
        self.word_label = toned("strong", _HIDDEN)
        self.word_label.setAccessibleName(self.tr("Code words, hidden"))
        row.addWidget(toned("label", self.tr("Code words")))
        row.addWidget(self.word_label)
        row.addWidget(KeyCap("Alt+C"))
        row.addStretch(1)
        self.buttons = {
            "words": KeyButton(self.tr("Set words"), "Ctrl+B"),
            "identify": KeyButton(self.tr("Who is calling"), "Ctrl+D"),
            "issue-pin": KeyButton(self.tr("Issue new PIN"), "Ctrl+I"),
            "remove-email": KeyButton(self.tr("Remove e-mail"), "Ctrl+W"),
            "end-sessions": KeyButton(self.tr("End sessions"), "Ctrl+O"),
            "suspend": KeyButton(self.tr("Suspend"), "Ctrl+J"),
        }
        row.addWidget(self.buttons["words"])
        for name, button in self.buttons.items():
            if name != "words":
                below.addWidget(button)
        below.addStretch(1)
        panel.body.addLayout(row)
        panel.body.addLayout(below)
        return panel

    def show_file(self, file: SiteFile, now: datetime, unsaved: set[str], *, new: bool) -> None:
        """The call order, and the one that is being written."""
        self.file = file
        rows = [
            Row(
                contact.id,
                contact.name,
                contact.role or self.tr("no role"),
                shown_number(contact),
                availability(contact, now) or self.tr("Reachable"),
                mark=str(nth),
                off=not reachable(contact, now),
                unsaved=contact.id in unsaved,
            )
            for nth, contact in enumerate(file.contacts, 1)
        ]
        if new:
            rows.append(Row(NEW, self.tr("New contact"), self.tr("not saved yet"), mark="+", unsaved=True))
        self.view.know(rows)
        self._list.setCurrentIndex(0 if rows else 1)
        self.form.set_choices(
            "substitute", [("", self.tr("nobody")), *((contact.id, contact.name) for contact in file.contacts)]
        )

    def current(self) -> ContactFile | None:
        """Who has the focus bar; None for nobody, and for one that is new."""
        if self.file is None:
            return None
        return next((contact for contact in self.file.contacts if contact.id == self.view.key()), None)

    def show_contact(self, contact: ContactFile | None, changed: str, known: ContactFile | None = None) -> None:
        """What is not in the form: codes, other sites, the last change; of a new one who they are, where ``known``."""
        self.hide_words()
        self._title.setText(self.tr("Contact · {0}").format(contact.name) if contact else self.tr("New contact"))
        for button in self.buttons.values():
            button.setEnabled(contact is not None)
        self.buttons["remove-email"].setEnabled(contact is not None and bool(contact.email))
        if contact is None:
            self.facts.tell([] if known is None else [(self.tr("Also contact at"), self._elsewhere(known))])
            self.word_label.setText("–")
            return
        enrolled = self.tr("ID {0}").format(contact.id_code) if contact.id_code else self.tr("none issued")
        self.facts.tell(
            [
                (self.tr("ID code, PIN"), enrolled + (f" · {contact.email}" if contact.email else "")),
                (self.tr("Also contact at"), self._elsewhere(contact)),
                (self.tr("Last change"), changed),
            ]
        )
        self.buttons["suspend"].say(self.tr("Take back") if contact.suspended else self.tr("Suspend"))
        if not (contact.has_code_word or contact.has_duress_word):
            self.word_label.setText(self.tr("none on file"))

    def _elsewhere(self, contact: ContactFile) -> str:
        return ", ".join(f"{site.name}, {site.id}" for site in contact.also_at) or self.tr("no other site")

    def show_words(self, words: Mapping[str, str]) -> None:
        """The words, for fifteen seconds."""
        said = words.get("code", "–") + (self.tr(" · duress {0}").format(words["duress"]) if "duress" in words else "")
        self.word_label.setText(said)
        self.word_label.setAccessibleName(self.tr("Code words: {0}").format(said))
        self._hide.start()

    def hide_words(self) -> None:
        """Out of sight again."""
        self._hide.stop()
        self.word_label.setText(_HIDDEN)
        self.word_label.setAccessibleName(self.tr("Code words, hidden"))

    def front(self, which: str) -> None:
        """One of ``PAGES``."""
        self.stack.setCurrentIndex(PAGES.index(which))

    def at(self) -> str:
        """What is in front."""
        return PAGES[self.stack.currentIndex()]
