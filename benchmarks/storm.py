"""The deadline storm: every village's phones come within minutes, each with the activities of two months.

First the most that a few senders get through is measured, on a server of its own. Then phones come at half of that
rate, each at its own moment whatever became of those before it, and what they wait is counted from that moment.
Beside them a coordinator keeps asking for a page of the feed. In the end the database is looked at.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from benchmarks import crowd
from benchmarks.arrivals import arrivals, fitting, percentile
from benchmarks.asking import Job, ask, by_turns, on_time
from benchmarks.crowd import Body, Member
from benchmarks.figures import BUDGET, Figure, compared, spread
from benchmarks.servers import ours
from benchmarks.storm_feed import PAUSE_SECONDS, Asking, Coordinator
from benchmarks.timing import CannotMeasure, Effort
from tests.databases import Cluster, Rows, look
from tests.servers import LumbungServer

IN_EACH = 5
RECORDS = 60
IN_LIFE_SECONDS = 30 * 60
"""The time in which the phones of all villages come in life."""
SECONDS = 480
"""As long as the storm may last here; where that is too short for all villages, fewer of them take part."""
SENDERS = 8
P95_MS = 2_000
FEED_TARGET = 2
WARM_UP = 10
DISTRICT = "64.74.01"
"""Whose coordinator asks for the feed."""

Opened: TypeAlias = Callable[[str], AbstractContextManager[LumbungServer]]
"""Opens a server by the name of its folder."""


@dataclass(frozen=True)
class Visit:
    """What became of one phone. `fault`: empty when every activity was accepted and covered by receipts."""

    member: Member
    fault: str
    requests: int


def run(effort: Effort) -> Iterator[Figure]:
    """Measure the storm on SQLite, one process."""
    yield from _storm("storm", effort, lambda name: ours(effort.folder / name))


def on_postgresql(effort: Effort) -> Iterator[Figure]:
    """Measure the storm on PostgreSQL, two processes."""
    with ExitStack() as opened:
        cluster = Cluster(effort.folder / "postgresql")
        opened.callback(cluster.close)
        yield from _storm(
            "storm-postgresql", effort, lambda name: ours(effort.folder / name, cluster.fresh(), workers=2)
        )


def _storm(name: str, effort: Effort, opened: Opened) -> Iterator[Figure]:
    villages = [member.region for member in crowd.crowd("desa", crowd.villages(), 1)]
    tried = effort.times(80, 12)
    with opened("maximum") as server:
        most = _maximum(server, villages[:tried])
    count = fitting(len(villages) * IN_EACH, most / 2, effort.times(SECONDS, 20), IN_EACH)
    members = crowd.crowd("badai", villages[: count // IN_EACH], IN_EACH)
    with opened("storm") as server:
        taken = _weather(server, members, most / 2, effort)
        wrong = {one.member.person for one in taken.visits if one.fault} | _not_whole(server, members)
    faults = sorted({one.fault for one in taken.visits if one.fault})
    lasted = count / (most / 2)
    pace = IN_LIFE_SECONDS / (len(villages) * IN_EACH) * count / lasted
    note = (
        f"{count} phones with {RECORDS} records each in {lasted:.0f} s, {pace:.1f} times the pace of "
        f"{len(villages) * IN_EACH} in 30 minutes: {most / 2:.2f} a second, half of the {most:.2f} that {SENDERS} "
        f"senders at once got through; from the scheduled arrival to the last page of news; median "
        f"{percentile(taken.waits, 50):.0f} ms, slowest {max(taken.waits):.0f} ms; server, phones and coordinator "
        f"share {os.cpu_count()} processors"
    )
    p95 = percentile(taken.waits, 95)
    yield Figure(
        name, "ms", p95, BUDGET, P95_MS, p95 / P95_MS, 1, p95 <= P95_MS, spread(taken.waits), len(taken.waits), note
    )
    yield compared(
        f"{name}-failed",
        "phones",
        [len(wrong)],
        "all phones",
        [count],
        0,
        "; ".join(faults[:3]) or "every activity accepted, receipted and in the database exactly once",
    )
    district = (
        f"a page of 50 of kecamatan {DISTRICT}, every {PAUSE_SECONDS} s; without load: before and after the storm; "
        f"{taken.feed_failed} pages failed"
    )
    yield compared(f"{name}-feed", "ms", taken.feed, "without load", taken.feed_idle, FEED_TARGET, district)


def _maximum(server: LumbungServer, villages: Sequence[str]) -> float:
    """Return how many phones a second some senders get through who never pause."""
    members = crowd.crowd("cepat", villages, IN_EACH)
    # Somebody has to be the first: what is loaded and planned only once must not count.
    early = crowd.crowd("dini", crowd.villages()[-WARM_UP:], 1)
    crowd.enrol(server.database_url, [*members, *early])
    warm_up, jobs = _jobs(server, early), _jobs(server, members)
    with asyncio.Runner() as runner:
        runner.run(by_turns(warm_up, SENDERS))
        begun = time.perf_counter()
        visits = runner.run(by_turns(jobs, SENDERS))
        taken = time.perf_counter() - begun
    if faults := [one.fault for one in visits if one.fault]:
        raise CannotMeasure(faults[0])
    return len(visits) / taken


@dataclass(frozen=True)
class _Weather:
    """What the storm brought. Times in ms."""

    visits: list[Visit]
    waits: list[float]
    feed: list[float]
    feed_idle: list[float]
    feed_failed: int


def _weather(server: LumbungServer, members: Sequence[Member], rate: float, effort: Effort) -> _Weather:
    # The coordinator has a full page from the beginning on: the activities of some more phones of the district.
    early = [Member("dini", number, village) for number, village in enumerate(_of_district())]
    crowd.enrol(server.database_url, [*members, *early, Coordinator(DISTRICT).member])
    jobs = _jobs(server, members)
    at = arrivals(len(members), rate, "storm")
    idle_seconds = effort.times(10, 2)
    with asyncio.Runner() as runner:
        runner.run(by_turns(_jobs(server, early), 1))
        with Asking(server.port, DISTRICT) as before:
            time.sleep(idle_seconds)
        with Asking(server.port, DISTRICT) as during:
            arrived = runner.run(on_time(jobs, at))
        with Asking(server.port, DISTRICT) as after:
            time.sleep(idle_seconds)
    visits = [visit for _, visit in arrived]
    fewest = min(len(before.taken), len(after.taken))
    idle = [*before.taken[-fewest:], *after.taken[-fewest:]]
    return _Weather(visits, [seconds * 1000 for seconds, _ in arrived], during.taken, idle, during.failed)


def _of_district() -> list[str]:
    return [village for village in crowd.villages() if village.startswith(f"{DISTRICT}.")]


def _jobs(server: LumbungServer, members: Sequence[Member]) -> list[Job[Visit]]:
    """Return what each phone does, what it brings packed beforehand."""
    return [
        partial(_visit, server.port, member, crowd.sync_body(member, crowd.activities(member, 1, RECORDS)))
        for member in members
    ]


async def _visit(port: int, member: Member, body: Body) -> Visit:
    """Bring what there is, then take all news."""
    outcomes, covered, requests, more, cursor = set[str](), list[int](), 0, True, ""
    try:
        while more:
            answer = await ask(port, "POST", "/api/v1/sync", member.token, body.with_last(crowd.last_words(cursor)))
            requests += 1
            if answer.status != 200:
                return Visit(member, f"{answer.status} {answer.unpacked()[:200]!r}", requests)
            reply = json.loads(answer.unpacked())
            outcomes |= {outcome["result"] for outcome in reply.get("outcomes", ())}
            covered += [n for receipt in reply.get("receipts", ()) for n in receipt["numbers"]]
            more, cursor = reply["page"].get("more", False), reply["page"]["cursor"]
            body = crowd.sync_body(member, ())
    except (OSError, TimeoutError) as error:
        return Visit(member, f"no answer: {error!r}", requests)
    whole = outcomes == {"accepted"} and sorted(covered) == [*range(1, RECORDS + 1)]
    return Visit(member, "" if whole else f"outcomes {sorted(outcomes)}, {len(covered)} receipted", requests)


def _not_whole(server: LumbungServer, members: Sequence[Member]) -> set[str]:
    """Return the people whose activities are not in the database exactly once each, under a receipt each."""
    with look(server.database_url) as connection:
        written = _counted(
            connection.execute('SELECT person, count(*), count(DISTINCT record), max(n) FROM "write" GROUP BY person')
        )
        shown = _counted(
            connection.execute(
                "SELECT author, count(*), count(DISTINCT id), sum(CASE WHEN present THEN 1 ELSE 0 END) FROM record "
                "JOIN feed ON feed.record_home = record.home AND feed.record = record.id GROUP BY author"
            )
        )
        receipts: dict[str, list[int]] = {}
        for replica, numbers in connection.execute("SELECT replica, numbers FROM receipt"):
            receipts.setdefault(replica, []).extend(json.loads(numbers))
    once, each = (RECORDS,) * 3, [*range(1, RECORDS + 1)]
    return {
        one.person
        for one in members
        if not (
            written.get(one.person) == shown.get(one.person) == once and sorted(receipts.get(one.replica, ())) == each
        )
    }


def _counted(rows: Rows) -> dict[str, tuple[int, ...]]:
    return {person: tuple(map(int, counts)) for person, *counts in rows}
