"""Clients of tus that nobody here wrote send photos to a real server, are cut off, and go on."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader.uploader import Uploader

from tests.packages import NODE, installed
from tests.server.cameras import UPLOADS, Hand, jpeg, log_photos, name_of
from tests.server.phones import GUNTUNG, Phone, roster
from tests.servers import LumbungServer

FOLDER = Path(__file__).with_name("tus")
CHUNK = 64 * 1024


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LumbungServer]:
    """A server that a test may kill and start again."""
    with LumbungServer(tmp_path / "server") as running:
        yield running


@pytest.fixture
def hand(server: LumbungServer) -> Hand:
    """The phone of a cadre of Guntung."""
    return Hand(Phone(server, roster(GUNTUNG).person.id))


@pytest.fixture
def photo(hand: Hand, tmp_path: Path) -> Path:
    """A file with a photo that a record of the cadre names."""
    content = jpeg(3, 1600, 1200)
    assert len(content) > 4 * CHUNK
    log_photos(hand.phone, GUNTUNG, content)
    file = tmp_path / "foto.jpg"
    file.write_bytes(content)
    return file


def arrived(hand: Hand, photo: Path) -> bool:
    return hand.picture(name_of(photo.read_bytes())).content == photo.read_bytes()


def tuspy(hand: Hand, photo: Path, **options: Any) -> Uploader:
    client = TusClient(hand.phone.address + UPLOADS, headers={"Authorization": f"Bearer {hand.phone.token}"})
    metadata = {"sha256": name_of(photo.read_bytes())}
    # It leaves files open that it opened itself.
    stream = io.BytesIO(photo.read_bytes())
    return client.uploader(file_stream=stream, chunk_size=CHUNK, metadata=metadata, retries=0, **options)


@pytest.mark.parametrize("checked", [False, True], ids=["plain", "with checksums"])
def test_tuspy_uploads(hand: Hand, photo: Path, checked: bool) -> None:
    tuspy(hand, photo, upload_checksum=checked).upload()
    assert arrived(hand, photo)


def test_tuspy_goes_on_after_the_server_was_killed(server: LumbungServer, hand: Hand, photo: Path) -> None:
    uploader = tuspy(hand, photo)
    uploader.upload_chunk()
    uploader.upload_chunk()
    server.kill()
    with pytest.raises(TusCommunicationError):
        uploader.upload_chunk()
    server.start()
    second = tuspy(hand, photo, url=uploader.url)
    assert second.offset == 2 * CHUNK
    second.upload()
    assert arrived(hand, photo)


def tus_js(hand: Hand, photo: Path, chunk: int = CHUNK, stop: int = 0, known: str = "") -> dict[str, Any]:
    folder = installed(FOLDER, "upload.js")
    said = [hand.phone.address + UPLOADS, hand.phone.token, str(photo), name_of(photo.read_bytes())]
    command = [str(NODE), "upload.js", *said, str(chunk), str(stop), known]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_tus_js_client_uploads_in_chunks(hand: Hand, photo: Path) -> None:
    done = tus_js(hand, photo)
    assert done["requests"] == ["POST", *["PATCH"] * -(-photo.stat().st_size // CHUNK)]
    assert arrived(hand, photo)


def test_tus_js_client_uploads_in_one_piece(hand: Hand, photo: Path) -> None:
    assert tus_js(hand, photo, chunk=0)["requests"] == ["POST", "PATCH"]
    assert arrived(hand, photo)


def test_tus_js_client_goes_on_after_it_and_the_server_were_killed(
    server: LumbungServer, hand: Hand, photo: Path
) -> None:
    broken = tus_js(hand, photo, stop=2 * CHUNK)
    assert broken["sent"] == 2 * CHUNK
    server.kill()
    server.start()
    done = tus_js(hand, photo, known=broken["broken"])
    assert done["requests"] == ["HEAD", *["PATCH"] * (-(-photo.stat().st_size // CHUNK) - 2)]
    assert arrived(hand, photo)


def test_tus_js_client_finds_what_was_complete_already(hand: Hand, photo: Path) -> None:
    done = tus_js(hand, photo)
    assert tus_js(hand, photo, known=done["done"])["requests"] == ["HEAD"]


def test_tus_js_client_ends_well_when_the_picture_is_there_already(hand: Hand, photo: Path) -> None:
    hand.upload(photo.read_bytes())
    again = tus_js(hand, photo)
    assert "done" in again, again
    assert again["requests"][:2] == ["POST", "PATCH"]
    assert again["requests"][-1] == "HEAD"
