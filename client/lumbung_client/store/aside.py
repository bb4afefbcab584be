"""Pieces of a store that could not be read: copied to files beside it, never thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbung_client.store.durable import DurableFiles, StoreError
from lumbung_client.store.frames import Gap

MARK = ".damaged-"
_MOST = 100
_MOST_GAPS = 8
"""Gaps of a file from which on all of it is set aside instead: each piece takes a file, and flushes."""


@dataclass(frozen=True)
class Damage:
    """What could not be read when the store was opened: how many bytes, as far as one can know, and the files that
    keep what there is of them. `is_kept`: all of it lies in those files by now.
    """

    size: int
    kept_in: tuple[str, ...] = ()
    is_kept: bool = True


@dataclass(frozen=True)
class Piece:
    """Bytes that say nothing, and the file they were found in. `missing`: bytes that should be there and are not."""

    name: str
    content: bytes
    missing: int = 0


def pieces_of(name: str, content: bytes, gaps: Sequence[Gap]) -> list[Piece]:
    """Return what has to be set aside of a file that has gaps."""
    if len(gaps) > _MOST_GAPS:
        return [Piece(name, content)]
    return [Piece(name, content[gap.start : gap.end]) for gap in gaps]


async def set_aside(files: DurableFiles, pieces: list[Piece]) -> Damage | None:
    """Copy pieces to files of their own, and return what they amount to; None without any. Never raises StoreError."""
    if not pieces:
        return None
    kept: list[str] = []
    is_kept = True
    for piece in pieces:
        if piece.content:
            try:
                kept.append(await _keep(files, piece))
            except StoreError:
                is_kept = False
    size = sum(len(piece.content) + piece.missing for piece in pieces)
    return Damage(size, tuple(dict.fromkeys(kept)), is_kept)


async def _keep(files: DurableFiles, piece: Piece) -> str:
    """Return the name of the file that keeps a piece: a new one, or one that keeps the same bytes already."""
    for number in range(1, _MOST + 1):
        name = f"{piece.name}{MARK}{number}"
        file = await files.open(name)
        try:
            # What is there may be the beginning of the same piece: copying it was interrupted the last time.
            if not piece.content.startswith(file.read_at(0, file.size())):
                continue
            file.write_at(0, piece.content)
            file.flush()
        finally:
            file.close()
        return name
    raise StoreError("too many damaged pieces lie beside the store already")
