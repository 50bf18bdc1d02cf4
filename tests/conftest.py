"""What all tests share."""

from __future__ import annotations

import os

from argon2 import PasswordHasher

from console.station import log, passwords

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
log.to_standard_error()
# The real parameters take a tenth of a second of processor for each password and PIN. What most tests ask is who may do
# what; test_passwords.py asks for the real ones, of the real program.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

pytest_plugins = ["tests.databases"]
