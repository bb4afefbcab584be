"""Records leave a phone that cannot send: by a file from the app, and by a page that needs no app at all."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import city_feed, enrol, log_compost_training
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

RAW_FILES = """async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("lumbung");
  const files = {};
  for await (const [name, handle] of folder.entries()) {
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    files[name] = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }
  return files;
}"""


def raw_files(phone: Phone) -> dict[str, bytes]:
    found: Any = phone.page.evaluate(RAW_FILES)
    return {name: base64.b64decode(content) for name, content in found.items()}


def saved_by(phone: Phone, button: str, folder: Path) -> Path:
    """Tap a button and keep the file that the browser downloads."""
    with phone.page.expect_download() as download:
        phone.tap(button)
    target = folder / str(download.value.suggested_filename)
    download.value.save_as(target)
    return target


def open_rescue(phone: Phone) -> None:
    """Go where the buttons are."""
    phone.tap("Pengaturan")
    phone.wait_text("Bahasa Indonesia")
    phone.scroll_to("Ambil dari berkas")


def test_what_one_phone_cannot_send_another_sends_from_a_file_once(
    server: LumbungServer, make_phone: MakePhone, tmp_path: Path
) -> None:
    code = server.demo["codes"][0]
    old = make_phone()
    enrol(old, code["code"])
    old.go_offline()
    log_compost_training(old, "Dasawisma Anggrek")
    open_rescue(old)
    file = saved_by(old, "Simpan ke berkas", tmp_path)
    assert file.name.startswith("lumbung-")
    assert file.name.endswith("-1-kegiatan.zip")
    old.wait_text("1 kegiatan disimpan di berkas")

    new = make_phone()
    enrol(new, server.invite(code["person"]))
    open_rescue(new)
    for said in ("Sudah masuk ke ponsel ini: 1 kegiatan", "Semua isi berkas ini sudah ada"):
        # What the server has received is counted no longer, and everything below moves up.
        new.wait_gone("belum diterima server")
        new.scroll_to("Ambil dari berkas")
        with new.page.expect_file_chooser() as chooser:
            new.tap("Ambil dari berkas")
        chooser.value.set_files(file)
        new.wait_text(said)
    headlines = city_feed(server)
    new.wait_until(lambda: headlines() == ["Dasawisma Anggrek"] or None, "the server has not got it", 30)
    old.go_online()
    old.open("/", "Semua sudah terkirim")
    assert headlines() == ["Dasawisma Anggrek"]
    assert new.record.violations() == old.record.violations() == []


def test_without_the_app_a_page_saves_the_raw_files_also_offline(
    server: LumbungServer, make_phone: MakePhone, tmp_path: Path
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    phone.go_offline()
    log_compost_training(phone, "Dasawisma Anggrek")
    server.stop()
    app = phone.new_tab()
    phone.page.goto(f"{phone.origin}/selamatkan.html")
    phone.page.get_by_text("Data di ponsel ini:").wait_for()
    whole = raw_files(phone)
    assert "journal" in whole
    # Once beside the open app, whose files stay locked, and once without it.
    for closing in (False, True):
        if closing:
            app.close()
        with phone.page.expect_download() as download:
            phone.page.get_by_role("button", name="Simpan semua ke satu berkas").click()
        target = tmp_path / str(download.value.suggested_filename)
        download.value.save_as(target)
        with zipfile.ZipFile(target) as packed:
            assert packed.testzip() is None
            assert {name: packed.read(name) for name in packed.namelist()} == raw_files(phone) == whole
        phone.page.get_by_text("Tersimpan: lumbung-mentah-").wait_for()
    phone.page.get_by_role("button", name="English").click()
    assert phone.page.get_by_role("heading").inner_text() == "Rescue Lumbung's data"
    assert phone.record.violations() == []
