"""Which power cuts to try on memory files: all the telling ones for exhaustive tests, or one picked by a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Set

from lumbung_client.store.durable_memory import SECTOR, Choice, MemoryFiles, Piece


def crash_states(files: MemoryFiles, sector: int = SECTOR) -> Iterator[tuple[str, MemoryFiles]]:
    """Yield what power cuts could leave of a folder at this moment, each with words for a failing test.

    Of everything not flushed: the first pieces in the order they were done, for every number of them (with `sector`
    1 that is every byte), also with the lengths of files arriving before; for each piece and each operation all but
    it, and only it. Equal outcomes are yielded once.
    """
    seen = set[tuple[tuple[str, bytes], ...]]()
    for told, arrived in _survivors(files.pieces(sector)):
        left = files.after_crash(arrived.__contains__, sector)
        outcome = tuple((name, bytes(content.flushed)) for name, content in left.files.items())
        if outcome not in seen:
            seen.add(outcome)
            yield told, left


def chosen_by(seed: int) -> Choice:
    """Return a choice that keeps none, few, half, most or all of the pieces, always the same for a seed."""
    dice = random.Random(seed)  # noqa: S311 - the same every time on purpose
    share = dice.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    return lambda _: dice.random() < share


def _survivors(pieces: tuple[Piece, ...]) -> Iterator[tuple[str, Set[Piece]]]:
    everything = set(pieces)
    lengths = {piece for piece in pieces if piece.operation.data == b""}
    for number in range(len(pieces) + 1):
        told, first = f"the first {number} of {len(pieces)} pieces arrived", set(pieces[:number])
        yield told, first
        yield f"{told}, and all lengths", first | lengths
    for piece in pieces:
        told = f"{piece.name} at {piece.operation.place} of turn {piece.operation.turn}"
        yield f"all arrived but {told}", everything - {piece}
        yield f"only {told} arrived", {piece}
    for turn in dict.fromkeys(piece.operation.turn for piece in pieces):
        ones = {piece for piece in pieces if piece.operation.turn == turn}
        yield f"all arrived but turn {turn}", everything - ones
        yield f"only turn {turn} arrived", ones
