"""Pictures made small on an ordinary system, with Pillow and without; for a browser see `tests/e2e/test_photos.py`."""

from __future__ import annotations

import asyncio
import struct
import sys
from types import ModuleType
from typing import Any

import pytest

from lumbung_client.session.ports import Ports, Shrunk
from lumbung_client.shrink_native import as_it_is, shrink
from tests.client.fakes import FakeServer, Phone

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 1200, 900) + b"rest"
JPEG = (
    b"\xff\xd8"
    + b"\xff\xe0"
    + struct.pack(">H", 16)
    + bytes(14)
    + b"\xff\xc4"
    + struct.pack(">H", 4)
    + bytes(2)
    + b"\xff\xc2"
    + struct.pack(">HBHH", 17, 8, 900, 1200)
    + bytes(20)
)


@pytest.mark.parametrize("content", [PNG, JPEG])
def test_without_pillow_a_picture_is_kept_as_it_is_with_the_size_it_says(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    assert asyncio.run(shrink(content, 320)) == Shrunk(content, 1200, 900)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a text",
        PNG[:20],
        JPEG[:12],
        b"\xff\xd8\xff\xd9",
        JPEG.replace(b"\xff\xc2", b"\xff\xe1"),
        PNG.replace(struct.pack(">II", 1200, 900), bytes(8)),
    ],
)
def test_what_does_not_say_its_size_is_no_picture(content: bytes) -> None:
    assert as_it_is(content) is None


class Picture:
    """A picture of Pillow's, as far as it is asked here. `weights`: quality to how many bytes it takes."""

    def __init__(self, width: int, height: int, weights: dict[int, int]) -> None:
        self.width, self.height, self.weights = width, height, weights

    def convert(self, mode: str) -> Picture:
        assert mode == "RGB"
        return self

    def thumbnail(self, size: tuple[int, int]) -> None:
        share = min(1.0, size[0] / max(self.width, self.height))
        self.width, self.height = round(self.width * share), round(self.height * share)

    def save(self, target: Any, kind: str, quality: int, optimize: bool) -> None:
        assert (kind, optimize) == ("JPEG", True)
        target.write(b"%d" % quality + bytes(self.weights[quality] - 2))


def with_pillow(monkeypatch: pytest.MonkeyPatch, opens: Any) -> None:
    """Have a Pillow installed whose `Image.open` is this."""
    pillow, image, operations = ModuleType("PIL"), ModuleType("PIL.Image"), ModuleType("PIL.ImageOps")
    vars(image).update(open=opens, DecompressionBombError=type("DecompressionBombError", (Exception,), {}))
    vars(operations).update(exif_transpose=lambda picture: picture)
    for module in (pillow, image, operations):
        monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.mark.parametrize(
    ("weights", "quality"),
    [({80: 100, 60: 90, 40: 80}, 80), ({80: 200, 60: 90, 40: 80}, 60), ({80: 200, 60: 190, 40: 180}, 40)],
)
def test_with_pillow_it_is_made_small_and_squeezed_until_it_takes_no_more_room(
    monkeypatch: pytest.MonkeyPatch, weights: dict[int, int], quality: int
) -> None:
    with_pillow(monkeypatch, lambda _: Picture(4000, 3000, weights))
    made = asyncio.run(shrink(bytes(100), 1600))
    assert made is not None
    assert (made.width, made.height, made.content[:2]) == (1600, 1200, b"%d" % quality)


@pytest.mark.parametrize("problem", [OSError("no picture"), ValueError("cut off"), None])
def test_what_pillow_cannot_open_is_no_picture(monkeypatch: pytest.MonkeyPatch, problem: Exception | None) -> None:
    def refuse(_: object) -> Picture:
        raise problem or vars(sys.modules["PIL.Image"])["DecompressionBombError"]("too large")

    with_pillow(monkeypatch, refuse)
    assert asyncio.run(shrink(b"what", 1600)) is None


def test_a_platform_that_says_nothing_of_pictures_reads_none() -> None:
    known = Phone(FakeServer()).ports()
    plain = Ports(known.files, known.transport, known.clock, known.chance)

    async def run() -> Shrunk | None:
        return await plain.shrink(JPEG, 1600)

    assert asyncio.run(run()) is None
