"""From a frame to what is journaled and answered: keys, policy, time, decoding (I1, I2, I9). No sockets here."""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Protocol

import structlog

from console.station import dc09
from console.station.acts.received import Received
from console.station.clock import Clock
from console.station.codes import kind
from console.station.dc09 import Frame, Rejected, Unreadable
from console.station.dialogue import Dialogue
from console.station.refusals import Refusals
from console.station.rules.overrides import TEXTS, overridden
from console.station.rules.profile import Profile
from console.station.rules.supervision import Links
from console.station.store import faults
from console.station.store.secrets import Secrets, SecretsRefused, key_purpose
from console.station.store.sites import SystemFacts
from models.records import Event, EventRole

_log = structlog.get_logger("vigie.intake")
_UNREADABLE_EVERY_S = 60.0
_OWN_FAULT = "could not be judged by the station"
_MOST_REMEMBERED = 10_000
_MOST_BYTES, _MOST_EVENTS, _MOST_TEXT = 600, 8, 80
"""What is kept of a frame that was not read, or whose account nobody knows. A panel's frame has a hundred bytes."""
_NAMELESS = ("?", "?")
"""Token and account of a frame whose CRC is good and whose header says neither: somebody sent it (I2)."""
_REPLIES = frozenset({"ACK", "NAK", "DUH", "RSP"})


class NotAsked(Exception):
    """Whether ``account`` has a system is not known from memory: :meth:`Intake.look_up` it and judge again."""

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


class Systems(Protocol):
    """Where the systems are known."""

    def system(self, account: str) -> SystemFacts | None:
        """The system of an account (upper case), or None; from memory, or :class:`NotAsked`."""
        ...

    async def look_up(self, account: str) -> None:
        """Ask the database: from now on, for a while, :meth:`system` knows."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with one frame: journal ``received`` (if any), and once that is durable send ``reply`` (if any)."""

    reply: bytes | None
    received: Received | None = None
    account: str = ""
    """The account whose frame it is, where the station knows it: whoever sent it is no stranger."""
    others: tuple[Received, ...] = ()
    """What its further groups of data say for other accounts: the reply waits for these as well (I1)."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is journaled of a frame that was not read; ``raw`` is free of secrets, ``sent`` is as received."""

    account: str
    header_account: str
    path: str
    token: str
    sequence: str
    raw: bytes
    had_secret: bool
    sent: bytes = field(repr=False)


@dataclass(slots=True)
class Tally:
    """What was counted and not journaled (I2)."""

    refusals: Refusals
    polls: int = 0
    last_signal_at: datetime | None = None

    @property
    def refused(self) -> Counter[str]:
        """What was refused since start, by reason."""
        return self.refusals.since_start


