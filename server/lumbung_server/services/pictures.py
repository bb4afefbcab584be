"""Look at bytes that claim to be a photo: a JPEG, nothing else, no larger than agreed. Pure, and work for a thread."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image

from lumbung_shared.photos import MAX_PHOTO_BYTES, MAX_PHOTO_EDGE

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TABLES = frozenset({0xC4, 0xDB, 0xDD})
_PLAIN = frozenset(range(0xD0, 0xD8)) | {0x00, 0xFF}
"""What may follow 0xFF within a scan without ending it."""
_KEPT = {0xE0: (b"JFIF\0", b"JFXX\0"), 0xE2: (b"ICC_PROFILE\0",), 0xEE: (b"Adobe",)}
"""Segments that say how the pixels are meant. All others can hold whatever somebody wants to smuggle or did not mean
to tell: places, times, names, whole other files."""


class NoPicture(Exception):
    """These bytes are not taken as a photo; the message says why, for the log."""


@dataclass(frozen=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


def look_at(content: bytes) -> Size:
    """Return the size of a photo after decoding all of it. Raises NoPicture."""
    if len(content) > MAX_PHOTO_BYTES:
        raise NoPicture("too many bytes")
    size = _walked(content)
    if max(size.width, size.height) > MAX_PHOTO_EDGE:
        raise NoPicture("too many pixels")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
                picture.load()
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise NoPicture("cannot be decoded") from error
    return size


def _walked(content: bytes) -> Size:
    """Walk the segments from the first byte to the last, and return the size that the only frame has."""
    if content[:2] != bytes((0xFF, _START)):
        raise NoPicture("no JPEG")
    size: Size | None = None
    at = 2
    while True:
        marker, body, at = _segment(content, at)
        if marker == _END:
            break
        if marker in _FRAMES:
            if size is not None or len(body) < 6:
                raise NoPicture("not one frame")
            height, width = struct.unpack(">HH", body[1:5])
            size = Size(width, height)
        elif marker == _SCAN:
            at = _after_scan(content, at)
        elif marker not in _TABLES and not body.startswith(_KEPT.get(marker, ())):
            raise NoPicture(f"a segment {marker:02x}")
    if at != len(content):
        raise NoPicture("something behind its end")
    if size is None or not size.width or not size.height:
        raise NoPicture("no size")
    return size


def _segment(content: bytes, at: int) -> tuple[int, bytes, int]:
    """Return marker and body of the segment at a place, and the place behind it. Raises NoPicture."""
    while content[at : at + 2] == b"\xff\xff":
        at += 1
    if at + 2 > len(content) or content[at] != 0xFF:
        raise NoPicture("no segment where one has to be")
    marker = content[at + 1]
    if marker == _END:
        return marker, b"", at + 2
    length = int.from_bytes(content[at + 2 : at + 4], "big")
    if length < 2 or at + 2 + length > len(content):
        raise NoPicture("a segment that is cut off")
    return marker, content[at + 4 : at + 2 + length], at + 2 + length


def _after_scan(content: bytes, at: int) -> int:
    """Return the place of the marker that ends the pixels of a scan. Raises NoPicture."""
    while (at := content.find(0xFF, at)) >= 0:
        if at + 1 < len(content) and content[at + 1] not in _PLAIN:
            return at
        at += 1 if content[at + 1 : at + 2] == b"\xff" else 2
    raise NoPicture("pixels without an end")
