"""Events inside the data: SIA DC-03 packets and Contact ID (dc09.md §5). Nothing here raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from console.station.codes import cid_codes, kind, sia_codes
from console.station.dc09.brackets import account_and_packets, data_groups
from console.station.dc09.contact_id import ContactId, contact_id
from console.station.dc09.frame import Frame
from console.station.dc09.packet import (
    BLOCK_LETTERS,
    Item,
    Said,
    begins_known,
    blocks,
    items_of,
    strictly_known,
)
from models.records import Event, EventRole

POLLS = frozenset({"NULL", "XNM"})
"""Link tests: NULL, and the extended NULL of the 2026 edition (dc09.md §1, §4)."""
_BLANKS = " \t\r\n\x00"
SUPPORTED = frozenset({"SIA-DCS", "ADM-CID"}) | POLLS
_REMEMBERED = 2048
"""Panels say the same few things over and over; packets that may hold a secret never come this far."""


def supported(token: str) -> bool:
    """Tokens that are processed; others are answered DUH and kept raw."""
    return token in SUPPORTED


def is_poll(frame: Frame) -> bool:
    """A link test: NULL, with or without the filler that some panels put into it (dc09.md §6, 9 and 11).

    One whose brackets hold more than an account may be telling something.
    """
    return frame.token in POLLS and not any(_says_more(frame, group) for group in data_groups(frame))


def _says_more(frame: Frame, group: str) -> bool:
    account, packets = account_and_packets(group)
    if packets is not None:
        return bool(packets.strip("0 |"))
    if frame.token == "NULL":
        return bool(_read(group, False)) and account != frame.account
    return bool(account) and not account.startswith("#") and account != frame.account


def decode_events(frame: Frame) -> tuple[Event, ...]:
    """The events of a readable frame, of all its brackets, as the code tables explain them.

    What does not parse is one unknown event with the raw text: it is presented, never dropped (I2).
    """
    if not frame.xdata:
        return decode_group(frame, frame.data or "")
    return tuple(event for group in data_groups(frame) for event in decode_group(frame, group))


def decode_group(frame: Frame, group: str, *, texts: bool = False) -> tuple[Event, ...]:
    """The events of one of the frame's groups of data; ``texts``: this panel's ``/A`` is always text."""
    if frame.token in POLLS:
        if not _says_more(frame, group):
            return ()
        if frame.token == "XNM":
            return (unknown("XNM", "an extended NULL that carries data"),)
    elif frame.token != "RSP" and not supported(frame.token):
        return ()
    account, packets = account_and_packets(group)
    if packets is None:
        packets = "" if group.startswith("#") else account
    if "?" in packets and _secret_block(packets):
        return _without_passcode(packets, texts)
    return _read(packets, texts) or _nothing_read(frame.token, packets)


def _secret_block(packets: str) -> bool:
    return any(block.startswith("?") for block in packets.split("|"))


def _without_passcode(packets: str, texts: bool) -> tuple[Event, ...]:
    """Events of a frame with passcode blocks, which must reach nobody (I9)."""
    kept = [block for block in packets.split("|") if not block.startswith("?")]
    return _read("|".join(kept), texts) if any(kept) else (unknown("?", "a passcode"),)


def _nothing_read(token: str, packets: str) -> tuple[Event, ...]:
    """Contact ID without any is not readable; of the other formats an empty one says nothing."""
    return (unknown(packets.strip("| "), "Contact ID not readable"),) if token == "ADM-CID" else ()


@lru_cache(maxsize=_REMEMBERED)
def _read(packets: str, texts: bool) -> tuple[Event, ...]:
    """Either format under either token: panels mix them (dc09.md §5)."""
    reading = _Reading(texts)
    for block in blocks(packets):
        reading.take(block.strip(_BLANKS))
    return reading.done()


class _Reading:
    """The blocks of one group of data, in their order."""

    def __init__(self, texts: bool) -> None:
        self._texts = texts
        self._events: list[Event] = []
        self._items: list[Item] = []
        """Of the packet that is being read: a block without a letter of its own goes on with it."""
        self._source = ""
        self._old = False

    def take(self, block: str) -> None:
        """Read one block."""
        if not block:
            return
        letter = block[0]
        plain = not self._texts or "/A" not in block
        if plain and letter in BLOCK_LETTERS and (items := strictly_known(block[1:])) is not None:
            self._packet(block, letter, items)
            return
        told = bool(self._events) or any(item.said is Said.EVENT for item in self._items)
        if letter == "A" and told:
            self._items.append(Item(Said.TEXT, "", block[1:]))
        elif letter in BLOCK_LETTERS and begins_known(block[1:]):
            self._packet(block, letter, items_of(block[1:].strip(_BLANKS), texts=self._texts))
        elif (letter.isdigit() or letter in "ERPerp") and (found := contact_id(block)) is not None:
            if found.code.strip("0") or block.strip("0 "):
                self._flush()
                self._events.append(_cid_event(found))
        elif letter.isdigit():
            if len(block.strip("0 ")) > 1:
                # Something that nobody knows: presented, never dropped (I2).
                self._flush()
                self._events.append(unknown(block, "block not known"))
        elif strictly_known(block) is not None or begins_known(block):
            self._go_on(block)
        elif letter in "#&@IVvLX":
            # Link control, account, origin, configuration, video: nothing that must be handled.
            return
        elif letter in BLOCK_LETTERS:
            self._packet(block, letter, items_of(block[1:].strip(_BLANKS), texts=self._texts))
        else:
            self._go_on(block)

    def _packet(self, block: str, letter: str, items: Sequence[Item]) -> None:
        if any(item.said is Said.EVENT for item in self._items):
            self._flush()
        self._source = f"{self._source}|{block}" if self._source else block
        if (letter == "O") != self._old:
            self._items.append(Item(Said.OLD, "", "O" if letter == "O" else ""))
            self._old = letter == "O"
        self._items += items

    def _go_on(self, block: str) -> None:
        self._source = f"{self._source}|{block}" if self._source else block
        self._items += items_of(block, texts=self._texts)

    def _flush(self) -> None:
        items, self._items = self._items, []
        source, self._source = self._source, ""
        if not items:
            return
        events = _events_of(items)
        if not events and self._events:
            # What stands behind the last event and is none tells more about it.
            words = " ".join(item.value for item in items if item.said is Said.TEXT)
            if words:
                said = " ".join(filter(None, (self._events[-1].text, words)))
                self._events[-1] = replace(self._events[-1], text=said)
        elif not events and any(item.said is not Said.OLD for item in items):
            self._events.append(unknown(source, "packet not readable"))
            return
        self._events += events
        for item in items:
            if item.said is Said.UNREAD:
                self._events.append(unknown(item.value, "part not readable"))

    def done(self) -> tuple[Event, ...]:
        """What all of it said; nothing only where nothing was said."""
        source = self._source
        self._flush()
        if source and not self._events:
            self._events.append(unknown(source, "packet not readable"))
        return tuple(self._events)


# -- Contact ID -------------------------------------------------------------------------------------


def _cid_event(said: ContactId) -> Event:
    known = cid_codes().get(said.code)
    if known is None:
        return replace(
            unknown(said.code, "code not in the tables"),
            qualifier=said.qualifier,
            area=said.area,
            address=said.number,
            text=said.text,
        )
    # 1 new, 6 still present; 3 restore or closing; anything else is not DC-05 and must be looked at.
    role = {"1": known.role_1, "6": known.role_1, "3": known.role_3}.get(said.qualifier, EventRole.ALARM)
    name = "closing" if role is EventRole.CLOSE else known.kind
    if said.qualifier not in "136" and kind(name).priority > 4:
        name = "unknown"
    return Event(
        code=said.code,
        qualifier=said.qualifier,
        area=said.area,
        address=said.number,
        concerns=known.concerns,
        user=said.number if known.concerns == "user" else None,
        text=said.text,
        kind=name,
        description=known.description,
        role=role,
        restores=said.code if role is EventRole.RESTORE else None,
    )


# -- SIA DC-03 --------------------------------------------------------------------------------------


def _events_of(items: Sequence[Item]) -> list[Event]:
    """The events of a packet, each with the modifiers that hold for it and the texts behind it."""
    events: list[Event] = []
    behind = _behind(items)
    said: dict[str, Item] = {}
    old, before = False, ""
    for place, item in enumerate(items):
        if item.said is Said.OLD:
            old = bool(item.value)
        elif item.said is Said.MODIFIER:
            said[item.name] = item
        elif item.said is Said.TEXT:
            if events:
                events[-1] = replace(events[-1], text=" ".join(filter(None, (events[-1].text, item.value))))
            else:
                before = " ".join(filter(None, (before, item.value)))
        elif item.said is Said.EVENT:
            following = {
                name: next(one for one in items[place:] if one.said is Said.MODIFIER and one.name == name)
                for name in behind
            }
            events.append(_sia_event(item, {**said, **following} if following else said, old=old))
    if before and events:
        events[0] = replace(events[0], text=" ".join(filter(None, (events[0].text, before))))
    return events


def _behind(items: Sequence[Item]) -> list[str]:
    """The modifiers that this panel writes behind its events: none stands before the first, one behind the last."""
    if not items or items[-1].said is Said.EVENT:
        return []
    places = [place for place, item in enumerate(items) if item.said is Said.EVENT]
    if not places:
        return []
    before = {item.name for item in items[: places[0]] if item.said is Said.MODIFIER}
    after = [item.name for item in items[places[-1] :] if item.said is Said.MODIFIER]
    return [name for name in dict.fromkeys(after) if name not in before]


def _sia_event(item: Item, said: Mapping[str, Item], *, old: bool) -> Event:
    known = sia_codes().get(item.name)
    area = _value(said, "ri") or _value(said, "pi")
    user = _value(said, "id")
    text = item.text if item.text is not None else said["id"].text if "id" in said else None
    if known is None:
        return replace(
            unknown(item.name, "code not in the tables"),
            area=area,
            address=item.value or None,
            user=user,
            text=text,
            old=old,
        )
    if known.concerns == "area" and area is None and item.value:
        area = item.value
    return Event(
        code=item.name,
        qualifier=None,
        area=area,
        address=item.value or None,
        concerns=known.concerns,
        user=user if user is not None else (item.value or None if known.concerns == "user" else None),
        text=text,
        kind=known.kind,
        description=known.description,
        role=known.role,
        restores=known.restores,
        old=old,
    )


def _value(said: Mapping[str, Item], name: str) -> str | None:
    found = said.get(name)
    return found.value if found is not None else None


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
