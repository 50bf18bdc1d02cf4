"""Parts of a site file that a module of their own keeps: brought in and handed out with the rest of the file.

A part joins by one :class:`Extra` here and its sheets in :mod:`console.station.sheets.layout`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from console.station.acts import brought_hours
from console.station.acts.site_file import Editing


@dataclass(frozen=True, slots=True)
class Extra:
    """One part, for example the hours."""

    name: str
    """Its key in :attr:`console.station.rules.brought.Brought.extras`."""
    load: Callable[[Connection, Sequence[str]], dict[str, Any]]
    """What is kept of each of some sites, as JSON can say it; none for a site that has nothing."""
    write: Callable[[Editing, Any], None]
    """Bring a site's part to the value given, and journal it."""


EXTRAS: list[Extra] = [Extra(brought_hours.NAME, brought_hours.load, brought_hours.write)]
"""In the order in which they are written."""
