"""The store against a plain dictionary: any order of saves, checkpoints, failures, power cuts and openings."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lumbung_client.store.durable import StoreError
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.frames import Change
from tests.client.store.crashes import chosen_by
from tests.client.store.stores import State, after, changes, checkpoint, done, everything, open_store

batches = st.lists(changes, min_size=1, max_size=4)
cuts = st.integers(0, 2**20)
SECTORS = st.sampled_from([1, 7, 512])


class StoreMachine(RuleBasedStateMachine):
    """One phone. `sure`: what was acknowledged; `doubtful`: what a failed save may have left nevertheless."""

    def __init__(self) -> None:
        super().__init__()
        self.files = MemoryFiles()
        self.sure: State = {}
        self.doubtful: State | None = None
        self.store = open_store(self.files)

    @rule(batch=batches)
    def save(self, batch: list[Change]) -> None:
        try:
            self.store.apply(batch)
        except StoreError:
            assert self.store.flaw is not None
        else:
            self.sure = after(self.sure, *batch)

    @rule()
    def make_a_checkpoint(self) -> None:
        if self.store.flaw is None:
            checkpoint(self.store)

    @rule(batch=batches, cut=cuts, sector=SECTORS)
    def lose_power_in_a_checkpoint(self, batch: list[Change], cut: int, sector: int) -> None:
        if self.store.flaw is not None:
            return

        class Dark(Exception):
            pass

        pauses = iter(range(cut % 7))

        async def pause() -> None:
            if next(pauses, None) is None:
                raise Dark
            self.store.apply(batch)
            self.sure = after(self.sure, *batch)

        try:
            done(self.store.checkpoint(pause))
        except Dark:
            self.lose_power(cut, sector)

    @rule(batch=batches)
    def fail_to_save(self, batch: list[Change]) -> None:
        if self.store.flaw is None and after(self.sure, *batch) != self.sure:
            self.files.failing_flushes = 1
            self.save(batch)
            assert self.files.failing_flushes == 0
            self.doubtful = after(self.sure, *batch)

    @rule()
    def fail_to_make_a_checkpoint(self) -> None:
        if self.store.flaw is None:
            self.files.room = self.files.used() + 40
            with suppress(StoreError):
                checkpoint(self.store)
            self.files.room = None

    @rule(cut=cuts, sector=SECTORS)
    def lose_power(self, cut: int, sector: int) -> None:
        self.files.crash_with(chosen_by(cut), sector)
        self._open()

    @rule()
    def close_and_open(self) -> None:
        self.store.close()
        self._open()

    def _open(self) -> None:
        self.store = open_store(self.files)
        found = everything(self.store)
        assert found in [state for state in (self.sure, self.doubtful) if state is not None]
        self.sure, self.doubtful = found, None
        assert self.store.damage is None

    @invariant()
    def it_shows_what_was_acknowledged(self) -> None:
        assert everything(self.store) == self.sure

    @invariant()
    def no_more_lies_there_than_two_slots_and_their_segments(self) -> None:
        assert {"journal", "slot-a", "slot-b"}.issuperset(n for n in self.files.files if not n.startswith("segment-"))


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
