"""Who waits for news of the feed in this process, and of which homes. Knows neither database nor requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from lumbung_shared.regions import covered, home_region

MAX_STREAMS = 500
"""Of one process."""
MAX_OF_PERSON = 6


@dataclass(eq=False)
class Listener:
    """One who waits. `regions`: roots of subtrees; `number`: the sum of their homes' counters as told last."""

    person: str
    regions: tuple[str, ...]
    number: int = 0
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def sum_of(self, numbers: Mapping[str, int]) -> int:
        """Return the sum of the counters of the homes in whose feeds these regions are."""
        own = {home_region(region) for region in self.regions}
        return sum(n for home, n in numbers.items() if home in own or covered(home, self.regions))


class Listeners:
    """Everybody who waits. One of them, told that there may be news, looks at `number` and at `ended`."""

    def __init__(self) -> None:
        self._all: set[Listener] = set()
        self.ended = False
        self.somebody = asyncio.Event()

    def has_room(self, person: str) -> bool:
        """Tell whether one more of a person's may wait."""
        same = sum(one.person == person for one in self._all)
        return not self.ended and len(self._all) < MAX_STREAMS and same < MAX_OF_PERSON

    @contextmanager
    def joined(self, one: Listener) -> Iterator[None]:
        """Let somebody wait."""
        self._all.add(one)
        self.somebody.set()
        try:
            yield
        finally:
            self._all.discard(one)
            if not self._all:
                self.somebody.clear()

    def tell(self, numbers: Mapping[str, int]) -> None:
        """Tell those of whose homes a counter moved. `numbers`: region of each home to its counter."""
        for one in self._all:
            total = one.sum_of(numbers)
            if total != one.number:
                one.number = total
                one.stirred.set()

    def end(self) -> None:
        """Tell everybody that it is over."""
        self.ended = True
        for one in self._all:
            one.stirred.set()
