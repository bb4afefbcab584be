"""The servers that are measured, ours and the minimal one, and the batches they are sent."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import requests
from sqlalchemy.engine import make_url

from benchmarks import profiled, records
from benchmarks.profiled import ProfiledServer
from benchmarks.timing import CannotMeasure
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import replica_id
from tests.databases import look
from tests.server.phones import Phone, add_person
from tests.servers import AsInstalled, LumbungServer, free_port

BATCH = 200
START_SECONDS = 30
_VILLAGES = ("01.1001", "01.1002", "01.1003", "01.1004", "02.1001", "02.1002", "03.1001")
VILLAGES = tuple(f"64.74.{village}" for village in _VILLAGES)


@contextlib.contextmanager
def ours(folder: Path, address: str = "", *, workers: int = 1) -> Iterator[LumbungServer]:
    """Our server on a database of its own. `address`: of PostgreSQL, empty for SQLite.

    With PROFILE in the environment, a folder, it writes there what its first process was busy with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"LUMBUNG_DATABASE_URL": address, "LUMBUNG_BUSY_MS": "30000", "LUMBUNG_WORKERS": str(workers)}
    kind = ProfiledServer if os.environ.get(profiled.FOLDER) else AsInstalled
    with kind(folder, environment=settings) as running:
        yield running


@contextlib.contextmanager
def minimal(folder: Path, address: str = "", *words: str) -> Iterator[str]:
    """The minimal server; yields the address of its one route. `words`: what else it is told."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False) if address else ""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.minimal", str(port), plain or str(folder / "minimal.sqlite3"), *words]
    process = subprocess.Popen(command)  # noqa: S603 - our own program
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/push"
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    """Wait until somebody listens on a port of this machine. Raises CannotMeasure."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise CannotMeasure("a server that is measured against did not start")


class Client:
    """One phone that sends made-up activities over a connection it keeps. `first`: number of its first activity."""

    def __init__(
        self, server: LumbungServer, person: str, first: int, *, region: str = "64.74", role: str = "cadre"
    ) -> None:
        self._phone = Phone(server, add_person(server, person, (region, role)))
        self._url = f"{server.base_url}/api/v1/sync"
        self._session = requests.Session()
        self._numbers = itertools.count(first)
        self._n = itertools.count(1)
        self._region = region
        self.cursor = ""

    @property
    def replica(self) -> str:
        """The name of its store."""
        return self._phone.replica

    def catch_up(self) -> None:
        """Read all news there is."""
        while self.send(self.body([]))["page"].get("more"):
            pass

    def batch(self, count: int = BATCH) -> list[dict[str, Any]]:
        """Return the next activities as they go over the wire."""
        return [self._activity(next(self._numbers), next(self._n)) for _ in range(count)]

    def _activity(self, number: int, n: int) -> dict[str, Any]:
        plain: dict[str, Any] = to_wire(records.entry(number).write)
        village = self._region if self._region.count(".") == 3 else VILLAGES[number % len(VILLAGES)]
        return {**plain, "n": n, "grant": 1, "sets": {**plain["sets"], "region": village}}

    def body(self, writes: list[dict[str, Any]]) -> bytes:
        """Return a request's packed body."""
        return packed(
            {"protocol": 1, "replica": self._phone.replica, "time": now(), "writes": writes, "cursor": self.cursor}
        )

    def send(self, body: bytes) -> Any:
        """Send a body and return the answer, every write accepted or known."""
        headers = {"Authorization": f"Bearer {self._phone.token}", "Content-Encoding": "gzip"}
        answer = self._session.post(self._url, data=body, headers=headers, timeout=120)
        if answer.status_code != 200:
            raise CannotMeasure(answer.text)
        reply = answer.json()
        if bad := [one for one in reply.get("outcomes", ()) if one["result"] not in ("accepted", "duplicate")]:
            raise CannotMeasure(f"the server refused a made-up activity: {bad[0]}")
        self.cursor = reply["page"]["cursor"]
        return reply


class MinimalClient:
    """Sends batches to the minimal server over a connection it keeps."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self.after = 0

    def send(self, body: bytes) -> Any:
        """Send a body and return the answer."""
        answer = self._session.post(self._url, data=body, timeout=120)
        if answer.status_code != 200:
            raise CannotMeasure(answer.text)
        return answer.json()


def packed(message: Mapping[str, Any]) -> bytes:
    """Return a message as it goes over the wire."""
    return gzip.compress(json.dumps(message, separators=(",", ":")).encode(), 6)


def now() -> dict[str, int]:
    """Return a phone's time."""
    return {"wall": time.time_ns() // 1_000_000}


def sending(client: Client | MinimalClient, bodies: Iterator[bytes]) -> Callable[[], None]:
    """Return what sends the next body each time it is called."""

    def send() -> None:
        client.send(next(bodies))

    return send


REPLICA = replica_id(bytes(range(10)))

TABLES = ("write", "record", "feed", "receipt")


def stored_rows(server: LumbungServer) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that pushes made, by table."""
    with look(server.database_url) as connection:
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in TABLES}  # noqa: S608
