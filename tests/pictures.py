"""Files of every kind that people pick where a photo is asked for, good ones and others."""

from __future__ import annotations

import io
import random
import struct

from PIL import Image, ImageDraw

RED, BLUE, WHITE = (200, 30, 30), (30, 30, 200), (255, 255, 255)
ORIENTATION, MODEL, GPS = 0x0112, 0x0110, 0x8825
MAKER = "Kamera Uji 5"
TURNED = 6
"""The camera was held upright: the picture has to be turned by a quarter, clockwise."""


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def halves(width: int = 640, height: int = 480) -> Image.Image:
    """Return a picture whose left half is red, and the right one blue."""
    picture = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(picture).rectangle((width // 2, 0, width, height), fill=BLUE)
    return picture


def jpeg(width: int = 640, height: int = 480) -> bytes:
    """Return a plain photo."""
    return saved(halves(width, height), "JPEG", quality=90)


def of_a_phone(orientation: int = TURNED) -> bytes:
    """Return a photo that says how it was held, by which phone and where it was taken, and has a comment."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = orientation, MAKER
    exif.get_ifd(GPS).update({1: "N", 2: (0.0, 8.0, 1.5), 3: "E", 4: (117.0, 29.0, 3.5)})
    return saved(halves(), "JPEG", quality=90, exif=exif, comment=b"milik Bu Nur")


def clear_png() -> bytes:
    """Return a PNG one can look through, but for a red half on the left."""
    picture = halves().convert("RGBA")
    picture.paste((0, 0, 0, 0), (320, 0, 640, 480))
    return saved(picture, "PNG")


def webp() -> bytes:
    """Return a WebP."""
    return saved(halves(), "WEBP", quality=90)


def moving_gif() -> bytes:
    """Return a GIF of two pictures: the halves, and the same upside down."""
    return saved(halves(), "GIF", save_all=True, append_images=[halves().rotate(180)], duration=200)


def heic() -> bytes:
    """Return what begins like a photo of an iPhone. What follows is nothing: browsers without a licence do not look."""
    brands = b"heic" + bytes(4) + b"mif1heic"
    return struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands + bytes(range(256)) * 200


def cut_off() -> bytes:
    """Return a photo of which the second half never arrived."""
    whole = detailed(1200, 900)
    return whole[: len(whole) // 2]


def detailed(width: int, height: int) -> bytes:
    """Return a photo full of detail."""
    grain = random.Random(1).randbytes(width // 8 * (height // 8) * 3)  # noqa: S311 - the same every time on purpose
    coarse = Image.frombytes("RGB", (width // 8, height // 8), grain)
    return saved(coarse.resize((width, height), Image.Resampling.BICUBIC), "JPEG", quality=85)


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">'
    b'<rect width="64" height="48"/></svg>'
)
TEXT = b"Catatan rapat RT 05\n"


def near(found: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    """Tell whether a colour is the wanted one, as far as a JPEG keeps it."""
    return all(abs(one - other) < 25 for one, other in zip(found, wanted, strict=True))
