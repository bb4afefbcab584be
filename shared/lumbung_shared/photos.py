"""What phone and server agree on about photos: how large one may be, and which pictures answers name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from lumbung_shared.canonical import MAX_INTEGER

LONGEST_EDGE = 1_600
"""Pixels of the longer side of a photo as phones keep it."""
THUMBNAIL_EDGE = 320
"""Pixels of the longer side of its small copy."""
MAX_PHOTO_BYTES = 4_000_000
MAX_PHOTO_EDGE = 4_096
"""What a server takes at most: room enough for a phone that could not make its pictures small."""
MAX_PHOTOS = 12
"""Photos of one activity."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_picture_name(text: object) -> bool:
    """Tell whether a text names a picture: the SHA-256 of its bytes in lowercase hexadecimal."""
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


def is_picture(value: object) -> bool:
    """Tell whether a value has the two parts that every picture has: its name, and how many bytes it has."""
    return isinstance(value, Mapping) and is_picture_name(value.get("sha256")) and is_size(value.get("bytes"))


def is_size(value: object) -> bool:
    """Tell whether a value is a number of bytes or pixels that a picture may have."""
    return type(value) is int and 0 < value <= MAX_INTEGER


def named_in(values: Iterable[object]) -> Iterator[str]:
    """Yield the names of the pictures that values hold, however deep inside: each photo's, then its thumbnail's."""
    for value in values:
        if isinstance(value, Mapping):
            name = value.get("sha256")
            if isinstance(name, str):
                yield name
            yield from named_in(value.values())
        elif isinstance(value, (list, tuple)):
            yield from named_in(value)


def whole_in(values: Iterable[object]) -> Iterator[str]:
    """Yield the names of the photos that values hold, thumbnails left out."""
    for value in values:
        if isinstance(value, Mapping):
            name = value.get("sha256")
            if isinstance(name, str):
                yield name
            else:
                yield from whole_in(value.values())
        elif isinstance(value, (list, tuple)):
            yield from whole_in(value)
