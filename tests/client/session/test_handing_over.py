"""A locked phone hands over what it had not sent, keeps all of it, and says honestly how it stands."""

from __future__ import annotations

import asyncio
import gzip
import json

import pytest

from lumbung_client.session.handing_over import HANDOVER_PATH, _parts
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Failure, HandOverView, LockedView
from lumbung_client.store.entries import HANDED, Entry
from lumbung_client.store.local_store import Name
from lumbung_client.sync.plan import MAX_BATCH_BYTES
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.codec import from_wire
from lumbung_shared.handover import Handed, HandedWrite, HandOverRequest
from lumbung_shared.problems import Code
from lumbung_shared.writes import PhoneTime, Write
from tests.client.fakes import FakeServer, Phone, numbers, problem
from tests.client.phones import edited, enrolled, logged, opened, settled
from tests.client.session.test_locking import lock


def handed(server: FakeServer) -> list[HandOverRequest]:
    """What was handed over so far, request by request."""
    sent = [one for one in server.requests if one.path == HANDOVER_PATH]
    return [from_wire(HandOverRequest, json.loads(gzip.decompress(one.body))) for one in sent]


async def unsent(session: Session, server: FakeServer, *names: str) -> list[str]:
    """Log activities without a network, and let the phone hear then that its permission was withdrawn."""
    server.down = True
    records = [logged(session, name) for name in names]
    await settled(session)
    server.down = False
    await lock(session, server)
    return records


def became(server: FakeServer, state: Handed, *numbers_: int, code: str = "") -> None:
    """Let a coordinator decide about writes."""
    for name in [name for name in server.handed if name[1] in numbers_]:
        server.handed[name] = HandedWrite(name[1], state, code)


def test_what_was_handed_over_stays_on_the_phone_and_is_said_to_wait() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            await unsent(session, server, "Melati", "Mawar")
            assert session.handing_over.view == HandOverView(2, 0, 0, 0)
            assert await session.handing_over.send() is None
            (sent,) = handed(server)
            assert session.identity is not None
            assert (sent.replica, numbers(sent.writes)) == (session.identity.replica, [1, 2])
            assert sent.heard is not None
            assert session.handing_over.view == HandOverView(0, 2, 0, 0, 12, server.now)
            assert server.stored == {}
        async with opened(phone) as session:
            assert session.handing_over.view == HandOverView(0, 2, 0, 0, 12, server.now)
            assert [row.state for row in session.activities()] == [ActivityState.WAITING] * 2
            assert session.locked is not None

    asyncio.run(run())


def test_it_hears_what_the_coordinator_decided_and_keeps_everything_until_it_is_admitted_again() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            await unsent(session, server, "Melati", "Mawar", "Kenanga")
            await session.handing_over.send()
            became(server, Handed.RELEASED, 1)
            became(server, Handed.RELEASED, 2, code=Code.REGION_NOT_GRANTED)
            became(server, Handed.DISCARDED, 3, code=Code.HANDOVER_DISCARDED)
            await session.handing_over.send()
            assert session.handing_over.view == HandOverView(0, 0, 1, 2, 12, server.now)
            assert session.locked == LockedView(2, 0), "one of them is not on this phone alone any more"
            assert len(session.activities()) == 3
            assert await session.enrol(server.add("budi")) is None
            await settled(session)
            # Under the names under which they were handed over: the server knows by those what it has already.
            assert sorted(n for _, n in server.stored) == [1, 2, 3]
            assert {row.state for row in session.activities()} == {ActivityState.SENT}
            assert phone.server is server
            assert session.handing_over.view == HandOverView(0, 0, 0, 0)

    asyncio.run(run())


