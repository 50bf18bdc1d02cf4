"""One unfamiliar piece hides no other, and text never becomes an event (issue 16 B.3; I2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station import dc09
from console.station.acts import registry
from console.station.acts.registry import AccountSettings
from console.station.dc09 import Frame, Framer
from console.station.rules.overrides import changed_overrides
from console.station.rules.refusal import Refused
from models.records import Event
from tests.console.station.house import House
from tests.examples import examples
from tests.frames import frame, sia

FIRE = ("FA", "4", "2")
HALL = ("BA", "1", "01")


def events(data: str, token: str = "SIA-DCS", account: str = "#1234") -> tuple[Event, ...]:
    [found] = Framer().feed(frame(f'"{token}"0001L0#1234[{account}|{data}]'))
    assert isinstance(found, Frame)
    return dc09.decode_events(found)


def told(data: str, token: str = "SIA-DCS") -> list[tuple[str, str | None, str | None]]:
    return [(event.code, event.area, event.address) for event in events(data, token)]


@pytest.mark.parametrize(
    "packet",
    [
        "Nri4/FA2",
        "N/ri4/FA2",
        "N//ri4//FA2//",
        "N ri4/FA2",
        " Nri4 / FA2 ",
        "Nri4/FA2|",
        "Nri4/FA2|N|",
        "Nri4/FA2| ",
        "Nri4/FA2/A",
        "Nri4/FA2/AFire Zone 2",
        "Nri4/FA2|AFire Zone 2",
        "Nri4/FA2/APB",
        "Nri4/FA2/AFA2",
        "Nri4/FA2/AHall 1/2 left",
        "Nri4/FA2/AHall/WC/BATHROOM",
        "Nti10:15|ri4|FA2|AFire",
        "Nri4|FA2",
        "ri4/FA2",
        "NFA2/ri4",
        "NFA2/ri4/ti07:38",
        "NFA2/id0007/ri4/AHall",
        "Nid7/FA2/ri4",
        "Nti9:05/ri4/FA2",
        "Nti9:5:3/ri4/FA2",
        "Nti0905/ri4/FA2",
        "Nti/ri4/FA2",
        "Nti=9h05/ri4/FA2",
        "Nda2024-08-18/ri4/FA2",
        "Nda8.1.26/ri4/FA2",
        "Ntp2/ri4/FA2",
        "Nri4/pm03/FA2",
        "Nri4/zz=Hall 5/FA2",
        "Nri4tp2FA2",
        "NRI4/FA2",
        "NRI4/ID7/FA2",
        "NTI10:15/RI4/FA2",
        "Nri4/FA2^Hall",
        "Nri4/FA2^Hall^",
        "Nri4/FA2^Chambre d'enfant^",
        "Nri4/FA2^Cuisine|Salon^",
        "Nri4/FA2^Cuisine / Salon^",
        "Nri4/FA2^BA7^",
        "Nri4/FA2^Hall/BA7^",
        "Nri4/FA2*'Chambre de l'enfant'NM",
        "Nri4/FA2*'Porte d'entree'",
        "Nri4/FA2*'Hall",
        "Nri4/FA2*'Hall 1/2'NM",
        "Nri4/FA2*'Hall|Salon'NM",
        "Nri4/FA2 ",
        "Nri4/FA2=Hall",
        "Nri4/FA2 Hall",
        "Nri4/FA2Hall",
        "Nri4/FA2/Hall of fame",
        "Nri4/FA2/|Hall of fame",
        "Nri4/FA2|Vabc|Iabc|@1|&2|#1234",
        "Nri4/FA2|0|",
    ],
)
def test_I2_a_fire_is_a_fire_whatever_stands_beside_it(packet: str) -> None:
    assert told(packet) == [FIRE]
    assert told(packet, "ADM-CID") == [FIRE]
    [event] = events(packet)
    assert event.kind == "fire"


@pytest.mark.parametrize(
    ("packet", "wanted"),
    [
        ("Nri1/BA01^Hall/FA2^Smoke^", [HALL, ("FA", "1", "2")]),
        ("Nri1/BA01^Hall/FA2^SMOKE^", [HALL, ("FA", "1", "2")]),
        ("Nri1/BA01^Hall|NFA2^Smoke^", [HALL, ("FA", None, "2")]),
        ("Nri1/BA01*'Hall|NFA2", [HALL, ("FA", None, "2")]),
        ("Nri1/BA01*'Hall/FA2*'Smoke'NM", [HALL, ("FA", "1", "2")]),
        ("Nri1/BA01/AHall/FA2", [HALL, ("FA", "1", "2")]),
        ("Nri1/BA01|FA2", [HALL, ("FA", "1", "2")]),
        ("Nri1/BA01/OFA2", [HALL, ("FA", "1", "2")]),
        ("Nri1/BA01/NFA2", [HALL, ("FA", "1", "2")]),
        ("NRP|N", [("RP", None, None)]),
        ("BA001", [("BA", None, "001")]),
        ("OP01", [("OP", None, "01")]),
        ("CL001", [("CL", None, "001")]),
        ("PA01", [("PA", None, "01")]),
        ("OFA2", [("FA", None, "2")]),
        ("Nri1/NL02|OP01", [("NL", "1", "02"), ("OP", "1", "01")]),
        ("NBA1/ri1/BA2/ri2", [("BA", "1", "1"), ("BA", "2", "2")]),
        ("Nri1/BA1/ri2/BA2", [("BA", "1", "1"), ("BA", "2", "2")]),
        ("Nri003/OP0597U=Card 7", [("OP", "003", "0597")]),
    ],
)
def test_I2_no_event_is_taken_for_text(packet: str, wanted: list[tuple[str, str | None, str | None]]) -> None:
    assert told(packet) == wanted


@pytest.mark.parametrize(
    ("packet", "text"),
    [
        ("Nri4/FA2/AFire Zone 2", "Fire Zone 2"),
        ("Nri4/FA2*'Chambre de l'enfant'NM", "Chambre de l'enfant"),
        ("Nri4/FA2^Cuisine|Salon^", "Cuisine|Salon"),
        ("Nri4/FA2^Hall", "Hall"),
        ("Nri4/FA2/APB", "PB"),
        ("Nri4/tp2/FA2", "tp2"),
        ("Nri4/FA2=Hall", "=Hall"),
        ("Nri4/FA2|Hall of fame", "Hall of fame"),
        ("1130 01 015 Keuken", "Keuken"),
        ("1130 01 015|AKeuken", "Keuken"),
    ],
)
def test_I2_what_is_not_read_is_kept_as_text(packet: str, text: str) -> None:
    [event] = events(packet)
    assert event.text == text


@pytest.mark.parametrize("packet", ["NRP/fa2", "NRP/!!FA2", "NRP|QFA2", "NCL01 PA2", "NRP/xx=PA2"])
def test_I2_what_was_not_read_and_may_be_an_alarm_is_presented(packet: str) -> None:
    first, *others = events(packet)
    assert first.kind in ("test", "closing")
    assert [event.kind for event in others] == ["unknown"]


@pytest.mark.parametrize("packet", ["N", "N/", "Nri1", "kitchen", "NBATHROOM", "NFACTORY RESET", "^FA2^", "NOTHING"])
def test_I2_where_nothing_reads_it_is_one_event_to_look_at(packet: str) -> None:
    [event] = events(packet)
    assert event.kind == "unknown"


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["ri1", "ti9:05", "AHall", "A", "^x", "*'l'x'NM", "tp2", "", " ", "RI1", "zz=1", "?!"]),
            st.text("abcxyz'^*=. ", max_size=6),
        ),
        max_size=4,
    ),
    st.lists(st.sampled_from(["tp2", "AHall", "Hall", "|", "ti9:05", "pm03", "id7", "", "'", "x=1"]), max_size=4),
)
@examples(1000)
def test_I2_a_fire_is_read_between_whatever_pieces(before: list[str], behind: list[str]) -> None:
    # A text that the panel did not close may hold what follows it; what does not open one cannot.
    before = [piece for piece in before if "^" not in piece and "*'" not in piece]
    packet = "N" + "/".join([*before, "FA2", *behind])
    assert any(event.kind == "fire" and event.address == "2" for event in events(packet))


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ("1130 01 015", ("130", "01", "015")),
        ("113001015", ("130", "01", "015")),
        ("1130  01  015", ("130", "01", "015")),
        ("1 130 01 015", ("130", "01", "015")),
        ("E130 01 015", ("130", "01", "015")),
        ("e130 01 015", ("130", "01", "015")),
        ("E13001015", ("130", "01", "015")),
        ("1130 01 0015", ("130", "01", "0015")),
        ("1130 1 15", ("130", "1", "15")),
        ("1130 001 00015", ("130", "001", "00015")),
        ("1130,01,015", ("130", "01", "015")),
        ("1130-01-015", ("130", "01", "015")),
        ("1130 01 015 ", ("130", "01", "015")),
        ("1130 01 015|", ("130", "01", "015")),
        ("1130 01 015^Keuken^", ("130", "01", "015")),
        ("1130 015", ("130", None, "015")),
        ("1130 01", ("130", "01", None)),
        ("1130", ("130", None, None)),
        ("1130010015", ("130", None, None)),
        ("18113001015F", ("130", "01", "015")),
    ],
)
@pytest.mark.parametrize("token", ["ADM-CID", "SIA-DCS"])
def test_I2_contact_id_in_the_forms_that_panels_write(
    block: str, wanted: tuple[str, str | None, str | None], token: str
) -> None:
    assert told(block, token) == [wanted]
    [event] = events(block, token)
    assert (event.kind, event.qualifier) == ("intrusion", "1")


def test_I2_the_letters_of_a_receiver_are_the_digits_of_contact_id() -> None:
    assert [event.role for data in ("R130 01 015", "3130 01 015") for event in events(data, "ADM-CID")] == [
        "restore",
        "restore",
    ]
    [still] = events("P130 01 015", "ADM-CID")
    assert (still.qualifier, still.kind) == ("6", "intrusion")


async def test_I2_what_begins_with_A_is_text_where_the_account_says_so(small_house: House) -> None:
    """ "CL/AT1" is a mains failure to the standard, and "closed by T1" to the panels whose manual warns of it."""
    await small_house.send(sia("1001", 1, "Nri4/CL/AT1"))
    assert [alarm.kind for alarm in await small_house.alarms()] == ["mains-failure"]
    change = AccountSettings("1001", overrides=("/A=text",))
    await small_house.station.scribe.act(
        lambda ledger: registry.set_account(ledger, small_house.station.secrets, registry.local("test"), change)
    )
    await small_house.station.accounts_changed()
    await small_house.send(sia("1001", 2, "Nri4/CL/AT2"), sia("1001", 3, "Nri4/BA7/ABA8|NAT1"))
    *_before, second, third = await small_house.entries("signal")
    assert [(event["code"], event["text"]) for event in second["data"]["events"]] == [("CL", "T2")]
    assert [(event["code"], event["text"]) for event in third["data"]["events"]] == [("BA", "BA8"), ("AT", None)]


@pytest.mark.parametrize("item", ["/A=fire", "/B=text", "/A=", "A=text"])
def test_I12_only_that_can_be_said_of_it(item: str) -> None:
    with pytest.raises(Refused):
        changed_overrides({}, (item,))
