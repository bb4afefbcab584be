"""Frames as bytes: pinned, tied to their place, and found again behind a bad place."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.store import frames
from lumbung_client.store.durable import StoreUnreadable
from lumbung_client.store.frames import Change, Gap

BATCHES = (
    (Change("a", "1", {"x": 1}),),
    (Change("a", "2", {"y": "dua"}), Change("b", "1", {"z": [True, None]})),
    (Change("a", "1", None),),
)
START = 5
KIND = b"LUMBUNGS"


def written(number: int = 7) -> bytes:
    content = bytes(START)
    for batch in BATCHES:
        content += frames.frame(frames.payload_of(batch), frames.bound(KIND, number)(len(content)))
    return content


def test_the_bytes_of_a_frame_of_format_1_stay_what_they_are() -> None:
    payload = b'[["a","1",{"x":1}]]'
    assert frames.frame(payload, frames.unbound(0)) == struct.pack("<II", 19, 0xAE238693) + b"\0\0\0\0" + payload


def test_the_bytes_of_a_frame_of_format_2_stay_what_they_are() -> None:
    payload = frames.payload_of(BATCHES[0])
    assert payload == b'[["a","1",{"x":1}]]'
    seed = zlib.crc32(struct.pack("<8sIQ", KIND, 7, 28))
    checksum = zlib.crc32(struct.pack("<IBBH", 19, 0, 0, 0) + payload, seed)
    assert frames.frame(payload, frames.bound(KIND, 7)(28)) == struct.pack("<IIBBH", 19, checksum, 0, 0, 0) + payload
    assert checksum == 0xCA8F77C4


def test_what_was_written_is_found_in_order() -> None:
    found = frames.scan(written(), START, frames.bound(KIND, 7))
    assert tuple(map(frames.changes_in, found.payloads)) == BATCHES
    assert found.good == len(written())
    assert found.gaps == ()


def test_frames_of_another_file_or_another_place_are_none() -> None:
    assert frames.scan(written(8), START, frames.bound(KIND, 7)).payloads == ()
    assert frames.scan(written(), START, frames.bound(b"LUMBUNGC", 7)).payloads == ()
    assert frames.scan(b"\0" + written(), START + 1, frames.bound(KIND, 7)).payloads == ()


@given(place=st.integers(START, len(written()) - 1), flip=st.integers(1, 255))
def test_one_spoilt_byte_costs_one_frame(place: int, flip: int) -> None:
    spoilt = bytearray(written())
    spoilt[place] ^= flip
    found = frames.scan(bytes(spoilt), START, frames.bound(KIND, 7))
    left = tuple(map(frames.changes_in, found.payloads))
    assert len(left) == len(BATCHES) - 1
    assert [batch for batch in BATCHES if batch in left] == list(left)
    assert sum(gap.end - gap.start for gap in found.gaps) + len(spoilt) - found.good > 0


def test_zeros_between_frames_are_a_gap_and_behind_them_nothing() -> None:
    first = frames.frame(frames.payload_of(BATCHES[0]), frames.bound(KIND, 1)(0))
    second = frames.frame(frames.payload_of(BATCHES[1]), frames.bound(KIND, 1)(len(first) + 100_000))
    content = first + bytes(100_000) + second + bytes(100_000)
    found = frames.scan(content, 0, frames.bound(KIND, 1))
    assert tuple(map(frames.changes_in, found.payloads)) == BATCHES[:2]
    assert found.gaps == (Gap(len(first), len(first) + 100_000),)
    assert found.good == len(content) - 100_000


def test_an_encrypted_frame_is_left_for_a_release_that_can_read_it() -> None:
    payload = b"secret"
    checksum = zlib.crc32(struct.pack("<IBBH", 6, 1, 1, 0) + payload)
    with pytest.raises(StoreUnreadable):
        frames.scan(struct.pack("<IIBBH", 6, checksum, 1, 1, 0) + payload, 0, frames.unbound)


@pytest.mark.parametrize("payload", [b'{"not": "changes"}', b'[["too", "short"]]', b"not JSON"])
def test_a_sound_frame_with_no_changes_in_it_is_unreadable(payload: bytes) -> None:
    with pytest.raises(StoreUnreadable):
        frames.changes_in(payload)
