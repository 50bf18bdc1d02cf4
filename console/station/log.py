"""Where the station's log goes: standard error, a line an event. A log that cannot be written stops nothing."""

from __future__ import annotations

import contextlib
import logging
import sys

import structlog


class _StandardError:
    """Standard error as it is when something is written.

    A full disk, a reader that has gone or a closed file must never reach whoever logs: the journal's writer logs just
    when something else is wrong already, and panels and operators wait for it (I1).
    """

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()


def to_standard_error() -> None:
    """Log there from now on, without secrets by the hand of whoever logs (I9)."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=_StandardError()),  # type: ignore[arg-type]
    )
