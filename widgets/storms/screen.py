"""Storm profiles: those in force, planned and ended at the left; the chosen one, or its form, at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from models.records import AlarmClass, StormBoard, StormDoes, StormKind, StormPreview, StormScope, StormState, StormView
from widgets.ask_line import AskLine
from widgets.entry import read_moment, write_moment
from widgets.facts import Facts
from widgets.form import Field, Form, Value
from widgets.keycap import KeyButton, toned
from widgets.panel import Panel
from widgets.rows import Row, RowsView
from widgets.theme import theme
from widgets.words import day, duration, minute, plural

CLASS = "class:"
KIND = "kind:"


def _tr(words: str) -> str:
    return QCoreApplication.translate("storm", words)


def does_words(does: StormDoes, delay_min: int) -> str:
    """``Delays by 10 min``."""
    if does is StormDoes.DELAY:
        return _tr("Delays by {0} min").format(delay_min)
    return _tr("Groups") if does is StormDoes.GROUP else _tr("Lowers to 4 Low")


def row_of(storm: StormView, holds: int, now: datetime) -> Row:
    """One profile in the list."""
    what = f"{does_words(storm.does, storm.delay_min)} · {storm.scope_words}"
    if storm.state is StormState.RUNNING:
        left = _tr("{0} left · {1} now").format(duration(storm.ends_at - now), holds)
        return Row(str(storm.id), storm.name, what, _tr("until {0}").format(when(storm.ends_at)), left)
    if storm.state is StormState.PLANNED:
        until = _tr("until {0}").format(when(storm.ends_at))
        return Row(str(storm.id), storm.name, what, _tr("from {0}").format(when(storm.begins_at)), until)
    ended = _tr("ended {0}").format(when(storm.ended_at or storm.ends_at))
    touched = plural(storm.touched, _tr("alarm touched"), _tr("alarms touched"))
    return Row(str(storm.id), storm.name, what, ended, touched, off=True)


def when(moment: datetime) -> str:
    """``Fri 21 Nov 18:00``."""
    return f"{day(moment)} {minute(moment)}"


def fields_of(kinds: Sequence[StormKind]) -> list[Field]:
    """The form's fields; the kinds that may be covered are the station's to say."""
    found = [
        Field("name", _tr("Name"), _tr("Storm Ciara, west coast"), 100),
        Field("why", _tr("Why"), _tr("Weather warning, grid operator called…"), 500),
        Field(
            "does",
            _tr("Does"),
            choices=(
                (StormDoes.GROUP.value, _tr("Group: one row in the queue, each alarm below it")),
                (StormDoes.DELAY.value, _tr("Delay: present after some minutes, if not closed by then")),
                (StormDoes.LOWER.value, _tr("Lower: what is above Low becomes Low, such as an outage")),
            ),
        ),
        Field("delay_min", _tr("Delay, minutes"), _tr("10, for a delay alone"), 4),
        Field("begins", _tr("From"), _tr("now, or 24 Nov 06:00"), 40),
        Field("until", _tr("Until"), _tr("24 Nov 18:00: it ends by itself"), 40),
        Field("postcodes", _tr("Postcodes"), _tr("beginnings, such as 28, 2930; empty: everywhere"), 400),
        Field("providers", _tr("Providers"), _tr("empty: of any"), 400),
    ]
    label = _tr("Covers")
    for name in dict.fromkeys(kind.alarm_class for kind in kinds):
        found.append(Field(f"{CLASS}{name.value}", label, _tr("All {0}").format(name.value), check=True))
        label = ""
    found += [
        Field(f"{KIND}{kind.name}", label if not nth else "", kind.words, check=True) for nth, kind in enumerate(kinds)
    ]
    return found


def values_of(storm: StormView | None) -> dict[str, Value]:
    """What stands in the form for a profile; for none what a new one begins with."""
    if storm is None:
        return {"does": StormDoes.GROUP.value, "delay_min": "10"}
    found: dict[str, Value] = {
        "name": storm.name,
        "why": storm.why,
        "does": storm.does.value,
        "delay_min": str(storm.delay_min or ""),
        "begins": write_moment(storm.begins_at),
        "until": write_moment(storm.ends_at),
        "postcodes": ", ".join(storm.scope.postcodes),
        "providers": ", ".join(storm.scope.providers),
    }
    found |= {f"{CLASS}{one.value}": True for one in storm.scope.classes}
    found |= {f"{KIND}{name}": True for name in storm.scope.kinds}
    return found


class BadStorm(ValueError):
    """What was typed is no profile; ``field`` names where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def body_of(values: Mapping[str, Value], now: datetime) -> dict[str, object]:
    """What the station is asked for; :class:`BadStorm` where a time or a number cannot be read."""

    def moment(name: str, *, end: bool) -> datetime | None:
        try:
            return read_moment(str(values[name]), now, end=end)
        except ValueError as error:
            raise BadStorm(name, str(error)) from error

    until = moment("until", end=True)
    if until is None:
        raise BadStorm("until", _tr("Say when it ends: it ends by itself then."))
    begins = None if str(values["begins"]).strip().casefold() in ("", "now") else moment("begins", end=False)
    does, minutes = StormDoes(str(values["does"])), str(values["delay_min"]).strip()
    if does is StormDoes.DELAY and not minutes.isdecimal():
        raise BadStorm("delay_min", _tr("Say by how many minutes it delays."))
    scope = StormScope.model_construct(
        kinds=tuple(name.removeprefix(KIND) for name, on in values.items() if name.startswith(KIND) and on),
        classes=tuple(
            AlarmClass(name.removeprefix(CLASS)) for name, on in values.items() if name.startswith(CLASS) and on
        ),
        postcodes=_list(values["postcodes"]),
        providers=_list(values["providers"]),
    )
    return {
        "name": str(values["name"]),
        "why": str(values["why"]),
        "does": does.value,
        "delay_min": int(minutes) if does is StormDoes.DELAY else 0,
        "begins_at": begins.isoformat() if begins is not None else None,
        "ends_at": until.isoformat(),
        "scope": {name: list(getattr(scope, name)) for name in StormScope.model_fields},
    }


