"""One entry of the journal, opened: who, when, from where, why; before and after; the signal and its frame.

(B5, G4, I9; picture 05, right side.) A widget of its own: whatever shows lines of the journal puts it beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from models.records import ActorKind, AlarmView, Entry, EntryDetail, JournalProof, Priority
from widgets.facts import Facts
from widgets.journal.differences import Difference, differences, words
from widgets.keycap import retone, toned
from widgets.panel import Panel
from widgets.queue.activity import head_of
from widgets.theme import priority_name, theme
from widgets.words import duration

_WHY = ("why", "reason", "identified")
_OWN_PLACE = frozenset({"before", "after", "events", "part", "channel", *_WHY})
"""What of an entry's data is told elsewhere than among its other facts."""


class EntryPane(Panel):
    """The pane. :meth:`begin` gives it the keyboard: the arrows then move what does not fit."""

    def __init__(self) -> None:
        super().__init__("", "")
        self.add_keys("↑", "↓")
        self.area = _Area()
        self.area.setAccessibleName(self.tr("The chosen entry"))
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.facts = Facts(112)
        self._empty = toned("second", self.tr("Choose a line: it opens here."), wrap=True)
        self._empty.setContentsMargins(theme().px(14), theme().px(12), theme().px(14), theme().px(12))
        self.changes = _Changes()
        self.signal = _Signal()
        self.seal = _Seal()
        self.more = QVBoxLayout()
        """For what the screen around it knows besides."""
        for part in (self._empty, self.facts, self.seal, self.changes, self.signal):
            self._column.addWidget(part)
        self._column.addLayout(self.more)
        self._column.addStretch(1)
        self.area.setWidget(holder)
        self.body.addWidget(self.area, 1)
        self.seq: int | None = None
        self.show_entry(None)

    def begin(self) -> None:
        """Enter on the list of lines."""
        self.area.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_entry(self, entry: Entry | None) -> None:
        """What the line itself says, at once; the rest comes with :meth:`show_detail`. None: nothing is chosen."""
        self.seq = entry.seq if entry is not None else None
        self._empty.setText(self.tr("Choose a line: it opens here."))
        retone(self._empty, "second")
        self._empty.setVisible(entry is None)
        self.facts.setVisible(entry is not None)
        self.changes.hide()
        self.signal.hide()
        self.seal.tell(None)
        self.title.setText(head_of(entry) if entry is not None else self.tr("Detail"))
        self.summary.setText(self.tr("line {0}").format(grouped(entry.seq)) if entry is not None else "")
        if entry is not None:
            self._tell(EntryDetail(entry=entry))
        self.area.verticalScrollBar().setValue(0)

    def show_detail(self, detail: EntryDetail) -> None:
        """All of the entry, where it is still the chosen one."""
        if detail.entry.seq != self.seq:
            return
        self._tell(detail)
        data = detail.data
        self.changes.tell(differences(data.get("before"), data.get("after")) if _is_change(data) else None)
        self.signal.tell(detail)
        self.seal.tell(detail)

    def refuse(self, sentence: str) -> None:
        """Why the entry cannot be opened."""
        self.facts.hide()
        self._empty.setText(sentence)
        retone(self._empty, "refused")
        self._empty.show()

    def _tell(self, detail: EntryDetail) -> None:
        pairs = self._pairs(detail)
        self.facts.tell(pairs)
        said = "; ".join(f"{label} {value}" for label, value in pairs)
        self.area.setAccessibleName(f"{self.title.text()}: {said}")

    def _priority(self, priority: int) -> str:
        # What is for the journal alone is shown as Low in a list; here it is said.
        return priority_name(priority) if priority < Priority.LOG else self.tr("log only")

    def _pairs(self, detail: EntryDetail) -> list[tuple[str, str]]:
        entry, data = detail.entry, detail.data
        from_ = " · ".join(dict.fromkeys(part for part in (entry.actor.from_, str(data.get("channel") or "")) if part))
        site = ", ".join(part for part in (entry.site_name, entry.site or "") if part)
        why = "; ".join(str(data[name]) for name in _WHY if data.get(name))
        about = "" if entry.priority is None else f" · {entry.priority} {self._priority(entry.priority)}"
        pairs = [
            (self.tr("What"), entry.text),
            (self.tr("When"), _to_the_millisecond(entry)),
            (
                self.tr("Panel's time"),
                f"{detail.panel_time.astimezone():%a %d %b %Y %H:%M:%S}" if detail.panel_time else "",
            ),
            (self.tr("Who"), f"{entry.actor.name}, {actor_words(entry.actor.kind)}"),
            (self.tr("From where"), from_),
            (self.tr("Why"), why),
            (self.tr("Site"), site),
            (self.tr("Account"), entry.account or ""),
            (self.tr("Alarm"), f"{entry.alarm}{about}" if entry.alarm else ""),
            (self.tr("Archive"), entry.archive),
            (self.tr("In test"), self.tr("yes: not presented as an alarm") if entry.in_test else ""),
            (self.tr("Armed by") if _closes(data) else self.tr("Disarmed by"), self._armed_by(detail)),
        ]
        if detail.alarm is not None:
            pairs += self._of_alarm(detail.alarm)
        if not data.get("events"):
            more = {name: value for name, value in data.items() if name not in _OWN_PLACE}
            pairs += [(name.replace("_", " ").capitalize(), words(value)) for name, value in more.items()]
        always = (self.tr("Who"), self.tr("From where"))
        return [(label, value or self.tr("not said")) for label, value in pairs if value or label in always]

    def _armed_by(self, detail: EntryDetail) -> str:
        """The user, and where a line of its own names them, which (B5)."""
        arming = detail.arming
        if arming is None:
            return self.tr("not transmitted") if _arms(detail.data) else ""
        user = self.tr("user {0}").format(arming.user) + (f", {arming.name}" if arming.name else "")
        if not arming.separate:
            return user
        return self.tr("{0}, confirmed by line {1}").format(user, grouped(arming.seq))

    def _of_alarm(self, alarm: AlarmView) -> list[tuple[str, str]]:
        """How its alarm stands now."""
        pairs = []
        if alarm.taken_at is not None and alarm.taken_at >= alarm.clock_from:
            waited = (alarm.taken_at - alarm.clock_from).total_seconds()
            said = self.tr("{0}, target {1}").format(duration(waited), duration(alarm.target_s))
            if waited > alarm.target_s:
                said += self.tr(", over by {0}").format(duration(waited - alarm.target_s))
            pairs.append((self.tr("Taken after"), said))
        if alarm.cancelled is not None:
            by = alarm.cancelled
            said = " · ".join(part for part in (by.by, by.channel, by.why) if part)
            pairs.append((self.tr("Cancelled by"), said))
        if alarm.disposition is not None:
            ended = alarm.disposition.value.replace("-", " ")
            pairs.append((self.tr("How it ended"), " · ".join(part for part in (ended, alarm.close_reason) if part)))
        else:
            pairs.append((self.tr("The alarm now"), alarm.state.value))
        return pairs


