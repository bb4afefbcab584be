"""Hearing of news in the feed: what a stream says, what happens when there is none, and what counts as new."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from lumbung_client.session import feed_watch
from lumbung_client.session.feed_watch import Event, FeedWatch, events
from lumbung_client.session.views import FeedFilter, FeedView
from lumbung_client.sync.transport import Request, Unreachable
from lumbung_shared.protocol import FeedEntry, FeedPage, Grant, Person
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import opened, settled


@dataclass
class Told:
    """Streams that say what a test gives them, one after the other; then none can be opened."""

    streams: list[Sequence[str]]
    asked: list[Request] = field(default_factory=list)
    closed: int = 0

    async def lines(self, request: Request) -> AsyncGenerator[str, None]:
        self.asked.append(request)
        if not self.streams:
            raise Unreachable
        try:
            for line in self.streams.pop(0):
                await asyncio.sleep(0)
                yield line
        finally:
            self.closed += 1


async def lines_of(text: str) -> AsyncIterator[str]:
    for line in text.split("\n"):
        yield line


def test_events_are_read_as_the_server_writes_them_and_anything_else_is_passed_over() -> None:
    said = "id: 7\nevent: here\ndata: {}\n\n: .\n\ndata: x\n\nretry: 5\nevent:news\nid: 8\n\nevent: cut"

    async def run() -> list[Event]:
        return [one async for one in events(lines_of(said))]

    assert asyncio.run(run()) == [Event("here", "7"), Event("news", "8")]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ASK_SECONDS", "AGAIN_SECONDS", "MOST_SECONDS"):
        monkeypatch.setattr(feed_watch, name, 0.001)


async def looks(streams: Told | None, count: int) -> None:
    """Watch as an admitted phone until something was looked for so often."""
    server = FakeServer()
    server.add("siti", Grant("64.74", "regency-coordinator"))
    seen = asyncio.Semaphore(0)

    async def look() -> None:
        seen.release()

    async with opened(Phone(server)) as siti:
        assert await siti.login("siti", "benar") is None
        watching = asyncio.create_task(FeedWatch(siti._content, streams, lambda: 0.0).watch("", look))
        async with asyncio.timeout(5):
            for _ in range(count):
                await seen.acquire()
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching


def test_a_stream_that_ends_is_followed_by_the_next_which_says_what_was_heard_last() -> None:
    streams = Told([["id: 5", "event: here", "", "id: 6", "event: news", ""], ["id: 7", "event: news", "", ": ."]])
    asyncio.run(looks(streams, 2))
    first, second, *_ = streams.asked
    assert first.path == "/api/v1/live"
    assert first.headers["Accept"] == "text/event-stream"
    assert "Last-Event-ID" not in first.headers
    assert second.headers["Last-Event-ID"] == "6"
    assert streams.closed == 2


def test_where_no_stream_can_be_opened_the_feed_is_asked_for_now_and_then() -> None:
    streams = Told([])
    asyncio.run(looks(streams, 2))
    assert len(streams.asked) >= feed_watch.GIVE_UP
    asyncio.run(looks(None, 2))


def test_what_the_first_page_has_and_the_screen_does_not_is_new() -> None:
    async def run() -> None:
        server = FakeServer()
        server.add("siti", Grant("64.74", "regency-coordinator"))
        entries = tuple(FeedEntry(f"r{n}", "other", 1, "64.74.01.1003", "2026-11-20", "budi", n) for n in range(3))
        people = {"budi": Person("budi", "Budi")}
        server.feed = FeedPage(entries, people)
        async with opened(Phone(server)) as siti:
            assert await siti.login("siti", "benar") is None
            await settled(siti)
            shown = FeedView(entries[1:], people)
            assert await siti.feed_news(shown, FeedFilter()) == 1
            assert await siti.feed_news(FeedView(entries, people), FeedFilter()) == 0
            changed = (replace(entries[0], at=9), *entries[1:])
            assert await siti.feed_news(FeedView(changed, people), FeedFilter()) == 1
            server.down = True
            assert await siti.feed_news(shown, FeedFilter()) == 0

    asyncio.run(run())
