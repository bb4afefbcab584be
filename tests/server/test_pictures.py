"""What is taken as a photo, and what is not, however much it looks like one."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lumbung_server.services.pictures import NoPicture, Size, look_at
from lumbung_shared.photos import MAX_PHOTO_BYTES
from tests.server.cameras import jpeg

PHOTO = jpeg(1)


def saved(size: tuple[int, int] = (64, 48), mode: str = "RGB", **how: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, 128).save(target, **{"format": "JPEG", **how})
    return target.getvalue()


def segment(marker: int, body: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_segment(marker: int, body: bytes) -> bytes:
    """The photo with a segment behind its start."""
    return PHOTO[:2] + segment(marker, body) + PHOTO[2:]


def png(width: int, height: int) -> bytes:
    """A picture of another kind, tiny as bytes and as large in pixels as one likes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 10)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def said_to_be(width: int, height: int) -> bytes:
    """The photo with another size in its header: a decoder would make room for it before it looks at the pixels."""
    at = next(at for at in range(2, len(PHOTO)) if PHOTO[at] == 0xFF and PHOTO[at + 1] in (0xC0, 0xC2))
    return PHOTO[: at + 5] + struct.pack(">HH", height, width) + PHOTO[at + 9 :]


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (PHOTO, Size(640, 480)),
        (saved((1, 1)), Size(1, 1)),
        (saved((1600, 1200), progressive=True), Size(1600, 1200)),
        (saved(mode="L"), Size(64, 48)),
        (saved(mode="CMYK"), Size(64, 48)),
        (saved(icc_profile=b"x" * 70_000), Size(64, 48)),
        (saved(restart_marker_blocks=1), Size(64, 48)),
    ],
    ids=["a photo", "one pixel", "progressive", "grey", "four colours", "with a profile", "with restarts"],
)
def test_a_photo_is_taken_with_its_size(content: bytes, size: Size) -> None:
    assert look_at(content) == size


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "a text": b"GIF89a or not",
    "another kind of picture": png(64, 48),
    "a bomb": png(60_000, 60_000),
    "a bomb that says it is a photo": said_to_be(65_500, 65_500),
    "a drawing that runs": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "too many bytes": PHOTO + b"\0" * MAX_PHOTO_BYTES,
    "too wide": saved((5_000, 10)),
    "without pixels": said_to_be(0, 480),
    "cut in the middle": PHOTO[: len(PHOTO) // 2],
    "cut before its end": PHOTO[:-2],
    "cut in a segment": PHOTO[:10],
    "a page behind it": PHOTO + b"<html><script>alert(1)</script></html>",
    "an archive behind it": PHOTO + b"PK\x03\x04" + b"\0" * 40,
    "a page in a comment": with_segment(0xFE, b"<script>alert(1)</script>"),
    "a place and a time": with_segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0"),
    "a page in its first segment": with_segment(0xE0, b"<html><script>"),
    "a segment for programs": with_segment(0xEC, b"Ducky"),
    "two pictures": PHOTO + PHOTO,
    "bytes between segments": PHOTO[:2] + b"<?php" + PHOTO[2:],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_photo_or_more_than_one_is_not_taken(kind: str) -> None:
    with pytest.raises(NoPicture):
        look_at(HOSTILE[kind])


def test_metadata_of_a_real_camera_is_not_taken() -> None:
    exif = Image.Exif()
    exif[0x0110] = "HP murah"
    with pytest.raises(NoPicture, match="segment e1"):
        look_at(saved(exif=exif))


@given(st.binary(max_size=400))
def test_any_bytes_have_a_size_or_a_reason(content: bytes) -> None:
    with pytest.raises(NoPicture):
        look_at(content)


@given(st.integers(0, len(PHOTO) - 1), st.integers(0, 255))
def test_a_changed_byte_gives_a_size_or_a_reason(at: int, value: int) -> None:
    try:
        found = look_at(PHOTO[:at] + bytes((value,)) + PHOTO[at + 1 :])
    except NoPicture:
        return
    assert found.width * found.height > 0


@given(st.integers(0, len(PHOTO) - 1))
def test_a_photo_cut_anywhere_is_not_taken(at: int) -> None:
    with pytest.raises(NoPicture):
        look_at(PHOTO[:at])
