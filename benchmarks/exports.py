"""How long a file of many activities takes, and how much memory: the bytes a client got, the peak of the server."""

from __future__ import annotations

import contextlib
import csv
import http.client
import io
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import records
from benchmarks.figures import Figure, compared
from benchmarks.servers import ours
from benchmarks.timing import CannotMeasure, Effort, in_turn
from lumbung_server.services.compact import compact
from lumbung_shared.codec import to_wire
from tests.server.phones import Phone, roster
from tests.servers import LumbungServer

CITY = "64.74"
FEW, TIMED, MANY = 10_000, 100_000, 1_000_000
_CHUNK = 256 * 1024
_COLUMNS = (
    "home id kind form region author date state digest deleted disputed flags at arrival made_at changed_at "
    "regency district listed"
).split()

# The same activities again under other ids: the first eight digits of an id are counted, the others are its own.
_AGAIN = """
WITH RECURSIVE each(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM each WHERE n < :times)
INSERT INTO record ({columns})
SELECT {values} FROM record JOIN each WHERE listed
"""


def speed(effort: Effort) -> Iterator[Figure]:
    """Measure a CSV file of 100,000 activities against the `csv` module, which writes the same rows from memory."""
    count = effort.times(TIMED, TIMED // 5)
    with ours(_held(effort.folder.parent, count)) as server:
        client, ours_, theirs = _Client(server), effort.folder / "ours.csv", effort.folder / "theirs.csv"
        client.fetch("csv", ours_)
        content = ours_.read_text("utf-8-sig")
        rows = [tuple(row) for row in csv.reader(io.StringIO(content, newline=""))]
        if len(rows) != count + 1:
            raise CannotMeasure(f"{len(rows) - 1} activities were exported instead of {count}")

        def baseline() -> None:
            with theirs.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(rows)

        times = in_turn({"ours": lambda: client.fetch("csv", ours_), "theirs": baseline}, effort.times(7, 3))
        if ours_.read_bytes() != theirs.read_bytes():
            raise CannotMeasure("the two files differ")
    note = f"{count} activities, {len(rows[0])} columns, over loopback, not packed, into a file on both sides"
    yield compared("export-csv", "ms", times["ours"], "the csv module, from memory", times["theirs"], 2, note)


def memory(effort: Effort) -> Iterator[Figure]:
    """Measure the server's peak of memory while it exports many activities, and while it exports few."""
    many = effort.times(MANY, TIMED)
    for name, ends, count in (
        ("export-memory", ("csv", "geojson", "jsonl"), many),
        ("export-memory-xlsx", ("xlsx",), many // 10),
    ):
        few = min(FEW, count // 2)
        peaks = [_peak(effort, ends, size) for size in (few, count)]
        note = f"{', '.join(ends)} of {count} activities one after the other; resident memory at its peak"
        yield compared(name, "MB", [peaks[1]], f"the same of {few:,}".replace(",", "."), [peaks[0]], 1.25, note)


def _peak(effort: Effort, ends: tuple[str, ...], count: int) -> float:
    with ours(_held(effort.folder.parent, count)) as server:
        client = _Client(server)
        for end in ends:
            client.fetch(end, effort.folder / f"file.{end}")
        status = Path(f"/proc/{server.pid}/status")
        if not status.exists():
            raise CannotMeasure("the system does not tell how much memory a process took")
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("utf-8"))
        assert found  # noqa: S101  # every process of Linux has one
        return int(found[1]) / 1024


class _Client:
    """A coordinator of the city who downloads files."""

    def __init__(self, server: LumbungServer) -> None:
        self._place = urlsplit(server.base_url).netloc
        self._token = Phone(server, roster(CITY).person.id).token

    def fetch(self, end: str, path: Path) -> None:
        """Write a file as it comes."""
        connection = http.client.HTTPConnection(self._place, timeout=1_200)
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Encoding": "identity"}
        with contextlib.closing(connection), path.open("wb") as file:
            connection.request("GET", f"/api/v1/export.{end}", headers=headers)
            answer = connection.getresponse()
            if answer.status != 200:
                raise CannotMeasure(answer.read().decode())
            while chunk := answer.read(_CHUNK):
                file.write(chunk)


def _held(folder: Path, count: int) -> Path:
    """Return a folder with a database that holds so many activities of the city; it is filled the first time."""
    place = folder / f"server-exports-{count}"
    if (place / "filled").exists():
        return place
    shutil.rmtree(place, ignore_errors=True)
    with ours(place):
        pass
    with contextlib.closing(sqlite3.connect(place / "lumbung.sqlite3")) as connection, connection:
        (home,) = connection.execute("SELECT id FROM home WHERE region = ?", (CITY,)).fetchone()
        people = [one for (one,) in connection.execute("SELECT id FROM person ORDER BY id")]
        base = min(count, FEW)
        rows = (_row(home, number, people[number % len(people)]) for number in range(base))
        marks = ", ".join("?" * len(_COLUMNS))
        connection.executemany(f"INSERT INTO record ({', '.join(_COLUMNS)}) VALUES ({marks})", rows)  # noqa: S608
        if count > base:
            again = {"id": "printf('%08x', n) || substr(id, 9)"}
            again["state"] = f"replace(state, id, {again['id']})"
            values = ", ".join(again.get(name, name) for name in _COLUMNS)
            statement = _AGAIN.format(columns=", ".join(_COLUMNS), values=values)
            connection.execute(statement, {"times": count // base - 1})
    (place / "filled").touch()
    return place


def _row(home: int, number: int, author: str) -> tuple[object, ...]:
    state = records.state(number, author)
    head = state.heads[0]
    region, at = str(head.sets["region"]), head.at
    own = (home, state.record, state.kind, state.form, region, author, head.sets["date"])
    stored = compact(to_wire(state)).decode()
    return (*own, stored, "", 0, 0, "[]", at, number, at, at, CITY, region[:8], 1)
