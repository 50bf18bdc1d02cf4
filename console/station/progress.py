"""A bar for long work of a subcommand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer


@contextmanager
def progress(length: int, title: str) -> Iterator[Any]:
    """A bar on a terminal, and nothing where nobody looks."""
    hidden = not sys.stderr.isatty()
    with typer.progressbar(length=length, label=f"{title:10}", file=sys.stderr, hidden=hidden) as bar:
        yield bar
