"""``python -m console.simulator``: the sample's panels dial a station that has the sample imported."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import time
from datetime import UTC, datetime

from console.simulator import run
from console.simulator.sample import make

SEED = 1
_COUNTS_EVERY_S = 10.0


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m console.simulator", description=__doc__)
    parser.add_argument("--dc09", required=True, metavar="HOST:PORT", help="the station's DC-09 port")
    parser.add_argument("--seed", type=int, default=SEED, help="which sample and which evening")
    parser.add_argument("--speed", type=_above_zero, default=1.0, metavar="X", help="how fast the evening goes by")
    parser.add_argument("--load", type=_above_zero, metavar="N", help="N signals a second instead of an evening")
    parser.add_argument("--verbose", action="store_true", help="a line of counts every 10 s")
    words = parser.parse_args()
    host, _, port = words.dc09.rpartition(":")
    if not host or not port.isdecimal():
        parser.error("--dc09: HOST:PORT")
    asyncio.run(_run(host.strip("[]"), int(port), words))
    return 0


async def _run(host: str, port: int, words: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sample = make(words.seed, datetime.now(UTC))
    reporter = _Reporter(words.verbose)
    if words.load:
        counts = await run.run_load(sample, host, port, words.load, stop=stop, report=reporter)
    else:
        counts = await run.run_evening(sample, host, port, stop=stop, speed=words.speed, report=reporter)
    print(f"vigie simulator: {counts}.", file=sys.stderr)


class _Reporter:
    """Says the counts now and then, where that is wanted."""

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose
        self._next = time.monotonic() + _COUNTS_EVERY_S

    def __call__(self, counts: run.Counts) -> None:
        if self._verbose and time.monotonic() >= self._next:
            self._next += _COUNTS_EVERY_S
            print(f"vigie simulator: {counts}.", file=sys.stderr, flush=True)


def _above_zero(given: str) -> float:
    number = float(given)
    if not number > 0:
        raise argparse.ArgumentTypeError("a number above 0")
    return number


if __name__ == "__main__":
    sys.exit(main())
