"""Pictures made small by the browser. Whatever came, a JPEG without the place and phone it was taken with goes on."""

from __future__ import annotations

from typing import Any

import js
from pyodide.ffi import JsException, to_js

from lumbung_client.session.ports import Shrunk

QUALITIES = (0.8, 0.6, 0.4)
"""A picture that was small already is squeezed until it takes no more room than before, as far as that goes."""


async def shrink(content: bytes, edge: int) -> Shrunk | None:
    """Return the picture upright and at most `edge` pixels long; None when the browser cannot read it."""
    try:
        source = js.Blob.new(to_js([to_js(content)]))
        picture = await js.createImageBitmap(source, _object(imageOrientation="from-image"))
    except JsException:
        return None
    try:
        share = min(1.0, edge / max(picture.width, picture.height))
        width, height = max(1, round(picture.width * share)), max(1, round(picture.height * share))
        canvas = js.OffscreenCanvas.new(width, height)
        ground = canvas.getContext("2d")
        ground.fillStyle = "white"  # a JPEG has nothing to look through
        ground.fillRect(0, 0, width, height)
        ground.imageSmoothingQuality = "high"
        ground.drawImage(picture, 0, 0, width, height)
    finally:
        picture.close()
    made = b""
    for quality in QUALITIES:
        made = await _jpeg(canvas, quality)
        if len(made) <= len(content):
            break
    return Shrunk(made, width, height)


async def _jpeg(canvas: Any, quality: float) -> bytes:
    blob = await canvas.convertToBlob(_object(type="image/jpeg", quality=quality))
    made: bytes = (await blob.arrayBuffer()).to_bytes()
    return made


def _object(**members: Any) -> Any:
    return to_js(members, dict_converter=js.Object.fromEntries)
