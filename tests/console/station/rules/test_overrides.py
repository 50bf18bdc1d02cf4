"""What a vendor means by its codes, per account; nothing is hidden by it (dc09.md §5.3)."""

from __future__ import annotations

import pytest

from console.station.rules.overrides import changed_overrides, overridden, read_overrides, write_overrides
from console.station.rules.refusal import Refused
from models.records import EventRole
from tests.console.station.rules.facts import events


@pytest.mark.parametrize(
    ("given", "packet", "token", "kind", "role"),
    [
        ("423=duress", "1423 01 007", "ADM-CID", "duress", EventRole.ALARM),
        ("423=duress", "6423 01 007", "ADM-CID", "duress", EventRole.ALARM),
        ("423=duress", "3423 01 007", "ADM-CID", "duress", EventRole.RESTORE),
        ("3423=duress", "3423 01 007", "ADM-CID", "duress", EventRole.ALARM),
        ("3423=duress", "1423 01 007", "ADM-CID", "door-forced", EventRole.ALARM),
        ("NC=closing", "Nri1/NC5", "SIA-DCS", "closing", EventRole.CLOSE),
        ("nc=closing", "Nri1/NC5", "SIA-DCS", "closing", EventRole.CLOSE),
        ("XI=tamper", "Nri1/XI0", "SIA-DCS", "tamper", EventRole.ALARM),
        ("PE=opening", "Nri1/PE501", "SIA-DCS", "opening", EventRole.OPEN),
        ("PE=status", "Nri1/PE501", "SIA-DCS", "status", EventRole.INFO),
        ("BR=panic", "Nri1/BR07", "SIA-DCS", "panic", EventRole.ALARM),
        ("NC=closing", "Nri1/BA07", "SIA-DCS", "intrusion", EventRole.ALARM),
    ],
)
def test_a_code_means_what_its_account_says(given: str, packet: str, token: str, kind: str, role: EventRole) -> None:
    overrides = changed_overrides({}, (given,))
    [event] = [overridden(one, overrides) for one in events(packet, token)]
    assert (event.kind, event.role) == (kind, role)
    assert (event.restores == event.code) == (role is EventRole.RESTORE)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("FA=status", "FA means Fire, an Emergency: it cannot be lowered to Status."),
        ("1110=test", "1110 means Fire, an Emergency: it cannot be lowered to Test signal."),
        ("110=test", "110 means Fire, an Emergency: it cannot be lowered to Test signal."),
        ("HA=trouble", "HA means Hold-up, silent, an Emergency: it cannot be lowered to Trouble."),
        ("BA=bypass", "BA means Intrusion, an alarm: it cannot be hidden as Zone bypassed, log only."),
        ("NC=nonsense", "There is no kind 'nonsense'. Kinds: access, "),
        ("NC", "'NC' is not CODE=KIND: a code is two letters (NC), or three digits"),
        ("2423=duress", "'2423=duress' is not CODE=KIND"),
        ("N C=duress", "is not CODE=KIND"),
        ("=duress", "is not CODE=KIND"),
        ("NC=", "There is no override of NC to remove."),
    ],
)
def test_I12_what_would_hide_an_alarm_or_means_nothing_is_refused_with_a_sentence(given: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        changed_overrides({}, (given,))
    assert sentence in str(refused.value)


@pytest.mark.parametrize("given", ["FA=panic", "FA=intrusion", "BA=water", "3110=test", "QQ=status", "FH=status"])
def test_what_hides_nothing_is_taken(given: str) -> None:
    code, kind = given.split("=")
    assert changed_overrides({}, (given,)) == {code: kind}


def test_overrides_are_added_replaced_and_taken_back() -> None:
    once = changed_overrides({}, ("NC=closing", "423=duress"))
    again = changed_overrides(once, ("NC=", "423=panic", "XI=tamper"))
    assert again == {"423": "panic", "XI": "tamper"}
    assert read_overrides(write_overrides(again)) == again
    assert write_overrides({}) is None
    assert read_overrides(None) == {}
