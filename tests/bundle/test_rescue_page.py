"""When the app cannot start, the message leads to a page that saves the raw data without it, also offline."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.bundle.site import Site
from tests.e2e.driver import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

FILL = """async ({ files, name }) => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(name, { create: true });
  for (const [name, size] of Object.entries(files)) {
    const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await writable.write(new Uint8Array(size).map((_, place) => place % 251));
    await writable.close();
  }
}"""


def fill(phone: Phone, files: Mapping[str, int], folder: str = "lumbung") -> None:
    """Make files of these sizes in a folder of the browser."""
    phone.page.evaluate(FILL, {"files": dict(files), "name": folder})


def test_an_app_that_cannot_start_leads_to_the_page_that_saves_the_raw_files(
    site: Site, phone: Phone, broken_bundle: Path, tmp_path: Path
) -> None:
    site.deploy(broken_bundle)
    phone.page.goto(site.origin)
    link = phone.page.get_by_role("link", name="Selamatkan data di ponsel ini")
    link.wait_for(timeout=60_000)
    sizes = {"journal": 24, "segment-000001": 1_500_000, "kosong": 0, "segment-000001.damaged-1": 7}
    fill(phone, sizes)
    site.stop()
    phone.go_offline()
    link.click()
    phone.page.get_by_text("Data di ponsel ini: 4 berkas, 1,5").wait_for()
    with phone.page.expect_download() as download:
        phone.page.get_by_role("button", name="Simpan semua ke satu berkas").click()
    target = tmp_path / str(download.value.suggested_filename)
    download.value.save_as(target)
    with zipfile.ZipFile(target) as packed:
        assert packed.testzip() is None
        assert {entry.filename: entry.compress_type for entry in packed.infolist()} == dict.fromkeys(sizes, 0)
        content = {name: packed.read(name) for name in packed.namelist()}
    assert content == {name: bytes(place % 251 for place in range(size)) for name, size in sizes.items()}
    assert phone.record.violations() == []


def test_without_data_the_page_says_so(site: Site, phone: Phone) -> None:
    phone.page.goto(f"{site.origin}/selamatkan.html")
    phone.page.get_by_text("Tidak ada data Lumbung di peramban ini.").wait_for()
    assert not phone.page.get_by_role("button", name="Simpan semua ke satu berkas").is_visible()


def test_the_files_of_everybody_on_the_phone_are_saved_and_no_others(site: Site, phone: Phone, tmp_path: Path) -> None:
    phone.page.goto(f"{site.origin}/selamatkan.html")
    for folder in ("lumbung", "lumbung-2", "lumbung-10", "lumbung-phone", "lumbung-2-probe", "other"):
        fill(phone, {"slot-a": 7}, folder)
    phone.page.reload()
    phone.page.get_by_text("Data di ponsel ini: 3 berkas").wait_for()
    with phone.page.expect_download() as download:
        phone.page.get_by_role("button", name="Simpan semua ke satu berkas").click()
    target = tmp_path / "raw.zip"
    download.value.save_as(target)
    with zipfile.ZipFile(target) as packed:
        assert sorted(packed.namelist()) == ["lumbung-10/slot-a", "lumbung-2/slot-a", "slot-a"]