def test_what_the_release_did_not_store_is_not_counted_as_safe() -> None:
    """Another write stood under its name: this one is on the phone alone, and no code says why."""

    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            await unsent(session, server, "Melati", "Mawar")
            await session.handing_over.send()
            became(server, Handed.RELEASED, 1)
            became(server, Handed.REFUSED, 2)
            await session.handing_over.send()
            assert session.handing_over.view == HandOverView(0, 0, 1, 1, 12, server.now)
            assert session.locked == LockedView(1, 0)

    asyncio.run(run())


def test_an_edit_after_readmission_is_a_write_of_its_own() -> None:
    """What was handed over may be stored under its name meanwhile: it does not change any more."""

    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            (record,) = await unsent(session, server, "Melati")
            await session.handing_over.send()
            server.down = True
            assert isinstance(await session.enrol("x"), Failure)
            server.down = False
            code = server.add("budi")
            server.answers = [None, problem(Code.SERVER_BUSY, 503)]
            assert await session.enrol(code) is None
            await settled(session)
            edited(session, record, agenda="Melati II")
            await session.sync_now()
            assert sorted(n for _, n in server.stored) == [1, 2]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (problem(Code.HANDOVER_NOT_ALLOWED, 403), Code.HANDOVER_NOT_ALLOWED),
        (problem(Code.HANDOVER_FULL, 413), Code.HANDOVER_FULL),
        (problem(Code.TOKEN_EXPIRED, 401), Code.TOKEN_EXPIRED),
        (Response(200, {"content-type": "text/html"}, b"<html>"), Code.NOT_LUMBUNG),
    ],
)
def test_what_the_server_did_not_take_is_not_said_to_wait(answer: Response, code: Code) -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            await unsent(session, server, "Melati")
            server.answers = [answer]
            failure = await session.handing_over.send()
            assert failure is not None
            assert failure.code == code
            assert session.handing_over.view == HandOverView(1, 0, 0, 0)
            assert session.locked is not None
            assert not session.handing_over.busy
            server.down = True
            assert await session.handing_over.send() == Failure(Code.SERVER_UNREACHABLE)

    asyncio.run(run())


def test_a_second_tap_while_it_is_under_way_sends_nothing_more() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            await unsent(session, server, "Melati")
            answered = server.send

            async def slowly(request: Request) -> Response:
                await asyncio.sleep(0)
                return await answered(request)

            session._ports.transport._transport.send = slowly  # type: ignore[attr-defined]
            first, second = await asyncio.gather(session.handing_over.send(), session.handing_over.send())
            assert (first, second) == (None, None)
            assert len(handed(server)) == 1

    asyncio.run(run())


def test_nothing_is_handed_over_before_anybody_was_here() -> None:
    async def run() -> None:
        async with opened(Phone(FakeServer())) as session:
            assert session.handing_over.view == HandOverView(0, 0, 0, 0)
            assert await session.handing_over.send() is None

    asyncio.run(run())


def test_whoever_signs_in_afterwards_hears_nothing_of_it() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            await unsent(session, server, "Melati")
            await session.handing_over.send()
            assert await session.enrol(server.add("budi")) is None
            await settled(session)
            assert await session.sign_out() is None
            assert session._store.get(Name.META, HANDED) is None

    asyncio.run(run())


def entry(n: int, size: int = 10) -> Entry:
    return Entry(Write(n, "r", "other", 1, {"notes": "x" * size}, PhoneTime(0)), 0)


def test_it_goes_in_requests_that_the_server_takes() -> None:
    many = [entry(n) for n in range(1, 452)]
    assert [len(part) for part in _parts(many)] == [200, 200, 51]
    assert [one for part in _parts(many) for one in part] == many
    large = MAX_BATCH_BYTES // 2
    sizes = [[it.write.n for it in part] for part in _parts([entry(1, large), entry(2, large), entry(3), entry(4)])]
    assert sizes == [[1], [2, 3, 4]]
    assert [[it.write.n for it in part] for part in _parts([entry(1, 3 * large), entry(2)])] == [[1], [2]]
    assert list(_parts([])) == []