class _Seal(QWidget):
    """The entry's place in the chain; whether it was verified is said here by who checked it (I5)."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme().px(14), theme().px(2), theme().px(14), theme().px(8))
        column.setSpacing(theme().px(2))
        self.verified = toned("strong", "")
        self.hashes = toned("second", "")
        column.addWidget(self.verified)
        column.addWidget(self.hashes)
        self.tell(None)

    def tell(self, detail: EntryDetail | None) -> None:
        """Its own hash and that of the entry before; None: nothing is opened."""
        shown = detail is not None and bool(detail.hash)
        self.setVisible(shown)
        self.verified.hide()
        if detail is not None and shown:
            own, before = _short(detail.hash), _short(detail.prev)
            self.hashes.setText(self.tr("Chained: own {0} · before {1}").format(own, before))
            self._say_proof(detail.proof)

    def _say_proof(self, proof: JournalProof | None) -> None:
        if proof is None:
            self.say_verified("")
        elif proof.broken:
            self.say_verified(self.tr("NOT as it was written: {0}").format("; ".join(proof.broken)), broken=True)
        elif proof.erased:
            self.say_verified(self.tr("Verified: erased by a signed act"))
        elif proof.last <= proof.sealed_to:
            self.say_verified(self.tr("Verified: as it was written, and sealed"))
        else:
            self.say_verified(self.tr("Verified: as it was written; sealed within seconds"))

    def say_verified(self, words: str, *, broken: bool = False) -> None:
        """What a check of this entry found."""
        self.verified.setText(words)
        retone(self.verified, "refused" if broken else "strong")
        self.verified.setVisible(bool(words))


def _short(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in (0, 4, 8))


def _arms(data: Mapping[str, Any]) -> bool:
    return any(event.get("role") in ("open", "close") for event in data.get("events") or [])


def _closes(data: Mapping[str, Any]) -> bool:
    return any(event.get("role") == "close" for event in data.get("events") or [])


class _Area(QScrollArea):
    """Scrolls by the arrows where it has the keyboard; Enter and Esc are the screen's."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        steps = {Qt.Key.Key_Home: bar.minimum(), Qt.Key.Key_End: bar.maximum()}
        if event.key() in steps:
            bar.setValue(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)


