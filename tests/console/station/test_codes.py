"""The code tables: whole, consistent, and nothing that must be handled is log only (architecture.md §4)."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from console.station.codes import cid_codes, kind, kinds, sia_codes
from models.records import AlarmClass, EventRole, Priority
from tests.console.station.rules.facts import events


def test_every_code_names_a_kind_of_the_one_table() -> None:
    used = {code.kind for code in sia_codes().values()} | {code.kind for code in cid_codes().values()}
    assert used <= set(kinds())


def test_no_code_that_raises_is_log_only() -> None:
    raising = [c.kind for c in sia_codes().values() if c.role is EventRole.ALARM]
    raising += [c.kind for c in cid_codes().values() if c.role_1 is EventRole.ALARM]
    assert len(raising) > 150
    assert {name for name in raising if kind(name).priority is Priority.LOG} == set()


def test_every_restoral_ends_the_kind_that_it_restores() -> None:
    for code in sia_codes().values():
        if code.role is EventRole.RESTORE:
            assert code.restores is not None, code.code
            assert sia_codes()[code.restores].kind == code.kind, code.code


def test_I13_what_has_no_restoral_is_an_alarm_whatever_its_qualifier() -> None:
    """DC-05 gives these no restoral: a panel that sends one so (Vista, R454) says the same as with E."""
    table = cid_codes()
    for code in ("453", "454", "455", "461", "616", "646", "651", "652", "653", "904", "948"):
        assert (table[code].role_1, table[code].role_3) == (EventRole.ALARM, EventRole.ALARM), code
    assert table["458"].role_3 is EventRole.INFO


def test_every_code_says_where_it_comes_from() -> None:
    for name in ("sia.csv", "cid.csv"):
        with files("resources.codes").joinpath(name).open(encoding="utf-8") as file:
            assert all(row["source"] for row in csv.DictReader(file))


def test_emergencies_are_life_safety_and_life_safety_is_an_emergency() -> None:
    for one in kinds().values():
        assert (one.priority is Priority.EMERGENCY) == one.life_safety == (one.alarm_class is AlarmClass.LIFE_SAFETY)
        assert not one.silent or one.life_safety


def test_E1_E3_low_kinds_alone_are_pushed_and_I13_low_kinds_alone_complete_themselves() -> None:
    for one in kinds().values():
        assert not one.pushed or one.priority is Priority.LOW
        assert not one.self_completing or one.priority is Priority.LOW
    assert kind("mains-failure").self_completing
    assert not kind("water").self_completing


@pytest.mark.parametrize("name", ["", "no such kind", "FIRE"])
def test_nothing_unknown_is_log_only(name: str) -> None:
    assert kind(name).name == "unknown"
    assert kind(name).priority is Priority.MEDIUM


FIRE, PANIC, INTRUSION = (EventRole.ALARM, "fire"), (EventRole.ALARM, "panic"), (EventRole.ALARM, "intrusion")


@pytest.mark.parametrize(
    ("packet", "role", "name"),
    [
        ("FA", *FIRE),
        ("GA", EventRole.ALARM, "gas"),
        ("PA", *PANIC),
        ("HA", EventRole.ALARM, "hold-up"),
        ("HV", EventRole.ALARM, "hold-up"),
        ("MA", EventRole.ALARM, "medical"),
        ("BA", *INTRUSION),
        ("BV", EventRole.ALARM, "intrusion-confirmed"),
        ("BR", EventRole.RESTORE, "intrusion"),
        ("TA", EventRole.ALARM, "tamper"),
        ("AT", EventRole.ALARM, "mains-failure"),
        ("AR", EventRole.RESTORE, "mains-failure"),
        ("OP", EventRole.OPEN, "opening"),
        ("CL", EventRole.CLOSE, "closing"),
        ("BC", EventRole.CANCEL, "cancel"),
        ("RP", EventRole.TEST, "test"),
        ("QQ", EventRole.ALARM, "unknown"),
    ],
)
def test_sia_codes_as_every_panel_means_them(packet: str, role: EventRole, name: str) -> None:
    [event] = events(f"N{packet}")
    assert (event.role, event.kind) == (role, name)


@pytest.mark.parametrize(
    ("packet", "role", "name"),
    [
        ("1110 01 001", *FIRE),
        ("3110 01 001", EventRole.RESTORE, "fire"),
        ("6110 01 001", *FIRE),
        ("1120 01 001", *PANIC),
        ("1121 01 001", EventRole.ALARM, "duress"),
        ("1122 01 001", EventRole.ALARM, "hold-up"),
        ("1130 01 001", *INTRUSION),
        ("1139 01 001", EventRole.ALARM, "intrusion-confirmed"),
        ("1162 01 001", EventRole.ALARM, "co"),
        ("1301 00 000", EventRole.ALARM, "mains-failure"),
        ("3301 00 000", EventRole.RESTORE, "mains-failure"),
        ("1401 01 004", EventRole.OPEN, "opening"),
        ("3401 01 004", EventRole.CLOSE, "closing"),
        ("1406 01 004", EventRole.CANCEL, "cancel"),
        ("1602 00 000", EventRole.TEST, "test"),
        ("1DDD 01 001", EventRole.ALARM, "unknown"),
        ("2110 01 001", *FIRE),
        ("9602 00 000", EventRole.ALARM, "unknown"),
    ],
)
def test_contact_id_codes_as_every_panel_means_them(packet: str, role: EventRole, name: str) -> None:
    [event] = events(packet, "ADM-CID")
    assert (event.role, event.kind) == (role, name)


@pytest.mark.parametrize(
    "packet", ["nonsense", "N", "N/", "NBA07/??", "^", "NBA^open", "N" + "ri1" * 900, "N" + "BA" * 1900]
)
def test_I2_what_does_not_parse_is_one_event_to_look_at_and_takes_no_time(packet: str) -> None:
    found = events(packet)
    assert found
    assert all(event.kind in ("unknown", "intrusion") for event in found)
