"""What lists paint over and over is laid out once, and looks as if it were not."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, Qt
from PySide6.QtWidgets import QApplication

from widgets import theme
from widgets.writing import write


def painted(words: str, width: float, *, struck: bool = False) -> tuple[QImage, float]:
    image = QImage(300, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setPen(Qt.GlobalColor.white)
    end = write(painter, QRectF(10, 0, width, 40), words, 18, struck=struck)
    painter.end()
    return image, end


def test_words_end_where_there_is_no_room_and_look_the_same_again(qapp: QApplication) -> None:
    theme.load_fonts()
    theme.apply(qapp, "dark")
    whole, end = painted("Bakkerij Peeters <b>Gent</b>", 280)
    cut, cut_end = painted("Bakkerij Peeters <b>Gent</b>", 90)
    assert end > 200
    assert cut_end <= 101
    assert cut != whole
    assert painted("Bakkerij Peeters <b>Gent</b>", 280)[0] == whole
    assert painted("Bakkerij Peeters <b>Gent</b>", 280, struck=True)[0] != whole
    assert painted("", 280)[1] == 10
