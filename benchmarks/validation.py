"""What it costs to judge a batch by a form with rules, against storing the same batch."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Figure, compared
from benchmarks.timing import Effort, timed
from lumbung_server.services.forms import publish
from lumbung_server.services.judgement import Ground, judge, named_regions
from lumbung_server.services.push import push
from lumbung_server.services.site import Site
from lumbung_shared.answers import check_complete
from lumbung_shared.canonical import Json
from lumbung_shared.codec import to_wire
from lumbung_shared.expressions import read
from lumbung_shared.forms import Field, Form, Option, published_forms
from lumbung_shared.ids import replica_id, uuid7
from lumbung_shared.labels import Label
from lumbung_shared.protocol import MAX_WRITES, PROTOCOL, PublishRequest, SyncRequest
from lumbung_shared.writes import PhoneTime, Write
from tests.server.sites import NOW, add_caller, caller, fresh_site

PARTS = 5
"""Parts of the form, each of four questions, a relevance rule and a constraint: more than any built-in kind asks."""
REGION, VILLAGE, TODAY = "64.74", "64.74.01.1003", "2026-11-22"
TARGET = 0.5


def run(effort: Effort) -> Iterator[Figure]:
    """Measure the judgement of batches of new records, and the pushes that hold it."""
    judged, whole = asyncio.run(_measured(effort))
    stored = [push - judgement for push, judgement in zip(whole, judged, strict=True)]
    rules = f"{PARTS} relevance rules and as many constraints"
    note = f"batches of {MAX_WRITES} by a form of {len(form().questions)} questions with {rules}"
    yield compared("validation", "ms", judged, "storing the same", stored, TARGET, note)


async def _measured(effort: Effort) -> tuple[list[float], list[float]]:
    judged, whole = list[float](), list[float]()
    async with fresh_site(effort.folder / "site") as site:
        who = caller("ukur", [REGION], "regency-coordinator")
        await add_caller(site, who)
        published = (await publish(site, who, PublishRequest(form(), REGION))).form
        sending = Sending(site, published)
        for turn in range(effort.times(30, 4) + 2):
            batch = sending.batch()
            request = sending.request(batch)
            begun = asyncio.get_running_loop().time()
            pushed = await push(site, who, request, NOW)
            took = (asyncio.get_running_loop().time() - begun) * 1000
            assert {outcome.result for outcome in pushed.outcomes} == {"accepted"}  # noqa: S101  # or nothing is measured
            ground = Ground(who.person, who.held, frozenset({VILLAGE}), site.forms.forms, site.forms.kinds)
            alone = timed(lambda batch=batch, ground=ground: judgement(batch, published, ground))  # type: ignore[misc]
            if turn >= 2:
                judged.append(alone)
                whole.append(took)
    return judged, whole


def judgement(batch: Sequence[Write], by: Form, ground: Ground) -> None:
    """Judge a batch of first writes, and flag the records they make."""
    named_regions(batch, ground.forms)
    for write in batch:
        assert judge(write, None, ground, NOW) is None  # noqa: S101  # or nothing is measured
        check_complete(by, write.sets, today=TODAY, fitting=True)


@dataclass
class Sending:
    """Makes batches of records that are filled in, each of another activity."""

    site: Site
    form: Form
    replica: str = replica_id(bytes(range(10)))

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)

    def batch(self) -> list[Write]:
        """Return the next batch."""
        return [self._write(n) for n in itertools.islice(self._numbers, MAX_WRITES)]

    def request(self, batch: Sequence[Write]) -> SyncRequest:
        """Return a request that carries it."""
        return SyncRequest(PROTOCOL, self.replica, PhoneTime(NOW), tuple(to_wire(write) for write in batch))

    def _write(self, n: int) -> Write:
        chance = random.Random(n)
        record = uuid7(NOW, n.to_bytes(10, "big"))
        return Write(n, record, self.form.kind, self.form.version, answers(chance), PhoneTime(NOW))


def form() -> Form:
    """Return a form with rules, as coordinators write them."""
    parts = itertools.chain.from_iterable(_part(number) for number in range(1, PARTS + 1))
    fields = (*published_forms()["other", 1].fields[:4], *parts)
    return Form("measured-survey", 1, Label("Survei", "Survey"), "event", fields)


def _part(n: int) -> Iterator[Field]:
    options = tuple(Option(value, Label(value, value)) for value in ("plastic", "paper", "other"))
    yield _field(f"waste_{n}", "choice", options=options, required=True)
    yield _field(f"other_{n}", "text", relevant=read(f"${{waste_{n}}} = 'other'"), required=True)
    yield _field(f"weight_{n}", "decimal", constraint=read(". > 0 and . < 500"), min="0")
    yield _field(f"households_{n}", "integer", max="1000")


def _field(name: str, kind: str, **more: Any) -> Field:
    return Field(name, kind, Label(name, name), **more)


def answers(chance: random.Random) -> dict[str, Json]:
    """Return the answers of one record."""
    found: dict[str, Json] = {"date": TODAY, "region": VILLAGE, "rt": "05", "place": "Balai RT 05"}
    for n in range(1, PARTS + 1):
        found[f"waste_{n}"] = waste = chance.choice(("plastic", "paper", "other"))
        if waste == "other":
            found[f"other_{n}"] = "Kaca dan kaleng"
        found[f"weight_{n}"] = f"{chance.randrange(1, 5000) / 10}"
        found[f"households_{n}"] = chance.randrange(1, 60)
    return found
