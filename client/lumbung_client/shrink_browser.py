"""Pictures made small by the browser. Whatever came, a JPEG without the place and phone it was taken with goes on."""

from __future__ import annotations

from typing import Any

import js
from pyodide.ffi import JsException, to_js

from lumbung_client.session.ports import Shrunk
from lumbung_client.unreadable import HEAD, why_unreadable
from lumbung_shared.problems import Code

QUALITIES = (0.8, 0.6, 0.4)
"""A picture that was small already is squeezed until it takes no more room than before, as far as that goes."""
SLIP = b"lumbung-photo:"
"""How the slip begins that the page gives in place of a photo, see `pictures.js`."""


async def shrink(content: bytes, edge: int) -> Shrunk | Code:
    """Return the picture upright and at most `edge` pixels long, or why the browser cannot read it.

    `content`: the bytes of a picture, or the slip of one that was picked; a slip is good for once.
    """
    picked = _picked(content)
    source = js.Blob.new(to_js([to_js(content)])) if picked is None else picked
    try:
        picture = await js.createImageBitmap(source, _object(imageOrientation="from-image"))
    except JsException:
        return await _why(source)
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
        if len(made) <= int(source.size):
            break
    return Shrunk(made, width, height)


def _picked(content: bytes) -> Any:
    """Return the photo of a slip; None if these are the bytes of a photo."""
    if not content.startswith(SLIP):
        return None
    slip = content.decode("ascii", "replace")
    photo = js.lumbungPhotos.get(slip)
    js.lumbungPhotos.delete(slip)
    return photo


async def _why(source: Any) -> Code:
    try:
        head: bytes = (await source.slice(0, HEAD).arrayBuffer()).to_bytes()
    except JsException:  # the gallery cannot give it
        return Code.PHOTO_UNREADABLE
    return why_unreadable(head)


async def _jpeg(canvas: Any, quality: float) -> bytes:
    blob = await canvas.convertToBlob(_object(type="image/jpeg", quality=quality))
    made: bytes = (await blob.arrayBuffer()).to_bytes()
    return made


def _object(**members: Any) -> Any:
    return to_js(members, dict_converter=js.Object.fromEntries)
