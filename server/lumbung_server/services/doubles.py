"""Propose which activities of a coordinator's regions may be the same event, logged twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lumbung_server.db.connections import Connection, reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import joinings
from lumbung_server.repositories.feed import Wanted, feed_page
from lumbung_server.repositories.forms import FormName
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.services.callers import Caller
from lumbung_server.services.feed import FeedQuery, entries_of, people_of, wanted_by
from lumbung_server.services.ledger import stored_state
from lumbung_server.services.site import Site
from lumbung_shared.doubles import Double, Logged, doubles, logged_of
from lumbung_shared.forms import Form
from lumbung_shared.joining import undecided
from lumbung_shared.problems import Code
from lumbung_shared.protocol import DoublesPage, ProposedDouble
from lumbung_shared.records import values
from lumbung_shared.times import local_date

WINDOW_DAYS = 31
"""So many days one page looks at."""
MOST_READ = 3_000
"""Activities that one page looks at: where there are more, it looks at fewer days."""
MOST_PAIRS = 50
"""Of one page."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Window:
    """Activities of some days. A pair is of the day of its later activity: those of the first day are left to others.

    `earlier`: the newest day before them of which there is any activity, None without any.
    """

    since: date
    until: date
    found: Sequence[StoredRecord]
    earlier: date | None


async def propose(site: Site, caller: Caller, region: str, until: str) -> DoublesPage:
    """Return pairs that may be one, of the month before `until` (a day; empty: tomorrow), newest first.

    Raises Refusal: forbidden (who is no coordinator), filter-malformed.
    """
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    async with reading(site.engine, at_length=True) as connection:
        wanted = await wanted_by(connection, site, caller.coordinated, FeedQuery(region=region, until=until))
        last = date.fromisoformat(until) if until else local_date(site.now()) + timedelta(days=1)
        window = await _read(connection, wanted, last)
        await site.forms.fetch(connection, {(one.kind, one.form) for one in window.found})
        logged = await asyncio.to_thread(_logged, window.found, site.forms.forms)
        pairs = await asyncio.to_thread(doubles, logged.values())
        said = await joinings.said_in(connection, {(logged[pair.one].region, logged[pair.one].kind) for pair in pairs})
        left = undecided(pairs, lambda pair: (pair.one, pair.other), said)
        shown, following = _page(left, logged, window)
        named = {one for pair in shown for one in (pair.one, pair.other)}
        entries = await entries_of(connection, site, [one for one in window.found if one.id in named])
        who = await people_of(connection, site, entries)
    told = {entry.record: entry for entry in entries}
    proposed = tuple(ProposedDouble(told[one.one], told[one.other], tuple(one.evidence.signs)) for one in shown)
    return DoublesPage(proposed, who, window.since.isoformat(), window.until.isoformat(), following)


async def _read(connection: Connection, wanted: Wanted, until: date) -> _Window:
    """Read the days of a window; fewer days where there is too much, but two at least, as far as those go."""
    since = until - timedelta(days=min(WINDOW_DAYS, until.toordinal() - date.min.toordinal()))
    asked = replace(wanted, since=since.isoformat(), until=until.isoformat())
    found = await feed_page(connection, asked, None, MOST_READ + 1)
    if len(found) > MOST_READ:
        # The day of the last one may have been read in part.
        since = min(date.fromisoformat(found[-1].date) + _DAY, until - _DAY)
    before = await feed_page(connection, replace(wanted, since=date.min.isoformat(), until=since.isoformat()), None, 1)
    earlier = date.fromisoformat(before[0].date) if before and since > date.min else None
    return _Window(since, until, found[:MOST_READ], earlier)


def _logged(found: Sequence[StoredRecord], forms: Mapping[FormName, Form]) -> dict[str, Logged]:
    return {
        one.id: logged_of(forms[one.kind, one.form], one.id, one.author, values(stored_state(one)))
        for one in found
        if (one.kind, one.form) in forms
    }


def _page(pairs: Sequence[Double], logged: Mapping[str, Logged], window: _Window) -> tuple[Sequence[Double], str]:
    """Return the pairs of a page and the day with which the next one begins, empty for none."""

    def day(pair: Double) -> str:
        return max(logged[pair.one].day, logged[pair.other].day)

    here = [pair for pair in pairs if day(pair) > window.since.isoformat() or window.since == date.min]
    if len(here) <= MOST_PAIRS:
        return here, window.earlier.isoformat() if window.earlier else ""
    # What is left of a day that fills a page alone comes when some of it was decided.
    rest = day(here[MOST_PAIRS])
    if day(here[0]) == rest:
        return here[:MOST_PAIRS], (date.fromisoformat(rest) - _DAY).isoformat()
    return [pair for pair in here if day(pair) > rest], rest