class _Changes(QWidget):
    """Three columns: the field, what it was, what it is."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme().px(6), 0, 0)
        column.setSpacing(0)
        column.addWidget(_heading(self.tr("Before and after")))
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(8))
        self._grid.setHorizontalSpacing(theme().px(12))
        self._grid.setVerticalSpacing(theme().px(6))
        for nth, stretch in enumerate((3, 4, 4)):
            self._grid.setColumnStretch(nth, stretch)
        column.addWidget(self._holder)
        self.shown: tuple[Difference, ...] = ()

    def tell(self, found: list[Difference] | None) -> None:
        """Show them; None: the entry is no change."""
        self.shown = tuple(found or ())
        self.setVisible(found is not None)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if found is None:
            return
        if not found:
            self._grid.addWidget(toned("second", self.tr("Nothing that is shown here differs."), wrap=True), 0, 0, 1, 3)
            return
        for nth, heading in enumerate((self.tr("Field"), self.tr("Before"), self.tr("After"))):
            self._grid.addWidget(toned("label", heading), 0, nth)
        top = Qt.AlignmentFlag.AlignTop
        for row, one in enumerate(found, 1):
            for nth, (text, tone) in enumerate(((one.field, "label"), (one.before, "second"), (one.after, "strong"))):
                label = toned(tone, text, wrap=True)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._grid.addWidget(label, row, nth, top)


class _Signal(QWidget):
    """What a signal says, event by event, and the frame that it came in."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme().px(6), 0, 0)
        column.setSpacing(0)
        self._events = _heading(self.tr("Events of this signal"))
        self.events = Facts(112)
        self._frame = _heading(self.tr("Frame as it came; secrets are masked"))
        self.frame = toned("second", "", wrap=True)
        self.frame.setAccessibleName(self.tr("No frame"))
        self.frame.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(8))
        self.frame.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for part in (self._events, self.events, self._frame, self.frame):
            column.addWidget(part)

    def tell(self, detail: EntryDetail) -> None:
        """Show it, where the entry is a signal."""
        events = detail.data.get("events") or []
        raw = detail.raw or ""
        self.setVisible(bool(events or raw))
        pairs = []
        for nth, event in enumerate(events, 1):
            meaning = detail.meanings[nth - 1] if nth <= len(detail.meanings) else ""
            pairs.append((self.tr("Event {0}").format(nth), _event_words(event, meaning)))
            pairs += [
                (label, str(event.get(name)))
                for name, label in self._labels().items()
                if event.get(name) not in (None, "")
            ]
        more = {
            name: value for name, value in detail.data.items() if name not in _OWN_PLACE and value not in (None, "")
        }
        if events:
            pairs += [(name.replace("_", " ").capitalize(), words(value)) for name, value in more.items()]
        self.events.tell(pairs)
        self._events.setVisible(bool(events))
        self.events.setVisible(bool(events))
        # A frame has no blanks: without a place to break it a line would be as wide as the frame is long.
        self.frame.setText("\u200b".join(raw))
        self.frame.setAccessibleName(raw or self.tr("No frame"))
        self._frame.setVisible(bool(raw))
        self.frame.setVisible(bool(raw))

    def _labels(self) -> dict[str, str]:
        return {
            "area": self.tr("Area"),
            "address": self.tr("Zone or user"),
            "user": self.tr("User"),
            "text": self.tr("Text"),
        }


def _event_words(event: Mapping[str, Any], meaning: str) -> str:
    code = f"{event.get('qualifier') or ''}{event.get('code', '')}"
    kind = str(event.get("kind", "")).replace("-", " ")
    return " · ".join(part for part in (code, meaning, kind, str(event.get("role", ""))) if part)


def _is_change(data: Mapping[str, Any]) -> bool:
    return "before" in data or "after" in data


def _heading(text: str) -> QWidget:
    label = toned("paneltitle", text)
    label.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(4))
    return label


def _to_the_millisecond(entry: Entry) -> str:
    local = entry.time.astimezone()
    return f"{local:%a %d %b %Y %H:%M:%S}.{local.microsecond // 1000:03d}"


def grouped(number: int) -> str:
    """``8 412 301``: digits by threes."""
    return f"{number:,}".replace(",", "\u202f")


def actor_words(kind: ActorKind) -> str:
    """Who did it, in a word (I6)."""
    return QCoreApplication.translate("journal", str(_ACTORS[kind]))


_ACTORS = {
    ActorKind.PANEL: QT_TRANSLATE_NOOP("journal", "system"),
    ActorKind.OPERATOR: QT_TRANSLATE_NOOP("journal", "staff"),
    ActorKind.CUSTOMER: QT_TRANSLATE_NOOP("journal", "customer"),
    ActorKind.INSTALLER: QT_TRANSLATE_NOOP("journal", "installer"),
    ActorKind.STATION: QT_TRANSLATE_NOOP("journal", "the station itself"),
    ActorKind.LOCAL: QT_TRANSLATE_NOOP("journal", "at the station's machine"),
}
