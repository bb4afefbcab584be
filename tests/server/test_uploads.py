"""Uploads of photos over HTTP: what tus 1.0.0 asks of a server, and what becomes of the bytes."""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.server.cameras import UPLOADS, Hand, b64, jpeg, log_photos, name_of
from tests.server.phones import GUNTUNG, LOK_TUAN, Phone, activity, database, problem, roster
from tests.server.test_pictures import HOSTILE
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True


@pytest.fixture(scope="module")
def hand(server: LumbungServer) -> Hand:
    """The phone of a cadre of Guntung."""
    return Hand(Phone(server, roster(GUNTUNG).person.id))


@pytest.fixture(scope="module")
def neighbour(server: LumbungServer) -> Hand:
    """The phone of another cadre of the same village."""
    return Hand(Phone(server, roster(GUNTUNG, 1).person.id))


@pytest.fixture
def photo(hand: Hand, request: pytest.FixtureRequest) -> bytes:
    """A picture that a record of the cadre names."""
    content = jpeg(hash(request.node.nodeid))
    log_photos(hand.phone, GUNTUNG, content)
    return content


def test_what_there_is_of_tus_is_told_without_a_token(hand: Hand) -> None:
    told = hand.ask("OPTIONS", UPLOADS, Authorization="", Tus_Resumable="")
    assert told.status_code == 204
    assert told.headers["Tus-Version"] == "1.0.0"
    assert set(told.headers["Tus-Extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "checksum",
        "expiration",
        "termination",
    }
    assert set(told.headers["Tus-Checksum-Algorithm"].split(",")) == {"sha1", "sha256"}
    assert int(told.headers["Tus-Max-Size"]) == 4_000_000


def test_a_photo_in_chunks_arrives_whole_and_is_given_with_its_type(hand: Hand, photo: bytes) -> None:
    place = hand.place(photo)
    offset = 0
    while offset < len(photo):
        sent = hand.send(place, offset, photo[offset : offset + 10_000])
        assert (sent.status_code, sent.headers["Tus-Resumable"]) == (204, "1.0.0")
        assert "Upload-Expires" in sent.headers
        offset = int(sent.headers["Upload-Offset"])
    assert hand.offset(place) == len(photo)
    given = hand.picture(name_of(photo))
    assert given.content == photo
    assert given.headers["Content-Type"] == "image/jpeg"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in given.headers["Cache-Control"]
    assert hand.picture(name_of(photo), If_None_Match=given.headers["ETag"]).status_code == 304


def test_a_name_that_no_record_of_mine_has_opens_no_upload(hand: Hand, neighbour: Hand) -> None:
    content = jpeg(1)
    refused = hand.begin(content)
    assert (refused.status_code, problem(refused)["code"]) == (404, "photo-not-named")
    log_photos(neighbour.phone, GUNTUNG, content)
    assert problem(hand.begin(content))["code"] == "photo-not-named"


def test_naming_a_picture_shows_it_to_nobody_who_does_not_have_it(
    server: LumbungServer, hand: Hand, photo: bytes
) -> None:
    hand.upload(photo)
    stranger = Hand(Phone(server, roster(LOK_TUAN).person.id))
    assert problem(stranger.picture(name_of(photo)))["code"] == "photo-unknown"
    log_photos(stranger.phone, LOK_TUAN, photo)
    assert problem(stranger.picture(name_of(photo)))["code"] == "photo-unknown"
    begun = stranger.begin(photo)
    assert "Upload-Offset" not in begun.headers, "who cannot see it sends all of it"
    stranger.upload(photo)
    assert stranger.picture(name_of(photo)).content == photo


def test_who_sees_a_picture_already_need_not_send_it_again(hand: Hand, neighbour: Hand, photo: bytes) -> None:
    hand.upload(photo)
    assert neighbour.picture(name_of(photo)).content == photo, "one village"
    log_photos(neighbour.phone, GUNTUNG, photo)
    begun = neighbour.begin(photo)
    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, str(len(photo)))
    assert neighbour.offset(begun.headers["Location"]) == len(photo)


