"""What is looked for in the journal: words, site, people, period, kinds; all of it by keys (G6; picture 05, left)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, QObject, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from models.records import JournalFilter, JournalGroup, Priority, SiteRef
from widgets.entry import read_moment, write_moment
from widgets.keycap import KeyButton, toned
from widgets.panel import Panel
from widgets.theme import PRIORITIES, priority_name, theme
from widgets.tick import TickBox

_GROUPS = {
    JournalGroup.SIGNAL: QT_TRANSLATE_NOOP("journal", "Signal"),
    JournalGroup.ALARM: QT_TRANSLATE_NOOP("journal", "Alarm"),
    JournalGroup.TAKEN: QT_TRANSLATE_NOOP("journal", "Taken, parked"),
    JournalGroup.CALL: QT_TRANSLATE_NOOP("journal", "Call, note"),
    JournalGroup.CLOSED: QT_TRANSLATE_NOOP("journal", "Closed"),
    JournalGroup.CANCELLED: QT_TRANSLATE_NOOP("journal", "Cancelled"),
    JournalGroup.ARMED: QT_TRANSLATE_NOOP("journal", "Armed, disarmed"),
    JournalGroup.TEST: QT_TRANSLATE_NOOP("journal", "Test"),
    JournalGroup.FILE: QT_TRANSLATE_NOOP("journal", "Site file"),
    JournalGroup.HOURS: QT_TRANSLATE_NOOP("journal", "Hours"),
    JournalGroup.ACCESS: QT_TRANSLATE_NOOP("journal", "Access, codes"),
    JournalGroup.SIGN_IN: QT_TRANSLATE_NOOP("journal", "Sign-in"),
    JournalGroup.STATION: QT_TRANSLATE_NOOP("journal", "Station"),
}
_LONGEST = {"area": 40, "alarm": 40}
_LONGEST_NUMBER = 40
PERIODS = ("shift", "day", "week", "month")


def group_name(group: JournalGroup) -> str:
    """A group of kinds in the operator's language."""
    return QCoreApplication.translate("journal", str(_GROUPS[group]))


