"""Which activities this phone was told are one event, own unsent decisions included. Follows the store's changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass

from lumbung_client.session.gradual import Gradual
from lumbung_client.session.own_shelf import touched_records
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.entries import OWNER
from lumbung_client.store.local_store import LocalStore, Name, Touched
from lumbung_shared.canonical import Json
from lumbung_shared.joining import COUNTED, JOINING_KIND, STANDS, Joining, joining_of, stand_ins
from lumbung_shared.records import is_deleted, values


@dataclass(frozen=True)
class Said:
    """A joining, with what the two activities were called when it was made: id to name."""

    joining: Joining
    names: Mapping[str, str]


class JoinedActivities:
    """What joinings say, by their records, and which activity stands for which by now."""

    def __init__(self, store: LocalStore, content: Content) -> None:
        self._content = content
        self._said: dict[str, Said] = {}
        self._named: dict[str, set[str]] = {}
        self._reading = Gradual(self._begin, self._take)
        self._watchers: list[Callable[[frozenset[str]], None]] = []
        store.watch(self._follow)

    def watch(self, watcher: Callable[[frozenset[str]], None]) -> None:
        """Have `watcher` called with the activities that may stand for themselves, or not, since a change."""
        self._watchers.append(watcher)

    def said(self) -> list[Said]:
        """Return everything that was said, the newest first."""
        self._reading.finish()
        return [self._said[record] for record in sorted(self._said, reverse=True)]

    def stands(self, record: str) -> str:
        """Return the activity that stands for one: itself, unless it is counted with another."""
        return self._stand_ins(record).get(record, record)

    def others(self, record: str) -> tuple[str, ...]:
        """Return the activities that one stands for, the oldest first."""
        return tuple(sorted(one for one, stands in self._stand_ins(record).items() if stands == record))

    def name(self, record: str) -> str:
        """Return what an activity was called when somebody said something of it; empty when nobody did."""
        self._reading.finish()
        found = (self._said[joining].names.get(record, "") for joining in sorted(self._named.get(record, ())))
        return next(filter(None, found), "")

    async def warm(self, pause: Callable[[], Awaitable[None]]) -> None:
        """Look at what there is, a slice at a time."""
        await self._reading.warm(pause)

    def _stand_ins(self, record: str) -> Mapping[str, str]:
        """Return who stands for whom in the region and kind in which something was said of an activity."""
        self._reading.finish()
        mine = [self._said[joining].joining for joining in self._named.get(record, ())]
        if not mine:
            return {}
        places = {(one.region, one.kind) for one in mine}
        found: dict[str, str] = {}
        for place in sorted(places):
            here = [it.joining for it in self._said.values() if _place(it) == place]
            found |= stand_ins(here, {one for it in here for one in it.pair if self._is_there(one, place)})
        return found

    def _is_there(self, record: str, place: tuple[str, str]) -> bool:
        """Tell whether an activity lies there. What this phone does not hold is not: so of what is one something is
        always shown.
        """
        state = self._content.view(record)
        if state is None or is_deleted(state):
            return False
        return (values(state).get("region"), state.kind) == place

    def _begin(self) -> Iterator[str]:
        self._said, self._named = {}, {}
        yield from (record for record, row in self._content.rows(Name.RECORDS) if row.get("kind") == JOINING_KIND)
        yield from self._content.waiting_records()

    def _take(self, record: str) -> None:
        before = self._said.pop(record, None)
        for one in before.joining.pair if before else ():
            self._named[one].discard(record)
        row = self._content.get(Name.RECORDS, record)
        if row is not None and row.get("kind") != JOINING_KIND:
            return
        state = self._content.view(record)
        if state is None or state.kind != JOINING_KIND or is_deleted(state):
            return
        answers = values(state)
        joining = joining_of(record, answers)
        if joining is not None:
            self._said[record] = Said(joining, _names(answers))
            for one in joining.pair:
                self._named.setdefault(one, set()).add(record)

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        if not self._reading.begun:
            return
        concerned: set[str] = set()
        for item in touched:
            if item.table == Name.META and item.key == OWNER and _is_another(item):
                self._reading.begin_again()
                return
            for record in touched_records(item) if item.table != Name.DRAFTS else ():
                concerned |= self._beside(record)
                self._take(record)
                concerned |= self._beside(record)
        if concerned:
            for watcher in self._watchers:
                watcher(frozenset(concerned))

    def _beside(self, record: str) -> set[str]:
        """Return the activities that are told of where a joining, or what joinings name, lies by now."""
        told = [self._said[one] for one in {record, *self._named.get(record, ())} if one in self._said]
        places = {_place(one) for one in told}
        return {one for said in self._said.values() if _place(said) in places for one in said.joining.pair}


def _place(said: Said) -> tuple[str, str]:
    return said.joining.region, said.joining.kind


def _names(answers: Mapping[str, Json]) -> dict[str, str]:
    said = [answer for answer in (answers.get(COUNTED), answers.get(STANDS)) if isinstance(answer, Mapping)]
    return {plain.text(answer.get("id")): plain.text(answer.get("name")) for answer in said}


def _is_another(item: Touched) -> bool:
    return (item.before or {}).get("person") != (item.now or {}).get("person")
