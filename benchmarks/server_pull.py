"""How long it takes to fetch what is new for a village, with few and with many records beside it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figures import Figure, compared
from benchmarks.servers import VILLAGES, Client, ours
from benchmarks.timing import CannotMeasure, Effort, in_turn
from tests.databases import look
from tests.server.phones import roster

NEWS = 20
FEW, MANY = 10_000, 1_000_000
CITY = "64.74"

_FILL = """
WITH RECURSIVE each(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM each WHERE n < :count)
INSERT INTO record (home, id, kind, form, region, author, date, state, digest, deleted, disputed, flags, at, arrival,
                    made_at, changed_at)
SELECT :home, printf('%08x-0000-7000-8000-%012x', n, n), 'other', 1, code, :author, '2020-01-01', printf('%0700d', n),
       '', 0, 0, '[]', 0, n, 0, 0 FROM each JOIN village ON place = n % (SELECT count(*) FROM village);

INSERT INTO write (home, replica, n, record, arrival, person, digest, content, at, flags, receipt)
SELECT home, '0000000000000000', arrival, id, arrival, author, '', state, 0, '[]', 1 FROM record WHERE home = :home;

INSERT INTO feed (home, region, record, record_home, n, present)
SELECT home, region, id, home, arrival, 1 FROM record WHERE home = :home;

UPDATE home SET n = :count WHERE id = :home;
"""


def run(effort: Effort) -> Iterator[Figure]:
    """Measure the pull of 20 new activities among many records against few."""
    counts = {"few": FEW, "many": effort.times(MANY, MANY // 10)}
    with ExitStack() as opened:
        sides = dict[str, Callable[[], object]]()
        for name, count in counts.items():
            server = opened.enter_context(ours(held(effort.folder.parent, count)))
            stamp = f"{name}-{time.time_ns()}"
            with look(server.database_url) as connection:
                (brought,) = connection.execute("SELECT n - ? FROM home WHERE region = ?", (count, CITY)).fetchone()
            writer = Client(server, f"tulis-{stamp}", brought, region=VILLAGES[0])
            reader = Client(server, f"baca-{stamp}", brought, region=VILLAGES[0])
            reader.catch_up()
            sides[name] = Pulls(writer, reader)
        rounds = effort.times(60, 15)
        in_turn(sides, rounds, warm_up=2)
        taken = {name: side.taken[2:] for name, side in sides.items() if isinstance(side, Pulls)}
    note = f"the same among {FEW:,} records".replace(",", ".")
    yield compared("pull", "ms", taken["many"], note, taken["few"], 1.3, f"among {counts['many']} records")


class Pulls:
    """Each call lets somebody bring news, and times how long the other takes to fetch them."""

    def __init__(self, writer: Client, reader: Client) -> None:
        self._writer, self._reader = writer, reader
        self.taken = list[float]()

    def __call__(self) -> None:
        self._writer.send(self._writer.body(self._writer.batch(NEWS)))
        body = self._reader.body([])
        begun = time.perf_counter_ns()
        reply = self._reader.send(body)
        self.taken.append((time.perf_counter_ns() - begun) / 1e6)
        came = len(reply["page"].get("records", ()))
        if came != NEWS:
            raise CannotMeasure(f"{came} activities came instead of {NEWS}")


def held(folder: Path, count: int) -> Path:
    """Return a folder with a database that holds so many records of one home; it is filled the first time."""
    place = folder / f"server-{count}"
    if (place / "filled").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    with ours(place):
        pass
    with contextlib.closing(sqlite3.connect(place / "lumbung.sqlite3")) as connection, connection:
        connection.execute("CREATE TEMPORARY TABLE village (place INTEGER PRIMARY KEY, code TEXT)")
        connection.executemany("INSERT INTO village VALUES (?, ?)", list(enumerate(VILLAGES)))
        (home,) = connection.execute("SELECT id FROM home WHERE region = ?", (CITY,)).fetchone()
        for statement in _FILL.split(";")[:-1]:
            connection.execute(statement, {"count": count, "home": home, "author": roster(VILLAGES[3]).person.id})
    (place / "filled").touch()
    return place
