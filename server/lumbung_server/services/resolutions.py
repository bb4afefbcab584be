"""Decide whether a write does nothing but end a *bentrok*: what a coordinator may write of others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lumbung_shared.owners import is_beside
from lumbung_shared.records import Offered, is_mark
from lumbung_shared.writes import DELETED, Write, WriteName

_Writes = Mapping[WriteName, Write]


def only_resolves(write: Write, earlier: Sequence[Offered]) -> bool:
    """Tell whether a write does nothing else, by what its person was looking at. `earlier`: the record's writes.

    Every path it touches replaces at least two values that stood beside each other, or belongs to a deletion that
    something stood beside, and that the write repeats or takes back.
    """
    touched = {*write.sets, *write.replaces}
    by_name = {WriteName(one.replica, one.write.n): one.write for one in earlier}
    free = {path for path in touched if not _chooses(write, path, by_name)}
    if free:
        known = _Ancestry(by_name)
        free = {path for path in free if not any(_decides(write, mark, path, known) for mark in write.sets)}
    return bool(touched) and not free


def _names(write: Write, path: str) -> set[WriteName]:
    return {WriteName(*name) for name in write.replaces.get(path, ())}


def _are_real(names: Iterable[WriteName], path: str, by_name: _Writes) -> bool:
    return all(name in by_name and path in by_name[name].sets for name in names)


def _chooses(write: Write, path: str, by_name: _Writes) -> bool:
    """Tell whether the write replaces several values of a path, none of which replaced another of them."""
    names = _names(write, path)
    if len(names) < 2 or not _are_real(names, path, by_name):
        return False
    return not names & {old for name in names for old in _names(by_name[name], path)}


class _Ancestry:
    """Which write of a record knew which: through what it replaced, and as the later one of the same store."""

    def __init__(self, by_name: _Writes) -> None:
        self.by_name = by_name
        self._found: dict[WriteName, frozenset[WriteName]] = {}

    def beside(self, one: WriteName, other: WriteName) -> bool:
        """Tell whether neither of two writes knew the other."""
        return one != other and one not in self._known_to(other) and other not in self._known_to(one)

    def _known_to(self, name: WriteName) -> frozenset[WriteName]:
        if name not in self._found:
            known: set[WriteName] = set()
            waiting = [name]
            while waiting:
                one = waiting.pop()
                replaces = self.by_name[one].replaces
                before = {WriteName(*old) for names in replaces.values() for old in names}
                before |= {other for other in self.by_name if other.replica == one.replica and other.n < one.n}
                fresh = (before & self.by_name.keys()) - known
                known |= fresh
                waiting += fresh
            self._found[name] = frozenset(known)
        return self._found[name]


def _decides(write: Write, mark: str, path: str, known: _Ancestry) -> bool:
    """Tell whether the write repeats or takes back a deletion, and what it says of a path is a part of that.

    To repeat it takes away what stood beside the deletion or was taken away by it. To take it back gives a path again
    what the deletion took away there.
    """
    by_name, scope = known.by_name, mark.removesuffix(DELETED)
    marks = _names(write, mark)
    if not is_mark(mark) or not path.startswith(scope) or not marks or not _are_real(marks, mark, by_name):
        return False
    deletions = {name for name in marks if by_name[name].sets[mark] is True}
    missed = {
        name
        for name, one in by_name.items()
        if any(it.startswith(scope) and it != mark and not is_beside(it) for it in one.sets)
        and any(known.beside(name, deletion) for deletion in deletions)
    }
    if not missed or path == mark:
        return bool(missed)
    names = _names(write, path)
    taken = {old for deletion in deletions for old in _names(by_name[deletion], path)}
    if not names or not _are_real(names, path, by_name):
        return False
    if write.sets[mark] is True:
        return path not in write.sets and names <= missed | taken
    again = [by_name[name].sets[path] for name in names]
    return path in write.sets and names <= taken and write.sets[path] in again
