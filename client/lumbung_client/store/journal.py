"""The open journal: the truth of the store. A batch of changes counts once its frame is flushed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lumbung_client.store import segments
from lumbung_client.store.durable import DurableFile, DurableFiles, StoreClosed, StoreError, StoreFailed, StoreInUse
from lumbung_client.store.frames import Change, bound, changes_in, frame, payload_of
from lumbung_client.store.heads import SIZE, generation_of


@dataclass(frozen=True)
class Fence:
    """The head of the store, and the opening of it that this journal belongs to."""

    head: DurableFile
    generation: int

    def check(self) -> None:
        """Raise StoreInUse when the store was opened again elsewhere since."""
        if generation_of(self.head.read_at(0, SIZE)) != self.generation:
            raise StoreInUse("the store was opened again elsewhere")


@dataclass
class Tail:
    """The segment that is being written: its file, its number, and where it ends."""

    file: DurableFile
    number: int
    end: int


class Journal:
    """Takes batches of changes, and begins new segments. After a failed write or flush it takes nothing more.

    `stale`: bytes of frames that the next checkpoint will make needless; `flaw`: why it takes nothing.
    """

    def __init__(self, files: DurableFiles, fence: Fence, tail: Tail, stale: int) -> None:
        self._files = files
        self._fence = fence
        self._tail = tail
        self.stale = stale
        self.flaw: StoreError | None = None

    @property
    def segment(self) -> int:
        """The number of the segment that is being written."""
        return self._tail.number

    @property
    def is_begun(self) -> bool:
        """Tell whether the segment that is being written holds any frame."""
        return self._tail.end > segments.HEADER_SIZE

    def append(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Write one frame and flush it, and return the changes exactly as a replay will yield them.

        Raises StoreError, and ValueError when they cannot be written as JSON; then nothing of it may count.
        """
        self.check()
        tail, payload = self._tail, payload_of(changes)
        kept = changes_in(payload)
        data = frame(payload, bound(segments.MAGIC, tail.number)(tail.end))
        with self._at_risk():
            self._fence.check()
            tail.file.write_at(tail.end, data)
            tail.file.flush()
        tail.end += len(data)
        self.stale += len(data)
        return kept

    async def next_segment(self) -> DurableFile:
        """Open the file of the segment to come, for `roll`."""
        return await self._files.open(segments.name_of(self._tail.number + 1))

    def roll(self, file: DurableFile) -> None:
        """Go on in a new segment, and close the one before. Raises StoreError: then the journal takes nothing more."""
        try:
            self.check()
        except StoreError:
            file.close()
            raise
        before, self._tail = self._tail, Tail(file, self._tail.number + 1, segments.HEADER_SIZE)
        before.file.close()
        with self._at_risk():
            self._fence.check()
            begin_segment(self._tail, before.end)

    def check(self) -> None:
        """Raise what keeps the journal from taking anything."""
        if self.flaw is not None:
            raise type(self.flaw)("the journal has to be opened again") from self.flaw

    def hold(self) -> None:
        """Raise what keeps the journal from taking anything, also when the store was opened again elsewhere."""
        self.check()
        with self._at_risk():
            self._fence.check()

    def close(self) -> None:
        """Let go of the files."""
        self.flaw = self.flaw or StoreClosed("the journal is closed")
        self._tail.file.close()
        self._fence.head.close()

    @contextmanager
    def _at_risk(self) -> Iterator[None]:
        # Dead until proven sound: whatever interrupts the body, nothing is appended behind a doubtful frame.
        self.flaw = StoreFailed("writing was interrupted")
        try:
            yield
        except StoreError as error:
            self.flaw = error
            raise
        self.flaw = None


def begin_segment(tail: Tail, previous_end: int) -> None:
    """Write the header of a segment and flush it."""
    tail.file.write_at(0, segments.header(tail.number, previous_end))
    tail.file.flush()