def test_the_same_picture_from_many_is_stored_once(server: LumbungServer, hand: Hand, photo: bytes) -> None:
    stranger = Hand(Phone(server, roster(LOK_TUAN, 1).person.id))
    log_photos(stranger.phone, LOK_TUAN, photo)
    for one in (hand, stranger):
        one.upload(photo)
    kept = [path for path in (server.var / "blobs").rglob("*") if path.name == name_of(photo)]
    assert [path.read_bytes() for path in kept] == [photo]
    with database(server) as connection:
        rows = connection.execute("SELECT count(*) FROM blob WHERE sha256 = ?", (name_of(photo),))
        assert rows.fetchone()[0] == 1


def test_a_wrong_place_says_so_and_takes_nothing(hand: Hand, photo: bytes) -> None:
    place = hand.place(photo)
    hand.send(place, 0, photo[:1000])
    for offset in (0, 999, 1001, len(photo)):
        refused = hand.send(place, offset, photo[offset : offset + 10])
        assert (refused.status_code, problem(refused)["code"]) == (409, "upload-offset-wrong")
    assert hand.offset(place) == 1000


def test_more_than_was_said_is_refused_and_what_fits_stays_out(hand: Hand, photo: bytes) -> None:
    place = hand.place(photo)
    refused = hand.send(place, 0, photo + b"x")
    assert (refused.status_code, problem(refused)["code"]) == (413, "body-too-large")
    assert hand.offset(place) <= len(photo)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_chunk_with_a_checksum_counts_whole_or_not_at_all(hand: Hand, photo: bytes, algorithm: str) -> None:
    place = hand.place(photo)
    right = hashlib.new(algorithm, photo[:5000]).digest()
    damaged = bytes([photo[0] ^ 1]) + photo[1:5000]
    refused = hand.send(place, 0, damaged, Upload_Checksum=f"{algorithm} {b64(right)}")
    assert (refused.status_code, problem(refused)["code"]) == (460, "upload-checksum-wrong")
    assert hand.offset(place) == 0
    assert hand.send(place, 0, photo[:5000], Upload_Checksum=f"{algorithm} {b64(right)}").status_code == 204
    assert hand.offset(place) == 5000


@pytest.fixture(scope="module")
def large(hand: Hand) -> bytes:
    """A picture that takes several chunks, which a record of the cadre names."""
    content = jpeg(70, 1600, 1200)
    log_photos(hand.phone, GUNTUNG, content)
    return content


def test_all_that_arrived_before_a_cut_stays(server: LumbungServer, hand: Hand, large: bytes) -> None:
    place = hand.place(large)
    with socket.create_connection(_address(hand)) as line:
        line.sendall(_beginning(hand, place, large) + large[:70_001])
    _wait_until(lambda: _put_down(server, place) == 70_001)
    assert hand.offset(place) == 70_001
    assert hand.send(place, 70_001, large[70_001:]).status_code == 204
    assert hand.picture(name_of(large)).content == large


def test_a_line_that_is_dead_without_saying_so_holds_nobody_up(server: LumbungServer, hand: Hand) -> None:
    content = jpeg(71, 1600, 1200)
    log_photos(hand.phone, GUNTUNG, content)
    place = hand.place(content)
    with socket.create_connection(_address(hand)) as first, socket.create_connection(_address(hand)) as second:
        first.sendall(_beginning(hand, place, content) + content[:40_000])
        _wait_until(lambda: _put_down(server, place) == 40_000)
        assert hand.offset(place) == 40_000, "who comes back by another network is told how far it came"
        second.sendall(_beginning(hand, place, content, at=40_000) + content[40_000:50_000])
        _wait_until(lambda: _put_down(server, place) == 50_000)
        assert hand.send(place, 50_000, content[50_000:]).status_code == 204
    assert hand.picture(name_of(content)).content == content


def test_a_photo_of_one_chunk_takes_one_request(hand: Hand, photo: bytes) -> None:
    sent = hand.begin(photo, photo)
    assert (sent.status_code, sent.headers["Upload-Offset"]) == (201, str(len(photo))), sent.text
    assert hand.picture(name_of(photo)).content == photo
    assert hand.offset(sent.headers["Location"]) == len(photo)


