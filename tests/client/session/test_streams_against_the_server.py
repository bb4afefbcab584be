"""Streams of the real server as a phone reads them, and servers that open none."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from lumbung_client.session.feed_watch import Event, events
from lumbung_client.sync.transport import EVENTS, Request, Unreachable
from lumbung_client.sync.transport_native import NativeStreams
from tests.client.sync.test_transport import listening
from tests.server.phones import GUNTUNG, Phone, activity, roster
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


def test_what_the_server_tells_is_heard_as_it_happens(server: LumbungServer) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    asked = Request("GET", "/api/v1/live", {"Authorization": f"Bearer {phone.token}", "Accept": EVENTS})

    async def run() -> list[Event]:
        heard = []
        async with asyncio.timeout(20), aclosing(NativeStreams(server.base_url).lines(asked)) as lines:
            async for event in events(lines):
                heard.append(event)
                if len(heard) == 2:
                    return heard
                await asyncio.to_thread(phone.log, activity(GUNTUNG))
        return heard

    assert [event.name for event in asyncio.run(run())] == ["here", "news"]


def lines_of(server: str, path: str = "/api/v1/live", **times: float) -> list[str]:
    async def run() -> list[str]:
        return [line async for line in NativeStreams(server, **times).lines(Request("GET", path))]

    return asyncio.run(run())


def test_a_refusal_is_no_stream(server: LumbungServer) -> None:
    with pytest.raises(Unreachable, match="401"):
        lines_of(server.base_url)


def test_a_page_that_answers_everything_is_no_stream(server: LumbungServer) -> None:
    with pytest.raises(Unreachable):
        lines_of(server.base_url, "/healthz")


def test_a_stream_that_falls_silent_or_breaks_off_is_unreachable() -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {EVENTS}\r\nContent-Length: 999\r\n\r\nevent: here\n\n".encode()

    def breaking(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(head)

    def silent(connection: socket.socket) -> None:
        breaking(connection)
        connection.recv(4096)

    for serve in (breaking, silent):
        with listening(serve) as address, pytest.raises(Unreachable):
            lines_of(address, quiet=0.3)
