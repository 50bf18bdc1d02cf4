"""The one writer of the journal: gathers what waits, writes it as one synced transaction, then answers (I1, I5)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection

from console.station.acts import last_resort
from console.station.acts.memory import Memory
from console.station.acts.received import Received
from console.station.acts.reception import Reception
from console.station.clock import Clock
from console.station.codes import kind
from console.station.rules import runaway
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.store import faults, runaways
from console.station.store.database import Database
from console.station.store.ledger import Ledger
from models.records import ErrorCode, Event, EventRole

T = TypeVar("T")
_log = structlog.get_logger("vigie.scribe")
_MOST_AT_ONCE = 512
_STUCK_S = 10
_BEHIND_S = 5
NOTIFY_CHANNEL = "vigie_journal"
_NOTIFY = f"SELECT pg_notify('{NOTIFY_CHANNEL}', '')"


Stored = Callable[[BaseException | None], None]
"""Told, in the loop, once a signal is durable (None) or could not be stored (why)."""


class _Way(IntEnum):
    """How a signal is written: the next where one fails by the signal's own fault (I2)."""

    ROUTED = 0
    RAW = 1
    """Routed with what is known of its kind alone."""
    BARE = 2
    """Past the rules: the frame, and an alarm that says no more."""
    UNSHOWN = 3
    """The frame alone; that there is one is told as the station's own trouble."""


@dataclass(slots=True)
class _Signal:
    received: Received
    stored: Stored
    way: _Way = _Way.ROUTED
    """Called once: a future for each signal, and the hops behind it, cost more than the signal."""
    told: bool = False

    def succeed(self, _seq: int) -> None:
        self._tell(None)

    def fail(self, error: BaseException) -> None:
        self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        if self.told:
            return
        self.told = True
        try:
            self.stored(error)
        except Exception as mistake:
            # Whoever asked must not keep the others of the batch from their answers.
            _log.error("answer not sent", exc_info=mistake)


@dataclass(slots=True)
class _Act:
    act: Callable[[Ledger], Any]
    done: asyncio.Future[Any]

    def succeed(self, result: Any) -> None:
        if not self.done.done():
            self.done.set_result(result)

    def fail(self, error: BaseException) -> None:
        if not self.done.done():
            self.done.set_exception(error)


@dataclass(slots=True)
class _Outcome:
    """What one batch came to: results and refusals in order, and where the journal stands."""

    results: list[Any]
    seq: int
    hash: str