def test_a_first_chunk_whose_answer_was_lost_is_gone_on_with(hand: Hand, photo: bytes) -> None:
    first = hand.begin(photo, photo[:5_000])
    assert first.headers["Upload-Offset"] == "5000"
    again = hand.begin(photo, b"", Content_Type="application/offset+octet-stream")
    assert (again.headers["Location"], again.headers["Upload-Offset"]) == (first.headers["Location"], "5000")
    more = hand.begin(photo, photo[:6_000])
    assert (more.headers["Location"], more.headers["Upload-Offset"]) == (first.headers["Location"], "6000")
    less = hand.begin(photo, photo[:10])
    assert less.headers["Upload-Offset"] == "6000"
    assert hand.send(first.headers["Location"], 6_000, photo[6_000:]).status_code == 204
    assert hand.picture(name_of(photo)).content == photo


@pytest.mark.parametrize("line_is", ["closed", "dead"])
def test_a_first_chunk_that_is_cut_counts_as_far_as_it_came(
    server: LumbungServer, hand: Hand, photo: bytes, line_is: str
) -> None:
    with socket.create_connection(_address(hand)) as line:
        line.sendall(_first(hand, photo) + photo[:12_345])
        if line_is == "closed":
            line.close()
        _wait_until(lambda: _is_noted(server, photo))
        assert _again(hand, photo).headers["Upload-Offset"] == "12345"
    assert hand.begin(photo, photo).headers["Upload-Offset"] == str(len(photo))
    assert hand.picture(name_of(photo)).content == photo


def _is_noted(server: LumbungServer, photo: bytes) -> bool:
    with database(server) as connection:
        rows = connection.execute("SELECT count(*) FROM upload WHERE sha256 = ?", (name_of(photo),))
        return bool(rows.fetchone()[0])


def _again(hand: Hand, photo: bytes) -> requests.Response:
    return hand.begin(photo, b"", Content_Type="application/offset+octet-stream")


def test_a_first_chunk_that_is_not_what_it_says_is_refused_whole(hand: Hand, photo: bytes) -> None:
    damaged = bytes([photo[0] ^ 1]) + photo[1:]
    checksum = f"sha256 {b64(hashlib.sha256(photo).digest())}"
    assert problem(hand.begin(photo, damaged, Upload_Checksum=checksum))["code"] == "upload-checksum-wrong"
    assert problem(hand.begin(photo, damaged))["code"] == "photo-digest-wrong"
    assert problem(hand.begin(photo, photo + b"x"))["code"] == "body-too-large"
    assert problem(hand.picture(name_of(photo)))["code"] == "photo-unknown"
    assert hand.begin(photo, photo, Upload_Checksum=checksum).headers["Upload-Offset"] == str(len(photo))


def _put_down(server: LumbungServer, place: str) -> int:
    """Return how many bytes of an upload are in its file."""
    part = server.var / "uploads" / place.rpartition("/")[2]
    return part.stat().st_size if part.exists() else 0


def _address(hand: Hand) -> tuple[str, int]:
    parts = urlsplit(hand.phone.address)
    return parts.hostname or "", parts.port or 0


def _beginning(hand: Hand, place: str, photo: bytes, at: int = 0) -> bytes:
    """Return the head of a request that brings a photo from a place on."""
    return _head(hand, f"PATCH {place}", len(photo) - at, f"Upload-Offset: {at}")


def _first(hand: Hand, photo: bytes) -> bytes:
    """Return the head of a request that begins with a whole photo."""
    metadata = f"Upload-Length: {len(photo)}\r\nUpload-Metadata: sha256 {b64(name_of(photo).encode())}"
    return _head(hand, f"POST {UPLOADS}", len(photo), metadata)


def _head(hand: Hand, what: str, length: int, more: str) -> bytes:
    head = (
        f"{what} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {hand.phone.token}\r\n{more}\r\n"
        f"Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {length}\r\n\r\n"
    )
    return head.encode()


