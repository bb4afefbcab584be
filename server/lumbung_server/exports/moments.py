"""Times as texts, many of them: what a hundred thousand records need is worked out once for each day and minute."""

from __future__ import annotations

from datetime import date

from lumbung_shared.times import WITA

_DAY = 86_400_000
_OFFSET = int(WITA.utcoffset(None).total_seconds()) * 1_000
_MINUTES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440))
_SECONDS = tuple(f":{second:02}+08:00" for second in range(60))
_EPOCH = date(1970, 1, 1).toordinal()
_DAYS_KEPT = 10_000


class Moments:
    """Gives moments (ms since 1970) in the local time of the region."""

    def __init__(self) -> None:
        self._days: dict[int, str] = {}

    def text(self, ms: int) -> str:
        """Return a moment to the second, ISO 8601 with the offset."""
        day, rest = divmod(ms + _OFFSET, _DAY)
        minute, rest = divmod(rest // 1000, 60)
        return f"{self._days.get(day) or self._day(day)}T{_MINUTES[minute]}{_SECONDS[rest]}"

    def day(self, ms: int) -> str:
        """Return the day of a moment, as `times.local_date` does."""
        day = (ms + _OFFSET) // _DAY
        return self._days.get(day) or self._day(day)

    def _day(self, day: int) -> str:
        if len(self._days) > _DAYS_KEPT:
            self._days.clear()
        self._days[day] = text = date.fromordinal(_EPOCH + day).isoformat()
        return text
