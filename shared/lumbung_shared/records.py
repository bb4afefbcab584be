"""The state of a record as a function of its set of writes. No clock takes part in it.

Heads of a path are the values that no other write names as replaced. One head is the value; several are a
conflict, all kept. `state_of` is the definition; `with_write` adds one write to a state that already holds
everything the write replaces, and gives the same answer (tested as a law).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lumbung_shared.canonical import Json, digest
from lumbung_shared.writes import DELETED, Write, WriteName


@dataclass(frozen=True)
class Head:
    """What is left of one write: the values of it that nobody replaced.

    `at`: effective time in ms, fixed by the server at first acceptance, 0 while unknown; `by`: the person.
    """

    replica: str
    n: int
    sets: Mapping[str, Json]
    at: int = 0
    by: str = ""

    @property
    def name(self) -> WriteName:
        """The write's name."""
        return WriteName(self.replica, self.n)


@dataclass(frozen=True)
class Offered:
    """A write with what the merge needs to know about it: who, from which replica, and when it counts."""

    replica: str
    write: Write
    at: int = 0
    by: str = ""


@dataclass(frozen=True)
class RecordState:
    """A record as it stands: its surviving heads in the order of their names, and who made it.

    `own`: the highest number of the receiving replica that is contained (0 in a stored state);
    `flags`: codes of what the server noticed about the whole record; `heads` empty: nothing is left of it.
    """

    record: str
    kind: str
    form: int
    home: str
    author: str
    heads: tuple[Head, ...]
    own: int = 0
    flags: tuple[str, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)


def state_of(record: str, home: str, author: str, writes: Iterable[Offered]) -> RecordState:
    """Return the state that a set of writes of one record makes, whatever their order. At least one write."""
    by_name = {(offered.replica, offered.write.n): offered for offered in writes}
    ordered = [by_name[name] for name in sorted(by_name)]
    replaced: set[tuple[str, tuple[str, int]]] = {
        (path, name) for offered in ordered for path, names in offered.write.replaces.items() for name in names
    }
    heads = []
    for offered in ordered:
        name = (offered.replica, offered.write.n)
        left = {path: value for path, value in offered.write.sets.items() if (path, name) not in replaced}
        if left:
            heads.append(Head(offered.replica, offered.write.n, left, offered.at, offered.by))
    form, kind = max((offered.write.form, offered.write.kind) for offered in ordered)
    return RecordState(record, kind, form, home, author, tuple(heads))


def with_write(state: RecordState, offered: Offered) -> RecordState:
    """Return the state with one more write, which replaces only heads the state holds or held before."""
    write = offered.write
    gone = {(path, tuple(name)) for path, names in write.replaces.items() for name in names}
    heads = []
    for head in state.heads:
        left = {path: value for path, value in head.sets.items() if (path, (head.replica, head.n)) not in gone}
        if left and (head.replica, head.n) != (offered.replica, write.n):
            heads.append(replace(head, sets=left))
    if write.sets:
        heads.append(Head(offered.replica, write.n, dict(write.sets), offered.at, offered.by))
    heads.sort(key=lambda head: (head.replica, head.n))
    form, kind = max((state.form, state.kind), (write.form, write.kind))
    return replace(state, kind=kind, form=form, heads=tuple(heads))


def started(write: Write, replica: str, home: str, author: str) -> RecordState:
    """Return the state of a record that consists of its first write alone."""
    return state_of(write.record, home, author, [Offered(replica, write, by=author)])


def _latest_first(head: Head) -> tuple[bool, int, str, int]:
    # A head the server has not seen yet (at == 0) is the person's own newest and is shown first.
    return (head.at == 0, head.at, head.replica, head.n)


def values(state: RecordState) -> dict[str, Json]:
    """Return path to value as shown: of several heads the one with the latest effective time."""
    shown: dict[str, Json] = {}
    for head in sorted(state.heads, key=_latest_first):
        shown.update(head.sets)
    return shown


def conflicts(state: RecordState) -> dict[str, tuple[Head, ...]]:
    """Return the paths that have several heads with different values, shown head first."""
    if len(state.heads) < 2:
        return {}
    by_path = _heads_by_path(state)
    return {
        path: tuple(sorted(heads, key=_latest_first, reverse=True))
        for path, heads in by_path.items()
        if any(head.sets[path] != heads[0].sets[path] for head in heads[1:])
    }


def _heads_by_path(state: RecordState) -> dict[str, list[Head]]:
    by_path: dict[str, list[Head]] = {}
    for head in state.heads:
        for path in head.sets:
            by_path.setdefault(path, []).append(head)
    return by_path


def replaced_by(state: RecordState, paths: Iterable[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return, for a write that sets or clears `paths`, the heads it replaces when the person looked at `state`."""
    by_path = _heads_by_path(state)
    return {path: tuple((head.replica, head.n) for head in by_path[path]) for path in paths if path in by_path}


def is_deleted(state: RecordState) -> bool:
    """Tell whether a delete left nothing: it saw every head. Beside other heads it is a conflict."""
    return all(path == DELETED and value is True for head in state.heads for path, value in head.sets.items())


def is_disputed(state: RecordState) -> bool:
    """Tell whether the record is a *bentrok*: several values of one path, or a delete that did not see everything.

    A delete of the record answers for all its paths, that of a row for the row's.
    """
    if conflicts(state):
        return True
    marks = {path for head in state.heads for path in head.sets if path == DELETED or path.endswith(f"/{DELETED}")}
    by_path = _heads_by_path(state) if marks else {}
    return any(_missed_something(mark, by_path) for mark in marks)


def _missed_something(mark: str, by_path: Mapping[str, Sequence[Head]]) -> bool:
    scope = mark.removesuffix(DELETED)
    deleted = any(head.sets[mark] is True for head in by_path[mark])
    return deleted and any(path.startswith(scope) and path != mark for path in by_path)


def compared(state: RecordState) -> list[Json]:
    """Return what two stores compare of a record: its identity and its heads."""
    return [state.record, state.home, state.author, [[head.replica, head.n, dict(head.sets)] for head in state.heads]]


def state_digest(state: RecordState) -> str:
    """Return the digest by which two stores compare a record."""
    return digest(compared(state))
