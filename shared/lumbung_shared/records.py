"""The state of a record as a function of its set of writes. No clock takes part in it.

Heads of a path are the values that no other write names as replaced. One head is the value; several are a
conflict, all kept. What nothing but deletions replaced is remembered beside the heads: a deletion that did not see
everything has to be decided, and then it is needed. `state_of` is the definition; `with_write` adds one write to a
state that already holds everything the write replaces, and gives the same answer (tested as a law).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lumbung_shared.canonical import Json, digest
from lumbung_shared.erasure import left_of
from lumbung_shared.owners import is_beside
from lumbung_shared.writes import DELETED, PLACE, Write, WriteName


@dataclass(frozen=True)
class Head:
    """What is left of one write: the values of it that nobody replaced.

    `at`: effective time in ms, fixed by the server at first acceptance, 0 while unknown; `by`: the person;
    `clock`: what the phone's clock showed, ms, where the server did not take it as it was.
    """

    replica: str
    n: int
    sets: Mapping[str, Json]
    at: int = 0
    by: str = ""
    clock: int = 0

    @property
    def name(self) -> WriteName:
        """The write's name."""
        return WriteName(self.replica, self.n)


@dataclass(frozen=True)
class Removed:
    """What deletions took away of one write: values that nothing else replaced. `under`: the names of the deletions.

    `at` and `by` are the write's own.
    """

    replica: str
    n: int
    sets: Mapping[str, Json]
    under: tuple[tuple[str, int], ...]
    at: int = 0
    by: str = ""


@dataclass(frozen=True)
class Offered:
    """A write with what the merge needs to know about it: who, from which replica, and when it counts.

    `clock`: as in a head.
    """

    replica: str
    write: Write
    at: int = 0
    by: str = ""
    clock: int = 0


@dataclass(frozen=True)
class RecordState:
    """A record as it stands: its surviving heads in the order of their names, and who made it.

    `own`: the highest number of the receiving replica that is contained (0 in a stored state);
    `flags`: codes of what the server noticed about the whole record; `heads` empty: nothing is left of it.
    `removed`: what deletions took away. `lacks`: names of pictures that have not arrived, said to phones alone; some
    may be named no more. `erased`: paths whose answers were erased, in their order (`erasure`): they beat every write.
    `content`: digest of the content as reviews name it, said by the server where an erasure changed what the heads
    alone would make of it; it ends with the next write that touches an answer.
    """

    record: str
    kind: str
    form: int
    home: str
    author: str
    heads: tuple[Head, ...]
    own: int = 0
    flags: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    lacks: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    content: str = ""
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
            heads.append(Head(offered.replica, offered.write.n, left, offered.at, offered.by, offered.clock))
    form, kind = max((offered.write.form, offered.write.kind) for offered in ordered)
    removed = _removed_of(ordered) if any(_deletes(offered.write) for offered in ordered) else ()
    return RecordState(record, kind, form, home, author, tuple(heads), removed=removed)


def with_write(state: RecordState, offered: Offered) -> RecordState:
    """Return the state with one more write, which replaces only heads the state holds or held before."""
    write = offered.write
    gone = {(path, (name[0], name[1])) for path, names in write.replaces.items() for name in names}
    heads = []
    for head in state.heads:
        left = {path: value for path, value in head.sets.items() if (path, (head.replica, head.n)) not in gone}
        if left and (head.replica, head.n) != (offered.replica, write.n):
            heads.append(replace(head, sets=left))
    if write.sets:
        heads.append(Head(offered.replica, write.n, dict(write.sets), offered.at, offered.by, offered.clock))
    heads.sort(key=lambda head: (head.replica, head.n))
    removed = _removed_after(state, offered, gone) if state.removed or _deletes(write) else ()
    form, kind = max((state.form, state.kind), (write.form, write.kind))
    content = "" if any(map(is_answer, (*write.sets, *write.replaces))) else state.content
    return without(
        replace(state, kind=kind, form=form, heads=tuple(heads), removed=removed, content=content), state.erased
    )


def without(state: RecordState, erased: Iterable[str]) -> RecordState:
    """Return a state as an erasure of paths leaves it, besides those that are erased already.

    Paths do not know of each other: erasing and merging may be done in any order.
    """
    gone = frozenset(erased).union(state.erased)
    if not gone:
        return state
    heads = tuple(replace(head, sets=left_of(head.sets, gone)) for head in state.heads)
    removed = tuple(replace(one, sets=left_of(one.sets, gone)) for one in state.removed)
    return replace(
        state,
        heads=tuple(head for head in heads if head.sets),
        removed=tuple(one for one in removed if one.sets),
        erased=tuple(sorted(gone)),
    )


