"""Link supervision: whose silence has lasted too long (dc09.md §4, architecture.md §5). A clock in, decisions out."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping


class Links:
    """The last sign of life of every supervised system, and which links are lost.

    Times are seconds of a clock that never runs backwards. A frame costs one write to a dict; a system costs one step
    of a heap each time its limit has passed, so a hundred thousand of them cost next to nothing. After a start, and
    after its limit was changed, a system gets its whole limit before its silence counts.
    """

    def __init__(self) -> None:
        self._limit: dict[str, float] = {}
        self._heard: dict[str, float] = {}
        self._due: list[tuple[float, str]] = []
        self._in_due: set[str] = set()
        """Each has one place in the heap at most."""
        self._lost: set[str] = set()
        self._to_tell: set[str] = set()
        self._returned: set[str] = set()
        self._to_share: dict[str, float] = {}
        self._heard_to = 0.0
        """The moment up to which silence was judged last."""

    def watch(self, limits: Mapping[str, float], lost: Collection[str], now: float) -> None:
        """Supervise these systems: account to the seconds of silence that are too many. ``lost`` were told before."""
        for account, limit in limits.items():
            if self._limit.get(account) != limit:
                self._heard[account] = now
        for account in self._limit.keys() - limits.keys():
            self._heard.pop(account, None)
        self._limit = dict(limits)
        self._lost = set(lost) & limits.keys()
        self._to_tell &= limits.keys()
        self._returned &= self._lost
        self._due = [
            (self._heard[account] + limit, account)
            for account, limit in limits.items()
            if account not in self._lost and account not in self._to_tell
        ]
        self._in_due = {account for _, account in self._due}
        heapq.heapify(self._due)

    def watch_also(self, account: str, limit: float, now: float, *, lost: bool) -> None:
        """Supervise one system more; one that is supervised already stays as it is."""
        if account in self._limit:
            return
        self._limit[account], self._heard[account] = limit, now
        if lost:
            self._lost.add(account)
        else:
            self._expect(account)

    def heard(self, account: str, now: float) -> None:
        """A valid frame of any kind came (dc09.md §4)."""
        if account not in self._limit:
            return
        self._heard[account] = self._to_share[account] = now
        if account in self._lost:
            self._returned.add(account)
        elif account in self._to_tell:
            self._to_tell.discard(account)
            self._expect(account)

    def to_share(self) -> dict[str, float]:
        """Who was heard here since this was asked last, and when: what other stations must know."""
        shared, self._to_share = self._to_share, {}
        return shared

    def heard_elsewhere(self, account: str, at: float) -> None:
        """Another station over the same database heard it, at ``at`` of this one's clock."""
        if at > self._heard.get(account, at):
            self._heard[account] = at
            if account in self._to_tell and at + self._limit[account] > self._heard_to:
                self._to_tell.discard(account)
                self._expect(account)

    def silent(self, now: float) -> list[str]:
        """Whose silence has lasted too long and was not told yet; the same ones again until :meth:`told`."""
        self._heard_to = now
        while self._due and self._due[0][0] <= now:
            _, account = heapq.heappop(self._due)
            self._in_due.discard(account)
            if account in self._lost:
                continue
            if self._heard[account] + self._limit[account] <= now:
                self._to_tell.add(account)
            else:
                self._expect(account)
        return sorted(self._to_tell)

    def stood_still(self, now: float) -> None:
        """The station itself listened to nobody for a while: what was said meanwhile lies unread in its sockets.

        Everybody who was not lost before gets the whole limit anew; the standstill is not charged to them (I3, I4).
        """
        for account in self._limit.keys() - self._lost:
            self._heard[account] = now
            self._to_tell.discard(account)
            self._expect(account)

    def returned(self) -> list[str]:
        """Which lost links are back and were not told yet; the same ones again until :meth:`told`."""
        return sorted(self._returned)

    def told(self, lost: Collection[str], returned: Collection[str]) -> None:
        """These transitions are in the journal."""
        for account in lost:
            if account in self._to_tell:
                self._to_tell.discard(account)
                self._lost.add(account)
        for account in returned:
            if account in self._lost:
                self._lost.discard(account)
                self._returned.discard(account)
                self._expect(account)

    def stands(self, lost: Collection[str], now: float) -> None:
        """Which links are lost by the tables: another station told, or a test ended and silence counts anew."""
        known = set(lost) & self._limit.keys()
        for account in self._lost - known:
            self._heard[account] = now
            self._expect(account)
        self._to_tell -= known
        self._lost = known
        self._returned &= known

    def _expect(self, account: str) -> None:
        if account not in self._in_due:
            self._in_due.add(account)
            heapq.heappush(self._due, (self._heard[account] + self._limit[account], account))
