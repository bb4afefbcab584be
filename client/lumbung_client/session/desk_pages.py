"""What the coordinator's desk was told last: asked of the server, kept on the phone to be read without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol
from urllib.parse import urlencode

from lumbung_client.session.feed import PAGES_KEPT, is_offline
from lumbung_client.session.views import Failure
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.entries import Owner
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.sync.verdict import T
from lumbung_shared.canonical import Json
from lumbung_shared.codec import Malformed, from_wire, to_wire
from lumbung_shared.protocol import Person

_TOLD, _AS_OF, _PEOPLE, _RECORDS = "told", "as_of", "people", "records"


class Asking(Protocol):
    """Asks the server something in this person's name."""

    async def __call__(
        self, cls: type[T], method: str, path: str, message: object = None, *, status: int = 200
    ) -> T | Failure:
        """Return what the server says, or why it says nothing."""


class DeskPages:
    """One answer is kept under each address, beside the pages of the feed and by the same rules: whoever was erased, or
    what was erased of a record, takes the whole answer along.
    """

    def __init__(self, store: LocalStore, content: Content, ask: Asking) -> None:
        self._store = store
        self._content = content
        self._ask = ask

    @property
    def owner(self) -> Owner | None:
        """Whose answers these are: what one person was told is nobody else's to see."""
        return self._content.owner

    async def ask(self, cls: type[T], path: str, query: Mapping[str, str]) -> T | Failure:
        """Ask for a message. `query`: what is empty is left out."""
        filled = {name: value for name, value in query.items() if value}
        return await self._ask(cls, "GET", f"{path}?{urlencode(filled)}" if filled else path)

    def keep(
        self, key: str, told: object, now: int, people: Iterable[Person] = (), records: Iterable[str] = ()
    ) -> None:
        """Keep an answer that came at a time (ms). `people`, `records`: whom and what it tells of."""
        row: dict[str, Json] = {
            _TOLD: to_wire(told),
            _AS_OF: now,
            _PEOPLE: {one.id: to_wire(one) for one in people},
            _RECORDS: sorted(records),
        }
        known = self._content.get(Name.PAGES, key)
        if known is None or {**known, _AS_OF: now} != row:
            self._store.apply([Change(Name.PAGES, key, row), *self._beyond(key)])

    def _beyond(self, key: str) -> list[Change]:
        """Return what lets the oldest of all pages go, where another one is one too many."""
        others = [(plain.number(row.get(_AS_OF)), name) for name, row in self._content.rows(Name.PAGES) if name != key]
        gone = sorted(others)[: max(0, len(others) + 1 - PAGES_KEPT)]
        return [Change(Name.PAGES, name, None) for _, name in gone]

    def kept(self, cls: type[T], key: str) -> tuple[T, int] | None:
        """Return the last answer and when it came (ms); None when there is none, or none that can be read any more."""
        row = self._content.get(Name.PAGES, key)
        if row is None:
            return None
        try:
            return from_wire(cls, row.get(_TOLD)), plain.number(row.get(_AS_OF))
        except Malformed:
            return None


def may_show_kept(failure: Failure) -> bool:
    """Tell whether a failure means that an older answer is better than none."""
    return is_offline(failure)


@dataclass(frozen=True)
class Told(Generic[T]):
    """An answer. `as_of`: when it came, ms; `offline`: the server could not be asked now."""

    answer: T
    as_of: int
    offline: bool = False


def _of_no_record(_: object) -> Iterable[str]:
    return ()


class ToldLast(Generic[T]):
    """What a drawer shows: the server's answer, or without the server the last one to the same question.

    `cls`, `path`: what is asked for; `records`: of which records an answer tells. `changed` is called when `busy`,
    `failure` (code of why it could not be asked for) or `board` is new.
    """

    def __init__(
        self,
        cls: type[T],
        path: str,
        pages: DeskPages,
        now: Callable[[], int],
        changed: Callable[[], None],
        records: Callable[[T], Iterable[str]] = _of_no_record,
    ) -> None:
        self.busy = False
        self.failure = ""
        self._cls = cls
        self._path = path
        self._pages = pages
        self._now = now
        self._changed = changed
        self._records = records
        self._key = ""
        self._board: Told[T] | None = None
        self._asked_by = pages.owner

    @property
    def is_theirs(self) -> bool:
        """Whether the person who has the phone now is the one who asked last."""
        return self._asked_by == self._pages.owner

    @property
    def board(self) -> Told[T] | None:
        """What was told last of what was asked for last; None before anything was."""
        return self._board if self.is_theirs else None

    async def ask(self, key: str, query: Mapping[str, str]) -> None:
        """Ask the server; when it cannot be reached, show what it told last under the same key."""
        owner = self._pages.owner
        if key != self._key or not self.is_theirs:
            self._board = None
        self._key, self._asked_by = key, owner
        self.busy, self.failure = True, ""
        self._changed()
        try:
            answer = await self._pages.ask(self._cls, self._path, query)
        finally:
            self.busy = False
            self._changed()
        if key != self._key or not self.is_theirs:
            return  # the person has chosen something else meanwhile, or another one has the phone
        if not isinstance(answer, Failure):
            self._board = Told(answer, self._now())
            self._pages.keep(key, answer, self._now(), records=self._records(answer))
        elif may_show_kept(answer) and (kept := self._pages.kept(self._cls, key)) is not None:
            self._board = Told(*kept, offline=True)
        else:
            self._board, self.failure = None, answer.code
        self._changed()


class RegionTold(ToldLast[T]):
    """The same of one region, or of all that this person coordinates."""

    region = ""

    async def load(self, region: str = "") -> None:
        """Ask the server of a region, empty for all; when it cannot be reached, show what it told last."""
        self.region = region
        name = self._path.rpartition("/")[2]
        await self.ask(f"{name} {region}".strip(), {"region": region})
