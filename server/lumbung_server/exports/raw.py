"""Records as their table holds them, read no further than an export needs: few states have to be read as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec

from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire
from lumbung_shared.forms import Field, FieldType, Form
from lumbung_shared.logic import with_calculated
from lumbung_shared.records import RecordState, values
from lumbung_shared.times import local_date

RawRecord: TypeAlias = tuple[str, str, int, str, str, str, int, int, bool, str, str, str]
"""Id, kind, version of its form, region, author, day, time of the last write and of the first arrival (ms), whether it
is disputed, where it stands with its coordinators, flags (JSON) and state (canonical JSON)."""


@dataclass(frozen=True)
class Names:
    """What codes and ids are called. `organisation`: that of a person on an ISO day, empty for none.

    `others`: record to ids and authors of those that it counts for, too: who logged the same event.
    """

    regions: Mapping[str, str]
    people: Mapping[str, str]
    organisation: Callable[[str, str], str]
    others: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def also_by(self, record: str) -> str:
        """Return the names of the others who logged the same event."""
        return "; ".join(dict.fromkeys(self.people.get(author, "") for _, author in self.others.get(record, ())))


class _Head(msgspec.Struct, gc=False):
    sets: dict[str, Any]
    at: int = 0
    replica: str = ""
    n: int = 0


class _State(msgspec.Struct, gc=False):
    heads: list[_Head] = []


_read = msgspec.json.Decoder(_State).decode


def stored(state: str, *, disputed: bool) -> dict[str, Json]:
    """Return path to value as shown, what was cleared as None: what `records.values` says of the same state."""
    if disputed:
        return values(from_wire(RecordState, json.loads(state)))
    heads = _read(state).heads
    if len(heads) == 1:
        return heads[0].sets
    shown: dict[str, Json] = {}
    for head in sorted(heads, key=_by_time):
        shown.update(head.sets)
    return shown


def _by_time(head: _Head) -> tuple[bool, int, str, int]:
    return head.at == 0, head.at, head.replica, head.n


class Asker:
    """Which answers of a form count: those that are hidden do not, calculated ones do."""

    def __init__(self, form: Form) -> None:
        self._form = form
        ruled = set(_ruled(form.fields, under=False))
        every = [*form.questions, *(cell for item in form.questions for cell in item.cells)]
        in_rows = any(item.name in ruled or ruled.intersection(_names(item)) for item in form.questions if item.cells)
        self._always = in_rows or any(item.type == FieldType.CALCULATED for item in every)
        self._ruled = frozenset(ruled)

    def asked(self, shown: dict[str, Json], at: int) -> Mapping[str, Json]:
        """Return what is asked and calculated of what is shown, on the day of a time (ms)."""
        # To work rules out takes longer than all else that is done with a record: where none applies, none is.
        if self._always or not self._ruled.isdisjoint(shown):
            return with_calculated(self._form, shown, local_date(at).isoformat())
        return shown


def _ruled(fields: Iterable[Field], *, under: bool) -> Iterator[str]:
    """Yield the names of the fields that a rule may hide, or one of a group around them (`under`)."""
    for item in fields:
        hidden = under or item.relevant is not None
        if hidden:
            yield item.name
        yield from _ruled(item.fields, under=hidden)


def _names(item: Field) -> set[str]:
    return {cell.name for cell in item.cells}
