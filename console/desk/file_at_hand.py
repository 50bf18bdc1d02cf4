"""The site file that is open at this workstation: loaded, changed part by part, with what was typed and not saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.desk.place import Desk
from models.records import (
    ArchivedPart,
    ContactFile,
    DeskTask,
    Entry,
    ErrorBody,
    ErrorCode,
    JournalPage,
    SiteFile,
    SiteRef,
    StaffRole,
)
from widgets.form import Form, Typed, Value
from widgets.site.forms import BadField

TESTS = "test-on,test-changed,test-off,test-over,test-grown-old"
"""Kinds of the journal's lines that tell of tests."""
_EDITORS = frozenset({StaffRole.SERVICE_DESK, StaffRole.SUPERVISOR})


class FileAtHand(QObject):
    """One site's file. ``changed`` when it was loaded or changed, by whomever."""

    changed = Signal()
    lines_changed = Signal()
    """Older lines of its journal came."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.file: SiteFile | None = None
        self.loading: SiteRef | None = None
        """The site whose file is on its way while no other is open."""
        self.trouble = ""
        """Why that file could not be read."""
        self.entries: list[Entry] = []
        """The site's journal, newest first, as far back as somebody went."""
        self.older = False
        """Whether there may be older ones still."""
        self.archived: tuple[ArchivedPart, ...] | None = ()
        """What is older and in archives that are not mounted; None until the station said so."""
        self.tests: list[Entry] = []
        self._loading_older = False
        self._asked = 0
        """How many loads were begun: an older one that is answered late shows nothing any more."""
        self.tasks: list[DeskTask] = []
        self.drafts: dict[tuple[str, str], Any] = {}
        """By site and part: what was typed there and not saved; it outlives a look at another site."""
        self.picked: dict[str, ContactFile] = {}
        """By site: who is known from another site and is being made a contact here."""

    # -- questions ------------------------------------------------------------------------------

    @property
    def site(self) -> str:
        """Number of the open site; empty for none."""
        return self.file.site if self.file is not None else ""

    @property
    def wanted(self) -> str:
        """Number of the site that is open or on its way; empty for none."""
        return self.loading.id if self.loading is not None else self.site

    def ref(self) -> SiteRef | None:
        """The open site by its name; None for none."""
        return SiteRef(id=self.file.site, name=self.file.details.name) if self.file is not None else None

    def may_edit(self) -> bool:
        """Whether who is signed in may change site files (rulebook H); the station decides, this only shows it."""
        session = self._desk.link.session
        return session is not None and bool(_EDITORS & set(session.person.roles))

    def unsaved(self, kind: str) -> set[str]:
        """Subjects of parts of a kind with something unsaved, as accounts or contact ids."""
        keys = (key for site, key in self.drafts if site == self.site)
        return {key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")}

    def draft(self, key: str) -> Any:
        """What was typed for a part and not saved."""
        return self.drafts.get((self.site, key))

    def keep(self, key: str, draft: Any) -> None:
        """Keep what was typed, or forget it where nothing was."""
        if draft:
            self.drafts[self.site, key] = draft
        else:
            self.drafts.pop((self.site, key), None)

    def keep_typed(self, key: str, form: Form, *, new: bool = False) -> None:
        """Keep what stands in a form and is not saved; of a ``new`` part also that nothing does yet."""
        self.keep(key, form.typed() or new)

    def fill(self, form: Form, key: str, values: Mapping[str, Value]) -> None:
        """Show what is kept of a part and what was typed over it; what was saved since it was typed is said (I11)."""
        kept = self.draft(key)
        typed = kept if isinstance(kept, Typed) else Typed({}, {})
        form.show_values(values, typed.draft, typed.began)

    def changed_last(self, key: str) -> str:
        """Who changed a part last, and when."""
        for part in self.file.parts if self.file is not None else ():
            if part.key == key and part.at is not None:
                return f"{part.at.astimezone():%d %b %Y %H:%M} · {part.by}"
        return self.tr("not since it came in")

    # -- loading --------------------------------------------------------------------------------

    def open(self, site: str, name: str = "") -> None:
        """Load a site's file. Of another site nothing stays in sight meanwhile; ``name``: what it is called, if known.

        Where it is the open one that is read anew, it stays until the answer comes.
        """
        if not site:
            return
        self._asked += 1
        asked = self._asked
        if site != self.wanted or (self.file is None and self.trouble):
            self.loading, self.trouble = SiteRef(id=site, name=name), ""
            self._empty()

        async def load() -> None:
            file = SiteFile.model_validate(await self._desk.link.get(f"/v1/sites/{site}/file"))
            entries = await self._desk.link.get(f"/v1/sites/{site}/journal")
            tests = await self._desk.link.get(f"/v1/sites/{site}/journal", kinds=TESTS)
            tasks = await self._desk.link.get("/v1/tasks", site=site)
            if asked != self._asked:
                # Another site was asked for meanwhile, or this one anew.
                return
            self._take_lines(site, [Entry.model_validate(entry) for entry in entries])
            self.tests = [Entry.model_validate(entry) for entry in tests]
            self.tasks = [DeskTask.model_validate(task) for task in tasks]
            self.take(file)

        def refused(body: ErrorBody) -> None:
            if asked == self._asked and self.loading is not None:
                self.trouble = body.sentence
                self.changed.emit()
            self._desk.notify(body.sentence, loud=True)

        self._desk.run(load(), refused)

    def _take_lines(self, site: str, fresh: list[Entry]) -> None:
        """The newest lines; those below them that are here already stay, where no line is missing between."""
        here = self.entries if self.site == site and self.entries and fresh else []
        if not here or fresh[-1].seq > here[0].seq:
            self.entries, self.older, self.archived = fresh, bool(fresh), None
            if not fresh:
                self._ask_archived(site)
            return
        self.entries = [*fresh, *(entry for entry in here if entry.seq < fresh[-1].seq)]

    def load_older(self) -> None:
        """The next page of the journal; nothing where one is under way already, or all are here."""
        if not self.older or self._loading_older or not self.entries:
            return
        site, before = self.site, self.entries[-1].seq
        self._loading_older = True

        async def load() -> None:
            try:
                page = await self._desk.link.get(f"/v1/sites/{site}/journal", before=str(before))
            finally:
                self._loading_older = False
            if self.site == site and self.entries and self.entries[-1].seq == before:
                self.older = bool(page)
                if not page:
                    self._ask_archived(site)
                self.entries = [*self.entries, *(Entry.model_validate(entry) for entry in page)]
                self.lines_changed.emit()

        self._desk.run(load())

    def _ask_archived(self, site: str) -> None:
        """No line is older: whether that is all, or archives that are not mounted have others (G6)."""

        async def load() -> None:
            page = JournalPage.model_validate(await self._desk.link.get("/v1/journal", site=site, limit="1"))
            if self.site == site:
                self.archived = page.archived
                self.lines_changed.emit()

        # What is not known is not called all there is.
        self._desk.run(load(), lambda _body: None)

    def take(self, file: SiteFile | None) -> None:
        """How the file stands now."""
        self.file, self.loading, self.trouble = file, None, ""
        self.changed.emit()

    def _empty(self) -> None:
        """Nothing is open."""
        self.entries, self.tests, self.tasks, self.older, self.archived = [], [], [], False, ()
        self.file = None
        self.changed.emit()

    def close(self) -> None:
        """Whoever signs out leaves nothing open, and nothing typed."""
        self._asked += 1
        self.drafts.clear()
        self.picked.clear()
        self.loading, self.trouble = None, ""
        self._empty()

    # -- changing -------------------------------------------------------------------------------

    def act(
        self,
        path: str,
        body: dict[str, Any],
        refused: Callable[[ErrorBody], None],
        done: Callable[[SiteFile], None] = lambda _file: None,
    ) -> None:
        """Send a change of the open site; ``path`` is below its own. ``done`` before anything is shown anew."""
        site = self.site

        async def send() -> None:
            answer = await self._desk.patiently(self._desk.link.act(f"/v1/sites/{site}/{path}", body))
            file = SiteFile.model_validate(answer)
            done(file)
            if self.site == site:
                self.take(file)

        self._desk.run(send(), refused)

    def save(
        self,
        form: Form,
        key: str,
        record: Callable[[Mapping[str, Value]], Any],
        fields: Mapping[str, str] | None = None,
        path: str = "file",
    ) -> None:
        """Save what stands in a form as part ``key``; where somebody was faster, both are shown (I11)."""
        if self.file is None:
            return
        try:
            value = record(form.values())
        except BadField as bad:
            form.refuse(str(bad), bad.name)
            return
        except ValueError as error:
            form.refuse(str(error))
            return
        version = self.file.version(key)
        body = {"part": key, "value": value, "version": version} if path == "file" else {**value, "version": version}
        site = self.site

        def refused(error: ErrorBody) -> None:
            named = (fields or {}).get(error.field or "", error.field)
            form.refuse(error.sentence, named)
            if error.code is ErrorCode.CHANGED:
                self.open(site)

        def done(_file: SiteFile) -> None:
            self.drafts.pop((site, key), None)
            form.take_in()

        self.act(path, body, refused, done)
