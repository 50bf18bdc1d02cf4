"""What the procedures tab does besides procedures: the site's emergency numbers, the overview on paper (C3, H, I11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from console.desk import papers
from console.desk.place import Desk
from models.records import EmergencyNumber, SiteProcedures


def save_emergency(
    desk: Desk,
    found: SiteProcedures,
    rows: Sequence[tuple[str, ...]],
    done: Callable[[SiteProcedures], None],
    refused: Callable[[str], None],
) -> None:
    """Save the site's own numbers of authorities, whole; ``done`` gets what holds then, ``refused`` a sentence."""
    numbers = [
        EmergencyNumber.model_construct(service=service.casefold(), name=name, number=number).model_dump()
        for service, name, number in rows
    ]

    async def send() -> None:
        body = {"numbers": numbers, "version": found.emergency_version}
        answer = await desk.patiently(desk.link.act(f"/v1/sites/{found.site}/emergency", body))
        done(SiteProcedures.model_validate(answer))

    desk.run(send(), lambda error: refused(error.sentence))


def save_overview(desk: Desk, site: str, folder: Path) -> None:
    """Fetch the printable overview (C3) and put it in ``folder``; where it is, or why not, is said."""
    path = folder / f"Procedures {site} {desk.link.now().astimezone():%Y-%m-%d %H%M}.pdf"

    said = _tr("The overview for the customer is saved as {0}")
    papers.save(desk, f"/v1/sites/{site}/procedures.pdf", path, said)


def _tr(words: str) -> str:
    return QCoreApplication.translate("procedures", words)
