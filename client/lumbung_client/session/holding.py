"""What this phone holds of registers: entries, which of them are one, which may be, and what refers to them.

Knows no store: it is told what there is, record by record, and forgets what it is told is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lumbung_shared.likeness import Facts, Likeness, likeness
from lumbung_shared.registers import Alias, representatives

COMPARED_MOST = 400
"""With so many that sound alike an entry is compared, at most."""


@dataclass(frozen=True)
class Held:
    """An entry as it stands. `text`: what it is found by, folded; `disputed`: whether it is a bentrok."""

    kind: str
    facts: Facts
    text: str
    disputed: bool = False


@dataclass(frozen=True)
class Said:
    """An alias with what the two entries were called when it was made: id to name."""

    alias: Alias
    names: Mapping[str, str]


class Holding:
    """Entries by their ids, and what is known of them."""

    def __init__(self) -> None:
        self.entries: dict[str, Held] = {}
        self.said: dict[str, Said] = {}
        self._refers: dict[str, frozenset[str]] = {}
        self._users: dict[str, set[str]] = {}
        self._by_sound: dict[tuple[str, str], set[str]] = {}
        self._stands: dict[str, str] = {}
        self._together: dict[str, frozenset[str]] = {}
        self._is_stale = False

    def put_entry(self, record: str, held: Held | None) -> None:
        """Note an entry as it stands now; None: it is none, or none any more."""
        before = self.entries.pop(record, None)
        if before is not None:
            for sound in before.facts.sounds:
                self._by_sound[before.kind, sound].discard(record)
        if held is not None:
            self.entries[record] = held
            for sound in held.facts.sounds:
                self._by_sound.setdefault((held.kind, sound), set()).add(record)
        self._is_stale = self._is_stale or (before is None) != (held is None)

    def put_alias(self, record: str, said: Said | None) -> None:
        """Note what an alias says; None: it says nothing, or nothing any more."""
        if self.said.get(record) != said:
            self._is_stale = True
            self.said.pop(record, None)
            if said is not None:
                self.said[record] = said

    def put_references(self, record: str, entries: Iterable[str]) -> None:
        """Note which entries an activity refers to."""
        now = frozenset(entries)
        before = self._refers.pop(record, frozenset())
        for entry in before - now:
            self._users[entry].discard(record)
        for entry in now - before:
            self._users.setdefault(entry, set()).add(record)
        if now:
            self._refers[record] = now

    def joined_anew(self) -> frozenset[str]:
        """Work out which entries are one by now, and return those that this may concern: they stand elsewhere since."""
        if not self._is_stale:
            return frozenset()
        self._is_stale = False
        concerned = set(self._stands)
        by_register: dict[str, list[Alias]] = {}
        for said in self.said.values():
            if self._is_of_one_register(said.alias):
                by_register.setdefault(said.alias.register, []).append(said.alias)
        self._stands = {}
        for aliases in by_register.values():
            self._stands |= representatives(aliases, self.entries.keys())
        together: dict[str, set[str]] = {}
        for entry, stands in self._stands.items():
            together.setdefault(stands, set()).add(entry)
        self._together = {stands: frozenset(entries) for stands, entries in together.items()}
        return frozenset(concerned | self._stands.keys())

    def standing(self, entry: str) -> str:
        """Return the entry that stands for one: itself, unless it was joined with another."""
        return self._stands.get(entry, entry)

    def together(self, entry: str) -> frozenset[str]:
        """Return all that are one with an entry, itself included."""
        return self._together.get(self.standing(entry), frozenset({entry}))

    def aliases_among(self, entries: Iterable[str]) -> tuple[Said, ...]:
        """Return what joins some entries, by the age of the aliases."""
        wanted = set(entries)
        found = (said for said in self.said.values() if said.alias.duplicate in wanted and said.alias.entry in wanted)
        return tuple(sorted(found, key=lambda said: said.alias.record))

    def users(self, entry: str) -> frozenset[str]:
        """Return the records that refer to an entry, or to what is one with it."""
        return frozenset(record for one in self.together(entry) for record in self._users.get(one, ()))

    def alike(self, entry: str) -> list[tuple[str, Likeness]]:
        """Return the entries that may be one with an entry and are not yet said to be, the likeliest first."""
        held = self.entries.get(entry)
        if held is None:
            return []
        found: list[tuple[str, Likeness]] = []
        for record in self._sounding_like(entry, held):
            why = likeness(held.facts, self.entries[record].facts)
            if why is not None and self.standing(record) == record:
                found.append((record, why))
        return sorted(found, key=lambda one: (-one[1].points, one[0]))

    def _sounding_like(self, entry: str, held: Held) -> list[str]:
        """Return the entries that share a sound, those of the same village first when there are too many."""
        apart = self.together(entry)
        found = {record for sound in held.facts.sounds for record in self._by_sound[held.kind, sound]} - apart
        if len(found) <= COMPARED_MOST:
            return list(found)
        region = held.facts.region
        return sorted(found, key=lambda record: (self.entries[record].facts.region != region, record))[:COMPARED_MOST]

    def _is_of_one_register(self, alias: Alias) -> bool:
        held = (self.entries.get(entry) for entry in (alias.duplicate, alias.entry))
        return all(one is None or one.kind == alias.register for one in held)
