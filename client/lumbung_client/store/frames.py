"""Frames of a journal as bytes and back. Pure: `docs/storage-format.md` describes every byte."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lumbung_client.store.durable import StoreUnreadable
from lumbung_shared.canonical import Json

MAGIC = b"LUMBUNGJ"
VERSION = 1
HEADER = struct.Struct("<8sII")  # magic, version, reserved
PREFIX = struct.Struct("<IIBBH")  # payload length, checksum, key id, cipher, reserved
_MARKS = struct.Struct("<BBH")
_PLAIN = bytes(_MARKS.size)


class Change(NamedTuple):
    """One operation on the store: what stands under `key` of `table` from now on; None removes it."""

    table: str
    key: str
    value: dict[str, Json] | None


@dataclass(frozen=True)
class Reading:
    """What the bytes of a journal hold.

    `good`: bytes from the start that are whole frames; `rest`: bytes after them. `damaged`: whole frames follow
    the bad place, so that it is no torn end.
    """

    batches: tuple[tuple[Change, ...], ...]
    good: int
    rest: int
    damaged: bool


def header() -> bytes:
    """Return the bytes a journal begins with."""
    return HEADER.pack(MAGIC, VERSION, 0)


def frame(changes: tuple[Change, ...]) -> bytes:
    """Return the frame of one batch of changes."""
    payload = json.dumps([list(change) for change in changes], separators=(",", ":"), allow_nan=False).encode()
    return PREFIX.pack(len(payload), _checksum(len(payload), _PLAIN, payload), 0, 0, 0) + payload


def changes_in(data: bytes) -> tuple[Change, ...]:
    """Return the changes of one whole frame."""
    return _changes(memoryview(data)[PREFIX.size :])


def read(content: bytes) -> Reading:
    """Read a journal. A torn or damaged end is told apart and left out.

    Raises StoreUnreadable when the file is not a journal, or was written in a newer format.
    """
    if len(content) < HEADER.size and (header().startswith(content) or not any(content)):
        return Reading((), 0, len(content), False)  # it was being made when the power went
    magic, version, _ = HEADER.unpack_from(content.ljust(HEADER.size, b"\0"))
    if magic != MAGIC:
        raise StoreUnreadable("this is not a journal")
    if version > VERSION:
        raise StoreUnreadable(f"the journal has format {version}; this release reads up to {VERSION}")
    batches: list[tuple[Change, ...]] = []
    place = HEADER.size
    while place < len(content):
        payload = _payload_at(content, place)
        if payload is None:
            return Reading(tuple(batches), place, len(content) - place, _frames_follow(content, place + 1))
        batches.append(_changes(payload))
        place += PREFIX.size + len(payload)
    return Reading(tuple(batches), place, 0, False)


def _checksum(length: int, marks: bytes, payload: bytes | memoryview) -> int:
    return zlib.crc32(payload, zlib.crc32(struct.pack("<I", length) + marks))


def _payload_at(content: bytes, place: int) -> memoryview | None:
    """Return the payload of the whole, sound frame at `place`, if there is one."""
    start = place + PREFIX.size
    if start > len(content):
        return None
    length, checksum, key, cipher, _ = PREFIX.unpack_from(content, place)
    if start + length > len(content):
        return None
    payload = memoryview(content)[start : start + length]
    if _checksum(length, content[start - _MARKS.size : start], payload) != checksum:
        return None
    if key or cipher:
        raise StoreUnreadable("the journal is encrypted; this release cannot read it")
    return payload


def _frames_follow(content: bytes, place: int) -> bool:
    return any(_payload_at(content, candidate) is not None for candidate in _candidates(content, place))


def _candidates(content: bytes, place: int) -> Iterator[int]:
    """Yield where a frame might begin: its four bytes of key, cipher and reserved are zero, JSON holds no zero."""
    marks_at = PREFIX.size - _MARKS.size
    found = content.find(_PLAIN, place + marks_at)
    while found >= 0:
        if PREFIX.unpack_from(content, found - marks_at)[0]:
            yield found - marks_at
        found = content.find(_PLAIN, found + 1)


def _changes(payload: memoryview) -> tuple[Change, ...]:
    try:
        wire = json.loads(bytes(payload))
    except ValueError as error:
        raise StoreUnreadable("a sound frame is not JSON") from error
    if not isinstance(wire, list) or not all(isinstance(item, list) and len(item) == 3 for item in wire):
        raise StoreUnreadable("a sound frame does not hold changes")
    return tuple(Change(*item) for item in wire)
