"""Pictures made small on an ordinary system: by Pillow where it is installed, else they are kept as they are."""

from __future__ import annotations

import asyncio
import importlib
import io
import struct
from typing import Any

from lumbung_client.session.ports import Shrunk

QUALITIES = (80, 60, 40)
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers of a JPEG behind which its size stands."""


async def shrink(content: bytes, edge: int) -> Shrunk | None:
    """Return the picture at most `edge` pixels long, if Pillow is there; None when it cannot be read."""
    return await asyncio.to_thread(_shrunk, content, edge)


def _shrunk(content: bytes, edge: int) -> Shrunk | None:
    try:
        pillow, upright = importlib.import_module("PIL.Image"), importlib.import_module("PIL.ImageOps").exif_transpose
    except ImportError:
        return as_it_is(content)
    try:
        picture = upright(pillow.open(io.BytesIO(content))).convert("RGB")
        picture.thumbnail((edge, edge))
    except (OSError, ValueError, pillow.DecompressionBombError):
        return None
    made = b""
    for quality in QUALITIES:
        made = _jpeg(picture, quality)
        if len(made) <= len(content):
            break
    return Shrunk(made, picture.width, picture.height)


def _jpeg(picture: Any, quality: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()


def as_it_is(content: bytes) -> Shrunk | None:
    """Return a JPEG or PNG untouched, with the size that it says it has; None for any other bytes."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        return _sized(content, *struct.unpack(">II", content[16:24]))
    return _sized_jpeg(content) if content.startswith(_JPEG) else None


def _sized_jpeg(content: bytes) -> Shrunk | None:
    at = len(_JPEG)
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return _sized(content, width, height)
        at += 2 + length
    return None


def _sized(content: bytes, width: int, height: int) -> Shrunk | None:
    return Shrunk(content, width, height) if width and height else None
