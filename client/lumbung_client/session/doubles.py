"""The same event logged twice: pairs that may be one, what was decided of them, and deciding it.

Pairs come from what this phone holds, by the same rule as the server's, and from what the server told last: so there
are some without a network, and those beyond the phone's window with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lumbung_client.session.activities import missing
from lumbung_client.session.desk_pages import DeskPages, may_show_kept
from lumbung_client.session.drafts import REGION
from lumbung_client.session.feed import feed_entry
from lumbung_client.session.joined import JoinedActivities, Said
from lumbung_client.session.ports import Ports
from lumbung_client.session.reviews_told import coordinates
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync import queue
from lumbung_client.sync.clock import reckoned
from lumbung_shared.canonical import Json
from lumbung_shared.doubles import Double, Logged, comparing, logged_of
from lumbung_shared.forms import Purpose
from lumbung_shared.ids import uuid7
from lumbung_shared.joining import COUNTED, JOINING_KIND, OF_KIND, STANDS, VERDICT, Same, undecided
from lumbung_shared.protocol import DoublesPage, FeedEntry, Person
from lumbung_shared.shapes import MAX_TEXT

DOUBLES_PATH = "/api/v1/doubles"
_KEPT = "doubles"
_LOOKED_AT_ONCE = 100
"""So many activities are looked at between two breaks."""


@dataclass(frozen=True)
class Pair:
    """Two activities that may be one. `signs`: why (`lumbung_shared.doubles.Sign`), the strongest first."""

    one: FeedEntry
    other: FeedEntry
    signs: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, str]:
        """The two records."""
        return self.one.record, self.other.record


@dataclass(frozen=True)
class Decided:
    """What was said of two activities, however many said so. `counted` and `stands`: names and records.

    `joinings`: the records that say it; deleting all takes it back.
    """

    verdict: Same
    counted: tuple[str, str]
    stands: tuple[str, str]
    joinings: tuple[str, ...]


class Doubles:
    """Pairs of the regions that this person coordinates. `changed` is called when `busy`, `offline` or `pairs` is new.

    `close` applies the changes to a record and lets syncing know.
    """

    def __init__(
        self,
        content: Content,
        joined: JoinedActivities,
        pages: DeskPages,
        ports: Ports,
        close: Callable[[str, list[Change]], None],
        changed: Callable[[], None],
    ) -> None:
        self.busy = False
        self.failure = ""
        self.offline = False
        self._content = content
        self._joined = joined
        self._pages = pages
        self._ports = ports
        self._close = close
        self._changed = changed
        self._found: tuple[Pair, ...] = ()
        self._people: Mapping[str, Person] = {}
        self._told_to = pages.owner

    # Pairs

    @property
    def pairs(self) -> list[Pair]:
        """The pairs of which nobody said yet whether they are one, those of the newest days first."""
        if self._told_to != self._pages.owner:
            return []
        left = undecided(self._found, lambda pair: pair.ids, [one.joining for one in self._joined.said()])
        return [pair for pair in left if all(self._joined.stands(record) == record for record in pair.ids)]

    def author(self, entry: FeedEntry) -> str:
        """Return what the author of an activity is called, empty when that is not known."""
        person = self._content.person(entry.author) or self._people.get(entry.author)
        return person.name if person else ""

    def together(self, record: str) -> list[FeedEntry]:
        """Return the activities that one stands for, as far as this phone holds them, the oldest first."""
        return list(filter(None, map(self._entry, self._joined.others(record))))

    async def load(self, region: str = "") -> None:
        """Look for pairs among what this phone holds, and ask the server for the rest. `region`: there and below."""
        self.busy, self.failure, owner = True, "", self._pages.owner
        self._changed()
        try:
            here = await self._look(region)
            answer = await self._pages.ask(DoublesPage, DOUBLES_PATH, {"region": region})
        finally:
            self.busy = False
            self._changed()
        if owner != self._pages.owner:
            return
        key, told = f"{_KEPT} {region}".strip(), None
        self.offline = not isinstance(answer, DoublesPage) and may_show_kept(answer)
        if isinstance(answer, DoublesPage):
            told = answer
            records = [record for pair in told.pairs for record in (pair.one.record, pair.other.record)]
            self._pages.keep(key, told, self._now(), told.people.values(), records)
        elif self.offline:
            kept = self._pages.kept(DoublesPage, key)
            told = kept[0] if kept else None
        else:
            self.failure = answer.code
        from_server = [Pair(one.one, one.other, one.signs) for one in told.pairs] if told else []
        self._people = told.people if told else {}
        self._found, self._told_to = _together([*here, *from_server]), owner
        self._changed()

    async def _look(self, region: str) -> list[Pair]:
        logged: dict[str, Logged] = {}
        for number, one in enumerate(self._held(region)):
            if one is not None:
                logged[one.record] = one
            if number % _LOOKED_AT_ONCE == 0:
                await self._ports.pause()
        found: list[Double] = []
        for number, pairs in enumerate(comparing(logged.values())):
            found += pairs
            if number % _LOOKED_AT_ONCE == 0:
                await self._ports.pause()
        return list(filter(None, map(self._shown, found)))

    def _held(self, region: str) -> Iterator[Logged | None]:
        """Yield what pairs are looked for among; None for a record that is none of it."""
        owner, catalogue = self._content.owner, self._content.catalogue
        for record, row in list(self._content.rows(Name.RECORDS)):
            form = catalogue.form(plain.text(row.get("kind")), plain.number(row.get("form")))
            seen = plain.glance(row) if form is not None and form.purpose == Purpose.ACTIVITY else None
            if form is None or seen is None or seen.is_gone:
                yield None
                continue
            there = plain.text(seen.answers.get(REGION))
            inside = not region or there == region or there.startswith(f"{region}.")
            yield (
                logged_of(form, record, plain.text(row.get("author")), seen.answers)
                if inside and coordinates(owner, there)
                else None
            )

    def _shown(self, double: Double) -> Pair | None:
        one, other = self._entry(double.one), self._entry(double.other)
        return Pair(one, other, tuple(double.evidence.signs)) if one and other else None

    def _entry(self, record: str) -> FeedEntry | None:
        state = self._content.confirmed(record)
        if state is None:
            return None
        entry = feed_entry(state, self._content.catalogue, self._content.settings.language)
        return replace(entry, lacks=missing(self._content, state))

    # Deciding

    def join(self, pair: Pair, stands: str) -> None:
        """Say that two are one event and whose numbers count: `stands`, the record of one of them."""
        one, other = (pair.one, pair.other) if stands == pair.one.record else (pair.other, pair.one)
        self._say(counted=other, stands=one, verdict=Same.ONE)

    def keep_apart(self, pair: Pair) -> None:
        """Say that two are different events: they are proposed to nobody any more."""
        self._say(counted=pair.other, stands=pair.one, verdict=Same.DIFFERENT)

    def decided(self) -> list[Decided]:
        """Return what was said of activities of this person's regions, the newest first."""
        owner = self._content.owner
        found: dict[tuple[str, str, str], list[Said]] = {}
        for said in self._joined.said():
            one = said.joining
            if coordinates(owner, one.region):
                found.setdefault((one.verdict, one.counted, one.stands), []).append(said)
        return [
            Decided(
                Same(verdict),
                (counted, some[0].names.get(counted, "")),
                (stands, some[0].names.get(stands, "")),
                tuple(one.joining.record for one in some),
            )
            for (verdict, counted, stands), some in found.items()
        ]

    def part(self, joinings: Iterable[str]) -> None:
        """Take back what was said: the activities count for themselves again, and may be proposed once more."""
        for joining in joinings:
            if self._content.view(joining) is not None:
                self._close(joining, [*queue.deleted(self._content, joining, self._ports.clock.now())])

    def _say(self, counted: FeedEntry, stands: FeedEntry, verdict: Same) -> None:
        form = self._content.catalogue.newest(JOINING_KIND)
        if form is None or not coordinates(self._content.owner, counted.region) or counted.region != stands.region:
            return
        sets: dict[str, Json] = {
            REGION: counted.region,
            OF_KIND: counted.kind,
            VERDICT: verdict.value,
            COUNTED: {"id": counted.record, "name": counted.headline[:MAX_TEXT]},
            STANDS: {"id": stands.record, "name": stands.headline[:MAX_TEXT]},
        }
        time = self._ports.clock.now()
        joining = uuid7(reckoned(self._content.heard, time).now, self._ports.chance(10))
        intent = queue.Intent(joining, form.kind, form.version, sets, {})
        self._close(joining, [*queue.queued(self._content, intent, time)])

    def _now(self) -> int:
        return reckoned(self._content.heard, self._ports.clock.now()).now


def _together(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Return pairs once each, the first of several, those of the newest days first."""
    found: dict[frozenset[str], Pair] = {}
    for pair in pairs:
        found.setdefault(frozenset(pair.ids), pair)
    return tuple(sorted(found.values(), key=lambda pair: max(pair.one.date, pair.other.date), reverse=True))
