"""What the station prints, saved where its user keeps papers: procedures for the customer, the report of a test."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths

from console.desk.place import Desk

_PLACES = QStandardPaths.StandardLocation


def documents() -> Path:
    """Where papers are put."""
    return Path(QStandardPaths.writableLocation(_PLACES.DocumentsLocation) or Path.home())


def save(desk: Desk, source: str, path: Path, said: str) -> None:
    """Fetch ``source`` from the station and put it at ``path``; where it is (``said``), or why not, is told."""

    async def fetch() -> None:
        paper = await desk.patiently(desk.link.fetch(source))
        why = _written(path, paper)
        desk.notify(why or said.format(path), loud=bool(why))

    desk.run(fetch())


def _written(path: Path, paper: bytes) -> str:
    """Why it could not be; empty: it is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(paper)
    except OSError as error:
        return QCoreApplication.translate("papers", "{0} cannot be written: {1}").format(path, error.strerror)
    return ""
