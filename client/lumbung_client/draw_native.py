"""Draw a picture of lines and squares on an ordinary system, by Pillow, which is loaded with the first one."""

from __future__ import annotations

import asyncio
import io

from lumbung_client.session.poster import Poster


async def draw(poster: Poster) -> bytes:
    """Return the picture as a PNG."""
    return await asyncio.to_thread(_drawn, poster)


def _drawn(poster: Poster) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (poster.width, poster.height), 255)
    ground = ImageDraw.Draw(picture)
    for one in poster.squares:
        ground.rectangle((one.x, one.y, one.x + one.side - 1, one.y + one.side - 1), fill=0)
    for line in poster.lines:
        ground.text((line.x, line.y), line.text, fill=0, font=ImageFont.load_default(line.size))
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
