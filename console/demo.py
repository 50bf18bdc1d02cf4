"""``vigie demo``: the sample station in a temporary folder, its panels and the console; everything ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from console.simulator import plans
from console.simulator.__main__ import SEED
from console.simulator.sample import Sample, Site, Testing, make, write

PASSWORD = "vigie-demo"
SENTENCE = (
    f"Demo: sign in as operator or supervisor, password {PASSWORD}. Invented sites; everything is deleted at the end."
)
_OPERATORS = (("operator", "operator", "O. Demo"), ("supervisor", "supervisor", "S. Demo"))
_WORKSTATION = "Demo set-up"
_READY = re.compile(r"ready dc09=(?P<dc09>\S+) http=(?P<http>\S+)")
_READY_WITHIN_S = 60.0
_END_WITHIN_S = 15.0
_HTTP_WITHIN_S = 30.0


class DemoFailed(Exception):
    """The demo cannot go on; the message is a sentence."""


def run_demo(*, headless: bool, load: float | None) -> int:
    """Run until the console is closed, or SIGTERM or SIGINT; exit status 1 when a part ended unexpectedly."""
    return asyncio.run(_run(headless, load))


async def _run(headless: bool, load: float | None) -> int:
    """The demo, ended by a signal at any moment."""
    loop, work = asyncio.get_running_loop(), asyncio.create_task(_demo(headless, load))
    asked = False

    def ask() -> None:
        # A second signal must not break off the tidying up.
        nonlocal asked
        if not asked:
            asked = True
            work.cancel()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # Under nohup the hang-up stays without effect.
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, ask)
    try:
        await work
    except asyncio.CancelledError:
        return 0
    except DemoFailed as failure:
        _say(str(failure))
        return 1
    return 0


async def _demo(headless: bool, load: float | None) -> None:
    with tempfile.TemporaryDirectory(prefix="vigie-demo-", ignore_cleanup_errors=True) as name:
        async with contextlib.AsyncExitStack() as stack:
            await _play(Path(name), _Children(stack), headless, load)


async def _play(folder: Path, children: _Children, headless: bool, load: float | None) -> None:
    _say("A sample station is being prepared; this takes a few seconds.")
    sample = make(SEED, datetime.now(UTC))
    await _vigie("site", "import", *_data(folder), str(write(sample, folder)))
    station = await children.start("station", str(folder), SENTENCE)
    ready, dc09, http = await _until_ready(station)
    await _add_staff(folder)
    await _put_in_test(f"http://{http}", sample)
    words = ["--load", str(load)] if load is not None else []
    simulator = await children.start("simulator", "--dc09", dc09, "--seed", str(SEED), *words)
    ends = {"The station": station, "The simulator": simulator}
    if headless:
        print(ready, flush=True)
        print(
            f"A console: vigie console --station http://{http}, as operator or supervisor, password {PASSWORD}.",
            flush=True,
        )
    else:
        ends["The console"] = await children.start("vigie", "console", "--station", f"http://{http}")
    who, status = await _first_to_end(ends)
    if who != "The console" or status != 0:
        raise DemoFailed(f"{who} ended unexpectedly (exit status {status}); the demo ends.")


def _data(folder: Path) -> list[str]:
    return ["--data", str(folder / "station")]


async def _add_staff(folder: Path) -> None:
    """Whoever can sign in; the running station adds them, so that both commands can run at once."""
    await asyncio.gather(
        *(
            _vigie("operator", "add", *_data(folder), login, "--role", role, "--full-name", name, stdin=PASSWORD)
            for login, role, name in _OPERATORS
        )
    )


async def _vigie(*words: str, stdin: str = "") -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "console", *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await process.communicate(f"{stdin}\n".encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise DemoFailed(f"The sample station cannot be prepared: vigie {words[0]} {words[1]} failed.")


async def _until_ready(station: asyncio.subprocess.Process) -> tuple[str, str, str]:
    """(the station's line, its DC-09 address, its HTTP address)"""
    assert station.stdout is not None
    try:
        async with asyncio.timeout(_READY_WITHIN_S):
            line = (await station.stdout.readline()).decode().strip()
    except TimeoutError:
        raise DemoFailed(f"The station was not ready within {_READY_WITHIN_S:.0f} s.") from None
    found = _READY.match(line)
    if found is None:
        raise DemoFailed("The station did not start.")
    return line, found["dc09"], found["http"]


async def _put_in_test(url: str, sample: Sample) -> None:
    """Some sites are in test as the evening begins, put there as a supervisor would do it."""
    async with httpx.AsyncClient(base_url=url, timeout=_HTTP_WITHIN_S, trust_env=False) as http:
        try:
            credentials = {"operator": "supervisor", "password": PASSWORD, "workstation": _WORKSTATION}
            session = (await http.post("/v1/session", json=credentials)).raise_for_status().json()
            http.headers["Authorization"] = f"Bearer {session['token']}"
            for test in sample.tests:
                await _begin(http, test, next(site for site in sample.sites if site.number == test.site))
            await _write_procedures(http, sample)
            (await http.delete("/v1/session")).raise_for_status()
        except httpx.HTTPError as error:
            raise DemoFailed(f"The station refused to be prepared: {error}.") from error


async def _begin(http: httpx.AsyncClient, test: Testing, site: Site) -> None:
    body: dict[str, Any] = {"why": test.why, "ticket": test.ticket}
    if test.zones:
        zones = [{"area": zone.area, "zone": zone.number} for zone in test.zones]
        body["scope"] = {"whole": False, "zones": zones, "kinds": ["intrusion", "tamper"]}
    if test.ends_after_h is not None:
        body["ends_at"] = (datetime.now(UTC) + timedelta(hours=test.ends_after_h)).isoformat()
    if test.asked_by:
        body["asked"] = await _identified(http, test, site)
    (await http.post(f"/v1/sites/{test.site}/tests", json=body)).raise_for_status()


async def _identified(http: httpx.AsyncClient, test: Testing, site: Site) -> dict[str, Any]:
    """The contact who asked, known by their code word (A4)."""
    file = (await http.get(f"/v1/sites/{test.site}/file")).raise_for_status().json()
    contact = next(one for one in file["contacts"] if one["name"] == test.asked_by)
    word = next(one.code_word for one in site.contacts if one.name == test.asked_by)
    path = f"/v1/sites/{test.site}/contacts/{contact['id']}/identify"
    found = (await http.post(path, json={"word": word})).raise_for_status().json()
    return {"contact": contact["id"], "identified": found["entry"]}


async def _write_procedures(http: httpx.AsyncClient, sample: Sample) -> None:
    for site in plans.group(sample):
        file = (await http.get(f"/v1/sites/{site}/file")).raise_for_status().json()
        details = {**file["details"], "group": plans.GROUP, "keys": f"key box KB-{site.removeprefix('S-1')}"}
        body = {"part": "details", "value": details, "version": 0}
        (await http.post(f"/v1/sites/{site}/file", json=body)).raise_for_status()
    for given in plans.procedures(sample):
        (await http.post("/v1/procedures", json={"procedure": given, "version": 0})).raise_for_status()


async def _first_to_end(ends: dict[str, asyncio.subprocess.Process]) -> tuple[str, int]:
    """Whose end comes first, and its exit status."""
    waiting = {asyncio.create_task(process.wait()): who for who, process in ends.items()}
    try:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    # Where several ended at once, the one that others depend on is told.
    first = min(done, key=lambda task: list(waiting).index(task))
    return waiting[first], first.result()


class _Children:
    """The demo's processes: ended in the opposite order of their start, and by themselves where the demo is gone."""

    def __init__(self, stack: contextlib.AsyncExitStack) -> None:
        self._stack = stack

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        """Start a part. Its standard input is held open as the sign that the demo lives."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "console.demo_child", *words),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE if words[0] == "station" else None,
            # Ctrl+C reaches the demo alone, which ends its parts in order.
            start_new_session=True,
        )
        self._stack.push_async_callback(_end, process)
        return process


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_END_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _say(sentence: str) -> None:
    print(f"vigie: {sentence}", file=sys.stderr, flush=True)
