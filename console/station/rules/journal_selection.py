"""Which entries of the journal are handed out, in words (G6)."""

from __future__ import annotations

from models.records import JournalFilter


def said(asked: JournalFilter) -> str:
    """For the journal and for the head of a paper: ``site S1, operator “claes”, from … up to …``."""
    parts = []
    for name, value in (
        ("site", asked.site),
        ("system", asked.system),
        ("area", asked.area),
        ("alarm", asked.alarm),
        ("operator", f"“{asked.operator.strip()}”" if asked.operator.strip() else ""),
        ("customer", f"“{asked.customer.strip()}”" if asked.customer.strip() else ""),
        ("words", f"“{asked.words.strip()}”" if asked.words.strip() else ""),
        ("kinds", " ".join((*asked.kinds, *(group.value for group in asked.groups)))),
        ("priorities", " ".join(str(int(priority)) for priority in asked.priorities)),
    ):
        if value:
            parts.append(f"{name} {value}")
    if asked.in_test:
        parts.append("only in test")
    period = []
    if asked.from_ is not None:
        period.append(f"from {asked.from_.isoformat()}")
    if asked.to is not None:
        period.append(f"up to {asked.to.isoformat()}")
    if period:
        parts.append(" ".join(period))
    return ", ".join(parts) or "all entries"
