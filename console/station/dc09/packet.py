"""DC-03 packets taken apart (dc09.md §5.2): by the grammar where it reads them, else piece by piece. Nothing raises.

One unfamiliar piece hides no other: what is known is read, the rest is kept as text. Text never becomes an event.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from console.station.codes import kind, sia_codes
from models.records import EventRole, Priority

BLOCK_LETTERS = frozenset("NOECP")
"""New, old, environmental, control, programming: blocks of events."""
MODIFIERS = frozenset(("ti", "da", "ri", "pi", "id", "ai", "ph", "lv", "va", "pt", "rg", "ss"))
_BLANKS = " \t\r\n\x00"
_HEX_ADDRESS = re.compile(r"[0-9A-F:-]*")
_DEC_ADDRESS = re.compile(r"[0-9]*")
_TIME = re.compile(r"ti(\d{1,2}[:.]\d{1,2}(?:[:.]\d{1,2})?)/?")
_DATE = re.compile(r"da(\d{1,4}[-.]\d{1,2}[-.]\d{1,4})/?")
_MODIFIER = re.compile(r"[a-z]{2}")
_CODE = re.compile(r"[A-Z]{2}|L_")
_TEXT = re.compile(
    r"\^([^^]*)\^"
    # An apostrophe may stand in a name: it ends where a piece does, unless another name begins before that.
    r"|\*'((?:(?!\*').)*?)'(?:[A-Z]{2})?\*?(?=\s*(?:/|\Z))"
    r"|\*'([^']*)'(?:[A-Z]{2})?\*?"
    r"|\*([^*'^/]*)\*",
    re.DOTALL,
)
_BEFORE_NEXT = r"(?=\s*(?:/|\Z)|[A-Z]{2}[0-9A-F:-]*(?:[/^*]|\s*\Z)|[a-z]{2}[0-9])"
_NAME = r"|\*'(?:(?!\*').)*?'(?:[A-Z]{2})?\*?(?=\s*(?:/|\Z))"
# What divides the pieces; a slash inside a text does not.
_DIVIDERS = re.compile(r"\^[^^]*\^" + _BEFORE_NEXT + _NAME + "|(/)", re.DOTALL)
# A circumflex too many: one text is not closed, and none may hide what follows a slash.
_DIVIDERS_ODD = re.compile(r"\^[^^/]*\^" + _BEFORE_NEXT + _NAME + "|(/)", re.DOTALL)
# A code with an address, glued to what nobody knows: of "BATHROOM" no code is read, of "BA01 bathroom" one is.
_GLUED = re.compile(
    r"(?P<code>[A-Z]{2}|L_)(?:(?P<hex>[0-9A-F:-]*)(?![0-9A-Za-z])|(?P<dec>[0-9][0-9:-]*))(?P<rest>.*)\Z", re.DOTALL
)
_GLUED_MODIFIER = re.compile(r"(?P<name>[a-z]{2})(?P<value>[0-9][0-9A-F:.-]*|)(?P<rest>.*)\Z", re.DOTALL)
_PERHAPS_A_CODE = re.compile(r"\A[a-z]{2}(?=[0-9])|[A-Z]{2}(?=[0-9])")


class Said(Enum):
    """What an item of a packet is."""

    EVENT = "event"
    MODIFIER = "modifier"
    """Holds for the events after it, or before it where none follows."""
    TEXT = "text"
    """Tells more about the event before it."""
    OLD = "old"
    """From here on what happened earlier: ``value`` is empty where it ends."""
    UNREAD = "unread"
    """Not read, and perhaps an alarm: must be looked at."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a packet."""

    said: Said
    name: str
    value: str
    text: str | None = None


def items_of(packet: str, *, texts: bool = False) -> list[Item]:
    """What a packet says, in its order: by the grammar as a whole, else piece by piece.

    ``texts``: whatever begins with ``/A`` behind an event is text, as this account's panel writes it.
    """
    if texts and "/A" in packet:
        return list(_piecemeal(packet, texts=True))
    whole = _grammatical(packet, needs_event=True)
    if whole is not None and _all_known(whole):
        return whole
    return list(_piecemeal(packet, texts=False))


def strictly_known(packet: str) -> list[Item] | None:
    """The items of a packet that the grammar and the table of codes explain to the last character; else None."""
    found = _grammatical(packet.strip(_BLANKS), needs_event=True)
    return found if found is not None and _all_known(found) else None


