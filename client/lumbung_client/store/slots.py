"""Slots: the whole content of a store at one moment, as bytes and back. Pure but for the file that is written."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from lumbung_client.store.durable import DurableFile, StoreFailed, StoreUnreadable
from lumbung_client.store.frames import PREFIX, Seed, bound, frame, json_of, payload_at, scan
from lumbung_client.store.heads import VERSION
from lumbung_shared.canonical import Json

SLOTS = ("slot-a", "slot-b")
MAGIC = b"LUMBUNGC"
_FIELDS = struct.Struct("<8sIII")  # magic, version, number of the checkpoint, the first segment it does not contain
_CHECKSUM = struct.Struct("<I")
HEADER_SIZE = _FIELDS.size + _CHECKSUM.size
ROWS_IN_A_FRAME = 32
"""Rows that are encoded in one go: so long the screen stands still."""

_NEAR = 8
"""Numbers of checkpoints that are tried, up and down, for a slot whose own cannot be read."""

Row = Mapping[str, Json]
Tables = dict[str, dict[str, Row]]
Pause = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Mark:
    """Which checkpoint a slot's header promises, and the first segment that has to be replayed on top of it."""

    number: int
    first: int


@dataclass(frozen=True)
class Slot:
    """What was read of a slot. `is_sound`: all of it is there."""

    mark: Mark
    tables: Tables
    size: int
    is_sound: bool


async def write(file: DurableFile, mark: Mark, tables: Tables, pause: Pause) -> int:
    """Write a slot, flush it, read it back, and return its size. `pause` is awaited between slices.

    Raises StoreFull, and StoreFailed also when what is read back is not what was written.
    """
    seed = bound(MAGIC, mark.number)
    file.truncate(0)
    place = HEADER_SIZE
    file.write_at(0, _header(mark))
    for payload in _payloads(tables):
        data = frame(payload, seed(place))
        file.write_at(place, data)
        place += len(data)
        await pause()
    file.flush()
    await _verify(file, mark, place, pause)
    return place


def mark_of(content: bytes) -> Mark | None:
    """Return what the first bytes of a slot promise; None when they promise nothing.

    Raises StoreUnreadable when it was written in a newer format.
    """
    if len(content) < HEADER_SIZE:
        return None
    fields = content[: _FIELDS.size]
    magic, version, number, first = _FIELDS.unpack(fields)
    (checksum,) = _CHECKSUM.unpack_from(content, _FIELDS.size)
    if magic != MAGIC or checksum != zlib.crc32(fields):
        return None
    if version > VERSION:
        raise StoreUnreadable(f"a slot has format {version}; this release reads up to {VERSION}")
    return Mark(number, first)


def likely_number(content: bytes, known: int) -> int | None:
    """Return the number that the frames of a slot without a sound header belong to; None when there are none.

    `known`: the number of another checkpoint, near which it is looked for.
    """
    stored = _FIELDS.unpack(content[: _FIELDS.size].ljust(_FIELDS.size, b"\0"))[2]
    near = range(max(1, known - _NEAR), known + _NEAR + 1)
    return next(
        (number for number in (stored, *near) if scan(content, HEADER_SIZE, bound(MAGIC, number)).payloads), None
    )


def read(content: bytes, mark: Mark) -> Slot:
    """Read a slot, as far as it is sound. Raises StoreUnreadable when it is encrypted."""
    found = scan(content, HEADER_SIZE, bound(MAGIC, mark.number))
    tables: Tables = {}
    ending: Json = None
    for payload in found.payloads:
        wire = json_of(payload)
        if isinstance(wire, dict):
            for table, rows in wire.items():
                if not isinstance(rows, dict):
                    raise StoreUnreadable("a sound frame does not hold rows")
                tables.setdefault(table, {}).update(rows)
        else:
            ending = wire
    return Slot(mark, tables, found.good, not found.gaps and ending == _ending(tables))


def _header(mark: Mark) -> bytes:
    fields = _FIELDS.pack(MAGIC, VERSION, mark.number, mark.first)
    return fields + _CHECKSUM.pack(zlib.crc32(fields))


def _payloads(tables: Tables) -> Iterator[bytes]:
    for table, rows in tables.items():
        items = iter(rows.items())
        while some := dict(islice(items, ROWS_IN_A_FRAME)):
            yield _bytes({table: some})
    yield _bytes(_ending(tables))


def _ending(tables: Tables) -> list[Json]:
    """Return what the last frame says: how many rows there are before it."""
    return ["end", sum(map(len, tables.values()))]


def _bytes(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


async def _verify(file: DurableFile, mark: Mark, size: int, pause: Pause) -> None:
    seed = bound(MAGIC, mark.number)
    if mark_of(file.read_at(0, HEADER_SIZE)) != mark or file.size() != size:
        raise StoreFailed("a checkpoint reads back differently")
    place = HEADER_SIZE
    while place < size:
        place += _sound_length(file, place, seed)
        await pause()


def _sound_length(file: DurableFile, place: int, seed: Seed) -> int:
    length = PREFIX.size + int(PREFIX.unpack(file.read_at(place, PREFIX.size).ljust(PREFIX.size, b"\0"))[0])
    data = file.read_at(place, length)
    if payload_at(data, 0, lambda _: seed(place)) is None:
        raise StoreFailed("a checkpoint reads back differently")
    return length
