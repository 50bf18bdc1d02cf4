"""The one writer of the journal: gathers what waits, writes it as one synced transaction, then answers (I1, I5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from console.station.acts.memory import Memory
from console.station.acts.reception import Received, Reception
from console.station.clock import Clock
from console.station.codes import kind
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.store.database import Database
from console.station.store.ledger import Ledger
from models.records import ErrorCode, Event, EventRole

T = TypeVar("T")
_log = structlog.get_logger("vigie.scribe")
_MOST_AT_ONCE = 512
_STUCK_S = 10
NOTIFY_CHANNEL = "vigie_journal"


@dataclass(slots=True)
class _Signal:
    received: Received
    done: asyncio.Future[int]


@dataclass(slots=True)
class _Act:
    act: Callable[[Ledger], Any]
    done: asyncio.Future[Any]


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
    ) -> None:
        """``written`` is told, after each commit, the journal's last number and hash."""
        self._database = database
        self._clock = clock
        self._profile = profile
        self._written = written
        self._memory = Memory()
        self._queue: asyncio.Queue[_Signal | _Act | None] = asyncio.Queue()
        self._ended = False
        self._writing_since: float | None = None
        self.trouble: str | None = None
        """A sentence while the database cannot be written; None when all is well."""

    def receive(self, received: Received) -> asyncio.Future[int]:
        """Journal a signal; the future gives its number once it is durable, and fails if it is not."""
        return self._ask(_Signal(received, asyncio.get_running_loop().create_future()))

    async def act(self, act: Callable[[Ledger], T]) -> T:
        """Run an act in a transaction; its result once it is durable. :class:`Refused` passes through."""
        return cast(T, await self._ask(_Act(act, asyncio.get_running_loop().create_future())))

    def _ask(self, item: _Signal | _Act) -> asyncio.Future[Any]:
        if self._ended:
            item.done.set_exception(_not_now())
        else:
            self._queue.put_nowait(item)
        return item.done

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
        return self._queue.qsize()

    def stop(self) -> None:
        """Let :meth:`run` end once everything asked for so far is written."""
        self._queue.put_nowait(None)

    async def run(self) -> None:
        """Write until stopped. However it ends, nobody is left waiting for an answer that cannot come."""
        batch: list[_Signal | _Act] = []
        try:
            last = False
            while not last:
                batch, last = await self._gather()
                if batch:
                    await self._write(batch)
        finally:
            self._ended = True
            self._leave_nobody_waiting(batch)

    def _leave_nobody_waiting(self, batch: Sequence[_Signal | _Act]) -> None:
        left = list(batch)
        while not self._queue.empty():
            item = self._queue.get_nowait()
            if item is not None:
                left.append(item)
        for item in left:
            if not item.done.done():
                item.done.set_exception(_not_now())

    async def _gather(self) -> tuple[list[_Signal | _Act], bool]:
        first = await self._queue.get()
        batch: list[_Signal | _Act] = []
        item = first
        while item is not None:
            batch.append(item)
            if len(batch) >= _MOST_AT_ONCE or self._queue.empty():
                return batch, False
            item = self._queue.get_nowait()
        return batch, True

    async def _write(self, batch: Sequence[_Signal | _Act]) -> None:
        self._writing_since = self._clock.monotonic()
        try:
            outcome = await self._database.write(lambda connection: self._transaction(connection, batch))
        except Exception as error:
            self._memory.forget()
            if _unavailable(error):
                # Nothing is wrong with any of them: each is told that it was not stored, and comes again.
                for item in batch:
                    self._not_written(item, error)
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
            if item.done.cancelled():
                continue
            if isinstance(result, Refused):
                item.done.set_exception(result)
            else:
                item.done.set_result(result)

    def _transaction(self, connection: Connection, batch: Sequence[_Signal | _Act]) -> _Outcome:
        ledger = Ledger.open(connection, self._clock.now())
        self._memory.open_at(ledger.head.hash)
        results: list[Any] = []
        signals: list[Received] = []
        for item in batch:
            if isinstance(item, _Signal):
                signals.append(item.received)
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
            connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": NOTIFY_CHANNEL})
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
        if isinstance(item, _Signal) and not item.received.details.get("kept_raw"):
            # A signal that our own rules or the database choke on is kept raw and presented, never dropped (I2).
            _log.error("signal kept raw", account=item.received.account, error=type(error).__name__)
            await self._write([_Signal(_kept_raw(item.received, error), item.done)])
            return
        self._not_written(item, error)

    def _not_written(self, item: _Signal | _Act, error: Exception) -> None:
        if isinstance(error, (SQLAlchemyError, OSError)):
            self.trouble = f"The station cannot write its database: {_reason(error)}"
            _log.error("database cannot be written", error=_reason(error))
            error = _not_now()
        else:
            _log.error("act failed", exc_info=error)
        if not item.done.cancelled():
            item.done.set_exception(error)


def _not_now() -> Refused:
    return Refused(ErrorCode.BEHIND, "The station cannot write now; nothing was changed. Try again.")


def _unavailable(error: Exception) -> bool:
    """Whether the database itself is away, full or locked: a signal is never changed for that (I2)."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, (OSError, OperationalError, InterfaceError, PoolTimeout))


def _kept_raw(received: Received, error: Exception) -> Received:
    event = Event(
        code="",
        qualifier=None,
        area=None,
        address=None,
        concerns="condition",
        user=None,
        text=None,
        kind="unknown",
        description="",
        role=EventRole.ALARM,
    )
    reason = f"could not be processed: {type(error).__name__}"
    return replace(received, events=(event,), details={**received.details, "kept_raw": reason})


def _reason(error: Exception) -> str:
    # The driver's own words, without the statement and its parameters, which may hold secrets (I9).
    return str(getattr(error, "orig", error)).splitlines()[0]