def _wait_until(true: Callable[[], bool], what: str = "") -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def test_an_upload_is_carried_on_after_the_server_was_killed_in_the_middle_of_a_chunk(
    own_server: LumbungServer,
) -> None:
    own_server.start()
    hand = Hand(Phone(own_server, roster(GUNTUNG).person.id))
    content = jpeg(7, 1600, 1200)
    log_photos(hand.phone, GUNTUNG, content)
    place = hand.place(content)
    with socket.create_connection(_address(hand)) as line:
        line.sendall(_beginning(hand, place, content) + content[:-50_000])
        _wait_until(lambda: _put_down(own_server, place) > 0)
        own_server.kill()
    own_server.start()
    offset = hand.offset(place)
    assert 0 < offset < len(content)
    assert hand.send(place, offset, content[offset:]).status_code == 204
    assert hand.picture(name_of(content)).content == content


def test_an_upload_that_was_complete_when_the_server_died_is_finished_by_the_next_question(
    own_server: LumbungServer,
) -> None:
    own_server.start()
    hand = Hand(Phone(own_server, roster(GUNTUNG).person.id))
    content = jpeg(8)
    log_photos(hand.phone, GUNTUNG, content)
    place = hand.place(content)
    own_server.stop()
    folder = own_server.var / "uploads"
    folder.mkdir(exist_ok=True)
    (folder / place.rpartition("/")[2]).write_bytes(content)
    own_server.start()
    assert hand.picture(name_of(content)).status_code == 404
    assert hand.offset(place) == len(content)
    assert hand.picture(name_of(content)).content == content


def test_an_upload_is_its_owners_alone_and_can_be_given_up(hand: Hand, neighbour: Hand, photo: bytes) -> None:
    place = hand.place(photo)
    hand.send(place, 0, photo[:1000])
    assert neighbour.ask("HEAD", place).status_code == 404
    assert problem(neighbour.send(place, 1000, photo[1000:]))["code"] == "upload-unknown"
    assert problem(neighbour.ask("DELETE", place))["code"] == "upload-unknown"
    assert hand.offset(place) == 1000
    assert hand.ask("DELETE", place).status_code == 204
    assert hand.ask("HEAD", place).status_code == 404
    hand.upload(photo)


def test_an_upload_whose_time_is_over_says_so(server: LumbungServer, hand: Hand, photo: bytes) -> None:
    place = hand.place(photo)
    with database(server) as connection:
        connection.execute("UPDATE upload SET expires_at = 1 WHERE id = ?", (place.rpartition("/")[2],))
    refused = hand.send(place, 0, photo)
    assert (refused.status_code, problem(refused)["code"]) == (410, "upload-expired")


def test_a_network_that_lets_only_posts_through_is_no_hindrance(hand: Hand, photo: bytes) -> None:
    place = hand.place(photo)
    headers = {"Upload_Offset": "0", "Content_Type": "application/offset+octet-stream"}
    sent = hand.ask("POST", place, photo[:500], X_HTTP_Method_Override="PATCH", **headers)
    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, "500")
    assert hand.ask("POST", place, X_HTTP_Method_Override="DELETE").status_code == 204
    assert hand.ask("HEAD", place).status_code == 404


