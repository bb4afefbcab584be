"""What people are told of photos: that one is missing, that it came, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.cameras import Hand, answer, jpeg, log_photos, name_of
from tests.server.phones import BONTANG, GUNTUNG, LOK_TUAN, SATIMPO, SELATAN, Phone, problem, roster
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True


@pytest.fixture
def hand(server: LumbungServer) -> Hand:
    """The phone of a cadre of Guntung."""
    return Hand(Phone(server, roster(GUNTUNG).person.id))


@pytest.fixture
def neighbour(server: LumbungServer) -> Phone:
    """The phone of another cadre of the same village, with all news read."""
    phone = Phone(server, roster(GUNTUNG, 1).person.id)
    phone.sync_all()
    return phone


@pytest.fixture
def photos(request: pytest.FixtureRequest) -> tuple[bytes, bytes]:
    """Two pictures like no others."""
    seed = hash(request.node.nodeid)
    return jpeg(seed), jpeg(seed + 1, 320, 240)


def told(phone: Phone) -> set[str]:
    """The records that the next pages of news bring."""
    return {state.record for reply in phone.sync_all() for state in reply.page.records}


def test_a_record_says_which_of_its_pictures_are_missing_until_they_came(
    hand: Hand, neighbour: Phone, photos: tuple[bytes, bytes]
) -> None:
    record = log_photos(hand.phone, GUNTUNG, *photos)
    assert told(neighbour) == {record}
    assert set(neighbour.records[record].lacks) == set(map(name_of, photos))
    hand.upload(photos[0])
    assert told(neighbour) == {record}
    assert neighbour.records[record].lacks == (name_of(photos[1]),)
    hand.upload(photos[1])
    assert told(neighbour) == {record}
    assert neighbour.records[record].lacks == ()
    assert told(neighbour) == set(), "and nothing more"


def test_who_sent_a_picture_is_not_told_of_it(hand: Hand, photos: tuple[bytes, bytes]) -> None:
    log_photos(hand.phone, GUNTUNG, *photos)
    told(hand.phone)
    for content in photos:
        hand.upload(content)
    assert told(hand.phone) == set()


def test_another_phone_of_the_same_person_is_told(
    server: LumbungServer, hand: Hand, photos: tuple[bytes, bytes]
) -> None:
    other = Phone(server, hand.phone.person)
    record = log_photos(hand.phone, GUNTUNG, *photos)
    other.sync_all()
    hand.upload(photos[0])
    assert told(other) == {record}
    assert other.records[record].lacks == (name_of(photos[1]),)


def test_a_picture_that_comes_again_in_another_record_is_there_at_once(
    hand: Hand, neighbour: Phone, photos: tuple[bytes, bytes]
) -> None:
    log_photos(hand.phone, GUNTUNG, photos[0])
    hand.upload(photos[0])
    second = log_photos(hand.phone, GUNTUNG, photos[0])
    told(neighbour)
    assert neighbour.records[second].lacks == ()


def test_a_record_in_another_regency_s_feed_tells_of_its_pictures_there(
    server: LumbungServer, photos: tuple[bytes, bytes]
) -> None:
    hand = Hand(Phone(server, roster(GUNTUNG).person.id))
    coordinator = Phone(server, roster(BONTANG).person.id)
    coordinator.sync_all()
    record = log_photos(hand.phone, GUNTUNG, photos[0])
    assert told(coordinator) == {record}
    hand.upload(photos[0])
    assert told(coordinator) == {record}
    assert coordinator.records[record].lacks == ()
    elsewhere = Phone(server, roster(SATIMPO).person.id)
    assert record not in told(elsewhere)


def test_the_feed_says_which_pictures_are_missing(
    server: LumbungServer, hand: Hand, photos: tuple[bytes, bytes]
) -> None:
    coordinator = Phone(server, roster(BONTANG).person.id)
    record = log_photos(hand.phone, GUNTUNG, *photos)

    def entry() -> dict[str, Any]:
        page = coordinator.get("feed", region=GUNTUNG, kind="produta-facilitation", limit=100).json()
        found: dict[str, Any] = next(one for one in page["entries"] if one["record"] == record)
        return found

    assert entry()["lacks"] == [name_of(content) for content in photos]
    hand.upload(photos[1])
    assert entry()["lacks"] == [name_of(photos[0])]
    hand.upload(photos[0])
    assert "lacks" not in entry()


def test_a_thumbnail_arrives_before_its_photo_and_is_shown_for_itself(
    hand: Hand, neighbour: Phone, photos: tuple[bytes, bytes]
) -> None:
    whole, small = photos
    sets = {
        "region": GUNTUNG,
        "date": "2026-11-20",
        "stage": "planning",
        "work_photos/0000000000/photo": answer(*photos),
    }
    record = hand.phone.log(sets, kind="produta-facilitation", form=2)
    hand.upload(small)
    told(neighbour)
    assert neighbour.records[record].lacks == (name_of(whole),)
    assert neighbour.get(f"photos/{name_of(small)}").content == small


def test_a_picture_that_was_taken_out_of_a_record_is_still_shown_to_who_may_see_its_history(
    hand: Hand, neighbour: Phone, photos: tuple[bytes, bytes]
) -> None:
    record = log_photos(hand.phone, GUNTUNG, photos[0])
    hand.upload(photos[0])
    hand.phone.log({"work_photos/0000000000/photo": None}, record=record, kind="produta-facilitation", form=2)
    told(neighbour)
    assert neighbour.get(f"photos/{name_of(photos[0])}").content == photos[0]


def test_a_record_that_moves_takes_its_pictures_along(server: LumbungServer, photos: tuple[bytes, bytes]) -> None:
    person = roster(GUNTUNG).person.id
    hand = Hand(Phone(server, person))
    there = Phone(server, roster(LOK_TUAN).person.id)
    record = log_photos(hand.phone, GUNTUNG, photos[0])
    hand.upload(photos[0])
    assert there.get(f"photos/{name_of(photos[0])}").status_code == 404
    coordinator = Phone(server, roster(BONTANG).person.id)
    coordinator.sync_all()
    assert coordinator.get(f"photos/{name_of(photos[0])}").content == photos[0]
    assert record in coordinator.records


def test_a_picture_that_is_asked_for_again_is_told_until_it_is_there(
    server: LumbungServer, hand: Hand, neighbour: Phone, photos: tuple[bytes, bytes]
) -> None:
    coordinator = Phone(server, roster(BONTANG).person.id)
    record = log_photos(hand.phone, GUNTUNG, *photos)
    asked = {"record": record, "sha256": name_of(photos[0])}
    assert hand.phone.sync().wanted == ()
    assert coordinator.tell("photos/wanted", asked).status_code == 204
    assert hand.phone.sync().wanted == (name_of(photos[0]),)
    assert hand.phone.sync().wanted == (name_of(photos[0]),)
    assert neighbour.sync().wanted == ()
    hand.upload(photos[0])
    assert hand.phone.sync().wanted == ()


def test_a_picture_that_is_there_is_asked_of_nobody(
    server: LumbungServer, hand: Hand, photos: tuple[bytes, bytes]
) -> None:
    coordinator = Phone(server, roster(BONTANG).person.id)
    record = log_photos(hand.phone, GUNTUNG, photos[0])
    hand.upload(photos[0])
    assert coordinator.tell("photos/wanted", {"record": record, "sha256": name_of(photos[0])}).status_code == 204
    assert hand.phone.sync().wanted == ()


def test_a_picture_whose_file_is_gone_is_asked_for_and_taken_again(
    server: LumbungServer, hand: Hand, photos: tuple[bytes, bytes]
) -> None:
    coordinator = Phone(server, roster(BONTANG).person.id)
    record = log_photos(hand.phone, GUNTUNG, photos[0])
    hand.upload(photos[0])
    name = name_of(photos[0])
    (server.var / "blobs" / name[:2] / name).unlink()
    assert problem(hand.picture(name))["code"] == "photo-unknown"
    coordinator.tell("photos/wanted", {"record": record, "sha256": name})
    assert hand.phone.sync().wanted == (name,)
    hand.upload(photos[0])
    assert hand.picture(name).content == photos[0]


@pytest.mark.parametrize("who", ["a cadre", "another region", "nobody's picture", "no record"])
def test_only_who_coordinates_there_asks_for_a_picture_of_a_record(
    server: LumbungServer, hand: Hand, photos: tuple[bytes, bytes], who: str
) -> None:
    record = log_photos(hand.phone, GUNTUNG, photos[0])
    name = name_of(photos[1] if who == "nobody's picture" else photos[0])
    person = {"a cadre": roster(GUNTUNG, 1), "another region": roster(SELATAN)}.get(who, roster(BONTANG)).person.id
    asked = {"record": "0193a1b2-c3d4-7e5f-8a6b-0123456789ab" if who == "no record" else record, "sha256": name}
    refused = Phone(server, person).tell("photos/wanted", asked)
    expected = (404, "photo-unknown") if who == "nobody's picture" else (403, "forbidden")
    assert (refused.status_code, problem(refused)["code"]) == expected
