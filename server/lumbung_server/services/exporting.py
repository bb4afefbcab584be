"""Give the activities of a region as a file that is sent while it is made: pages in, chunks out, one at a time.

Nothing is held between two pages, no transaction either: how much is exported changes nothing but the time.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from typing import Protocol

from lumbung_server.db.connections import reading
from lumbung_server.exports.csv_file import CsvFile
from lumbung_server.exports.geojson import GeoJson
from lumbung_server.exports.json_lines import JsonLines
from lumbung_server.exports.raw import Names, RawRecord
from lumbung_server.refusal import Refusal
from lumbung_server.repositories.exporting import exported_homes
from lumbung_server.services.audit import Actor, AuditAct, Details, note_alone
from lumbung_server.services.callers import Caller
from lumbung_server.services.feed import FeedQuery, wanted_by
from lumbung_server.services.reading_out import Directory, forms_of, pages
from lumbung_server.services.site import Site
from lumbung_shared.forms import Form
from lumbung_shared.problems import Code

WAITING_SECONDS = 20.0
"""So long somebody waits for others' files to be finished."""
STALLED_SECONDS = 120.0
"""Who takes no chunk for so long has gone away without saying so."""
_LEVEL = 1
"""Of compression: higher ones take longer than all else."""


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class Writer(Protocol):
    """A kind of file in the making."""

    def begin(self) -> bytes:
        """Return what stands before the records."""

    def page(self, records: Iterable[RawRecord], names: Names) -> bytes:
        """Return records as the file holds them."""

    def end(self) -> bytes:
        """Return what stands behind the records."""


WRITERS: dict[str, Callable[[Iterable[Form], bool], Writer]] = {
    "csv": lambda forms, marked: CsvFile(forms, marked=marked),
    "geojson": lambda forms, _: GeoJson(forms),
    "jsonl": lambda _forms, _: JsonLines(),
}
"""By the end of the file's name; the second argument: whether a mark tells that it is UTF-8."""


@dataclass(frozen=True)
class Wish:
    """What a file is to be. `kind`: of `WRITERS`; `packed`: it is sent as gzip; `marked`: a mark tells its encoding."""

    kind: str
    packed: bool = False
    marked: bool = True


async def export(site: Site, caller: Caller, query: FeedQuery, wish: Wish) -> AsyncIterator[bytes]:
    """Return the chunks of a file of the activities that match, homes one after the other, newest made first.

    Raises Refusal before the first of them: forbidden (who is no coordinator), filter-malformed, server-busy.
    """
    chunks = _chunks(site, caller, query, wish)
    # Whatever there is to refuse is refused here, as long as an answer can say so.
    first = await anext(chunks)
    return together(first, chunks)


@asynccontextmanager
async def turn(site: Site) -> AsyncIterator[None]:
    """Wait for one's turn to make a file: it takes a thread and the processor. Raises Refusal: server-busy."""
    try:
        await asyncio.wait_for(site.exports.acquire(), WAITING_SECONDS)
    except TimeoutError:
        raise Refusal(Code.SERVER_BUSY, retry_after=int(WAITING_SECONDS)) from None
    try:
        yield
    finally:
        site.exports.release()


async def note_export(site: Site, caller: Caller, query: FeedQuery, kind: str) -> None:
    """Take down who exports what, before any of it leaves. Raises Busy."""
    asked: Details = {name: value for name, value in asdict(query).items() if value and name != "region"}
    details: Details = {**asked, "file": kind}
    await note_alone(site, Actor(caller.person), AuditAct.EXPORT, region=query.region, details=details)


async def _chunks(site: Site, caller: Caller, query: FeedQuery, wish: Wish) -> AsyncGenerator[bytes, None]:
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    async with turn(site):
        async with reading(site.engine, at_length=True) as connection:
            wanted = await wanted_by(connection, site, caller.coordinated, query)
            places = await exported_homes(connection, wanted)
            forms = await forms_of(connection, site, wanted)
        await note_export(site, caller, query, wish.kind)
        writer = WRITERS[wish.kind](forms, wish.marked)
        packer = zlib.compressobj(_LEVEL, wbits=31) if wish.packed else None
        with watched():
            yield _packed(packer, writer.begin())
        directory = Directory(site)
        async for page in pages(site, wanted, places, directory):
            # In a thread: other requests go on meanwhile.
            chunk = await asyncio.to_thread(_chunk, packer, writer, page, directory.names)
            with watched():
                yield chunk
        yield _packed(packer, writer.end()) + (packer.flush() if packer else b"")


async def together(first: bytes, others: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    """Yield the first chunk and all others, and close what makes them whatever happens."""
    async with aclosing(others):
        yield first
        async for chunk in others:
            yield chunk


def _chunk(packer: _Packer | None, writer: Writer, page: Sequence[RawRecord], names: Names) -> bytes:
    return _packed(packer, writer.page(page, names))


def _packed(packer: _Packer | None, chunk: bytes) -> bytes:
    return packer.compress(chunk) if packer else chunk


@contextmanager
def watched() -> Iterator[None]:
    """End the request when whoever asked takes nothing for long: others wait for the turn."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  # generators are run by tasks
    alarm = asyncio.get_running_loop().call_later(STALLED_SECONDS, task.cancel)
    try:
        yield
    finally:
        alarm.cancel()