class Intake:
    """Judges frames one by one."""

    def __init__(self, systems: Systems, secrets: Secrets, clock: Clock, profile: Profile, links: Links) -> None:
        """``links`` is told of every valid frame of a known system: any counts as alive (dc09.md §4)."""
        self._systems = systems
        self._links = links
        self._secrets = secrets
        self._clock = clock
        self._profile = profile
        self._keys: dict[str, tuple[str, bytes]] = {}
        self._unreadable: dict[tuple[str, str, str], tuple[float, int]] = {}
        self.tally = Tally(Refusals(clock))
        self.dialogue = Dialogue(clock, profile)

    async def look_up(self, account: str) -> None:
        """Ask the database for the system of an account that :class:`NotAsked` named."""
        await self._systems.look_up(account)

    def knows(self, account: str) -> bool:
        """Whether the account has a system, as far as is known from memory."""
        try:
            return self._systems.system(account.upper()) is not None
        except NotAsked:
            return False

    def judge(self, found: Frame | Rejected, sender: str) -> Verdict:
        """What to do with something that came from ``sender`` (``tcp 10.0.0.7:40112``).

        :class:`NotAsked` where an account must be looked up first; nothing has been counted twice then. A frame that
        cannot be judged for a reason of our own is kept raw and shown, and not answered: it is never dropped (I2).
        """
        try:
            return self._judged(found, sender)
        except NotAsked:
            raise
        except Exception as error:
            if faults.of_database(error):
                raise
            return self._at_fault(found, sender, error)

    def _at_fault(self, found: Frame | Rejected, sender: str, error: Exception) -> Verdict:
        """Whatever it was that failed is not tried again here: what is shown is the frame and why."""
        _log.error("frame not judged, kept raw", sender=sender, error=type(error).__name__)
        lost = isinstance(error, SecretsRefused)
        reason = "encrypted, and its key cannot be opened with this station's keys" if lost else _OWN_FAULT
        self.tally.refusals.count(reason, sender)
        if isinstance(found, Frame):
            account, token, sequence = found.account, found.token, found.sequence
        else:
            token, account = found.named or _NAMELESS
            sequence = ""
        raw, had_secret = dc09.masked_bytes(found.raw)
        kept = _Kept(account.upper(), account, "/", token, sequence, raw, had_secret, found.raw)
        kind, encrypted = "panel-unreadable", isinstance(found, Frame) and found.encrypted
        return self._kept_raw(kept, sender, kind, reason, encrypted=encrypted)

    def _judged(self, found: Frame | Rejected, sender: str) -> Verdict:
        if isinstance(found, Rejected):
            return self._rejected(found, sender)
        if found.token in _REPLIES:
            self.tally.refusals.count("a reply, not a signal", sender)
            return Verdict(None)
        system = self._systems.system(found.account.upper())
        if not found.length_ok and (system is None or not system.lenient_length):
            # The standard says discard and count (dc09.md §6, "Framing algorithm"); the panel sends it again.
            return self._rejected(Rejected("wrong length", found.raw, sound=True), sender)
        if found.encrypted:
            return self._encrypted(found, system, sender)
        if system is not None and system.sealed_key is not None and not system.clear_allowed:
            return self._not_read(found, system, sender, "clear-refused", "sent in clear, which its policy refuses")
        return self._clear(found, found, system, None, sender)

    def _rejected(self, found: Rejected, sender: str) -> Verdict:
        """What is no frame: counted; of a known account also kept raw and shown to the desk (I2).

        A wrong CRC may be noise on the line, and the panel sends it again: shown only when several came in a row.
        """
        named = found.named or (_NAMELESS if found.sound and b"[" in found.raw else None)
        if named is None or named[0] in _REPLIES or named[0] in dc09.POLLS:
            self.tally.refusals.count(found.reason, sender)
            return Verdict(None)
        token, account = named[0], named[1].upper()
        # Looked up before anything is counted: it may have to be judged again.
        system = self._systems.system(account)
        self.tally.refusals.count(found.reason, sender)
        if not found.sound and (system is None or not self.dialogue.not_taken(account)):
            return Verdict(None)
        kind = "unknown-account" if system is None else "panel-unreadable"
        raw, had_secret = dc09.masked_bytes(found.raw)
        kept = _Kept(account, named[1], "/", token, "", raw, had_secret, found.raw)
        verdict = self._kept_raw(kept, sender, kind, found.reason, encrypted=False)
        if verdict.received is None or not found.echo:
            return verdict
        # Good, but not to be processed: told so, or it would hold back what waits behind it (dc09.md §2).
        return Verdict(dc09.unable(found), replace(verdict.received, answer="DUH"))

    def handed_over(self, received: Received) -> None:
        """The reply to this signal went to a living connection, after it was stored."""
        if received.answer == "ACK":
            signature = (received.token, received.sequence, received.digest)
            self.dialogue.acknowledged((received.account, received.path), signature)

    def _encrypted(self, frame: Frame, system: SystemFacts | None, sender: str) -> Verdict:
        if system is None:
            if frame.token in dc09.POLLS:
                self.tally.refusals.count("encrypted poll of an unknown account", sender)
                return Verdict(None)
            return self._not_read(frame, None, sender, "unknown-account", "encrypted, of an unknown account")
        if system.sealed_key is None:
            return self._not_read(frame, system, sender, "panel-unreadable", "encrypted, but the account has no key")
        key = self._key(system)
        try:
            opened = dc09.decrypt(frame, key)
        except Unreadable as error:
            reason = f"cannot be decrypted with the account's key: {error}"
            return self._not_read(frame, system, sender, "panel-unreadable", reason)
        return self._clear(frame, opened, system, key, sender)

    def _clear(
        self, frame: Frame, opened: Frame, system: SystemFacts | None, key: bytes | None, sender: str
    ) -> Verdict:
        """A frame whose content can be read: ``opened`` is ``frame`` decrypted."""
        # Looked up before anything is counted or remembered: it may have to be judged again.
        poll = dc09.is_poll(opened)
        told = self._told(opened, system)
        account = next(iter(told))
        known = {one: None if poll else self._systems.system(one) for one in told}
        now = self._clock.now()
        in_time = self._in_time(opened, system, now)
        if not poll:
            # A poll says nothing of the event that did not get through.
            self.dialogue.taken(frame.account.upper())
        if system is not None and in_time:
            # A recorded frame played again must not keep a cut line alive.
            self._links.heard(system.account, self._clock.monotonic())
        shown = "" if system is None else system.account
        signature = self._signature(opened, told[account])
        refused = False
        if in_time:
            self.dialogue.in_time(_path(account, frame))
        else:
            refused = self.dialogue.refuse_again(_path(account, frame), signature, poll=poll)
        if poll:
            self.tally.polls += 1
            return Verdict(dc09.refuse_time(frame, now) if refused else _ack(opened, system, key, now), None, shown)
        if not dc09.supported(opened.token):
            reply, answer = dc09.unable(frame), "DUH"
        elif refused:
            reply, answer = dc09.refuse_time(frame, now), "NAK"
        else:
            reply, answer = _ack(opened, system, key, now), "ACK"
        self.tally.last_signal_at = now
        received, *others = (
            self._received(frame, opened, one, groups, answer, sender, now, in_time=in_time, subscriber=known[one])
            for one, groups in told.items()
        )
        return Verdict(reply, received, shown, tuple(others))

    def _told(self, frame: Frame, system: SystemFacts | None) -> dict[str, tuple[str, ...]]:
        """By account, the frame's groups of data, in their order: as a rule one."""
        if not frame.xdata:
            return {self._subscriber(frame, system, frame.data_account): (frame.data or "",)}
        told: dict[str, tuple[str, ...]] = {}
        for group in dc09.data_groups(frame):
            account = self._subscriber(frame, system, dc09.account_of(group))
            told[account] = (*told.get(account, ()), group)
        return told

    def _signature(self, frame: Frame, groups: tuple[str, ...]) -> tuple[str, str, str]:
        """What a repeat is recognised by: all that stands in its brackets, time and X data excepted."""
        digest = self._secrets.digest("][".join(groups).encode("utf-8", "backslashreplace"))
        return storable(frame.token), storable(frame.sequence), digest

    def _in_time(self, frame: Frame, system: SystemFacts | None, now: datetime) -> bool:
        checked = frame.encrypted or (system is not None and system.check_clear_time)
        if not checked:
            return True
        before, after = self._profile.window_before_s, self._profile.window_after_s
        if system is not None and system.window_before_s is not None:
            before = system.window_before_s
        if system is not None and system.window_after_s is not None:
            after = system.window_after_s
        if before < 0 or after < 0:
            return True
        return dc09.within_window(frame, now, before, after)

    def _subscriber(self, frame: Frame, system: SystemFacts | None, named: str | None) -> str:
        """The data account where it names a known system, else the header's (dc09.md §1).

        A system whose key protects it cannot be spoken for by another account's frame.
        """
        header = frame.account.upper()
        named = (named or "").upper()
        if not named or named == header:
            return header
        other = self._systems.system(named)
        if other is None or (other.sealed_key is not None and (system is None or system.site != other.site)):
            return header
        return named

    def _received(
        self,
        frame: Frame,
        opened: Frame,
        account: str,
        groups: tuple[str, ...],
        answer: str,
        sender: str,
        now: datetime,
        *,
        in_time: bool,
        subscriber: SystemFacts | None,
    ) -> Received:
        raw, had_secret = dc09.masked(frame, opened)
        if dc09.supported(opened.token):
            overrides = subscriber.overrides if subscriber is not None else {}
            texts = TEXTS in overrides
            decoded = (event for group in groups for event in dc09.decode_group(opened, group, texts=texts))
            events = tuple(overridden(event, overrides) for event in decoded)
        else:
            events = (_unknown(opened.token, f"token {opened.token} is not supported"),)
        if subscriber is None:
            raw, events = _of_a_stranger(raw, events)
        sealed = self._secrets.seal(frame.raw[:_MOST_BYTES], f"frame of {account}") if had_secret else None
        details: dict[str, object] = {
            "encrypted": frame.encrypted,
            "receiver": frame.receiver,
            "line": frame.line,
        }
        if not frame.length_ok:
            details["length_wrong"] = True
        if had_secret:
            details["masked"] = self._secrets.digest(frame.raw)
        path = _path(account, frame)
        signature = self._signature(opened, groups)
        token, sequence, digest = signature
        return Received(
            account=path[0],
            header_account=storable(frame.account),
            path=path[1],
            token=token,
            sequence=sequence,
            digest=digest,
            raw=escaped(raw),
            events=_storable_events(events),
            received_at=now,
            panel_time=opened.occurred_at,
            sender=sender,
            answer=answer,
            out_of_window=not in_time,
            sent_at=opened.timestamp,
            happened_at=opened.happened_at,
            answered_before=self.dialogue.was_acknowledged(path, signature),
            details=details,
            sealed_raw=sealed,
            known=subscriber is not None,
        )

    def _not_read(self, frame: Frame, system: SystemFacts | None, sender: str, kind: str, reason: str) -> Verdict:
        """Kept raw with the reason, presented, and not answered (I2). Once a minute for each source and account."""
        self.tally.refusals.count(reason, sender)
        raw, had_secret = dc09.masked(frame, frame)
        path = f"{frame.receiver or ''}/{frame.line or ''}"
        account = frame.account.upper()
        kept = _Kept(account, frame.account, path, frame.token, frame.sequence, raw, had_secret, frame.raw)
        return self._kept_raw(kept, sender, kind, reason, encrypted=frame.encrypted)

    def _kept_raw(self, kept: _Kept, sender: str, kind: str, reason: str, *, encrypted: bool) -> Verdict:
        account = kept.account
        host = sender.rsplit(":", 1)[0]
        now_s = self._clock.monotonic()
        last, since = self._unreadable.get((host, account, reason), (None, 0))
        if last is not None and now_s - last < _UNREADABLE_EVERY_S:
            self._unreadable[host, account, reason] = (last, since + 1)
            return Verdict(None)
        if len(self._unreadable) >= _MOST_REMEMBERED:
            self._unreadable.clear()
        self._unreadable[host, account, reason] = (now_s, 0)
        sealed = self._secrets.seal(kept.sent[:_MOST_BYTES], f"frame of {account}") if kept.had_secret else None
        received = Received(
            account=storable(account),
            header_account=storable(kept.header_account),
            path=storable(kept.path),
            token=storable(kept.token),
            sequence=storable(kept.sequence),
            digest="",
            raw=escaped(_shortened(kept.raw)),
            events=(_unknown("", reason, kind),),
            received_at=self._clock.now(),
            panel_time=None,
            sender=sender,
            answer="none",
            kind="unreadable",
            details={"reason": reason, "encrypted": encrypted, "not_told": since},
            sealed_raw=sealed,
        )
        return Verdict(None, received)

    def _key(self, system: SystemFacts) -> bytes:
        assert system.sealed_key is not None
        kept = self._keys.get(system.account)
        if kept is None or kept[0] != system.sealed_key:
            kept = (system.sealed_key, self._secrets.unseal(system.sealed_key, key_purpose(system.account)))
            self._keys[system.account] = kept
        return kept[1]


