"""A proxy, a portal or a dying link between phone and server says 200 all the same: nothing counts as sent by that."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest

from lumbung_client.session.ports import Ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, SyncPhase
from lumbung_client.sync.transport import Request, Response
from lumbung_client.sync.transport_native import NativeTransport
from lumbung_shared.problems import Code
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import logged, opened, settled

Lie = Callable[[bytes], bytes]
"""From the server's true answer to the bytes that reach the phone before the connection ends."""
JSON_TYPE = "Content-Type: application/json\r\n"
PORTAL = b"<html><title>Selamat datang</title><p>Silakan masuk ke Wi-Fi Balai Desa</p></html>"


def answer(body: bytes, headers: str = JSON_TYPE, status: str = "200 OK", length: int | None = None) -> bytes:
    told = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {told}\r\nConnection: close\r\n\r\n".encode() + body


def chunked(body: bytes, ending: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\n{JSON_TYPE}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
    return head + b"%x\r\n%b\r\n" % (len(body), body) + ending


def packed(body: bytes, length: int | None = None, kept: int | None = None) -> bytes:
    cut = gzip.compress(body)[:kept]
    return answer(cut, f"{JSON_TYPE}Content-Encoding: gzip\r\n", length=len(cut) if length is None else length)


def until_the_end(body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\n{JSON_TYPE}Connection: close\r\n\r\n".encode() + body


LIES: dict[str, Lie] = {
    "nothing at all": lambda _: b"",
    "half a status line": lambda _: b"HTTP/1.1 2",
    "headers and no end of them": lambda _: b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
    "headers alone": lambda body: answer(b"", length=len(body)),
    "a body that is too short for its length": lambda body: answer(body[:-40], length=len(body)),
    "a body of which one byte is missing": lambda body: answer(body[:-1], length=len(body)),
    "a length that was made to fit half a body": lambda body: answer(body[: len(body) // 2]),
    "a length that cuts the last byte off": lambda body: answer(body, length=len(body) - 1),
    "a whole body that is said to be longer": lambda body: answer(body, length=len(body) + 1),
    "an empty 200": lambda _: answer(b""),
    "an empty 200 without a type": lambda _: answer(b"", headers=""),
    "204": lambda _: b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
    "204 of the right type": lambda _: b"HTTP/1.1 204 No Content\r\n" + JSON_TYPE.encode() + b"\r\n",
    "206": lambda body: answer(body, status="206 Partial Content"),
    "201": lambda body: answer(body, status="201 Created"),
    "302 with the answer in it": lambda body: answer(body, f"{JSON_TYPE}Location: /\r\n", "302 Found"),
    "304": lambda _: b"HTTP/1.1 304 Not Modified\r\n" + JSON_TYPE.encode() + b"\r\n",
    "a portal's page": lambda _: answer(PORTAL, "Content-Type: text/html\r\n"),
    "a portal's page that is said to be JSON": lambda _: answer(PORTAL),
    "the answer said to be a page": lambda body: answer(body, "Content-Type: text/html\r\n"),
    "no length, and the end in the middle": lambda body: until_the_end(body[: len(body) // 2]),
    "no length, and nothing": lambda _: until_the_end(b""),
    "chunks without their end": lambda body: chunked(body, b""),
    "chunks that end in a chunk": lambda body: chunked(body[:100], b"ff\r\n" + body[100:120]),
    "chunks that end early": lambda body: chunked(body[: len(body) // 2], b"0\r\n\r\n"),
    "chunks that are empty": lambda _: chunked(b"", b""),
    "chunks of nonsense": lambda body: chunked(body[:10], b"zz\r\n"),
    "packed and cut": lambda body: packed(body, length=9_999, kept=-30),
    "packed, cut, and a length that fits": lambda body: packed(body, kept=60),
    "packed and empty": lambda body: packed(body, kept=0),
    "said to be packed and plain": lambda body: answer(body, f"{JSON_TYPE}Content-Encoding: gzip\r\n"),
    "null": lambda _: answer(b"null"),
    "an empty object": lambda _: answer(b"{}"),
    "an empty list": lambda _: answer(b"[]"),
    "more brackets than anybody opens": lambda _: answer(b"[" * 200_000),
    "bytes that are no text": lambda body: answer(body.replace(b"accepted", b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8")),
    "another answer of the server": lambda _: answer(b'{"token":"x","epoch":"e1","now":1}'),
    "an answer without its page": lambda body: answer(_without(body, "page")),
    "an answer without its outcomes": lambda body: answer(_without(body, "outcomes")),
    "outcomes of other writes": lambda body: answer(body.replace(b'"n": 1,', b'"n": 7,')),
}


def _without(body: bytes, key: str) -> bytes:
    return json.dumps({name: value for name, value in json.loads(body).items() if name != key}).encode()


class LyingNetwork:
    """The way to the server: real sockets, and as long as `lie` is set nothing true comes back over them."""

    def __init__(self, server: FakeServer) -> None:
        self._server = server
        self.lie: Lie | None = None
        self.lied = 0

    async def send(self, request: Request) -> Response:
        true = await self._server.send(request)
        if self.lie is None:
            return true
        self.lied += 1
        with serving(self.lie(true.body)) as address:
            return await NativeTransport(address, connect=5, read=5, whole=10).send(request)


class PhoneBehind(Phone):
    """A phone that reaches its server over such a network."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.network = LyingNetwork(self.server)

    def ports(self) -> Ports:
        return replace(super().ports(), transport=self.network)


@contextlib.contextmanager
def serving(data: bytes) -> Iterator[str]:
    """A listener that takes one whole request, sends these bytes and ends the connection."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as received:
            length = 0
            while (line := received.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            received.read(length)
            connection.sendall(data)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


@contextlib.asynccontextmanager
async def behind_a_lying_network() -> AsyncIterator[tuple[Session, LyingNetwork, Phone]]:
    phone = PhoneBehind(FakeServer())
    async with opened(phone) as session:
        assert await session.enrol(phone.server.add("budi")) is None
        await settled(session)
        yield session, phone.network, phone


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_is_not_whole_and_true_marks_nothing_as_sent(lie: str) -> None:
    async def run() -> None:
        async with behind_a_lying_network() as (session, network, phone):
            before = session.status.last_success
            network.lie = LIES[lie]
            record = logged(session, "Melati")
            await settled(session)
            assert network.lied == 1
            assert len(phone.server.stored) == 1, "the server has it: only its word does not get through"
            assert [(row.record, row.state) for row in session.waiting()] == [(record, ActivityState.WAITING)]
            # These two are whole answers, and their receipts are true; they say nothing of what was sent.
            told = lie in ("an answer without its outcomes", "outcomes of other writes")
            assert told or session.receipts() == []
            assert session.status.phase is SyncPhase.RETRYING
            assert session.status.reason in (Code.SERVER_UNREACHABLE, Code.NOT_LUMBUNG, Code.SERVER_ERROR)
            assert told or session.status.last_success == before
            network.lie = None
            phone.timer.fire()
            await settled(session)
            assert [row.state for row in session.activities()] == [ActivityState.SENT]
            assert len(session.receipts()) == 1
            assert len(phone.server.stored) == 1

    asyncio.run(run())


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_is_not_whole_and_true_admits_nobody(lie: str) -> None:
    async def run() -> None:
        phone = PhoneBehind(FakeServer())
        async with opened(phone) as session:
            phone.network.lie = LIES[lie]
            failure = await session.enrol(phone.server.add("budi"))
            # An admission is answered 201: told so, it is true.
            assert (failure is None) == (lie == "201")
            assert (session.identity is None) == (lie != "201")
            phone.network.lie = None
            await settled(session)

    asyncio.run(run())


def test_the_same_answer_told_truly_is_taken() -> None:
    async def run() -> None:
        async with behind_a_lying_network() as (session, network, _):
            network.lie = answer
            for way in (answer, packed, until_the_end, lambda body: chunked(body, b"0\r\n\r\n")):
                network.lie = way
                logged(session)
                await settled(session)
                assert session.waiting() == []
            assert network.lied == 4

    asyncio.run(run())
