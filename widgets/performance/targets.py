"""The response targets, to be changed by a supervisor: percent and seconds, of Emergency and of the others (F6)."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from models.records import ResponseProfile, ResponseTarget
from widgets.form import Field, Form, Value
from widgets.keycap import toned
from widgets.panel import Panel
from widgets.theme import theme

_NTHS = ("first", "second")


def _tr(words: str) -> str:
    return QCoreApplication.translate("performance", words)


def _seconds(text: str) -> str:
    whole = text.strip().isdecimal() and len(text.strip()) < 6
    return "" if whole else _tr("Seconds are a whole number, such as 30.")


def _percent(text: str) -> str:
    try:
        given = float(text.strip().replace(",", "."))
    except ValueError:
        given = -1.0
    return "" if 0 <= given <= 100 else _tr("Percent is a number up to 100, such as 98.5.")


def _fields() -> list[Field]:
    found = [Field("name", _tr("Name"), _tr("Targets of the insurer, 2027"), 60)]
    for group, words in (("emergency", _tr("Emergency")), ("others", _tr("High, Medium, Low"))):
        for nth, which in zip(_NTHS, (_tr("first"), _tr("second")), strict=True):
            label = f"{words}, {which}"
            found.append(Field(f"{group}_{nth}_percent", _tr("{0}: percent").format(label), "80", 6, reads=_percent))
            found.append(Field(f"{group}_{nth}_s", _tr("{0}: within seconds").format(label), "30", 6, reads=_seconds))
    return found


class TargetsEditor(Panel):
    """Fields under each other; Ctrl+Enter saves, Ctrl+R takes back, Esc leaves and keeps what was typed."""

    wanted = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_tr("Response targets"), _tr("from receipt to the first act of an operator"), parent=parent)
        self.kept: ResponseProfile | None = None
        self.form = Form(_fields(), _tr("Response targets"))
        self.form.wanted.connect(self.wanted)
        self.form.setMaximumWidth(theme().px(900))
        self.body.addWidget(self.form, 1)
        said = _tr("The queue measures by the first target of each priority. Figures of the past go by it too.")
        self._said = toned("second", said, wrap=True)
        self._said.setContentsMargins(theme().px(14), 0, theme().px(14), theme().px(10))
        self.body.addWidget(self._said)

    def show_targets(self, kept: ResponseProfile) -> None:
        """What holds; what another saved meanwhile is shown beside what is typed here (I11)."""
        values = values_of(kept)
        if self.kept is None or not self.form.draft():
            self.form.show_values(values)
        elif kept.version != self.kept.version:
            self.form.show_theirs(values)
        self.kept = kept


def values_of(kept: ResponseProfile) -> dict[str, Value]:
    """What stands in the fields."""
    found: dict[str, Value] = {"name": kept.name}
    for group, targets in (("emergency", kept.emergency), ("others", kept.others)):
        for nth, target in zip(_NTHS, targets, strict=True):
            found[f"{group}_{nth}_percent"] = f"{target.percent:g}"
            found[f"{group}_{nth}_s"] = str(target.seconds)
    return found


def body_of(values: Mapping[str, Value], version: int) -> dict[str, object]:
    """What the station is asked for."""

    def both(group: str) -> list[dict[str, object]]:
        return [
            ResponseTarget(
                seconds=int(str(values[f"{group}_{nth}_s"]).strip()),
                percent=float(str(values[f"{group}_{nth}_percent"]).strip().replace(",", ".")),
            ).model_dump()
            for nth in _NTHS
        ]

    name = str(values["name"]).strip()
    return {"version": version, "name": name, "emergency": both("emergency"), "others": both("others")}
