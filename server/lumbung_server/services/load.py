"""How busy this process is with syncs, and how long phones are asked for that to stay away. Refuses nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

CALM = 8
"""So many syncs at a time are answered without anybody waiting for it."""
SECONDS_EACH = 60
"""What each one beyond that adds to the pause."""
LONGEST_SECONDS = 3_600


class Load:
    """Counts the syncs that are under way. Each process counts its own: the one that is busy asks."""

    def __init__(self) -> None:
        self.under_way = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count one sync as long as the block lasts."""
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1

    def pause(self, chance: Callable[[int], bytes]) -> int:
        """Return how many seconds a phone is asked to wait before it comes again by itself, 0 while there is no need.

        The busier, the longer; at random in the upper half, so that those who are told so do not come back together.
        `chance`: that many random bytes.
        """
        beyond = self.under_way - CALM
        if beyond <= 0:
            return 0
        longest = min(LONGEST_SECONDS, SECONDS_EACH * beyond)
        return longest - int.from_bytes(chance(2), "big") % (longest // 2 + 1)