class BadFilter(ValueError):
    """What was typed cannot be looked for; ``field`` names where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class FindPanel(Panel):
    """The filter's fields. :meth:`read` gives what they say; a site is chosen from those that fit what is typed."""

    find_wanted = Signal()
    clear_wanted = Signal()
    site_typed = Signal(str)
    period_wanted = Signal(str)
    hand_over_wanted = Signal()
    verify_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Find"), "", "/")
        self.fields: dict[str, QLineEdit] = {}
        self._sites: dict[str, SiteRef] = {}
        self._site: SiteRef | None = None
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(10))
        column.setSpacing(theme().px(4))
        column.addLayout(self._labelled("words", self.tr("Words, whole"), self.tr("any words")))
        column.addLayout(self._labelled("site", self.tr("Site"), self.tr("name or number")))
        column.addLayout(
            self._pair(
                self._labelled("system", self.tr("System"), self.tr("account")),
                self._labelled("area", self.tr("Area"), self.tr("number")),
            )
        )
        column.addLayout(
            self._pair(
                self._labelled("operator", self.tr("Operator"), self.tr("anyone")),
                self._labelled("customer", self.tr("Customer, installer"), self.tr("anyone")),
            )
        )
        column.addLayout(self._labelled("alarm", self.tr("Alarm"), "A-…"))
        column.addLayout(
            self._pair(
                self._labelled("from", self.tr("From"), self.tr("the beginning")),
                self._labelled("to", self.tr("Until"), self.tr("now")),
            )
        )
        column.addLayout(self._periods())
        column.addWidget(toned("label", self.tr("Priority")))
        column.addLayout(self._priorities())
        column.addWidget(toned("label", self.tr("Kinds; none chosen: all")))
        column.addLayout(self._kinds())
        self.problem = toned("refused", "", wrap=True)
        self.problem.hide()
        column.addWidget(self.problem)
        column.addLayout(self._buttons())
        column.addStretch(1)
        column.addWidget(self._with_the_lines())
        self.body.addWidget(holder, 1)
        self._complete_sites()

    # -- fields -----------------------------------------------------------------------------------

    def _labelled(self, name: str, label: str, empty: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme().px(2))
        field = QLineEdit()
        field.setMaxLength(_LONGEST.get(name, 100))
        field.setPlaceholderText(empty)
        field.setAccessibleName(label)
        self.fields[name] = field
        column.addWidget(toned("label", label))
        column.addWidget(field)
        return column

    def _pair(self, left: QVBoxLayout, right: QVBoxLayout) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme().px(8))
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        return row

    def _periods(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme().px(3))
        words = (self.tr("Shift"), self.tr("24 h"), self.tr("7 d"), self.tr("30 d"))
        for name, said in zip(PERIODS, words, strict=True):
            button = QPushButton(said)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, which=name: self.period_wanted.emit(which))
            row.addWidget(button)
        return row

    def _priorities(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme().px(4))
        self.priorities: dict[Priority, TickBox] = {}
        for nth, priority in enumerate(PRIORITIES):
            box = TickBox(f"{priority} {priority_name(priority)}")
            self.priorities[Priority(priority)] = box
            grid.addWidget(box, nth // 2, nth % 2)
        return grid

    def _kinds(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme().px(4))
        self.groups = {group: TickBox(group_name(group)) for group in _GROUPS}
        for nth, box in enumerate(self.groups.values()):
            grid.addWidget(box, nth // 2, nth % 2)
        self.in_test = TickBox(self.tr("Only in test"))
        grid.addWidget(self.in_test, len(self.groups) // 2, len(self.groups) % 2)
        return grid

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        find, clear = KeyButton(self.tr("Find"), "Enter"), KeyButton(self.tr("Clear"), "Ctrl+0")
        find.clicked.connect(self.find_wanted)
        clear.clicked.connect(self.clear_wanted)
        row.addWidget(find)
        row.addWidget(clear)
        row.addStretch(1)
        return row

    def _with_the_lines(self) -> QWidget:
        """What can be done with the lines that were found, and its keys (picture 05, below left)."""
        self.acts = QWidget()
        column = QVBoxLayout(self.acts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme().px(4))
        column.addWidget(toned("label", self.tr("The lines that are found")))
        self.hand_over = KeyButton(self.tr("Hand over"), "Ctrl+P")
        self.verify = KeyButton(self.tr("Verify these lines"), "Alt+V")
        for button, wanted in ((self.hand_over, self.hand_over_wanted), (self.verify, self.verify_wanted)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(wanted)
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            column.addLayout(row)
        self.acts.hide()
        return self.acts

    def show_acts(self, *, hand_over: bool, verify: bool) -> None:
        """Which of them whoever sits here may do now."""
        self.hand_over.setVisible(hand_over)
        self.verify.setVisible(verify)
        self.acts.setVisible(hand_over or verify)

    def _complete_sites(self) -> None:
        field = self.fields["site"]
        self._found = QStringListModel(self)
        completer = QCompleter(self._found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(self._choose_site)
        completer.setMaxVisibleItems(12)
        field.setCompleter(completer)
        # Wider than the field, so that no number is cut: names alone do not tell two sites apart.
        offers = completer.popup()
        assert offers is not None
        offers.setMinimumWidth(theme().px(440))
        self._offers = offers
        field.textEdited.connect(self._typed_site)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc are the list's while it is open: no command of the screen takes them from it."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
            if event.key() in keys and self._offers.isVisible():
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _typed_site(self, text: str) -> None:
        self._site = None
        self.site_typed.emit(text.strip())

    def offer_sites(self, typed: str, found: Sequence[SiteRef]) -> None:
        """Sites that fit what is typed; late answers to something else are passed over."""
        field = self.fields["site"]
        if field.text().strip() != typed:
            return
        self._sites = {f"{site.name} · {site.id}": site for site in found}
        self._found.setStringList(list(self._sites))
        if field.hasFocus() and found and self._site is None:
            field.completer().complete()

    def _choose_site(self, words: str) -> None:
        site = self._sites.get(words)
        if site is not None:
            self.set_site(site)

    def set_site(self, site: SiteRef | None) -> None:
        """The site that is meant."""
        self._site = site
        field = self.fields["site"]
        self._offers.hide()
        field.setText("" if site is None else self._site_words(site))
        field.setToolTip("" if site is None else f"{site.name} · {site.id}")
        field.setCursorPosition(0)

    def _site_words(self, site: SiteRef) -> str:
        """Name and number; where both have no room, the name gives way."""
        if not site.name:
            return site.id
        field, number = self.fields["site"], f" · {site.id}"
        metrics = field.fontMetrics()
        room = max(field.width(), theme().px(200)) - theme().px(28) - metrics.horizontalAdvance(number)
        return metrics.elidedText(site.name, Qt.TextElideMode.ElideRight, room) + number

    def site(self) -> SiteRef | None:
        """The chosen site, or the only one that fits what is typed."""
        typed = self.fields["site"].text().strip()
        if self._site is not None or not typed:
            return self._site
        if typed in self._sites:
            return self._sites[typed]
        exact = [
            site for site in self._sites.values() if typed.casefold() in (site.id.casefold(), site.name.casefold())
        ]
        if len(exact) == 1:
            return exact[0]
        return next(iter(self._sites.values())) if len(self._sites) == 1 else None

    # -- what is asked for ------------------------------------------------------------------------

    def read(self, now: datetime) -> JournalFilter:
        """What the fields say. :class:`BadFilter` where a period cannot be read."""
        site, typed = self.site(), self.fields["site"].text().strip()
        if typed and site is None and len(self._sites) > 1:
            raise BadFilter("site", self.tr("Several sites fit “{0}”: choose one from the list.").format(typed))
        if typed and site is None and self._sites is not None and not _number_like(typed):
            raise BadFilter("site", self.tr("No site is found by “{0}”.").format(typed))
        return JournalFilter(
            words=self._said("words"),
            site=site.id if site is not None else typed,
            system=self._said("system"),
            area=self._said("area"),
            operator=self._said("operator"),
            customer=self._said("customer"),
            alarm=self._said("alarm"),
            from_=self._moment("from", now, end=False),
            to=self._moment("to", now, end=True),
            priorities=tuple(priority for priority, box in self.priorities.items() if box.isChecked()),
            groups=tuple(group for group, box in self.groups.items() if box.isChecked()),
            in_test=self.in_test.isChecked(),
        )

    def _said(self, name: str) -> str:
        return self.fields[name].text().strip()

    def _moment(self, name: str, now: datetime, *, end: bool) -> datetime | None:
        text = self._said(name)
        try:
            moment = read_moment(text, now, end=end)
        except ValueError as error:
            raise BadFilter(name, str(error)) from error
        if moment is None:
            return None
        if moment > now + timedelta(days=1) and str(moment.year) not in text:
            # A day without a year: of the journal it is the last, not the next.
            moment = moment.replace(year=moment.year - 1)
        # To the end of the minute that was named.
        return moment + timedelta(minutes=1) if end else moment

    def show_filter(self, asked: JournalFilter, site: SiteRef | None) -> None:
        """Fill the fields from a filter."""
        for name in ("words", "system", "area", "operator", "customer", "alarm"):
            self.fields[name].setText(str(getattr(asked, name)))
        self.set_site(site)
        last = asked.to - timedelta(minutes=1) if asked.to is not None else None
        for name, moment in (("from", asked.from_), ("to", last)):
            self.fields[name].setText(_short(moment))
            self.fields[name].setToolTip(write_moment(moment))
            self.fields[name].setCursorPosition(0)
        for priority, box in self.priorities.items():
            box.setChecked(priority in asked.priorities)
        for group, box in self.groups.items():
            box.setChecked(group in asked.groups)
        self.in_test.setChecked(asked.in_test)
        self.refuse("", "")

    def refuse(self, field: str, sentence: str) -> None:
        """Why it cannot be looked for, and where; nothing: it can."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        if field in self.fields:
            self.fields[field].setFocus()
            self.fields[field].selectAll()

    def begin(self) -> None:
        """The keyboard to the words."""
        self.fields["words"].setFocus()
        self.fields["words"].selectAll()


def _number_like(text: str) -> bool:
    """A site's number may be typed without waiting for the list."""
    return any(sign.isdigit() for sign in text) and " " not in text and len(text) <= _LONGEST_NUMBER


def _short(moment: datetime | None) -> str:
    """A moment without its year where that is this one: what is typed so is read so, and both fields have room."""
    if moment is None or moment.astimezone().year != datetime.now(UTC).astimezone().year:
        return write_moment(moment)
    if (moment.astimezone().month, moment.astimezone().day) == (2, 29):
        # A leap day without its year is of another year soon, which has none.
        return write_moment(moment)
    return f"{moment.astimezone():%d %b %H:%M}"
