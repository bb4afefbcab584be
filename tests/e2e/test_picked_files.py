"""Whatever a person picks where a photo is asked for: it becomes a plain upright JPEG, or the app says why not.

The same files on an ordinary system: `tests/client/test_shrinking.py`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import time

import pytest
from PIL import Image

from lumbung_shared.photos import MAX_PHOTO_BYTES
from lumbung_shared.problems import Code, sentence
from tests import pictures
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import TAKE, begin, enrol, take_photos
from tests.pictures import BLUE, RED, WHITE, near
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

MORE = "Tambah foto lagi"
KEPT = """async () => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lumbung'), found = [];
  for await (const [name, handle] of folder.entries()) {
    if (!name.startsWith('picture-')) continue;
    const file = await handle.getFile();
    const bytes = new Uint8Array(await file.arrayBuffer());
    found.push([name.slice(8), file.lastModified, btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(''))]);
  }
  return found.sort((one, other) => one[1] - other[1]);
}"""


def kept(phone: Phone) -> list[bytes]:
    """Return the whole photos on the phone in the order they were taken, each held against its name."""
    found = []
    for name, _, content in phone.page.evaluate(KEPT):
        picture = base64.b64decode(content)
        assert hashlib.sha256(picture).hexdigest() == name
        if max(Image.open(io.BytesIO(picture)).size) > 320:
            found.append(picture)
    return found


def colours(content: bytes) -> tuple[tuple[int, int, int], ...]:
    """Return the colours in the middle of the left, right, upper and lower half of a JPEG that says nothing else."""
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "JPEG"
    assert not picture.getexif()
    # The colours that Chromium writes into every JPEG of its own are those of all screens.
    assert not {"comment", "xmp"} & picture.info.keys()
    plain = picture.convert("RGB")
    across, down = plain.size
    places = ((0.2, 0.5), (0.8, 0.5), (0.5, 0.2), (0.5, 0.8))
    return tuple(plain.getpixel((int(across * x), int(down * y))) for x, y in places)  # type: ignore[misc]


def form(phone: Phone, server: LumbungServer) -> None:
    """Open a form that asks for photos."""
    enrol(phone, server.demo["codes"][0]["code"])
    begin(phone, "Kegiatan lain")


def all_is_well(phone: Phone) -> None:
    """The app has not noticed anything wrong with itself."""
    assert phone.record.violations() == []
    assert phone.record.page_errors == []


def test_every_sort_of_picture_becomes_an_upright_jpeg_that_tells_nothing_else(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    form(phone, server)
    picked = {
        "1.jpg": pictures.of_a_phone(),
        "2.png": pictures.clear_png(),
        "3.webp": pictures.webp(),
        "4.gif": pictures.moving_gif(),
    }
    take_photos(phone, picked)
    phone.wait_text("Foto 4", 60)
    turned, clear, *others = kept(phone)
    assert Image.open(io.BytesIO(turned)).size == (480, 640)
    assert near(colours(turned)[2], RED)
    assert near(colours(turned)[3], BLUE)
    assert near(colours(clear)[0], RED)
    assert near(colours(clear)[1], WHITE)
    assert len(others) == 2
    for other in others:
        assert near(colours(other)[0], RED)
        assert near(colours(other)[1], BLUE)

    # The camera of a phone that costs more than a cadre earns in three months.
    begun = time.monotonic()
    take_photos(phone, {"5.jpg": pictures.detailed(8160, 6120)}, MORE)
    phone.wait_text("Foto 5", 60)
    assert time.monotonic() - begun < 60
    largest = kept(phone)[-1]
    assert Image.open(io.BytesIO(largest)).size == (1600, 1200)
    assert len(largest) < MAX_PHOTO_BYTES
    all_is_well(phone)


def test_of_several_files_the_good_ones_are_kept_and_each_bad_one_is_named_with_its_reason(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    form(phone, server)
    bad = {
        "a.heic": (pictures.heic(), Code.PHOTO_HEIC),
        "c.jpg": (pictures.TEXT, Code.PHOTO_IS_NONE),
        "d.jpg": (b"", Code.PHOTO_EMPTY),
        "e.svg": (pictures.SVG, Code.PHOTO_IS_NONE),
        "f.jpg": (pictures.cut_off(), Code.PHOTO_UNREADABLE),
    }
    good = {"b.jpg": pictures.jpeg(), "g.jpg": pictures.jpeg(800, 600)}
    take_photos(phone, good | {name: content for name, (content, _) in bad.items()})
    for name, (_, code) in bad.items():
        phone.wait_text(f"{name}: {sentence(code, 'id')}")
    sizes = [Image.open(io.BytesIO(content)).size for content in kept(phone)]
    assert sizes == [(640, 480), (800, 600)]
    assert phone.shows("Foto 2")
    assert not phone.shows("Foto 3")

    # Alone it needs no name; and the next photo is taken as if nothing had been.
    take_photos(phone, {"a.heic": pictures.heic()}, MORE)
    phone.wait_gone("c.jpg")
    phone.wait_text(sentence(Code.PHOTO_HEIC, "id"))
    assert not phone.shows("a.heic")
    take_photos(phone, {"h.jpg": pictures.jpeg(900, 700)}, MORE)
    phone.wait_text("Foto 3")
    phone.wait_gone("HEIC")
    assert len(kept(phone)) == 3
    all_is_well(phone)


def test_a_browser_that_fills_no_file_field_gives_photos_all_the_same(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    phone.page.add_init_script("delete globalThis.DataTransfer")
    form(phone, server)
    take_photos(phone, {"1.jpg": pictures.of_a_phone()})
    phone.wait_text("Foto 1", 60)
    (only,) = kept(phone)
    assert near(colours(only)[2], RED)
    all_is_well(phone)


@pytest.mark.parametrize(
    ("system", "accepted"),
    [
        ("X11; Linux x86_64", "image/*"),
        ("Linux; Android 15; K", "image/*,lumbung/camera"),
    ],
)
def test_camera_and_gallery_are_offered_also_where_a_picture_alone_would_open_the_gallery(
    server: LumbungServer, make_phone: MakePhone, system: str, accepted: str
) -> None:
    phone = make_phone()
    agent = f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36"
    line = phone.page.context.new_cdp_session(phone.page)
    line.send("Emulation.setUserAgentOverride", {"userAgent": agent})
    form(phone, server)
    phone.scroll_to(TAKE)
    with phone.page.expect_file_chooser() as chooser:
        phone.tap(TAKE)
    field = chooser.value.element
    assert field.get_attribute("accept") == accepted
    assert field.get_attribute("capture") is None
    assert chooser.value.is_multiple()
