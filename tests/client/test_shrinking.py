"""Pictures made small on an ordinary system; for a browser see `tests/e2e/test_picked_files.py`."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image

from lumbung_client.session.ports import Ports, Shrunk
from lumbung_client.shrink_native import shrink
from lumbung_client.unreadable import why_unreadable
from lumbung_shared.photos import LONGEST_EDGE, MAX_PHOTO_BYTES, THUMBNAIL_EDGE
from lumbung_shared.problems import Code
from tests import pictures
from tests.client.fakes import FakeServer, Phone
from tests.pictures import BLUE, RED, WHITE, near


def small(content: bytes, edge: int = LONGEST_EDGE) -> tuple[Shrunk, Image.Image]:
    """Return what becomes of a picture, and its pixels."""
    made = asyncio.run(shrink(content, edge))
    assert isinstance(made, Shrunk), made
    shown = Image.open(io.BytesIO(made.content))
    assert shown.format == "JPEG"
    assert shown.size == (made.width, made.height)
    return made, shown


def pixel(shown: Image.Image, across: float, down: float) -> tuple[int, ...]:
    """Return the colour at a place, as shares of width and height."""
    found = shown.getpixel((int(shown.width * across), int(shown.height * down)))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4000, 3000), (1600, 1200)), ((900, 3200), (450, 1600)), ((640, 480), (640, 480)), ((3000, 1), (1600, 1))],
)
def test_a_photo_becomes_no_longer_than_phones_keep_it_and_never_larger(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    made, _ = small(pictures.jpeg(*size))
    assert (made.width, made.height) == expected


@pytest.mark.parametrize("content", [pictures.jpeg(), pictures.webp(), pictures.moving_gif()])
def test_every_sort_of_picture_becomes_a_jpeg_that_looks_the_same(content: bytes) -> None:
    _, shown = small(content)
    assert near(pixel(shown, 0.25, 0.5), RED)
    assert near(pixel(shown, 0.75, 0.5), BLUE)


def test_what_one_can_look_through_becomes_white() -> None:
    _, shown = small(pictures.clear_png())
    assert near(pixel(shown, 0.25, 0.5), RED)
    assert near(pixel(shown, 0.75, 0.5), WHITE)


def test_a_photo_stands_upright_and_tells_neither_place_nor_phone() -> None:
    content = pictures.of_a_phone()
    assert pictures.MAKER.encode() in content
    made, shown = small(content)
    assert (made.width, made.height) == (480, 640)
    assert near(pixel(shown, 0.5, 0.25), RED)
    assert near(pixel(shown, 0.5, 0.75), BLUE)
    assert not shown.getexif()
    assert "comment" not in shown.info
    assert pictures.MAKER.encode() not in made.content
    assert b"Bu Nur" not in made.content


def test_a_photo_of_50_megapixels_is_made_small_and_its_copy_weighs_little() -> None:
    made, _ = small(pictures.detailed(8160, 6120))
    assert (made.width, made.height) == (1600, 1200)
    assert len(made.content) < MAX_PHOTO_BYTES
    copy, _ = small(made.content, THUMBNAIL_EDGE)
    assert len(copy.content) < 40_000


def test_a_photo_that_was_small_is_squeezed_until_it_takes_no_more_room() -> None:
    content = pictures.saved(Image.open(io.BytesIO(pictures.detailed(640, 480))), "JPEG", quality=50)
    made, _ = small(content)
    assert len(made.content) <= len(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", Code.PHOTO_EMPTY),
        (pictures.TEXT, Code.PHOTO_IS_NONE),
        (pictures.SVG, Code.PHOTO_IS_NONE),
        (b"%PDF-1.7", Code.PHOTO_IS_NONE),
        (pictures.heic(), Code.PHOTO_HEIC),
        (pictures.cut_off(), Code.PHOTO_UNREADABLE),
        (pictures.clear_png()[:300], Code.PHOTO_UNREADABLE),
        (pictures.webp()[:60], Code.PHOTO_UNREADABLE),
        (pictures.jpeg()[:2], Code.PHOTO_UNREADABLE),
    ],
)
def test_what_cannot_be_kept_is_told_by_its_reason(content: bytes, code: Code) -> None:
    assert asyncio.run(shrink(content, LONGEST_EDGE)) is code


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (bytes(4) + b"ftypmif1" + bytes(4), Code.PHOTO_HEIC),
        (bytes(4) + b"ftypavif" + bytes(4), Code.PHOTO_UNREADABLE),
        (bytes(4) + b"ftypmp42" + bytes(4), Code.PHOTO_IS_NONE),
        (b"RIFF" + bytes(4) + b"WAVE", Code.PHOTO_IS_NONE),
    ],
)
def test_the_first_bytes_tell_a_photo_from_a_film(head: bytes, code: Code) -> None:
    assert why_unreadable(head) is code


def test_a_picture_larger_than_anything_a_camera_makes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert asyncio.run(shrink(pictures.jpeg(), LONGEST_EDGE)) is Code.PHOTO_UNREADABLE


def test_a_platform_that_says_nothing_of_pictures_reads_none() -> None:
    known = Phone(FakeServer()).ports()
    plain = Ports(known.files, known.transport, known.clock, known.chance)

    async def run() -> Shrunk | Code:
        return await plain.shrink(pictures.jpeg(), 1600)

    assert asyncio.run(run()) is Code.PHOTO_UNREADABLE
