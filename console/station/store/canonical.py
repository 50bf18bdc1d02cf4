"""JSON in one form only, as the chain hashes it: no blanks. The encoders are made once, not for each value."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder
from typing import Any


def _maker(*, ascii_only: bool, sort_keys: bool) -> Callable[[Any], str]:
    whole = json.JSONEncoder(ensure_ascii=ascii_only, separators=(",", ":"), sort_keys=sort_keys)
    made: Any = getattr(encoder, "c_make_encoder", None)
    if made is None:
        return whole.encode
    text = encoder.encode_basestring_ascii if ascii_only else encoder.encode_basestring
    # What JSONEncoder.encode makes anew for each value; without the watch for values that contain themselves.
    chunks = made(None, whole.default, text, None, ":", ",", sort_keys, False, True)
    join = "".join
    return lambda value: join(chunks(value, 0))


chained = _maker(ascii_only=True, sort_keys=False)
"""Lists of columns under the hash chain: everything outside ASCII is escaped."""
readable = _maker(ascii_only=False, sort_keys=True)
"""What an entry says in its ``data``: keys in order."""
