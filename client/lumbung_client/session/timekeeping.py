"""The time that the app shows and goes by, and what a person is told of the phone's clock."""

from __future__ import annotations

from collections.abc import Callable

from lumbung_client.session.ports import Clock
from lumbung_client.store.content import Content
from lumbung_client.sync.clock import Reckoned, reckoned


class Timekeeping:
    """Reads the phone's clocks in the light of what the server said. `measure`: has them compared again, soon."""

    def __init__(self, clock: Clock, content: Content, measure: Callable[[], None]) -> None:
        self._clock = clock
        self._content = content
        self._measure = measure

    @property
    def reckoned(self) -> Reckoned:
        """What time it is, and how far the phone's clock is off."""
        return reckoned(self._content.heard, self._clock.now())

    def look(self) -> None:
        """Have the clocks compared if the phone's was set: the person may have just done so."""
        if self.reckoned.jumped:
            self._measure()
