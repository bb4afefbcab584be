"""The part of the photo benchmark that runs in the browser's worker."""

from __future__ import annotations

import base64
import time

from lumbung_client.session.ports import Shrunk
from lumbung_client.shrink_browser import shrink
from lumbung_shared.photos import LONGEST_EDGE, THUMBNAIL_EDGE


async def made_small(picture: str) -> dict[str, float]:
    """Make a photo, in base 64, small as the app does. Returns ms, and the sizes of the photo and its small copy."""
    content = base64.b64decode(picture)
    begun = time.perf_counter()
    whole = await shrink(content, LONGEST_EDGE)
    assert isinstance(whole, Shrunk), f"the browser does not read a plain JPEG: {whole}"  # noqa: S101 - then there is nothing to measure
    small = await shrink(whole.content, THUMBNAIL_EDGE)
    assert isinstance(small, Shrunk), f"the browser does not read its own JPEG: {small}"  # noqa: S101
    return {"ms": (time.perf_counter() - begun) * 1000, "size": len(whole.content), "small": len(small.content)}
