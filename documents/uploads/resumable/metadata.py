"""`Upload-Metadata` and `Upload-Checksum`: values in base64 that a client may have made up."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode
from typing import Any, NamedTuple

LONGEST = 8_192  # characters of the header
MOST_PAIRS = 20
ALGORITHMS = ("sha1", "sha256")


class BadMetadata(Exception):
    """The header is not what tus makes of it; the message says why."""


class UnknownChecksum(Exception):
    """No checksum that can be held against the bytes."""


def parse(header: str) -> dict[str, str]:
    """The pairs of the header; text that is not UTF-8 is refused, an empty value is one."""
    if len(header) > LONGEST:
        raise BadMetadata(f"Upload-Metadata has more than {LONGEST} characters.")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        if key in found or len(found) >= MOST_PAIRS:
            raise BadMetadata("Upload-Metadata names a key twice, or too many of them.")
        found[key] = _decoded(value.strip())
    return found


def _decoded(value: str) -> str:
    try:
        return b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):  # ValueError: letters that are not ASCII, or no UTF-8.
        raise BadMetadata("A value of Upload-Metadata is not UTF-8 in base64.") from None


class Checksum(NamedTuple):
    """What the bytes of one request are to have, and what they have so far."""

    wanted: bytes
    running: Any

    @classmethod
    def of(cls, header: str) -> Checksum | None:
        """None where the client sent none. Raises `UnknownChecksum`."""
        if not header:
            return None
        name, _, value = header.strip().partition(" ")
        if name not in ALGORITHMS:
            raise UnknownChecksum(name)
        try:
            wanted = b64decode(value.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise UnknownChecksum(name) from None
        # Not for secrecy: it finds bytes that changed on their way.
        return cls(wanted, hashlib.new(name, usedforsecurity=False))

    @property
    def matches(self) -> bool:
        return bool(self.running.digest() == self.wanted)
