"""pysiaalarm's own server, as a program of its own: the peer that the station is measured beside."""

from __future__ import annotations

import asyncio
import logging
import sys

from console.bench.load import CONNECTIONS, account


async def serve(key: str | None) -> None:
    """Serve until standard input ends."""
    from pysiaalarm.account import SIAAccount
    from pysiaalarm.aio.client import SIAClient
    from pysiaalarm.event import SIAEvent

    # What it says of each frame would cost it more than the frame.
    logging.disable()

    async def take(_event: SIAEvent) -> None:
        """Store nothing: that is the peer's lightest load."""

    accounts = [SIAAccount(account(nth), key, allowed_timeband=None) for nth in range(CONNECTIONS)]
    client = SIAClient("127.0.0.1", int(sys.argv[1]), accounts, take)  # type: ignore[abstract]
    await client.async_start(reuse_port=True)
    print(f"ready {sys.argv[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await client.async_stop()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[2] if len(sys.argv) > 2 else None))