def _list(value: Value) -> tuple[str, ...]:
    return tuple(part.strip() for part in str(value).replace(";", ",").split(",") if part.strip())


FIELD_OF = {"ends_at": "until", "begins_at": "begins", "kinds": "", "classes": ""}
"""The station's names of fields that the form calls otherwise."""


class StormsScreen(QWidget):
    """The list, and at its right the form or what is known of the chosen one."""

    chosen = Signal(str)
    wanted = Signal(dict)
    """Save: the form's values."""
    typed = Signal()
    ended = Signal(str)
    """Why the chosen one is to end now."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        gutter = theme().px(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(gutter, 0, gutter, gutter)
        row.setSpacing(gutter)
        self.panel = Panel(self.tr("Storm profiles"), self.tr("in force, planned, ended in the last 7 days"))
        self.view = RowsView(self.tr("Storm profiles"))
        self.empty = toned(
            "",
            self.tr(
                "No storm profile is in force or planned. Ins makes one: it groups, delays or lowers technical and "
                "supervision alarms for a while, and ends by itself."
            ),
            wrap=True,
        )
        self.empty.setContentsMargins(gutter, gutter, gutter, gutter)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        self.panel.body.addWidget(self.stack, 1)
        row.addWidget(self.panel, 1000)
        self.side = QStackedWidget()
        self.about = Panel(self.tr("No profile chosen"))
        self.facts = Facts()
        self.about.body.addWidget(self.facts)
        self.about.body.addStretch(1)
        keys = QHBoxLayout()
        keys.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(10))
        self.new = KeyButton(self.tr("New"), "Ins")
        self.edit = KeyButton(self.tr("Change"), "Ctrl+E")
        self.stop = KeyButton(self.tr("End now"), "Ctrl+Del")
        for button in (self.new, self.edit, self.stop):
            keys.addWidget(button)
        keys.addStretch(1)
        self.about.body.addLayout(keys)
        self.side.addWidget(self.about)
        self.editor = Panel(self.tr("New storm profile"), self.tr("never life safety, never intrusion"))
        self.touches = toned("second", "", wrap=True)
        self.touches.setContentsMargins(theme().px(14), theme().px(8), theme().px(14), theme().px(8))
        self.form: Form | None = None
        self.side.addWidget(self.editor)
        row.addWidget(self.side, 884)
        hint = self.tr("a reason in words: the journal keeps it")
        why = self.tr("Why does it end now?")
        self.question = AskLine(self, why, r".*\S.*", verb=self.tr("End it now"), hint=hint, wide=True)
        self.question.answered.connect(self.ended)
        self.view.chosen.connect(self.chosen)

    def ask_why_it_ends(self, storm: StormView) -> None:
        """The question, below the profiles: which of them it is about stays in sight."""
        words = self.tr("Why does “{0}” end now? What it holds gets rows of its own again.").format(storm.name)
        self.question.question.setText(words)
        self.question.line.setAccessibleName(words)
        self.question.ask(self.panel, "", low=True)

    # -- what it is told ------------------------------------------------------------------------

    def show_board(self, board: StormBoard, holds: Mapping[int, int], now: datetime) -> None:
        """The profiles; ``holds``: how many alarms each has now."""
        if self.form is None and board.kinds:
            self._build(board.kinds)
        self.view.know([row_of(storm, holds.get(storm.id, 0), now) for storm in board.storms])
        self.stack.setCurrentIndex(0 if board.storms else 1)

    def _build(self, kinds: Sequence[StormKind]) -> None:
        self.form = Form(fields_of(kinds), self.tr("Storm profile"))
        self.form.wanted.connect(self.wanted)
        self.form.changed.connect(self.typed)
        self.editor.body.addWidget(self.form, 1)
        self.editor.body.addWidget(self.touches)

    def show_storm(self, storm: StormView | None, holds: int, *, may: bool) -> None:
        """What is known of the chosen one."""
        open_ = storm is not None and storm.ended_at is None
        self.about.setVisible(True)
        self.new.setVisible(may)
        self.edit.setVisible(may and open_)
        self.stop.setVisible(may and open_)
        if storm is None:
            self.about.title.setText(self.tr("No profile chosen"))
            self.facts.tell([])
            return
        self.about.title.setText(storm.name)
        self.stop.say(self.tr("Take back") if storm.state is StormState.PLANNED else self.tr("End now"))
        pairs = [
            (self.tr("Does"), does_words(storm.does, storm.delay_min)),
            (self.tr("Covers"), storm.scope_words),
            (self.tr("Time"), self.tr("{0} to {1}").format(when(storm.begins_at), when(storm.ends_at))),
            (self.tr("Why"), storm.why),
            (self.tr("Made by"), f"{storm.by}, {when(storm.made_at)}"),
        ]
        if storm.state is StormState.RUNNING:
            pairs.append((self.tr("Now"), plural(holds, self.tr("waiting alarm"), self.tr("waiting alarms"))))
        if storm.ended_at is not None:
            said = self.tr("{0} by {1}: {2} · {3} touched")
            pairs.append(
                (self.tr("Ended"), said.format(when(storm.ended_at), storm.ended_by, storm.ended_why, storm.touched))
            )
        self.facts.tell(pairs)

    def show_form(self, storm: StormView | None) -> None:
        """Make a new one, or change ``storm``; what is typed and not saved stays for the same."""
        if self.form is None:
            return
        self.editor.title.setText(self.tr("New storm profile") if storm is None else storm.name)
        self.form.show_values({**{name: _none(one) for name, one in self.form.fields.items()}, **values_of(storm)})
        self.side.setCurrentWidget(self.editor)
        self.form.begin("name" if storm is None else "until")

    def show_theirs(self, storm: StormView) -> None:
        """The profile as another saved it, beside what is typed."""
        if self.form is not None:
            none = {name: _none(one) for name, one in self.form.fields.items()}
            self.form.show_theirs({**none, **values_of(storm)})

    def show_about(self) -> None:
        """The form goes."""
        self.side.setCurrentWidget(self.about)
        self.view.setFocus()

    def editing(self) -> bool:
        """Whether the form is in front."""
        return self.side.currentWidget() is self.editor

    def show_preview(self, told: StormPreview | None, why: str = "") -> None:
        """What it would touch now, or why nothing can be said."""
        if told is None:
            self.touches.setText(why)
            return
        of = plural(told.open, self.tr("technical or supervision alarm"), self.tr("technical and supervision alarms"))
        words = self.tr("Would touch {0} of {1} that wait now").format(told.touched, of)
        said = "; ".join(told.words)
        more = self.tr(" and {0} more").format(told.touched - len(told.words)) if told.touched > len(told.words) else ""
        self.touches.setText(f"{words}: {said}{more}." if said else f"{words}.")

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        if self.form is not None:
            self.form.refuse(sentence, FIELD_OF.get(field or "", field or "") or None)


def _none(field: Field) -> Value:
    return False if field.check else ""
