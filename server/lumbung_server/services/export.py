"""Give the activities of a region as an Excel file: what the feed shows for the same filter, with every answer."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from pathlib import Path

from lumbung_server.db.connections import Connection, reading
from lumbung_server.exports.activities import ActivityFile, Told
from lumbung_server.exports.raw import Names, RawRecord, stored
from lumbung_server.refusal import Refusal
from lumbung_server.repositories.exporting import exported_homes
from lumbung_server.repositories.feed import Wanted
from lumbung_server.repositories.forms import offers_of
from lumbung_server.repositories.regions import region_names
from lumbung_server.services.callers import Caller
from lumbung_server.services.exporting import note_export, together, turn, watched
from lumbung_server.services.feed import FeedQuery, wanted_by
from lumbung_server.services.reading_out import Directory, forms_of, pages
from lumbung_server.services.site import Site
from lumbung_shared.forms import FieldType, Form, field_at
from lumbung_shared.problems import Code
from lumbung_shared.times import local_date

_CHUNK = 256 * 1024
LANGUAGES = ("id", "en")


async def export_activities(site: Site, caller: Caller, query: FeedQuery, language: str) -> AsyncIterator[bytes]:
    """Return the chunks of an Excel file of the activities that match, in a language (`id` or `en`).

    It is made on the disk before the first of them: such a file has its table of contents at its end, and its first
    sheet may grow until then. Raises Refusal: forbidden (who is no coordinator), filter-malformed, server-busy.
    """
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    if language not in LANGUAGES:
        raise Refusal(Code.FILTER_MALFORMED, "language")
    chunks = _chunks(site, caller, query, language)
    return together(await anext(chunks), chunks)


async def _chunks(site: Site, caller: Caller, query: FeedQuery, language: str) -> AsyncGenerator[bytes, None]:
    folder = tempfile.TemporaryDirectory(prefix="lumbung-export-")
    try:
        async with turn(site):
            path = await _made(site, caller, query, language, Path(folder.name))
        with path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                with watched():
                    yield chunk
    finally:
        folder.cleanup()


async def _made(site: Site, caller: Caller, query: FeedQuery, language: str, folder: Path) -> Path:
    async with reading(site.engine, at_length=True) as connection:
        wanted = await wanted_by(connection, site, caller.coordinated, query)
        places = await exported_homes(connection, wanted)
        forms = await forms_of(connection, site, wanted)
        if not forms and query.kind:
            forms = await _newest(connection, site, query.kind)
    await note_export(site, caller, query, "xlsx")
    file = ActivityFile(folder, _by_kind(forms), language)
    try:
        await _fill(site, file, wanted, places)
    except BaseException:
        file.discard()
        raise
    return await asyncio.to_thread(file.finish)


async def _newest(connection: Connection, site: Site, kind: str) -> list[Form]:
    """Return the newest form of a kind of which nothing was found, so that its columns are there."""
    names = [one.name for one in (await offers_of(connection, kind))[-1:]]
    await site.forms.fetch(connection, names)
    return [site.forms.forms[name] for name in names]


def _by_kind(forms: Iterable[Form]) -> dict[str, list[Form]]:
    """Return the versions of each kind, the newest first."""
    found: dict[str, list[Form]] = {}
    for form in sorted(forms, key=lambda one: -one.version):
        found.setdefault(form.kind, []).append(form)
    return found


async def _fill(site: Site, file: ActivityFile, wanted: Wanted, places: Sequence[int]) -> None:
    directory = Directory(site)
    called: dict[str, str] = {}
    async for page in pages(site, wanted, places, directory):
        async with reading(site.engine) as connection:
            await site.forms.fetch(connection, {(one[1], one[2]) for one in page})
        told = await asyncio.to_thread(_all_told, page, site, directory.names)
        new = {code for one in told for code in _named(one)}.difference(called)
        async with reading(site.engine) as connection:
            called |= dict.fromkeys(new, "") | await region_names(connection, new)
        await asyncio.to_thread(file.add, told, {code: name for code, name in called.items() if name})


def _all_told(page: Sequence[RawRecord], site: Site, names: Names) -> list[Told]:
    return [_told(one, site, names) for one in page]


def _told(raw: RawRecord, site: Site, names: Names) -> Told:
    record, kind, form, region, author, date, at, _, disputed, _, flags, state = raw
    return Told(
        record=record,
        form=site.forms.forms[kind, form],
        author=", ".join(
            filter(None, dict.fromkeys([names.people.get(author, ""), *names.also_by(record).split("; ")]))
        ),
        organisation=names.organisation(author, date or local_date(at).isoformat()),
        region=region,
        at=at,
        disputed=bool(disputed),
        flags=tuple(json.loads(flags)),
        values=stored(state, disputed=disputed),
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
