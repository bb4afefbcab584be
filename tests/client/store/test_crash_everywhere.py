"""The power goes at every operation, and keeps any byte of what was not flushed, in any order: nothing kept is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from lumbung_client.store.durable import StoreError
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.frames import Change, frame, payload_of, unbound
from lumbung_client.store.local_store import LocalStore
from tests.client.store.crashes import crash_states
from tests.client.store.stores import State, after, contents_of, done, everything, files_of, open_store

A, B = Change("outbox", "1", {"place": "A"}), Change("outbox", "2", {"place": "B"})
C, GONE = Change("records", "r", {"n": 3}), Change("outbox", "1", None)
MORE = Change("meta", "more", {"kept": True})
FORMAT_1 = b"LUMBUNGJ\x01\0\0\0\0\0\0\0" + b"".join(frame(payload_of(some), unbound(0)) for some in ((A, B), (C, GONE)))


@dataclass
class Witness:
    """Looks at every power cut that could happen now. `may_be`: what the store may hold afterwards."""

    files: MemoryFiles
    sector: int = 1
    may_be: list[State] = field(default_factory=lambda: [{}])
    seen: set[tuple[tuple[str, bytes], ...]] = field(default_factory=set)
    looked: int = 0
    store: LocalStore | None = None

    def __post_init__(self) -> None:
        self.files.on_operation = lambda what, name: self.look(f"before {what} of {name}")

    def look(self, when: str) -> None:
        """Try all power cuts of this moment that were not tried with the same outcome before."""
        self.files.on_operation, hook = None, self.files.on_operation
        for told, left in crash_states(self.files, self.sector):
            outcome = tuple(contents_of(left).items())
            if (*outcome, (repr(self.may_be), b"")) not in self.seen:
                self.seen.add((*outcome, (repr(self.may_be), b"")))
                self.looked += 1
                self._judge(f"{when}: {told}", left)
        self.files.on_operation = hook

    def open(self) -> LocalStore:
        """Open the store."""
        self.store = open_store(self.files)
        return self.store

    def save(self, *changes: Change) -> None:
        """Save, and from then on nothing else will do."""
        assert self.store
        self.may_be = [self.may_be[0], after(self.may_be[0], *changes)]
        self.store.apply(changes)
        self.may_be = self.may_be[1:]
        self.look("after a save")

    def checkpoint(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Make a checkpoint; `meanwhile` is done at its first pause."""
        assert self.store
        pauses = iter([meanwhile])

        async def pause() -> None:
            next(pauses, lambda: None)()

        done(self.store.checkpoint(pause))
        self.look("after a checkpoint")

    def _judge(self, when: str, left: MemoryFiles) -> None:
        store = open_store(left)
        found = everything(store)
        assert store.damage is None, when
        assert found in self.may_be, when
        store.apply([MORE])
        left.crash()
        again = open_store(left)
        assert everything(again) == after(found, MORE), when
        assert again.damage is None, when


def opened_again(witness: Witness) -> None:
    """Close and open."""
    assert witness.store
    witness.store.close()
    witness.open()


def test_saves_and_removals_survive_every_power_cut_and_so_does_opening() -> None:
    witness = Witness(MemoryFiles())
    witness.open()
    witness.save(A, B)
    witness.save(C, GONE)
    opened_again(witness)
    witness.save(A)
    assert witness.looked > 300


def test_checkpoints_and_saves_in_the_middle_of_one_survive_every_power_cut() -> None:
    witness = Witness(MemoryFiles(), sector=8)
    witness.open()
    witness.save(A)
    witness.checkpoint(lambda: witness.save(B))
    witness.save(C)
    witness.checkpoint()
    opened_again(witness)
    witness.checkpoint(lambda: witness.save(GONE))
    witness.checkpoint()
    witness.save(A)
    assert sorted(witness.files.files) == ["journal", "segment-000004", "segment-000005", "slot-a", "slot-b"]
    assert witness.looked > 300


def test_a_store_of_format_1_is_moved_without_a_moment_of_danger() -> None:
    witness = Witness(files_of({"journal": FORMAT_1}), sector=8, may_be=[after({}, B, C)])
    witness.open()
    witness.look("after moving")
    witness.save(A)
    opened_again(witness)
    assert len(contents_of(witness.files)["journal"]) == 16
    assert witness.looked > 300


@pytest.mark.parametrize("kept", range(0, 60, 7))
def test_after_a_torn_end_every_power_cut_leaves_what_was_saved(kept: int) -> None:
    witness = Witness(MemoryFiles(), sector=4)
    witness.open()
    witness.save(A)
    torn = frame(payload_of((Change("outbox", "x", {"place": "torn"}),)), 1)
    segment = witness.files.files["segment-000001"]
    spoilt = files_of({**contents_of(witness.files), "segment-000001": bytes(segment.flushed) + torn[:kept]})
    witness = Witness(spoilt, sector=4, may_be=witness.may_be)
    witness.open()
    witness.save(B)
    witness.save(C)


def test_what_a_failed_flush_left_readable_is_kept_once_it_was_shown() -> None:
    files = MemoryFiles()
    store = open_store(files)
    store.apply([A])
    files.failing_flushes = 1
    with pytest.raises(StoreError):
        store.apply([B])
    store.close()
    shown = everything(again := open_store(files))
    again.close()
    assert all(everything(open_store(left)) == shown for _, left in crash_states(files, 1))


def test_a_slot_whose_flush_failed_is_never_what_the_store_rests_on() -> None:
    witness = Witness(MemoryFiles(), sector=8)
    witness.open()
    witness.save(A)
    witness.checkpoint()
    witness.save(B)
    witness.checkpoint()
    witness.save(C)
    witness.files.on_operation = fail_the_flush_of("slot-a", witness)
    with pytest.raises(StoreError):
        witness.checkpoint()
    opened_again(witness)
    witness.save(GONE)
    witness.checkpoint()
    witness.checkpoint()
    witness.save(A)


def fail_the_flush_of(name: str, witness: Witness) -> Callable[[str, str], None]:
    """Let the next flush of that file fail, and look at everything as before."""
    usual = witness.files.on_operation

    def hook(what: str, of: str) -> None:
        witness.look(f"before {what} of {of}")
        if (what, of) == ("flush", name):
            witness.files.failing_flushes, witness.files.on_operation = 1, usual

    return hook
