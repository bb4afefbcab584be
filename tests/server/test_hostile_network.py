"""Real processes, real HTTP, a network that breaks and a server that is killed: nothing is lost, nothing comes twice.

Two workers on either database. What phones were told is compared with what is stored.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Semaphore

import pytest
import requests

from lumbung_shared.codec import to_wire
from lumbung_shared.protocol import Outcome, Receipt, SyncReply
from lumbung_shared.writes import Write, batch_root, write_digest
from tests.server.phones import (
    BONTANG,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    Phone,
    activity,
    add_person,
    database,
    dump,
    problem,
    roster,
)
from tests.server.proxies import HostileProxy, Trick
from tests.servers import AsInstalled, LumbungServer

VILLAGES = (GUNTUNG, LOK_TUAN, SATIMPO)
POSTGRESQL_IN_FULL = True
WRITERS = 8
PATIENCE_SECONDS = 120


@dataclass
class Ledger:
    """What one phone sent and was told, kept apart from what the server says later."""

    phone: Phone
    batches: list[list[Write]] = field(default_factory=list)
    told: dict[int, Outcome] = field(default_factory=dict)
    receipts: dict[tuple[str, int], Receipt] = field(default_factory=dict)

    def next_batch(self, size: int) -> list[Write]:
        """New records, and an edit of one that was brought before."""
        made = [self.phone.write(self._activity()) for _ in range(size)]
        if self.batches:
            old = self.batches[-1][0]
            seen = {"title": ((self.phone.replica, old.n),)}
            made.append(self.phone.write({"title": f"Ubah {old.n}"}, record=old.record, replaces=seen))
        self.batches.append(made)
        return made

    def _activity(self) -> dict[str, object]:
        return activity(self.phone.admission.grants[0].region, f"{self.phone.person} {len(self.phone.writes)}")

    def send(self, batch: list[Write]) -> None:
        """Send until an answer comes, the same every time, as a phone does."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while (reply := self._answer(batch)) is None:
            assert time.monotonic() < give_up, "nobody answers"
            time.sleep(0.05)
        for outcome in reply.outcomes:
            assert outcome.result in ("accepted", "duplicate"), outcome
            before = self.told.setdefault(outcome.n, outcome)
            assert (before.at, before.flags) == (outcome.at, outcome.flags)
        for receipt in reply.receipts:
            assert self.receipts.setdefault((receipt.home, receipt.number), receipt) == receipt

    def _answer(self, batch: list[Write]) -> SyncReply | None:
        try:
            answer = self.phone.post(*batch)
            if answer.status_code == 200:
                return self.phone.took(answer)
            code = problem(answer)["code"]
        except requests.RequestException:
            # Half an answer is none, even if its first line says 200.
            return None
        assert code == "server-busy"
        return None


@dataclass(frozen=True)
class Storm:
    """How much happens. `kills`: of the server with all its workers, each right after an answer."""

    batches: int
    size: int
    kills: int
    seed: int


@pytest.fixture
def workers(own_server: LumbungServer) -> Iterator[LumbungServer]:
    with own_server.beside(LUMBUNG_WORKERS="2") as running:
        yield running
        if running.runs:
            running.kill()


def rage(server: LumbungServer, storm: Storm) -> list[Ledger]:
    """Let writers write and a reader read through a hostile network while the server is killed and started."""
    people = [add_person(server, f"badai-{n}", (VILLAGES[n % len(VILLAGES)], "cadre")) for n in range(WRITERS)]
    ledgers = [Ledger(Phone(server, person)) for person in people]
    reader = Ledger(Phone(server, roster(BONTANG).person.id))
    answered, over = Semaphore(0), Event()
    with (
        HostileProxy(server.port, random.Random(storm.seed)).running() as proxy,  # noqa: S311 - to be repeated
        ThreadPoolExecutor(WRITERS + 1) as pool,
    ):
        for ledger in (*ledgers, reader):
            ledger.phone.address = proxy.base_url

        def write(ledger: Ledger) -> None:
            for _ in range(storm.batches):
                ledger.send(ledger.next_batch(storm.size))
                answered.release()

        def read() -> None:
            while not over.is_set():
                reader.send([])

        work = [pool.submit(write, ledger) for ledger in ledgers]
        reading = pool.submit(read)
        try:
            kill_after_answers(server, storm, answered, work)
            for one in work:
                one.result()
        finally:
            over.set()
        reading.result()
    assert {Trick.CUT_UP, Trick.CUT_DOWN, Trick.LOST_ANSWER, Trick.TWICE} <= set(proxy.played)
    for ledger in (*ledgers, reader):
        ledger.phone.address = server.base_url
    return [*ledgers, reader]


