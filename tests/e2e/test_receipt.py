"""*Bukti terima* in the browser: opened with no network and no server, and confirmed by the server's public page."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import urlparse

import pytest
import zxingcpp
from PIL import Image

from lumbung_client.ui.texts import LANGUAGES
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.screen import PICTURES
from tests.e2e.steps import enrol, log_compost_training
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

ARRIVAL = 60
WORDS = LANGUAGES["id"].receipt
GROUP = "Dasawisma Anggrek"


def test_a_receipt_is_read_offline_and_confirmed_online_to_who_scans_it(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone, code = make_phone(), server.demo["codes"][0]
    enrol(phone, code["code"])
    log_compost_training(phone, GROUP)
    phone.wait_text("Semua sudah terkirim", ARRIVAL)

    # It is sent: the receipt comes with the answer, the key that checks it right after.
    phone.tap("Kirim", role="tab")
    phone.wait_text("Bukti terima terakhir")
    phone.tap("No. ")
    phone.wait_text(WORDS.seal_sound)
    for text in (WORDS.match_same, code["name"], WORDS.count.format(writes=1, records=1)):
        assert phone.shows(text), text
    phone.screenshot(PICTURES / "receipt-1.png")
    path = urlparse(phone.page.url).path
    assert path.startswith("/kirim/bukti/")

    # No network, no server: the receipt is on the phone, and so is what it is checked with.
    phone.go_offline()
    server.stop()
    phone.reopen(path, WORDS.seal_sound)
    address = phone.wait_until(lambda: shown_address(phone), "the address is not shown", ARRIVAL)
    assert urlparse(address).path == path.replace("/kirim/", "/")
    phone.scroll_to(WORDS.share)
    phone.wait_until(lambda: scanned(phone.page.screenshot()) == address or None, "no camera reads the code", ARRIVAL)
    phone.screenshot(PICTURES / "receipt-2.png")
    picture = saved_picture(phone)
    assert scanned(picture) == address
    (PICTURES / "receipt-saved.png").write_bytes(picture)
    phone.scroll_to(GROUP)
    phone.scroll_to(WORDS.digest)
    phone.screenshot(PICTURES / "receipt-3.png")

    # Whoever scans it sees the server's page, also where the app is installed.
    server.start()
    phone.go_online()
    phone.page.goto(address)
    page = phone.page.inner_text("body")
    assert "Tanda tangan sah" in page
    for private in (GROUP, code["name"], code["region_name"]):
        assert private not in page, private
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= phone.model.width
    phone.screenshot(PICTURES / "receipt-page.png")
    phone.page.emulate_media(color_scheme="dark")
    phone.screenshot(PICTURES / "receipt-page-dark.png")
    phone.page.goto(address[:-1])
    assert "Bukti terima tidak ditemukan" in phone.page.inner_text("body")
    phone.screenshot(PICTURES / "receipt-page-missing.png")
    assert phone.record.violations() == []


def shown_address(phone: Phone) -> str | None:
    return next((text for text in phone.texts() if "/bukti/" in text and text.startswith("http")), None)


def scanned(picture: bytes) -> str:
    """Return what a camera reads off a picture; empty for nothing."""
    found = zxingcpp.read_barcode(Image.open(io.BytesIO(picture)))
    return found.text if found else ""


def saved_picture(phone: Phone) -> bytes:
    """Save the picture as a person does, and return it."""
    phone.scroll_to(WORDS.picture)
    with phone.page.expect_download() as waiting:
        phone.tap(WORDS.picture)
    assert waiting.value.suggested_filename.startswith("bukti-terima-")
    return Path(waiting.value.path()).read_bytes()