def begins_known(packet: str) -> bool:
    """Whether the first piece is one that the grammar and the tables explain, or is empty."""
    first = packet.strip(_BLANKS).split("/", 1)[0].split("^", 1)[0].split("*", 1)[0].strip(_BLANKS)
    if not first:
        return not packet.strip(_BLANKS).startswith(("^", "*"))
    if first[:2] in MODIFIERS or _modifier_in_capitals(first):
        return True
    found = _grammatical(first, needs_event=True)
    return found is not None and _all_known(found)


def blocks(packets: str) -> list[str]:
    """What the bars divide; a bar inside a text does not, unless what follows it is an event."""
    found: list[str] = []
    parts = packets.split("|")
    if "^" not in packets and "*'" not in packets:
        return parts
    for part in parts:
        if found and _left_open(found[-1]) and not _begins_block(part):
            found[-1] += "|" + part
        else:
            found.append(part)
    return found


def _left_open(block: str) -> bool:
    if block.count("^") % 2:
        return True
    name = block.rfind("*'")
    return name >= 0 and "'" not in block[name + 2 :]


def _begins_block(part: str) -> bool:
    part = part.strip(_BLANKS)
    return begins_known(part) or (part[:1] in BLOCK_LETTERS and begins_known(part[1:]))


def _all_known(items: Iterable[Item]) -> bool:
    codes, after = sia_codes(), False
    for item in items:
        if item.said is Said.EVENT:
            if item.name not in codes or (after and _rather_text(item)) or _rather_a_block(item.name, item.value):
                return False
            after = True
        elif item.name not in MODIFIERS:
            return False
    return True


def _rather_text(item: Item) -> bool:
    """``/AFA2`` behind an event is the text "FA2": addresses of these codes do not begin with a letter."""
    return item.name[0] == "A" and item.value[:1].isalpha()


def _rather_a_block(name: str, value: str) -> bool:
    """``/NFA2`` is a new fire at 2, and not the perimeter armed at A2."""
    if name[0] not in BLOCK_LETTERS or not value[:1].isalpha():
        return False
    inner = sia_codes().get(name[1] + value[0])
    return inner is not None and inner.role is EventRole.ALARM


def _modifier_in_capitals(piece: str) -> bool:
    return piece[:2].isupper() and piece[:2].lower() in MODIFIERS and piece[:2] not in sia_codes()


# -- By the grammar ---------------------------------------------------------------------------------


def _grammatical(packet: str, *, needs_event: bool) -> list[Item] | None:
    """The packet's items, or None where it cannot be read.

    An address may be hex or decimal ("ri1BA503" reads only with a decimal area): both are tried, hex first. Places
    that led nowhere are remembered, so that hostile text costs no more than its length. A packet without an event is
    no packet: "ri1BA503" is area 1 and BA 503, and not area 1BA503 alone.
    """
    # A place, and whether an event came before it: without one the end is no way out.
    dead: set[tuple[int, bool]] = set()
    # Each entry: the item that led here, and the choices that are left.
    path: list[tuple[Item | None, Iterator[tuple[Item, int]]]] = [(None, _choices(packet, 0))]
    places = [(0, not needs_event)]
    while path:
        place, told = places[-1]
        if place == len(packet) and told:
            return [item for item, _ in path if item is not None]
        choice = next((c for c in path[-1][1] if (c[1], told or c[0].said is Said.EVENT) not in dead), None)
        if choice is None:
            dead.add(places.pop())
            path.pop()
            continue
        item, place = choice
        path.append((item, _choices(packet, place)))
        places.append((place, told or item.said is Said.EVENT))
    return None


def _choices(packet: str, place: int) -> Iterator[tuple[Item, int]]:
    if packet.startswith(("ti", "da"), place):
        found = _TIME.match(packet, place) or _DATE.match(packet, place)
        if found:
            yield Item(Said.MODIFIER, found[0][:2], found[1]), found.end()
            return
    for said, pattern in ((Said.MODIFIER, _MODIFIER), (Said.EVENT, _CODE)):
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
            words = next(group for group in text.groups() if group is not None) if text else None
            if said is Said.EVENT and end == found.end() and text is None and packet[end : end + 1].isupper():
                # "BATHROOM" is a word, and not four codes.
                continue
            if said is Said.EVENT and packet.endswith("NM") and after == len(packet) - 2:
                # A tail of Osborne-Hoffman panels: not the event "perimeter armed".
                after = len(packet)
            if packet[after : after + 1] == "/":
                after += 1
            yield Item(said, found[0], value_text, words), after
        return


