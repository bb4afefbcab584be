"""How long the first page of the feed takes with each filter, among few and among many records."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sqlite3
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import requests
from sqlalchemy.engine import make_url

from benchmarks.crowd import villages
from benchmarks.figures import Figure, compared, within
from benchmarks.servers import ours
from benchmarks.timing import CannotMeasure, Effort, in_turn
from lumbung_server.services.wording import stored_words
from lumbung_shared.codec import to_wire
from lumbung_shared.forms import find_form
from lumbung_shared.records import Head, RecordState
from tests.databases import Cluster, look
from tests.server.phones import BONTANG, UTARA, Phone, roster
from tests.servers import LumbungServer

FEW, MANY = 10_000, 1_000_000
RARE = 50
"""Two in so many are found by a filter that finds little: a page among few, too."""
BUDGET_MS = 300
"""Of what is bounded and not held against few: a search, and counts."""
AUTHOR, SELDOM = roster("64.74.01.1004").person.id, roster("64.74.01.1004", 1).person.id
FILTERS: Mapping[str, Mapping[str, str]] = {
    "none": {},
    "region": {"region": UTARA},
    "village": {"region": "64.74.01.1004"},
    "kind": {"kind": "other"},
    "rare kind": {"kind": "compost-training"},
    "since": {"since": "2026-06-01"},
    "until": {"until": "2024-06-01"},
    "person": {"person": SELDOM},
    "organisation": {"organisation": "org-ukur"},
    "review": {"review": "received"},
    "rare review": {"review": "returned"},
    "disputed": {"disputed": "1"},
    "lacking": {"lacking": "1"},
}
_RECORD = (
    "home id kind form region author date state digest deleted disputed flags at arrival made_at changed_at "
    "regency district listed organisation review lacking"
).split()


def run(effort: Effort) -> Iterator[Figure]:
    """Measure first pages, a search and counts on SQLite and on PostgreSQL."""
    with ExitStack() as opened:
        servers = [opened.enter_context(ours(effort.folder / name)) for name in ("few", "many")]
        yield from _measured("feed-filters", effort, servers)
    with ExitStack() as opened:
        cluster = Cluster(effort.folder / "postgresql")
        opened.callback(cluster.close)
        servers = [opened.enter_context(ours(effort.folder / f"p-{name}", cluster.fresh())) for name in ("few", "many")]
        yield from _measured("feed-filters-postgresql", effort, servers)


def _measured(name: str, effort: Effort, servers: Sequence[LumbungServer]) -> Iterator[Figure]:
    few, many = effort.times(FEW, FEW // 5), effort.times(MANY, MANY // 50)
    for server, count in zip(servers, (few, many), strict=True):
        asyncio.run(_fill(server, count))
    readers = [Reader(server) for server in servers]
    rounds = effort.times(40, 8)
    times = {
        filter_: in_turn(
            {side: reader.asking("feed", query) for side, reader in zip("fm", readers, strict=True)}, rounds
        )
        for filter_, query in FILTERS.items()
    }
    ratios = {one: statistics.median(taken["m"]) / statistics.median(taken["f"]) for one, taken in times.items()}
    worst = max(ratios, key=lambda one: ratios[one])
    told = ", ".join(f"{one} {ratio:.2f}" for one, ratio in ratios.items())
    beside = f"the same among {few} records"
    yield compared(name, "ms", times[worst]["m"], beside, times[worst]["f"], 1.5, f"{worst} is the dearest; {told}")
    bounded: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("text", "feed", {"text": "pelatihan"}),
        ("counts", "feed/counts", {}),
        ("two-counts", "feed/counts", {"kind": "other", "review": "received"}),
    )
    for what, path, query in bounded:
        taken = in_turn({"m": readers[1].asking(path, query)}, rounds)["m"]
        yield within(f"{name}-{what}", "ms", taken, BUDGET_MS, f"among {many} records")


class Reader:
    """A coordinator of the kota, on a connection that they keep."""

    def __init__(self, server: LumbungServer) -> None:
        self._server = server
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {Phone(server, roster(BONTANG).person.id).token}"

    def asking(self, path: str, query: Mapping[str, str]) -> Callable[[], None]:
        """Return what asks for something and reads the answer."""

        def ask() -> None:
            answer = self._session.get(f"{self._server.base_url}/api/v1/{path}", params=query, timeout=120)
            if answer.status_code != 200:
                raise CannotMeasure(answer.text)
            found = answer.json()
            if not found.get("entries", found.get("total")):
                raise CannotMeasure(f"{query} finds nothing")

        return ask


async def _fill(server: LumbungServer, count: int) -> None:
    with look(server.database_url) as connection:
        homes = dict(connection.execute("SELECT region, id FROM home").fetchall())
    names = ("record", "words")
    if server.database_url.startswith("sqlite"):
        await asyncio.to_thread(_fill_sqlite, server.var / "lumbung.sqlite3", count, homes)
        return
    plain = make_url(server.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    opened = await asyncpg.connect(plain)
    try:
        await opened.copy_records_to_table("record", records=_rows(count, homes), columns=_RECORD, timeout=1_200)
        await opened.copy_records_to_table("record_text", records=_texts(count), columns=names, timeout=1_200)
        # As autovacuum leaves a table that grew over months.
        await opened.execute("VACUUM ANALYZE", timeout=1_200)
    finally:
        await opened.close()


def _fill_sqlite(file: Path, count: int, homes: Mapping[str, int]) -> None:
    with contextlib.closing(sqlite3.connect(file, timeout=60)) as connection, connection:
        marks = ",".join("?" * len(_RECORD))
        connection.executemany(f"INSERT INTO record ({','.join(_RECORD)}) VALUES ({marks})", _rows(count, homes))  # noqa: S608
        connection.executemany("INSERT INTO record_text (record, words) VALUES (?, ?)", _texts(count))


def _places() -> Iterator[str]:
    """Yield villages over and over: of two in turn one of the kota, one of the whole province."""
    everywhere = villages()
    own = [code for code in everywhere if code.startswith(f"{BONTANG}.")]
    return itertools.chain.from_iterable(zip(itertools.cycle(own), itertools.cycle(everywhere), strict=False))


def _rows(count: int, homes: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    for n, region in zip(range(count), _places(), strict=False):
        rare = n % RARE < 2
        kind, day = ("compost-training" if rare else "other"), f"{2020 + n % 7}-{1 + n % 12:02}-{1 + n % 28:02}"
        home, id_, author = homes[region[:5]], _id(n), SELDOM if rare else AUTHOR
        sets = {"region": region, "date": day, "title": f"Pelatihan {n}"}
        state = RecordState(id_, kind, 1, str(home), author, (Head("0" * 16, 1, sets, 1, author),))
        yield (
            *(home, id_, kind, 1, region, author, day, json.dumps(to_wire(state)), "", False, rare, "[]", 1),
            *(n + 1, n, 0, region[:5], region[:8], True, "org-ukur" if rare else "org-lain"),
            *("returned" if rare else "received", rare),
        )


def _texts(count: int) -> Iterator[tuple[str, str]]:
    form = find_form("other", 1)
    for n, region in zip(range(count), _places(), strict=False):
        yield _id(n), stored_words({"title": f"Pelatihan {n}"}, form, region)


def _id(n: int) -> str:
    return f"{n:08x}-0000-7000-8000-{n:012x}"
