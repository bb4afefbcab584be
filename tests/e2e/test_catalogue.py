"""The public catalogue in a real Chromium: on a phone and a desktop, by day and by night, without the app."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Playwright

from lumbung_shared.products import catalogue_path, item_id
from tests.server.cameras import answer
from tests.server.phones import BONTANG, GUNTUNG, LOK_TUAN
from tests.server.stalls import FORM, KIND, Stall, session
from tests.servers import LumbungServer
from tools import chromium

WARES = (
    ("Keripik Singkong Balado", 15_000, "UMK Ibu Jaya", "#c8742a", GUNTUNG),
    ("Amplang Ikan Tenggiri 250 g", 35_000, "Amplang Bahari", "#d9b25f", LOK_TUAN),
    ("Kompos Takakura", None, "Bank Sampah Guntung Asri", "#5a4632", GUNTUNG),
    ("Tas anyaman dari bungkus kopi bekas buatan ibu-ibu RT", 125_000, "Kreasi Melati", "#7b4b94", LOK_TUAN),
    ("Abon Bandeng", 42_500, "Dapur Pesisir", "#a3402c", GUNTUNG),
)
SIZES = ((360, 800), (1280, 800))


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=chromium.find())
    yield started
    started.close()


@pytest.fixture(scope="module")
def stall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stall]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as server:
        yield Stall(server)


def ware(colour: str) -> bytes:
    """A photo of a jar of something."""
    picture = Image.new("RGB", (960, 1280), "#ddd3c0")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 900, 960, 1280), fill="#b79a78")
    draw.rounded_rectangle((240, 330, 720, 1040), 60, fill=colour, outline="#3a2d22", width=8)
    draw.rectangle((290, 240, 670, 340), fill="#3a2d22")
    draw.rectangle((240, 560, 720, 800), fill="#fff8e7")
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=70)
    return target.getvalue()


def offer(stall: Stall) -> str:
    """Have all wares shown; return the record of the last."""
    record = ""
    for name, price, business, colour, region in WARES:
        content = ware(colour)
        business_entry = {"id": "0190b000-0000-7000-8000-000000000000", "name": business}
        sets = session(
            (answer(content), f"{name}, tampak depan"),
            products=((name, price),),
            region=region,
            business_entry=business_entry,
        )
        record = stall.cadre.log(sets, kind=KIND, form=FORM)
        stall.upload(content)
        stall.judge(record)
    return record


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_catalogue_can_be_read_on_a_phone_and_a_desktop_by_day_and_by_night(
    browser: Browser, stall: Stall, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    item = catalogue_path(GUNTUNG, item_id(offer(stall), "0000000000"))
    for width, height in SIZES:
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        said: list[str] = []
        # Of the app, which is not here, the pages borrow nothing but their icon.
        page.route("**/icons/*", lambda route: route.fulfill(status=204))
        page.on("console", lambda message: said.append(message.text))  # noqa: B023
        page.on("requestfailed", lambda request: said.append(request.url))  # noqa: B023
        for name, path in (("region", catalogue_path(BONTANG)), ("item", item), ("none", catalogue_path("99"))):
            page.goto(stall.server.base_url + path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing is cut off at the side"
            broken = "[...document.images].filter(one => !one.complete || !one.naturalWidth).length"
            # What is far below is loaded when somebody comes there.
            assert page.evaluate(broken) == 0 or width == SIZES[0][0]
            small = "[...document.querySelectorAll('a')].filter(one => one.getBoundingClientRect().height < 48).length"
            assert page.evaluate(small) == 0, "links can be hit with a thumb"
        page.goto(stall.server.base_url + catalogue_path(BONTANG))
        page.get_by_role("link", name="Abon Bandeng").first.click()
        assert page.get_by_role("heading", name="Abon Bandeng").is_visible()
        assert page.get_by_text("Rp42.500").first.is_visible()
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(251, 250, 245)" if scheme == "light" else "rgb(20, 24, 15)")
        assert [one for one in said if "404" not in one] == [], "nothing is refused by the pages' own policy"
        page.close()
