"""A photo is taken into a form, made small, and safe from then on; while it waits here nothing is called sent."""

from __future__ import annotations

import base64

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import begin, enrol, fill, finish, take_photos
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

# What a camera makes: large, with a grain that does not compress well.
CAMERA = """async ([width, height]) => {
  const canvas = new OffscreenCanvas(width, height), ground = canvas.getContext('2d');
  const picture = ground.createImageData(width, height);
  let seed = width;
  for (let at = 0; at < picture.data.length; at += 4) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    picture.data.set([at / picture.data.length * 255, (seed >> 16) % 64 + 90, 120, 255], at);
  }
  ground.putImageData(picture, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({type: 'image/jpeg', quality: 0.95})).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}"""
KEPT = """async () => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lumbung'), found = [];
  for await (const [name, handle] of folder.entries()) {
    if (!name.startsWith('picture-')) continue;
    const file = await handle.getFile();
    const bytes = await file.arrayBuffer();
    const digest = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
    const picture = await createImageBitmap(new Blob([bytes], {type: 'image/jpeg'}));
    found.push([name === 'picture-' + digest.map((byte) => byte.toString(16).padStart(2, '0')).join(''),
                new Uint8Array(bytes)[0] === 0xff, file.size, picture.width, picture.height]);
  }
  return found;
}"""


def taken(phone: Phone, width: int, height: int) -> bytes:
    """Return a photo of so many pixels, as the camera of a phone makes it."""
    return base64.b64decode(phone.page.evaluate(CAMERA, [width, height]))


def test_photos_survive_a_reload_and_wait_on_the_phone_after_the_text_was_sent(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    phone.go_offline()
    begin(phone, "Kegiatan lain")
    fill(phone, "Nama kegiatan *", "Kerja bakti RT 05")
    wide, tall = taken(phone, 2400, 1800), taken(phone, 900, 1200)
    take_photos(phone, {"IMG_1.jpg": wide, "IMG_2.jpg": tall})
    phone.wait_text("Foto 2", 60)

    # The page is loaded again before anything is finished.
    phone.reload("Simpan draf")
    phone.scroll_to("Foto 2")
    kept = sorted(phone.page.evaluate(KEPT), key=lambda one: -int(one[3]))
    small = [[True, True, 320, 240], [True, True, 240, 320]]
    assert [one[:2] + one[3:] for one in kept] == [[True, True, 1600, 1200], [True, True, 900, 1200], *small]
    assert all(one[2] < 30_000 for one in kept[2:])
    assert kept[0][2] < len(wide) / 2
    assert kept[1][2] <= len(tall)

    finish(phone, "Kerja bakti RT 05")
    phone.wait_text("Menunggu kirim")
    # The server takes records and no photos: there is no place for them.
    hinder = server.var / "uploads"
    hinder.write_text("in the way")
    phone.go_online()
    phone.wait_text("Foto 0/2", 60)
    assert not phone.shows("Semua sudah terkirim")
    phone.tap("Kerja bakti RT 05")
    phone.wait_text("2 foto masih menunggu di ponsel ini.")
    phone.wait_text("Menunggu dikirim")
    hinder.unlink()
    phone.open("/kirim", "foto masih menunggu")
    phone.tap("Kirim sekarang")
    phone.wait_gone("foto masih menunggu", 60)
    phone.open("/", "Semua sudah terkirim")
    assert phone.record.violations() == []
    assert phone.record.page_errors == []
