"""Registers as a person uses them: find an entry, look at one with its history, say that two are one, take it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lumbung_client.session.activities import Activities, works_in
from lumbung_client.session.drafts import REGION
from lumbung_client.session.gallery import captioned
from lumbung_client.session.gradual import Gradual
from lumbung_client.session.holding import Held, Holding, Said
from lumbung_client.session.own_shelf import touched_records
from lumbung_client.session.ports import Ports
from lumbung_client.session.searching import (
    call_regions,
    kind_label,
    kinds_told,
    records_of,
    region_label,
    searchable,
)
from lumbung_client.session.views import (
    ActivityRow,
    ActivityState,
    EntryRow,
    EntryView,
    Joined,
    Lookalike,
    TakenPhoto,
)
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.entries import OWNER
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name, Touched
from lumbung_client.store.shelf import Shelf
from lumbung_client.sync import queue
from lumbung_client.sync.clock import reckoned
from lumbung_shared.canonical import Json
from lumbung_shared.folding import folded
from lumbung_shared.forms import Form, Purpose
from lumbung_shared.ids import uuid7
from lumbung_shared.likeness import comparing, facts_of
from lumbung_shared.records import is_deleted, is_disputed, values
from lumbung_shared.registers import ALIAS_KIND, alias_of, reference_id, references

HISTORY = 50
"""So many activities of an entry are shown at first."""
_COMPARED_AT_ONCE = 10


@dataclass(frozen=True)
class Twins:
    """Two entries that may be one, and why: `lumbung_shared.likeness.Reason`, strongest first."""

    one: EntryRow
    other: EntryRow
    reasons: tuple[str, ...]


class Registers:
    """The registers as far as this phone holds them, own unsent entries included. Follows the store's changes.

    `close` applies the changes to a record and lets syncing know.
    """

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        activities: Activities,
        ports: Ports,
        close: Callable[[str, list[Change]], None],
    ) -> None:
        self._content = content
        self._activities = activities
        self._ports = ports
        self._close = close
        self._shelf = Shelf()
        self._holding = Holding()
        self._reading = Gradual(self._begin, self._take)
        store.watch(self._follow)

    # Finding

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of the registers, in the order in which they are shown."""
        return tuple(form.kind for form in self._content.catalogue.kinds(Purpose.REGISTER))

    def form(self, kind: str) -> Form | None:
        """Return the form with which an entry of a register is begun."""
        found = self._content.catalogue.newest(kind)
        return found if found is not None and found.purpose == Purpose.REGISTER else None

    def find(self, kind: str = "", text: str = "", limit: int = 50, near: str = "") -> list[EntryRow]:
        """Return the entries of a register (all: empty) in which every word of `text` occurs, by their names.

        What was joined with another entry is found as that one. `near`: code of the region whose entries come first.
        """
        self._settle()
        labels = (kind_label(kind),) if kind else ()
        found: dict[str, None] = {}
        if near:
            found = dict.fromkeys(self._shelf.first((*labels, region_label(near)), text, limit))
        if len(found) < limit:
            found |= dict.fromkeys(self._shelf.first(labels, text, limit))
        return [self._row(record, self._holding.entries[record]) for record in list(found)[:limit]]

    def counts(self, text: str = "") -> Mapping[str, int]:
        """Return how many entries of each register contain every word of `text`; registers without any are left out."""
        self._settle()
        counted = self._shelf.tally((), text)
        kinds = {held.kind for held in self._holding.entries.values()}
        return {kind: counted[kind_label(kind)] for kind in kinds if counted[kind_label(kind)]}

    def reference(self, record: str) -> Json:
        """Return the answer that refers to an entry: its id and what it is called today. None when it is not here."""
        self._settle()
        stands = self._holding.standing(record)
        held = self._holding.entries.get(stands)
        return {"id": stands, "name": held.facts.name} if held else None

    def standing(self, record: str) -> EntryRow | None:
        """Return the entry that stands for one by now, None when this phone does not hold it."""
        self._settle()
        stands = self._holding.standing(record)
        held = self._holding.entries.get(stands)
        return self._row(stands, held) if held else None

    def joined_by(self, alias: str) -> str:
        """Return the entry with which an alias joins another, empty when there is no such alias."""
        self._settle()
        said = self._holding.said.get(alias)
        return said.alias.entry if said else ""

    # One entry

    def entry(self, record: str, limit: int = HISTORY) -> EntryView | None:
        """Return an entry opened, with at most `limit` of its activities; None when nothing is known of it."""
        self._settle()
        holding = self._holding
        held, users = holding.entries.get(record), holding.users(record)
        together = holding.together(record)
        if held is None and not users and together == {record}:
            return None
        history = self._history(users)
        names = {entry: name for said in holding.said.values() for entry, name in said.names.items()}
        return EntryView(
            record=record,
            name=held.facts.name if held else names.get(record) or self._called(record, history),
            opened=self._activities.view(record) if held else None,
            stands=self.standing(record),
            joined=tuple(self._joined(record, together, names)),
            alike=tuple(
                Lookalike(self._row(other, holding.entries[other]), why.reasons) for other, why in holding.alike(record)
            ),
            history=tuple(history[:limit]),
            uses=len(history),
            photos=tuple(self._photos(history[:limit])),
        )

    def _history(self, users: Iterable[str]) -> list[ActivityRow]:
        rows = (self._activities.row(record) for record in users)
        return sorted(filter(None, rows), key=lambda row: (row.date, row.changed_at, row.record), reverse=True)

    def _called(self, entry: str, history: Iterable[ActivityRow]) -> str:
        """Return what the latest activity that refers to an entry calls it."""
        for row in history:
            for value in self._answers(row.record).values():
                if isinstance(value, Mapping) and reference_id(value) == entry:
                    return str(value["name"])
        return ""

    def _joined(self, record: str, together: frozenset[str], names: Mapping[str, str]) -> Iterator[Joined]:
        """Yield what was said to be one with an entry, each pair once however many said so."""
        by_pair: dict[tuple[str, str], list[Said]] = {}
        for said in self._holding.aliases_among(together):
            by_pair.setdefault((said.alias.duplicate, said.alias.entry), []).append(said)
        owner = self._content.owner
        for (duplicate, entry), said_of in by_pair.items():
            shown, into = (entry, duplicate) if duplicate == record else (duplicate, entry)
            aliases = tuple(one.alias.record for one in said_of)
            regions = [str(self._answers(alias).get(REGION, "")) for alias in aliases]
            yield Joined(
                record=shown,
                name=self._name(shown, names),
                into="" if into == record else self._name(into, names),
                aliases=aliases,
                may_part=all(works_in(owner, region) for region in regions),
            )

    def _name(self, entry: str, names: Mapping[str, str]) -> str:
        held = self._holding.entries.get(entry)
        return held.facts.name if held else names.get(entry, "")

    def _photos(self, history: Iterable[ActivityRow]) -> Iterator[TakenPhoto]:
        for row in history:
            for photo, caption in captioned(self._answers(row.record)):
                yield TakenPhoto(row.record, photo, caption)

    def _answers(self, record: str) -> Mapping[str, Json]:
        state = self._content.view(record)
        return values(state) if state else {}

    # Joining

    def join(self, duplicate: str, entry: str) -> None:
        """Say that two entries are one: `duplicate` is found as `entry` from now on. `part` takes that back.

        Nothing is said when they are one already, are not both here, or the duplicate is not in this person's regions.
        """
        self._settle()
        held = self._holding.entries.get(duplicate)
        one, other, form = self.reference(duplicate), self.reference(entry), self._content.catalogue.newest(ALIAS_KIND)
        if held is None or form is None or one == other or other is None:
            return
        if not works_in(self._content.owner, held.facts.region):
            return
        sets: dict[str, Json] = {
            REGION: held.facts.region,
            "register": held.kind,
            "duplicate": {"id": duplicate, "name": held.facts.name},
            "entry": other,
        }
        time = self._ports.clock.now()
        alias = uuid7(reckoned(self._content.heard, time).now, self._ports.chance(10))
        intent = queue.Intent(alias, form.kind, form.version, sets, {})
        self._close(alias, [*queue.queued(self._content, intent, time)])

    def part(self, aliases: Iterable[str]) -> None:
        """Take back what aliases say: the entries that they joined stand for themselves again."""
        for alias in aliases:
            if self._content.view(alias) is not None:
                self._close(alias, [*queue.deleted(self._content, alias, self._ports.clock.now())])

    async def twins(self, kind: str) -> list[Twins]:
        """Return the pairs of a register's entries that may be one, the likeliest first; looks for them with breaks."""
        self._settle()
        entries = self._holding.entries
        facts = [entries[it].facts for it in self._shelf.first((kind_label(kind),), limit=len(entries))]
        pairs = []
        for number, found in enumerate(comparing(facts)):
            pairs += found
            if number % _COMPARED_AT_ONCE == 0:
                await self._ports.pause()
        pairs.sort(key=lambda pair: (-pair.likeness.points, pair.one, pair.other))
        return [
            Twins(self._row(pair.one, entries[pair.one]), self._row(pair.other, entries[pair.other]), why.reasons)
            for pair in pairs
            if (why := pair.likeness) and pair.one in entries and pair.other in entries
        ]

    # Inside

    async def warm(self) -> None:
        """Look at what there is, a slice at a time."""
        await self._reading.warm(self._ports.pause)

    def _settle(self) -> None:
        self._reading.finish()
        for entry in self._holding.joined_anew():
            self._place(entry)

    def _begin(self) -> Iterator[str]:
        self._shelf, self._holding = Shelf(), Holding()
        owner = self._content.owner
        call_regions(self._shelf, owner.regions if owner else {})
        yield from (record for record, _ in self._content.rows(Name.RECORDS))
        yield from self._content.waiting_records()

    def _take(self, record: str) -> None:
        kind, version, answers, disputed = self._looked_at(record)
        purpose = self._content.purpose(kind, version)
        alias = alias_of(record, answers) if purpose == Purpose.ALIAS else None
        self._holding.put_alias(record, Said(alias, _names_in(answers)) if alias else None)
        self._holding.put_references(record, references(answers).values() if purpose == Purpose.ACTIVITY else ())
        held = None
        catalogue = self._content.catalogue
        if purpose == Purpose.REGISTER and answers and (form := catalogue.form(kind, version)):
            words = searchable(catalogue, kind, version, answers)
            held = Held(kind, facts_of(form, record, answers), words, disputed)
        if held is not None or record in self._holding.entries:
            self._holding.put_entry(record, held)
            for entry in {record, self._holding.standing(record)}:
                self._place(entry)

    def _looked_at(self, record: str) -> tuple[str, int, Mapping[str, Json], bool]:
        """Return kind, version, answers (none when it is gone) and whether it is a bentrok, decoded only if need be."""
        row = self._content.get(Name.RECORDS, record)
        if row is not None and not self._content.entries_of(record):
            kind, version = plain.text(row.get("kind")), plain.number(row.get("form"))
            seen = plain.glance(row)
            if seen.is_clear:
                return kind, version, {} if seen.is_gone else seen.answers, False
        state = self._content.view(record)
        if state is None or is_deleted(state):
            return "", 0, {}, False
        return state.kind, state.form, values(state), is_disputed(state)

    def _place(self, record: str) -> None:
        """Put an entry where it is found; one that another stands for is found as that one."""
        held = self._holding.entries.get(record)
        if held is None or self._holding.standing(record) != record:
            self._shelf.drop(record)
            return
        entries = (self._holding.entries.get(one) for one in sorted(self._holding.together(record) - {record}))
        text = "\n".join([held.text, *(other.text for other in entries if other)])
        labels = (kind_label(held.kind), region_label(held.facts.region))
        self._shelf.put(record, (folded(held.facts.name),), labels, text)

    def _row(self, record: str, held: Held) -> EntryRow:
        state = ActivityState.DISPUTED if held.disputed else ActivityState.SENT
        if self._content.entries_of(record) and (row := self._activities.row(record)):
            state = row.state
        facts = held.facts
        return EntryRow(record, held.kind, facts.name, facts.person, facts.region, facts.rt, state)

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        if not self._reading.begun:
            return
        if kinds := kinds_told(touched):
            for record in records_of(self._content, kinds):
                self._take(record)
        for item in touched:
            if item.table == Name.META and item.key == OWNER:
                self._follow_owner(item)
            for record in touched_records(item) if item.table != Name.DRAFTS else ():
                self._take(record)

    def _follow_owner(self, item: Touched) -> None:
        owner = self._content.owner
        if owner is None or item.before is None or item.before.get("person") != (item.now or {}).get("person"):
            self._reading.begin_again()
        else:
            call_regions(self._shelf, owner.regions)


def _names_in(answers: Mapping[str, Json]) -> dict[str, str]:
    """Return what the entries of an alias were called: id to name."""
    said = [value for value in (answers.get("duplicate"), answers.get("entry")) if isinstance(value, Mapping)]
    return {reference_id(value): str(value.get("name", "")) for value in said}
