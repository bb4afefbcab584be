"""How long the overview of a province takes, with what many activities left in the tallies and with what few did."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import requests

from benchmarks.figures import Figure, compared
from benchmarks.servers import ours
from benchmarks.timing import CannotMeasure, Effort, in_turn
from lumbung_server.db.connections import Connection, writing
from lumbung_server.opening import open_site
from lumbung_server.repositories import regions, tallies
from lumbung_server.services.compact import compact
from lumbung_server.services.counting import Differences
from lumbung_server.services.reference import bundled_regions
from lumbung_server.settings import settings_from
from lumbung_shared.forms import Purpose, kinds_for
from lumbung_shared.regions import Level, level
from lumbung_shared.review import ReviewState
from tests.databases import Cluster, look
from tests.server.phones import Phone, add_person
from tests.servers import LumbungServer

FEW, MANY = 10_000, 1_000_000
PROVINCE, YEAR = "64", "2026"
_PART = 50_000
_REVIEWS = (*[ReviewState.VERIFIED] * 6, *[ReviewState.RECEIVED] * 3, ReviewState.RETURNED)
_WASTE = ("plastic", "paper", "metal", "glass", "cooking-oil", "other")


def run(effort: Effort) -> Iterator[Figure]:
    """Measure the overview of a year of the whole province, on SQLite and on PostgreSQL."""
    with ExitStack() as opened:
        yield _among("overview", effort, opened, lambda: "")
    with ExitStack() as opened:
        cluster = Cluster(effort.folder / "postgresql")
        opened.callback(cluster.close)
        yield _among("overview-postgresql", effort, opened, cluster.fresh)


def _among(name: str, effort: Effort, opened: ExitStack, address: Callable[[], str]) -> Figure:
    counts = {"few": FEW, "many": effort.times(MANY, MANY // 10)}
    sides: dict[str, Callable[[], object]] = {}
    for side, count in counts.items():
        server = opened.enter_context(ours(effort.folder / f"{name}-{side}", address()))
        asyncio.run(_fill(server, count))
        sides[side] = _Asking(server, count)
    times = in_turn(sides, effort.times(60, 15), warm_up=3)
    note = f"among {counts['many']} activities: what they leave in the tallies; no record is read, and none is there"
    return compared(name, "ms", times["many"], f"the same among {FEW:,}".replace(",", "."), times["few"], 1.5, note)


class _Asking:
    """Each call asks for the overview, as a coordinator of the province."""

    def __init__(self, server: LumbungServer, count: int) -> None:
        phone = Phone(server, add_person(server, "ukur", (PROVINCE, "province-coordinator")))
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {phone.token}"
        self._url = f"{server.base_url}/api/v1/overview?since={YEAR}-01&until={YEAR}-12"
        self._count = count

    def __call__(self) -> None:
        answer = self._session.get(self._url, timeout=60)
        if answer.status_code != 200 or answer.json()["numbers"]["activities"] != self._count:
            raise CannotMeasure(answer.text[:300])


async def _fill(server: LumbungServer, count: int) -> None:
    """Leave in the tallies what so many activities of all villages, kinds and months of a year do."""
    site = open_site(settings_from({"LUMBUNG_VAR": str(server.var), "LUMBUNG_DATABASE_URL": server.database_url}))
    chance = random.Random(count)
    made = _contributions(chance)

    async def add(more: int, connection: Connection) -> None:
        differences = Differences(await regions.homes(connection))
        for _ in range(more):
            differences.change("", next(made))
        await tallies.add(connection, differences.changed())

    try:
        for left in range(count, 0, -_PART):
            await writing(site.engine, partial(add, min(_PART, left)))
    finally:
        await site.engine.dispose()
    if server.database_url.startswith("postgresql"):
        with look(server.database_url, alone=True) as connection:
            # What a running database does by itself after a while.
            connection.execute("VACUUM ANALYZE tally")


def _contributions(chance: random.Random) -> Iterator[str]:
    villages = [one.code for one in bundled_regions() if level(one.code) is Level.VILLAGE]
    kinds = list(kinds_for(Purpose.ACTIVITY))
    while True:
        kind = chance.choice(kinds)
        numbers = {
            "activities": 1,
            "participants-l": chance.randrange(1, 30),
            "participants-p": chance.randrange(1, 60),
        }
        if kind == "waste-bank-training":
            numbers |= {f"waste-{waste}": chance.randrange(1, 10**6) for waste in chance.sample(_WASTE, 3)}
        month = f"{YEAR}-{chance.randrange(1, 13):02}"
        yield compact([chance.choice(villages), kind, month, chance.choice(_REVIEWS), numbers]).decode()
