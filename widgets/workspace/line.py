"""How a call through the telephone exchange is worded on the Now card (G3)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from models.records import CallOnLine, LineState
from widgets.words import duration
from widgets.workspace.call_list import outcome_words


def _tr(words: str) -> str:
    return QCoreApplication.translate("line", words)


def line_words(line: CallOnLine, now: datetime) -> str:
    """Where the call stands, for how long; nothing is counted on while the exchange is away."""
    if line.state is LineState.ENDED:
        return _end_words(line)
    words = {
        LineState.OPERATOR: _tr("Pick up"),
        LineState.DIALLING: _tr("Dialling"),
        LineState.RINGING: _tr("Ringing"),
        LineState.ANSWERED: _tr("Answered"),
    }[line.state]
    if line.away:
        return _tr("Exchange away")
    return f"{words} {duration(now - line.since)}"


def _end_words(line: CallOnLine) -> str:
    if line.answered_at is not None:
        return _tr("Ended {0}").format(duration(line.since - line.answered_at))
    if line.proposed is not None:
        return outcome_words(line.proposed)
    if not line.picked_up:
        return _tr("Not picked up")
    return _tr("Not connected ({0})").format(line.cause) if line.cause else _tr("Not connected")
