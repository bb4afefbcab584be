"""Segments of the journal as bytes and back. Pure."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass

from lumbung_client.store.durable import StoreUnreadable
from lumbung_client.store.frames import Scan, bound, scan
from lumbung_client.store.heads import VERSION

MAGIC = b"LUMBUNGS"
_FIELDS = struct.Struct("<8sIIQ")  # magic, version, number, where the segment before ended
_CHECKSUM = struct.Struct("<I")
HEADER_SIZE = _FIELDS.size + _CHECKSUM.size
_NAME = re.compile(r"segment-(\d{6,})")


@dataclass(frozen=True)
class Segment:
    """What a segment holds. `previous_end`: where the segment before ended, None when the header is not sound."""

    number: int
    size: int
    previous_end: int | None
    frames: Scan

    @property
    def counts(self) -> bool:
        """Tell whether it ever took part: one that does not was only being made."""
        return self.previous_end is not None or bool(self.frames.payloads)

    @property
    def is_flawless(self) -> bool:
        """Tell whether all of it is sound but for an end that may be torn."""
        return self.previous_end is not None and not self.frames.gaps


def name_of(number: int) -> str:
    """Return the name of a segment's file."""
    return f"segment-{number:06}"


def number_of(name: str) -> int | None:
    """Return the number of the segment in a file of that name; None when it is no segment's name."""
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else None


def header(number: int, previous_end: int) -> bytes:
    """Return the bytes a segment begins with."""
    fields = _FIELDS.pack(MAGIC, VERSION, number, previous_end)
    return fields + _CHECKSUM.pack(zlib.crc32(fields))


def read(number: int, content: bytes) -> Segment:
    """Read a segment. Raises StoreUnreadable when it was written in a newer format, or is encrypted."""
    return Segment(
        number, len(content), _previous_end(number, content), scan(content, HEADER_SIZE, bound(MAGIC, number))
    )


def _previous_end(number: int, content: bytes) -> int | None:
    if len(content) < HEADER_SIZE:
        return None
    fields = content[: _FIELDS.size]
    magic, version, stored, previous_end = _FIELDS.unpack(fields)
    (checksum,) = _CHECKSUM.unpack_from(content, _FIELDS.size)
    if magic != MAGIC or checksum != zlib.crc32(fields):
        return None
    if version > VERSION:
        raise StoreUnreadable(f"a segment has format {version}; this release reads up to {VERSION}")
    return int(previous_end) if stored == number else None
