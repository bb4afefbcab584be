"""Photos for tests: real JPEGs, records that name them, and a hand that speaks tus as its text says, step by step."""

from __future__ import annotations

import base64
import hashlib
import io
import random
from dataclasses import dataclass
from typing import Any

import requests
from PIL import Image

from tests.server.phones import Phone

UPLOADS = "/api/v1/photos/uploads"


def jpeg(seed: int = 0, width: int = 640, height: int = 480, quality: int = 80) -> bytes:
    """Return a picture that is like no other: coarse noise, so that it has about the size of a real photo."""
    chance = random.Random(seed)  # noqa: S311
    small = Image.frombytes("RGB", (width // 8, height // 8), chance.randbytes(width // 8 * (height // 8) * 3))
    target = io.BytesIO()
    small.resize((width, height), Image.Resampling.BICUBIC).save(target, "JPEG", quality=quality)
    return target.getvalue()


def name_of(content: bytes) -> str:
    """Return a picture's name."""
    return hashlib.sha256(content).hexdigest()


def answer(content: bytes, thumbnail: bytes = b"") -> dict[str, Any]:
    """Return the answer of a form that names a picture."""
    value: dict[str, Any] = {"sha256": name_of(content), "bytes": len(content), "width": 640, "height": 480}
    return value | ({"thumbnail": {"sha256": name_of(thumbnail), "bytes": len(thumbnail)}} if thumbnail else {})


def naming(region: str, *contents: bytes) -> dict[str, Any]:
    """Return the answers of an activity whose photos are these."""
    rows = {f"work_photos/{place:010}/photo": answer(content) for place, content in enumerate(contents)}
    return {"region": region, "date": "2026-11-20", "stage": "planning", **rows}


def log_photos(phone: Phone, region: str, *contents: bytes) -> str:
    """Send an activity that names pictures, and return its record."""
    return phone.log(naming(region, *contents), kind="produta-facilitation", form=2)


def b64(content: bytes) -> str:
    """Return bytes as tus writes them in headers."""
    return base64.b64encode(content).decode()


@dataclass
class Hand:
    """Speaks tus for a phone, one request at a time."""

    phone: Phone

    def ask(self, method: str, path: str, body: Any = b"", **headers: str) -> requests.Response:
        """Make one request; `_` in names of headers stands for a hyphen, an empty value leaves one out."""
        common = {"Authorization": f"Bearer {self.phone.token}", "Tus-Resumable": "1.0.0"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        chosen = {name: value for name, value in {**common, **given}.items() if value}
        return requests.request(method, self.phone.address + path, data=body, headers=chosen, timeout=60)

    def begin(self, content: bytes, first: Any = b"", **headers: str) -> requests.Response:
        """Ask for an upload of a picture, with its first chunk if there is one."""
        said = {"Upload_Length": str(len(content)), "Upload_Metadata": f"sha256 {b64(name_of(content).encode())}"}
        if first:
            said["Content_Type"] = "application/offset+octet-stream"
        return self.ask("POST", UPLOADS, first, **{**said, **headers})

    def place(self, content: bytes) -> str:
        """Begin an upload and return its place."""
        begun = self.begin(content)
        assert begun.status_code == 201, begun.text
        assert "Upload-Offset" not in begun.headers
        return begun.headers["Location"]

    def send(self, place: str, offset: int, chunk: Any, **headers: str) -> requests.Response:
        """Send a chunk."""
        said = {"Upload_Offset": str(offset), "Content_Type": "application/offset+octet-stream"}
        return self.ask("PATCH", place, chunk, **{**said, **headers})

    def offset(self, place: str) -> int:
        """Return how far the server says that an upload has come."""
        found = self.ask("HEAD", place)
        assert found.status_code == 200, found.status_code
        assert found.headers["Cache-Control"] == "no-store"
        return int(found.headers["Upload-Offset"])

    def upload(self, content: bytes, chunk: int = 100_000) -> str:
        """Upload a picture whole and return the place of the upload."""
        place = self.place(content)
        for at in range(0, len(content), chunk):
            sent = self.send(place, at, content[at : at + chunk])
            assert sent.status_code == 204, sent.text
        return place

    def picture(self, name: str, **headers: str) -> requests.Response:
        """Ask for a picture."""
        return self.ask("GET", f"/api/v1/photos/{name}", Tus_Resumable="", **headers)
