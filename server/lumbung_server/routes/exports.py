"""The API by which coordinators take out what they coordinate: each route streams what one service says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Stream

from lumbung_server.exports import csv_file, geojson, json_lines
from lumbung_server.routes.app_files import accepts_gzip
from lumbung_server.routes.feed import FEED
from lumbung_server.routes.problems import documented, language_of
from lumbung_server.services import export, exporting
from lumbung_server.services.callers import Caller
from lumbung_server.services.exporting import Wish
from lumbung_server.services.feed import FeedQuery
from lumbung_server.services.site import Site
from lumbung_server.xlsform.writing import MEDIA_TYPE as EXCEL

# Packed where it is made, in a thread, or packed already.
_AS_IT_IS = {"as_it_is": True}


@get("/export.csv", media_type=csv_file.MEDIA_TYPE, responses=documented(*FEED), opt=_AS_IT_IS)
async def export_csv(
    request: Request[Any, Any, Any],
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    asked: NamedDependency[FeedQuery],
    bom: bool = True,
) -> Stream:
    """Give the activities that match as CSV, all kinds in one table; `bom`: with the mark that Excel knows UTF-8 by."""
    wish = Wish("csv", accepts_gzip(request), bom)
    return _file(await exporting.export(site, caller, asked, wish), wish, csv_file.MEDIA_TYPE)


@get("/export.geojson", media_type=geojson.MEDIA_TYPE, responses=documented(*FEED), opt=_AS_IT_IS)
async def export_geojson(
    request: Request[Any, Any, Any],
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    asked: NamedDependency[FeedQuery],
) -> Stream:
    """Give the activities that match as GeoJSON: points where they say where they were."""
    wish = Wish("geojson", accepts_gzip(request))
    return _file(await exporting.export(site, caller, asked, wish), wish, geojson.MEDIA_TYPE)


@get("/export.jsonl", media_type=json_lines.MEDIA_TYPE, responses=documented(*FEED), opt=_AS_IT_IS)
async def export_json_lines(
    request: Request[Any, Any, Any],
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    asked: NamedDependency[FeedQuery],
) -> Stream:
    """Give the activities that match as JSON lines, each with its whole state."""
    wish = Wish("jsonl", accepts_gzip(request))
    return _file(await exporting.export(site, caller, asked, wish), wish, json_lines.MEDIA_TYPE)


@get("/export.xlsx", media_type=EXCEL, responses=documented(*FEED), opt=_AS_IT_IS)
async def export_excel(
    request: Request[Any, Any, Any],
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    asked: NamedDependency[FeedQuery],
    language: str = "",
) -> Stream:
    """Give the activities that match as an Excel file, each kind in a sheet."""
    chosen = language or language_of(request.headers.get("Accept-Language", ""))
    return download(await export.export_activities(site, caller, asked, chosen), f"lumbung-{chosen}.xlsx", EXCEL)


def _file(chunks: AsyncIterator[bytes], wish: Wish, media_type: str) -> Stream:
    headers = {"Vary": "Accept-Encoding", **({"Content-Encoding": "gzip"} if wish.packed else {})}
    return download(chunks, f"lumbung.{wish.kind}", media_type, headers)


def download(chunks: AsyncIterator[bytes], name: str, media_type: str, headers: dict[str, str] | None = None) -> Stream:
    """Return the answer that hands over a file, sent as it is made."""
    own = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Stream(chunks, media_type=media_type, headers={**own, **(headers or {})})


def export_routes() -> Sequence[Any]:
    """Return the routes that hand out files, all for members."""
    return [export_csv, export_geojson, export_json_lines, export_excel]
