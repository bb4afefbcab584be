"""Pictures of a receipt on an ordinary system: a camera reads the code off them."""

from __future__ import annotations

import asyncio
import io

import zxingcpp
from PIL import Image

from lumbung_client.draw_native import draw
from lumbung_client.session.poster import laid_out
from lumbung_client.ui.parts.qr import qr_modules

ADDRESS = f"https://lumbung.example/bukti/8-1234-{'a1b2c' * 4}"


def test_a_picture_has_the_texts_and_a_code_that_a_camera_reads() -> None:
    poster = laid_out(
        [("Bukti terima Lumbung No. 8-1234", 40), ("Dikirim oleh: Siti", 28)], qr_modules(ADDRESS), [(ADDRESS, 24)]
    )
    picture = Image.open(io.BytesIO(asyncio.run(draw(poster))))
    assert (picture.format, picture.size) == ("PNG", (poster.width, poster.height))
    found = zxingcpp.read_barcode(picture)
    assert found is not None
    assert found.text == ADDRESS
    for line in poster.lines:
        row = picture.crop((0, line.y, poster.width, line.y + line.size)).convert("L")
        assert min(row.tobytes()) < 128, line.text
        edge = row.crop((poster.width - 8, 0, poster.width, line.size))
        assert min(edge.tobytes()) == 255, "nothing is cut off"
