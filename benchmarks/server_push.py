"""How fast batches of new activities are stored for good: against the least a server could do, and bare inserts."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figures import Figure, compared
from benchmarks.servers import BATCH, TABLES, Client, MinimalClient, minimal, ours, packed, sending, stored_rows
from benchmarks.timing import Effort, in_turn, timed
from tests.databases import Cluster
from tests.servers import LumbungServer

RAW_TARGET = 5
WRITERS = 8
APART = 100_000
"""So far apart are the numbers of the activities of different phones."""


def run(effort: Effort) -> Iterator[Figure]:
    """Measure pushes of new batches on SQLite and on PostgreSQL."""
    rounds = effort.times(30, 6)
    with ExitStack() as opened:
        server = opened.enter_context(ours(effort.folder / "ours"))
        url = opened.enter_context(minimal(effort.folder / "minimal"))
        yield from side_by_side("push", server, url, rounds, raw=effort.folder)
    with ExitStack() as opened:
        cluster = Cluster(effort.folder / "postgresql")
        opened.callback(cluster.close)
        server = opened.enter_context(ours(effort.folder / "ours-postgresql", cluster.fresh()))
        url = opened.enter_context(minimal(effort.folder / "minimal-postgresql", cluster.fresh()))
        yield from side_by_side("push-postgresql", server, url, rounds)


def side_by_side(name: str, server: LumbungServer, url: str, rounds: int, raw: Path | None = None) -> Iterator[Figure]:
    """Compare with the minimal server, and with bare inserts into SQLite when there is a folder for them."""
    client, other = Client(server, "ukur", 0), MinimalClient(url)
    batches = [client.batch() for _ in range(rounds + 2)]
    sides: dict[str, Callable[[], object]] = {
        "ours": sending(client, iter([client.body(batch) for batch in batches])),
        "minimal": sending(other, iter([packed({"writes": batch}) for batch in batches])),
    }
    with ExitStack() as opened:
        if raw:
            # One push beforehand, outside of what is measured: its rows are the pattern.
            client.send(client.body(client.batch()))
            inserts = RawInserts(server, raw / "raw.sqlite3")
            opened.callback(inserts.close)
            sides["raw"] = inserts.insert
        times = in_turn(sides, rounds, warm_up=2)
    note = f"batches of {BATCH}; ratio 2 is half as many a second"
    yield compared(name, "ms", times["ours"], "a minimal route that stores the same", times["minimal"], 2, note)
    if raw:
        bare = "bare inserts of every row our transaction writes"
        yield compared(f"{name}-raw", "ms", times["ours"], bare, times["raw"], RAW_TARGET, "stated, not promised")


class RawInserts:
    """Inserts the rows of one push again and again, under new keys, into an empty copy of the server's tables."""

    def __init__(self, server: LumbungServer, file: Path) -> None:
        pattern = f"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN {TABLES} ORDER BY type DESC"  # noqa: S608
        with sqlite3.connect(server.var / "lumbung.sqlite3") as source:
            schema = [sql for (sql,) in source.execute(pattern)]
        source.close()
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        for statement in schema:
            self._connection.execute(statement)
        self._rows = stored_rows(server)
        self._turns = itertools.count(1)

    def insert(self) -> None:
        """Insert the rows in one transaction."""
        turn = next(self._turns)
        ahead = turn * APART
        names = {row[3]: f"{turn:08}{row[3][8:]}" for row in self._rows["write"]}
        rows = {
            "write": [
                (home, replica, n + ahead, names[record], arrival + ahead, *others)
                for home, replica, n, record, arrival, *others in self._rows["write"]
            ],
            "record": [(home, names[record], *others) for home, record, *others in self._rows["record"]],
            "feed": [
                (home, region, names[record], record_home, n + ahead, present)
                for home, region, record, record_home, n, present in self._rows["feed"]
            ],
            "receipt": [(home, number + ahead, *others) for home, number, *others in self._rows["receipt"]],
        }
        self._connection.execute("BEGIN IMMEDIATE")
        for name, found in rows.items():
            marks = ",".join("?" * len(found[0]))
            self._connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', found)  # noqa: S608
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the copy."""
        self._connection.close()


def eight(effort: Effort) -> Iterator[Figure]:
    """Measure eight phones at once against one after the other."""
    batches, rounds = effort.times(4, 2), effort.times(6, 2)
    with ours(effort.folder / "ours") as server, ThreadPoolExecutor(WRITERS) as pool:
        clients = [Client(server, f"ukur-{one}", one * APART) for one in range(WRITERS)]

        def bodies(senders: list[Client]) -> list[tuple[Client, list[bytes]]]:
            each = batches * WRITERS // len(senders)
            return [(client, [client.body(client.batch()) for _ in range(each)]) for client in senders]

        def send(work: tuple[Client, list[bytes]]) -> None:
            client, made = work
            for body in made:
                client.send(body)

        at_once, alone = list[float](), list[float]()
        for _ in range(rounds):
            many, one = bodies(clients), bodies(clients[:1])
            at_once.append(timed(lambda work=many: list(pool.map(send, work))))  # type: ignore[misc]
            alone.append(timed(lambda work=one[0]: send(work)))  # type: ignore[misc]
    yield compared("push-eight", "ms", at_once, f"{batches * WRITERS} batches from one phone", alone, 1)


def replay(effort: Effort) -> Iterator[Figure]:
    """Measure a batch that is sent once more against a fresh one."""
    rounds = effort.times(30, 6)
    with ours(effort.folder / "ours") as server:
        client = Client(server, "ukur", 0)
        known = client.body(client.batch())
        client.send(known)
        fresh = iter([client.body(client.batch()) for _ in range(rounds + 2)])
        sides = {"fresh": sending(client, fresh), "again": lambda: client.send(known)}
        times = in_turn(sides, rounds, warm_up=2)
    yield compared("push-replay", "ms", times["again"], "a fresh batch", times["fresh"], 1)
