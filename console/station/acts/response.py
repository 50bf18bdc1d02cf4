"""Setting the response targets: checked, journaled with before and after (F6; architecture.md §4)."""

from __future__ import annotations

from console.station.acts.caller import Caller
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.response import wrong_targets
from console.station.rules.rights import Right, require
from console.station.store import response as store
from console.station.store.ledger import Ledger
from models.records import ErrorCode, ResponseProfile, ResponseTarget


def change(ledger: Ledger, caller: Caller, profile: Profile, wanted: ResponseProfile) -> ResponseProfile:
    """Set the targets; ``wanted.version`` is that of those that were looked at."""
    require(caller.roles, Right.SET_TARGETS)
    before = store.kept(ledger.connection, profile)
    if before.version != wanted.version:
        who = f" by {before.by}" if before.by else ""
        raise Refused(ErrorCode.CHANGED, f"The targets were changed meanwhile{who}: look at them again.", "version")
    name = wanted.name.strip()
    if not name:
        raise Refused(ErrorCode.INVALID, "The targets need a name.", "name")
    wrong = wrong_targets(wanted)
    if wrong is not None:
        raise Refused(ErrorCode.INVALID, wrong.sentence, wrong.field)
    after = wanted.model_copy(update={"name": name, "version": before.version + 1, "by": caller.name, "at": ledger.now})
    if (after.name, after.emergency, after.others) == (before.name, before.emergency, before.others):
        raise Refused(ErrorCode.INVALID, "Nothing differs from the targets that hold.", "name")
    store.keep(ledger.connection, after, ledger.now)
    told = {"before": _told(before), "after": _told(after)}
    text = f"Response targets “{name}”: {_words(after)} · before “{before.name}”: {_words(before)}"
    ledger.append("response-targets", caller.actor, text, data=told)
    return after


def _told(kept: ResponseProfile) -> dict[str, object]:
    return kept.model_dump(mode="json", include={"name", "emergency", "others"})


def _words(kept: ResponseProfile) -> str:
    return f"Emergency {_both(kept.emergency)}, others {_both(kept.others)}"


def _both(targets: tuple[ResponseTarget, ResponseTarget]) -> str:
    return " and ".join(f"{target.percent:g} % within {target.seconds} s" for target in targets)
