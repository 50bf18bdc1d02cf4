"""The station's background duties kept going: whatever ends one, it is told and begun again (I4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from console.station.clock import Clock

_log = structlog.get_logger("vigie.duties")
_SOON_S, _LATEST_S = 0.5, 30.0
"""Until a duty that broke off is begun again: at first, and where it breaks off again and again."""
_TOLD_S = 120.0


class Tending:
    """Duties by name. A station never ends because one of them met an error that nobody thought of."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []
        self._broken_off: dict[str, float] = {}
        """When, by the monotonic clock."""

    def begin(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do ``work``, which never ends, as a task; from its beginning again where it ends all the same."""
        self._tasks.append(asyncio.get_running_loop().create_task(self._tend(name, work)))

    async def _tend(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        wait_s = _SOON_S
        while True:
            begun = self._clock.monotonic()
            try:
                await work()
                _log.error("a duty came to its end", duty=name)
            except Exception as error:
                _log.error("a duty broke off", duty=name, exc_info=error)
            self._broken_off[name] = now = self._clock.monotonic()
            await asyncio.sleep(wait_s)
            wait_s = _SOON_S if now - begun > _LATEST_S else min(2 * wait_s, _LATEST_S)

    def told(self) -> dict[str, str]:
        """Sentences about what broke off in the last minutes, by duty."""
        since = self._clock.monotonic() - _TOLD_S
        return {
            name: f"The station's duty '{name}' broke off and was begun again"
            for name, at in self._broken_off.items()
            if at > since
        }

    async def end(self) -> None:
        """Let go of all of them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
