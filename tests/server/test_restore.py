"""A server that comes back from a backup: phones bring what it lost, with proof, and nothing twice.

Real server processes, real HTTP, phones with their whole session on real files, on both databases. The old one is
put back as an operator should, and as one does who knows no command for it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, FeedFilter, FeedView, SyncPhase
from lumbung_client.store.entries import Sent
from lumbung_client.store.local_store import Name
from lumbung_shared.canonical import canonical_bytes
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.records import RecordState, state_digest, values
from lumbung_shared.writes import batch_root, write_digest
from tests.client.fakes import FakeTimer
from tests.client.phones import edited, logged, settled
from tests.databases import SQLITE, Cluster
from tests.server.phones import BONTANG, GUNTUNG, LOK_TUAN, add_code, add_person, database, roster
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True


@dataclass
class Operator:
    """Somebody who saves the database while the server runs, and puts it back: with the commands, or without."""

    server: LumbungServer
    folder: Path
    cluster: Cluster | None
    knows_commands: bool

    def save(self) -> None:
        file = self.folder / "cadangan"
        if self.cluster is not None:
            self.cluster.dump(self.server.database_url, file)
        else:
            exit_code, said = self.server.command("backup", file)
            assert exit_code == 0, said

    def put_back(self) -> None:
        """Kill the server, put the old database in its place, start again."""
        file, path = self.folder / "cadangan", self.server.var / "lumbung.sqlite3"
        if self.cluster is None and self.knows_commands:
            refused, said = self.server.command("restore", file, "--replace")
            assert (refused, "sedang dipakai" in said) == (1, True)
        self.server.kill()
        if self.cluster is not None:
            self.cluster.put_back(self.server.database_url, file)
            if self.knows_commands:
                exit_code, said = self.server.command("reconcile")
                assert exit_code == 0, said
        elif self.knows_commands:
            exit_code, said = self.server.command("restore", file, "--replace")
            assert exit_code == 0, said
        else:
            for ending in ("-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            shutil.copyfile(file, path)
        self.server.start()


@pytest.fixture(params=[True, False], ids=["with the command", "without it"])
def operator(own_server: LumbungServer, kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Operator:
    cluster = None if kind == SQLITE else request.getfixturevalue("cluster")
    return Operator(own_server.start(), tmp_path, cluster, request.param)


@dataclass
class Handset:
    """A phone with its session; time passes for it when a test says so."""

    session: Session
    timer: FakeTimer = field(default_factory=FakeTimer)

    async def sync(self) -> None:
        """Sync as the phone does by itself, when its time has come."""
        self.timer.fire()
        await settled(self.session)


class Shop:
    """Where the phones of a test come from."""

    def __init__(self, server: LumbungServer, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._stack = AsyncExitStack()
        self.sold: list[Handset] = []

    async def __aenter__(self) -> Shop:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def phone(self, person: str = "") -> Handset:
        """A phone, enrolled for a person if one is named, that has read the news."""
        timer = FakeTimer()
        data = self._folder / f"ponsel-{len(self.sold)}"
        ports = native_ports({"LUMBUNG_DATA": str(data), "LUMBUNG_SERVER": self._server.base_url})
        session = await Session.open(replace(ports, timer=timer))
        self._stack.push_async_callback(session.close)
        made = Handset(session, timer)
        if person:
            assert await session.enrol(add_code(self._server, person)) is None
            await settled(session)
            self.sold.append(made)
        return made

    async def chief(self) -> Handset:
        """The browser of the coordinator of Kota Bontang."""
        login = next(one for one in self._server.demo["logins"] if one["region"] == BONTANG)
        made = await self.phone()
        assert await made.session.login(login["login"], login["password"]) is None
        await settled(made.session)
        self.sold.append(made)
        return made

    async def sync_all(self, rounds: int = 1, *, reverse: bool = False) -> None:
        for _ in range(rounds):
            for phone in reversed(self.sold) if reverse else self.sold:
                await phone.sync()


@dataclass(frozen=True)
class Stored:
    """What a server holds: name to digest of every write, every record's state, roots of receipts."""

    writes: dict[tuple[str, int], str]
    states: dict[str, RecordState]
    receipts: dict[tuple[str, int], str]

    @property
    def digests(self) -> dict[str, str]:
        return {record: state_digest(state) for record, state in self.states.items()}


