"""The merged feed: asked of the server by coordinators, read from the phone's own store by everybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from lumbung_client.session.activities import headline, missing
from lumbung_client.session.drafts import DATE, REGION
from lumbung_client.session.excel import kept
from lumbung_client.session.feed_labels import DISPUTED, chosen_labels, standing_labels
from lumbung_client.session.gradual import Gradual
from lumbung_client.session.joined import JoinedActivities
from lumbung_client.session.searching import (
    call_kinds,
    call_regions,
    feed_labels,
    kinds_told,
    person_label,
    records_of,
    searchable,
)
from lumbung_client.session.views import Failure, FeedFilter, FeedView, KeptFile
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.entries import OWNER, put_whole
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name, Row, Touched
from lumbung_client.store.shelf import Shelf
from lumbung_client.sync import verdict
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.transport import Request, Response, Transport, Unreachable
from lumbung_shared.canonical import Json, digest
from lumbung_shared.catalogue import Catalogue
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.folding import folded
from lumbung_shared.problems import Code
from lumbung_shared.protocol import MAX_OTHERS, FeedCounts, FeedEntry, FeedPage, Person
from lumbung_shared.records import RecordState, is_disputed, misdated, values
from lumbung_shared.times import local_date

FEED_PATH = "/api/v1/feed"
EXPORT_PATH = "/api/v1/export"
PAGE = 50
PAGES_KEPT = 40
_ANY_DAY = "0"
"""Sorts before every day, and behind no day at all."""
_OFFLINE_CODES = (Code.SERVER_UNREACHABLE, Code.NOT_LUMBUNG, Code.SERVER_ERROR, Code.SERVER_BUSY, Code.NOT_READY)


@dataclass(frozen=True)
class Found:
    """An entry of a page that was opened, the people that the page knows, and when it was asked for (ms)."""

    entry: FeedEntry
    people: Mapping[str, Person]
    as_of: int


class LocalFeed:
    """The feed as far as this phone holds it: confirmed records only, for nobody else has seen the others."""

    def __init__(self, store: LocalStore, content: Content, joined: JoinedActivities) -> None:
        self._content = content
        self._joined = joined
        self._shelf = Shelf()
        self._reading = Gradual(self._begin, self._take)
        store.watch(self._follow)
        joined.watch(self._follow_joined)

    def view(self, chosen: FeedFilter, text: str, limit: int) -> FeedView:
        """Return the newest entries that contain every word of `text`.

        `next` is not empty when there are more: ask again with a larger limit.
        """
        self._reading.finish()
        labels = chosen_labels(chosen)
        text = f"{chosen.text} {text}".strip()
        until = (_day_after(chosen.until),) if chosen.until else None
        since = (chosen.since or _ANY_DAY,) if chosen.since or chosen.until else None
        found = self._shelf.newest(labels, text, limit + 1, until, since)
        entries = tuple(filter(None, (self._entry(record) for record in found[:limit])))
        authors = {one.author for entry in entries for one in (entry, *entry.others)}
        people = {author: person for author in authors if (person := self._content.person(author))}
        more = str(limit) if len(found) > limit else ""
        return FeedView(entries, people, more, offline=True, as_of=self._content.place.last_success)

    def people(self) -> tuple[Person, ...]:
        """Return who recorded what the phone holds of the region, by name."""
        self._reading.finish()
        authors = (self._content.person(label[3:]) for label in self._shelf.tally() if label.startswith("by:"))
        return tuple(sorted(filter(None, authors), key=lambda one: (folded(one.name), one.id)))

    def count(self) -> int:
        """Return how many activities the phone holds of the region."""
        self._reading.finish()
        return len(self._shelf)

    def disputed(self) -> int:
        """Return how many of the activities that were looked at so far are a bentrok."""
        return self._shelf.count((DISPUTED,))

    async def warm(self, pause: Callable[[], Awaitable[None]]) -> None:
        """Look at what there is, a slice at a time."""
        await self._reading.warm(pause)

    def _entry(self, record: str) -> FeedEntry | None:
        state = self._content.confirmed(record)
        if state is None:
            return None
        entry = feed_entry(state, self._content.catalogue, self._content.settings.language)
        others = tuple(filter(None, map(self._entry, self._joined.others(record)[:MAX_OTHERS])))
        return replace(entry, lacks=missing(self._content, state), others=others)

    def _begin(self) -> Iterator[str]:
        self._shelf = Shelf()
        call_kinds(self._shelf, self._content.catalogue)
        self._call_owner()
        for person, row in self._content.rows(Name.PEOPLE):
            self._call(person, row)
        yield from (record for record, _ in self._content.rows(Name.RECORDS))

    def _call_owner(self) -> None:
        owner = self._content.owner
        if owner is not None:
            call_regions(self._shelf, owner.regions)
            self._call(owner.person.id, {"name": owner.person.name})

    def _call(self, person: str, row: Row | None) -> None:
        self._shelf.call(person_label(person), folded(plain.text(row.get("name"))) if row else "")

    def _take(self, record: str) -> None:
        row = self._content.get(Name.RECORDS, record)
        if row is None or not self._content.is_activity(row) or (seen := plain.glance(row)).is_gone:
            self._shelf.drop(record)
            return
        if self._joined.stands(record) != record:
            self._shelf.drop(record)  # it is shown with the one that it is counted with
            return
        kind, form = plain.text(row.get("kind")), plain.number(row.get("form"))
        author, region = plain.text(row.get("author")), plain.text(seen.answers.get(REGION))
        order = (plain.text(seen.answers.get(DATE)), seen.changed_at)
        labels = (*feed_labels(kind, author, region), *standing_labels(self._content, record, row, seen))
        self._shelf.put(record, order, labels, searchable(self._content.catalogue, kind, form, seen.answers))

    def _follow_joined(self, concerned: frozenset[str]) -> None:
        for record in concerned if self._reading.begun else ():
            self._take(record)

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        if not self._reading.begun:
            return
        if kinds := kinds_told(touched):
            call_kinds(self._shelf, self._content.catalogue)
            for record in records_of(self._content, kinds):
                self._take(record)
        for item in touched:
            if item.table == Name.RECORDS:
                self._take(item.key)
            elif item.table == Name.PEOPLE:
                self._call(item.key, item.now)
                if (item.before or {}).get("organisation") != (item.now or {}).get("organisation"):
                    for record in self._shelf.newest((person_label(item.key),), limit=len(self._shelf)):
                        self._take(record)
            elif item.table == Name.META and item.key == OWNER:
                self._call_owner()


class ServerFeed:
    """The feed as the server tells it; the pages that were opened stay on the phone."""

    def __init__(self, store: LocalStore, content: Content, transport: Transport) -> None:
        self._store = store
        self._content = content
        self._transport = transport

    async def view(self, chosen: FeedFilter, after: str, now: int) -> FeedView | Failure:
        """Ask for a page, with counts when it is the first. `now`: ms."""
        asked = _asked(chosen)
        owner = self._content.owner
        page = await self._get(
            FeedPage, FEED_PATH, {**asked, "limit": str(PAGE), **({"after": after} if after else {})}
        )
        if isinstance(page, Failure):
            return page
        counts: FeedCounts | None = None
        if not after:
            answer = await self._get(FeedCounts, f"{FEED_PATH}/counts", asked)
            if isinstance(answer, Failure):
                return answer
            counts = answer
        if self._content.owner != owner:
            return Failure(Code.TOKEN_MISSING)  # somebody else has the phone by now: the page is not theirs
        view = FeedView(page.entries, page.people, page.next, counts, as_of=now)
        self._keep(chosen, after, view)
        return view

    async def exported(self, chosen: FeedFilter, now: int, end: str) -> KeptFile | Failure:
        """Have everything that is chosen put into a file. `now`: ms; `end`: of its name, one of `excel.MEDIA`."""
        response = await self._send(f"{EXPORT_PATH}.{end}", _asked(chosen))
        name = f"lumbung-{local_date(now).isoformat()}-{chosen.kind or 'kegiatan'}.{end}"
        return response if isinstance(response, Failure) else kept(name, response)

    def opened(self, chosen: FeedFilter, after: str) -> FeedView | None:
        """Return the page as it was when it was last opened."""
        row = self._content.get(Name.PAGES, _key(chosen, after))
        return None if row is None else replace(from_wire(FeedView, row), offline=True, counts=None)

    def found(self, record: str) -> Found | None:
        """Return a record's entry as the newest of the opened pages that hold it told it."""
        return self.found_among([record]).get(record)

    def found_among(self, records: Collection[str]) -> dict[str, Found]:
        """Return the same of each of some records that an opened page holds."""
        newest: dict[str, tuple[int, Mapping[str, Json], Row]] = {}
        for _, row in self._content.rows(Name.PAGES):
            as_of = plain.number(row.get("as_of"))
            for wire in plain.items(row.get("entries")):
                record = plain.text(wire.get("record")) if isinstance(wire, Mapping) else ""
                if isinstance(wire, Mapping) and record in records and as_of > newest.get(record, (-1,))[0]:
                    newest[record] = (as_of, wire, row)
        return {
            record: Found(from_wire(FeedEntry, wire), from_wire(dict[str, Person], page.get("people", {})), as_of)
            for record, (as_of, wire, page) in newest.items()
        }

    async def _get(self, cls: type[verdict.T], path: str, query: Mapping[str, str]) -> verdict.T | Failure:
        response = await self._send(path, query)
        if isinstance(response, Failure):
            return response
        answer = verdict.read(cls, response)
        return Failure(answer.code, answer.detail) if isinstance(answer, verdict.Rejection) else answer

    async def _send(self, path: str, query: Mapping[str, str]) -> Response | Failure:
        owner = self._content.owner
        if owner is None:
            return Failure(Code.TOKEN_MISSING)
        common = headers(owner, self._content.settings.language)
        address = f"{path}?{urlencode(query)}" if query else path
        try:
            return await self._transport.send(Request("GET", address, common))
        except Unreachable:
            return Failure(Code.SERVER_UNREACHABLE)

    async def newest(self, chosen: FeedFilter) -> FeedPage | Failure:
        """Ask for the first page to see whether there is news; nothing is kept of it."""
        return await self._get(FeedPage, FEED_PATH, {**_asked(chosen), "limit": str(PAGE)})

    def _keep(self, chosen: FeedFilter, after: str, view: FeedView) -> None:
        key = _key(chosen, after)
        known = self._content.get(Name.PAGES, key)
        if known is not None and {**known, "as_of": view.as_of} == to_wire(view):
            return  # nothing new: not worth a frame
        changes = [put_whole(Name.PAGES, key, view)]
        pages = sorted(self._content.rows(Name.PAGES), key=lambda row: plain.number(row[1].get("as_of")))
        others = [name for name, _ in pages if name != key]
        changes += [Change(Name.PAGES, name, None) for name in others[: max(0, len(others) + 1 - PAGES_KEPT)]]
        self._store.apply(changes)


