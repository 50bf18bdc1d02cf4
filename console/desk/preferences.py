"""What a workstation remembers: its name and its theme. No password, no token, no site."""

from __future__ import annotations

import socket
from pathlib import Path

import platformdirs
from PySide6.QtCore import QSettings

from console.desk.softphone import Telephone


class Preferences:
    """Kept in the user's configuration folder."""

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or Path(platformdirs.user_config_dir("vigie"))
        self._settings = QSettings(str(folder / "console.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> str:
        """``dark`` or ``light``; dark is the default."""
        return "light" if self._settings.value("theme") == "light" else "dark"

    @theme.setter
    def theme(self, name: str) -> None:
        self._settings.setValue("theme", name)

    @property
    def workstation(self) -> str:
        """The name of this workstation, as others see it; the machine's name until another is set."""
        return str(self._settings.value("workstation") or f"WS {socket.gethostname()}")[:60]

    @property
    def telephone(self) -> Telephone:
        """How this workstation dials; by the softphone's ``tel:`` until another way is chosen."""
        chosen = str(self._settings.value("telephone") or "")
        return Telephone(chosen) if chosen in list(Telephone) else Telephone.TEL

    @telephone.setter
    def telephone(self, how: Telephone) -> None:
        self._settings.setValue("telephone", how.value)

    @property
    def extension(self) -> str:
        """The extension of this workstation's telephone at the exchange; empty until it was asked for."""
        return str(self._settings.value("extension") or "")

    @extension.setter
    def extension(self, digits: str) -> None:
        self._settings.setValue("extension", digits)

    @property
    def operator(self) -> str:
        """Who signed in here last: the name alone."""
        return str(self._settings.value("operator") or "")

    @operator.setter
    def operator(self, login: str) -> None:
        self._settings.setValue("operator", login)
