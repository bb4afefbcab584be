"""Stores that were damaged in more than one place, or while nothing could be written: all that is sound comes back."""

from __future__ import annotations

import random
import time

import pytest

from lumbung_client.store.durable import StoreError, StoreInUse, StoreUnreadable
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.frames import Change, bound, frame, scan
from lumbung_client.store.local_store import LocalStore
from tests.client.store.crashes import chosen_by
from tests.client.store.stores import State, after, checkpoint, contents_of, done, everything, files_of, open_store

ROWS = 300
SLOT_HEADER, SEGMENT_HEADER = 24, 28
MORE = Change("meta", "more", {"kept": 1})


def made() -> tuple[dict[str, bytes], State]:
    """A store of two checkpoints (slot-a with a third, slot-b with two thirds of the rows), closed, and its content."""
    files, state = MemoryFiles(), State()
    store = open_store(files)
    for n in range(ROWS):
        change = Change("records", str(n), {"place": f"RT {n}"})
        store.apply([change])
        state = after(state, change)
        if n in (ROWS // 3, 2 * ROWS // 3):
            checkpoint(store)
    store.close()
    return contents_of(files), state


def flipped(content: bytes, *places: int) -> bytes:
    changed = bytearray(content)
    for place in places:
        changed[place] ^= 0x55
    return bytes(changed)


def goes_on(files: MemoryFiles, store: LocalStore) -> None:
    """It takes saves, and is whole the next time."""
    found = everything(store)
    store.apply([MORE])
    files.crash()
    again = open_store(files)
    assert everything(again) == after(found, MORE)
    assert again.damage is None


def test_with_one_frame_of_each_slot_spoilt_only_what_was_in_both_is_lost() -> None:
    contents, state = made()
    for name in ("slot-a", "slot-b"):
        contents[name] = flipped(contents[name], SLOT_HEADER + 20)
    files = files_of(contents)
    store = open_store(files)
    assert everything(store) == dict(list(state.items())[32:])
    assert store.damage is not None
    goes_on(files, store)


@pytest.mark.parametrize("headless", ["slot-a", "slot-b"])
def test_a_slot_without_a_sound_header_is_read_and_set_aside_when_the_other_is_spoilt(headless: str) -> None:
    contents, state = made()
    other = {"slot-a": "slot-b", "slot-b": "slot-a"}[headless]
    contents[headless] = flipped(contents[headless], 3)
    contents[other] = flipped(contents[other], SLOT_HEADER + 20)
    files = files_of(contents)
    store = open_store(files)
    assert everything(store) == state
    assert {contents_of(files)[f"{name}.damaged-1"] for name in (headless, other)} == {
        contents[headless],
        contents[other],
    }
    goes_on(files, store)


def test_a_spoilt_slot_mends_what_is_spoilt_in_the_segments_it_contains_and_is_set_aside() -> None:
    contents, state = made()
    contents["slot-b"] = flipped(contents["slot-b"], len(contents["slot-b"]) - 3)
    contents["segment-000002"] = flipped(contents["segment-000002"], 200)
    files = files_of(contents)
    store = open_store(files)
    assert everything(store) == state
    assert contents_of(files)["slot-b.damaged-1"] == contents["slot-b"]
    goes_on(files, store)


def test_what_a_segment_says_never_goes_over_a_later_slot_that_is_spoilt_elsewhere() -> None:
    files = MemoryFiles()
    store = open_store(files)
    for values in (["oldest"], ["older", "newer"]):
        for value in values:
            store.apply([Change("records", "1", {"is": value})])
        checkpoint(store)
    store.close()
    contents = contents_of(files)
    for name in ("slot-a", "slot-b", "segment-000002"):
        contents[name] = flipped(contents[name], len(contents[name]) - 3)
    assert everything(open_store(files_of(contents))) == {("records", "1"): {"is": "newer"}}


def test_what_was_rescued_from_spoilt_slots_outlives_a_power_cut_at_any_step_of_opening() -> None:
    contents, _ = made()
    for name in ("slot-a", "slot-b"):
        contents[name] = flipped(contents[name], SLOT_HEADER + 20)
    rescued = everything(open_store(counted := files_of(contents)))
    for turn in range(1, counted.turn + 1):
        files = files_of(contents)

        def cut(*_: str, files: MemoryFiles = files, turn: int = turn) -> None:
            if files.turn == turn:
                raise KeyboardInterrupt

        files.on_operation = cut
        with pytest.raises(KeyboardInterrupt):
            open_store(files)
        files.on_operation = None
        files.crash_with(chosen_by(turn))
        assert everything(open_store(files)) == rescued


def test_files_that_are_there_and_empty_are_told_as_damage() -> None:
    contents, _ = made()
    store = open_store(files_of(dict.fromkeys(contents, b"")))
    assert store.damage is not None


def test_many_gaps_in_one_file_are_set_aside_as_that_file_and_the_store_is_whole_again() -> None:
    contents, _ = made()
    segment = contents["segment-000003"]
    contents["segment-000003"] = flipped(segment, *range(SEGMENT_HEADER + 20, len(segment) - 100, 60))
    files = files_of(contents)
    store = open_store(files)
    assert store.damage is not None
    assert store.damage.kept_in == ("segment-000003.damaged-1",)
    assert contents_of(files)["segment-000003.damaged-1"] == contents["segment-000003"]
    goes_on(files, store)


def test_checkpoints_wait_while_damage_lies_only_where_it_was_found() -> None:
    contents, _ = made()
    contents["segment-000003"] = flipped(contents["segment-000003"], 100)
    files = files_of(contents)
    files.on_operation = refusing_pieces
    store = open_store(files)
    assert store.damage is not None
    assert not store.damage.is_kept
    for n in range(3):
        store.apply([Change("meta", str(n), {"large": "x" * 600_000})])
        assert not store.checkpoint_due
        checkpoint(store)
    assert contents_of(files)["segment-000003"].startswith(contents["segment-000003"])
    store.close()
    files.on_operation = None
    store = open_store(files)
    assert store.damage is not None
    assert store.damage.is_kept
    goes_on(files, store)


def refusing_pieces(what: str, name: str) -> None:
    """Let no file of damaged pieces be made."""
    if what == "open" and ".damaged-" in name:
        raise StoreError("no")


def test_a_checkpoint_of_a_store_that_cannot_be_written_touches_no_slot() -> None:
    contents, _ = made()
    files = files_of(contents)
    files.failing_flushes = 1
    store = open_store(files)
    assert store.flaw is not None
    with pytest.raises(StoreError):
        checkpoint(store)
    assert {name: bytes(files.files[name].written) for name in ("slot-a", "slot-b")} == {
        name: contents[name] for name in ("slot-a", "slot-b")
    }


@pytest.mark.parametrize("pause_to_lose_it_at", [0, 1, 3])
def test_a_checkpoint_ends_when_the_store_is_opened_elsewhere(pause_to_lose_it_at: int) -> None:
    contents, _ = made()
    files = files_of(contents)
    first = open_store(files)
    pauses: list[int] = []

    def open_elsewhere() -> None:
        for file in files.files.values():
            file.held = False  # as on a platform whose locks do not hold
        open_store(files)

    async def pause() -> None:
        if len(pauses) == pause_to_lose_it_at - 1:
            open_elsewhere()
        pauses.append(files.turn)

    if pause_to_lose_it_at == 0:
        open_elsewhere()
        pauses.append(files.turn)
    with pytest.raises(StoreInUse):
        done(first.checkpoint(pause))
    assert files.turn == pauses[-1]
    assert len(pauses) == max(1, pause_to_lose_it_at)


@pytest.mark.parametrize("depth", [100, 700, 850, 900, 940, 970, 980, 984, 985, 990, 5000])
def test_what_is_saved_can_be_read_again_however_deep_it_is_nested(depth: int) -> None:
    files, nested = MemoryFiles(), list[object]()
    store = open_store(files)
    for _ in range(depth):
        nested = [nested]
    try:
        store.apply([Change("meta", "1", {"nested": nested})])  # type: ignore[dict-item]
    except ValueError:
        assert depth > 500
    found = store.count("meta")
    store.close()

    def deeper(levels: int) -> LocalStore:
        return deeper(levels - 1) if levels else open_store(files)

    assert deeper(50).count("meta") == found


def test_two_halves_of_a_character_are_kept_as_the_character_they_make() -> None:
    files = MemoryFiles()
    store = open_store(files)
    store.apply([Change("meta", chr(0xD83D) + chr(0xDE00), {"half": chr(0xD800)})])
    store.close()
    expected = {("meta", "\U0001f600"): {"half": chr(0xD800)}}
    assert everything(store) == everything(open_store(files)) == expected


@pytest.mark.parametrize("pattern", [b"\0\0\0\0[", b"\0\0\0\0[]", b"\0\0\x09\0\0\0\0\0\0\0\0\0[", b"\0", b"[{"])
def test_looking_for_sound_frames_takes_no_longer_whatever_lies_there(pattern: bytes) -> None:
    content = pattern * (1_500_000 // len(pattern))
    sound = frame(b"[]", bound(b"LUMBUNGS", 1)(len(content)))
    began = time.process_time()
    assert scan(content + sound, 0, bound(b"LUMBUNGS", 1)).payloads == (b"[]",)
    assert time.process_time() - began < 10  # without a bound it is minutes


def test_a_head_turned_back_to_format_1_never_empties_the_slots() -> None:
    files = MemoryFiles()
    store = open_store(files)
    store.apply([MORE])
    checkpoint(store)
    store.close()
    contents = contents_of(files)
    contents["journal"] = contents["journal"][:8] + b"\x01" + contents["journal"][9:]
    contents["segment-000002"] = contents["segment-000002"][:SEGMENT_HEADER]
    contents.pop("segment-000001")
    with pytest.raises(StoreUnreadable):
        open_store(again := files_of(contents))
    assert contents_of(again) == contents


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_spoilt_nothing_is_invented_and_the_store_goes_on(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same every time on purpose
    contents, state = made()
    for _ in range(dice.choice((1, 2, 5, 20))):
        name = dice.choice(sorted(set(contents) - {"journal"}))
        content, place, length = (
            bytearray(contents[name]),
            dice.randrange(len(contents[name]) or 1),
            dice.choice((1, 512)),
        )
        rest = len(content[place : place + length])
        content[place : place + length] = dice.choice((bytes(rest), dice.randbytes(rest), b""))
        contents[name] = bytes(content)
    files = files_of(contents)
    store = open_store(files)
    assert everything(store).items() <= state.items()
    assert store.flaw is None
    goes_on(files, store)