Change = Callable[[Hand, bytes], Any]
ODD: dict[str, tuple[Change, int, str]] = {
    "no version": (lambda hand, it: hand.begin(it, Tus_Resumable=""), 412, "tus-unsupported"),
    "another version": (lambda hand, it: hand.begin(it, Tus_Resumable="2.0.0"), 412, "tus-unsupported"),
    "no token": (lambda hand, it: hand.begin(it, Authorization=""), 401, "token-missing"),
    "no length": (lambda hand, it: hand.begin(it, Upload_Length=""), 400, "upload-malformed"),
    "a negative length": (lambda hand, it: hand.begin(it, Upload_Length="-1"), 400, "upload-malformed"),
    "a length in words": (lambda hand, it: hand.begin(it, Upload_Length="abc"), 400, "upload-malformed"),
    "too long": (lambda hand, it: hand.begin(it, Upload_Length="4000001"), 413, "photo-too-large"),
    "no name": (lambda hand, it: hand.begin(it, Upload_Metadata=""), 400, "upload-malformed"),
    "a name in no base64": (lambda hand, it: hand.begin(it, Upload_Metadata="sha256 ***"), 400, "upload-malformed"),
    "a path for a name": (
        lambda hand, it: hand.begin(it, Upload_Metadata=f"sha256 {b64(b'../../../etc/passwd')}"),
        400,
        "upload-malformed",
    ),
    "another type": (
        lambda hand, it: hand.send(hand.place(it), 0, it, Content_Type="image/jpeg"),
        415,
        "upload-type-wrong",
    ),
    "no place": (lambda hand, it: hand.send(hand.place(it), 0, it, Upload_Offset=""), 400, "upload-malformed"),
    "an unknown sum": (
        lambda hand, it: hand.send(hand.place(it), 0, it, Upload_Checksum=f"md5 {b64(b'x')}"),
        400,
        "upload-malformed",
    ),
    "a path for an upload": (
        lambda hand, it: hand.send(f"{UPLOADS}/..%2F..%2Flumbung.sqlite3", 0, it),
        404,
        "not-found",
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_request_says_why_and_stores_nothing(hand: Hand, photo: bytes, odd: str) -> None:
    ask, status, code = ODD[odd]
    refused = ask(hand, photo)
    assert (refused.status_code, problem(refused)["code"]) == (status, code)
    assert refused.headers.get("Tus-Resumable") == "1.0.0" or status == 404
    assert hand.picture(name_of(photo)).status_code == 404


def test_bytes_that_are_not_what_the_name_says_are_refused_and_forgotten(hand: Hand, photo: bytes) -> None:
    place = hand.place(photo)
    other = bytearray(photo)
    other[len(photo) // 2] ^= 1
    refused = hand.send(place, 0, bytes(other))
    assert (refused.status_code, problem(refused)["code"]) == (422, "photo-digest-wrong")
    assert hand.ask("HEAD", place).status_code == 404
    assert hand.picture(name_of(photo)).status_code == 404
    hand.upload(photo)


HOSTILE_FILES = (
    "a bomb that says it is a photo",
    "a page behind it",
    "cut in the middle",
    "a drawing that runs",
    "a place and a time",
)


@pytest.mark.parametrize("hostile", HOSTILE_FILES)
def test_a_hostile_file_is_refused_and_nothing_of_it_is_stored(server: LumbungServer, hand: Hand, hostile: str) -> None:
    content = HOSTILE[hostile]
    log_photos(hand.phone, GUNTUNG, content)
    place = hand.place(content)
    refused = hand.send(place, 0, content)
    assert (refused.status_code, problem(refused)["code"]) == (422, "photo-refused")
    assert hand.ask("HEAD", place).status_code == 404
    assert hand.picture(name_of(content)).status_code == 404
    assert [path for path in server.var.rglob("*") if path.name in (name_of(content), place.rpartition("/")[2])] == []
    with database(server) as connection:
        assert connection.execute("SELECT 1 FROM blob WHERE sha256 = ?", (name_of(content),)).fetchone() is None


def test_nobody_keeps_more_than_fifty_uploads_open(server: LumbungServer) -> None:
    hand = Hand(Phone(server, roster(GUNTUNG, 2).person.id))
    content = jpeg(99)
    log_photos(hand.phone, GUNTUNG, content)
    for _ in range(50):
        hand.place(content)
    refused = hand.begin(content)
    assert (refused.status_code, problem(refused)["code"]) == (429, "too-many-uploads")


def test_what_is_no_folder_of_ours_is_said_at_the_start(tmp_path: Path) -> None:
    made = LumbungServer(tmp_path / "s", environment={"LUMBUNG_BLOB_URL": "gopher://nowhere"})
    with pytest.raises(AssertionError, match="LUMBUNG_BLOB_URL"):
        made.start()


def test_text_records_are_as_they_were(hand: Hand) -> None:
    record = hand.phone.log(activity(GUNTUNG, title=os.urandom(4).hex()))
    assert hand.phone.records[record].lacks == ()
