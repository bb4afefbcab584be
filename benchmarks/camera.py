"""Photos as a camera makes them: detail of every size, a little grain, some megabytes."""

from __future__ import annotations

import io
import random

from PIL import Image

DETAIL = ((800, 0.9), (200, 0.5), (50, 0.3), (12, 0.2), (4, 0.1))
"""Size of a patch in pixels and how strongly it covers what is larger: small things differ less, as outdoors."""
GROUND = (118, 112, 100)
GRAIN = 0.06
COLOURLESS = 0.8


def camera_jpeg(seed: int, width: int = 4000, height: int = 3000, quality: int = 92) -> bytes:
    """Return a photo that is like no other, 12 megapixels if nothing else is said."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (width, height), GROUND)
    for patch, strength in DETAIL:
        columns, rows = max(2, width // patch), max(2, height // patch)
        coarse = Image.frombytes("RGB", (columns, rows), chance.randbytes(columns * rows * 3))
        pale = Image.blend(coarse, coarse.convert("L").convert("RGB"), COLOURLESS)
        picture = Image.blend(picture, pale.resize((width, height), Image.Resampling.BICUBIC), strength)
    grain = Image.frombytes("L", (width // 2, height // 2), chance.randbytes(width // 2 * (height // 2)))
    picture = Image.blend(picture, grain.resize((width, height)).convert("RGB"), GRAIN)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality)
    return target.getvalue()
