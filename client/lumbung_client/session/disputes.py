"""What of a record is a *bentrok*, in words of people: who said what, and when. Decides nothing and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from lumbung_client.session.views import Deletion, Said
from lumbung_client.store.content import Content
from lumbung_client.store.local_store import Name
from lumbung_shared.protocol import Person
from lumbung_shared.records import Head, RecordState, conflicts, is_mark, undecided_marks
from lumbung_shared.writes import DELETED


class Witness:
    """Says who wrote a value, as this phone knows people. `people`: who else is known, by their ids."""

    def __init__(self, content: Content, people: Mapping[str, Person]) -> None:
        self._content = content
        self._people = people

    def rivals(self, state: RecordState) -> dict[str, tuple[Said, ...]]:
        """Return path to all values that stand beside each other, the shown one first. Deletions are told apart."""
        found = conflicts(state).items()
        return {path: tuple(self._said(head, path) for head in heads) for path, heads in found if not is_mark(path)}

    def deletions(self, state: RecordState) -> tuple[Deletion, ...]:
        """Return the deletions that are to be decided, the record's own first."""
        return tuple(
            self._deletion(state, mark) for mark in sorted(undecided_marks(state), key=lambda it: it != DELETED)
        )

    def name(self, person: str) -> str:
        """Return what somebody is called, empty where nobody here knows."""
        known = self._people.get(person) or self._content.person(person)
        return known.name if known else ""

    def is_me(self, person: str) -> bool:
        """Tell whether somebody is the person of this phone."""
        owner = self._content.owner
        return owner is not None and person == owner.person.id

    def _deletion(self, state: RecordState, mark: str) -> Deletion:
        scope = mark.removesuffix(DELETED)
        marks = [head for head in state.heads if mark in head.sets]
        changed = [
            (path, self._said(head, path))
            for head in sorted(state.heads, key=lambda it: (it.at == 0, it.at, it.name))
            for path in head.sets
            if path.startswith(scope) and path != mark
        ]
        return Deletion(
            mark=mark,
            deleted=tuple(self._said(head, mark) for head in marks if head.sets[mark] is True),
            changed=tuple(changed),
        )

    def _said(self, head: Head, path: str) -> Said:
        replica = self._content.replica
        here = replica is not None and head.replica == replica.id
        return Said(
            value=head.sets[path],
            name=self.name(head.by),
            mine=self.is_me(head.by),
            here=here or self._content.get(Name.SENT, f"{head.replica}:{head.n}") is not None,
            at=head.at,
        )
