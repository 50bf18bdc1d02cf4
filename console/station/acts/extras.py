"""Parts of a site file that a module of their own keeps: brought in and handed out with the rest of the file.

A part joins by one :class:`Extra` here and its sheets in :mod:`console.station.sheets.layout`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from console.station.acts import brought_hours, brought_procedures
from console.station.acts.site_file import Editing
from console.station.rules.brought import Kept, Wrong


@dataclass(frozen=True, slots=True)
class Extra:
    """One part, for example the hours."""

    name: str
    """Its key in :attr:`console.station.rules.brought.Brought.extras`."""
    load: Callable[[Connection, Sequence[str]], dict[str, Any]]
    """What is kept of each of some sites, as JSON can say it; none for a site that has nothing."""
    write: Callable[[Editing, Any], None]
    """Bring a site's part to the value given, and journal it."""
    settle: Callable[[Any, Any, Kept], tuple[Any, Sequence[Wrong]]] = field(
        default=lambda _before, given, _after: (given, ())
    )
    """What is kept, what is given and the whole site as it is to be: what to keep, and what is wrong of it."""


EXTRAS: list[Extra] = [
    Extra(brought_hours.NAME, brought_hours.load, brought_hours.write),
    Extra(brought_procedures.NAME, brought_procedures.load, brought_procedures.write, settle=brought_procedures.settle),
    Extra(brought_procedures.EMERGENCY_NAME, brought_procedures.load_emergency, brought_procedures.write_emergency),
]
"""In the order in which they are written."""