class Scribe:
    """Serialises every act on the journal. Start :meth:`run` as a task; :meth:`stop` writes what is left."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        profile: Profile,
        *,
        written: Callable[[int, str], Awaitable[None]] | None = None,
        refusal: Callable[[], str | None] | None = None,
    ) -> None:
        """``written`` is told, after each commit, the journal's last number and hash.

        ``refusal`` says why the file system below the database takes nothing; asked in a thread, when writing failed.
        """
        self._database = database
        self._clock = clock
        self._profile = profile
        self._written = written
        self._refusal = refusal
        self._memory = Memory()
        self._queue: deque[_Signal | _Act] = deque()
        self._something = asyncio.Event()
        """Something waits, or the end was asked for."""
        self._last = False
        self._ended = False
        self._writing_since: float | None = None
        self.trouble: str | None = None
        """A sentence while the database cannot be written; None when all is well."""
        self._unshown: list[int] = []
        """Journal numbers of signals that are stored and that no alarm shows."""

    async def recall(self) -> None:
        """Before the first signal: how often zones told alarms lately, so that a restart makes none of it forgotten."""
        since = self._clock.now() - runaway.remembered(self._profile)
        told = await self._database.read(lambda connection: list(runaways.told_since(connection, since)))
        self._memory.recall(told, self._profile)

    def receive(self, received: Received, stored: Stored) -> None:
        """Journal a signal; ``stored`` is told once it is durable, or that it is not."""
        self._ask(_Signal(received, stored))

    async def act(self, act: Callable[[Ledger], T]) -> T:
        """Run an act in a transaction; its result once it is durable. :class:`Refused` passes through."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._ask(_Act(act, done))
        return await done

    def _ask(self, item: _Signal | _Act) -> None:
        if self._ended:
            item.fail(_not_now())
            return
        self._queue.append(item)
        self._something.set()

    def stuck(self) -> str | None:
        """A sentence while one write takes far too long: the database neither takes it nor refuses it."""
        if self._writing_since is None:
            return None
        seconds = int(self._clock.monotonic() - self._writing_since)
        if seconds < _STUCK_S:
            return None
        return f"The station's database has not answered for {seconds} s; signals and acts wait for it."

    @property
    def waiting(self) -> int:
        """How many wait to be written."""
        return len(self._queue)

    def stop(self) -> None:
        """Let :meth:`run` end once everything asked for so far is written."""
        self._last = True
        self._something.set()

    async def run(self) -> None:
        """Write until stopped. However it ends, nobody is left waiting for an answer that cannot come."""
        batch: list[_Signal | _Act] = []
        try:
            while self._queue or not self._last:
                if not self._queue:
                    self._something.clear()
                    await self._something.wait()
                    continue
                batch = self._next_batch()
                await self._write(batch)
                batch = []
        finally:
            self._ended = True
            for item in (*batch, *self._queue):
                item.fail(_not_now())
            self._queue.clear()

    def _next_batch(self) -> list[_Signal | _Act]:
        """All that waits; of more than can be written at once a fair part.

        First people's acts and the panels of known accounts that tell of life safety, then the accounts in turns, one
        signal of each: nobody's flood delays another's fire. A panel's own signals keep their order: what it said
        before goes with what is urgent.
        """
        queue = self._queue
        if len(queue) <= _MOST_AT_ONCE:
            batch = list(queue)
            queue.clear()
            return batch
        urgent = {
            item.received.account
            for item in queue
            if isinstance(item, _Signal) and item.received.known and _life_safety(item.received)
        }
        first: list[_Signal | _Act] = []
        waiting: dict[str, deque[_Signal]] = {}
        for item in queue:
            if isinstance(item, _Act):
                first.append(item)
            else:
                waiting.setdefault(item.received.account, deque()).append(item)
        # Those that tell of life safety first among the accounts, too, and in turns like all.
        self._take_turns({account: waiting[account] for account in urgent}, first)
        self._take_turns({account: of for account, of in waiting.items() if account not in urgent}, first)
        taken = set(map(id, first))
        self._queue = deque(item for item in queue if id(item) not in taken)
        return first

    @staticmethod
    def _take_turns(waiting: dict[str, deque[_Signal]], batch: list[_Signal | _Act]) -> None:
        """Add to ``batch`` one signal of each account after the other, until it is full or none is left."""
        turns = deque(of for of in waiting.values() if of)
        while turns and len(batch) < _MOST_AT_ONCE:
            of = turns.popleft()
            batch.append(of.popleft())
            if of:
                turns.append(of)

    def behind(self) -> str | None:
        """A sentence while signals wait for long; None when they do not."""
        oldest = next((item.received for item in self._queue if isinstance(item, _Signal)), None)
        if oldest is None:
            return None
        seconds = int((self._clock.now() - oldest.received_at).total_seconds())
        if seconds < _BEHIND_S:
            return None
        many = "1 signal waits" if len(self._queue) == 1 else f"{len(self._queue)} signals wait"
        return f"The station is {seconds} s behind: {many} to be written. Life safety goes first."

    def unshown(self) -> str | None:
        """A sentence once signals were stored and could not be shown; until the station is started anew."""
        if not self._unshown:
            return None
        many = "A signal was" if len(self._unshown) == 1 else f"{len(self._unshown)} signals were"
        return f"{many} stored and could not be shown: see entry {self._unshown[-1]} of the journal (F5)."

    async def _write(self, batch: Sequence[_Signal | _Act]) -> None:
        self._writing_since = self._clock.monotonic()
        try:
            outcome = await self._database.write(lambda connection: self._transaction(connection, batch))
        except Exception as error:
            self._memory.failed()
            if faults.of_database(error):
                # Nothing is wrong with any of them: each is told that it was not stored, and comes again.
                below = await asyncio.to_thread(self._refusal) if self._refusal is not None else None
                for item in batch:
                    self._not_written(item, error, below)
            elif len(batch) > 1:
                # One bad act must not take the others down with it.
                for item in batch:
                    await self._write([item])
            else:
                await self._failed(batch[0], error)
            return
        finally:
            self._writing_since = None
        self.trouble = None
        if all(isinstance(item, _Signal) for item in batch):
            self._memory.keep(outcome.hash)
        # The journal's readers first: what is acknowledged can be seen.
        if self._written is not None:
            await self._written(outcome.seq, outcome.hash)
        for item, result in zip(batch, outcome.results, strict=True):
            if isinstance(result, Refused):
                item.fail(result)
                continue
            if isinstance(item, _Signal) and item.way is _Way.UNSHOWN:
                self._unshown.append(result)
            item.succeed(result)

    def _transaction(self, connection: Connection, batch: Sequence[_Signal | _Act]) -> _Outcome:
        ledger = Ledger.open(connection, self._clock.now())
        self._memory.open_at(ledger.head.hash)
        results: list[Any] = []
        signals: list[Received] = []
        for item in batch:
            if isinstance(item, _Signal) and item.way <= _Way.RAW:
                signals.append(item.received)
                continue
            if isinstance(item, _Signal):
                results.append(last_resort.keep(ledger, item.received, shown=item.way is _Way.BARE))
                self._memory.forget()
                continue
            results += self._receive(ledger, signals)
            signals = []
            results.append(self._one_act(ledger, item.act))
            # An act may change anything that reception knows.
            self._memory.forget()
        results += self._receive(ledger, signals)
        ledger.write()
        if self._database.dialect == "postgresql":
            # Tells the other stations to look; sent by the server only when the transaction ends well.
            connection.exec_driver_sql(_NOTIFY)
        return _Outcome(results, ledger.head.seq, ledger.head.hash)

    def _receive(self, ledger: Ledger, signals: list[Received]) -> list[int]:
        return Reception(ledger, self._profile, kind, self._memory).receive(signals) if signals else []

    def _one_act(self, ledger: Ledger, act: Callable[[Ledger], Any]) -> Any:
        mark = ledger.mark()
        savepoint = ledger.connection.begin_nested()
        try:
            result = act(ledger)
        except Refused as refused:
            savepoint.rollback()
            ledger.back_to(mark)
            return refused
        savepoint.commit()
        return result

    async def _failed(self, item: _Signal | _Act, error: Exception) -> None:
        if isinstance(item, _Signal) and item.way is not _Way.UNSHOWN:
            # A signal that our own rules or the database choke on is kept raw and presented, never dropped (I2).
            item.way = _Way(item.way + 1)
            _log.error("signal kept raw", account=item.received.account, error=type(error).__name__, way=item.way.name)
            if item.way is _Way.RAW:
                item.received = _kept_raw(item.received, error)
            await self._write([item])
            return
        self._not_written(item, error)

    def _not_written(self, item: _Signal | _Act, error: Exception, below: str | None = None) -> None:
        if faults.of_database(error):
            reason = faults.reason(error) + (f" ({below})" if below else "")
            self.trouble = f"The station cannot write its database: {reason}"
            _log.error("database cannot be written", error=reason)
            error = _not_now(reason)
        else:
            _log.error("act failed", exc_info=error)
        item.fail(error)


def _life_safety(received: Received) -> bool:
    return any(event.role is EventRole.ALARM and kind(event.kind).life_safety for event in received.events)


def _not_now(reason: str = "") -> Refused:
    # The reason too: who signs in while the disk is full sees no other word of it.
    why = f" ({reason})" if reason else ""
    return Refused(ErrorCode.BEHIND, f"The station cannot write now{why}; nothing was changed. Try again.")


def _kept_raw(received: Received, error: Exception) -> Received:
    event = Event(
        code="",
        qualifier=None,
        area=None,
        address=None,
        concerns="condition",
        user=None,
        text=None,
        kind=last_resort.gravest(received),
        description="",
        role=EventRole.ALARM,
    )
    reason = f"could not be processed: {type(error).__name__}"
    return replace(received, events=(event,), details={**received.details, "kept_raw": reason})
