"""What a phone need not hold any more: other people's activities beyond its window. Decides; changes nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.local_store import Name
from lumbung_shared.protocol import WINDOW_DAYS
from lumbung_shared.times import local_date

HELD_MOST = 5_000
"""Other people's activities that a phone holds at most."""
_DAY_MS = 86_400_000
DATE = "date"


class Tidying:
    """Says when it is worth looking for what lies beyond the window: once a day, and when many came in."""

    def __init__(self) -> None:
        self._day = ""
        self._held = 0

    def is_due(self, now: int, held: int) -> bool:
        """Tell whether to look. `now`: the server's clock, ms; `held`: how many records there are."""
        return local_date(now).isoformat() != self._day or held > self._held + HELD_MOST // 10

    def done(self, now: int, held: int) -> None:
        """Note that what lay beyond the window is gone."""
        self._day, self._held = local_date(now).isoformat(), held


def beyond(content: Content, now: int) -> tuple[str, ...]:
    """Return the records to drop. `now`: the server's clock, ms: a phone's own may jump by years.

    These are activities of others that are dated and were last changed more than 90 days ago, as the server's first
    fill leaves them out, and of the rest the oldest, when there are more than a phone holds. Never one that the person
    made, wrote in, has a form open over or has something to send of, and never an entry of a register. The server tells
    of a dropped one again only when it changes, and then the whole of it.
    """
    first_day = (local_date(now) - timedelta(days=WINDOW_DAYS)).isoformat()
    gone: list[str] = []
    kept: list[tuple[str, int, str]] = []
    for record, date, changed_at in _others(content):
        if "" < date < first_day and changed_at < now - WINDOW_DAYS * _DAY_MS:
            gone.append(record)
        else:
            kept.append((date, changed_at, record))
    kept.sort()
    gone += (record for _, _, record in kept[: max(0, len(kept) - HELD_MOST)])
    return tuple(gone)


def _others(content: Content) -> Iterator[tuple[str, str, int]]:
    """Yield record, day and time of the last change (ms) of the activities on which nothing of this person stands."""
    me = content.owner.person.id if content.owner else ""
    for record, row in content.rows(Name.RECORDS):
        waits = content.entries_of(record) or content.get(Name.DRAFTS, record) is not None
        if not waits and content.is_activity(row) and not plain.stands_in(row, me):
            seen = plain.glance(row)
            yield record, plain.text(seen.answers.get(DATE)), seen.changed_at