def stored(server: LumbungServer) -> Stored:
    with database(server) as connection:
        writes = connection.execute("SELECT replica, n, digest FROM write").fetchall()
        states = [from_wire(RecordState, json.loads(one)) for (one,) in connection.execute("SELECT state FROM record")]
        receipts = connection.execute("SELECT home, number, root FROM receipt").fetchall()
    return Stored(
        {(replica, n): digest for replica, n, digest in writes},
        {state.record: state for state in states},
        {(str(home), number): root for home, number, root in receipts},
    )


def check_proofs(server: LumbungServer, phone: Handset) -> None:
    """Every write that the phone calls sent is in a receipt, which the server signed over this content and holds."""
    keys = requests.get(f"{server.base_url}/api/v1/receipt-keys", timeout=30).json()["keys"]
    held = stored(server)
    content = phone.session._content
    sent = {(one.replica, one.write.n): one for one in (from_wire(Sent, row) for _, row in content.rows(Name.SENT))}
    proven: set[tuple[str, int]] = set()
    for receipt in phone.session.receipts(1_000):
        unsigned = {name: value for name, value in to_wire(receipt).items() if name != "signature"}
        public = Ed25519PublicKey.from_public_bytes(_bytes(keys[receipt.key]))
        public.verify(_bytes(receipt.signature), canonical_bytes(unsigned))
        digests = [write_digest(receipt.replica, sent[receipt.replica, n].write) for n in receipt.numbers]
        assert batch_root(digests) == receipt.root
        if held.receipts.get((receipt.home, receipt.number)) == receipt.root:
            proven.update((receipt.replica, n) for n in receipt.numbers)
    assert set(sent) <= proven, "a receipt of the server as it is now covers it"


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_shown(server: LumbungServer, phone: Handset) -> None:
    """What a phone shows as confirmed of this person's records is what the server holds."""
    held = stored(server)
    content = phone.session._content
    assert phone.session.waiting() == []
    assert phone.session.status.phase is not SyncPhase.STOPPED
    for record, _ in content.rows(Name.RECORDS):
        state = content.confirmed(record)
        assert state is not None
        assert state_digest(state) == held.digests[record], record
    alive = {record for record, state in held.states.items() if values(state).get("$deleted") is not True}
    assert {record for record, _ in content.rows(Name.RECORDS)} == alive


@dataclass
class Town:
    """Who works in the story: two phones of one cadre, a neighbour's, the coordinator's."""

    shop: Shop
    one: Handset
    two: Handset
    three: Handset
    chief: Handset


@asynccontextmanager
async def town(operator: Operator, folder: Path) -> AsyncIterator[Town]:
    server = operator.server
    ani = add_person(server, "ani", (GUNTUNG, "cadre"), (LOK_TUAN, "cadre"))
    async with Shop(server, folder) as shop:
        one, two = await shop.phone(ani), await shop.phone(ani)
        yield Town(shop, one, two, await shop.phone(roster(LOK_TUAN).person.id), await shop.chief())


async def apart(server: LumbungServer, *edits: tuple[Handset, Callable[[Session], object]]) -> None:
    """Have phones do something none of which the others know yet, and sync afterwards."""
    server.pause()
    try:
        for phone, edit in edits:
            edit(phone.session)
    finally:
        server.resume()
    for phone, _ in edits:
        await settled(phone.session)


