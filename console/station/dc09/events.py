"""Events inside the data: SIA DC-03 packets and Contact ID (dc09.md §5). Nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from console.station.codes import cid_codes, kind, sia_codes
from console.station.dc09.frame import Frame
from models.records import Event, EventRole

POLLS = frozenset({"NULL", "XNM"})
"""Link tests: NULL, and the extended NULL of the 2026 edition (dc09.md §1, §4)."""
SUPPORTED = frozenset({"SIA-DCS", "ADM-CID"}) | POLLS
_CID = re.compile(r"([0-9])([0-9A-Fa-f]{3}) ?([0-9A-Fa-f]{2}) ?([0-9A-Fa-f]{3})\s*\Z")
# The raw DC-05 tail with its checksum: 18QEEEGGCCCS (dc09.md §6, 12).
_CID_RAW = re.compile(r"18([0-9])([0-9A-Fa-f]{3})([0-9A-Fa-f]{2})([0-9A-Fa-f]{3})[0-9A-Fa-f]?\Z")
_HEX_ADDRESS = re.compile(r"[0-9A-F:-]*")
_DEC_ADDRESS = re.compile(r"[0-9]*")
_TIME = re.compile(r"ti(\d\d:\d\d(?::\d\d)?)/?")
_DATE = re.compile(r"da(\d\d-\d\d-\d\d)/?")
_MODIFIER = re.compile(r"ri|pi|id|ai|ph|lv|va|pt|rg|ss")
_CODE = re.compile(r"[A-Z]{2}|L_")
_TEXT = re.compile(r"\^([^^]*)\^|\*'([^']*)'(?:[A-Z]{2})?\*?|\*([^*'^/]*)\*")
_REMEMBERED = 2048
"""Panels say the same few things over and over; packets that may hold a secret never come this far."""
_EVENT_BLOCKS = frozenset("NOECP")


def supported(token: str) -> bool:
    """Tokens that are processed; others are answered DUH and kept raw."""
    return token in SUPPORTED


def is_poll(frame: Frame) -> bool:
    """A link test: NULL, with or without the filler that some panels put into it (dc09.md §6, 9 and 11).

    Of an extended NULL only the name is known: one whose data hold more than an account may be telling something.
    """
    return frame.token == "NULL" or (frame.token == "XNM" and not _says_more(frame))


def _says_more(frame: Frame) -> bool:
    account, bar, rest = (frame.data or "").partition("|")
    if bar:
        return bool(rest.strip("0 |"))
    return bool(account) and not account.startswith("#") and account != frame.account


def decode_events(frame: Frame) -> tuple[Event, ...]:
    """The events of a readable frame, as the code tables explain them.

    What does not parse is one unknown event with the raw text: it is presented, never dropped (I2).
    """
    if frame.token != "RSP" and (is_poll(frame) or not supported(frame.token)):
        return ()
    if frame.token == "XNM":
        return (unknown("XNM", "an extended NULL that carries data"),)
    data = frame.data or ""
    packets = data.split("|", 1)[1] if "|" in data else data.removeprefix("#")
    if frame.token == "ADM-CID":
        return _contact_id(packets)
    if _secret_block(packets):
        return _sia_without_passcode(packets)
    return _sia(packets)


def _secret_block(packets: str) -> bool:
    return any(block.startswith("?") for block in packets.split("|"))


def _sia_without_passcode(packets: str) -> tuple[Event, ...]:
    """Events of a frame with passcode blocks, which must reach nobody (I9)."""
    kept = [block for block in packets.split("|") if not block.startswith("?")]
    return _sia("|".join(kept)) if any(kept) else (unknown("?", "a passcode"),)


# -- Contact ID -------------------------------------------------------------------------------------


@lru_cache(maxsize=_REMEMBERED)
def _contact_id(packets: str) -> tuple[Event, ...]:
    events = []
    for packet in packets.split("|"):
        found = _CID.match(packet.strip()) or _CID_RAW.match(packet.strip())
        events.append(_cid_event(*found.groups()) if found else unknown(packet, "Contact ID not readable"))
    return tuple(events)


def _cid_event(qualifier: str, code: str, group: str, number: str) -> Event:
    code = code.upper()
    known = cid_codes().get(code)
    if known is None:
        return replace(unknown(code, "code not in the tables"), qualifier=qualifier, area=group, address=number)
    # 1 new, 6 still present; 3 restore or closing; anything else is not DC-05 and must be looked at.
    role = {"1": known.role_1, "6": known.role_1, "3": known.role_3}.get(qualifier, EventRole.ALARM)
    name = "closing" if role is EventRole.CLOSE else known.kind
    if qualifier not in "136" and kind(name).priority > 4:
        name = "unknown"
    return Event(
        code=code,
        qualifier=qualifier,
        area=group,
        address=number,
        concerns=known.concerns,
        user=number if known.concerns == "user" else None,
        text=None,
        kind=name,
        description=known.description,
        role=role,
        restores=code if role is EventRole.RESTORE else None,
    )


# -- SIA DC-03 --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    """An event, or a modifier that holds for all events after it."""

    name: str
    value: str
    text: str | None
    event: bool


@lru_cache(maxsize=_REMEMBERED)
def _sia(packets: str) -> tuple[Event, ...]:
    events: list[Event] = []
    if not packets:
        return ()
    for block in packets.split("|"):
        letter, packet = block[:1], block[1:]
        if letter == "A" and events:
            # An ASCII block tells more about the event before it.
            said = " ".join(filter(None, (events[-1].text, packet)))
            events[-1] = replace(events[-1], text=said)
        elif letter in _EVENT_BLOCKS and letter:
            events += _packet(packet, old=letter == "O") or [unknown(block, "packet not readable")]
        elif letter.isdigit() and len(block.strip("0 ")) > 1:
            # Contact ID under the other token, or something that nobody knows: presented, never dropped (I2).
            found = _CID.match(block.strip()) or _CID_RAW.match(block.strip())
            events.append(_cid_event(*found.groups()) if found else unknown(block, "block not known"))
        elif letter and (letter.isdigit() or letter in "#&@IVvLX"):
            # Link control, account, origin, configuration, video: nothing that must be handled.
            continue
        elif block:
            events.append(unknown(block, "block not known"))
    return tuple(events)


def _packet(packet: str, *, old: bool) -> list[Event]:
    items = _items(packet)
    if items is None:
        return []
    said: dict[str, str] = {}
    modifier_text: dict[str, str] = {}
    events = []
    for item in items:
        if item.event:
            events.append(_sia_event(item, said, modifier_text, old=old))
        else:
            said[item.name] = item.value
            if item.text:
                modifier_text[item.name] = item.text
    return events


def _sia_event(item: _Item, said: Mapping[str, str], texts: Mapping[str, str], *, old: bool) -> Event:
    known = sia_codes().get(item.name)
    area = said.get("ri") or said.get("pi")
    text = item.text if item.text is not None else texts.get("id")
    if known is None:
        return replace(
            unknown(item.name, "code not in the tables"),
            area=area,
            address=item.value or None,
            user=said.get("id"),
            text=text,
            old=old,
        )
    if known.concerns == "area" and area is None and item.value:
        area = item.value
    user = said.get("id") or (item.value or None if known.concerns == "user" else None)
    return Event(
        code=item.name,
        qualifier=None,
        area=area,
        address=item.value or None,
        concerns=known.concerns,
        user=user,
        text=text,
        kind=known.kind,
        description=known.description,
        role=known.role,
        restores=known.restores,
        old=old,
    )


def _items(packet: str) -> list[_Item] | None:
    """The packet's items, or None where it cannot be read.

    An address may be hex or decimal ("ri1BA503" reads only with a decimal area): both are tried, hex first. Places
    that led nowhere are remembered, so that hostile text costs no more than its length. A packet without an event is
    no packet: "ri1BA503" is area 1 and BA 503, and not area 1BA503 alone.
    """
    # A place, and whether an event came before it: without one the end is no way out.
    dead: set[tuple[int, bool]] = set()
    # Each entry: the item that led here, and the choices that are left.
    path: list[tuple[_Item | None, Iterator[tuple[_Item, int]]]] = [(None, _choices(packet, 0))]
    places = [(0, False)]
    while path:
        place, told = places[-1]
        if place == len(packet) and told:
            return [item for item, _ in path if item is not None]
        choice = next((c for c in path[-1][1] if (c[1], told or c[0].event) not in dead), None)
        if choice is None:
            dead.add(places.pop())
            path.pop()
            continue
        item, place = choice
        path.append((item, _choices(packet, place)))
        places.append((place, told or item.event))
    return None


def _choices(packet: str, place: int) -> Iterator[tuple[_Item, int]]:
    for name, pattern in (("ti", _TIME), ("da", _DATE)):
        found = pattern.match(packet, place)
        if found:
            yield _Item(name, found[1], None, False), found.end()
            return
    for event, pattern in ((False, _MODIFIER), (True, _CODE)):
        found = pattern.match(packet, place)
        if not found:
            continue
        ends = {}
        for address in (_HEX_ADDRESS, _DEC_ADDRESS):
            value = address.match(packet, found.end())
            assert value is not None
            ends[value.end()] = value[0]
        for end, value_text in ends.items():
            text = _TEXT.match(packet, end)
            after = text.end() if text else end
            said = next(group for group in text.groups() if group is not None) if text else None
            if event and packet[after:] == "NM":
                # A tail of Osborne-Hoffman panels: not the event "perimeter armed".
                after = len(packet)
            if packet[after : after + 1] == "/":
                after += 1
            yield _Item(found[0], value_text, said, event), after
        return


def unknown(code: str, description: str) -> Event:
    """An event that no table explains: Medium, never log only (architecture.md §4)."""
    return Event(
        code=code[:80],
        qualifier=None,
        area=None,
        address=None,
        concerns="condition",
        user=None,
        text=None,
        kind="unknown",
        description=description,
        role=EventRole.ALARM,
    )
