"""Answer what is new in the regions a person may see."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from lumbung_server.db.connections import Connection, reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import joinings, organisations
from lumbung_server.repositories.feed import Place, Streams, Wanted, feed_page, streams
from lumbung_server.repositories.feed_counts import Counted, Open, count_open, count_parts
from lumbung_server.repositories.people import people
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.repositories.regions import region_names, subtree_names
from lumbung_server.services import arrivals
from lumbung_server.services.callers import Caller
from lumbung_server.services.ledger import stored_state
from lumbung_server.services.organisations import bearing, name_on
from lumbung_server.services.receipts import base64url
from lumbung_server.services.site import Site
from lumbung_server.services.wording import places, sought
from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.codec import Malformed, from_wire
from lumbung_shared.forms import Form, Purpose
from lumbung_shared.ids import is_record_id
from lumbung_shared.photos import named_in
from lumbung_shared.problems import Code
from lumbung_shared.protocol import MAX_OTHERS, FeedCounts, FeedEntry, FeedPage, Person, RegionCount
from lumbung_shared.records import misdated, values
from lumbung_shared.regions import covered, is_region_code, parent
from lumbung_shared.review import ReviewState
from lumbung_shared.times import local_date

_MAX_LETTERS = 200
"""Of an id or of words that are looked for."""


@dataclass(frozen=True)
class FeedQuery:
    """A filter as asked: empty text means all. `since` and `until`: days of the activity, inclusive.

    `disputed`: only what is a bentrok; `lacking`: only what a picture is missing of. `organisation`: id or
    name; `review`: a `ReviewState`; `text`: words that an activity holds, or their beginnings.
    """

    region: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    disputed: bool = False
    person: str = ""
    organisation: str = ""
    review: str = ""
    lacking: bool = False
    text: str = ""


async def read_feed(site: Site, caller: Caller, query: FeedQuery, after: str, limit: int) -> FeedPage:
    """Return a page of the feed, newest first. Raises Refusal: filter-malformed, forbidden."""
    place = _place(after) if after else None
    async with reading(site.engine, at_length=True) as connection:
        wanted = await wanted_by(connection, site, caller.regions, query)
        found = await feed_page(connection, wanted, place, limit + 1)
        shown = found[:limit]
        entries = await entries_of(connection, site, shown)
        who = await people_of(connection, site, entries)
    following = _encoded(shown[-1]) if len(found) > limit else ""
    return FeedPage(entries, who, following)


async def entries_of(connection: Connection, site: Site, shown: Sequence[StoredRecord]) -> tuple[FeedEntry, ...]:
    """Return records as a feed tells them, each with the others that it stands for."""
    counted = await joinings.counted_with(connection, {one.id for one in shown}, MAX_OTHERS)
    found = [*shown, *(other for others in counted.values() for other in others)]
    await site.forms.fetch(connection, {(one.kind, one.form) for one in found})
    lacks = await arrivals.lacking(connection, found)
    called = await organisations.called(connection, {one.author for one in found})
    told = {
        one.id: replace(
            _entry(one, site.forms.forms.get((one.kind, one.form)), lacks.get(one.id, ())),
            organisation=name_on(called.get(one.author, ()), one.date or local_date(one.at).isoformat()),
        )
        for one in found
    }
    return tuple(
        replace(told[one.id], others=tuple(told[other.id] for other in counted.get(one.id, ()))) for one in shown
    )


async def people_of(connection: Connection, site: Site, entries: Sequence[FeedEntry]) -> Mapping[str, Person]:
    """Return everybody whom a screen names that shows the entries."""
    mentioned = set().union(*(_mentioned(it) for one in entries for it in (one, *one.others)))
    return await people(connection, mentioned, local_date(site.now()).isoformat())


async def count_feed(site: Site, caller: Caller, query: FeedQuery) -> FeedCounts:
    """Return how many activities match, in all and per region below the asked one. Raises Refusal."""
    async with reading(site.engine, at_length=True) as connection:
        wanted = await wanted_by(connection, site, caller.regions, query)
        names = await subtree_names(connection, wanted.regions)
        parts = _parts(wanted.regions, names)
        counts = await count_parts(connection, wanted, parts)
        open_ = await count_open(connection, wanted, streams(wanted.regions, names))
    decided = {
        code: _decided(counts[code], [it for region, it in open_.items() if region in parts[code]]) for code in parts
    }
    return FeedCounts(
        total=sum(one.activities for one in decided.values()),
        regions=tuple(
            RegionCount(code, names[code], one.activities, one.more) for code, one in decided.items() if code
        ),
        disputed=sum(one.disputed for one in open_.values()),
        undecided=sum(one.undecided for one in open_.values()),
        more=any(one.more for one in decided.values()),
    )


def _parts(roots: Sequence[str], names: Mapping[str, str]) -> dict[str, Streams]:
    """Return what is counted by itself: the regions one level below the one root, and under no code the root itself; of
    several roots, each. `names`: of all regions in them.
    """
    if len(roots) != 1:
        return {root: streams([root], names) for root in roots}
    (root,) = roots
    below = {code: streams([code], names) for code in names if parent(code) == root}
    return {**below, "": Streams(regions=(root,))}


def _decided(counted: Counted, open_: Iterable[Open]) -> Counted:
    """Return a count without what may be deleted: that does not count until it is decided."""
    return replace(counted, activities=max(0, counted.activities - sum(one.undecided for one in open_)))


async def wanted_by(connection: Connection, site: Site, own: tuple[str, ...], query: FeedQuery) -> Wanted:
    """Return what the filter means for whose regions are `own`. Raises Refusal: filter-malformed, forbidden."""
    await site.forms.seek_kinds(connection, [query.kind])
    if query.kind and site.forms.kinds.get(query.kind) != Purpose.ACTIVITY:
        raise Refusal(Code.FILTER_MALFORMED, "kind")
    for name, day in (("since", query.since), ("until", query.until)):
        if day and not _is_day(day):
            raise Refusal(Code.FILTER_MALFORMED, name)
    if query.review and query.review not in list(ReviewState):
        raise Refusal(Code.FILTER_MALFORMED, "review")
    for name in ("person", "organisation", "text"):
        if len(getattr(query, name)) > _MAX_LETTERS:
            raise Refusal(Code.FILTER_MALFORMED, name)
    words = sought(query.text)
    if query.text and not words:
        raise Refusal(Code.FILTER_MALFORMED, "text")
    if query.region and (not is_region_code(query.region) or not await region_names(connection, [query.region])):
        raise Refusal(Code.FILTER_MALFORMED, "region")
    if query.region and not covered(query.region, own):
        raise Refusal(Code.FORBIDDEN, "region")
    roots = (query.region,) if query.region else own
    asked = {name: value for name, value in asdict(query).items() if name not in ("region", "text")}
    if query.organisation:
        asked["organisation"] = await _organisation(connection, query.organisation)
    return Wanted(roots, **asked, words=words, places=tuple(places(roots)))


async def _organisation(connection: Connection, said: str) -> str:
    """Return the id of an organisation that is said by its id, or by a name that it has or had."""
    found = bearing(await organisations.organisation_names(connection), said)
    return min(found) if found else said


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
