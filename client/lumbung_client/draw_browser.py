"""Draw a picture of lines and squares in a browser, on a canvas that nobody sees."""

from __future__ import annotations

import js
from pyodide.ffi import to_js

from lumbung_client.session.poster import Poster


async def draw(poster: Poster) -> bytes:
    """Return the picture as a PNG."""
    canvas = js.OffscreenCanvas.new(poster.width, poster.height)
    ground = canvas.getContext("2d")
    ground.fillStyle = "white"
    ground.fillRect(0, 0, poster.width, poster.height)
    ground.fillStyle = "black"
    for one in poster.squares:
        ground.fillRect(one.x, one.y, one.side, one.side)
    ground.textBaseline = "top"
    for line in poster.lines:
        ground.font = f"{line.size}px Roboto, 'Noto Sans', sans-serif"
        # What is wider than reckoned is drawn narrower, not cut off.
        ground.fillText(line.text, line.x, line.y, poster.width - 2 * line.x)
    blob = await canvas.convertToBlob(to_js({"type": "image/png"}, dict_converter=js.Object.fromEntries))
    made: bytes = (await blob.arrayBuffer()).to_bytes()
    return made
