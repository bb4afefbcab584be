"""How fast photos are taken, against a server that only keeps bytes; and how many bytes cuts of the network cost."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import requests

from benchmarks.figures import Figure, compared
from benchmarks.servers import ours, wait_for
from benchmarks.timing import CannotMeasure, Effort, in_turn
from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_server.services.pictures import look_at
from tests.client.fakes import FakeTimer
from tests.server.cameras import UPLOADS, b64, jpeg, log_photos, name_of
from tests.server.phones import GUNTUNG, Phone, roster
from tests.servers import LumbungServer, free_port

PIECE = 4_096
PHOTOS, PER_RECORD = 100, 10
TARGET = 2
"""Half of the throughput."""
CUTS, SET_BYTES, CUT_TARGET = 100, 3_000_000, 1.1


def upload(effort: Effort) -> Iterator[Figure]:
    """Measure photos of about 250 KB over loopback, one after another, in a chunk each, flushed.

    What decoding takes is measured on the same pictures in the same run and reported apart.
    """
    count = effort.times(PHOTOS, 10)
    photos = [jpeg(seed, 1600, 1200, quality=37) for seed in range(count + 2)]
    with ExitStack() as opened:
        server = opened.enter_context(ours(effort.folder / "ours"))
        sink = opened.enter_context(bare_sink(effort.folder / "sink"))
        sides: dict[str, Callable[[], object]] = {"ours": to_us(server, photos), "sink": to_sink(sink, photos)}
        times = in_turn(sides, count, warm_up=2)
    looking = []
    for photo in photos[2:]:
        began = time.perf_counter()
        look_at(photo)
        looking.append((time.perf_counter() - began) * 1000)
    size = sum(map(len, photos)) // len(photos) // 1000
    decoding = statistics.median(looking)
    whole = statistics.median(times["ours"])
    note = f"photos of {size} KB; without decoding ({decoding:.1f} ms; {whole:.1f} ms with it); 2 is half as fast"
    without = [one - decoding for one in times["ours"]]
    yield compared("photo-upload", "ms", without, "a bare sink", times["sink"], TARGET, note)


def to_us(server: LumbungServer, photos: list[bytes]) -> Callable[[], object]:
    """Return what uploads the next photo to our server each time it is called."""
    phone = Phone(server, roster(GUNTUNG).person.id)
    for first in range(0, len(photos), PER_RECORD):
        log_photos(phone, GUNTUNG, *photos[first : first + PER_RECORD])
    session, waiting = requests.Session(), iter(photos)
    session.headers.update({"Authorization": f"Bearer {phone.token}", "Tus-Resumable": "1.0.0"})

    session.headers["Content-Type"] = "application/offset+octet-stream"

    def send() -> None:
        photo = next(waiting)
        said = {"Upload-Length": str(len(photo)), "Upload-Metadata": f"sha256 {b64(name_of(photo).encode())}"}
        answer = session.post(server.base_url + UPLOADS, data=photo, headers=said, timeout=30)
        if answer.headers.get("Upload-Offset") != str(len(photo)):
            raise CannotMeasure(f"a photo was answered with {answer.status_code}")

    return send


def to_sink(address: str, photos: list[bytes]) -> Callable[[], object]:
    """Return what sends the next photo to the sink each time it is called."""
    session, waiting = requests.Session(), enumerate(photos)

    def send() -> None:
        number, photo = next(waiting)
        answer = session.patch(f"{address}/{number}", data=photo, headers={"Upload-Offset": "0"}, timeout=30)
        if answer.status_code != 204:
            raise CannotMeasure(f"a chunk was answered with {answer.status_code}")

    return send


@contextmanager
def bare_sink(folder: Path) -> Iterator[str]:
    """The server that only keeps bytes; yields its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.photo_sink", str(port), str(folder)])  # noqa: S603
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


class CuttingProxy:
    """Passes connections on to a port, and cuts one when the bytes that went up since the start reach a place.

    What was passed on before a cut arrives; what the phone's system holds then never leaves it. `sent`: bytes that went
    up, headers included; `cuts`: how many there were.
    """

    def __init__(self, target: int, places: Sequence[int]) -> None:
        self._target = target
        self._places = list(places)
        self.sent = 0
        self.cuts = 0

    @contextmanager
    def running(self) -> Iterator[str]:
        """The proxy while it listens, in a thread of its own; yields its address."""
        loop, over, listening = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
        address: list[str] = []

        async def serve() -> None:
            server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
            address.append("http://{}:{}".format(*server.sockets[0].getsockname()))
            listening.set()
            await over.wait()
            server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
        thread.start()
        listening.wait()
        try:
            yield address[0]
        finally:
            loop.call_soon_threadsafe(over.set)
            thread.join()
            loop.close()

    async def _accept(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        down = asyncio.create_task(_pump(server, to_phone))
        with suppress(OSError, asyncio.CancelledError):
            while piece := await phone.read(PIECE):
                room = self._places[0] - self.sent if self._places else len(piece) + 1
                to_server.write(piece[:room])
                await to_server.drain()
                self.sent += min(room, len(piece))
                if room <= len(piece):
                    self._places.pop(0)
                    self.cuts += 1
                    break
        down.cancel()
        to_phone.transport.abort()
        to_server.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.CancelledError):
        while piece := await source.read(PIECE):
            target.write(piece)
            await target.drain()


def cuts(effort: Effort) -> Iterator[Figure]:
    """Measure how many bytes go up for photos of 3 MB when the network is cut at 100 random bytes on the way."""
    number = effort.times(CUTS, 10)
    with ours(effort.folder / "cut") as server:
        sent, size, cut = asyncio.run(_cut(server, effort.folder / "phone", number))
    note = f"{cut} cuts at random bytes of {size // 1000} KB; all that went up, headers and records included"
    yield compared("photo-cuts", "KB", [sent / 1000], "the pictures", [size / 1000], CUT_TARGET, note)


async def _cut(server: LumbungServer, folder: Path, number: int) -> tuple[int, int, int]:
    chance = random.Random(20261122)
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    session = await Session.open(replace(ports, timer=FakeTimer()))
    try:
        await session.enrol(server.invite(roster(GUNTUNG).person.id))
        await session.sync_now()
        record, size, photos = session.start_draft("produta-facilitation"), 0, itertools.count(1)
        for path, value in (("region", GUNTUNG), ("date", "2026-11-20"), ("stage", "planning"), ("work", "Parit")):
            session.answer(record, path, value)
        while size < SET_BYTES:
            await session.photos.add(record, "work_photos", jpeg(next(photos), 2000, 1500, quality=90))
            size = sum(one.size for one in session.pictures.unconfirmed())
    finally:
        await session.close()
    proxy = CuttingProxy(server.port, sorted(chance.randrange(size) for _ in range(number)))
    with proxy.running() as address:
        timer = FakeTimer()
        ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": address})
        session = await Session.open(replace(ports, timer=timer))
        try:
            session.finish(record)
            give_up = time.monotonic() + 300
            while session.pictures.unconfirmed():
                if time.monotonic() > give_up:
                    raise CannotMeasure("the photos did not arrive in five minutes")
                await asyncio.sleep(0.01)
                timer.fire()
        finally:
            await session.close()
    return proxy.sent, size, proxy.cuts
