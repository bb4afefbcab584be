"""A release reads the store of the next one, and loses nothing of what that one wrote there."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest

from lumbung_client.store import heads
from lumbung_client.store.checkpoints import LARGEST_JOURNAL, SMALLEST_JOURNAL
from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreUnreadable
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.entries import (
    SETTINGS,
    Draft,
    Entry,
    Settings,
    drop,
    put,
    put_draft,
    put_entry,
    put_record,
)
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.slots import SLOTS
from lumbung_shared.canonical import Json
from lumbung_shared.codec import to_wire
from lumbung_shared.records import RecordState
from lumbung_shared.writes import PhoneTime, Write
from tests.client.store.stores import checkpoint, done, open_store

RECORD = "01930000-0000-7000-8000-000000000001"
DRAFT = Draft(RECORD, "other", 1, 1, 1, {"title": "Melati"})
ENTRY = Entry(Write(1, RECORD, "other", 1, {"title": "Melati"}, PhoneTime(5)), 5)
STRANGE: dict[str, Json] = {"mood": {"b": [1, None], "a": "½"}}
"""What only the newer release knows."""
NEWER_REVISION = heads.REVISION + 3


def row(value: object) -> dict[str, Json]:
    """A value as the newer release writes it: with a field of its own."""
    wire: dict[str, Json] = to_wire(value)
    return {**wire, **STRANGE}


def of_a_newer_release(*, checkpoints: int) -> MemoryFiles:
    """A store as the next release leaves it, with so many checkpoints."""
    files = MemoryFiles()
    store = open_store(files)
    for _ in range(max(1, checkpoints)):
        store.apply(
            [
                Change(Name.DRAFTS, RECORD, row(DRAFT)),
                Change(Name.OUTBOX, "1", row(ENTRY)),
                Change(Name.META, SETTINGS, row(Settings("en"))),
                Change(Name.META, "theme", {"dark": True}),
                Change("badges", "first", {"at": 7, **STRANGE}),
            ]
        )
        if checkpoints:
            checkpoint(store)
    store.apply([Change("badges", "second", {"at": 8})])
    store.close()
    head = done(files.open(heads.HEAD))
    head.write_at(12, struct.pack("<I", NEWER_REVISION))
    head.flush()
    head.close()
    return files


def found_by_the_newer_release(files: MemoryFiles) -> LocalStore:
    """The store as that release opens it again: it refuses a revision that fell."""
    head = done(files.open(heads.HEAD))
    assert heads.revision_of(head.read_at(0, heads.SIZE)) == NEWER_REVISION
    head.close()
    return open_store(files)


@pytest.mark.parametrize("checkpoints", [0, 1, 2])
def test_what_a_newer_release_wrote_is_there_after_this_one_wrote_on(checkpoints: int) -> None:
    files = of_a_newer_release(checkpoints=checkpoints)
    store = open_store(files)
    assert store.damage is None
    content = Content(store)
    draft, (entry,) = content.draft(RECORD), content.entries()
    assert draft is not None
    assert content.settings == Settings("en")
    store.apply([put_draft(replace(draft, answers={"title": "Mawar"}, changed_at=2))])
    store.apply([put_entry(replace(entry, offered=True))])
    store.apply([put(Name.META, SETTINGS, replace(content.settings, sparing=True))])
    for n in range(3):
        store.apply([Change(Name.TOLD, f"record-{n}", {})])
        checkpoint(store)
    store.close()

    again = found_by_the_newer_release(files)
    assert again.get(Name.DRAFTS, RECORD) == row(replace(DRAFT, answers={"title": "Mawar"}, changed_at=2))
    assert again.get(Name.OUTBOX, "1") == row(replace(ENTRY, offered=True))
    assert again.get(Name.META, SETTINGS) == row(Settings("en", sparing=True))
    assert again.get(Name.META, "theme") == {"dark": True}
    assert again.get("badges", "first") == {"at": 7, **STRANGE}
    assert again.get("badges", "second") == {"at": 8}
    again.close()


def test_a_field_that_this_release_knows_and_leaves_out_has_its_default_again() -> None:
    files = of_a_newer_release(checkpoints=0)
    store = open_store(files)
    store.apply([put(Name.META, SETTINGS, Settings())])
    assert store.get(Name.META, SETTINGS) == STRANGE
    store.close()


def test_what_is_another_value_takes_nothing_over_from_the_one_before() -> None:
    files = of_a_newer_release(checkpoints=0)
    store = open_store(files)
    store.apply([drop(Name.OUTBOX, "1"), put_entry(ENTRY)])
    assert store.get(Name.OUTBOX, "1") == to_wire(ENTRY)
    store.close()


def test_what_the_server_told_stands_as_it_was_told_last() -> None:
    store = open_store(MemoryFiles())
    state = RecordState(RECORD, "other", 1, "1", "siti", ())
    store.apply([Change(Name.RECORDS, RECORD, row(state))])
    store.apply([put_record(replace(state, own=3))])
    assert store.get(Name.RECORDS, RECORD) == to_wire(replace(state, own=3))
    store.close()


def test_a_table_of_a_newer_release_counts_as_somebodys() -> None:
    store = open_store(MemoryFiles())
    store.apply([Change(Name.META, "theme", {})])
    checkpoint(store)
    assert store.is_empty
    store.apply([Change("badges", "first", {})])
    assert not store.is_empty
    store.close()


def test_a_newer_format_is_refused_and_left_alone() -> None:
    files = of_a_newer_release(checkpoints=1)
    head = done(files.open(heads.HEAD))
    head.write_at(8, struct.pack("<I", heads.VERSION + 1))
    before = head.read_at(0, heads.SIZE)
    head.flush()
    head.close()
    with pytest.raises(StoreUnreadable, match=f"reads up to {heads.VERSION}"):
        open_store(files)
    head = done(files.open(heads.HEAD))
    assert head.read_at(0, heads.SIZE) == before
    head.close()


def test_a_head_of_a_newer_revision_that_was_being_made_is_one_that_was_being_made() -> None:
    whole = heads.head(1, revision=7)
    for torn in range(len(whole)):
        assert heads.version_of(whole[:torn] + bytes(len(whole) - torn)) in (0, heads.VERSION)
    assert heads.revision_of(whole) == 7
    assert heads.revision_of(heads.head(1)) == heads.REVISION
    assert heads.revision_of(b"LUMB") == heads.REVISION


def content_of(files: MemoryFiles, name: str) -> bytes:
    """The bytes of a file."""
    file = done(files.open(name))
    content = file.read_at(0, file.size())
    file.close()
    return content


def filled(store: LocalStore, size: int) -> None:
    """Write so many bytes of frames, at least."""
    text = "x" * 50_000
    for n in range(size // len(text) + 1):
        store.apply([Change(Name.DRAFTS, RECORD, {"n": n, "text": text})])


def test_the_slot_that_another_release_left_stays_until_it_need_not() -> None:
    files = of_a_newer_release(checkpoints=1)
    store = open_store(files)
    left = store.rests_on
    store.keep_slot(left)
    before = content_of(files, left)
    filled(store, SMALLEST_JOURNAL)
    assert store.checkpoint_due  # the other slot is free
    checkpoint(store)
    filled(store, SMALLEST_JOURNAL)
    assert not store.checkpoint_due
    assert content_of(files, left) == before
    store.keep_slot("")
    assert store.checkpoint_due
    store.close()


def test_a_store_without_a_slot_keeps_all_of_its_journal_meanwhile() -> None:
    files = of_a_newer_release(checkpoints=0)
    store = open_store(files)
    assert store.rests_on == ""
    store.keep_slot(SLOTS[-1])
    for _ in range(3):
        filled(store, SMALLEST_JOURNAL)
        if store.checkpoint_due:
            checkpoint(store)
    assert "segment-000001" in done(files.names())
    assert SLOTS[-1] not in done(files.names())
    store.close()


def test_a_journal_that_grows_beyond_measure_gets_its_checkpoint() -> None:
    store = open_store(MemoryFiles())
    checkpoint(store)
    checkpoint(store)
    store.keep_slot(next(name for name in SLOTS if name != store.rests_on))
    filled(store, LARGEST_JOURNAL // 2)
    assert not store.checkpoint_due
    filled(store, LARGEST_JOURNAL // 2)
    assert store.checkpoint_due
    store.close()
