"""What every answer says to the browser about itself: app files, the API, errors and photos."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
import requests

from lumbung_server.routes.headers import APP_POLICY, DATA_POLICY
from tests.databases import SQLITE
from tests.server.cameras import Hand, jpeg, log_photos, name_of
from tests.server.phones import GUNTUNG, Phone, roster
from tests.servers import LumbungServer

_counted = count(1)
PAGE = b"<!DOCTYPE html><title>Lumbung</title>"


@pytest.fixture(scope="module")
def kind() -> str:
    return SQLITE


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    folder = tmp_path_factory.mktemp("headers")
    app = folder / "app"
    app.mkdir()
    (app / "index.html").write_bytes(PAGE)
    (app / "boot.js").write_bytes(b"console.log('halo');")
    with LumbungServer(folder / "var", app=app) as running:
        yield running


@pytest.fixture(scope="module")
def phone(server: LumbungServer) -> Phone:
    return Phone(server, roster(GUNTUNG).person.id)


def asked(phone: Phone, name: str, **more: str) -> requests.Response:
    """Make the request that a case names: `METHOD path`, or a longer story. `more`: headers, `_` for a hyphen."""
    method, _, path = name.partition(" ")
    if path in ("a photo", "an upload"):
        picture = jpeg(next(_counted), 160, 120)
        log_photos(phone, GUNTUNG, picture)
        if path == "an upload":
            return Hand(phone).begin(picture, **more)
        Hand(phone).upload(picture)
        return Hand(phone).picture(name_of(picture), **more)
    if path == "news":
        return phone.post()
    headers = {"Authorization": f"Bearer {phone.token}"} | {key.replace("_", "-"): more[key] for key in more}
    return requests.request(method, phone.address + path, headers=headers, timeout=30)


FILES = {
    "GET /": 200,
    "GET /boot.js": 200,
    "HEAD /boot.js": 200,
    "GET /umpan": 200,
    "GET /hilang.js": 404,
    "GET /assets/fonts/notosans/a.woff2": 204,
}
DATA = {
    "GET /api/v1/feed": 200,
    "GET /api/v1/people": 403,
    "GET /api/v1/export.xlsx": 403,
    "GET /api/v1/forms/other/1/xlsx": 200,
    "GET /api/v1/photos/tidak-ada": 404,
    "GET a photo": 200,
    "POST an upload": 201,
    "OPTIONS /api/v1/photos/uploads": 204,
    "HEAD /api/v1/photos/uploads/tidak-ada": 412,
    "POST news": 200,
    "POST /api/v1/sync": 400,
    "DELETE /api/v1/sync": 405,
    "GET /api/v2/apa": 404,
    "POST /": 405,
    "GET /schema/openapi.json": 200,
    "GET /healthz": 200,
    "GET /readyz": 200,
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
}


@pytest.mark.parametrize("name", [*FILES, *DATA])
def test_every_answer_says_what_a_browser_may_do_with_it(phone: Phone, name: str) -> None:
    answer = asked(phone, name)
    assert answer.status_code == {**FILES, **DATA}[name], answer.text
    policy = APP_POLICY if name in FILES else DATA_POLICY
    expected = {"Content-Security-Policy": policy, **EVERYWHERE}
    assert {key: answer.headers.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    "name", [name for name in DATA if "/schema" not in name and name not in ("GET a photo", "POST /")]
)
def test_nothing_of_the_api_but_pictures_is_stored_by_browsers(phone: Phone, name: str) -> None:
    assert asked(phone, name).headers["Cache-Control"] == "no-store"


def test_a_picture_is_kept_by_the_one_browser_that_asked_and_by_no_proxy(phone: Phone) -> None:
    answer = asked(phone, "GET a photo")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"].startswith("private, ")


@pytest.mark.parametrize("policy", [APP_POLICY, DATA_POLICY])
def test_no_page_may_frame_lumbung_and_no_other_host_is_let_in(policy: str) -> None:
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert "*" not in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy or "script-src" not in policy


@pytest.mark.parametrize("name", ["GET /", "GET /boot.js", "GET /api/v1/feed", "OPTIONS /api/v1/sync", "GET a photo"])
def test_other_sites_are_told_nothing(phone: Phone, name: str) -> None:
    """No CORS: neither a plain request nor the question before one is answered for another site."""
    question = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization"}
    answer = asked(phone, name, Origin="https://lain.example", **question)
    assert [key for key in answer.headers if key.lower().startswith("access-control-")] == []


def test_only_a_server_with_a_public_https_address_asks_for_https_and_wants_to_know_its_proxy(
    server: LumbungServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert "Strict-Transport-Security" not in requests.get(f"{server.base_url}/", timeout=30).headers
    settings = {"LUMBUNG_PUBLIC_URL": "https://lumbung.example"}
    with LumbungServer(tmp_path_factory.mktemp("https"), environment=settings) as running:
        for path in ("/", "/api/v1/feed", "/api/v1/receipt-keys"):
            headers = requests.get(running.base_url + path, timeout=30).headers
            assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "peringatan: LUMBUNG_TRUSTED_PROXIES kosong" in running.output
    assert "LUMBUNG_TRUSTED_PROXIES" not in server.output
