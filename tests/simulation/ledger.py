"""The simulator's own book of what people did: every accepted edit, and what its author was looking at.

It knows values and who saw which, nothing of heads, names, numbers or replicas: texts are never said twice, so that an
edit is known by record, path and value wherever it turns up. What is said of regions and deletions repeats itself; two
edits of one record that say the same of them count as one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from lumbung_shared.canonical import Json
from lumbung_shared.records import Head, RecordState
from lumbung_shared.writes import DELETED, Write

Edit: TypeAlias = tuple[str, str, str]
"""Record, path, and the value as JSON."""


def edits_in(record: str, sets: Mapping[str, Json]) -> Iterator[Edit]:
    """Yield the edits that a write makes."""
    for path, value in sets.items():
        yield record, path, json.dumps(value, sort_keys=True)


def edits_of(record: str, heads: Iterable[Head]) -> dict[str, set[Edit]]:
    """Return path to the edits that stand there."""
    found: dict[str, set[Edit]] = {}
    for head in heads:
        for edit in edits_in(record, head.sets):
            found.setdefault(edit[1], set()).add(edit)
    return found


@dataclass
class Ledger:
    """`saw`: an accepted edit to those that its author had before their eyes. `owed`: those that must not get lost."""

    saw: dict[Edit, set[Edit]] = field(default_factory=dict)
    owed: set[Edit] = field(default_factory=set)

    def note(self, record: str, sets: Mapping[str, Json], seen: Mapping[str, set[Edit]]) -> None:
        """Note what a person did to a record, and which edits stood on the screen when they began. A deletion is an
        answer to all of them.
        """
        for edit in edits_in(record, sets):
            path = edit[1]
            before = set().union(*seen.values()) if path == DELETED else seen.get(path, set())
            self.saw.setdefault(edit, set()).update(before)
            self.owed.add(edit)

    def had_seen(self, edit: Edit) -> set[Edit]:
        """Return everything that whoever made an edit, or those it followed, had seen."""
        found: set[Edit] = set()
        waiting = [edit]
        while waiting:
            for earlier in self.saw.get(waiting.pop(), ()):
                if earlier not in found:
                    found.add(earlier)
                    waiting.append(earlier)
        return found

    def forgive(self, held: Iterable[Edit]) -> None:
        """Owe no more what is neither held anywhere nor followed by something that is: the world destroyed it."""
        left: set[Edit] = set()
        for edit in held:
            left |= {edit, *self.had_seen(edit)}
        self.owed &= left

    def lost(
        self, writes: Iterable[tuple[str, Write]], standing: Iterable[RecordState], elsewhere: Iterable[Edit]
    ) -> list[str]:
        """Return what is wrong with a server that stores `writes` (replica, write) and tells states, in words.

        `elsewhere`: edits that wait on a phone for their person to act.
        """
        heads = {edit for state in standing for edits in edits_of(state.record, state.heads).values() for edit in edits}
        stored: dict[Edit, set[tuple[str, int]]] = {}
        replacing: dict[tuple[str, str, tuple[str, int]], list[Write]] = {}
        for replica, write in writes:
            for edit in edits_in(write.record, write.sets):
                stored.setdefault(edit, set()).add((replica, write.n))
            for path, names in write.replaces.items():
                for name in names:
                    replacing.setdefault((write.record, path, (name[0], name[1])), []).append(write)
        kept = {*stored, *elsewhere}
        followed = set(kept)
        for edit in kept:
            followed |= self.had_seen(edit)
        wrong = [f"{edit} is nowhere, and nobody who saw it went on from it" for edit in sorted(self.owed - followed)]
        for edit in sorted((self.owed & stored.keys()) - heads):
            record, path, _ = edit
            answers = [replacing.get((record, path, name), []) for name in stored[edit]]
            if not all(answers):
                wrong.append(f"{edit} was replaced by nobody, and does not stand")
            elif not any(self._may_replace(write, edit) for found in answers for write in found):
                wrong.append(f"{edit} was replaced by somebody who never saw it")
        return wrong

    def _may_replace(self, write: Write, edit: Edit) -> bool:
        """Tell whether a write's author had seen an edit, or says the same."""
        record, path, _ = edit
        told = list(edits_in(record, {one: value for one, value in write.sets.items() if one in (path, DELETED)}))
        return any(other == edit or edit in self.had_seen(other) for other in told)
