"""One panel behind a main and a back-up path is two systems of one site: what both tell is one alarm, told twice.

Only what is the same and comes soon is joined, and each path can join it once: another event, another zone, or the
same path again is a signal of its own. One path may speak SIA and the other Contact ID.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from console.station.rules.alarm import Alarm, ZoneFact
from console.station.rules.profile import Profile


def told_before(alarm: Alarm, fact: ZoneFact, profile: Profile) -> ZoneFact | None:
    """The zone of ``alarm`` for which another system of the site told the same within the span; None for none."""
    if alarm.site is None or not fact.code:
        # Without a code nothing says that it is the same: two frames that cannot be read are two matters.
        return None
    span = timedelta(seconds=profile.second_path_s)
    for known in alarm.zones:
        if known.zone != fact.zone or known.kind != fact.kind:
            continue
        same = known.spot.may_be(fact.spot) and _same_code(known.code, fact.code)
        other = bool(known.accounts) and not set(fact.accounts) & set(known.accounts)
        if same and other and not known.restored and abs(fact.at - known.at) <= span:
            return known
    return None


def _same_code(one: str, other: str) -> bool:
    """In one language the codes are the same; in two, of two letters and of three digits, the kind decides."""
    return one == other or {len(one), len(other)} == {2, 3}


def told_again(alarm: Alarm, known: ZoneFact, fact: ZoneFact) -> Alarm:
    """``alarm`` with the second path noted on the zone: counted once, and to be seen like any other line.

    Nothing tells a back-up path from a second panel of the site that has the same zone (decision 9).
    """
    both = replace(known, accounts=(*known.accounts, *fact.accounts))
    zones = tuple(both if zone is known else zone for zone in alarm.zones)
    return replace(alarm, zones=zones, unseen=alarm.unseen + 1, last_signal_at=fact.at)