def _asked(chosen: FeedFilter) -> dict[str, str]:
    """Return a filter as the server is asked with it."""
    filled = {name: value for name, value in to_wire(chosen).items() if value}
    return {name: "1" if value is True else value for name, value in filled.items()}


def is_offline(failure: Failure) -> bool:
    """Tell whether a failure means that the server cannot be asked now, so that older news are better than none."""
    return failure.code in _OFFLINE_CODES


def feed_entry(state: RecordState, catalogue: Catalogue, language: str) -> FeedEntry:
    """Return the entry of a record in the feed."""
    shown = {path: value for path, value in values(state).items() if value is not None}
    return FeedEntry(
        record=state.record,
        kind=state.kind,
        form=state.form,
        region=str(shown.get(REGION, "")),
        date=str(shown.get(DATE, "")),
        author=state.author,
        at=max((head.at for head in state.heads), default=0),
        headline=headline(catalogue.form(state.kind, state.form), shown, language),
        disputed=is_disputed(state),
        flags=state.flags,
        values=shown,
        clock=wrong.clock if (wrong := misdated(state)) else 0,
    )


def _key(chosen: FeedFilter, after: str) -> str:
    return digest([to_wire(chosen), after])[:32]


def _day_after(day: str) -> str:
    """Return what sorts right behind every moment of an ISO day."""
    return f"{day}\0"
