"""Answer how much was done in the regions a person may see: sums of tallies, so that it costs what regions and months
cost, however many activities there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lumbung_server.db.connections import reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import tallies
from lumbung_server.repositories.regions import subtree_names
from lumbung_server.repositories.tallies import Span, Sum
from lumbung_server.services.callers import Caller
from lumbung_server.services.feed import FeedQuery, wanted_by
from lumbung_server.services.site import Site
from lumbung_shared.measures import ACTIVITIES
from lumbung_shared.overview import Overview, OverviewPart, is_month
from lumbung_shared.problems import Code
from lumbung_shared.protocol import RegionCount
from lumbung_shared.regions import Level, level, parent
from lumbung_shared.review import ReviewState


@dataclass(frozen=True)
class OverviewQuery:
    """What is asked: empty text means all. `since` and `until`: months (`YYYY-MM`), inclusive."""

    region: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""


async def read_overview(site: Site, caller: Caller, query: OverviewQuery) -> Overview:
    """Return the numbers of the asked region, or of the caller's own. Raises Refusal: filter-malformed, forbidden."""
    for name, month in (("since", query.since), ("until", query.until)):
        if month and not is_month(month):
            raise Refusal(Code.FILTER_MALFORMED, name)
    span = Span(query.kind, query.since, query.until)
    async with reading(site.engine, at_length=True) as connection:
        wanted = await wanted_by(connection, site, caller.regions, FeedQuery(query.region, query.kind))
        roots = wanted.regions
        names = await subtree_names(connection, roots)
        parts = _below(names, roots) if len(roots) == 1 else list(roots)
        finer = _below(names, parts)
        summed = _summed(names, roots)
        months = await tallies.sums_by_month(connection, summed, span)
        kinds = await tallies.sums_by_kind(connection, summed, span)
        regions = await tallies.sums_by_region(connection, _summed(names, parts), span)
        reached = await tallies.sums_by_region(connection, finer, span, ACTIVITIES)
    of_region = _by_region(regions, parts)
    return Overview(
        numbers=_numbers(months),
        verified=_numbers(months, verified=True),
        regions=tuple(_part(code, of_region[code], names[code]) for code in parts),
        months=tuple(_part(month, found) for month, found in _grouped(months).items()),
        kinds=tuple(_part(kind, found) for kind, found in _grouped(kinds).items()),
        reviews=_reviews(months),
        coverage=_coverage(finer, names, reached),
    )


def _below(names: Mapping[str, str], regions: Collection[str]) -> list[str]:
    """Return the regions one level below some, in the order of their codes."""
    above = set(regions)
    return [code for code in names if parent(code) in above]


def _summed(names: Mapping[str, str], regions: Collection[str]) -> list[str]:
    """Return the regions whose tallies make up those of some: a province's are its own and those of all below it."""
    provinces = [code for code in regions if level(code) is Level.PROVINCE]
    return [*regions, *_below(names, provinces)]


def _by_region(sums: Iterable[Sum], parts: Collection[str]) -> dict[str, list[Sum]]:
    """Return the sums of each part: its own, and those below a province."""
    found: dict[str, list[Sum]] = {code: [] for code in parts}
    for one in sums:
        found[one.key if one.key in found else parent(one.key)].append(one)
    return found


def _grouped(sums: Iterable[Sum]) -> dict[str, list[Sum]]:
    found: dict[str, list[Sum]] = {}
    for one in sums:
        found.setdefault(one.key, []).append(one)
    return found


def _part(key: str, sums: Collection[Sum], name: str = "") -> OverviewPart:
    return OverviewPart(key, name, _numbers(sums), _numbers(sums, verified=True))


def _numbers(sums: Iterable[Sum], *, verified: bool = False) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in sums:
        if not verified or one.review == ReviewState.VERIFIED:
            found[one.measure] = found.get(one.measure, 0) + one.number
    return found


def _reviews(sums: Iterable[Sum]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in sums:
        if one.measure == ACTIVITIES:
            found[one.review] = found.get(one.review, 0) + one.number
    return found


def _coverage(regions: Iterable[str], names: Mapping[str, str], sums: Iterable[Sum]) -> tuple[RegionCount, ...]:
    found = {key: sum(one.number for one in group) for key, group in _grouped(sums).items()}
    return tuple(RegionCount(code, names[code], found.get(code, 0)) for code in regions)