def _ack(frame: Frame, system: SystemFacts | None, key: bytes | None, now: datetime) -> bytes:
    """What this panel takes for an acknowledgement."""
    if system is not None and system.lone_ack and not frame.encrypted:
        return dc09.LONE_ACK
    return dc09.acknowledge(frame, key=key, now=now)


def _shortened(raw: bytes) -> bytes:
    """The beginning of what was not read, or comes from somebody unknown, and how much more there was."""
    if len(raw) <= _MOST_BYTES:
        return raw
    return raw[:_MOST_BYTES] + f"... {len(raw) - _MOST_BYTES} bytes more".encode()


def _with_short_text(event: Event) -> Event:
    if event.text is None or len(event.text) <= _MOST_TEXT:
        return event
    return replace(event, text=f"{event.text[:_MOST_TEXT]}…")


def _of_a_stranger(raw: bytes, events: tuple[Event, ...]) -> tuple[bytes, tuple[Event, ...]]:
    """What is kept of a frame of an unknown account: whoever sends it must not fill the disk (I2).

    The gravest of its events are among those that stay: strangers' frames are presented as well.
    """
    if len(events) > _MOST_EVENTS:
        more = len(events) - _MOST_EVENTS
        gravest = sorted(events, key=lambda event: kind(event.kind).priority)[:_MOST_EVENTS]
        events = (*gravest, _unknown("", f"{more} events more in this frame"))
    return _shortened(raw), tuple(map(_with_short_text, events))


