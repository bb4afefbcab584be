"""A coordinator who asks for a page of the feed all the time, in a process of their own, and notes how long it took."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from benchmarks.asking import ask
from benchmarks.crowd import Member
from benchmarks.timing import CannotMeasure
from lumbung_shared.protocol import Role

ENTRIES = 50
PATH = f"/api/v1/feed?limit={ENTRIES}"
PAUSE_SECONDS = 0.1
START_SECONDS = 30


@dataclass(frozen=True)
class Coordinator:
    """Who asks: the coordinator of a region."""

    region: str

    @property
    def member(self) -> Member:
        """The coordinator among the people of the server."""
        return Member("koordinator", 0, self.region, Role.DISTRICT_COORDINATOR)


class Asking:
    """Asks as long as the block runs. Afterwards: `taken`, how long each page took, in ms; `failed`, how many did."""

    def __init__(self, port: int, region: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        token = Coordinator(region).member.token
        self._process = context.Process(target=_ask_until_told, args=(theirs, port, token), daemon=True)
        self.taken: list[float] = []
        self.failed = 0

    def __enter__(self) -> Asking:
        self._process.start()
        if not self._ours.poll(START_SECONDS):
            raise CannotMeasure("the coordinator did not start")
        self._ours.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._ours.send("enough")
        if self._ours.poll(START_SECONDS):
            self.taken, self.failed = self._ours.recv()
        self._process.join(START_SECONDS)
        if not self.taken:
            raise CannotMeasure("the coordinator saw no page of the feed")


def _ask_until_told(told: Connection, port: int, token: str) -> None:
    taken, failed = list[float](), 0
    with asyncio.Runner() as runner:
        runner.run(ask(port, "GET", PATH, token))
        told.send("begun")
        while not told.poll(PAUSE_SECONDS):
            begun = time.perf_counter_ns()
            answer = runner.run(ask(port, "GET", PATH, token))
            passed = (time.perf_counter_ns() - begun) / 1e6
            if answer.status == 200 and answer.unpacked().count(b'"record":') == ENTRIES:
                taken.append(passed)
            else:
                failed += 1
    told.send((taken, failed))
