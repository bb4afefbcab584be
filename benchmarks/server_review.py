"""How long two hundred verifications take in one request: against two hundred new activities, and one after another."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from benchmarks.figures import Figure, compared
from benchmarks.servers import BATCH, Client, ours
from benchmarks.timing import Effort, timed
from lumbung_shared.codec import from_wire
from lumbung_shared.records import started
from lumbung_shared.review import JUDGEMENT, Judgement, Verdict, content_digest, judgement_value
from lumbung_shared.writes import Write
from tests.databases import Cluster
from tests.servers import LumbungServer

APART = 100_000


def run(effort: Effort) -> Iterator[Figure]:
    """Measure on SQLite and on PostgreSQL."""
    with ours(effort.folder / "ours") as server:
        yield from _measured("bulk-verify", server, effort)
    with ExitStack() as opened:
        cluster = Cluster(effort.folder / "postgresql")
        opened.callback(cluster.close)
        server = opened.enter_context(ours(effort.folder / "ours-postgresql", cluster.fresh()))
        yield from _measured("bulk-verify-postgresql", server, effort)


def _measured(name: str, server: LumbungServer, effort: Effort) -> Iterator[Figure]:
    cadre = Client(server, "ukur-kader", 0)
    desk = Client(server, "ukur-koordinator", APART, role="regency-coordinator")
    numbers = itertools.count(1)
    pushed, together, singly = list[float](), list[float](), list[float]()
    for turn in range(-1, effort.times(12, 3)):
        batches = [cadre.batch(), cadre.batch()]
        bodies = [cadre.body(batch) for batch in batches]
        took = [timed(lambda body=body: cadre.send(body)) for body in bodies]  # type: ignore[misc]
        desk.catch_up()
        first, second = ([_judged(cadre.replica, plain, next(numbers)) for plain in batch] for batch in batches)
        at_once = desk.body(first)
        one_by_one = [desk.body([write]) for write in second]
        verified = timed(lambda body=at_once: desk.send(body))  # type: ignore[misc]
        if turn >= 0:
            pushed += took
            together.append(verified)
        if turn in (0, 1):
            # Twenty seconds each: two are enough to see that.
            singly.append(timed(lambda each=one_by_one: [desk.send(body) for body in each]))  # type: ignore[misc]
    note = f"{BATCH} verifications in one request"
    yield compared(name, "ms", together, f"a push of {BATCH} new activities", pushed, 2, note)
    yield compared(f"{name}-singly", "ms", together, f"{BATCH} requests with one each", singly, 0.25, note)


def _judged(replica: str, plain: dict[str, Any], n: int) -> dict[str, Any]:
    """Return the write that verifies an activity as its maker sent it."""
    write = from_wire(Write, plain)
    content = content_digest(started(write, replica, "", ""))
    return {
        "n": n,
        "record": write.record,
        "kind": write.kind,
        "form": write.form,
        "sets": {JUDGEMENT: judgement_value(Judgement(Verdict.VERIFIED, content))},
        "time": plain["time"],
        "grant": 1,
    }
