"""A panel that sends a signal each tenth of a second until its input ends; prints the milliseconds to each ACK."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime

from console.simulator import signals
from console.simulator.frames import Writer

EVERY_S = 0.1


async def knock(port: int) -> None:
    """Send, wait, note; standard input says when to end."""
    loop = asyncio.get_running_loop()
    ended = loop.run_in_executor(None, sys.stdin.read)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    panel, nth = Writer("FFFFFF", "SIA-DCS"), 0
    while not ended.done():
        began = time.perf_counter()
        signal = signals.Signal(signals.INTRUSION, "1", str(nth % 8 + 1))
        nth += 1
        writer.write(panel.event(signal, nth % 9999 + 1, datetime.now(UTC)))
        await reader.readuntil(b"\r")
        spent = time.perf_counter() - began
        print(f"{spent * 1000:.2f}", flush=True)
        await asyncio.sleep(max(0.0, EVERY_S - spent))
    writer.close()


if __name__ == "__main__":
    asyncio.run(knock(int(sys.argv[1])))
