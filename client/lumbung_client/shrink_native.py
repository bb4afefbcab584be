"""Pictures made small on an ordinary system, by Pillow. What goes on is a JPEG and nothing that came with it.

Pillow is loaded with the first picture: an app that only looks at records need not wait for it, nor have it.
"""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from lumbung_client.session.ports import Shrunk
from lumbung_client.unreadable import HEAD, why_unreadable
from lumbung_shared.problems import Code

if TYPE_CHECKING:
    from PIL import Image

QUALITIES = (80, 60, 40)


async def shrink(content: bytes, edge: int) -> Shrunk | Code:
    """Return the picture upright and at most `edge` pixels long, or why it cannot be read."""
    return await asyncio.to_thread(_shrunk, content, edge)


def _shrunk(content: bytes, edge: int) -> Shrunk | Code:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content)) as opened:
            opened.draft("RGB", (edge, edge))  # a JPEG is decoded no larger than it has to be
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((edge, edge))
            flat = _on_white(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return why_unreadable(content[:HEAD])
    made = b""
    for quality in QUALITIES:
        made = _jpeg(flat, quality)
        if len(made) <= len(content):
            break
    return Shrunk(made, flat.width, flat.height)


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture's pixels and nothing else of it; what one can look through is white."""
    from PIL import Image

    flat = Image.new("RGB", picture.size, "white")
    seen = picture.convert("RGBA")
    flat.paste(seen, mask=seen)
    return flat


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()
