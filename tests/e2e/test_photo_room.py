"""In a real browser: photos are moved by keys, one is kept from being sent, and those that were sent make room."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import begin, enrol, fill, finish
from tests.server.cameras import jpeg
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]
HELD = """async () => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lumbung'), found = [];
  for await (const [name, handle] of folder.entries()) {
    if (name.startsWith('picture-')) {
      const picture = await createImageBitmap(await handle.getFile());
      found.push([picture.width, picture.height]);
    }
  }
  return found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
}"""
FOCUSED = """() => {
  const name = (at) => at.ariaLabel || (at.hasAttribute('role') ? at.textContent.trim() : '');
  for (let at = document.activeElement; at; at = at.parentElement) if (name(at)) return name(at);
  return '';
}"""
WIDE, TALL, SQUARE = (1600, 1200), (1200, 1600), (1500, 1500)


def take(phone: Phone, button: str, *sizes: tuple[int, int]) -> None:
    """Choose photos of so many pixels."""
    with phone.page.expect_file_chooser() as chooser:
        phone.tap(button)
    files = [FilePayload(name=f"{w}x{h}.jpg", mimeType="image/jpeg", buffer=jpeg(w, w, h)) for w, h in sizes]
    chooser.value.set_files(files)


def focused(phone: Phone) -> str:
    """Return what a screen reader calls the button that has the focus."""
    return str(phone.page.evaluate(FOCUSED))


def opened(phone: Phone) -> None:
    """Open the activity with the photos."""
    phone.open("/", "Sesi foto keripik")
    phone.tap("Sesi foto keripik")
    phone.wait_text("Foto kegiatan 1")


def sizes(phone: Phone) -> set[tuple[int, int]]:
    """Width and height of the whole photos in the phone's own files."""
    return {(width, height) for width, height in phone.page.evaluate(HELD)} & {WIDE, TALL, SQUARE}


def test_photos_are_moved_by_keys_one_stays_here_and_the_others_make_room(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    phone.go_offline()
    begin(phone, "Kegiatan lain")
    fill(phone, "Nama kegiatan *", "Sesi foto keripik")
    phone.scroll_to("Ambil atau pilih foto")
    take(phone, "Ambil atau pilih foto", WIDE)
    phone.wait_text("Foto 1", 60)
    phone.scroll_to("Keterangan foto")
    fill(phone, "Keterangan foto", "Yang pertama")
    phone.scroll_to("Tambah foto lagi")
    take(phone, "Tambah foto lagi", TALL, SQUARE)
    phone.wait_text("Foto 3", 60)
    phone.scroll_to("Mundurkan foto 1")
    phone.tap("Mundurkan foto 1")
    # The button goes along with its photo, and has the focus still.
    phone.wait_until(lambda: focused(phone) == "Mundurkan foto 2", "it did not go along", 20)
    phone.page.keyboard.press("Enter")
    phone.wait_until(lambda: focused(phone) == "Foto 3 sudah paling akhir.", "it did not go along", 20)
    finish(phone, "Sesi foto keripik")

    (server.var / "uploads").write_text("nothing is taken")
    phone.go_online()
    phone.wait_text("Foto 0/3", 60)
    opened(phone)
    phone.scroll_to("Yang pertama")
    texts = phone.texts()
    assert texts.index("Yang pertama") > texts.index("Foto kegiatan 3")
    phone.scroll_to("Batalkan kirim")
    phone.tap("Batalkan kirim")
    phone.wait_text("Tidak dikirim, tetap disimpan di ponsel ini")
    (server.var / "uploads").unlink()
    phone.open("/kirim", "Kirim sekarang")
    phone.tap("Kirim sekarang")
    phone.wait_gone("foto masih menunggu", 60)
    phone.wait_text("1 foto tidak dikirim karena Anda membatalkannya.")

    assert sizes(phone) == {WIDE, TALL, SQUARE}
    phone.open("/pengaturan", "Pengaturan")
    phone.scroll_to("Hapus foto yang sudah terkirim dari ponsel")
    phone.tap("Hapus foto yang sudah terkirim dari ponsel")
    phone.wait_text("Hapus 2 foto dari ponsel ini?")
    phone.tap("Hapus")
    phone.wait_text("sudah dikosongkan.")
    assert len(sizes(phone)) == 1
    opened(phone)
    phone.wait_text("Di ponsel ini tinggal foto kecilnya")
    phone.scroll_to("Buka foto")
    phone.tap("Buka foto")
    phone.wait_text("Tutup")
    assert any("/api/v1/photos/" in address for address in phone.record.requests)
    assert phone.record.page_errors == []
