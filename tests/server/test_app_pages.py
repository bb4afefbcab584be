"""What the address bar and a broken bundle can ask of the app's files."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from lumbung_server.routes.app_files import app_files

Client = TestClient[Litestar]
PAGE = b"<!DOCTYPE html><title>Lumbung</title>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    app = tmp_path / "app"
    (app / "assets" / "fonts").mkdir(parents=True)
    (app / "index.html").write_bytes(PAGE)
    (app / "boot.js").write_bytes(b"x" * 1_000)
    (app / "boot.js.gz").write_bytes(gzip.compress(b"x" * 1_000, mtime=0))
    (app / "assets" / "NOTICES").write_bytes(b"catatan")
    return app


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    with TestClient(Litestar(route_handlers=list(app_files(folder)), openapi_config=None)) as running:
        yield running


@pytest.mark.parametrize("path", ["/" + "a" * 300, "/" + "a" * 300 + ".js", "/x/" + "b" * 5_000])
def test_a_name_longer_than_any_file_is_no_error(client: Client, path: str) -> None:
    assert client.get(path).status_code in (200, 404)


@pytest.mark.parametrize(
    "path", ["/assets/hilang", "/assets", "/assets/", "/assets/fonts/hilang", "/assets/a.js", "/a.js"]
)
def test_what_is_missing_below_a_real_folder_is_not_the_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert PAGE not in answer.content


@pytest.mark.parametrize("path", ["/masuk?kode=AB12-CD34", "/umpan", "/kegiatan/0190-abc", "/assetsku"])
def test_an_address_within_the_app_is_its_page(client: Client, path: str) -> None:
    assert client.get(path).content == PAGE


def test_a_file_without_an_ending_is_served(client: Client) -> None:
    assert client.get("/assets/NOTICES").content == b"catatan"


def test_what_the_browser_has_is_not_read_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = client.get("/boot.js").headers["etag"]
    monkeypatch.setattr(Path, "read_bytes", None)
    assert client.get("/boot.js", headers={"If-None-Match": tag}).status_code == 304
    head = client.head("/boot.js", headers={"Accept-Encoding": "gzip"})
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) < 1_000
