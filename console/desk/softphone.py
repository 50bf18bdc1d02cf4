"""Calls handed to the workstation's softphone by ``tel:`` or ``sip:``: whatever the desktop opens them with (G3)."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

SIGNS = "+0123456789*#"


class Telephone(StrEnum):
    """How this workstation dials."""

    TEL = "tel"
    SIP = "sip"
    BY_HAND = "by hand"
    PBX = "pbx"
    """By the station's telephone exchange."""


class Softphone:
    """Dials where the workstation says so; it never says that a call was made: the operator tells how it went."""

    def __init__(self, chosen: Callable[[], Telephone], opened: Callable[[QUrl], bool] | None = None) -> None:
        """``chosen`` is asked at each call; ``opened`` opens an address, as the desktop does."""
        self._chosen = chosen
        self._opened = opened or QDesktopServices.openUrl

    def dial(self, number: str) -> str:
        """Hand ``number`` over; what went wrong as a sentence, or nothing."""
        how = self._chosen()
        digits = "".join(sign for sign in number if sign in SIGNS)
        if how in (Telephone.BY_HAND, Telephone.PBX) or not digits:
            return ""
        if self._opened(QUrl(f"{how.value}:{digits}")):
            return ""
        words = QCoreApplication.translate(
            "softphone", "No softphone opens {0}: numbers on this workstation. Dial {1} by hand; Ctrl+Y changes how."
        )
        return words.format(how.value, number)


def words_of(how: Telephone) -> str:
    """How this workstation dials, for the notice."""
    return {
        Telephone.TEL: QCoreApplication.translate("softphone", "Calls are handed to the softphone by tel:"),
        Telephone.SIP: QCoreApplication.translate("softphone", "Calls are handed to the softphone by sip:"),
        Telephone.BY_HAND: QCoreApplication.translate("softphone", "Calls are dialled by hand"),
        Telephone.PBX: QCoreApplication.translate("softphone", "Calls are made by the telephone exchange"),
    }[how]


def next_of(how: Telephone, *, exchange: bool) -> Telephone:
    """The next way, round and round; by an exchange only where the station has one."""
    ways = [way for way in Telephone if exchange or way in (how, Telephone.TEL, Telephone.SIP, Telephone.BY_HAND)]
    return ways[(ways.index(how) + 1) % len(ways)]
