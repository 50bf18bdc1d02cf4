"""A small server that speaks what a real Asterisk 22.10.1 was recorded saying: requests, and events in their order."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.console.station.exchange.asterisk import PASSWORD, USER

_TAKES = {"02": "busy", "03": "never", "04": "refused", "05": "unknown", "06": "short"}
"""By the last digits of a number; any other is answered."""
_KNOWN = ("PJSIP/201", "PJSIP/299")
_ALLOWED = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"


class _Take:
    """One recorded call, played as far as what was asked so far."""

    def __init__(self, app: str, operator: str) -> None:
        self.app, self.operator, self.far, self.number = app, operator, "", ""
        self.left = self._read("answered")

    def _read(self, name: str) -> list[dict[str, Any]]:
        lines = (Path(__file__).parent / "recorded" / f"{name}.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def prepared(self, far: str, endpoint: str) -> None:
        """The number is known now, and with it how this call goes."""
        self.far, self.number = far, endpoint.removeprefix("PJSIP/").partition("@")[0]
        self.left = [one for one in self._read(_TAKES.get(self.number[-2:], "answered")) if one["after"] != "call"]

    def until(self, asked: str) -> list[dict[str, Any]]:
        """What is told after ``asked``."""
        told = [one["event"] for one in self.left if one["after"] == asked]
        self.left = [one for one in self.left if one["after"] != asked]
        names = {"{operator}": self.operator, "{far}": self.far, "{app}": self.app, "{number}": self.number}
        text = json.dumps(told)
        for name, value in names.items():
            text = text.replace(name, value)
        found: list[dict[str, Any]] = json.loads(text)
        return found


class Recorded:
    """Stands in for :class:`tests.console.station.exchange.asterisk.Asterisk`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self._takes: list[_Take] = []
        self._channels: dict[str, str] = {}
        self._listeners: set[WebSocket] = set()
        self._telling: set[asyncio.Task[None]] = set()
        self._socket = self._listen(0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/ari"
        self._app = Starlette(
            routes=[
                Route("/ari/{path:path}", self._answer, methods=["GET", "POST", "DELETE"]),
                WebSocketRoute("/ari/events", self._events),
            ]
        )

    def _listen(self, port: int) -> socket.socket:
        found = socket.socket()
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(("127.0.0.1", port))
        return found

    async def start(self) -> None:
        """Serve."""
        port = int(self.url.split(":")[2].split("/")[0])
        if self._socket.fileno() == -1:
            self._socket = self._listen(port)
        config = uvicorn.Config(self._app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._serving = asyncio.get_running_loop().create_task(self._server.serve([self._socket]))
        while not self._server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Everything that was up there is gone."""
        for listener in list(self._listeners):
            await listener.close(1012)
        self._server.should_exit = True
        await self._serving
        self._socket.close()
        self._channels.clear()
        self._takes.clear()

    async def channels(self) -> list[str]:
        """What is up there now."""
        return list(self._channels)

    async def _events(self, socket_: WebSocket) -> None:
        if socket_.headers.get("authorization") != _ALLOWED:
            await socket_.close()
            return
        await socket_.accept()
        self._listeners.add(socket_)
        try:
            while True:
                await socket_.receive_text()
        except WebSocketDisconnect:
            self._listeners.discard(socket_)

    async def _answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != _ALLOWED:
            return JSONResponse({"message": "Authentication required"}, 401)
        path, raw = request.path_params["path"], await request.body()
        body = json.loads(raw) if raw else {}
        self.asked.append((request.method, path, body))
        if request.method == "GET":
            return JSONResponse([{"id": name, "state": state} for name, state in self._channels.items()])
        if path == "channels":
            if body["endpoint"] not in _KNOWN:
                return JSONResponse({"error": "Allocation failed"}, 500)
            self._channels[body["channelId"]] = "Down"
            take = _Take(body["app"], body["channelId"])
            self._takes.append(take)
            self._tell([] if body["endpoint"] == "PJSIP/299" else take.until("call"))
            return JSONResponse({"id": body["channelId"]})
        if path == "channels/create":
            take = next(take for take in self._takes if take.operator == body["originator"])
            self._channels[body["channelId"]] = "Down"
            take.prepared(body["channelId"], body["endpoint"])
            self._tell(take.until("prepare"))
            return JSONResponse({"id": body["channelId"]})
        return self._of_one(request.method, path)

    def _of_one(self, method: str, path: str) -> Response:
        kind, name, *rest = path.split("/") if "/" in path else (path, "")
        if kind == "channels" and name not in self._channels:
            return JSONResponse({"message": "Channel not found"}, 404)
        if rest == ["dial"]:
            self._tell(next(take for take in self._takes if take.far == name).until("dial"))
        elif method == "DELETE" and kind == "channels" and not rest:
            take = next(take for take in self._takes if name in (take.operator, take.far))
            left = take.until("end")
            self._tell(left or [_gone(name)])
        return Response(status_code=204)

    def _tell(self, events: list[dict[str, Any]]) -> None:
        async def tell() -> None:
            for event in events:
                channel = event.get("channel") or event["peer"]
                if event["type"] == "ChannelHangupRequest" and "cause" not in event:
                    await asyncio.sleep(0.4)
                self._channels[channel["id"]] = channel["state"]
                if event["type"] == "ChannelDestroyed":
                    self._channels.pop(channel["id"], None)
                for listener in list(self._listeners):
                    await listener.send_text(json.dumps(event))
                await asyncio.sleep(0.01)

        task = asyncio.get_running_loop().create_task(tell())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)


def _gone(name: str) -> dict[str, Any]:
    """Of a telephone that was never picked up."""
    return {
        "type": "ChannelDestroyed",
        "cause": 16,
        "cause_txt": "Normal Clearing",
        "channel": {"id": name, "state": "Down"},
    }
