"""Colours by meaning, the font, and the style sheet filled from tokens (visual.md §2, §8)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QApplication

_PRIORITY_NAMES = {
    1: QT_TRANSLATE_NOOP("priorities", "Emergency"),
    2: QT_TRANSLATE_NOOP("priorities", "High"),
    3: QT_TRANSLATE_NOOP("priorities", "Medium"),
    4: QT_TRANSLATE_NOOP("priorities", "Low"),
}
PRIORITIES = tuple(_PRIORITY_NAMES)


def priority_name(priority: int) -> str:
    """A priority's word in the operator's language; what is log only is shown as Low."""
    return QCoreApplication.translate("priorities", str(_PRIORITY_NAMES[min(priority, 4)]))


@cache
def _tokens() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(
        files("resources.themes").joinpath("tokens.json").read_text(encoding="utf-8")
    )
    return found


class Theme:
    """The theme in force. Widgets ask by meaning: ``theme().priority(2)``, never for a literal colour."""

    def __init__(self, name: str = "dark", scale: float = 1.0) -> None:
        self.name = name
        self.scale = scale
        self._colours = {token: QColor(value) for token, value in _tokens()[name].items()}
        self._fonts: dict[tuple[int, int], QFont] = {}

    def __getitem__(self, token: str) -> QColor:
        """A colour by its token in visual.md §2."""
        return self._colours[token]

    def priority(self, priority: int) -> QColor:
        """What fills for a priority."""
        return self[f"p{min(priority, 4)}"]

    def on_priority(self, priority: int) -> QColor:
        """What writes on that fill."""
        return self[f"on{min(priority, 4)}"]

    def ink(self, priority: int) -> QColor:
        """What outlines and writes elsewhere for a priority."""
        return self[f"ink{min(priority, 4)}"]

    def px(self, size: float) -> int:
        """A size of visual.md (at 100 %) on this screen."""
        return max(1, round(size * self.scale))

    def font(self, size: float, weight: int = 400) -> QFont:
        """Inter with tabular figures; ``size`` in px at 100 %, never smaller than 14 there."""
        key = self.px(size), weight
        font = self._fonts.get(key)
        if font is None:
            font = self._fonts[key] = QFont("Inter")
            font.setPixelSize(key[0])
            font.setWeight(QFont.Weight(weight))
            font.setFeature(QFont.Tag("tnum"), 1)
        # A copy: whoever asked may strike it out.
        return QFont(font)

    def hatch(self) -> QBrush:
        """The diagonal pattern of everything that is in test."""
        pixmap = QPixmap(14, 14)
        pixmap.fill(self["testbg"])
        painter = QPainter(pixmap)
        painter.setPen(QPen(self["hatch"], 5))
        painter.drawLine(-3, 17, 17, -3)
        painter.drawLine(-10, 10, 10, -10)
        painter.drawLine(4, 24, 24, 4)
        painter.end()
        return QBrush(pixmap)

    def style_sheet(self) -> str:
        """The one template filled from this theme."""
        template = Template(files("resources.themes").joinpath("vigie.qss").read_text(encoding="utf-8"))
        sizes = {f"s{size}": str(self.px(size)) for size in range(10, 40)}
        # A style sheet draws no arrow of its own, and Fusion's stands in a bevel of other colours.
        arrow = Path(str(files("resources.themes").joinpath(f"arrow-{self.name}.png"))).as_posix()
        colours = {name: colour.name() for name, colour in self._colours.items()}
        return template.substitute({**colours, **sizes, "arrow": arrow})

    def palette(self) -> QPalette:
        """Fusion's palette from the same tokens."""
        palette = QPalette()
        for role, token in (
            (QPalette.ColorRole.Window, "bg0"),
            (QPalette.ColorRole.Base, "field"),
            (QPalette.ColorRole.AlternateBase, "bg1"),
            (QPalette.ColorRole.Button, "bg2"),
            (QPalette.ColorRole.Text, "text1"),
            (QPalette.ColorRole.WindowText, "text1"),
            (QPalette.ColorRole.ButtonText, "text1"),
            (QPalette.ColorRole.PlaceholderText, "text3"),
            (QPalette.ColorRole.Highlight, "focus"),
            (QPalette.ColorRole.HighlightedText, "oninv"),
        ):
            palette.setColor(role, self[token])
        return palette


_current = Theme()


def theme() -> Theme:
    """The theme in force."""
    return _current


def load_fonts() -> None:
    """Make the bundled Inter known; once, after the application exists."""
    for weight in ("Regular", "Medium", "SemiBold", "Bold"):
        data = files("resources.fonts").joinpath(f"Inter-{weight}.otf").read_bytes()
        QFontDatabase.addApplicationFontFromData(data)


def apply(app: QApplication, name: str, scale: float = 1.0) -> None:
    """Put a theme in force everywhere."""
    choose(app, name, scale)
    dress(app)


def choose(app: QApplication, name: str, scale: float = 1.0) -> None:
    """Put a theme in force but for its style sheet, for a window about to be built: see :func:`dress`."""
    global _current
    _current = Theme(name, scale)
    # Taken off first: laid over another, a sheet holds up a window of 2,600 widgets for 3 s instead of 0.5 (I11).
    app.setStyleSheet("")
    app.setStyle("Fusion")
    app.setPalette(_current.palette())
    app.setFont(_current.font(16))


@contextmanager
def undressed(app: QApplication) -> Iterator[None]:
    """Without the style sheet while very many widgets are built (:func:`dress`); it is back before anything is seen."""
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)


def dress(app: QApplication) -> None:
    """Lay the style sheet of the theme in force over all that was built.

    A widget is styled anew each time it gets another parent: building a window below a style sheet takes more than
    twice as long as laying the sheet over the finished one.
    """
    app.setStyleSheet(_current.style_sheet())
    for widget in app.allWidgets():
        widget.update()


def draw_shape(
    painter: QPainter,
    priority: int,
    centre: QPointF,
    size: float,
    colour: QColor,
    *,
    filled: bool,
    edge: QColor | None = None,
) -> None:
    """The shape of a priority: square, triangle, diamond, circle (visual.md §1); ``edge`` outlines it otherwise."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge or colour, 2))
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    half, x, y = size / 2, centre.x(), centre.y()
    if priority == 1:
        painter.drawRect(round(x - half), round(y - half), round(size), round(size))
    elif priority == 2:
        painter.drawPolygon(QPolygonF([QPointF(x, y - half), QPointF(x + half, y + half), QPointF(x - half, y + half)]))
    elif priority == 3:
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)])
        )
    else:
        painter.drawEllipse(centre, half, half)
    painter.restore()
