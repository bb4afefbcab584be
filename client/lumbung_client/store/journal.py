"""The append-only journal: the truth of the store. A batch of changes counts once its frame is flushed."""

from __future__ import annotations

from dataclasses import dataclass

from lumbung_client.store.durable import DurableFile, DurableFiles, StoreError, StoreFailed, StoreUnreadable
from lumbung_client.store.frames import Change, Reading, changes_in, frame, header, read

_MOST_SET_ASIDE = 100


@dataclass(frozen=True)
class Damage:
    """What could not be read when the journal was opened: how many bytes, and the file they were copied to."""

    size: int
    kept_in: str


class Journal:
    """An open journal. After a failed write or flush it takes nothing more: it has to be opened again."""

    def __init__(self, file: DurableFile, end: int, damage: Damage | None) -> None:
        self._file = file
        self._end = end
        self._dead = False
        self.damage = damage

    @classmethod
    async def open(cls, files: DurableFiles, name: str) -> tuple[Journal, tuple[tuple[Change, ...], ...]]:
        """Open the journal, cut what is torn off its end, and return it with the batches it holds.

        What follows a damaged place is copied to a file beside it first. Raises StoreError; a journal that
        cannot be read for being newer, foreign or encrypted is left untouched.
        """
        file = await files.open(name)
        try:
            content = file.read_at(0, file.size())
            reading = read(content)
            damage = None
            if reading.damaged:
                damage = await _set_aside(files, name, content[reading.good :])
            _repair(file, reading)
        except BaseException:
            file.close()
            raise
        return cls(file, max(reading.good, len(header())), damage), reading.batches

    def append(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Write one frame and flush it, and return the changes exactly as a replay will yield them.

        Raises StoreError, and then nothing of it may count.
        """
        if self._dead:
            raise StoreFailed("the journal has to be opened again")
        data = frame(changes)
        # Dead until proven sound: whatever interrupts the two calls, nothing is appended behind a doubtful frame.
        self._dead = True
        self._file.write_at(self._end, data)
        self._file.flush()
        self._dead = False
        self._end += len(data)
        return changes_in(data)

    def close(self) -> None:
        """Let go of the file."""
        self._dead = True
        self._file.close()


def _repair(file: DurableFile, reading: Reading) -> None:
    if reading.good == 0:
        file.truncate(0)
        file.write_at(0, header())
        file.flush()
    elif reading.rest:
        file.truncate(reading.good)
        file.flush()


async def _set_aside(files: DurableFiles, name: str, rest: bytes) -> Damage:
    for number in range(1, _MOST_SET_ASIDE + 1):
        beside = f"{name}.damaged-{number}"
        try:
            file = await files.open(beside)
        except StoreError as error:
            raise StoreUnreadable("there is damage, and no place to keep it") from error
        try:
            if file.size():
                continue
            file.write_at(0, rest)
            file.flush()
        finally:
            file.close()
        return Damage(len(rest), beside)
    raise StoreUnreadable("too many damaged pieces lie beside the journal already")
