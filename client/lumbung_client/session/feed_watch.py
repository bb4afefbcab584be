"""Hear when there is news in the feed: by a stream of the server's, or else by asking now and then.

Decides when to look, never what to show. It runs only as long as somebody looks at the feed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, suppress
from typing import NamedTuple

from lumbung_client.store.content import Content
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.transport import EVENTS, Request, Streams, Unreachable

LIVE_PATH = "/api/v1/live"
ASK_SECONDS = 60.0
"""So often the feed is asked for where nothing is told."""
AGAIN_SECONDS = 2.0
"""So long after a stream that ended in order the next one is opened."""
MOST_SECONDS = 300.0
"""The longest wait after tries that failed."""
GIVE_UP = 3
"""After so many streams in a row that could not be opened the feed is asked for instead."""


class Event(NamedTuple):
    """What a stream told: its name, and the id by which the next stream goes on."""

    name: str
    id: str


async def events(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    """Yield the events of a stream of lines (server-sent events); what is not understood is passed over."""
    name = last = ""
    async for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line and name:
            yield Event(name, last)
            name = ""
        elif field == "event":
            name = value
        elif field == "id":
            last = value


class FeedWatch:
    """Watches over the feed for one person. `luck`: a number from 0 to below 1."""

    def __init__(self, content: Content, streams: Streams | None, luck: Callable[[], float]) -> None:
        self._content = content
        self._streams = streams
        self._luck = luck
        self._last = ""

    async def watch(self, region: str, look: Callable[[], Awaitable[object]]) -> None:
        """Call `look` whenever there may be news, until this is cancelled. `region`: only there, empty for all."""
        self._last = ""
        failed = 0
        while True:
            if self._streams is None or failed >= GIVE_UP:
                await asyncio.sleep(ASK_SECONDS * (1 + self._luck()))
                await look()
                if self._streams is None:
                    continue
            try:
                told = await self._follow(self._streams, region, look)
            except Unreachable:
                told = False
            failed = 0 if told else failed + 1
            wait = AGAIN_SECONDS * 2**failed * (1 + self._luck())
            await asyncio.sleep(min(wait, MOST_SECONDS))

    async def _follow(self, streams: Streams, region: str, look: Callable[[], Awaitable[object]]) -> bool:
        """Follow one stream to its end, and tell whether it said anything. Raises Unreachable."""
        owner = self._content.owner
        if owner is None or self._content.locked is not None:
            return False
        asked = {**headers(owner, self._content.settings.language), "Accept": EVENTS}
        if self._last:
            asked["Last-Event-ID"] = self._last
        told = False
        path = f"{LIVE_PATH}?region={region}" if region else LIVE_PATH
        async with aclosing(streams.lines(Request("GET", path, asked))) as lines:
            with suppress(Unreachable):
                async for event in events(lines):
                    told, self._last = True, event.id
                    if event.name == "news":
                        await look()
        return told
