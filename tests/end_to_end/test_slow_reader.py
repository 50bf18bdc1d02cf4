"""Whoever reads an export slowly, or not at all, keeps nothing of the station from going on (I1)."""

from __future__ import annotations

import array
import asyncio
import fcntl
import json
import subprocess
import termios
import time
from pathlib import Path
from typing import IO

from tests.console.station.house import SITE, open_house
from tests.frames import sia
from tests.programs import VIGIE, exported, where

_FULL = 60_000


def waiting_in(pipe: IO[bytes]) -> int:
    """Bytes that nobody has read yet."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


async def test_an_export_that_nobody_reads_does_not_keep_the_log_from_being_brought_back(tmp_path: Path) -> None:
    place = tmp_path / "data"
    async with open_house(place) as house:
        await house.bring_in(SITE)
        line = await house.line()
        for number in range(1, 201):
            await line.say(sia("1001", number, f"Nri1/BA{number % 64:02d}"))
        words = [*VIGIE, "journal", "export", *where(place)]
        child = await asyncio.to_thread(lambda: subprocess.Popen(words, stdout=subprocess.PIPE))
        try:
            assert child.stdout is not None
            until = time.monotonic() + 60
            while waiting_in(child.stdout) < _FULL:
                assert time.monotonic() < until
                assert child.poll() is None, "it ended: there is too little in the journal for this test"
            await line.say(sia("1001", 300, "Nri1/BA07"))
            assert await house.station.database.leave_nothing(), "the export stands still inside of a snapshot"
            said = [json.loads(one) for one in child.stdout]
            assert child.wait(60) == 0
        finally:
            child.kill()
            child.wait()
        whole = exported(place)
        assert said == whole[: len(said)]
        assert len(said) < len(whole), "what came after it began is not in it"
