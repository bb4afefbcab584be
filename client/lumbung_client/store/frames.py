"""Frames as bytes and back: a length, a checksum, a payload. Pure: `docs/storage-format.md` describes every byte."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lumbung_client.store.durable import StoreUnreadable
from lumbung_shared.canonical import Json

PREFIX = struct.Struct("<IIBBH")  # payload length, checksum, key id, cipher, reserved
_CHECKED = struct.Struct("<IBBH")  # what the checksum covers besides the payload
_PLACE = struct.Struct("<8sIQ")  # magic and number of the file, offset in it
_OPENING = re.compile(rb"(?<=\0\0\0\0)[\[{]")  # zeros for key, cipher and reserved, then a list or an object begins
_SPARE = 100
"""Levels by which stored JSON may be opened deeper in the program than it was saved."""

Seed = Callable[[int], int]
"""What the checksum of a frame begins with, by the frame's offset."""


class Change(NamedTuple):
    """One operation on the store: what stands under `key` of `table` from now on; None removes it."""

    table: str
    key: str
    value: dict[str, Json] | None


class Known(dict[str, Json]):
    """A value written by who knows the keys `known`, and no others: what a newer release put beside them stays."""

    def __init__(self, value: Mapping[str, Json], known: frozenset[str]) -> None:
        super().__init__(value)
        self.known = known


class Gap(NamedTuple):
    """Bytes from `start` to before `end` that are no sound frame."""

    start: int
    end: int


@dataclass(frozen=True)
class Scan:
    """The sound frames of a file. `last`: where the last one begins; `good`: where it ends; `gaps`: what lies between
    sound frames and is none. What follows `good` is no sound frame either.
    """

    payloads: tuple[bytes, ...]
    last: int
    good: int
    gaps: tuple[Gap, ...]


def unbound(_: int) -> int:
    """Return the seed of format 1: its frames are sound wherever they lie."""
    return 0


def bound(magic: bytes, number: int) -> Seed:
    """Return the seed that ties frames to the file of that kind and number, and to their place in it."""
    return lambda offset: zlib.crc32(_PLACE.pack(magic, number, offset))


def frame(payload: bytes, seed: int) -> bytes:
    """Return the frame around a payload."""
    checksum = zlib.crc32(payload, zlib.crc32(_CHECKED.pack(len(payload), 0, 0, 0), seed))
    return PREFIX.pack(len(payload), checksum, 0, 0, 0) + payload


def payload_of(changes: tuple[Change, ...]) -> bytes:
    """Return the payload that holds one batch of changes. Raises ValueError when it could not be read again: by what
    JSON cannot say, or nested too deeply.
    """
    try:
        payload = json.dumps(changes, separators=(",", ":"), allow_nan=False).encode()
        json.loads(b"[" * _SPARE + payload + b"]" * _SPARE)
    except RecursionError as error:
        raise ValueError("the changes are nested too deeply") from error
    return payload


def changes_in(payload: bytes) -> tuple[Change, ...]:
    """Return the changes that a payload holds. Raises StoreUnreadable when a sound payload holds none."""
    wire = json_of(payload)
    if not isinstance(wire, list) or not all(map(_is_change, wire)):
        raise StoreUnreadable("a sound frame does not hold changes")
    return tuple(Change(*item) for item in wire)


def _is_change(item: Json) -> bool:
    return (
        isinstance(item, list)
        and len(item) == 3
        and isinstance(item[0], str)
        and isinstance(item[1], str)
        and (item[2] is None or isinstance(item[2], dict))
    )


def json_of(payload: bytes) -> Json:
    """Return what a payload says. Raises StoreUnreadable when it is not JSON."""
    try:
        wire: Json = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise StoreUnreadable("a sound frame is not JSON") from error
    return wire


def scan(content: bytes, start: int, seed: Seed) -> Scan:
    """Find the sound frames from `start` on, also those behind a place that is not sound. Takes time in proportion to
    the content, whatever it is.

    Raises StoreUnreadable when a sound frame is encrypted.
    """
    payloads: list[bytes] = []
    gaps: list[Gap] = []
    last = good = place = start
    while place < len(content):
        payload = payload_at(content, place, seed)
        if payload is None:
            resumed = next((at for at in _candidates(content, place + 1) if payload_at(content, at, seed)), None)
            if resumed is None:
                break
            gaps.append(Gap(place, resumed))
            place = resumed
            continue
        payloads.append(payload)
        last, place = place, place + PREFIX.size + len(payload)
        good = place
    return Scan(tuple(payloads), last, good, tuple(gaps))


def payload_at(content: bytes, place: int, seed: Seed) -> bytes | None:
    """Return the payload of the sound frame at `place`, if there is one. Raises StoreUnreadable: it is encrypted."""
    start = place + PREFIX.size
    if start > len(content):
        return None
    length, checksum, key, cipher, reserved = PREFIX.unpack_from(content, place)
    if start + length > len(content):
        return None
    if not (key or cipher) and content.find(b"\0", start, start + length) >= 0:
        return None  # JSON holds none: so what only looks like a long frame is not added up again and again
    payload = content[start : start + length]
    if zlib.crc32(payload, zlib.crc32(_CHECKED.pack(length, key, cipher, reserved), seed(place))) != checksum:
        return None
    if key or cipher:
        raise StoreUnreadable("the journal is encrypted; this release cannot read it")
    return payload


def _candidates(content: bytes, place: int) -> Iterator[int]:
    """Yield where a frame might begin from `place` on, in rising order."""
    for found in _OPENING.finditer(content, place + PREFIX.size):
        yield found.start() - PREFIX.size
