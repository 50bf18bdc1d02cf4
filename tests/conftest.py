"""What all tests share."""

from __future__ import annotations

import os

from console.station import log

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
log.to_standard_error()

pytest_plugins = ["tests.databases"]
