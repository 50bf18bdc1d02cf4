"""The sample's procedures: what the station does for its sites, and for one customer group (C3, C4)."""

from __future__ import annotations

from typing import Any

from console.simulator.sample import Sample

GROUP = "Kanaal Retail"
_MOST = 12


def group(sample: Sample) -> list[str]:
    """The sites of the customer group: the first shops."""
    return [site.number for site in sample.sites if site.kind == "shop"][:_MOST]


def procedures(sample: Sample) -> list[dict[str, Any]]:
    """What ``POST /v1/procedures`` is given, one after the other."""
    first = next(site for site in sample.sites if site.number in group(sample))
    return [
        {
            "level": "station",
            "applies_to": "kind:hold-up",
            "name": "Hold-up",
            "otherwise": "Stay on the line with the police, and tell the supervisor.",
            "steps": _steps(
                {"kind": "authority", "service": "police", "text": "Silent: no siren, no call to the site."},
                {
                    "kind": "instruction",
                    "text": "Look at the cameras; tell the police what you see.",
                    "required": True,
                },
                {"kind": "contact group"},
            ),
        },
        {
            "level": "station",
            "applies_to": "kind:fire",
            "name": "Fire",
            "steps": _steps(
                {"kind": "premises", "text": "Ask: is everybody out?"},
                {"kind": "authority", "service": "fire", "required": True},
                {"kind": "contact group"},
            ),
        },
        {
            "level": "station",
            "applies_to": "class:intrusion",
            "name": "Intrusion",
            "otherwise": "Nobody was reached: send a patrol, and tell the supervisor.",
            "steps": _steps(
                {"kind": "premises"},
                {"kind": "contact group"},
                {"kind": "again", "seconds": 120, "rounds": 1},
                {"kind": "patrol", "name": "Patrol team Centre", "number": "+32 2 555 01 90", "when": "nobody"},
                {"kind": "authority", "service": "police", "when": "confirmed"},
            ),
        },
        {
            "level": "station",
            "applies_to": "class:technical",
            "name": "Technical, push and call",
            "after_s": 120,
            "steps": _steps({"kind": "push"}, {"kind": "contact group"}),
        },
        {
            "level": "group",
            "target": GROUP,
            "applies_to": "class:intrusion",
            "name": f"{GROUP}, intrusion",
            "steps": _steps(
                {"kind": "contact group", "role": first.contacts[0].role},
                {"kind": "patrol", "name": "Patrol team North", "number": "+32 2 555 01 91", "when": "nobody"},
                {"kind": "wait", "seconds": 600, "text": "The patrol is on its way.", "when": "nobody"},
                {"kind": "authority", "service": "police", "when": "confirmed"},
            ),
        },
    ]


def _steps(*steps: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": f"s{nth}", **step} for nth, step in enumerate(steps, 1)]
