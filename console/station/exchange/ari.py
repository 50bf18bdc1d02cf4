"""Asterisk's REST interface: its requests over httpx, its events over a WebSocket. Knows nothing of alarms.

Whom a request calls is said in its body, never in its address: addresses end in logs (I9).
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from console.station.exchange.settings import ExchangeSettings

_ASK_S = 3.0
"""A console waits 4 s for its act."""
_SILENT_S = 4.0
"""An exchange that answers no ping for so long is away."""
_LARGEST_EVENT = 1024 * 1024


class AriAway(Exception):
    """The exchange does not answer, or not as one; the message says how, without numbers and secrets."""


class AriRefused(Exception):
    """The exchange answered, and will not."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class Ari:
    """One application at one Asterisk; use as an asynchronous context."""

    def __init__(self, settings: ExchangeSettings, app: str) -> None:
        self._settings = settings
        self.app = app
        self._client = httpx.AsyncClient(
            auth=httpx.BasicAuth(settings.user, settings.password),
            verify=settings.tls if settings.tls is not None else True,
            timeout=_ASK_S,
            # No proxy of the environment: the password goes to the exchange alone.
            trust_env=False,
        )

    async def __aenter__(self) -> Ari:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def call(self, channel: str, endpoint: str, name: str, timeout_s: int) -> None:
        """Ring a telephone; it shows ``name``. Once it is picked up, its channel starts in the application."""
        await self._ask(
            "POST",
            "/channels",
            endpoint=endpoint,
            app=self.app,
            channelId=channel,
            callerId=f'"{name}" <>',
            timeout=timeout_s,
        )

    async def prepare(self, channel: str, endpoint: str, originator: str) -> None:
        """Make a channel that dials nobody yet: put in the bridge first, it lets the network's own words be heard."""
        await self._ask(
            "POST",
            "/channels/create",
            endpoint=endpoint,
            app=self.app,
            channelId=channel,
            originator=originator,
        )

    async def dial(self, channel: str, timeout_s: int) -> None:
        """Have a prepared channel dial."""
        await self._ask("POST", f"/channels/{channel}/dial", timeout=timeout_s)

    async def bridge(self, bridge: str) -> None:
        """Make a bridge."""
        await self._ask("POST", "/bridges", type="mixing", bridgeId=bridge)

    async def join(self, bridge: str, channel: str) -> None:
        """Put a channel into a bridge."""
        await self._ask("POST", f"/bridges/{bridge}/addChannel", channel=channel)

    async def ring(self, channel: str, *, on: bool) -> None:
        """Let whoever picked up hear that it rings, or no longer."""
        await self._ask("POST" if on else "DELETE", f"/channels/{channel}/ring")

    async def hang_up(self, channel: str) -> None:
        """End a channel; one that is gone already is no trouble."""
        await self._end(f"/channels/{channel}")

    async def unbridge(self, bridge: str) -> None:
        """End a bridge; one that is gone already is no trouble."""
        await self._end(f"/bridges/{bridge}")

    async def channels(self) -> dict[str, str]:
        """Every channel there is and its state."""
        answer = await self._ask("GET", "/channels")
        found = answer.json()
        return {str(one["id"]): str(one["state"]) for one in found if isinstance(one, dict)}

    async def _end(self, path: str) -> None:
        try:
            await self._ask("DELETE", path)
        except AriRefused as refused:
            if refused.status != httpx.codes.NOT_FOUND:
                raise

    async def _ask(self, method: str, path: str, **body: Any) -> httpx.Response:
        try:
            answer = await self._client.request(method, self._settings.url + path, json=body or None)
        except (httpx.RequestError, OSError) as error:
            raise AriAway(type(error).__name__) from error
        if not answer.is_success:
            raise AriRefused(answer.status_code)
        return answer

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """The application's events, from when this is entered; :class:`AriAway` when they end."""
        known = f"{self._settings.user}:{self._settings.password}".encode()
        try:
            async with connect(
                f"{self._settings.events}?app={self.app}",
                additional_headers={"Authorization": f"Basic {base64.b64encode(known).decode()}"},
                ssl=self._settings.tls,
                proxy=None,
                open_timeout=_ASK_S,
                ping_interval=_SILENT_S,
                ping_timeout=_SILENT_S,
                close_timeout=1,
                max_size=_LARGEST_EVENT,
                user_agent_header=None,
                compression=None,
            ) as socket:
                yield _read(socket)
        except InvalidStatus as error:
            raise AriRefused(error.response.status_code) from error
        except (WebSocketException, OSError) as error:
            raise AriAway(type(error).__name__) from error


async def _read(socket: ClientConnection) -> AsyncIterator[dict[str, Any]]:
    async for message in socket:
        try:
            event = json.loads(message)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event
