"""A look at a stored record without decoding it: decoding thousands takes seconds on a phone. Never changes a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lumbung_client.store.local_store import Row
from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire
from lumbung_shared.records import RecordState, is_answer, values
from lumbung_shared.writes import DELETED

Answers = Mapping[str, Json]


@dataclass(frozen=True)
class Glance:
    """What a stored record shows. `answers`: path to value as `records.values` has them; `changed_at`: effective time
    of its latest head, ms; `is_clear`: it cannot be a bentrok. One that is not clear has to be decoded to know.
    """

    answers: Answers
    changed_at: int
    is_clear: bool

    @property
    def is_gone(self) -> bool:
        """Whether nothing but a deletion is left of it."""
        return all(path == DELETED or not is_answer(path) for path in self.answers)


def glance(row: Row) -> Glance:
    """Look at a record."""
    heads = _heads(row)
    if row.get("removed"):
        # What a deletion took away may be on the screen: that is worth a closer look, and rare.
        state = from_wire(RecordState, row)
        return Glance(values(state), max((head.at for head in state.heads), default=0), is_clear=False)
    if len(heads) == 1:
        answers = _mapping(heads[0].get("sets"))
        said, changed_at = len(answers), number(heads[0].get("at"))
    else:
        merged: dict[str, Json] = {}
        said = changed_at = 0
        for head in sorted(heads, key=_latest_last):
            sets = _mapping(head.get("sets"))
            merged.update(sets)
            said += len(sets)
            changed_at = max(changed_at, number(head.get("at")))
        answers = merged
    return Glance(answers, changed_at, said == len(answers) and not any(map(_is_mark, answers)))


def stands_in(row: Row, person: str) -> bool:
    """Tell whether a person made the record, or wrote something of what it shows."""
    return row.get("author") == person or any(head.get("by") == person for head in _heads(row))


def items(value: Json) -> list[Json]:
    """Return a list of the store, or an empty one where something else stands."""
    return value if isinstance(value, list) else []


def text(value: Json) -> str:
    """Return a text of the store, or an empty one where something else stands."""
    return value if isinstance(value, str) else ""


def number(value: Json) -> int:
    """Return a number of the store, or 0 where something else stands."""
    return value if isinstance(value, int) else 0


def _heads(row: Row) -> list[Mapping[str, Json]]:
    return [head for head in items(row.get("heads")) if isinstance(head, Mapping)]


def _is_mark(path: str) -> bool:
    return path.endswith(DELETED)


def _latest_last(head: Mapping[str, Json]) -> tuple[bool, int, str, int]:
    at = number(head.get("at"))
    return (at == 0, at, text(head.get("replica")), number(head.get("n")))


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
