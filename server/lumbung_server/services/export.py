"""Give the activities of a region as an Excel file: what the feed shows for the same filter, with every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace

from lumbung_server.db.connections import Connection, reading
from lumbung_server.exports.activities import ActivityFile, Told
from lumbung_server.exports.workbook import TooLarge
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import joinings, organisations
from lumbung_server.repositories.feed import Place, Wanted, feed_forms, feed_page
from lumbung_server.repositories.forms import FormName, offers_of
from lumbung_server.repositories.organisations import Called
from lumbung_server.repositories.people import people
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.repositories.regions import region_names
from lumbung_server.services.audit import Actor, AuditAct, Details, note_alone
from lumbung_server.services.callers import Caller
from lumbung_server.services.feed import FeedQuery, wanted_by
from lumbung_server.services.ledger import stored_state
from lumbung_server.services.organisations import name_on
from lumbung_server.services.site import Site
from lumbung_shared.forms import FieldType, Form, field_at
from lumbung_shared.problems import Code
from lumbung_shared.protocol import MAX_OTHERS, Person
from lumbung_shared.records import values
from lumbung_shared.times import local_date

MAX_RECORDS = 10_000
"""Of one file."""
WAITING_SECONDS = 20.0
"""So long somebody waits for another's file to be finished."""
_PAGE = 500


async def export_activities(site: Site, caller: Caller, query: FeedQuery, language: str) -> bytes:
    """Return an Excel file of the activities that match, newest first, in a language (`id` or `en`).

    Raises Refusal: forbidden (who is no coordinator), filter-malformed, export-too-large, server-busy.
    """
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    if language not in ("id", "en"):
        raise Refusal(Code.FILTER_MALFORMED, "language")
    try:
        # One at a time: a long file takes a thread, a connection and the processor.
        await asyncio.wait_for(site.exports.acquire(), WAITING_SECONDS)
    except TimeoutError:
        raise Refusal(Code.SERVER_BUSY, retry_after=int(WAITING_SECONDS)) from None
    try:
        content = await _exported(site, caller, query, language)
    except TooLarge:
        raise Refusal(Code.EXPORT_TOO_LARGE) from None
    finally:
        site.exports.release()
    asked: Details = {name: value for name, value in asdict(query).items() if value and name != "region"}
    await note_alone(site, Actor(caller.person), AuditAct.EXPORT, region=query.region, details=asked)
    return content


async def _exported(site: Site, caller: Caller, query: FeedQuery, language: str) -> bytes:
    async with reading(site.engine, at_length=True) as connection:
        wanted = await wanted_by(connection, site, caller.coordinated, query)
        counts = await feed_forms(connection, wanted)
        if sum(counts.values()) > MAX_RECORDS:
            raise TooLarge
        names = await _versions(connection, counts, wanted.kind)
        await site.forms.fetch(connection, names)
        forms = {name: site.forms.forms[name] for name in names}
        file = ActivityFile(_by_kind(forms.values()), language)
        try:
            await _fill(connection, site, file, wanted)
        except BaseException:
            file.discard()
            raise
    return await asyncio.to_thread(file.content)


async def _fill(connection: Connection, site: Site, file: ActivityFile, wanted: Wanted) -> None:
    after: Place | None = None
    while page := await feed_page(connection, wanted, after, _PAGE):
        after = Place(page[-1].date, page[-1].made_at, page[-1].id)
        await _add(connection, site, file, page)


async def _versions(connection: Connection, counts: Iterable[FormName], kind: str) -> Sequence[FormName]:
    """Return the forms of what was found; of a kind of which nothing was, its newest, so that its columns are there."""
    found = tuple(counts)
    if found or not kind:
        return found
    return tuple(one.name for one in (await offers_of(connection, kind))[-1:])


def _by_kind(forms: Iterable[Form]) -> dict[str, list[Form]]:
    """Return the versions of each kind, the newest first."""
    found: dict[str, list[Form]] = {}
    for form in sorted(forms, key=lambda one: -one.version):
        found.setdefault(form.kind, []).append(form)
    return found


async def _add(connection: Connection, site: Site, file: ActivityFile, page: Sequence[StoredRecord]) -> None:
    counted = await joinings.counted_with(connection, {one.id for one in page}, MAX_OTHERS)
    authors = {one.author for one in (*page, *(other for others in counted.values() for other in others))}
    who = await people(connection, authors, local_date(site.now()).isoformat())
    called = await organisations.called(connection, authors)
    told = await asyncio.to_thread(
        lambda: [
            replace(
                _told(one, site.forms.forms[one.kind, one.form], who, called.get(one.author, ())),
                author=_authors((one, *counted.get(one.id, ())), who),
            )
            for one in page
        ]
    )
    regions = await region_names(connection, {code for one in told for code in _named(one)})
    await asyncio.to_thread(file.add, told, regions)


def _authors(one_event: Sequence[StoredRecord], who: Mapping[str, Person]) -> str:
    """Return the names of all who logged an activity, whose numbers count first."""
    return ", ".join(dict.fromkeys(who[one.author].name for one in one_event if one.author in who))


def _told(stored: StoredRecord, form: Form, who: dict[str, Person], called: Sequence[Called]) -> Told:
    state = stored_state(stored)
    author = who[stored.author].name if stored.author in who else ""
    return Told(
        record=stored.id,
        form=form,
        author=author,
        organisation=name_on(called, stored.date or local_date(stored.at).isoformat()),
        region=stored.region,
        at=stored.at,
        disputed=stored.disputed,
        flags=state.flags,
        values=values(state),
    )


def _named(told: Told) -> set[str]:
    """Return every region that an activity names."""
    asked = {told.region}
    for path, value in told.values.items():
        if isinstance(value, str) and path.rpartition("/")[2] in told.form.region_names:
            item = field_at(told.form, path)
            if item is not None and item.type == FieldType.REGION:
                asked.add(value)
    return asked
