"""The HTTP side: bodies, errors, headers, and what OpenAPI says about it."""

from __future__ import annotations

import gzip
import json
import os
import socket
import zlib
from typing import Any

import pytest
import requests

from lumbung_server.routes.problems import language_of
from lumbung_shared.problems import SENTENCES, Code
from lumbung_shared.protocol import MAX_BODY_BYTES
from tests.databases import SQLITE
from tests.server.phones import GUNTUNG, Phone, activity, dump, problem, roster
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def kind() -> str:
    return SQLITE


@pytest.fixture(scope="module")
def phone(server: LumbungServer) -> Phone:
    return Phone(server, roster(GUNTUNG).person.id)


def post(phone: Phone, body: bytes, encoding: str = "", language: str = "id") -> requests.Response:
    headers = {"Authorization": f"Bearer {phone.token}", "Accept-Language": language}
    if encoding:
        headers["Content-Encoding"] = encoding
    return requests.post(f"{phone.server.base_url}/api/v1/sync", data=body, headers=headers, timeout=60)


def bomb() -> bytes:
    return gzip.compress(b"0" * 200_000_000, 9)


def empty_blocks() -> bytes:
    """A gzip stream longer than any body may be that unpacks to nothing."""
    packer = zlib.compressobj(wbits=31)
    return packer.compress(b"") + b"\x00\x00\x00\xff\xff" * (MAX_BODY_BYTES // 5 + 10)


BAD_BODIES: dict[str, tuple[bytes, str, int, str]] = {
    "not JSON": (b"{", "", 400, "body-malformed"),
    "empty": (b"", "", 400, "body-malformed"),
    "no UTF-8": (b'"\xff"', "", 400, "body-malformed"),
    "no number": (b'{"protocol": NaN}', "", 400, "body-malformed"),
    "nested too deeply": (b"[" * 100_000, "", 400, "body-malformed"),
    "a huge number": (b"1" * 5_000, "", 400, "body-malformed"),
    "no object": (b"[]", "", 400, "body-malformed"),
    "no gzip": (b"{}", "gzip", 400, "body-malformed"),
    "half a gzip": (gzip.compress(os.urandom(500))[:300], "gzip", 400, "body-malformed"),
    "more than a gzip": (gzip.compress(b"{}") + b"x", "gzip", 400, "body-malformed"),
    "unknown packing": (b"{}", "br", 400, "body-malformed"),
    "too long": (b" " * (MAX_BODY_BYTES + 1), "", 413, "body-too-large"),
    "too long unpacked": (gzip.compress(b" " * (MAX_BODY_BYTES + 1)), "gzip", 413, "body-too-large"),
    "a bomb": (bomb(), "gzip", 413, "body-too-large"),
    "a bomb of nothing": (empty_blocks(), "gzip", 413, "body-too-large"),
}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_body_that_cannot_be_taken_says_why_and_stores_nothing(phone: Phone, name: str, language: str) -> None:
    body, encoding, status, code = BAD_BODIES[name]
    before = dump(phone.server)
    answer = post(phone, body, encoding, language)
    assert (answer.status_code, problem(answer)["code"]) == (status, code)
    assert answer.json()["detail"] == SENTENCES[Code(code)].within(language)
    assert dump(phone.server) == before


def test_a_body_of_unknown_length_is_limited_too(phone: Phone) -> None:
    def pieces() -> Any:
        for _ in range(MAX_BODY_BYTES // 100_000 + 5):
            yield b" " * 100_000

    headers = {"Authorization": f"Bearer {phone.token}"}
    url = f"{phone.server.base_url}/api/v1/sync"
    try:
        answer = requests.post(url, data=pieces(), headers=headers, timeout=60)
    except requests.ConnectionError:
        return  # The server answered and closed while the rest was still being sent.
    assert problem(answer)["code"] == "body-too-large"


def test_the_largest_body_that_is_allowed_is_taken(phone: Phone) -> None:
    body = json.dumps({"protocol": 1, "replica": phone.replica, "time": {"wall": 1}}).encode()
    assert post(phone, body + b" " * (MAX_BODY_BYTES - len(body))).status_code == 200
    assert post(phone, gzip.compress(body + b" " * (MAX_BODY_BYTES - len(body))), "gzip").status_code == 200


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"protocol": "1"}, "protocol"),
        ({"replica": None}, "replica"),
        ({"replica": "x"}, "replica"),
        ({"time": {"wall": True}}, "time.wall"),
        ({"time": None}, "time"),
        ({"writes": {}}, "writes"),
        ({"cursor": 5}, "cursor"),
    ],
)
def test_a_request_of_the_wrong_shape_says_where(phone: Phone, change: dict[str, Any], where: str) -> None:
    found = problem(phone.post(**change))
    assert (found["code"], found["where"]) == ("body-malformed", where)


