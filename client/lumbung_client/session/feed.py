"""The merged feed: asked of the server by coordinators, read from the phone's own store by everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from lumbung_client.session.activities import headline
from lumbung_client.session.drafts import DATE, REGION
from lumbung_client.session.views import Failure, FeedFilter, FeedView
from lumbung_client.store.content import Content
from lumbung_client.store.entries import put
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name, Row, Touched
from lumbung_client.sync import verdict
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.transport import Request, Transport, Unreachable
from lumbung_shared.canonical import Json, digest
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FeedCounts, FeedEntry, FeedPage, Person
from lumbung_shared.records import RecordState, is_disputed, values
from lumbung_shared.regions import is_within
from lumbung_shared.writes import DELETED

FEED_PATH = "/api/v1/feed"
PAGE = 50
PAGES_KEPT = 40
_OFFLINE_CODES = (Code.SERVER_UNREACHABLE, Code.NOT_LUMBUNG, Code.SERVER_ERROR, Code.SERVER_BUSY, Code.NOT_READY)


@dataclass(frozen=True)
class Place:
    """What the feed sorts and filters by, of one record."""

    date: str
    at: int
    record: str
    region: str
    kind: str


class LocalFeed:
    """The feed as far as this phone holds it: confirmed records only, for nobody else has seen the others."""

    def __init__(self, store: LocalStore, content: Content) -> None:
        self._content = content
        self._places: dict[str, Place] | None = None
        store.watch(self._follow)

    def view(self, chosen: FeedFilter, limit: int) -> FeedView:
        """Return the newest entries. `next` is not empty when there are more: ask again with a larger limit."""
        found = [place for place in self._index().values() if matches(chosen, place)]
        found.sort(key=lambda place: (place.date, place.at, place.record), reverse=True)
        entries = tuple(filter(None, (self._entry(place.record) for place in found[:limit])))
        people = {entry.author: person for entry in entries if (person := self._content.person(entry.author))}
        more = str(limit) if len(found) > limit else ""
        return FeedView(entries, people, more, offline=True, as_of=self._content.place.last_success)

    def _entry(self, record: str) -> FeedEntry | None:
        state = self._content.confirmed(record)
        return feed_entry(state, self._content.settings.language) if state else None

    def _index(self) -> dict[str, Place]:
        if self._places is None:
            self._places = {}
            for record, row in self._content.rows(Name.RECORDS):
                self._note(self._places, record, row)
        return self._places

    def _note(self, places: dict[str, Place], record: str, row: Row) -> None:
        # Plain rows are looked at here: decoding thousands of records takes seconds on a phone.
        heads = [head for head in _list(row.get("heads")) if isinstance(head, Mapping)]
        if any(path != DELETED for head in heads for path in _mapping(head.get("sets"))):
            at = max(_number(head.get("at")) for head in heads)
            region, date = _shown(heads, REGION), _shown(heads, DATE)
            places[record] = Place(date, at, record, region, str(row.get("kind")))

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        if self._places is None:
            return
        for item in touched:
            if item.table == Name.RECORDS:
                self._places.pop(item.key, None)
                if item.now is not None:
                    self._note(self._places, item.key, item.now)


class ServerFeed:
    """The feed as the server tells it; the pages that were opened stay on the phone."""

    def __init__(self, store: LocalStore, content: Content, transport: Transport) -> None:
        self._store = store
        self._content = content
        self._transport = transport

    async def view(self, chosen: FeedFilter, after: str, now: int) -> FeedView | Failure:
        """Ask for a page, with counts when it is the first. `now`: ms."""
        asked = {name: text for name, text in to_wire(chosen).items() if text}
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
        view = FeedView(page.entries, page.people, page.next, counts, as_of=now)
        self._keep(chosen, after, view)
        return view

    def opened(self, chosen: FeedFilter, after: str) -> FeedView | None:
        """Return the page as it was when it was last opened."""
        row = self._content.get(Name.PAGES, _key(chosen, after))
        return None if row is None else replace(from_wire(FeedView, row), offline=True, counts=None)

    def entry(self, record: str) -> tuple[FeedEntry, Person | None] | None:
        """Return an entry of any page that was opened, with its author."""
        for _, row in self._content.rows(Name.PAGES):
            for wire in _list(row.get("entries")):
                if isinstance(wire, Mapping) and wire.get("record") == record:
                    view = from_wire(FeedView, row)
                    found = next(entry for entry in view.entries if entry.record == record)
                    return found, view.people.get(found.author)
        return None

    async def _get(self, cls: type[verdict.T], path: str, query: Mapping[str, str]) -> verdict.T | Failure:
        owner = self._content.owner
        if owner is None:
            return Failure(Code.TOKEN_MISSING)
        common = headers(owner, self._content.settings.language)
        address = f"{path}?{urlencode(query)}" if query else path
        try:
            response = await self._transport.send(Request("GET", address, common))
        except Unreachable:
            return Failure(Code.SERVER_UNREACHABLE)
        answer = verdict.read(cls, response)
        return Failure(answer.code, answer.detail) if isinstance(answer, verdict.Rejection) else answer

    def _keep(self, chosen: FeedFilter, after: str, view: FeedView) -> None:
        key = _key(chosen, after)
        known = self._content.get(Name.PAGES, key)
        if known is not None and {**known, "as_of": view.as_of} == to_wire(view):
            return  # nothing new: not worth a frame
        changes = [put(Name.PAGES, key, view)]
        pages = sorted(self._content.rows(Name.PAGES), key=lambda row: _number(row[1].get("as_of")))
        others = [name for name, _ in pages if name != key]
        changes += [Change(Name.PAGES, name, None) for name in others[: max(0, len(others) + 1 - PAGES_KEPT)]]
        self._store.apply(changes)


def is_offline(failure: Failure) -> bool:
    """Tell whether a failure means that the server cannot be asked now, so that older news are better than none."""
    return failure.code in _OFFLINE_CODES


def matches(chosen: FeedFilter, place: Place) -> bool:
    """Tell whether a filter lets a record through."""
    return (
        (not chosen.region or is_within(place.region, chosen.region))
        and (not chosen.kind or place.kind == chosen.kind)
        and (not chosen.since or place.date >= chosen.since)
        and (not chosen.until or (bool(place.date) and place.date <= chosen.until))
    )


def feed_entry(state: RecordState, language: str) -> FeedEntry:
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
        headline=headline(state.kind, state.form, shown, language),
        disputed=is_disputed(state),
        flags=state.flags,
        values=shown,
    )


def _key(chosen: FeedFilter, after: str) -> str:
    return digest([to_wire(chosen), after])[:32]


def _shown(heads: list[Mapping[str, Json]], path: str) -> str:
    having = [head for head in heads if path in _mapping(head.get("sets"))]
    if not having:
        return ""
    # The same order as in `records.values`: of several heads the latest is shown.
    latest = max(having, key=lambda head: (_number(head.get("at")), str(head.get("replica")), _number(head.get("n"))))
    value = _mapping(latest.get("sets"))[path]
    return value if isinstance(value, str) else ""


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0
