"""``python -m console`` is ``vigie``."""

from console.cli import main

main()