@pytest.mark.parametrize("version", [0, 2, 10**9])
def test_another_version_of_the_protocol_is_not_served(phone: Phone, version: int) -> None:
    found = problem(phone.post(protocol=version))
    assert (found["status"], found["code"]) == (400, "protocol-unsupported")


def test_keys_of_a_newer_phone_are_ignored(phone: Phone) -> None:
    assert phone.post(warna="hijau").status_code == 200


def test_answers_travel_packed(phone: Phone) -> None:
    answer = phone.post(phone.write(activity(GUNTUNG)))
    assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch"])
def test_an_unknown_path_of_the_api_is_a_problem(server: LumbungServer, method: str, language: str) -> None:
    url, headers = f"{server.base_url}/api/v2/apa/saja", {"Accept-Language": language}
    answer = requests.request(method, url, headers=headers, timeout=10)
    assert (answer.status_code, problem(answer)["code"]) == (404, "not-found")
    assert answer.json()["detail"] == SENTENCES[Code.NOT_FOUND].within(language)


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("forms", "GET, OPTIONS, POST"),
        ("sync", "OPTIONS, POST"),
        ("photos/uploads/x", "DELETE, HEAD, OPTIONS, PATCH, POST"),
    ],
)
def test_who_asks_what_a_path_takes_is_told_all_of_it(phone: Phone, path: str, methods: str) -> None:
    headers = {"Authorization": f"Bearer {phone.token}"}
    answer = requests.options(f"{phone.address}/api/v1/{path}", headers=headers, timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (204, methods)


@pytest.mark.parametrize(("method", "path"), [("get", "sync"), ("delete", "enrol"), ("post", "feed")])
def test_a_wrong_method_is_a_problem_that_names_the_right_one(server: LumbungServer, method: str, path: str) -> None:
    answer = requests.request(method, f"{server.base_url}/api/v1/{path}", timeout=10)
    assert (answer.status_code, problem(answer)["code"]) == (405, "method-not-allowed")
    assert answer.headers["Allow"]


@pytest.mark.parametrize("path", ["api/v1/feed", "api/v1/receipt-keys", "api/tidak-ada", "api/v1/sync", "healthz"])
def test_answers_of_the_api_are_not_stored_and_not_guessed_at(server: LumbungServer, path: str) -> None:
    headers = requests.get(f"{server.base_url}/{path}", timeout=10).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_health_is_told_to_machines(server: LumbungServer) -> None:
    for path in ("healthz", "readyz"):
        answer = requests.get(f"{server.base_url}/{path}", timeout=10)
        assert (answer.status_code, answer.text) == (200, "ok")


def test_openapi_describes_every_route_with_its_messages(server: LumbungServer) -> None:
    answer = requests.get(f"{server.base_url}/schema/openapi.json", timeout=10)
    paths = answer.json()["paths"]
    assert set(paths) == {
        "/api/v1/photos/{sha256}",
        "/api/v1/photos/wanted",
        "/api/v1/photos/uploads",
        "/api/v1/photos/uploads/{upload}",
        "/api/v1/enrol",
        "/api/v1/login",
        "/api/v1/sync",
        "/api/v1/feed",
        "/api/v1/feed/counts",
        "/api/v1/doubles",
        "/api/v1/export.csv",
        "/api/v1/export.geojson",
        "/api/v1/export.jsonl",
        "/api/v1/overview",
        "/api/v1/live",
        "/api/v1/export.xlsx",
        "/api/v1/report.pdf",
        "/api/v1/report.xlsx",
        "/api/v1/forms",
        "/api/v1/forms/withdraw",
        "/api/v1/forms/xlsx",
        "/api/v1/forms/{kind}/{version}/xlsx",
        "/api/v1/people",
        "/api/v1/catalogue",
        "/api/v1/catalogue/{record}",
        "/api/v1/silence",
        "/api/v1/cascade",
        "/api/v1/programmes",
        "/api/v1/records/{record}/history",
        "/api/v1/devices/revoke",
        "/api/v1/devices/handover",
        "/api/v1/invitations",
        "/api/v1/handover",
        "/api/v1/handovers",
        "/api/v1/handovers/release",
        "/api/v1/handovers/discard",
        "/api/v1/account",
        "/api/v1/account/session",
        "/api/v1/account/close",
        "/api/v1/account/password",
        "/api/v1/account/reset",
        "/api/v1/account/totp",
        "/api/v1/account/totp/confirm",
        "/api/v1/account/totp/off",
        "/api/v1/account/end",
        "/api/v1/account/sign-out",
        "/api/v1/receipt-keys",
        "/api/v1/versions",
        "/healthz",
        "/readyz",
    }
    sync = paths["/api/v1/sync"]["post"]
    asked = sync["requestBody"]["content"]["application/json"]["schema"]
    given = sync["responses"]["200"]["content"]["application/json"]["schema"]
    assert asked["required"] == ["protocol", "replica", "time"]
    assert set(given["properties"]) >= {"epoch", "page", "outcomes", "receipts", "grants"}
    assert {"400", "401", "409", "413", "503"} <= set(sync["responses"])
    assert "application/problem+json" in sync["responses"]["401"]["content"]
    excel = paths["/api/v1/forms/xlsx"]["post"]
    (media_type,) = excel["requestBody"]["content"]
    assert list(paths["/api/v1/forms/{kind}/{version}/xlsx"]["get"]["responses"]["200"]["content"]) == [media_type]
    exported = paths["/api/v1/export.xlsx"]["get"]
    assert list(exported["responses"]["200"]["content"]) == [media_type]
    assert {one["name"] for one in exported["parameters"]} >= {
        "region",
        "kind",
        "since",
        "until",
        "disputed",
        "language",
    }
    told = excel["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(told["properties"]) == {"form", "faults", "lacks", "added"}


def test_openapi_needs_no_other_host(server: LumbungServer) -> None:
    for path in ("schema", "schema/openapi.json"):
        assert b"https://cdn" not in requests.get(f"{server.base_url}/{path}", timeout=10).content


def test_a_sender_who_goes_away_in_the_middle_leaves_nothing_and_no_error(phone: Phone) -> None:
    phone.sync()
    before = dump(phone.server)
    with socket.create_connection(("127.0.0.1", phone.server.port)) as connection:
        head = ["POST /api/v1/sync HTTP/1.1", "Host: x", f"Authorization: Bearer {phone.token}", "Content-Length: 900"]
        connection.sendall("\r\n".join([*head, "", '{"protocol": 1']).encode())
    # The next request is answered after the server saw the end of the first.
    assert phone.post().status_code == 200
    assert dump(phone.server) == before
    assert "unhandled" not in phone.server.output


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "id"),
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.3, id;q=0.7", "id"),
        ("ms;q=0.9, en;q=0.5", "en"),
        ("fr", "id"),
        ("en;q=banyak", "id"),
        ("EN", "en"),
    ],
)
def test_the_language_is_indonesian_unless_english_is_preferred(header: str, language: str) -> None:
    assert language_of(header) == language
