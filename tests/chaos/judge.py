"""The judge of a random night: reads the exported journal, what panels and operators saw, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.chaos.actors import Act, Follower, Panel

_FREES = frozenset({"released", "returned", "parked", "closed", "self-completed"})


def faults(
    entries: Sequence[Mapping[str, Any]],
    open_now: Sequence[str],
    panels: Sequence[Panel],
    acts: Sequence[Act],
    followers: Sequence[Follower],
) -> list[str]:
    """Sentences about what must never be; none for a night that went well (I1, I2, I3, I4, I5)."""
    found: list[str] = []
    numbers = [entry["seq"] for entry in entries]
    if numbers != list(range(1, len(entries) + 1)):
        found.append("the journal has gaps or doubles")
    stored = Counter(entry["raw"] for entry in entries if entry["kind"] == "signal")
    for panel in panels:
        for frame in panel.acknowledged:
            raw = frame.decode("ascii").replace("\n", "\\n").replace("\r", "\\r")
            if stored[raw] != 1:
                found.append(f"acknowledged and stored {stored[raw]} times: {raw}")
    found += _holders(entries)
    told = {(entry["kind"], entry["alarm"]) for entry in entries}
    kinds = {"take": "taken", "note": "note", "release": "released", "park": "parked", "close": "closed"}
    for act in acts:
        if act.done and act.what in kinds and (kinds[act.what], act.alarm) not in told:
            found.append(f"{act.who} was told that {act.what} of {act.alarm} was done, and it is not journaled")
    known_open = set(open_now)
    ended = {entry["alarm"] for entry in entries if entry["kind"] in ("closed", "self-completed")}
    for alarm in {entry["alarm"] for entry in entries if entry["kind"] == "alarm-opened"}:
        if alarm not in ended and alarm not in known_open:
            found.append(f"{alarm} was opened, ended by nobody, and is on no screen")
    for entry in entries:
        if entry["kind"] == "signal" and entry["alarm"] is None:
            found.append(f"entry {entry['seq']} is an alarm signal on no alarm")
    for follower in followers:
        if follower.told and follower.told != list(range(follower.told[0], follower.told[-1] + 1)):
            found.append(f"a feed from {follower.told[0]} to {follower.told[-1]} left something out or told it twice")
    return found


def _holders(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """I3: nobody takes what another holds, and nobody ends what is not in hand."""
    found, holder = [], {}
    for entry in entries:
        alarm, who = entry["alarm"], entry["actor"]["name"]
        if entry["kind"] == "taken":
            if holder.get(alarm) is not None:
                found.append(f"entry {entry['seq']}: {who} took {alarm} out of the hands of {holder[alarm]}")
            holder[alarm] = who
        elif entry["kind"] in _FREES:
            if entry["kind"] in ("released", "parked", "closed") and holder.get(alarm) not in (who, None):
                found.append(f"entry {entry['seq']}: {who} had {alarm}, which {holder[alarm]} holds")
            holder[alarm] = None
    return found
