"""Public holidays by country, from the ``holidays`` package: tables and computation, no I/O."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial

_LANGUAGE = "en_US"


def make_ready() -> None:
    """Load what the first question would wait for, so that no signal waits for it."""
    _of_year("BE", 2024)


def knows(country: str) -> bool:
    """Whether holidays of ``country`` (ISO 3166, two letters) are known."""
    # Asked of the one country: the list of all of them takes half a second.
    return _of_year(country, 2024) is not None


def named(country: str, day: date) -> str:
    """The name of the public holiday that ``day`` is in ``country``; empty for none, and for an unknown country."""
    return (_of_year(country, day.year) or {}).get(day, "")


def of(country: str) -> Callable[[date], str]:
    """:func:`named` for one country."""
    return partial(named, country)


@lru_cache(maxsize=512)
def _of_year(country: str, year: int) -> dict[date, str] | None:
    # Loaded when it is asked first: it takes half a second, which no subcommand should wait for.
    import holidays

    try:
        found = holidays.country_holidays(country, years=year, language=_LANGUAGE)
    except NotImplementedError:
        return None
    return {day: str(name) for day, name in found.items()}
