"""How much of the database a first pull reads: its own region's rows, whatever the neighbours hold."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Connection as PlainConnection

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.db.tables import feed, home, record
from lumbung_server.repositories.changes import Stretch, changes_in
from lumbung_server.services.site import Site
from lumbung_shared.ids import uuid7
from tests.server.sites import NOW, add_caller, caller, fresh_site

DISTRICTS, VILLAGES, EACH = 6, 5, 60
VILLAGE, DISTRICT, CITY = "64.74.02.1003", "64.74.02", "64.74"
PAGE = 1_000


async def fill(site: Site) -> int:
    """Store as many records in each of many villages of one home, and return the home."""
    await add_caller(site, caller("p", (CITY,)))

    async def add(connection: Connection) -> int:
        found = await connection.execute(home.select().where(home.c.region == CITY))
        one = int(found.one().id)
        rows = [
            (f"{CITY}.{1 + n % DISTRICTS:02}.{1001 + n // DISTRICTS % VILLAGES}", uuid7(NOW + n, b"lumbung-01"), n + 1)
            for n in range(DISTRICTS * VILLAGES * EACH)
        ]
        await connection.execute(record.insert(), [_record(one, *row) for row in rows])
        shared = {"home": one, "record_home": one, "present": True}
        await connection.execute(
            feed.insert(), [{**shared, "region": region, "record": name, "n": n} for region, name, n in rows]
        )
        return one

    one = await writing(site.engine, add)
    # As in a database that has been running for a while: PostgreSQL's autovacuum comes when it likes.
    async with site.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(text("ANALYZE" if site.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    return one


def _record(one: int, region: str, name: str, n: int) -> dict[str, Any]:
    texts = dict.fromkeys(("kind", "date", "state", "digest", "flags"), "")
    numbers = dict.fromkeys(("form", "at", "made_at"), 0)
    keys = {"home": one, "id": name, "region": region, "author": "p", "arrival": n, "changed_at": NOW}
    return {**texts, **numbers, **keys, "deleted": False, "disputed": False}


async def explained(site: Site, one: int, region: str) -> tuple[int, list[str], list[Any]]:
    """Return how many changes a first pull finds, and how the database went about it."""
    asked: list[tuple[str, Any]] = []

    def note(_: PlainConnection, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        asked.append((statement, parameters))

    stretch = Stretch(one, 0, 10**6, PAGE, "2026-01-01", 0)
    async with reading(site.engine) as connection:
        event.listen(site.engine.sync_engine, "before_cursor_execute", note)
        found = await changes_in(connection, region, "p", stretch)
        event.remove(site.engine.sync_engine, "before_cursor_execute", note)
        ((statement, parameters),) = asked
        how = "EXPLAIN QUERY PLAN " if site.engine.dialect.name == "sqlite" else "EXPLAIN (ANALYZE, FORMAT JSON) "
        plan = (await connection.exec_driver_sql(how + statement, parameters)).all()
    return len(found), [str(row[-1]) for row in plan], [row[-1] for row in plan]


def nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def rows_read_of_feed(plan: Any) -> int:
    """How many rows of the feed PostgreSQL looked at."""
    tree = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return sum(
        int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in nodes(tree)
        if node.get("Relation Name") == "feed"
    )


@pytest.mark.parametrize(("region", "villages"), [(VILLAGE, 1), (DISTRICT, VILLAGES)])
def test_a_first_pull_of_one_region_reads_that_region_and_no_other(
    tmp_path: Path, addressed: Callable[[Path], str], region: str, villages: int
) -> None:
    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            found, lines, plan = await explained(site, await fill(site), region)
            assert found == villages * EACH
            if site.engine.dialect.name == "postgresql":
                assert rows_read_of_feed(plan[0]) == found, plan[0]
            else:
                (line,) = [line for line in lines if " feed " in line]
                assert "USING INDEX" in line
                assert "(home=? AND region" in line

    asyncio.run(run())
