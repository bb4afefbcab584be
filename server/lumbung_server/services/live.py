"""Tell who looks at the feed that there is news: never what, for that they ask the feed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import structlog

from lumbung_server.db.connections import Busy, glancing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import regions
from lumbung_server.services.callers import Caller, caller_with
from lumbung_server.services.listeners import Listener
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.regions import covered, is_region_code

LOOK_SECONDS = 1.0
"""So often a process looks at the counters, as long as somebody waits."""
BEAT_SECONDS = 20.0
"""So often a line goes out that says nothing, so that whatever lies between keeps the connection."""
CHECK_SECONDS = 60.0
"""So often it is asked whether who listens still may."""
AGAIN_SECONDS = 30
"""After so long it may be tried again where too many listen."""
_BEAT = b": .\n\n"


async def listen(site: Site, caller: Caller, region: str, seen: str) -> AsyncIterator[bytes]:
    """Return a stream of events: `here` at first, `news` whenever a counter of the caller's homes moved.

    `seen`: id of the last event that they got, empty for none. Raises Refusal: forbidden, filter-malformed,
    server-busy; Busy.
    """
    if region and not is_region_code(region):
        raise Refusal(Code.FILTER_MALFORMED, "region")
    if region and not covered(region, caller.regions):
        raise Refusal(Code.FORBIDDEN, "region")
    if not site.live.has_room(caller.person):
        raise Refusal(Code.SERVER_BUSY, retry_after=AGAIN_SECONDS)
    listener = Listener(caller.person, (region,) if region else caller.regions)
    async with glancing(site.engine) as connection:
        listener.number = listener.sum_of(await regions.home_numbers(connection))
    return _events(site, caller, listener, seen)


async def _events(site: Site, caller: Caller, listener: Listener, seen: str) -> AsyncIterator[bytes]:
    # Joined only now: a stream that nobody begins to read takes no room.
    with site.live.joined(listener):
        missed = seen.isdecimal() and seen != str(listener.number)
        yield _event("news" if missed else "here", listener.number)
        over = time.monotonic() + site.settings.live_seconds
        check = time.monotonic() + CHECK_SECONDS
        while (now := time.monotonic()) < over and not site.live.ended:
            if now >= check:
                if not await _still_may(site, caller):
                    return
                check = now + CHECK_SECONDS
            try:
                async with asyncio.timeout(min(BEAT_SECONDS, over - now)):
                    await listener.stirred.wait()
            except TimeoutError:
                yield _BEAT
                continue
            listener.stirred.clear()
            if not site.live.ended:
                yield _event("news", listener.number)


def _event(name: str, number: int) -> bytes:
    return f"id: {number}\nevent: {name}\ndata: {{}}\n\n".encode()


async def _still_may(site: Site, caller: Caller) -> bool:
    """Tell whether the token is still good, and opens the same regions."""
    try:
        now = await caller_with(site, caller.device.token_digest)
    except Refusal:
        return False
    except Busy:
        return True
    return now.regions == caller.regions


async def keep_following(site: Site) -> None:
    """Look at the homes' counters until this is cancelled, as long as anybody waits for news."""
    while True:
        await site.live.somebody.wait()
        await asyncio.sleep(LOOK_SECONDS)
        try:
            async with glancing(site.engine) as connection:
                numbers = await regions.home_numbers(connection)
        except Busy:
            structlog.get_logger().warning("news have to wait: the database is busy")
            continue
        site.live.tell(numbers)
