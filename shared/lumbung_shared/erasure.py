"""What an erasure leaves: answers at erased paths are gone, everything else stands as it was.

Erased names are paths: `leader`, `trainees/name` for that cell of every row, `trainees/ROW/name` for one row's;
`$talk/ROW/text` for a comment; and of what coordinators say a part: `$review/judgement/reason` leaves the verdict.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from lumbung_shared.canonical import Json
from lumbung_shared.ids import base32
from lumbung_shared.owners import is_of_review
from lumbung_shared.writes import Write, write_digest

SALT_BYTES = 16
"""Of chance: nobody tries 2¹²⁸ salts to find out what an erased answer was."""

ERASED_TEXT = "(dihapus)"
"""What stands for a text that was erased where there has to be one; an app says it in its own language."""


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
    return {path: _left(path, value, erased) for path, value in sets.items() if not is_erased(path, erased)}


def taken_of(sets: Mapping[str, Json], erased: Collection[str]) -> list[Json]:
    """Return what an erasure takes of a write's values."""
    whole = [value for path, value in sets.items() if value is not None and is_erased(path, erased)]
    parts = [part for path, value in sets.items() for part in _parts(path, value, erased).values()]
    return [*whole, *parts]


def _parts(path: str, value: Json, erased: Collection[str]) -> dict[str, Json]:
    """Return the erased texts within a value, by their keys."""
    if not isinstance(value, Mapping) or not is_of_review(path):
        return {}
    return {key: part for key, part in value.items() if f"{path}/{key}" in erased and part not in ("", ERASED_TEXT)}


def _left(path: str, value: Json, erased: Collection[str]) -> Json:
    parts = _parts(path, value, erased)
    return {**value, **dict.fromkeys(parts, ERASED_TEXT)} if parts and isinstance(value, Mapping) else value


def blanked(replica: str, write: Write, erased: Collection[str]) -> Write:
    """Return a write without its erased values and its salt; one that has none of them stays as it is.

    It keeps its name and says which digest it had: so receipts over it hold, and it is known when it comes once more.
    """
    if not taken_of(write.sets, erased):
        return write
    was = write_digest(replica, write)
    left = {path: None if is_erased(path, erased) else _left(path, value, erased) for path, value in write.sets.items()}
    return replace(write, sets=left, salt="", was=was)
