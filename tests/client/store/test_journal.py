"""The journal at its edges: torn, damaged, foreign, newer, full."""

from __future__ import annotations

import asyncio
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.store import frames
from lumbung_client.store.durable import StoreFailed, StoreFull, StoreUnreadable
from lumbung_client.store.durable_memory import Content, MemoryFiles
from lumbung_client.store.frames import Change
from lumbung_client.store.journal import Damage, Journal

BATCHES = (
    (Change("a", "1", {"x": 1}),),
    (Change("a", "2", {"y": "dua"}), Change("b", "1", {"z": [True, None]})),
    (Change("a", "1", None),),
)


def written(batches: tuple[tuple[Change, ...], ...] = BATCHES) -> bytes:
    return frames.header() + b"".join(map(frames.frame, batches))


def files_with(content: bytes) -> MemoryFiles:
    return MemoryFiles(files={"journal": Content(bytearray(content), content)})


def opened(files: MemoryFiles) -> tuple[Journal, tuple[tuple[Change, ...], ...]]:
    return asyncio.run(Journal.open(files, "journal"))


def content(files: MemoryFiles) -> bytes:
    return bytes(files.files["journal"].flushed)


def test_a_new_journal_is_its_header() -> None:
    files = MemoryFiles()
    assert opened(files)[1] == ()
    assert content(files) == frames.header()


def test_what_was_appended_is_replayed_in_order() -> None:
    files = MemoryFiles()
    journal, _ = opened(files)
    for batch in BATCHES:
        journal.append(batch)
    files.crash()
    assert opened(files)[1] == BATCHES


def test_the_bytes_of_version_1_stay_what_they_are() -> None:
    assert frames.header() == b"LUMBUNGJ\x01\x00\x00\x00\x00\x00\x00\x00"
    payload = b'[["a","1",{"x":1}]]'
    assert frames.frame(BATCHES[0]) == struct.pack("<II", 19, 0xAE238693) + b"\0\0\0\0" + payload


@given(cut=st.integers(min_value=0, max_value=len(written()) - 1))
def test_a_journal_torn_at_any_byte_keeps_its_whole_frames_and_goes_on(cut: int) -> None:
    files = files_with(written()[:cut])
    journal, batches = opened(files)
    assert batches == BATCHES[: len(batches)]
    assert len(written(batches)) <= max(cut, len(frames.header()))
    journal.append(BATCHES[0])
    assert journal.damage is None
    journal.close()
    assert opened(files)[1] == (*batches, BATCHES[0])


@given(tail=st.integers(min_value=1, max_value=4096))
def test_zeros_at_the_end_are_a_torn_end(tail: int) -> None:
    files = files_with(written() + bytes(tail))
    journal, batches = opened(files)
    assert batches == BATCHES
    assert journal.damage is None
    assert content(files) == written()


@given(place=st.integers(min_value=len(frames.header()), max_value=len(written(BATCHES[:2])) - 1))
def test_damage_before_whole_frames_is_set_aside_and_told(place: int) -> None:
    spoilt = bytearray(written())
    spoilt[place] ^= 0x55
    files = files_with(bytes(spoilt))
    journal, batches = opened(files)
    good = len(written(batches))
    assert batches == BATCHES[: len(batches)]
    assert journal.damage == Damage(len(spoilt) - good, "journal.damaged-1")
    assert files.files["journal.damaged-1"].flushed == bytes(spoilt[good:])
    assert content(files) == bytes(spoilt[:good])


def test_a_second_damage_does_not_overwrite_the_first() -> None:
    spoilt = bytearray(written())
    spoilt[40] ^= 1
    files = files_with(bytes(spoilt))
    files.files["journal.damaged-1"] = Content(bytearray(b"old"), b"old")
    assert opened(files)[0].damage == Damage(len(spoilt) - 16, "journal.damaged-2")
    assert files.files["journal.damaged-1"].flushed == b"old"


@pytest.mark.parametrize(
    "strange",
    [
        b"GIF89a" + bytes(20),
        b"short",
        frames.HEADER.pack(frames.MAGIC, 2, 0) + b"whatever",
    ],
    ids=["foreign", "short", "newer"],
)
def test_what_this_release_cannot_read_is_left_untouched(strange: bytes) -> None:
    files = files_with(strange)
    with pytest.raises(StoreUnreadable):
        opened(files)
    assert content(files) == strange
    assert not files.files["journal"].held


def test_an_encrypted_frame_is_left_for_a_release_that_can_read_it() -> None:
    payload = b"secret"
    marks = b"\x01\x01\0\0"
    checksum = zlib.crc32(payload, zlib.crc32(struct.pack("<I", len(payload)) + marks))
    strange = written() + struct.pack("<II", len(payload), checksum) + marks + payload
    files = files_with(strange)
    with pytest.raises(StoreUnreadable):
        opened(files)
    assert content(files) == strange


@pytest.mark.parametrize("payload", [b'{"not": "changes"}', b'[["too", "short"]]', b"not JSON"])
def test_a_sound_frame_with_no_changes_in_it_is_unreadable(payload: bytes) -> None:
    checksum = zlib.crc32(payload, zlib.crc32(struct.pack("<I", len(payload)) + bytes(4)))
    with pytest.raises(StoreUnreadable):
        frames.read(frames.header() + struct.pack("<II", len(payload), checksum) + bytes(4) + payload)


def test_after_a_failed_flush_nothing_is_taken_until_the_journal_was_opened_again() -> None:
    files = MemoryFiles()
    journal, _ = opened(files)
    journal.append(BATCHES[0])
    files.failing_flushes = 1
    with pytest.raises(StoreFailed):
        journal.append(BATCHES[1])
    with pytest.raises(StoreFailed):
        journal.append(BATCHES[2])
    files.crash()
    journal, batches = opened(files)
    assert batches == (BATCHES[0],)
    journal.append(BATCHES[2])


def test_a_full_disk_tears_a_frame_that_is_cut_when_the_journal_opens_again() -> None:
    files = MemoryFiles(room=len(written(BATCHES[:1])) + 10)
    journal, _ = opened(files)
    journal.append(BATCHES[0])
    with pytest.raises(StoreFull):
        journal.append(BATCHES[1])
    journal.close()
    files.room = None
    journal, batches = opened(files)
    assert batches == (BATCHES[0],)
    journal.append(BATCHES[1])
    journal.close()
    assert opened(files)[1] == BATCHES[:2]
