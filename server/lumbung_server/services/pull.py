"""Gather the news of a person's regions since their cursor, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from lumbung_server.db.connections import Connection
from lumbung_server.repositories import changes, erasures, regions
from lumbung_server.repositories.changes import Change, Stretch
from lumbung_server.repositories.people import people
from lumbung_server.repositories.records import StoredRecord, own_numbers
from lumbung_server.services import arrivals
from lumbung_server.services.callers import Caller
from lumbung_server.services.cursor import OWN, Cursor, Mark
from lumbung_server.services.form_news import FormNews
from lumbung_server.services.ledger import stored_state
from lumbung_server.settings import DAY_MS
from lumbung_shared.protocol import PAGE_RECORDS, WINDOW_DAYS, Page
from lumbung_shared.records import RecordState
from lumbung_shared.regions import covered
from lumbung_shared.times import local_date

_SAYS_ERASED = '"erased":'
"""What stands in every state of which something was erased."""
_TELL_ERASED_MS = 400 * DAY_MS
"""Longer than a token is good for: a phone that was away longer begins anew."""
PAGE_BYTES = 1_000_000
"""A page ends early when its records' states come to so many characters: it has to pass a weak network whole."""


@dataclass
class _Gathering:
    """The page while it fills. `known`: home to the number up to which the phone was told all of it, in every scope."""

    caller: Caller
    replica: str
    now: int
    again: bool
    room: int
    room_bytes: int
    more: bool = False
    found: dict[str, StoredRecord] = field(default_factory=dict)
    left: dict[str, None] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)


async def pull(connection: Connection, caller: Caller, replica: str, cursor: Cursor, now: int, forms: FormNews) -> Page:
    """Return the next page for a replica of the caller. `connection` sees one moment of the database.

    `forms`: the news of that moment of what is offered; as long as there is more of them, no records follow.
    """
    room = 0 if forms.more else PAGE_RECORDS
    gathering = _Gathering(caller, replica, now, cursor.again, room, PAGE_BYTES - forms.size, forms.more)
    marks: dict[str, dict[int, Mark]] = {}
    counts: dict[int, int] = {}
    for scope in (*caller.regions, OWN):
        if scope == OWN:
            homes = await changes.homes_with_own(connection, caller.person, caller.regions)
        else:
            homes = await regions.homes_of(connection, scope)
        seen = cursor.marks.get(scope, {})
        marks[scope] = {home: _mark(cursor, seen.get(home), home, count) for home, count in homes.items()}
        counts |= homes
    for here in marks.values():
        for home, mark in here.items():
            gathering.known[home] = min(mark.caught_up, gathering.known.get(home, mark.caught_up))
    for scope, here in marks.items():
        for home, mark in here.items():
            here[home] = await _read_home(connection, gathering, scope, home, mark, counts[home])
    after = replace(cursor, marks=marks, again=cursor.again and gathering.more, offers=forms.upto)
    return replace(await _page(connection, gathering, after), forms=forms.offers)


def _mark(cursor: Cursor, seen: Mark | None, home: int, count: int) -> Mark:
    """Return from where a scope is read on in a home."""
    mark = seen or _first_mark(cursor, home, count)
    # A mark beyond the counter: this history never came so far, the counter was put back or the mark made up.
    return mark if mark.at <= count else Mark(0, 0, count)


def _first_mark(cursor: Cursor, home: int, count: int) -> Mark:
    """Return the mark of a scope that is read for the first time in a home.

    A first fill does not tell what is gone. A phone whose regions changed may hold some of it from another of them: it
    is told what went since the least it read there.
    """
    known = [homes[home].at for homes in cursor.marks.values() if home in homes]
    return Mark(0, 0, min([count, *known]))


async def _read_home(
    connection: Connection, gathering: _Gathering, scope: str, home: int, mark: Mark, count: int
) -> Mark:
    """Read on in one home's feed as far as there is room, and return the new mark."""
    if mark.at >= count:
        return mark
    if gathering.room == 0 or gathering.room_bytes <= 0:
        gathering.more = True
        return mark
    stretch = Stretch(
        home=home,
        after=mark.at,
        fill=mark.fill,
        limit=gathering.room,
        since_day=(local_date(gathering.now) - timedelta(days=WINDOW_DAYS)).isoformat(),
        since_ms=gathering.now - WINDOW_DAYS * DAY_MS,
        again=gathering.again,
    )
    caller = gathering.caller
    if scope == OWN:
        found = await changes.own_changes(connection, caller.person, caller.regions, stretch)
    else:
        found = await changes.changes_in(connection, scope, caller.person, stretch)
    fitting = _fitting(gathering, found)
    await _gather(connection, gathering, home, fitting)
    if len(fitting) == len(found) < stretch.limit:
        return Mark(count, count, mark.fill)
    gathering.more = True
    return replace(mark, at=fitting[-1].n)


def _fitting(gathering: _Gathering, found: Sequence[Change]) -> Sequence[Change]:
    """Return the changes for which there is room, the first in any case, and take that room."""
    for place, change in enumerate(found, 1):
        gathering.room_bytes -= len(change.record.state)
        if gathering.room_bytes <= 0:
            return found[:place]
    return found


async def _gather(connection: Connection, gathering: _Gathering, home: int, found: Sequence[Change]) -> None:
    gathering.room -= len(found)
    caller = gathering.caller
    # Only in its own home a record's writes count with the numbers of the marks. It may have come from another scope,
    # in which the phone has not read so far.
    here = [change.record.id for change in found if change.present and change.record.home == home]
    after = gathering.known[home]
    news = await changes.touched_by_others(connection, home, after, gathering.replica, here) if here else set()
    news |= await arrivals.touched(connection, home, after, caller, [change.record for change in found])
    news |= await _erased_since(connection, home, after, [change.record for change in found])
    for change in found:
        stored = change.record
        if not change.present:
            if stored.author != caller.person and not covered(stored.region, caller.regions):
                gathering.left[stored.id] = None
        elif stored.home != home or stored.id in news:
            gathering.found[stored.id] = stored


async def _erased_since(connection: Connection, home: int, after: int, found: Sequence[StoredRecord]) -> set[str]:
    """Return those of some records of which something was erased after a number of a home, theirs."""
    here = [one.id for one in found if one.home == home and _SAYS_ERASED in one.state]
    return await erasures.touched(connection, home, after, here) if here else set()


async def with_erased_people(connection: Connection, page: Page, now: int) -> Page:
    """Return a page that also says who was erased, as long as a phone may not know it yet."""
    erased = await erasures.erased_people(connection, now - _TELL_ERASED_MS)
    told = await people(connection, erased, local_date(now).isoformat())
    return replace(page, people={**page.people, **told})


async def _page(connection: Connection, gathering: _Gathering, cursor: Cursor) -> Page:
    own = await own_numbers(connection, gathering.replica, gathering.found) if gathering.found else {}
    lacks = await arrivals.lacking(connection, gathering.found.values())
    states = tuple(
        _told(stored, own.get(stored.id, 0), lacks.get(stored.id, ())) for stored in gathering.found.values()
    )
    mentioned = {state.author for state in states} | {head.by for state in states for head in state.heads}
    return Page(
        cursor=cursor.encoded(),
        records=states,
        left=tuple(gathering.left),
        people=await people(connection, mentioned, local_date(gathering.now).isoformat()) if mentioned else {},
        more=gathering.more,
    )


def _told(stored: StoredRecord, own: int, lacks: tuple[str, ...]) -> RecordState:
    state = replace(stored_state(stored), own=own, lacks=lacks)
    return replace(state, heads=(), removed=(), lacks=()) if stored.deleted else state