def _path(account: str, frame: Frame) -> tuple[str, str]:
    """Account, and the receiver and line that tell two lines of one panel apart."""
    return storable(account), storable(f"{frame.receiver or ''}/{frame.line or ''}")


def storable(text: str) -> str:
    """Text that every database takes: no NUL, no lone surrogates; both are shown escaped."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


def escaped(raw: bytes) -> str:
    """A frame in Python-style escapes, as ``vigie decode`` reads it."""
    return codecs.escape_encode(raw)[0].decode("ascii")


@lru_cache(maxsize=2048)
def _storable_events(events: tuple[Event, ...]) -> tuple[Event, ...]:
    # Panels say the same few things over and over.
    return tuple(_storable_event(event) for event in events)


def _storable_event(event: Event) -> Event:
    changes = {
        name: storable(value)
        for name in ("code", "area", "address", "user", "text", "description", "restores")
        if isinstance(value := getattr(event, name), str)
    }
    return replace(event, **changes)  # type: ignore[arg-type]


def _unknown(code: str, description: str, kind: str = "unknown") -> Event:
    return Event(
        code=code,
        qualifier=None,
        area=None,
        address=None,
        concerns="condition",
        user=None,
        text=None,
        kind=kind,
        description=description,
        role=EventRole.ALARM,
    )
