"""Three photos from a phone's gallery reach the server whole, although network and page die on the way."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import pytest
from playwright.sync_api import Request

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import begin, enrol, fill, finish, take_photos
from tests.server.cameras import jpeg
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CHUNK = 256 * 1024
KEPT = """async () => {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('lumbung'), found = [];
  for await (const [name, handle] of folder.entries())
    if (name.startsWith('picture-')) found.push([name.slice(8), (await handle.getFile()).size]);
  return found;
}"""


def sent_by(phone: Phone) -> list[int]:
    """Start counting: the sizes of the chunks that the phone sends from now on."""
    sizes: list[int] = []

    def note(request: Request) -> None:
        if "/photos/uploads" in request.url:
            sizes.append(len(request.post_data_buffer or b""))

    phone.page.context.on("request", note)
    return sizes


def arrived(server: LumbungServer) -> dict[str, int]:
    """Name and size of the pictures on the server, each checked against its name."""
    found = {}
    for path in (server.var / "blobs").rglob("*"):
        if path.is_file() and len(path.name) == 64:
            content = path.read_bytes()
            assert hashlib.sha256(content).hexdigest() == path.name
            found[path.name] = len(content)
    return found


def under_way(server: LumbungServer) -> list[Path]:
    """The files of large uploads of which something has arrived."""
    folder = server.var / "uploads"
    return [path for path in folder.glob("*") if path.stat().st_size >= 60_000] if folder.exists() else []


def wait_until(true: object, seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_three_photos_arrive_although_the_network_and_the_page_die_in_the_middle(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    phone.go_offline()
    begin(phone, "Kegiatan lain")
    fill(phone, "Nama kegiatan *", "Sesi foto keripik")
    take_photos(phone, {f"IMG_{number}.jpg": jpeg(number, 2400, 1800, quality=90) for number in (1, 2, 3)})
    phone.wait_text("Foto 3", 90)
    finish(phone, "Sesi foto keripik")
    phone.wait_text("Menunggu kirim")
    kept: dict[str, int] = dict(phone.page.evaluate(KEPT))
    assert len(kept) == 6, "three photos and their small copies"

    first = sent_by(phone)
    phone.go_online()
    # In the middle of a whole photo the server stands still, the network goes, and the page is killed.
    wait_until(lambda: under_way(server))
    server.pause()
    phone.go_offline()
    assert len(arrived(server)) < 6
    phone.close()
    server.resume()
    phone.reopen("/", "Sesi foto keripik")
    second = sent_by(phone)
    phone.go_online()
    wait_until(lambda: len(arrived(server)) == 6)

    assert arrived(server) == kept
    assert sum(first) + sum(second) <= sum(kept.values()) + CHUNK
    phone.wait_text("Semua sudah terkirim", 60)
    phone.tap("Sesi foto keripik")
    phone.wait_text("Sudah diterima server")
    assert phone.record.violations() == []
    assert phone.record.page_errors == []
