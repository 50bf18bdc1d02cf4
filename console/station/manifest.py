"""What a backup says of itself, signed by the station whose backup it is (issue 15, B.4; I5).

Digests alone say that a file is what the manifest names. Whoever can change a file can change its digest beside it, so
that the manifest carries an Ed25519 signature by the key that seals the journal, over all of it but the signature.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Manifest = dict[str, Any]


class ManifestRefused(Exception):
    """The station did not sign it; the message is a sentence."""


def signed(manifest: Manifest, key: Ed25519PrivateKey) -> Manifest:
    """The same with the station's signature."""
    return {**manifest, "signature": base64.b64encode(key.sign(_message(manifest))).decode()}


def is_signed(manifest: Manifest) -> bool:
    """Whether it has a signature; earlier versions wrote none."""
    return "signature" in manifest


def check(manifest: Manifest, key: Ed25519PrivateKey) -> None:
    """:class:`ManifestRefused` unless ``key`` signed exactly this."""
    try:
        given = base64.b64decode(manifest["signature"], validate=True)
        key.public_key().verify(given, _message(manifest))
    except (InvalidSignature, binascii.Error, KeyError, ValueError, TypeError):
        raise ManifestRefused(
            "The manifest of this backup is not signed by the station whose keys these are."
        ) from None


def _message(manifest: Manifest) -> bytes:
    said = {name: value for name, value in manifest.items() if name != "signature"}
    return json.dumps(["backup", said], sort_keys=True, separators=(",", ":")).encode()
