"""Make the monthly report of a region: numbers from the overview, the list and the photos from the records."""

from __future__ import annotations

import asyncio
import calendar
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import structlog

from lumbung_server.db.connections import Connection, reading
from lumbung_server.exports.raw import Names, RawRecord, stored
from lumbung_server.refusal import Refusal
from lumbung_server.reporting import setting, sheets
from lumbung_server.reporting.model import MAX_ACTIVITIES, MAX_PICTURES, Line, Part, Picture, Report, Signer
from lumbung_server.reporting.words import office, region_title
from lumbung_server.repositories.exporting import exported_homes
from lumbung_server.repositories.forms import offers_of
from lumbung_server.repositories.people import people
from lumbung_server.repositories.regions import region_names
from lumbung_server.services.blobs import BlobsFailed
from lumbung_server.services.callers import Caller
from lumbung_server.services.exporting import note_export
from lumbung_server.services.feed import FeedQuery, wanted_by
from lumbung_server.services.overview import OverviewQuery, read_overview
from lumbung_server.services.pictures import NoPicture, look_at
from lumbung_server.services.reading_out import Directory, pages
from lumbung_server.services.site import Site
from lumbung_shared.canonical import Json
from lumbung_shared.forms import FieldType, Form, rows
from lumbung_shared.measures import ACTIVITIES, measured
from lumbung_shared.overview import Overview, is_month
from lumbung_shared.problems import Code
from lumbung_shared.regions import Level, cut, lineage
from lumbung_shared.review import ReviewState
from lumbung_shared.times import local_date

SECONDS = 60.0
"""A report that takes longer is given up, and so long somebody waits for another's."""
_LANGUAGE = "id"
_LOOKED_THROUGH = 10 * MAX_PICTURES
"""Activities whose pictures are looked for."""
_Setting: TypeAlias = Callable[[Report, Path], bytes]
"""Makes a file of a report, in a folder that is its own."""


@dataclass(frozen=True)
class ReportQuery:
    """Which report: of which region (empty: the caller's own, if it is one) and month (`YYYY-MM`)."""

    region: str = ""
    month: str = ""


@dataclass(frozen=True)
class _Kept:
    """What of the activities the report shows: lines, and the names of an activity's pictures with their caption."""

    lines: list[Line]
    pictures: list[tuple[Sequence[str], str]]


async def report_pdf(site: Site, caller: Caller, query: ReportQuery) -> bytes:
    """Return the report as PDF. Raises Refusal: forbidden (who is no coordinator), filter-malformed, server-busy."""
    return await _made(site, caller, query, "report.pdf", setting.pdf)


async def report_workbook(site: Site, caller: Caller, query: ReportQuery) -> bytes:
    """Return the report as an Excel file. Raises Refusal as `report_pdf`."""
    return await _made(site, caller, query, "report.xlsx", sheets.workbook)


async def _made(site: Site, caller: Caller, query: ReportQuery, kind: str, setting_of: _Setting) -> bytes:
    region = _region(caller, query)
    if not is_month(query.month):
        raise Refusal(Code.FILTER_MALFORMED, "month")
    days = _days(region, query.month)
    try:
        await asyncio.wait_for(site.reports.acquire(), SECONDS)
    except TimeoutError:
        raise Refusal(Code.SERVER_BUSY, retry_after=int(SECONDS)) from None
    # One at a time, until its thread is done: what takes too long cannot be ended.
    work = asyncio.ensure_future(_worked_out(site, caller, days, kind, setting_of, query.month))
    work.add_done_callback(partial(_released, site))
    done, _ = await asyncio.wait([work], timeout=SECONDS)
    if not done:
        structlog.get_logger().error("a report took too long", region=region, month=query.month)
        raise Refusal(Code.SERVER_BUSY, retry_after=int(SECONDS))
    return work.result()


def _released(site: Site, work: asyncio.Future[bytes]) -> None:
    site.reports.release()
    if not work.cancelled():
        work.exception()  # nobody may be left to ask


def _region(caller: Caller, query: ReportQuery) -> str:
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    if not query.region and len(caller.coordinated) > 1:
        raise Refusal(Code.FILTER_MALFORMED, "region")
    return query.region or caller.coordinated[0]


def _days(region: str, month: str) -> FeedQuery:
    """Return what the report lists: activities of the month that are verified."""
    year, number = int(month[:4]), int(month[5:])
    last = calendar.monthrange(year, number)[1]
    return FeedQuery(region, since=f"{month}-01", until=f"{month}-{last}", review=ReviewState.VERIFIED)


