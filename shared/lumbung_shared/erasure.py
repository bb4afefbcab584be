"""What an erasure leaves: answers at erased paths are gone, everything else stands as it was.

Erased names are paths: `leader`, `trainees/name` for that cell of every row, `trainees/ROW/name` for one row's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from lumbung_shared.canonical import Json
from lumbung_shared.ids import base32
from lumbung_shared.writes import Write, write_digest

SALT_BYTES = 16
"""Of chance: nobody tries 2¹²⁸ salts to find out what an erased answer was."""


def new_salt(chance: bytes) -> str:
    """Return the salt of a write that holds personal answers, from `SALT_BYTES` random bytes."""
    return base32(chance, 26)


def general(path: str) -> str:
    """Return a path without its row: what the form calls it."""
    parts = path.split("/")
    return f"{parts[0]}/{parts[2]}" if len(parts) == 3 else path


def is_erased(path: str, erased: Collection[str]) -> bool:
    """Tell whether a path is among the erased ones."""
    return path in erased or general(path) in erased


def concerns(path: str, erased: Collection[str]) -> bool:
    """Tell whether what is said of a path is about an erased answer, or about rows that lost some of theirs."""
    return is_erased(path, erased) or any(one.startswith(f"{path}/") for one in erased)


def left_of(sets: Mapping[str, Json], erased: Collection[str]) -> dict[str, Json]:
    """Return what is left of a write's values."""
    return {path: value for path, value in sets.items() if not is_erased(path, erased)}


def blanked(replica: str, write: Write, erased: Collection[str]) -> Write:
    """Return a write without its erased values and its salt; one that has none of them stays as it is.

    It keeps its name and says which digest it had: so receipts over it hold, and it is known when it comes once more.
    """
    gone = [path for path, value in write.sets.items() if value is not None and is_erased(path, erased)]
    if not gone:
        return write
    was = write_digest(replica, write)
    return replace(write, sets={**write.sets, **dict.fromkeys(gone)}, salt="", was=was)