def _deletes(write: Write) -> bool:
    return any(value is True and is_mark(path) for path, value in write.sets.items())


def is_mark(path: str) -> bool:
    """Tell whether a path says of the record or of a row whether it was deleted."""
    return path == DELETED or path.endswith(f"/{DELETED}")


def is_place(path: str) -> bool:
    """Tell whether a path says where among the rows one stands: of several such values one counts, none is a question
    to anybody.
    """
    return path.endswith(f"/{PLACE}")


def is_answer(path: str) -> bool:
    """Tell whether a path holds what a deletion has to have seen: no order of rows, no review and no comment."""
    return not is_place(path) and not is_beside(path)


def _takes_away(write: Write, path: str) -> bool:
    """Tell whether a write replaces what stands at a path by deleting what the path belongs to."""
    return path not in write.sets and any(
        value is True and is_mark(mark) and path.startswith(mark.removesuffix(DELETED))
        for mark, value in write.sets.items()
    )


def _removed_of(ordered: Sequence[Offered]) -> tuple[Removed, ...]:
    deletions: dict[tuple[str, tuple[str, int]], set[tuple[str, int]]] = {}
    replaced: set[tuple[str, tuple[str, int]]] = set()
    for offered in ordered:
        for path, names in offered.write.replaces.items():
            values_there = [(path, (name[0], name[1])) for name in names]
            if _takes_away(offered.write, path):
                for one in values_there:
                    deletions.setdefault(one, set()).add((offered.replica, offered.write.n))
            else:
                replaced.update(values_there)
    return _gathered(
        (Head(offered.replica, offered.write.n, {path: value}, offered.at, offered.by), under)
        for offered in ordered
        for path, value in offered.write.sets.items()
        if (under := deletions.get((path, (offered.replica, offered.write.n))))
        and (path, (offered.replica, offered.write.n)) not in replaced
    )


def _removed_after(state: RecordState, offered: Offered, gone: set[tuple[str, tuple[str, int]]]) -> tuple[Removed, ...]:
    def found() -> Iterator[tuple[Head, set[tuple[str, int]]]]:
        before = ((head, head.sets, set[tuple[str, int]]()) for head in state.heads)
        removed = ((Head(it.replica, it.n, {}, it.at, it.by), it.sets, set(it.under)) for it in state.removed)
        for head, sets, under in (*before, *removed):
            for path, value in sets.items():
                if (path, (head.replica, head.n)) not in gone:
                    if under:
                        yield replace(head, sets={path: value}), under
                elif _takes_away(offered.write, path):
                    yield replace(head, sets={path: value}), under | {(offered.replica, offered.write.n)}

    return _gathered(found())


def _gathered(values_removed: Iterable[tuple[Head, set[tuple[str, int]]]]) -> tuple[Removed, ...]:
    """Return values one by one, each with the deletions that took it away, as one entry per write and deletions."""
    found: dict[tuple[str, int, tuple[tuple[str, int], ...]], Removed] = {}
    for head, names in values_removed:
        under = tuple(sorted(names))
        known = found.get((head.replica, head.n, under))
        sets = {**known.sets, **head.sets} if known else head.sets
        found[head.replica, head.n, under] = Removed(head.replica, head.n, sets, under, head.at, head.by)
    return tuple(found[key] for key in sorted(found))


def started(write: Write, replica: str, home: str, author: str) -> RecordState:
    """Return the state of a record that consists of its first write alone."""
    return state_of(write.record, home, author, [Offered(replica, write, by=author)])


def by_time(head: Head | Removed) -> tuple[bool, int, str, int]:
    """Return by what values are ordered: the last of them is shown."""
    # A head the server has not seen yet (at == 0) is the person's own newest and is shown first.
    return (head.at == 0, head.at, head.replica, head.n)


def values(state: RecordState) -> dict[str, Json]:
    """Return path to value as shown: of several heads the one with the latest effective time.

    What a deletion took away is shown as long as it is not decided whether that holds.
    """
    shown: dict[str, Json] = {}
    for mark in undecided_marks(state) if state.removed else ():
        shown |= {path: values_there[0].sets[path] for path, values_there in taken_away(state, mark).items()}
    for head in sorted(state.heads, key=by_time):
        shown.update(head.sets)
    return shown


