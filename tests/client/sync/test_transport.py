"""The native transport against real sockets that behave badly."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from lumbung_client.sync.transport import Request, Response, Unreachable
from lumbung_client.sync.transport_native import NativeTransport

ASK = Request("POST", "/x", {"Content-Type": "application/json"}, b"{}")


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve one connection in a thread; yields the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(20)


def send(server: str, **times: float) -> Response:
    return asyncio.run(NativeTransport(server, **times).send(ASK))


def answering(data: bytes) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        received = b""
        while b"\r\n\r\n{}" not in received:
            received += connection.recv(4096)
        connection.sendall(data)

    return serve


def test_a_whole_answer_comes_back_decompressed_with_lower_case_headers() -> None:
    body = gzip.compress(b'{"a":1}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nX-Some: Thing\r\nContent-Length: {len(body)}\r\n\r\n"
    with listening(answering(head.encode() + body)) as server:
        answer = send(server)
    assert (answer.status, answer.body, answer.headers["x-some"]) == (200, b'{"a":1}', "Thing")


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable):
        send(f"http://127.0.0.1:{port}")


def test_a_connection_that_dies_in_the_middle_of_the_body_is_unreachable() -> None:
    with (
        listening(answering(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"half":')) as server,
        pytest.raises(Unreachable),
    ):
        send(server)


def test_a_connection_that_dies_in_the_middle_of_compressed_data_is_unreachable() -> None:
    half = gzip.compress(b"x" * 5000 + bytes(range(256)))[:-30]
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9999\r\n\r\n"
    with listening(answering(head + half)) as server, pytest.raises(Unreachable):
        send(server)


def test_a_server_that_never_answers_runs_into_the_time_out() -> None:
    release = threading.Event()

    def silent(_: socket.socket) -> None:
        release.wait(20)

    with listening(silent) as server:
        with pytest.raises(Unreachable):
            send(server, read=0.2)
        release.set()


def test_bytes_that_drip_for_ever_run_into_the_time_out_of_the_whole() -> None:
    release = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not release.wait(0.05):
            connection.sendall(b"x")

    async def ask(server: str) -> None:
        with pytest.raises(Unreachable):
            await NativeTransport(server, read=5, whole=0.5).send(ASK)
        release.set()

    with listening(drip) as server:
        asyncio.run(ask(server))


def test_a_redirect_is_not_followed() -> None:
    with listening(
        answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
    ) as at:
        assert send(at).status == 302


def test_the_loop_goes_on_during_a_request() -> None:
    release = threading.Event()

    def late(connection: socket.socket) -> None:
        release.wait(20)
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")(connection)

    async def ask(server: str) -> Response:
        request = asyncio.create_task(NativeTransport(server).send(ASK))
        await asyncio.sleep(0)
        release.set()  # reached only because the loop was not held up
        return await request

    with listening(late) as server:
        assert asyncio.run(ask(server)).status == 200
