"""Damaged stores: what each damage comes to, and that nothing readable is lost or thrown away."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import pytest

from lumbung_client.store.aside import Damage
from lumbung_client.store.durable import StoreFailed, StoreFull, StoreInUse, StoreUnreadable
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.frames import Change, bound, frame, payload_of, unbound
from lumbung_client.store.local_store import LocalStore
from tests.client.store.stores import State, after, checkpoint, contents_of, done, everything, files_of, open_store

SAVES = [Change("outbox", str(n), {"place": f"RT {n}"}) for n in range(12)]
FORMAT_1 = b"LUMBUNGJ\x01\0\0\0\0\0\0\0"
HEADER = 28
MORE = Change("meta", "more", {"kept": 1})


@dataclass
class Made:
    """A store with three checkpoints and saves between and after them, closed."""

    contents: dict[str, bytes]
    state: State


def made(checkpoints: int = 3) -> Made:
    files, store = MemoryFiles(), None
    store = open_store(files)
    state: State = {}
    for n, change in enumerate(SAVES):
        store.apply([change])
        state = after(state, change)
        if n % 3 == 2 and n // 3 < checkpoints:
            checkpoint(store)
    store.close()
    return Made(contents_of(files), state)


def spoilt(made: Made, **changed: bytes | None) -> MemoryFiles:
    """The files with some of them changed or (None) gone. Underscores stand for hyphens."""
    contents = dict(made.contents)
    for name, content in changed.items():
        if content is None:
            del contents[name.replace("_", "-")]
        else:
            contents[name.replace("_", "-")] = content
    return files_of(contents)


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 0x55
    return bytes(changed)


def goes_on(files: MemoryFiles, store: LocalStore, state: State) -> None:
    """It takes saves, and is whole the next time."""
    store.apply([MORE])
    files.crash()
    again = open_store(files)
    assert everything(again) == after(state, MORE)
    assert again.damage is None


def newest_slot(contents: dict[str, bytes]) -> tuple[str, str]:
    """The names of the newer and the older slot."""
    number = {name: int.from_bytes(contents[name][12:16], "little") for name in ("slot-a", "slot-b")}
    older, newer = sorted(number, key=lambda name: number[name])
    return newer, older


def test_what_lies_there_after_three_checkpoints_is_what_two_slots_need() -> None:
    contents = made().contents
    assert sorted(contents) == ["journal", "segment-000003", "segment-000004", "slot-a", "slot-b"]
    assert newest_slot(contents) == ("slot-a", "slot-b")


@pytest.mark.parametrize("place", [0, 9, 13, 17, 21, 30, 45, 200])
def test_a_spoilt_slot_costs_nothing_wherever_it_is_spoilt(place: int) -> None:
    store = made()
    for name in ("slot-a", "slot-b"):
        files = spoilt(store, **{name: flipped(store.contents[name], place)})
        opened = open_store(files)
        assert everything(opened) == store.state
        assert opened.damage is None
        goes_on(files, opened, store.state)


@pytest.mark.parametrize("kept", [0, 5, 24, 100])
def test_a_slot_that_lost_its_end_costs_nothing(kept: int) -> None:
    store = made()
    for name in ("slot-a", "slot-b"):
        opened = open_store(spoilt(store, **{name: store.contents[name][:kept]}))
        assert everything(opened) == store.state
        assert opened.damage is None


def test_the_sound_slot_is_not_written_over_while_the_other_is_spoilt() -> None:
    store = made()
    newer, older = newest_slot(store.contents)
    files = spoilt(store, **{newer: flipped(store.contents[newer], 60)})
    opened = open_store(files)
    before = contents_of(files)[older]
    checkpoint(opened)
    assert contents_of(files)[older] == before
    files.crash()
    assert everything(open_store(files)) == store.state


def test_with_both_slots_spoilt_every_row_that_is_sound_is_rescued_and_both_are_set_aside() -> None:
    store = made()
    # One byte in the last frame of each: the rows before it are sound.
    contents = {name: flipped(store.contents[name], len(store.contents[name]) - 3) for name in ("slot-a", "slot-b")}
    files = spoilt(store, **contents)
    opened = open_store(files)
    assert everything(opened) == store.state
    assert opened.damage == Damage(sum(map(len, contents.values())), ("slot-a.damaged-1", "slot-b.damaged-1"))
    assert {name: contents_of(files)[f"{name}.damaged-1"] for name in contents} == contents
    goes_on(files, opened, store.state)


def test_with_both_slots_beyond_use_the_segments_are_rescued() -> None:
    store = made()
    opened = open_store(spoilt(store, slot_a=b"", slot_b=b""))
    assert opened.damage is not None
    assert everything(opened) == dict(list(store.state.items())[6:])


def test_before_the_first_checkpoint_a_torn_slot_is_no_damage() -> None:
    store = made(checkpoints=0)
    begun = made(1).contents
    files = spoilt(store, slot_a=begun["slot-a"][:40], segment_000002=begun["segment-000002"][:HEADER])
    opened = open_store(files)
    assert everything(opened) == store.state
    assert opened.damage is None


def test_one_spoilt_byte_in_a_segment_costs_one_frame_which_is_set_aside() -> None:
    store = made()
    segment = store.contents["segment-000004"]
    for place in range(HEADER, len(segment) - 70):
        files = spoilt(store, segment_000004=flipped(segment, place))
        opened = open_store(files)
        found = everything(opened)
        assert len(found) >= len(store.state) - 1
        assert found.items() <= store.state.items()
        assert opened.damage is not None
        (name,) = opened.damage.kept_in
        assert name == "segment-000004.damaged-1"
        assert contents_of(files)[name] in flipped(segment, place)
        goes_on(files, opened, found)


def test_a_spoilt_end_of_a_segment_that_was_closed_is_damage_and_no_torn_end() -> None:
    store = made()
    newer, _ = newest_slot(store.contents)
    segment = store.contents["segment-000003"]
    files = spoilt(store, **{newer: b"", "segment_000003": segment[:-5]})
    opened = open_store(files)
    assert opened.damage is not None
    assert len(everything(opened)) in (len(store.state) - 1, len(store.state))
    goes_on(files, opened, everything(opened))


def test_a_missing_segment_is_told_and_the_others_are_rescued() -> None:
    store = made()
    newer, _ = newest_slot(store.contents)
    files = spoilt(store, **{newer: b"", "segment_000003": None})
    opened = open_store(files)
    assert opened.damage is not None
    assert len(everything(opened)) == len(store.state) - 3
    goes_on(files, opened, everything(opened))


def test_a_spoilt_header_of_a_segment_costs_nothing() -> None:
    store = made()
    for place in range(HEADER):
        opened = open_store(spoilt(store, segment_000004=flipped(store.contents["segment-000004"], place)))
        assert everything(opened) == store.state


@pytest.mark.parametrize("place", range(16))
def test_a_spoilt_head_costs_nothing_unless_it_speaks_of_a_newer_format(place: int) -> None:
    store = made()
    files = spoilt(store, journal=flipped(store.contents["journal"], place))
    if place in (8, 9, 10, 11):
        with pytest.raises(StoreUnreadable):
            open_store(files)
        return
    opened = open_store(files)
    assert everything(opened) == store.state
    goes_on(files, opened, store.state)


def test_a_head_whose_count_of_openings_is_spoilt_costs_nothing() -> None:
    store = made()
    head = store.contents["journal"]
    files = spoilt(store, journal=head[:16] + b"\xff" * len(head[16:]))
    opened = open_store(files)
    assert everything(opened) == store.state
    goes_on(files, opened, store.state)


def test_a_second_damage_does_not_write_over_the_first() -> None:
    store = made()
    spoilt_once = flipped(store.contents["segment-000004"], 50)
    files = spoilt(store, segment_000004=spoilt_once, **{"segment-000004.damaged-1": b"older"})
    opened = open_store(files)
    assert opened.damage is not None
    assert opened.damage.kept_in == ("segment-000004.damaged-2",)
    assert contents_of(files)["segment-000004.damaged-1"] == b"older"


def test_damage_that_cannot_be_set_aside_stays_where_it_is_until_it_can() -> None:
    store = made()
    files = spoilt(store, segment_000004=flipped(store.contents["segment-000004"], 50))
    files.room = files.used()
    opened = open_store(files)
    assert opened.damage is not None
    assert not opened.damage.is_kept
    found = everything(opened)
    opened.close()
    files.room = None
    again = open_store(files)
    assert again.damage is not None
    assert again.damage.kept_in == ("segment-000004.damaged-1",)
    assert everything(again) == found
    goes_on(files, again, found)


@pytest.mark.parametrize(
    "strange",
    [b"GIF89a" + bytes(20), b"short", FORMAT_1.replace(b"\x01", b"\x03") + b"whatever"],
    ids=["foreign", "short", "newer"],
)
def test_what_this_release_cannot_read_is_left_untouched(strange: bytes) -> None:
    files = files_of({"journal": strange})
    with pytest.raises(StoreUnreadable):
        open_store(files)
    assert contents_of(files) == {"journal": strange}
    assert not files.files["journal"].held


@pytest.mark.parametrize("name", ["slot-a", "segment-000004"])
def test_a_slot_or_segment_of_a_newer_format_keeps_the_store_closed_and_untouched(name: str) -> None:
    store = made()
    content = store.contents[name]
    size = {"slot-a": 20, "segment-000004": 24}[name]
    fields = content[:8] + b"\x03\0\0\0" + content[12:size]
    files = spoilt(store, **{name: fields + zlib.crc32(fields).to_bytes(4, "little") + content[size + 4 :]})
    before = contents_of(files)
    with pytest.raises(StoreUnreadable):
        open_store(files)
    assert contents_of(files) == before
    assert not any(file.held for file in files.files.values())


def test_damage_in_a_store_of_format_1_costs_one_frame_which_is_set_aside() -> None:
    good = [frame(payload_of((change,)), unbound(0)) for change in SAVES[:3]]
    bad = flipped(good[1], 20)
    files = files_of({"journal": FORMAT_1 + good[0] + bad + good[2] + b"torn"})
    opened = open_store(files)
    assert everything(opened) == after({}, SAVES[0], SAVES[2])
    assert opened.damage == Damage(len(bad), ("journal.damaged-1",))
    assert contents_of(files)["journal.damaged-1"] == bad
    goes_on(files, opened, everything(opened))


@pytest.mark.parametrize("slots", ["with slots", "without"])
def test_a_store_of_format_1_beside_newer_segments_is_left_to_people(slots: str) -> None:
    files = spoilt(made(), journal=FORMAT_1 + frame(payload_of((SAVES[0],)), unbound(0)))
    if slots == "without":
        del files.files["slot-a"], files.files["slot-b"]
    before = contents_of(files)
    with pytest.raises(StoreUnreadable):
        open_store(files)
    assert contents_of(files) == before


def test_a_store_of_format_1_on_a_full_phone_opens_to_be_read() -> None:
    content = FORMAT_1 + frame(payload_of((SAVES[0],)), unbound(0))
    files = files_of({"journal": content})
    files.room = len(content) + 10
    opened = open_store(files)
    assert everything(opened) == after({}, SAVES[0])
    with pytest.raises(StoreFull):
        opened.apply([SAVES[1]])
    opened.close()
    files.room = None
    goes_on(files, open_store(files), after({}, SAVES[0]))


def test_a_store_that_may_not_be_written_any_more_opens_to_be_read() -> None:
    store = made()
    files = spoilt(store)
    files.refused_from = 0
    opened = open_store(files)
    assert everything(opened) == store.state
    assert opened.flaw is not None
    with pytest.raises(StoreFailed):
        opened.apply([SAVES[1]._replace(value={})])
    opened.close()
    files.refused_from = None
    goes_on(files, open_store(files), store.state)


@pytest.mark.parametrize("turn", range(6))
def test_whichever_step_of_a_checkpoint_or_save_is_refused_earlier_records_stay(turn: int) -> None:
    store = made()
    files = spoilt(store)
    opened = open_store(files)
    state = store.state
    files.refused_from = files.turn + turn
    for place, step in enumerate((checkpoint, lambda it: it.apply([MORE]))):
        try:
            step(opened)
        except StoreFailed:
            continue
        state = after(state, MORE) if place else state
    files.refused_from = None
    opened.close()
    assert everything(open_store(files)) == state


def test_a_store_that_was_opened_elsewhere_takes_nothing_from_the_first_holder() -> None:
    files = files_of({})
    first = open_store(files)
    first.apply([SAVES[0]])
    for file in files.files.values():
        file.held = False  # as on a platform whose locks do not hold
    second = open_store(files)
    with pytest.raises(StoreInUse):
        first.apply([SAVES[1]])
    second.apply([SAVES[2]])
    files.crash()
    assert everything(open_store(files)) == after({}, SAVES[0], SAVES[2])


def test_a_store_made_anew_is_told_to_older_releases_before_anything_is_saved() -> None:
    files = MemoryFiles()
    open_store(files)
    assert contents_of(files)["journal"].startswith(b"LUMBUNGJ\x02\0\0\0")


def test_a_checkpoint_leaves_alone_what_was_opened_elsewhere() -> None:
    files = files_of({})
    first = open_store(files)
    first.apply([SAVES[0]])
    for file in files.files.values():
        file.held = False  # as on a platform whose locks do not hold
    open_store(files)
    before = contents_of(files)
    with pytest.raises(StoreInUse):
        checkpoint(first)
    assert {name: data for name, data in contents_of(files).items() if data} == before


def test_a_store_that_takes_nothing_is_not_brought_back_by_a_checkpoint() -> None:
    files = files_of({})
    store = open_store(files)
    store.apply([SAVES[0]])
    files.failing_flushes = 1
    with pytest.raises(StoreFailed):
        store.apply([SAVES[1]])
    with pytest.raises(StoreFailed):
        checkpoint(store)
    with pytest.raises(StoreFailed):
        store.apply([SAVES[2]])
    store.close()
    assert not any(file.held for file in files.files.values())


@pytest.mark.parametrize("why", ["failed", "opened elsewhere"])
def test_no_segment_is_begun_by_a_store_that_was_lost_while_its_file_was_opened(why: str) -> None:
    files = files_of({})
    store = open_store(files)
    store.apply([SAVES[0]])

    def lose(what: str, name: str) -> None:
        if (what, name) == ("open", "segment-000002"):
            files.on_operation = None
            if why == "failed":
                files.failing_flushes = 1
                with pytest.raises(StoreFailed):
                    store.apply([SAVES[1]])
            else:
                for file in files.files.values():
                    file.held = False  # as on a platform whose locks do not hold
                open_store(files)

    files.on_operation = lose
    with pytest.raises(StoreFailed if why == "failed" else StoreInUse):
        checkpoint(store)
    assert files.files["segment-000002"].written == b""
    with pytest.raises(StoreFailed if why == "failed" else StoreInUse):
        store.apply([SAVES[2]])


def test_a_checkpoint_in_the_middle_of_another_does_nothing() -> None:
    files = files_of(made().contents)
    store = open_store(files)
    slots: list[dict[str, bytes]] = []

    async def pause() -> None:
        if not slots:
            slots.append(contents_of(files))
            await store.checkpoint()
            slots.append(contents_of(files))

    done(store.checkpoint(pause))
    assert slots[0] == slots[1]
    assert store.flaw is None


def test_a_store_that_is_closed_in_the_middle_of_a_checkpoint_writes_nothing_more() -> None:
    files = files_of({})
    store = open_store(files)
    store.apply([Change("records", str(n), {"n": n}) for n in range(200)])
    turns: list[int] = []

    async def pause() -> None:
        store.close()
        turns.append(files.turn)

    with pytest.raises(StoreFailed):
        done(store.checkpoint(pause))
    assert files.turn == turns[0]
    assert len(turns) == 1
    assert not any(file.held for file in files.files.values())


def test_a_sound_slot_that_holds_no_rows_is_left_to_a_release_that_knows_more() -> None:
    store = made()
    name, _ = newest_slot(store.contents)
    content = store.contents[name][:24]
    number = int.from_bytes(content[12:16], "little")
    content += frame(b'{"records":["other"]}', bound(b"LUMBUNGC", number)(24))
    files = spoilt(store, **{name: content})
    with pytest.raises(StoreUnreadable):
        open_store(files)


@pytest.mark.parametrize("place", [3, 40, -1])
def test_a_checkpoint_that_reads_back_differently_counts_for_nothing(place: int) -> None:
    store = made()
    files = spoilt(store)
    opened = open_store(files)
    before = contents_of(files)
    target = newest_slot(before)[1]

    def spoil(what: str, name: str) -> None:
        if (what, name) == ("flush", target):
            written = files.files[name].written
            if place < 0:
                written.extend(b"0000")
            else:
                written[place] ^= 1

    files.on_operation = spoil
    with pytest.raises(StoreFailed):
        checkpoint(opened)
    files.on_operation = None
    assert {name for name in before if name.startswith("segment")} <= files.files.keys()
    opened.apply([SAVES[0]._replace(value={"place": "lain"})])
    files.crash()
    assert everything(open_store(files)) == after(store.state, SAVES[0]._replace(value={"place": "lain"}))
