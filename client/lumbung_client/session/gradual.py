"""Take in what a table holds a slice at a time, so that nothing stands still meanwhile. Decides when, not what."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable

SLICE = 50
"""Keys taken in between two pauses: about 2 ms of a computer, 30 ms of a cheap phone."""


class Gradual:
    """Calls `take` once with each of `keys`, in the background or, when somebody cannot wait, all at once.

    What changes after the beginning its owner takes in by itself: `take` may come twice for a key, and for one that
    is not there any more.
    """

    def __init__(self, keys: Callable[[], Iterable[str]], take: Callable[[str], None]) -> None:
        self._keys = keys
        self._take = take
        self._left: deque[str] | None = None

    @property
    def begun(self) -> bool:
        """Tell whether changes have to be followed: before the beginning nothing has been looked at."""
        return self._left is not None

    def begin_again(self) -> None:
        """Forget that anything was taken in."""
        self._left = None

    def finish(self) -> None:
        """Take in all that is left, now."""
        while self._some(SLICE):
            pass

    async def warm(self, pause: Callable[[], Awaitable[None]]) -> None:
        """Take in all that is left, with a pause after each slice."""
        while self._some(SLICE):
            await pause()

    def _some(self, number: int) -> bool:
        if self._left is None:
            self._left = deque(self._keys())
        for _ in range(min(number, len(self._left))):
            self._take(self._left.popleft())
        return bool(self._left)
