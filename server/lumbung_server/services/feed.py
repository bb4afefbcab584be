"""Answer what is new in the regions a person may see."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lumbung_server.db.connections import Connection, reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import organisations
from lumbung_server.repositories.feed import Counted, Place, Wanted, feed_counts, feed_page
from lumbung_server.repositories.people import people
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.repositories.regions import region_names, subtree_names
from lumbung_server.services import arrivals
from lumbung_server.services.callers import Caller
from lumbung_server.services.ledger import stored_state
from lumbung_server.services.organisations import name_on
from lumbung_server.services.receipts import base64url
from lumbung_server.services.site import Site
from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.codec import Malformed, from_wire
from lumbung_shared.forms import Form, Purpose
from lumbung_shared.ids import is_record_id
from lumbung_shared.photos import named_in
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FeedCounts, FeedEntry, FeedPage, RegionCount
from lumbung_shared.records import misdated, values
from lumbung_shared.regions import covered, is_region_code, parent
from lumbung_shared.times import local_date


@dataclass(frozen=True)
class FeedQuery:
    """A filter as asked: empty text means all. `since` and `until`: days of the activity, inclusive.

    `disputed`: only what is a bentrok.
    """

    region: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    disputed: bool = False


async def read_feed(site: Site, caller: Caller, query: FeedQuery, after: str, limit: int) -> FeedPage:
    """Return a page of the feed, newest first. Raises Refusal: filter-malformed, forbidden."""
    place = _place(after) if after else None
    async with reading(site.engine, at_length=True) as connection:
        wanted = await wanted_by(connection, site, caller.regions, query)
        found = await feed_page(connection, wanted, place, limit + 1)
        shown = found[:limit]
        await site.forms.fetch(connection, {(one.kind, one.form) for one in shown})
        lacks = await arrivals.lacking(connection, shown)
        called = await organisations.called(connection, {one.author for one in shown})
        entries = tuple(
            replace(
                _entry(one, site.forms.forms.get((one.kind, one.form)), lacks.get(one.id, ())),
                organisation=name_on(called.get(one.author, ()), one.date or local_date(one.at).isoformat()),
            )
            for one in shown
        )
        who = await people(connection, set().union(*map(_mentioned, entries)), local_date(site.now()).isoformat())
    following = _encoded(shown[-1]) if len(found) > limit else ""
    return FeedPage(entries, who, following)


async def count_feed(site: Site, caller: Caller, query: FeedQuery) -> FeedCounts:
    """Return how many activities match, in all and per region below the asked one. Raises Refusal."""
    async with reading(site.engine, at_length=True) as connection:
        wanted = await wanted_by(connection, site, caller.regions, query)
        counts = await feed_counts(connection, wanted)
        below = await _regions_to_count(connection, wanted.regions)
    found = counts.values()
    return FeedCounts(
        total=sum(count.activities for count in found),
        regions=_counted(below, counts),
        disputed=sum(count.disputed for count in found),
        undecided=sum(count.undecided for count in found),
    )


async def _regions_to_count(connection: Connection, roots: Sequence[str]) -> Mapping[str, str]:
    """Return code to name of the regions one level below the one root; of several roots, the roots themselves."""
    if len(roots) != 1:
        return await region_names(connection, roots)
    names = await subtree_names(connection, roots)
    return {code: name for code, name in names.items() if parent(code) == roots[0]}


def _counted(regions: Mapping[str, str], counts: Mapping[str, Counted]) -> tuple[RegionCount, ...]:
    return tuple(
        RegionCount(code, name, sum(count.activities for region, count in counts.items() if covered(region, [code])))
        for code, name in regions.items()
    )


async def wanted_by(connection: Connection, site: Site, own: tuple[str, ...], query: FeedQuery) -> Wanted:
    """Return what the filter means for whose regions are `own`. Raises Refusal: filter-malformed, forbidden."""
    await site.forms.seek_kinds(connection, [query.kind])
    if query.kind and site.forms.kinds.get(query.kind) != Purpose.ACTIVITY:
        raise Refusal(Code.FILTER_MALFORMED, "kind")
    for name, day in (("since", query.since), ("until", query.until)):
        if day and not _is_day(day):
            raise Refusal(Code.FILTER_MALFORMED, name)
    if not query.region:
        return Wanted(own, query.kind, query.since, query.until, query.disputed)
    if not is_region_code(query.region) or not await region_names(connection, [query.region]):
        raise Refusal(Code.FILTER_MALFORMED, "region")
    if not covered(query.region, own):
        raise Refusal(Code.FORBIDDEN, "region")
    return Wanted((query.region,), query.kind, query.since, query.until, query.disputed)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _encoded(last: StoredRecord) -> str:
    return base64url(json.dumps([last.date, last.made_at, last.id], separators=(",", ":")).encode())


def _place(text: str) -> Place:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        plain = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        place = Place(*from_wire(tuple[str, int, str], plain))
    except (ValueError, RecursionError, Malformed):
        raise Refusal(Code.FILTER_MALFORMED, "after") from None
    day = not place.date or _is_day(place.date)
    if not day or not 0 <= place.made_at <= MAX_INTEGER or not is_record_id(place.record):
        raise Refusal(Code.FILTER_MALFORMED, "after")
    return place


def _entry(stored: StoredRecord, form: Form | None, lacks: Collection[str]) -> FeedEntry:
    state = stored_state(stored)
    shown = values(state)
    headline = shown.get(form.headline) if form else None
    return FeedEntry(
        record=stored.id,
        kind=stored.kind,
        form=stored.form,
        region=stored.region,
        date=stored.date,
        author=stored.author,
        at=stored.at,
        headline=_in_words(headline),
        disputed=stored.disputed,
        flags=state.flags,
        values=shown,
        clock=wrong.clock if (wrong := misdated(state)) else 0,
        state=replace(state, lacks=tuple(lacks)),
        lacks=tuple(name for name in named_in([shown]) if name in lacks),
    )


def _in_words(headline: Json) -> str:
    """Return what heads an activity: a text, or what the entry that it refers to was called that day."""
    said = headline.get("name") if isinstance(headline, Mapping) else headline
    return said if isinstance(said, str) else ""


def _mentioned(entry: FeedEntry) -> set[str]:
    """Return everybody whose name a screen needs to show an entry."""
    if entry.state is None:
        return {entry.author}
    return {entry.author, *(head.by for head in entry.state.heads), *(one.by for one in entry.state.removed)}
