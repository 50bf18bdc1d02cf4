"""A part of the demo, as a process that ends when the demo does, however the demo ends.

The demo holds the other end of standard input. When the demo is gone, be it by SIGKILL, that end closes, and this
process ends itself. Run as ``python -m console.demo_child`` with ``station FOLDER SENTENCE``, ``simulator WORDS`` or
``vigie WORDS``.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from pathlib import Path

_LAST_WORDS_S = 15.0


def main() -> int:
    """Run the part that is named, watched."""
    orphaned = threading.Event()
    threading.Thread(target=_watch, args=(orphaned,), daemon=True).start()
    part, *words = sys.argv[1:]
    if part == "station":
        folder, sentence = Path(words[0]), words[1]
        from console.station.run import run_station

        status = run_station(
            folder / "station", None, "127.0.0.1:0", "127.0.0.1:0", None, None, sentence, source_rate=0
        )
        if orphaned.is_set():
            # Nobody else is left to remove it.
            shutil.rmtree(folder, ignore_errors=True)
        return status
    if part == "simulator":
        from console.simulator.__main__ import main as simulate

        sys.argv = ["console.simulator", *words]
        return simulate()
    from console.cli import main as vigie

    sys.argv = ["vigie", *words]
    vigie()
    return 0


def _watch(orphaned: threading.Event) -> None:
    descriptor = sys.stdin.fileno()
    while os.read(descriptor, 1024):
        pass
    orphaned.set()
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_LAST_WORDS_S)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
