"""Ask a server over HTTP, many phones in one process, a connection for each request, at little cost to who asks."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Job: TypeAlias = Callable[[], Awaitable[T]]

PATIENCE_SECONDS = 120
_GZIP = 31
_READ_AHEAD = 1 << 20


@dataclass(frozen=True)
class Answer:
    """What came back. `packed`: whether the body is compressed, as the server sent it."""

    status: int
    packed: bool
    body: bytes

    def unpacked(self) -> bytes:
        """Return the body as it was meant."""
        return zlib.decompress(self.body, _GZIP) if self.packed else self.body


async def ask(port: int, method: str, path: str, token: str = "", body: bytes = b"") -> Answer:
    """Send one request over a connection of its own and return the whole answer. Raises OSError, TimeoutError."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Encoding: gzip", "Connection: close"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", "Content-Encoding: gzip", f"Content-Length: {len(body)}"]
    async with asyncio.timeout(PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_READ_AHEAD)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            return await _answer(reader)
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> Answer:
    try:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        named = (line.partition(":") for line in lines if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in named}
        if headers.get("transfer-encoding") == "chunked":
            body = await _chunks(reader)
        else:
            body = await reader.readexactly(int(headers.get("content-length", "0")))
    except asyncio.IncompleteReadError as error:
        raise ConnectionResetError("the answer is not whole") from error
    return Answer(int(first.split()[1]), headers.get("content-encoding") == "gzip", body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    pieces = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        pieces.append((await reader.readexactly(size + 2))[:-2])
    return b"".join(pieces)


async def by_turns(jobs: Sequence[Job[T]], senders: int) -> list[T]:
    """Let so many senders do the jobs, each the next one as soon as it is done with its last (a closed loop)."""
    waiting, results = iter(enumerate(jobs)), dict[int, T]()

    async def send() -> None:
        for place, job in waiting:
            results[place] = await job()

    async with asyncio.TaskGroup() as group:
        for _ in range(senders):
            group.create_task(send())
    return [results[place] for place in range(len(jobs))]


async def on_time(jobs: Sequence[Job[T]], at: Sequence[float]) -> list[tuple[float, T]]:
    """Begin each job at its time, whatever became of those before it (an open loop).

    `at`: seconds from now. Returns beside each result the seconds that passed since it was to begin: one that was
    begun late, because this process was busy, counts as slow, too.
    """
    begun = time.perf_counter()

    async def do(job: Job[T], due: float) -> tuple[float, T]:
        await asyncio.sleep(begun + due - time.perf_counter())
        result = await job()
        return time.perf_counter() - begun - due, result

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(do(job, due)) for job, due in zip(jobs, at, strict=True)]
    return [task.result() for task in tasks]
