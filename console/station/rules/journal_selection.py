"""Which entries of the journal are handed out, in words (G6)."""

from __future__ import annotations

from collections.abc import Callable

from models.records import JournalFilter


def said(asked: JournalFilter, say: Callable[..., str] = str.format) -> str:
    """For the journal and for the head of a paper: ``site S1, operator “claes”, from … up to …``.

    ``say`` puts the fixed words into a reader's language.
    """
    parts = []
    for name, value in (
        ("site {0}", asked.site),
        ("system {0}", asked.system),
        ("area {0}", asked.area),
        ("alarm {0}", asked.alarm),
        ("operator {0}", f"“{asked.operator.strip()}”" if asked.operator.strip() else ""),
        ("customer {0}", f"“{asked.customer.strip()}”" if asked.customer.strip() else ""),
        ("words {0}", f"“{asked.words.strip()}”" if asked.words.strip() else ""),
        ("kinds {0}", " ".join((*asked.kinds, *(group.value for group in asked.groups)))),
        ("priorities {0}", " ".join(str(int(priority)) for priority in asked.priorities)),
    ):
        if value:
            parts.append(say(name, value))
    if asked.in_test:
        parts.append(say("only in test"))
    period = []
    if asked.from_ is not None:
        period.append(say("from {0}", asked.from_.isoformat()))
    if asked.to is not None:
        period.append(say("up to {0}", asked.to.isoformat()))
    if period:
        parts.append(" ".join(period))
    return ", ".join(parts) or say("all entries")
