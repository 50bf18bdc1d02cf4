"""Who is there in a random night: panels that dial again, operators who act, and somebody who follows a feed."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.frames import ack, sia

PASSWORD = "een lang wachtwoord"
Where = Callable[[], Sequence[tuple[tuple[str, int], str]]]
"""The DC-09 and HTTP addresses of the stations that there are now."""
_KINDS = ("FA", "BA", "TA", "WA", "GA")


@dataclass
class Panel:
    """Sends one signal after the other, and each again until a station has acknowledged it."""

    account: str
    chance: random.Random
    acknowledged: list[bytes] = field(default_factory=list)
    waited_s: float = 0.0
    sequence: int = 0
    unsure: bytes | None = None

    def work(self, where: Where, stop: threading.Event) -> None:
        """Until told to stop, and until what was sent last is acknowledged."""
        while not stop.is_set() or self.unsure is not None:
            stations = where()
            if not stations:
                threading.Event().wait(0.05)
                continue
            with contextlib.suppress(OSError):
                self._dial(self.chance.choice(stations)[0], stop)

    def _dial(self, address: tuple[str, int], stop: threading.Event) -> None:
        with socket.create_connection(address, timeout=3) as line:
            line.settimeout(4)
            while self.unsure is not None or not stop.is_set():
                if self.unsure is None:
                    self.sequence = self.sequence % 9999 + 1
                    zone = f"{self.chance.choice(_KINDS)}{self.chance.randrange(1, 20):02d}"
                    self.unsure = sia(self.account, self.sequence, f"Nri1/{zone}")
                line.sendall(self.unsure)
                reply = b""
                while not reply.endswith(b"\r"):
                    more = line.recv(200)
                    if not more:
                        return
                    reply += more
                if reply != ack(self.account, self.sequence):
                    return
                self.acknowledged.append(self.unsure)
                self.unsure = None
                threading.Event().wait(self.chance.uniform(0.02, 0.3))


@dataclass
class Act:
    """What an operator asked for, and whether the station said that it was done."""

    who: str
    what: str
    alarm: str
    done: bool


@dataclass
class Operator:
    """Signs in wherever a station answers, takes alarms, works on them, ends them. Every answer is noted."""

    login: str
    chance: random.Random
    history: list[Act] = field(default_factory=list)
    client: httpx.Client | None = None

    def work(self, where: Where, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            with contextlib.suppress(httpx.HTTPError, KeyError, ValueError):
                stations = where()
                if self.client is None and stations:
                    self._sign_in(self.chance.choice(stations)[1])
                if self.client is not None:
                    self._turn()
                    continue
            if self.client is not None:
                self.client.close()
            self.client = None
            threading.Event().wait(0.1)

    def _sign_in(self, url: str) -> None:
        client = httpx.Client(base_url=url, timeout=5)
        body = {"operator": self.login, "password": PASSWORD, "workstation": f"WS-{self.login}"}
        answer = client.post("/v1/session", json=body)
        if answer.status_code == 200:
            client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            self.client = client
        else:
            client.close()

    def _ask(self, path: str, **body: Any) -> httpx.Response:
        assert self.client is not None
        answer = self.client.post(path, json=body)
        if answer.status_code in (401, 503):
            raise httpx.ConnectError("signed out, or not now")
        return answer

    def _act(self, alarm: str, which: str, **body: Any) -> bool:
        act = Act(self.login, which, alarm, done=False)
        self.history.append(act)
        act.done = self._ask(f"/v1/alarms/{alarm}/{which}", **body).status_code == 200
        return act.done

    def _turn(self) -> None:
        self._ask("/v1/session/beat", active=True)
        taken = self._ask("/v1/alarms/take-next")
        if taken.status_code != 200:
            threading.Event().wait(0.2)
            return
        alarm = taken.json()["id"]
        self.history.append(Act(self.login, "take", alarm, done=True))
        self._act(alarm, "note", text="seen")
        what = self.chance.random()
        if what < 0.3:
            self._act(alarm, "release")
        elif what < 0.4:
            self._act(alarm, "park", minutes=1, reason="later")
        else:
            self._close(alarm)

    def _close(self, alarm: str) -> None:
        assert self.client is not None
        for _ in range(40):
            plan = self.client.get(f"/v1/alarms/{alarm}").json()["plan"]
            current = plan["current"]
            if current is None:
                break
            step = plan["steps"][current]
            if not self._act(alarm, "call", step=step["key"], outcome="skipped", why="night"):
                self._act(alarm, "step", step=step["key"])
        self._act(alarm, "seen", up_to=2**62)
        self._act(alarm, "close", disposition="no-cause", reason="night")


@dataclass
class Follower:
    """A console's feed, cut off with its station and resumed at another; the numbers that it was told, in order."""

    told: list[int] = field(default_factory=list)
    last_id: str | None = None

    def work(self, where: Where, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            for _dc09, url in where():
                with contextlib.suppress(httpx.HTTPError, OSError, KeyError, ValueError):
                    self._follow(url, stop)
            threading.Event().wait(0.1)

    def _follow(self, url: str, stop: threading.Event) -> None:
        with httpx.Client(base_url=url, timeout=4) as client:
            body = {"operator": "follower", "password": PASSWORD, "workstation": "WS-follower"}
            token = client.post("/v1/session", json=body).json()["token"]
            headers = {"Authorization": f"Bearer {token}"}
            if self.last_id is None:
                picture = client.get("/v1/picture", headers=headers).json()
                self.last_id = picture["event_id"]
                self.told.append(int(self.last_id.rpartition(":")[2]))
            headers["Last-Event-ID"] = self.last_id
            with client.stream("GET", "/v1/feed", headers=headers) as stream:
                event, identifier = "", ""
                for line in stream.iter_lines():
                    if stop.is_set():
                        return
                    if line.startswith("id: "):
                        identifier = line[4:]
                    elif line.startswith("event: "):
                        event = line[7:]
                    elif line.startswith("data: ") and event == "entry":
                        self.told.append(json.loads(line[6:])["entry"]["seq"])
                        self.last_id = identifier
                    elif line.startswith("data: ") and event == "fresh":
                        raise ValueError("a journal that went back")
