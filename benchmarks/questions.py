"""The questions that screens ask of a full phone: the newest of a state or kind, searches, the numbers on chips."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinydb import where

from benchmarks import records, stores
from lumbung_client.session.ports import Ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, FeedFilter
from lumbung_client.store.durable import DurableFiles
from lumbung_client.store.entries import OWNER, REPLICA, Owner, Replica, put, put_record
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.sync.transport import Request, Response, Unreachable
from lumbung_shared.protocol import Grant, Person
from lumbung_shared.writes import PhoneTime

WORDS = "bank melati"
KIND = "compost-training"
FEED = FeedFilter(region="64.74.01", kind=KIND, since="2026-03-01")
FAR = 4_000_000_000_000
TIMES_IN_A_BLOCK = 5


class NoNetwork:
    """A transport that reaches nobody."""

    async def send(self, request: Request) -> Response:
        """Fail."""
        raise Unreachable(request.path)


class StillClock:
    """A clock that stands after the last made-up activity."""

    def now(self) -> PhoneTime:
        """Return both clocks in ms."""
        return PhoneTime(records.YEAR_BEGINS + 400 * 86_400_000, 0, "boot")


@dataclass(frozen=True)
class Answers:
    """How long each question took, in ms, and the first one of all before anything was warm."""

    times: Mapping[str, list[float]]
    first: float

    @property
    def slowest(self) -> str:
        """The question with the greatest median."""
        return max(self.times, key=lambda name: statistics.median(self.times[name]))

    def note(self) -> str:
        """Return all medians as a sentence."""
        each = ", ".join(f"{name} {statistics.median(times):.2f}" for name, times in self.times.items())
        return f"medians in ms: {each}; the very first question of all, nothing warm yet: {self.first:.0f}"


async def filled(files: DurableFiles, count: int) -> None:
    """Fill a store with activities of one enrolled person."""
    owner = Owner("token", FAR, Person(records.OWNER, "Ibu Kader"), (Grant("64.74", "cadre"),), {})
    own = (put_record(records.state(number, records.OWNER)) for number in range(count))
    store = await stores.fill_files(files, own)
    store.apply([put(Name.META, OWNER, owner), put(Name.META, REPLICA, Replica(records.REPLICA, count))])
    store.close()


async def asked(files: DurableFiles, blocks: int) -> Answers:
    """Open a session on a filled store and ask everything in turn, each time after something has changed."""
    session = await opened(files)
    try:
        begun = time.perf_counter()
        assert len(session.activities()) == 50  # noqa: S101  # or there is nothing to measure
        first = (time.perf_counter() - begun) * 1000
        questions, draft = asking(session), session.start_draft("other")
        times: dict[str, list[float]] = {name: [] for name in questions}
        for block in range(-1, blocks):
            for name, question in questions.items():
                taken = 0.0
                for number in range(TIMES_IN_A_BLOCK):
                    session.answer(draft, "title", f"{name} {block} {number}")
                    await asyncio.sleep(0)
                    begun = time.perf_counter()
                    question()
                    taken += time.perf_counter() - begun
                if block >= 0:
                    times[name].append(taken * 1000 / TIMES_IN_A_BLOCK)
        return Answers(times, first)
    finally:
        await session.close()


async def opened(files: DurableFiles) -> Session:
    """Open a session without a network."""
    chance = random.Random(records.SEED)
    return await Session.open(Ports(files, NoNetwork(), StillClock(), chance.randbytes))


def asking(session: Session) -> dict[str, Callable[[], object]]:
    """Return what screens ask, by name."""
    return {
        "newest": session.activities,
        "state": lambda: session.activities(ActivityState.SENT),
        "kind": lambda: session.activities(kind=KIND),
        "one word": lambda: session.activities(text=WORDS.split()[0]),
        "two words": lambda: session.activities(text=WORDS),
        "chips": session.activity_counts,
        "chips of a search": lambda: session.activity_counts(WORDS),
        "feed": lambda: session.local_feed(FEED),
        "feed search": lambda: session.local_feed(FEED, WORDS),
    }


def by_scanning(store: LocalStore) -> Sequence[Mapping[str, Any]]:
    """Answer the search as TinyDB does: look at every document, sort what was found."""

    def matches(heads: Any) -> bool:
        text = " ".join(str(value) for head in heads for value in head["sets"].values()).casefold()
        return all(word in text for word in WORDS.split())

    found = store.table(Name.RECORDS).search(where("heads").test(matches))
    return sorted(found, key=lambda row: row["heads"][0]["at"], reverse=True)[:50]