# -- Piece by piece ---------------------------------------------------------------------------------


def _piecemeal(packet: str, *, texts: bool) -> Iterator[Item]:
    after_event = after_text = False
    for piece in _pieces(packet):
        if texts and after_event and piece.startswith("A"):
            items = [Item(Said.TEXT, "", piece[1:])]
        else:
            items = _of_piece(piece, after_event=after_event, after_text=after_text)
        for item in items:
            after_event = after_event or item.said is Said.EVENT
            after_text = item.said is Said.TEXT
            yield item


def _pieces(packet: str) -> Iterator[str]:
    begin = 0
    for found in (_DIVIDERS_ODD if packet.count("^") % 2 else _DIVIDERS).finditer(packet):
        if found[1]:
            yield packet[begin : found.start()].strip(_BLANKS)
            begin = found.end()
    yield packet[begin:].strip(_BLANKS)


def _of_piece(piece: str, *, after_event: bool, after_text: bool) -> list[Item]:
    if not piece:
        return []
    known = _grammatical(piece, needs_event=True) or _grammatical(piece, needs_event=False)
    if known is not None and not _all_known(known):
        inner = _inner_block(piece)
        if inner:
            return inner
        if _modifier_in_capitals(piece):
            return _of_piece(piece[:2].lower() + piece[2:], after_event=after_event, after_text=after_text)
    if piece[0] == "A" and after_event and (known is None or not _all_known(known) or _rather_text(known[0])):
        return [Item(Said.TEXT, "", piece[1:])]
    if known is not None and all(item.said is not Said.EVENT or item.name in sia_codes() for item in known):
        return [one for item in known for one in _or_text(item)]
    return _loose(piece, known, after_text=after_text)


def _inner_block(piece: str) -> list[Item]:
    """A block begun by a slash in place of a bar: ``/Ori1/RX00``, ``/OFA4``."""
    if piece[0] not in BLOCK_LETTERS or not piece[1:]:
        return []
    inner = strictly_known(piece[1:])
    if inner is None and piece[1:3] in MODIFIERS:
        inner = _grammatical(piece[1:], needs_event=False)
    return [Item(Said.OLD, "", "O" if piece[0] == "O" else ""), *inner] if inner else []


def _loose(piece: str, known: list[Item] | None, *, after_text: bool) -> list[Item]:
    inner = _inner_block(piece)
    if inner:
        return inner
    if _modifier_in_capitals(piece):
        piece = piece[:2].lower() + piece[2:]
    code = _GLUED.match(piece)
    # Behind a text its own words may follow a slash: there only what reads to its end is an event.
    if code and code["code"] in sia_codes() and not after_text:
        words = code["rest"].strip(_BLANKS + "^*'")
        event = Item(Said.EVENT, code["code"], code["hex"] or code["dec"] or "", words or None)
        return [event, *_perhaps(words)]
    name = _GLUED_MODIFIER.match(piece)
    if name and name["name"] in MODIFIERS:
        words = name["rest"].strip(_BLANKS)
        modifier = Item(Said.MODIFIER, name["name"], name["value"])
        return [modifier, *([Item(Said.TEXT, "", words)] if words else []), *_perhaps(words)]
    if known is not None and not after_text and any(item.said is Said.EVENT for item in known):
        return known
    return [Item(Said.TEXT, "", piece), *_perhaps(piece)]


def _or_text(item: Item) -> list[Item]:
    """A modifier that nobody knows is kept as text."""
    if item.said is Said.EVENT or item.name in MODIFIERS:
        return [item]
    words = f"{item.name}{item.value}{'' if item.text is None else ' ' + item.text}"
    return [Item(Said.TEXT, "", words), *_perhaps(words)]


def _perhaps(words: str) -> list[Item]:
    """What was not read and may hold the code of an alarm is to be looked at, and never kept as text alone."""
    codes = sia_codes()
    for found in _PERHAPS_A_CODE.finditer(words):
        code = codes.get(found[0].upper())
        if code is not None and code.role is EventRole.ALARM and kind(code.kind).priority <= Priority.MEDIUM:
            return [Item(Said.UNREAD, "", words)]
    return []
