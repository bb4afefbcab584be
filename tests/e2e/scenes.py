"""Photos for screenshots: a packed snack on a table, drawn, since no real person's goods are anybody's test data."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFilter

from tests.pictures import saved

WALL, TABLE, SHADOW = (226, 221, 208), (150, 105, 66), (120, 82, 50)
PACKETS = ((196, 60, 48), (226, 160, 40), (60, 122, 84), (70, 96, 150))
LABEL, PRAWN = (250, 246, 232), (232, 140, 110)


def snacks(count: int, first: int = 0, width: int = 2000, height: int = 1500) -> bytes:
    """Return a photo of so many packets side by side; `first` says which colour the first has."""
    picture = Image.new("RGB", (width, height), WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height * 0.68, width, height), fill=TABLE)
    breadth, gap = width * 0.24, width * 0.06
    left = (width - count * breadth - (count - 1) * gap) / 2
    for place in range(count):
        _packet(draw, left + place * (breadth + gap), breadth, height, PACKETS[(first + place) % len(PACKETS)])
    return saved(picture.filter(ImageFilter.GaussianBlur(2)), "JPEG", quality=90)


def _packet(draw: ImageDraw.ImageDraw, left: float, breadth: float, height: int, colour: tuple[int, int, int]) -> None:
    top, bottom, right = height * 0.2, height * 0.82, left + breadth
    draw.ellipse((left - 20, bottom - 40, right + 60, bottom + 50), fill=SHADOW)
    draw.rounded_rectangle((left, top, right, bottom), radius=40, fill=colour)
    draw.line((left, top + 50, right, top + 50), fill=LABEL, width=6)
    middle, centre, reach = (left + right) / 2, (top + bottom) / 2, breadth * 0.36
    draw.ellipse((middle - reach, centre - reach, middle + reach, centre + reach), fill=LABEL)
    for ring in range(3):
        inner = reach * (0.7 - ring * 0.2)
        draw.arc((middle - inner, centre - inner, middle + inner, centre + inner), 200, 480, fill=PRAWN, width=26)