def conflicts(state: RecordState) -> dict[str, tuple[Head, ...]]:
    """Return the paths that have several heads with different values, shown head first.

    The order of rows is none, nor is what people say of the record: of two reviews the latest counts (`review`).
    """
    if len(state.heads) < 2:
        return {}
    by_path = _heads_by_path(state)
    return {
        path: tuple(sorted(heads, key=by_time, reverse=True))
        for path, heads in by_path.items()
        if any(head.sets[path] != heads[0].sets[path] for head in heads[1:]) and is_answer(path)
    }


def _heads_by_path(state: RecordState) -> dict[str, list[Head]]:
    by_path: dict[str, list[Head]] = {}
    for head in state.heads:
        for path in head.sets:
            by_path.setdefault(path, []).append(head)
    return by_path


def replaced_by(state: RecordState, paths: Iterable[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return, for a write that sets or clears `paths`, the heads it replaces when the person looked at `state`.

    Beside them stands what a deletion took away of these paths and the person sees all the same.
    """
    names: dict[str, list[tuple[str, int]]] = {}
    for path, heads in _heads_by_path(state).items():
        names[path] = [(head.replica, head.n) for head in heads]
    for mark in undecided_marks(state) if state.removed else ():
        for path, values_there in taken_away(state, mark).items():
            names.setdefault(path, []).extend((one.replica, one.n) for one in values_there)
    return {path: tuple(dict.fromkeys(names[path])) for path in paths if path in names}


def misdated(state: RecordState) -> Head | None:
    """Return the latest head if the server had to find its time itself, None when it took the phone's clock."""
    latest = max(state.heads, key=by_time, default=None)
    return latest if latest is not None and latest.clock else None


def is_deleted(state: RecordState) -> bool:
    """Tell whether a delete left nothing: it saw every head. Beside other heads it is a conflict.

    That rows were put in another order meanwhile keeps nothing alive, nor does a review or a comment, which a
    deletion leaves alone.
    """
    said = [(path, value) for head in state.heads for path, value in head.sets.items() if is_answer(path)]
    return all(path == DELETED and value is True for path, value in said)


def is_disputed(state: RecordState) -> bool:
    """Tell whether the record is a *bentrok*: several values of one path, or a delete that did not see everything.

    A delete of the record answers for all its paths, that of a row for the row's.
    """
    return bool(conflicts(state)) or bool(undecided_marks(state))


def undecided_marks(state: RecordState) -> tuple[str, ...]:
    """Return the marks of deletions that did not see everything, or that another one says never were."""
    marks = sorted({path for head in state.heads for path in head.sets if is_mark(path)})
    by_path = _heads_by_path(state) if marks else {}
    return tuple(
        mark
        for mark in marks
        if any(head.sets[mark] is True for head in by_path[mark])
        and (
            any(head.sets[mark] is not True for head in by_path[mark])
            or any(_belongs_to(path, mark) for path in by_path)
        )
    )


def _belongs_to(path: str, mark: str) -> bool:
    """Tell whether a path holds something that a deletion mark is about: no place of a row, no review, no comment."""
    return path.startswith(mark.removesuffix(DELETED)) and path != mark and is_answer(path)


def taken_away(state: RecordState, mark: str) -> dict[str, tuple[Removed, ...]]:
    """Return path to what the standing deletions of one mark took away, latest first; it comes back without them.

    What another deletion that still stands took away, too, does not.
    """
    marks = [
        (head.name, path) for head in state.heads for path, it in head.sets.items() if it is True and is_mark(path)
    ]
    undone = {name for name, path in marks if path == mark}
    others = {name for name, path in marks if path != mark} - undone
    found: dict[str, list[Removed]] = {}
    for one in state.removed:
        if undone.isdisjoint(one.under) or not others.isdisjoint(one.under):
            continue
        for path in one.sets:
            if path.startswith(mark.removesuffix(DELETED)) and not is_beside(path):
                found.setdefault(path, []).append(one)
    return {path: tuple(sorted(there, key=by_time, reverse=True)) for path, there in found.items()}


def compared(state: RecordState) -> list[Json]:
    """Return what two stores compare of a record: its identity and its heads."""
    return [state.record, state.home, state.author, [[head.replica, head.n, dict(head.sets)] for head in state.heads]]


def state_digest(state: RecordState) -> str:
    """Return the digest by which two stores compare a record."""
    return digest(compared(state))
