"""What is asked of the journal, as a query and in words (G6)."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from models.records import JournalFilter, SiteRef
from widgets.journal.chips import Chip
from widgets.journal.find_panel import group_name
from widgets.theme import priority_name


def query_of(asked: JournalFilter) -> dict[str, str]:
    """The filter as the query of ``GET /v1/journal``; what is empty is left out."""
    query = {
        name: str(getattr(asked, name)) for name in ("site", "system", "area", "operator", "customer", "alarm", "words")
    }
    query["kinds"] = ",".join(asked.kinds)
    query["groups"] = ",".join(group.value for group in asked.groups)
    query["priorities"] = ",".join(str(int(priority)) for priority in asked.priorities)
    query["in_test"] = "true" if asked.in_test else ""
    query["from"] = asked.from_.isoformat() if asked.from_ is not None else ""
    query["to"] = asked.to.isoformat() if asked.to is not None else ""
    return {name: value for name, value in query.items() if value}


def without(asked: JournalFilter, field: str) -> JournalFilter:
    """The filter without one of its chips; ``period`` is both of its ends."""
    empty = JournalFilter()
    fields = ("from_", "to") if field == "period" else (field,)
    return asked.model_copy(update={name: getattr(empty, name) for name in fields})


def chips_of(asked: JournalFilter, site: SiteRef | None) -> list[Chip]:
    """What is asked for, each in words; the site by its name where that is known."""
    chips = []
    if asked.site:
        chips.append(Chip("site", site.name if site is not None and site.name else asked.site))
    for field, words in (
        ("alarm", asked.alarm),
        ("system", _tr("System {0}").format(asked.system) if asked.system else ""),
        ("area", _tr("Area {0}").format(asked.area) if asked.area else ""),
        ("operator", _tr("Operator {0}").format(asked.operator) if asked.operator else ""),
        ("customer", _tr("Customer {0}").format(asked.customer) if asked.customer else ""),
        ("words", f"“{asked.words}”" if asked.words else ""),
    ):
        if words:
            chips.append(Chip(field, words))
    if asked.from_ is not None or asked.to is not None:
        begin = _moment(asked.from_) if asked.from_ is not None else _tr("the beginning")
        end = _moment(asked.to) if asked.to is not None else _tr("now")
        chips.append(Chip("period", f"{begin} – {end}"))
    if asked.priorities:
        chips.append(Chip("priorities", ", ".join(f"{int(one)} {priority_name(one)}" for one in asked.priorities)))
    if asked.groups:
        chips.append(Chip("groups", ", ".join(group_name(group) for group in asked.groups)))
    if asked.in_test:
        chips.append(Chip("in_test", _tr("in test")))
    return chips


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%d %b %H:%M}"


def _tr(words: str) -> str:
    return QCoreApplication.translate("journal", words)
