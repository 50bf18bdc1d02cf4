"""Words that lists paint over and over: laid out once and kept, which is most of what painting them costs."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QStaticText

from widgets.theme import theme

_KEPT = 3000
_Key = tuple[str, int, int, int]
_laid: dict[_Key, QStaticText] = {}


def write(painter: QPainter, box: QRectF, words: str, size: float, weight: int = 400, *, struck: bool = False) -> float:
    """``words`` at the left of ``box``, in its middle, cut with an ellipsis where they are wider; where they end."""
    if not words:
        return box.left()
    look = theme()
    key = words, look.px(size), weight, int(box.width())
    font = look.font(size, weight)
    laid = _laid.get(key)
    if laid is None:
        if len(_laid) >= _KEPT:
            _laid.clear()
        laid = _laid[key] = QStaticText(QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, key[3]))
        laid.setTextFormat(Qt.TextFormat.PlainText)
        laid.prepare(painter.transform(), font)
    font.setStrikeOut(struck)
    painter.setFont(font)
    extent = laid.size()
    painter.drawStaticText(QPointF(box.left(), round(box.center().y() - extent.height() / 2)), laid)
    return box.left() + extent.width()