def kill_after_answers(server: LumbungServer, storm: Storm, answered: Semaphore, work: list[Future[None]]) -> None:
    apart = max(1, WRITERS * storm.batches // (storm.kills + 1))
    for _ in range(storm.kills):
        for _ in range(apart):
            while not answered.acquire(timeout=1):
                for one in work:
                    if one.done():
                        one.result()
        server.kill()
        server.start()


def check(server: LumbungServer, ledgers: list[Ledger]) -> None:
    """Hold the ledgers against the database."""
    *writers, reader = ledgers
    sent = {(ledger.phone.replica, write.n): write for ledger in writers for batch in ledger.batches for write in batch}
    with database(server) as connection:
        stored = {
            (replica, n): (digest, at, flags, receipt)
            for replica, n, digest, at, flags, receipt in connection.execute(
                "SELECT replica, n, digest, at, flags, receipt FROM write"
            )
        }
        arrivals = [n for (n,) in connection.execute("SELECT arrival FROM write ORDER BY arrival")]
        receipts = {
            number: (replica, json.loads(numbers), root)
            for number, replica, numbers, root in connection.execute(
                "SELECT number, replica, numbers, root FROM receipt"
            )
        }
        (feed,) = connection.execute("SELECT count(*) FROM feed").fetchone()
    assert set(stored) == set(sent), "all that was answered is stored, and nothing else"
    assert arrivals == list(range(1, len(sent) + 1)), "numbered without a gap"
    assert sorted(receipts) == list(range(1, len(receipts) + 1))
    for ledger in writers:
        assert set(ledger.told) == {write.n for write in ledger.phone.writes}
        for n, outcome in ledger.told.items():
            name = (ledger.phone.replica, n)
            digest, at, flags, _ = stored[name]
            assert (digest, at, json.loads(flags)) == (write_digest(name[0], sent[name]), outcome.at, [*outcome.flags])
        for (_, number), receipt in ledger.receipts.items():
            assert receipts[number] == (receipt.replica, [*receipt.numbers], receipt.root)
    for number, (replica, numbers, root) in receipts.items():
        assert root == batch_root([stored[replica, n][0] for n in numbers])
        assert {stored[replica, n][3] for n in numbers} == {number}, "every write is in one receipt"
    records = {write.record for write in sent.values()}
    assert feed == len(records)
    reader.phone.sync_all()
    assert set(reader.phone.records) == records, "the cursor skipped nothing"


def check_replay(server: LumbungServer, ledgers: list[Ledger]) -> None:
    """Send everything again: nothing changes, and nobody is told anything new."""
    *writers, reader = ledgers
    before = dump(server)
    for ledger in writers:
        for batch in ledger.batches:
            again = ledger.phone.post(*[to_wire(write) for write in batch]).json()["outcomes"]
            assert {one["result"] for one in again} == {"duplicate"}
    assert dump(server) == before
    assert reader.phone.sync().page.records == ()


def weather(server: LumbungServer, storm: Storm) -> None:
    ledgers = rage(server, storm)
    check(server, ledgers)
    check_replay(server, ledgers)


def test_eight_writers_lose_nothing_on_a_breaking_network_while_the_server_is_killed(workers: LumbungServer) -> None:
    weather(workers, Storm(batches=4, size=6, kills=2, seed=4))


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(3))
def test_eight_writers_lose_nothing_however_long_it_storms(workers: LumbungServer, seed: int) -> None:
    weather(workers, Storm(batches=25, size=12, kills=8, seed=seed))


def test_two_workers_serve_and_end_with_the_process_that_started_them(own_server: LumbungServer) -> None:
    environment = {"LUMBUNG_DATABASE_URL": own_server.database_url, "LUMBUNG_WORKERS": "2"}
    with AsInstalled(own_server.var, environment=environment) as workers:
        phone = Phone(workers, roster(GUNTUNG).person.id)
        record = phone.log(activity(GUNTUNG))
        assert workers.stop() == 0
        workers.start()
        assert record in {entry.record for entry in phone.feed().entries}
