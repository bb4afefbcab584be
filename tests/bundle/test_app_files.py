"""How the server answers for the app's files."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from lumbung_server.routes.app_files import app_files
from lumbung_server.routes.headers import APP_POLICY

Client = TestClient[Litestar]
PAGE = b"<!DOCTYPE html><title>Lumbung</title>"
PROGRAM = b"console.log('halo');" * 50
BROTLI = brotli.compress(PROGRAM)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    app = tmp_path / "app"
    (app / "pyodide").mkdir(parents=True)
    (app / "index.html").write_bytes(PAGE)
    (app / "boot.js").write_bytes(PROGRAM)
    (app / "boot.js.gz").write_bytes(gzip.compress(PROGRAM, mtime=0))
    (app / "boot.js.br").write_bytes(BROTLI)
    (app / "old.js").write_bytes(PROGRAM)
    (app / "old.js.gz").write_bytes(gzip.compress(PROGRAM, mtime=0))
    (app / "app.tar").write_bytes(b"archive")
    for name in ("pyodide/pyodide.mjs", "pyodide/pyodide.asm.wasm", "bundle.json", "manifest.webmanifest"):
        (app / name).write_bytes(b"x")
    (tmp_path / "rahasia.txt").write_text("rahasia")
    (app / "tautan.txt").symlink_to(tmp_path / "rahasia.txt")
    return app


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    with TestClient(Litestar(route_handlers=list(app_files(folder)), openapi_config=None)) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/boot.js", "text/javascript; charset=utf-8"),
        ("/pyodide/pyodide.mjs", "text/javascript; charset=utf-8"),
        ("/pyodide/pyodide.asm.wasm", "application/wasm"),
        ("/bundle.json", "application/json"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/app.tar", "application/x-tar"),
    ],
)
def test_every_kind_of_file_has_the_type_browsers_insist_on(client: Client, path: str, media_type: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)


@pytest.mark.parametrize(
    ("path", "accepted", "encoding"),
    [
        ("/boot.js", "gzip, deflate, br, zstd", "br"),
        ("/boot.js", "br;q=0.1, gzip", "br"),
        ("/boot.js", "br;q=0, gzip;q=0.8", "gzip"),
        ("/boot.js", "gzip", "gzip"),
        ("/old.js", "br, gzip", "gzip"),
        ("/boot.js", "gzip;q=0, identity", None),
        ("/boot.js", "", None),
    ],
)
def test_the_smallest_copy_goes_to_those_who_take_it(
    client: Client, path: str, accepted: str, encoding: str | None
) -> None:
    with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == encoding
    assert int(answer.headers["content-length"]) == len(raw)
    assert unpacked(raw, encoding) == PROGRAM
    assert answer.headers["vary"] == "Accept-Encoding"


def unpacked(raw: bytes, encoding: str | None) -> bytes:
    if encoding is None:
        return raw
    return gzip.decompress(raw) if encoding == "gzip" else brotli.decompress(raw)


def test_each_copy_has_a_tag_of_its_own(client: Client) -> None:
    tags = {client.head("/boot.js", headers={"Accept-Encoding": one}).headers["etag"] for one in ("br", "gzip", "x")}
    assert len(tags) == 3


def test_unchanged_content_costs_a_header_and_changed_content_is_seen(client: Client, folder: Path) -> None:
    first = client.get("/")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["etag"] == f'"{hashlib.sha256(PAGE).hexdigest()[:32]}"'
    again = client.get("/", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    (folder / "index.html").write_bytes(PAGE + b"<p>baru</p>")
    changed = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, changed.content) == (200, PAGE + b"<p>baru</p>")


def test_a_question_about_a_file_brings_its_headers_only(client: Client) -> None:
    answer = client.head("/boot.js", headers={"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(PROGRAM))


@pytest.mark.parametrize("path", ["/kegiatan", "/kegiatan/0190-abc", "/index.html"])
def test_pages_of_the_app_are_its_one_page(client: Client, path: str) -> None:
    assert client.get(path).content == PAGE


def test_a_missing_file_is_not_the_page(client: Client) -> None:
    assert client.get("/hilang.js").status_code == 404


def test_unknown_addresses_of_the_interface_are_not_the_page(client: Client) -> None:
    answer = client.get("/api/v1/unknown")
    assert answer.status_code == 404
    assert answer.content != PAGE


@pytest.mark.parametrize("path", ["/../rahasia.txt", "/%2e%2e/rahasia.txt", "/x/..%2f..%2frahasia.txt", "/tautan.txt"])
def test_nothing_outside_the_folder_is_served(client: Client, path: str) -> None:
    assert b"rahasia" not in client.get(path).content


def test_fallback_fonts_are_answered_with_nothing(client: Client) -> None:
    assert client.get("/assets/fonts/notosanssymbols/v43/a.woff2").status_code == 204


def test_the_app_may_talk_to_its_own_server_only(client: Client) -> None:
    headers = client.get("/").headers
    assert headers["content-security-policy"] == APP_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"].startswith("geolocation=(self), camera=(self)")
    assert "http:" not in APP_POLICY
    assert "'unsafe-eval'" not in APP_POLICY


def test_a_server_without_an_app_says_what_to_do(tmp_path: Path) -> None:
    with TestClient(Litestar(route_handlers=list(app_files(tmp_path / "none")), openapi_config=None)) as client:
        answer = client.get("/")
    assert answer.status_code == 503
    assert "belum dirakit" in answer.text
    assert "make app" in answer.text
