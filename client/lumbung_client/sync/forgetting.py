"""What a phone lets go of when it is told of an erasure: in every table, also in what an answer just put there. Pure.

Then both slots are made anew (`FORGETTING`), so that no file holds it any longer; pictures' own files go at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.entries import FORGETTING, REPLICA, Draft, Entry, Sent, drop, put, put_draft
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name, Row
from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire
from lumbung_shared.erasure import blanked, left_of, new_salt, taken_of
from lumbung_shared.forms import Form
from lumbung_shared.owners import is_beside
from lumbung_shared.personal import is_personal
from lumbung_shared.photos import named_in
from lumbung_shared.protocol import ERASED_NAME, FeedEntry, Person
from lumbung_shared.records import RecordState

_OF_WRITES = (Name.OUTBOX, Name.BROUGHT, Name.SENT)
_NAMING = (*_OF_WRITES, Name.DRAFTS, Name.RECORDS, Name.PAGES)
_OF_PICTURES = (Name.PICTURES, Name.COPIES)


def forgotten(content: Content, changes: Iterable[Change], told: Iterable[RecordState]) -> Iterator[Change]:
    """Yield what takes out of the store, as it is after some changes, whatever the told states say was erased."""
    erased = {state.record: frozenset(state.erased) for state in told if state.erased}
    made = {(change.table, change.key): change.value for change in changes}
    for state in filter(None, (content.confirmed(one) for one in _written(made))):
        # Told before; a file that was taken in since, or a write of before, brings it again.
        if state.erased:
            erased.setdefault(state.record, frozenset(state.erased))
    if not erased:
        return
    found = [*_writes(content, made, erased), *_drafts(content, made, erased), *_pages(content, erased)]
    yield from (change for change, _ in found)
    if found or any(True for one in erased for _ in _shown(content, one, erased[one])):
        yield Change(Name.META, FORGETTING, {})
    after = {**made, **{(change.table, change.key): change.value for change, _ in found}}
    values: list[object] = [value for _, gone in found for value in gone]
    values += [value for one in erased for value in _shown(content, one, erased[one])]
    names = set(named_in(values))
    if names:
        for table in _NAMING:
            names.difference_update(named_in(row for _, row in _rows(content, table, after)))
        yield from (drop(table, name) for table in _OF_PICTURES for name in sorted(names) if content.get(table, name))


def _written(made: Mapping[tuple[str, str], Row | None]) -> set[str]:
    """Return the records of the writes that changes put anywhere."""
    rows = (row for (table, _), row in made.items() if table in _OF_WRITES and row is not None)
    return {str(write["record"]) for row in rows if isinstance(write := row.get("write"), Mapping)}


def _rows(content: Content, table: str, made: Mapping[tuple[str, str], Row | None]) -> Iterator[tuple[str, Row]]:
    """Yield the rows of a table as they are after the changes."""
    for key, row in content.rows(table):
        if (table, key) not in made:
            yield key, row
    for (changed, key), now in made.items():
        if changed == table and now is not None:
            yield key, now


def _writes(
    content: Content, made: Mapping[tuple[str, str], Row | None], erased: Mapping[str, Collection[str]]
) -> Iterator[tuple[Change, list[Json]]]:
    own = str((made.get((Name.META, REPLICA)) or content.get(Name.META, REPLICA) or {}).get("id", ""))
    for table in _OF_WRITES:
        for key, row in list(_rows(content, table, made)):
            write = row["write"]
            if not isinstance(write, Mapping) or write.get("record") not in erased:
                continue
            kept: Sent | Entry = from_wire(Sent, row) if table == Name.SENT else from_wire(Entry, row)
            paths = erased[kept.write.record]
            left = blanked(kept.replica or own, kept.write, paths)
            if left is not kept.write:
                yield put(table, key, replace(kept, write=left)), taken_of(kept.write.sets, paths)


def _drafts(
    content: Content, made: Mapping[tuple[str, str], Row | None], erased: Mapping[str, Collection[str]]
) -> Iterator[tuple[Change, list[Json]]]:
    for key, row in list(_rows(content, Name.DRAFTS, made)):
        if key not in erased:
            continue
        draft, paths = from_wire(Draft, row), erased[key]
        gone, before = taken_of(draft.answers, paths), taken_of(draft.before, paths)
        if gone or before:
            answers, seen = left_of(draft.answers, paths), left_of(draft.before, paths)
            yield put_draft(replace(draft, answers=answers, before=seen)), [*gone, *before]


def _pages(content: Content, erased: Mapping[str, Collection[str]]) -> Iterator[tuple[Change, list[Json]]]:
    """Yield the opened pages that still show something erased, to be dropped whole: they are asked anew.

    What the coordinator's desk keeps says of which records it tells; that is enough to drop it.
    """
    for key, row in content.rows(Name.PAGES):
        if any(record in erased for record in plain.items(row.get("records"))):
            yield drop(Name.PAGES, key), []
            continue
        wires = (wire for wire in plain.items(row.get("entries")) if isinstance(wire, Mapping))
        entries = (from_wire(FeedEntry, wire) for wire in wires if wire.get("record") in erased)
        gone = [value for entry in entries for value in _told(entry, erased[entry.record])]
        if gone:
            yield drop(Name.PAGES, key), gone


def _told(entry: FeedEntry, erased: Collection[str]) -> Iterator[Json]:
    """Yield what an entry of a page tells of erased paths; its headline is one of its values."""
    yield from taken_of(entry.values, erased)
    yield from _held(entry.state, erased)


def _shown(content: Content, record: str, erased: Collection[str]) -> Iterator[Json]:
    """Yield what stood at erased paths of a record as the phone knew it."""
    return _held(content.confirmed(record), erased)


def _held(state: RecordState | None, erased: Collection[str]) -> Iterator[Json]:
    held = [*(one.sets for one in state.heads), *(one.sets for one in state.removed)] if state else []
    yield from (value for sets in held for value in taken_of(sets, erased))


def unnamed(content: Content, person: Person) -> Iterator[Change]:
    """Yield what, beside the row that comes anew, takes the name of a person out of the store who was erased."""
    if person.name != ERASED_NAME:
        return
    stored = content.get(Name.PEOPLE, person.id)
    pages = [key for key, row in content.rows(Name.PAGES) if _name_in(row.get("people"), person.id)]
    yield from (drop(Name.PAGES, key) for key in pages)
    if pages or (stored is not None and stored.get("name") != ERASED_NAME):
        yield Change(Name.META, FORGETTING, {})


def _name_in(people: Json, person: str) -> str:
    """Return what a page calls a person; empty when it does not name them, or knows that they were erased."""
    row = people.get(person) if isinstance(people, Mapping) else None
    name = plain.text(row.get("name")) if isinstance(row, Mapping) else ""
    return "" if name == ERASED_NAME else name


def salted(content: Content, changes: Iterable[Change], chance: Callable[[], bytes]) -> Iterator[Change]:
    """Yield changes, those that put a new write with personal answers into the outbox with a salt in it.

    `chance`: returns `erasure.SALT_BYTES` random bytes.
    """
    for change in changes:
        if change.table == Name.OUTBOX and change.value is not None:
            entry = from_wire(Entry, change.value)
            write = entry.write
            form = content.catalogue.form(write.kind, write.form)
            named = (path for path, value in write.sets.items() if value is not None)
            if not entry.offered and not write.salt and form and any(_is_salted(form, path) for path in named):
                yield put(change.table, change.key, replace(entry, write=replace(write, salt=new_salt(chance()))))
                continue
        yield change


def _is_salted(form: Form, path: str) -> bool:
    """Tell whether what stands at a path may be erased one day; what people say freely may hold anything."""
    return is_personal(form, path) or is_beside(path)