@pytest.mark.parametrize("reverse", [False, True], ids=["author first", "author last"])
def test_everything_after_the_backup_is_there_again_with_proof_and_nothing_twice(
    operator: Operator, tmp_path: Path, reverse: bool
) -> None:
    async def run() -> None:
        server = operator.server
        async with town(operator, tmp_path) as at:
            one, two, three, chief = at.one.session, at.two.session, at.three.session, at.chief.session
            kept, changed, gone, moved = (
                logged(one, name, region=GUNTUNG) for name in ("Tetap", "Diubah", "Dihapus", "Pindah")
            )
            theirs = logged(three, "Tetangga")
            await at.shop.sync_all(2)
            operator.save()
            before = stored(server)

            fresh = logged(one, "Baru", region=GUNTUNG)
            await at.shop.sync_all()
            await apart(
                server,
                (at.one, lambda it: edited(it, changed, place="Balai")),
                (at.two, lambda it: edited(it, changed, place="Rumah")),
            )
            await at.shop.sync_all(2)
            assert {row.record: row.state for row in one.activities()}[changed] is ActivityState.DISPUTED
            chief.settle(changed, "place", "Balai RT 05")
            edited(two, fresh, place="Lapangan")
            one.delete(gone)
            edited(one, moved, region=LOK_TUAN)
            edited(three, theirs, notes="Hujan")
            late = await at.shop.phone(roster(GUNTUNG, 1).person.id)
            last = logged(late.session, "Terakhir")
            await at.shop.sync_all(3)
            after = stored(server)
            assert set(after.states) == {kept, changed, gone, moved, theirs, fresh, last}
            assert len(after.writes) > len(before.writes)

            operator.put_back()
            assert stored(server).writes == before.writes
            await late.sync()
            assert (late.session.status.phase, late.session.status.reason) == (SyncPhase.STOPPED, "token-unknown")
            assert [row.record for row in late.session.activities()] == [last], "nothing left the phone"
            assert await late.session.enrol(add_code(server, roster(GUNTUNG, 1).person.id)) is None
            await settled(late.session)
            await at.shop.sync_all(4, reverse=reverse)

            again = stored(server)
            assert again.writes == after.writes, "every write under its name, as it was said, and no other"
            assert again.digests == after.digests
            for phone in at.shop.sold:
                assert phone.session.waiting() == []
                check_proofs(server, phone)
            for phone in (at.one, at.two, at.chief):
                check_shown(server, phone)
            assert values(again.states[changed])["place"] == "Balai RT 05"
            page = await chief.feed(FeedFilter())
            assert isinstance(page, FeedView)
            assert {entry.record for entry in page.entries} == {kept, changed, moved, theirs, fresh, last}
            assert {row.record: row.state for row in one.activities()} == dict.fromkeys(
                (kept, changed, moved, fresh), ActivityState.SENT
            )

    asyncio.run(run())


def test_what_others_write_first_on_the_old_database_hides_nothing(operator: Operator, tmp_path: Path) -> None:
    async def run() -> None:
        server = operator.server
        async with town(operator, tmp_path) as at:
            operator.save()
            lost = [logged(at.one.session, name, region=GUNTUNG) for name in ("Melati", "Mawar")]
            await at.shop.sync_all(2)
            operator.put_back()
            # The counters pass the place up to which everybody had read.
            made = [logged(at.three.session, f"Tetangga {n}") for n in range(9)]
            await at.shop.sync_all(3)
            assert set(stored(server).states) == {*lost, *made}
            for phone in (at.one, at.two, at.chief):
                check_shown(server, phone)

    asyncio.run(run())


def test_a_record_taken_back_and_a_lost_answer_across_a_restore_end_alike(operator: Operator, tmp_path: Path) -> None:
    async def run() -> None:
        server = operator.server
        async with town(operator, tmp_path) as at:
            one, two = at.one.session, at.two.session
            early, known = (logged(one, f"Dihapus sebelum cadangan {n}", region=GUNTUNG) for n in range(2))
            await at.shop.sync_all(2)
            two.delete(known)
            await at.shop.sync_all(2)
            two.delete(early)
            await at.two.sync()
            operator.save()
            # Nobody else has heard of this deletion yet; all have heard of the other one.
            back = logged(two, "Dihapus sesudah cadangan", region=GUNTUNG)
            await at.shop.sync_all()
            two.delete(back)
            await at.two.sync()
            operator.put_back()
            await at.shop.sync_all(4)
            assert one.activities() == two.activities() == []
            for phone in (at.one, at.two, at.chief):
                check_shown(server, phone)

    asyncio.run(run())


def test_a_rolled_back_server_that_nobody_saw_more_of_begins_no_epoch(operator: Operator, tmp_path: Path) -> None:
    async def run() -> None:
        server = operator.server
        async with town(operator, tmp_path) as at:
            record = logged(at.one.session, "Melati", region=GUNTUNG)
            await at.shop.sync_all(2)
            epoch = at.one.session._content.place.epoch
            operator.save()
            operator.put_back()
            await at.shop.sync_all(2)
            assert (at.one.session._content.place.epoch == epoch) == (not operator.knows_commands)
            assert set(stored(server).states) == {record}
            for phone in at.shop.sold:
                check_proofs(server, phone)

    asyncio.run(run())
