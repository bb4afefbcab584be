"""How long 200 phones take who each bring a few new activities and take their region's news, one round trip each."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from benchmarks import crowd
from benchmarks.asking import Answer, Job, ask, by_turns
from benchmarks.crowd import Member
from benchmarks.figures import Figure, compared
from benchmarks.servers import minimal, ours, packed
from benchmarks.timing import CannotMeasure, Effort
from tests.databases import Cluster, look
from tests.servers import LumbungServer

VILLAGES, IN_EACH, BROUGHT = 40, 5, 5
PHONES = VILLAGES * IN_EACH
TAKEN = BROUGHT * (IN_EACH - 1)
"""So much news there is for a phone that was away for a round."""
AT_ONCE = 8
TARGET = 1 / 0.6
WARM_UP = 2


def run(effort: Effort) -> Iterator[Figure]:
    """Measure the phones on SQLite and on PostgreSQL."""
    rounds = effort.times(10, 3)
    with ExitStack() as opened:
        server = opened.enter_context(ours(effort.folder / "ours"))
        url = opened.enter_context(minimal(effort.folder / "minimal", "", "by-region"))
        yield _side_by_side("phones", server, url, rounds)
    with ExitStack() as opened:
        cluster = Cluster(effort.folder / "postgresql")
        opened.callback(cluster.close)
        server = opened.enter_context(ours(effort.folder / "ours-postgresql", cluster.fresh()))
        url = opened.enter_context(minimal(effort.folder / "minimal-postgresql", cluster.fresh(), "by-region"))
        yield _side_by_side("phones-postgresql", server, url, rounds)


def _side_by_side(name: str, server: LumbungServer, url: str, rounds: int) -> Figure:
    members = crowd.crowd("kader", crowd.villages()[:VILLAGES], IN_EACH)
    crowd.enrol(server.database_url, members)
    sides: list[_Ours | _Minimal] = [_Ours(server, members), _Minimal(url, members)]
    taken: list[list[float]] = [[], []]
    with asyncio.Runner() as runner:
        for number in range(-WARM_UP, rounds):
            for place in (0, 1) if number % 2 else (1, 0):
                # What the phones send is made beforehand; what they keep of the answers belongs to the time.
                jobs = sides[place].jobs(number + WARM_UP)
                gc.collect()
                begun = time.perf_counter_ns()
                runner.run(by_turns(jobs, AT_ONCE))
                if number >= 0:
                    taken[place].append((time.perf_counter_ns() - begun) / 1e6)
    for side in sides:
        side.check(rounds + WARM_UP)
    note = (
        f"{PHONES} phones, {BROUGHT} new records each, {AT_ONCE} phones at once; each takes the {TAKEN} that its "
        f"village's others brought meanwhile and was last heard of a day ago; 1.67 is 0.6 times as many a second"
    )
    return compared(name, "ms", taken[0], "a minimal route", taken[1], TARGET, note)


class _Ours:
    """The phones of our server, with the place up to which each has the news."""

    def __init__(self, server: LumbungServer, members: Sequence[Member]) -> None:
        self._server = server
        self._members = members
        self._cursors = dict.fromkeys(members, "")
        self._came = 0

    def jobs(self, turn: int) -> list[Job[None]]:
        """Return what each phone does in a round."""
        with look(self._server.database_url) as connection:
            connection.execute("UPDATE device SET last_seen = last_seen - 86400000")
        self._came = 0
        return [partial(self._sync, member, self._body(member, turn)) for member in self._members]

    def _body(self, member: Member, turn: int) -> bytes:
        writes = crowd.activities(member, turn * BROUGHT + 1, BROUGHT)
        return crowd.sync_body(member, writes).with_last(crowd.last_words(self._cursors[member]))

    async def _sync(self, member: Member, body: bytes) -> None:
        reply = _read(await ask(self._server.port, "POST", "/api/v1/sync", member.token, body))
        if {outcome["result"] for outcome in reply["outcomes"]} != {"accepted"}:
            raise CannotMeasure(f"the server refused a made-up activity: {reply['outcomes'][0]}")
        self._cursors[member] = reply["page"]["cursor"]
        self._came += len(reply["page"].get("records", ()))

    def check(self, rounds: int) -> None:
        """See that everything is there and that the last round brought its news. Raises CannotMeasure."""
        with look(self._server.database_url) as connection:
            ((stored,),) = connection.execute("SELECT count(*) FROM record").fetchall()
        _check(stored, rounds, self._came, TAKEN)


class _Minimal:
    """The phones of the minimal server, with the number up to which each has the rows."""

    def __init__(self, url: str, members: Sequence[Member]) -> None:
        port, path = url.removeprefix("http://127.0.0.1:").split("/")
        self._port, self._path = int(port), f"/{path}"
        self._members = members
        self._after = dict.fromkeys(members, 0)
        self._stored = 0
        self._came = 0

    def jobs(self, turn: int) -> list[Job[None]]:
        """Return what each phone does in a round."""
        self._came = 0
        return [partial(self._sync, member, self._body(member, turn)) for member in self._members]

    def _body(self, member: Member, turn: int) -> bytes:
        writes = crowd.activities(member, turn * BROUGHT + 1, BROUGHT)
        return packed({"writes": writes, "after": self._after[member]})

    async def _sync(self, member: Member, body: bytes) -> None:
        reply = _read(await ask(self._port, "POST", self._path, body=body))
        self._after[member] = reply["news"][-1][0]
        self._stored += reply["stored"]
        self._came += len(reply["news"])

    def check(self, rounds: int) -> None:
        """See that everything was stored and that the last round brought its news. Raises CannotMeasure."""
        _check(self._stored, rounds, self._came, TAKEN + BROUGHT)


def _read(answer: Answer) -> Any:
    if answer.status != 200:
        raise CannotMeasure(f"{answer.status}: {answer.unpacked()[:300]!r}")
    return json.loads(answer.unpacked())


def _check(stored: int, rounds: int, came: int, for_each: int) -> None:
    # Two phones of a village that change places between rounds bring each other more, or less.
    if stored != PHONES * BROUGHT * rounds or abs(came / (PHONES * for_each) - 1) > 0.1:
        raise CannotMeasure(f"{stored} records are stored, and {came} came as news in the last round")
