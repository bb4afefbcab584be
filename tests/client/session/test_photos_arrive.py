"""Photos of a phone reach the real server behind their records, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.gallery import photo_in
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, PhotoState
from lumbung_client.store.entries import Picture
from lumbung_client.sync.transport import Request, Response, Transport, Unreachable
from lumbung_shared.codec import from_wire
from lumbung_shared.forms import rows
from tests.client.fakes import FakeTimer
from tests.client.phones import settled
from tests.server.cameras import Hand, jpeg
from tests.server.phones import BONTANG, GUNTUNG, Phone, database, roster
from tests.servers import LumbungServer

KIND, FIELD = "produta-facilitation", "work_photos"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


@dataclass
class Wire:
    """The network of a phone: notes what goes over it, and breaks when a test wants it to."""

    inner: Transport
    said: list[Request] = field(default_factory=list)
    breaks: Callable[[Request], bool] = lambda _: False
    after: Callable[[Request], bool] = lambda _: False

    async def send(self, request: Request) -> Response:
        """Pass a request on; lose it, or its answer, if it is to break."""
        self.said.append(request)
        if self.breaks(request):
            raise Unreachable("no network")
        answer = await self.inner.send(request)
        if self.after(request):
            raise Unreachable("the answer was lost")
        return answer

    def methods(self) -> list[str]:
        """What was asked of uploads."""
        return [one.method for one in self.said if "photos" in one.path]

    def uploaded(self) -> int:
        """How many bytes of pictures were sent."""
        return sum(len(one.body) for one in self.said if "photos/uploads" in one.path)


@dataclass
class Opened:
    """A phone that is switched on."""

    session: Session
    wire: Wire
    timer: FakeTimer


@asynccontextmanager
async def phone(server: LumbungServer, folder: Path, person: str = "", network: str = "wifi") -> AsyncIterator[Opened]:
    """Switch a phone on, enrolled for a person if one is named."""
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    wire, timer = Wire(ports.transport), FakeTimer()
    session = await Session.open(replace(ports, timer=timer, transport=wire, network=lambda: network))
    try:
        if person:
            assert await session.enrol(server.invite(person)) is None
        await settled(session)
        yield Opened(session, wire, timer)
    finally:
        await session.close()


async def facilitation(session: Session, *photos: bytes) -> str:
    """Finish an activity with photos."""
    record = session.start_draft(KIND)
    for path, value in (("region", GUNTUNG), ("date", "2026-11-20"), ("stage", "planning"), ("work", "Parit")):
        session.answer(record, path, value)
    for content in photos:
        assert await session.photos.add(record, FIELD, content) is None
    assert session.finish(record) == ()
    return record


def pictures(session: Session) -> list[Picture]:
    return [from_wire(Picture, row) for _, row in session._store.rows("pictures")]


async def arrived(opened: Opened) -> None:
    """Wait until all photos are with the server; a timer that is waited for fires."""
    for _ in range(2_000):
        await settled(opened.session)
        if not opened.session.pictures.open():
            return
        if opened.session.carrier.reason or opened.session.status.reason:
            opened.timer.fire()
        await asyncio.sleep(0.005)
    raise AssertionError(pictures(opened.session))


def on_server(server: LumbungServer, name: str) -> bytes:
    return (server.var / "blobs" / name[:2] / name).read_bytes()


def test_photos_follow_their_record_small_copies_first_and_it_is_sent_when_they_are_there(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            record = await facilitation(opened.session, *(jpeg(seed, 1800, 1300) for seed in (1, 2, 3)))
            row = opened.session.activity(record)
            assert row is not None
            assert row.row.photos == 3
            await arrived(opened)
            held = pictures(opened.session)
            assert sorted(it.small for it in held) == [False] * 3 + [True] * 3
            begun = [one for one in opened.wire.said if one.method == "POST" and "photos" in one.path]
            sizes = [int(one.headers["Upload-Length"]) for one in begun]
            small = [it.size for it in held if it.small]
            assert sorted(sizes[:3]) == sorted(small)
            first = next(place for place, one in enumerate(opened.wire.said) if "photos" in one.path)
            assert any("sync" in one.path and one.body for one in opened.wire.said[:first])
            for it in held:
                content = await opened.session.pictures.read(it.sha256)
                assert content == on_server(server, it.sha256)
            row = opened.session.activity(record)
            assert row is not None
            assert (row.row.state, row.row.photos) == (ActivityState.SENT, 0)
            assert opened.wire.uploaded() == sum(it.size for it in held)

    asyncio.run(run())


def test_what_was_under_way_when_the_phone_died_goes_on_at_the_byte(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            chunks = 0

            def breaks(request: Request) -> bool:
                nonlocal chunks
                chunks += "photos/uploads" in request.path and len(request.body) >= 60_000
                return chunks > 2

            opened.wire.breaks = breaks
            await facilitation(opened.session, jpeg(11, 2400, 1800))
            for _ in range(400):
                await settled(opened.session)
                if opened.session.carrier.reason:
                    break
                await asyncio.sleep(0.005)
            assert opened.session.carrier.reason
            sent = opened.wire.uploaded()
        async with phone(server, tmp_path) as opened:
            await arrived(opened)
            whole = next(it for it in pictures(opened.session) if not it.small)
            assert opened.wire.methods()[0] == "HEAD"
            assert opened.wire.uploaded() + sent <= whole.size + 2 * 256 * 1024 + 40_000
            assert on_server(server, whole.sha256) == await opened.session.pictures.read(whole.sha256)

    asyncio.run(run())


def test_answers_that_are_lost_send_nothing_twice(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            turns = iter(range(10_000))
            opened.wire.after = lambda request: "photos" in request.path and next(turns) % 2 == 0
            await facilitation(opened.session, jpeg(21, 1800, 1300), jpeg(22, 1800, 1300))
            await arrived(opened)
            assert opened.wire.uploaded() == sum(it.size for it in pictures(opened.session))

    asyncio.run(run())


def test_on_mobile_data_only_small_copies_go_unless_somebody_asks(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id, network="mobile") as opened:
            opened.session.set_sparing(sparing=True)
            await facilitation(opened.session, jpeg(31, 1800, 1300))
            for _ in range(200):
                await settled(opened.session)
                if all(it.confirmed for it in pictures(opened.session) if it.small):
                    break
                await asyncio.sleep(0.005)
            assert {it.small: it.confirmed for it in pictures(opened.session)} == {True: True, False: False}
            assert opened.session.carrier.is_saving_data
            await opened.session.sync_now()
            await arrived(opened)

    asyncio.run(run())


def test_a_photo_that_was_paused_waits_until_somebody_says_otherwise(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            session = opened.session
            opened.wire.breaks = lambda request: "photos" in request.path
            record = await facilitation(session, jpeg(41, 1800, 1300), jpeg(42, 1800, 1300))
            await settled(session)
            view = session.activity(record)
            assert view is not None
            first, second = (photo_in(cells["photo"]) for cells in rows(FIELD, view.answers).values())
            assert first is not None
            assert second is not None
            session.carrier.pause(first)
            opened.wire.breaks = lambda _: False
            opened.timer.fire()
            for _ in range(400):
                await settled(session)
                if session.photos.waiting() == 1:
                    break
                await asyncio.sleep(0.005)
            way = session.carrier.way(first.sha256)
            assert way is not None
            assert way.state is PhotoState.PAUSED
            session.carrier.resume(first)
            await arrived(opened)

    asyncio.run(run())


def test_a_photo_that_is_asked_for_again_is_sent_once_more_and_no_other(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            record = await facilitation(opened.session, jpeg(51, 1800, 1300), jpeg(52, 1800, 1300))
            await arrived(opened)
            lost, kept = [it.sha256 for it in pictures(opened.session) if not it.small]
            (server.var / "blobs" / lost[:2] / lost).unlink()
            coordinator = Hand(Phone(server, roster(BONTANG).person.id))
            assert coordinator.phone.tell("photos/wanted", {"record": record, "sha256": lost}).status_code == 204
            opened.wire.said.clear()
            await opened.session.sync_now()
            await arrived(opened)
            assert on_server(server, lost) == await opened.session.pictures.read(lost)
            assert opened.wire.methods().count("POST") == 1
            assert kept != lost

    asyncio.run(run())


def test_a_restored_server_gets_the_photos_that_it_lost(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            await facilitation(opened.session, jpeg(61, 1800, 1300))
            await arrived(opened)
            names = [it.sha256 for it in pictures(opened.session)]
            server.stop()
            with database(server) as connection:
                for table in ("photo", "upload", "blob_holder", "blob"):
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608
                for table in ("feed", "write", "receipt", "record"):
                    connection.execute(f'DELETE FROM "{table}"')  # noqa: S608
            assert server.command("reconcile")[0] == 0
            server.start()
            await opened.session.sync_now()
            await arrived(opened)
            with database(server) as connection:
                found = {name for (name,) in connection.execute("SELECT sha256 FROM blob")}
            assert found == set(names)

    asyncio.run(run())