async def _worked_out(
    site: Site, caller: Caller, days: FeedQuery, kind: str, setting_of: _Setting, month: str
) -> bytes:
    async with reading(site.engine, at_length=True) as connection:
        wanted = await wanted_by(connection, site, caller.coordinated, days)
        homes = await exported_homes(connection, wanted)
        names = await region_names(connection, lineage(days.region))
        signer, organisation = await _signed(connection, site, caller, days.region, names)
    overview = await read_overview(site, caller, OverviewQuery(days.region, since=month, until=month))
    await note_export(site, caller, days, kind)
    kept = _Kept([], [])
    directory = Directory(site)
    async for page in pages(site, wanted, homes, directory):
        async with reading(site.engine) as connection:
            await site.forms.fetch(connection, {(one[1], one[2]) for one in page})
        _keep(kept, page, site.forms.forms, directory.names)
        if len(kept.lines) >= MAX_ACTIVITIES:
            break
    report = Report(
        organisation=organisation,
        region=region_title(days.region, names[days.region]),
        above=", ".join(region_title(code, names[code]) for code in reversed(lineage(days.region)[:-1])),
        month=month,
        numbers=overview.verified,
        open={state: number for state, number in overview.reviews.items() if state != ReviewState.VERIFIED},
        kinds=await _kinds(site, overview),
        regions=tuple(Part(one.name, one.verified) for one in overview.regions if one.verified.get(ACTIVITIES)),
        lines=tuple(sorted(kept.lines, key=lambda one: (one.date, one.kind, one.title))),
        pictures=tuple([one async for one in _pictures(site, kept.pictures)]),
        signer=signer,
    )
    return await asyncio.to_thread(_set, setting_of, report)


def _set(setting_of: _Setting, report: Report) -> bytes:
    with tempfile.TemporaryDirectory(prefix="lumbung-report-") as folder:
        return setting_of(report, Path(folder))


async def _signed(
    connection: Connection, site: Site, caller: Caller, region: str, names: Mapping[str, str]
) -> tuple[Signer, str]:
    """Return who signs, and the organisation that stands at the head: theirs."""
    day = local_date(site.now()).isoformat()
    who = (await people(connection, [caller.person], day)).get(caller.person)
    place = names.get(cut(region, Level.REGENCY)) or names[region]
    town = place.removeprefix("Kota ").removeprefix("Kabupaten ")
    signer = Signer(who.name if who else "", office(region, names[region]), town, day)
    return signer, (who.organisation if who else "") or region_title(region, names[region])


async def _kinds(site: Site, overview: Overview) -> tuple[Part, ...]:
    there = [part for part in overview.kinds if part.verified.get(ACTIVITIES)]
    async with reading(site.engine) as connection:
        titles = await kind_titles(connection, site, [part.key for part in there])
    named = [Part(titles.get(part.key, part.key), part.verified) for part in there]
    return tuple(sorted(named, key=_most_first))


def _most_first(part: Part) -> tuple[int, str]:
    return -part.numbers.get(ACTIVITIES, 0), part.name


async def kind_titles(connection: Connection, site: Site, kinds: Sequence[str]) -> dict[str, str]:
    """Return kind to what its newest form calls it."""
    found: dict[str, str] = {}
    for kind in kinds:
        newest = [one.name for one in (await offers_of(connection, kind))[-1:]]
        await site.forms.fetch(connection, newest)
        found |= {name[0]: site.forms.forms[name].title.within(_LANGUAGE) for name in newest}
    return found


def _keep(kept: _Kept, page: Sequence[RawRecord], forms: Mapping[tuple[str, int], Form], names: Names) -> None:
    for record, kind, version, region, author, date, _, _, disputed, _, _, state in page:
        form = forms[kind, version]
        shown = stored(state, disputed=disputed)
        counts = measured(kind, shown)
        people_ = "; ".join(filter(None, (names.people.get(author), names.also_by(record))))
        title = _headline(shown.get(form.headline)) or form.title.within(_LANGUAGE)
        line = Line(
            *(date, form.title.within(_LANGUAGE), title, names.regions.get(region) or region, people_),
            men=counts.get("participants-l", 0),
            women=counts.get("participants-p", 0),
        )
        kept.lines.append(line)
        if len(kept.pictures) < _LOOKED_THROUGH and (names_there := _photos(form, shown)):
            kept.pictures.append((names_there, f"{title}, {line.region}"))


def _headline(said: Json) -> str:
    text = said.get("name") if isinstance(said, Mapping) else said
    return text if isinstance(text, str) else ""


def _photos(form: Form, shown: Mapping[str, Json]) -> list[str]:
    """Return the names of the small copies of an activity's photos, in their order."""
    found: list[str] = []
    for item in form.questions:
        if item.type == FieldType.PHOTOS:
            for row in rows(item.name, shown).values():
                photo = row.get("photo")
                small = photo.get("thumbnail") if isinstance(photo, Mapping) else None
                name = small.get("sha256") if isinstance(small, Mapping) else None
                found += [name] if isinstance(name, str) else []
    return found


async def _pictures(site: Site, named: Sequence[tuple[Sequence[str], str]]) -> AsyncIterator[Picture]:
    """Yield pictures that arrived, one of each activity, as many as there is room for."""
    found = 0
    for names, caption in named:
        for name in names:
            content = await _sound(site, name)
            if content is not None:
                yield Picture(content, caption)
                found += 1
                break
        if found == MAX_PICTURES:
            return


async def _sound(site: Site, name: str) -> bytes | None:
    """Return a picture, None when it is not there or is none: a report without a picture is better than no report."""
    try:
        content = await site.blobs.get(name)
        if content is not None:
            await asyncio.to_thread(look_at, content)
    except (BlobsFailed, NoPicture):
        structlog.get_logger().warning("a picture is left out of a report", picture=name)
        return None
    return content
