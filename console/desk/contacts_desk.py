"""The presenter of the contacts tab (C1, C4, A4, A7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from console.desk.file_at_hand import FileAtHand
from console.desk.known_desk import OF_PERSON, KnownDesk
from console.desk.place import Desk
from models.records import (
    ContactFile,
    CustomerDevice,
    ErrorBody,
    ErrorCode,
    Identified,
    IssuedCode,
    SessionsEnded,
    SiteFile,
    Verified,
)
from widgets.site.contacts_tab import NEW, ContactsTab
from widgets.site.forms import absence_record, contact_record, contact_values, words_record

_ABSENCE = frozenset({"away_from", "away_until"})
_AGAIN_S = 6.0


class ContactsDesk(QObject):
    """What keys do on the contacts of the open site."""

    def __init__(self, desk: Desk, at_hand: FileAtHand, tab: ContactsTab) -> None:
        super().__init__()
        self._desk, self._at_hand, self.tab = desk, at_hand, tab
        self._shown = self._site = ""
        self._added = ""
        """A contact that was added just now: it gets the focus bar."""
        self._remove_asked: tuple[str, datetime] | None = None
        self._asks = 0
        """Counts the questions about a caller: an answer to an older one is not shown with another's name."""
        tab.view.chosen.connect(self._chose)
        tab.form.wanted.connect(lambda _values: self._save())
        tab.form.changed.connect(self._keep)
        tab.words.wanted.connect(lambda _values: self._save_words())
        tab.order_wanted.connect(self._reorder)
        tab.identify.checked.connect(self._check)
        tab.identify.issue_wanted.connect(self._issue)
        tab.identify.end_wanted.connect(self._end_sessions)
        tab.identify.remove_wanted.connect(self._remove_email)
        tab.identify.back.connect(self._leave)
        self.known = KnownDesk(desk, at_hand, tab.known, f"contact:{NEW}")
        self.known.taken.connect(self._taken)
        for command, button in {**tab.buttons, **tab.adds}.items():
            button.clicked.connect(lambda _checked=False, which=command: self.do(which))

    def show(self, now: datetime) -> None:
        """The file changed, or the tab came to the front."""
        file = self._at_hand.file
        if file is None:
            return
        if file.site != self._site:
            # A card about a contact of another site does not stay.
            self._site, self._asks = file.site, self._asks + 1
            self.tab.front("contact")
        for button in self.tab.adds.values():
            button.setEnabled(self._at_hand.may_edit())
        self.tab.show_file(file, now, self._at_hand.unsaved("contact"), new=self._writes_new())
        if self._added:
            self.tab.view.choose(self._added)
            self._added = ""
        self._fill(anew=False)

    # -- commands -------------------------------------------------------------------------------

    def can(self, command: str) -> bool:
        """What the chosen contact allows."""
        contact, editor = self.tab.current(), self._at_hand.may_edit()
        if command in ("edit", "save", "take-back", "next", "back"):
            return True
        if command in ("add", "add-known"):
            return editor
        if command in ("away", "identify"):
            return contact is not None
        if command == "remove-email":
            return contact is not None and bool(contact.email) and editor
        if command in ("move-up", "move-down", "remove", "suspend", "words", "issue-pin", "end-sessions", "code-words"):
            return contact is not None and editor
        return False

    def do(self, command: str) -> None:
        """One command."""
        tab, contact = self.tab, self.tab.current()
        if command == "next" and tab.at() == "identify":
            tab.identify.press_next()
        elif command == "next" and tab.at() == "known":
            tab.known.press_next()
        elif command in ("edit", "next"):
            tab.front("contact")
            tab.form.begin()
        elif command == "save":
            (tab.words if tab.at() == "words" else tab.form).press_save()
        elif command == "take-back":
            self._take_back()
        elif command == "add":
            self._add()
        elif command == "add-known":
            tab.front("known")
            self.known.begin()
        elif command == "away" and contact is not None:
            tab.front("contact")
            tab.form.begin("away_until")
        elif command in ("move-up", "move-down") and contact is not None:
            self._move(contact, -1 if command == "move-up" else 1)
        elif command == "remove" and contact is not None:
            self._remove(contact)
        elif command == "suspend" and contact is not None:
            self._suspend(contact)
        elif command == "words" and contact is not None:
            tab.front("words")
            tab.words.show_values({})
            tab.words.begin()
        elif command in ("identify", "issue-pin") and contact is not None:
            self._ask()
            (tab.identify.ask_who if command == "identify" else tab.identify.ask_issue)(contact)
        elif command == "remove-email" and contact is not None:
            self._ask()
            tab.identify.ask_remove(contact)
        elif command == "end-sessions" and contact is not None:
            self._ask()
            tab.identify.ask_end(contact)
            self._ask_sessions(contact)
        elif command == "code-words" and contact is not None:
            self._reveal(contact)

    def back(self) -> bool:
        """Esc: from a card or a form to the list; what was typed stays. False where it was there already."""
        if self.tab.at() == "identify":
            self.tab.identify.press_back()
            return True
        if self.tab.at() in ("words", "known") or self.tab.form.editing():
            self._leave()
            return True
        return False

    def _ask(self) -> None:
        self._asks += 1
        self.tab.front("identify")

    def _asked(self, contact: ContactFile) -> Callable[[], bool]:
        """Whether what is asked about ``contact`` now is still in front when its answer comes."""
        asks, site = self._asks, self._at_hand.site

        def still() -> bool:
            here = self.tab.current()
            same = here is not None and here.id == contact.id and self._at_hand.site == site
            return same and self._asks == asks and self.tab.at() == "identify"

        return still

    def _leave(self) -> None:
        self._asks += 1
        self.tab.words.show_values({"code": "", "duress": "", "no_code": False, "no_duress": False})
        self.tab.front("contact")
        self.tab.view.setFocus()

    # -- the form -------------------------------------------------------------------------------

    def _key(self) -> str:
        return f"contact:{self.tab.view.key()}"

    def _writes_new(self) -> bool:
        return self._at_hand.draft(f"contact:{NEW}") is not None

    def _chose(self, _key: str) -> None:
        self.tab.front("contact")
        self._fill(anew=True)

    def _fill(self, *, anew: bool) -> None:
        contact, key = self.tab.current(), self._key()
        self._allow(key)
        known = self.known.picked() if key == f"contact:{NEW}" else None
        self.tab.show_contact(contact, self._at_hand.changed_last(key), known)
        values = contact_values(contact or ContactFile(name="-")) | ({} if contact else {"name": ""})
        subject = f"{self._at_hand.site}/{key}"
        if anew or subject != self._shown:
            self._shown = subject
            self._at_hand.fill(self.tab.form, key, values)
        else:
            self.tab.form.show_theirs(values)

    def _allow(self, key: str) -> None:
        """What may be written: an operator writes absences; who is known keeps at every site what is theirs (C1, H)."""
        form, fields = self.tab.form, frozenset(self.tab.form.fields)
        if not self._at_hand.may_edit():
            why = self.tr("Operators set absences; the service desk or a supervisor changes the rest.")
            form.allow(False, why, _ABSENCE)
        elif key == f"contact:{NEW}" and self.known.picked() is not None:
            why = self.tr("Known already: what is theirs at every site is changed once they are added.")
            form.allow(False, why, fields - OF_PERSON)
        else:
            form.allow(True)

    def _taken(self) -> None:
        """Who is known was taken over: what is this site's own is typed next."""
        self._shown = ""
        self.tab.front("contact")
        self._at_hand.changed.emit()
        self.tab.view.choose(NEW)
        self.tab.form.begin("role")

    def _keep(self) -> None:
        self._at_hand.keep_typed(self._key(), self.tab.form, new=self.tab.view.key() == NEW)

    def _take_back(self) -> None:
        if self.tab.view.key() == NEW:
            self._at_hand.keep(f"contact:{NEW}", None)
            self._at_hand.picked.pop(self._at_hand.site, None)
            self._at_hand.changed.emit()
            return
        self.tab.form.take_back()
        self._at_hand.keep(self._key(), None)
        self._at_hand.changed.emit()

    def _save(self) -> None:
        form, at_hand = self.tab.form, self._at_hand
        if self.tab.view.key() == NEW:
            self._save_new()
        elif at_hand.may_edit():
            at_hand.save(form, self._key(), contact_record)
        else:
            contact = self.tab.view.key()
            at_hand.save(form, self._key(), absence_record, path=f"contacts/{contact}/absence")

    # -- acts -----------------------------------------------------------------------------------

    def _add(self) -> None:
        self._at_hand.keep(f"contact:{NEW}", self._at_hand.draft(f"contact:{NEW}") or True)
        self._at_hand.changed.emit()
        self.tab.view.choose(NEW)
        self.tab.form.begin()

    def _save_new(self) -> None:
        known = self.known.picked()
        try:
            record = contact_record(self.tab.form.values(), known.person if known is not None else "")
        except ValueError as error:
            self.tab.form.refuse(str(error))
            return
        if known is not None:
            # As they are kept now: what this screen shows of their numbers may be older (I11).
            record = {name: value for name, value in record.items() if name == "name" or name not in OF_PERSON}
        site = self._at_hand.site

        def done(file: SiteFile) -> None:
            self._at_hand.drafts.pop((site, f"contact:{NEW}"), None)
            self._at_hand.picked.pop(site, None)
            self._shown = ""
            self._added = file.contacts[-1].id

        def refused(body: ErrorBody) -> None:
            self.tab.form.refuse(body.sentence, (body.field or "").removeprefix("contact."))

        self._at_hand.act("contacts", {"contact": record}, refused, done)

    def _move(self, contact: ContactFile, step: int) -> None:
        file = self._at_hand.file
        assert file is not None
        order = [one.id for one in file.contacts]
        at = order.index(contact.id)
        to = at + step
        if not 0 <= to < len(order):
            return
        order[at], order[to] = order[to], order[at]
        self._reorder(order)

    def _reorder(self, order: list[str]) -> None:
        file = self._at_hand.file
        assert file is not None
        wanted = [key for key in order if key != NEW]
        body = {"part": "order", "value": wanted, "version": file.version("order")}
        self._at_hand.act("file", body, self._refused)

    def _remove(self, contact: ContactFile) -> None:
        now = self._desk.link.now()
        asked = self._remove_asked
        if asked is None or asked[0] != contact.id or (now - asked[1]).total_seconds() > _AGAIN_S:
            self._remove_asked = (contact.id, now)
            said = self.tr("Ctrl+Delete again takes {0} from the call list. The journal keeps what was on file.")
            self._desk.notify(said.format(contact.name))
            return
        self._remove_asked = None
        self._at_hand.act(f"contacts/{contact.id}/remove", {"version": self._version(contact)}, self._refused)

    def _suspend(self, contact: ContactFile) -> None:
        body = {"suspended": not contact.suspended, "version": self._version(contact)}
        self._at_hand.act(f"contacts/{contact.id}/suspend", body, self._refused)

    def _save_words(self) -> None:
        contact = self.tab.current()
        if contact is None:
            return
        given = {**words_record(self.tab.words.values()), "version": self._version(contact)}

        def done(_file: SiteFile) -> None:
            self._leave()
            self._desk.notify(self.tr("The words of {0} are changed.").format(contact.name))

        def refused(body: ErrorBody) -> None:
            self.tab.words.refuse(body.sentence, body.field)
            if body.code is ErrorCode.CHANGED:
                self._at_hand.open(self._at_hand.site)

        self._at_hand.act(f"contacts/{contact.id}/words", given, refused, done)

    def _reveal(self, contact: ContactFile) -> None:
        site = self._at_hand.site
        path = f"/v1/sites/{site}/contacts/{contact.id}/code-words"

        async def show() -> None:
            words = await self._desk.patiently(self._desk.link.post(path))
            here = self.tab.current()
            if here is not None and here.id == contact.id and self._at_hand.site == site:
                self.tab.show_words(words)

        self._desk.run(show())

    def _check(self, word: str, code: str, pin: str) -> None:
        contact = self.tab.current()
        if contact is None:
            return
        body = {"word": word} if word else {"id_code": code, "pin": pin}
        path = f"/v1/sites/{self._at_hand.site}/contacts/{contact.id}/identify"

        still = self._asked(contact)

        async def check() -> None:
            answer = await self._desk.patiently(self._desk.link.post(path, body))
            if still():
                self.tab.identify.show_result(Identified.model_validate(answer))

        self._desk.run(check(), lambda body: self.tab.identify.refuse(body.sentence, body.field))

    def _remove_email(self, code: str, pin: str) -> None:
        contact, site = self.tab.current(), self._at_hand.site
        if contact is None:
            return
        path, still = f"/v1/sites/{site}/contacts/{contact.id}", self._asked(contact)

        async def remove() -> None:
            answer = await self._desk.patiently(self._desk.link.post(f"{path}/identify", {"id_code": code, "pin": pin}))
            found = Identified.model_validate(answer)
            if found.how is not Verified.PIN:
                if still():
                    self.tab.identify.show_result(found)
                return
            await self._desk.patiently(self._desk.link.act(f"{path}/remove-email", {"identified": found.entry}))
            if still():
                self.tab.identify.show_removed()
            if self._at_hand.site == site:
                self._at_hand.open(site)

        self._desk.run(remove(), lambda body: self.tab.identify.refuse(body.sentence, body.field))

    def _issue(self, how: str) -> None:
        contact = self.tab.current()
        if contact is None:
            return
        path = f"/v1/sites/{self._at_hand.site}/contacts/{contact.id}/issue"

        still = self._asked(contact)

        async def issue() -> None:
            answer = await self._desk.patiently(self._desk.link.post(path, {"identified": how}))
            if still():
                self.tab.identify.show_issued(IssuedCode.model_validate(answer))
            else:
                words = self.tr("A PIN was issued to {0} and nobody saw it: issue another.")
                self._desk.notify(words.format(contact.name), loud=True)
            self._at_hand.open(self._at_hand.site)

        self._desk.run(issue(), lambda body: self.tab.identify.refuse(body.sentence, body.field))

    def _ask_sessions(self, contact: ContactFile) -> None:
        path = f"/v1/sites/{self._at_hand.site}/contacts/{contact.id}/sessions"

        still = self._asked(contact)

        async def ask() -> None:
            answer = await self._desk.link.get(path)
            if still():
                self.tab.identify.show_sessions([CustomerDevice.model_validate(one) for one in answer])

        self._desk.run(ask(), lambda body: self.tab.identify.refuse(body.sentence, body.field))

    def _end_sessions(self, how: str) -> None:
        contact = self.tab.current()
        if contact is None:
            return
        path = f"/v1/sites/{self._at_hand.site}/contacts/{contact.id}/end-sessions"

        still = self._asked(contact)

        async def end() -> None:
            answer = await self._desk.patiently(self._desk.link.act(path, {"identified": how}))
            if still():
                self.tab.identify.show_ended(SessionsEnded.model_validate(answer))

        self._desk.run(end(), lambda body: self.tab.identify.refuse(body.sentence, body.field))

    def _version(self, contact: ContactFile) -> int:
        file = self._at_hand.file
        return 0 if file is None else file.version(f"contact:{contact.id}")

    def _refused(self, body: ErrorBody) -> None:
        self._desk.notify(body.sentence, loud=True)
        self._at_hand.open(self._at_hand.site)
