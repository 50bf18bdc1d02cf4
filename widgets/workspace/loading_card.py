"""The card of an alarm whose data is on its way: nothing of another is seen, and no key acts on what is not shown."""

from __future__ import annotations

from PySide6.QtCore import Signal

from widgets.card import Card
from widgets.keycap import retone, toned


class LoadingCard(Card):
    """It stands where the Now card will stand, until the alarm was read."""

    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._what = toned("headline", wrap=True)
        self.body.addWidget(self._what)
        self._how = toned("second", wrap=True)
        self.body.addWidget(self._how)
        self.body.addStretch(1)
        self.add_foot()

    def tell(self, alarm: str) -> None:
        """Which alarm is being read."""
        self.head_title.setText(self.tr("Loading"))
        self.head_text.setText(alarm)
        self._what.setText(self.tr("loading {0}").format(alarm))
        self._how.setText(self.tr("Nothing can be dialled before it was read. F11 gives it back to the queue."))
        retone(self._how, "second")
        self.speak(self._what.text())

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it could not be read; it is tried again."""
        self._how.setText(self.tr("{0} It is asked for again each second.").format(sentence))
        retone(self._how, "refused")
        self.speak(self._what.text(), sentence)

    def tell_gone(self, why: str) -> None:
        """It is no longer in these hands, before it was read."""
        self.head_title.setText(self.tr("No longer in your hands"))
        self._what.setText(why)
        self._how.setText(self.tr("F1 takes the next alarm, F2 shows the queue."))
        retone(self._how, "second")
        self.speak(why)

    def press_next(self) -> None:
        """Enter does nothing: what it would dial is not known yet."""

    def press_back(self) -> bool:
        """Esc."""
        self.back.emit()
        return True
