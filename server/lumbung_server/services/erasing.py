"""Erase on request: answers of a record, or who a person is. Counts, receipts and what others said stay.

Each erasure stands in the file beside the receipt key before the database commits it: so a copy from before cannot
bring back what it took. `replay` does again here whatever this database does not know of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import structlog

from lumbung_server.db.connections import Busy, Connection, reading, wait_until_alone, writing
from lumbung_server.repositories import erasures, records, regions, roster
from lumbung_server.repositories.erasures import Erased, Erasure
from lumbung_server.repositories.people import people
from lumbung_server.repositories.records import FeedRow, StoredRecord, StoredWrite
from lumbung_server.services.audit import Actor, AuditAct, note
from lumbung_server.services.blobs import BlobsFailed
from lumbung_server.services.callers import current, held_at
from lumbung_server.services.erasure_file import append_erasures, erasure_file, read_erasures
from lumbung_server.services.keeping import keep_records
from lumbung_server.services.ledger import Counters, homes_of, record_after, regions_of, without_erased
from lumbung_server.services.photos import forget_all
from lumbung_server.services.quarantine import forget_erased
from lumbung_server.services.site import Site
from lumbung_shared.erasure import general, taken_of
from lumbung_shared.forms import Form, field_at
from lumbung_shared.ids import base32
from lumbung_shared.owners import is_talk_path
from lumbung_shared.personal import NEVER, personal_paths
from lumbung_shared.photos import named_in
from lumbung_shared.protocol import ERASED_NAME
from lumbung_shared.regions import home_region
from lumbung_shared.review import JUDGEMENT, REASON

_log = structlog.get_logger("lumbung")


class Reason(StrEnum):
    """Why something is erased (UU 27/2022, Pasal 43). Stable codes."""

    REQUEST = "request"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    NOT_NEEDED = "not-needed"
    UNLAWFUL = "unlawful"


class NotErased(Exception):
    """It cannot be erased; the message is a sentence for the administrator."""


@dataclass(frozen=True)
class Order:
    """Who has something erased, why, and the number of the request, empty for none."""

    actor: Actor
    reason: Reason
    request: str = ""


@dataclass(frozen=True)
class Gone:
    """What an erasure took, or would take. `values`: how many that were stored; `again`: all of it was gone already.

    `paths`: as they are erased; `writes`: how many held one; `photos`: names of pictures that go from the store.
    """

    paths: tuple[str, ...] = ()
    values: int = 0
    writes: int = 0
    photos: tuple[str, ...] = ()
    devices: int = 0
    again: bool = False


async def erase_record(site: Site, order: Order, record: str, paths: Sequence[str], *, dry_run: bool) -> Gone:
    """Erase answers of a record: those at the paths, or without any what its form calls personal.

    Raises NotErased, Busy, OSError; BlobsFailed when it is done but for a picture, which the next sweep removes.
    """
    made = _made(site, order, Erased.RECORD, record)

    async def erase(connection: Connection) -> Gone:
        stored = (await records.records_named(connection, [record])).get(record)
        if stored is None:
            raise NotErased(f"tidak ada catatan dengan id {record}")
        before = (await erasures.paths_of(connection, [record])).get(record, frozenset())
        chosen = await _chosen(connection, site, stored, paths, before)
        one = replace(made, paths=tuple(sorted(chosen)))
        if dry_run or chosen <= before:
            writes = await records.writes_of(connection, stored.home, [record])
            return replace(_taken(one, writes.get(record, ()), ()), again=chosen <= before)
        append_erasures(erasure_file(site.settings), [one])
        gone = await _apply_to_record(connection, site, one)
        await note(connection, site, order.actor, AuditAct.ERASE_RECORD, details=_details(one))
        return gone

    if dry_run:
        async with reading(site.engine) as connection:
            return await erase(connection)
    gone = await writing(site.engine, erase)
    # What fails or is broken off here, the next sweep does.
    await forget_all(site, gone.photos)
    return gone


async def erase_person(site: Site, order: Order, person: str, *, dry_run: bool) -> Gone:
    """Erase who a person is, who has left: name, profession, number, account; their phones are let in no more.

    Where they worked and what they recorded stays, under their id. Raises NotErased, Busy, OSError.
    """
    made = _made(site, order, Erased.PERSON, person)

    async def erase(connection: Connection) -> Gone:
        if person not in await people(connection, [person], ""):
            raise NotErased(f"tidak ada orang dengan id {person}")
        held = (await roster.grants_of(connection, [person])).get(person, ())
        if current(held_at(held, site.now())) or any(one.valid_from > site.now() for one in held):
            raise NotErased(f"{person} masih punya peran; akhiri dulu perannya dengan import-roster (kolom sampai)")
        devices = len(await erasures.devices_let_in(connection, person))
        # Something may have come back since, or stand where an older version did not look.
        gone = Gone(devices=devices, again=await _is_gone(connection, site, person))
        if not dry_run and not gone.again:
            append_erasures(erasure_file(site.settings), [made])
            await _apply_to_person(connection, site, made)
            await note(connection, site, order.actor, AuditAct.ERASE_PERSON, about=person, details=_details(made))
        return gone

    if dry_run:
        async with reading(site.engine) as connection:
            return await erase(connection)
    return await writing(site.engine, erase)


async def _is_gone(connection: Connection, site: Site, person: str) -> bool:
    if not await erasures.is_person_erased(connection, person):
        return False
    return not await erasures.is_anything_left(connection, person, ERASED_NAME, site.now())


async def replay(site: Site) -> int:
    """Do again what the file tells and this database does not know of, and return how much that was.

    What the database alone knows is added to the file: another machine may have got it without. Raises Unusable, Busy,
    OSError.
    """
    file = erasure_file(site.settings)
    told = read_erasures(file)
    async with reading(site.engine) as connection:
        known = {one.id: one for one in await erasures.all_erasures(connection)}
    if lacking := [one for id_, one in known.items() if id_ not in told]:
        append_erasures(file, lacking)
    missing = [one for id_, one in told.items() if id_ not in known]
    pictures = [name for one in missing for name in (await _do_again(site, one)).photos]
    try:
        await forget_all(site, pictures)
    except (Busy, BlobsFailed):
        # The server need not wait for its pictures to start.
        _log.error("erased pictures are still there until the next sweep")
    return len(missing)


async def _do_again(site: Site, one: Erasure) -> Gone:
    async def work(connection: Connection) -> Gone:
        if one.what == Erased.PERSON:
            await _apply_to_person(connection, site, one)
            return Gone()
        return await _apply_to_record(connection, site, one)

    return await writing(site.engine, work)


def _made(site: Site, order: Order, what: Erased, subject: str) -> Erasure:
    who = order.actor
    return Erasure(
        base32(site.chance(10), 16),
        what.value,
        subject,
        site.now(),
        order.reason.value,
        person=who.person,
        account=who.account,
        request=order.request,
    )


def _details(one: Erasure) -> dict[str, str | int]:
    told = {"record": one.subject, "paths": " ".join(one.paths)} if one.what == Erased.RECORD else {}
    return {**told, "erasure": one.id, "reason": one.reason, "request": one.request}


async def _chosen(
    connection: Connection, site: Site, stored: StoredRecord, paths: Sequence[str], before: frozenset[str]
) -> frozenset[str]:
    """Return the paths to erase: those that are named, or the personal ones that hold something, or did before.

    What nobody answered can still be answered. Raises NotErased for a path that the record's form does not have.
    """
    writes = (await records.writes_of(connection, stored.home, [stored.id])).get(stored.id, [])
    names = {(stored.kind, stored.form), *((one.offered.write.kind, one.offered.write.form) for one in writes)}
    await site.forms.fetch(connection, names)
    forms = [site.forms.forms[name] for name in sorted(names) if name in site.forms.forms]
    if not paths:
        given = {path for one in writes for path, value in one.offered.write.sets.items() if value is not None}
        personal = frozenset[str]().union(*map(personal_paths, forms))
        found = personal & (before | set(map(general, given)))
        if not found:
            raise NotErased("tidak ada isian pribadi yang terisi pada catatan ini; sebutkan isiannya dengan --field")
        return found
    said = {path for one in writes for path in one.offered.write.sets}
    named: set[str] = set()
    for path in paths:
        known = _said_beside(said, path).union(*(_known(form, path) for form in forms))
        if not known or general(path) in NEVER:
            raise NotErased(f"isian {path} tidak ada pada catatan ini, atau tidak boleh dihapus (wilayah dan tanggal)")
        named |= known
    return frozenset(named)


def _said_beside(said: Collection[str], path: str) -> frozenset[str]:
    """Return what a path that a person gives means of what was said about a record, at the paths there are: a comment,
    all comments (`$talk`), or the reasons of judgements.
    """
    if path == REASON:
        return frozenset({REASON} if JUDGEMENT in said else ())
    found = (one for one in said if is_talk_path(one))
    return frozenset(one for one in found if f"{one}/".startswith(f"{path}/"))


def _known(form: Form, path: str) -> frozenset[str]:
    """Return what a path that a person gives means in a form: itself, a cell of every row, or all cells of rows."""
    if field_at(form, path) is not None:
        return frozenset({path})
    top, _, cell = path.partition("/")
    item = form.by_name.get(top)
    if item is None or not item.has_rows:
        return frozenset()
    return frozenset(f"{top}/{one.name}" for one in item.cells if one.is_answered and cell in ("", one.name))


def _taken(one: Erasure, writes: Iterable[StoredWrite], photos_gone: Iterable[str]) -> Gone:
    values = [taken_of(write.offered.write.sets, one.paths) for write in writes]
    held = [found for found in values if found]
    return Gone(one.paths, sum(map(len, held)), len(held), tuple(photos_gone))


async def _apply_to_person(connection: Connection, site: Site, one: Erasure) -> None:
    await wait_until_alone(connection)
    await erasures.empty_person(connection, one.subject, ERASED_NAME, site.now())
    await erasures.empty_log_about(connection, one.subject)
    await erasures.add(connection, one)


async def _apply_to_record(connection: Connection, site: Site, one: Erasure) -> Gone:
    """Take the values out of everything that is stored of a record, and make it news. One that is not there: later."""
    # Whatever is handed over from here on is read against this erasure.
    await wait_until_alone(connection)
    stored = (await records.records_named(connection, [one.subject])).get(one.subject)
    before = (await erasures.paths_of(connection, [one.subject])).get(one.subject, frozenset())
    await forget_erased(connection, one.subject, before.union(one.paths))
    if stored is None:
        await erasures.add(connection, one)
        return Gone(one.paths)
    homes = await regions.homes(connection)
    locked = await regions.lock_homes(connection, {stored.home, *homes_of(homes, regions_of(stored))})
    # Locked now: what came meanwhile is erased, too.
    (stored,) = (await records.records_named(connection, [one.subject])).values()
    erased = (await erasures.paths_of(connection, [one.subject])).get(one.subject, frozenset()).union(one.paths)
    writes = (await records.writes_of(connection, stored.home, [one.subject]))[one.subject]
    await site.forms.fetch(connection, {(it.offered.write.kind, it.offered.write.form) for it in writes})
    left = [without_erased(write, erased) for write in writes]
    changed = {(new.replica, new.n): new.content for new, old in zip(left, writes, strict=True) if new is not old}
    await erasures.put_content(connection, changed)
    counters = Counters(locked)
    number = counters.take(stored.home)
    made = record_after(left, stored.author, stored, site.now(), site.forms.forms, erased)
    there = homes[home_region(made.region)]
    n = number if there == made.home else counters.take(there)
    await records.put_feed(connection, [FeedRow(there, made.region, made.id, made.home, n, present=True)])
    for home, counter in counters.moved().items():
        await regions.advance_home(connection, home, counter)
    await erasures.add(connection, one, made.home, number)
    named = set(named_in([taken_of(write.offered.write.sets, erased) for write in writes]))
    named -= set(named_in(write.offered.write.sets for write in left))
    pictures = await erasures.unname_pictures(connection, made.id, named) if named else []
    await keep_records(connection, homes, [made], {stored.id: stored}, site.forms.forms)
    return _taken(one, writes, pictures)
