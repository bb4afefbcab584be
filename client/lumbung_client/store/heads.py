"""The head of a store: which format it has, and which opening of it is in force. Pure."""

from __future__ import annotations

import struct

from lumbung_client.store.durable import StoreUnreadable

HEAD = "journal"
"""The head's name: that of the whole journal in format 1, so that a release that knows only that one stops here."""
VERSION = 2
MAGIC = b"LUMBUNGJ"
REVISION = 0
"""How many times something was added to the format that a release which does not know it may leave alone."""
_START = struct.Struct("<8sII")  # magic, version, revision; the whole of it in format 1
_GENERATION = struct.Struct("<Q")
_GENERATIONS = 1 << 8 * _GENERATION.size
SIZE = _START.size + _GENERATION.size
_KIND = struct.pack("<8sI", MAGIC, VERSION)
FRAMES_OF_FORMAT_1 = _START.size


class NotAHead(StoreUnreadable):
    """The file is no head of a store."""


def start(revision: int = REVISION) -> bytes:
    """Return the bytes that a head begins with: those of format 1 but for one, and the revision."""
    return _START.pack(MAGIC, VERSION, revision)


def head(generation: int, revision: int = REVISION) -> bytes:
    """Return the bytes of a head."""
    return start(revision) + _GENERATION.pack(generation)


def version_of(content: bytes) -> int:
    """Return the format of a store by the first bytes of its head; 0 for a head that was only being made.

    Raises NotAHead, and StoreUnreadable when it is of a newer format.
    """
    first = content[: _START.size].ljust(_START.size, b"\0")
    magic, version, _ = _START.unpack(first)
    if version != VERSION - 1 and all(byte in (0, whole) for byte, whole in zip(first, _KIND, strict=False)):
        return VERSION if magic == MAGIC and version == VERSION else 0
    if magic != MAGIC:
        raise NotAHead("this is not a journal")
    if version > VERSION:
        raise StoreUnreadable(f"the journal has format {version}; this release reads up to {VERSION}")
    return int(version)


def revision_of(content: bytes) -> int:
    """Return the revision that a store of this format was last written in: it never falls, whoever opens it."""
    first = content[: _START.size]
    if len(first) < _START.size:
        return REVISION
    magic, version, stored = _START.unpack(first)
    return max(int(stored), REVISION) if (magic, version) == (MAGIC, VERSION) else REVISION


def next_generation(content: bytes) -> int:
    """Return the number of the opening that follows the one in force. Behind the last, which only damage writes: 0."""
    return (generation_of(content) + 1) % _GENERATIONS


def generation_of(content: bytes) -> int:
    """Return the number of the opening that is in force; 0 before the first."""
    stored = content[_START.size : SIZE]
    return int(_GENERATION.unpack(stored)[0]) if len(stored) == _GENERATION.size else 0
