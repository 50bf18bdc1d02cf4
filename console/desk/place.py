"""What a screen's presenter offers the window."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol, TypeVar, runtime_checkable

from PySide6.QtWidgets import QWidget

from console.client.link import Link
from models.records import AlarmView, ErrorBody, SiteRef

T = TypeVar("T")
Act = Callable[[str, dict[str, Any], Callable[[str], object] | None], object]
"""Sends an act on the alarm that is shown, which is then read again; the last, where there is one, is called with the
alarm's number when it is done."""


class Place(Protocol):
    """One screen: what it is called, what can be done on it, and how it does it."""

    @property
    def widget(self) -> QWidget:
        """What is seen."""

    def title(self) -> tuple[str, str, bool]:
        """Title, summary, and whether the banner of a test is shown."""

    def can(self, command: str) -> bool:
        """Whether a command does something here now."""

    def do(self, command: str) -> None:
        """Do it."""

    def enter(self) -> None:
        """It comes to the front."""

    def refresh(self) -> None:
        """What is known changed."""

    def tick(self, now: datetime) -> None:
        """A second passed."""


@runtime_checkable
class Standing(Protocol):
    """A screen on which something always holds that whoever acts there must know."""

    def standing(self) -> str:
        """Said in the title line as long as nothing more urgent is; empty for nothing."""


class Desk(Protocol):
    """What presenters ask of the window: the link, running an act, going somewhere, saying something."""

    link: Link

    def run(self, work: Coroutine[Any, Any, Any], refused: Callable[[ErrorBody], None] | None = None) -> None:
        """Run an act in the background; a refusal is said in place."""

    async def patiently(self, work: Coroutine[Any, Any, T]) -> T:
        """Await an act, and say that it waits where it does (I11)."""

    def notify(self, sentence: str, *, loud: bool = False, stays: bool = False) -> None:
        """The one notice of the title line."""

    def tell(self, sentence: str) -> None:
        """What somebody else did to whoever sits here: stands for a while, whatever else is said meanwhile."""

    def open_alarm(self, alarm: AlarmView) -> None:
        """Bring an alarm in hand to the workspace."""

    def in_other_hands(self, alarm: AlarmView) -> None:
        """Take an alarm over, or ask for it, among the operators."""

    def test_part(self, site: SiteRef) -> None:
        """Choose which part of a site is in test, or which of its tests is meant, where there is room for it."""

    def go(self, place: str) -> None:
        """Bring a screen to the front."""

    def changed(self) -> None:
        """What is known changed by an own act: show it at once."""
