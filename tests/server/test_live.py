"""News of the feed as they come."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import requests

from lumbung_server.refusal import Refusal
from lumbung_server.services import listeners, live
from lumbung_server.services.callers import Caller
from lumbung_server.services.live import keep_following, listen
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from tests.server.phones import BONTANG, GUNTUNG, SATIMPO, Phone, activity, problem, roster
from tests.server.sites import add_caller, caller, fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True


@contextlib.contextmanager
def listening(phone: Phone, **headers: str) -> Iterator[Iterator[str]]:
    """The lines of a stream, opened."""
    given = {"Authorization": f"Bearer {phone.token}", **{name.replace("_", "-"): it for name, it in headers.items()}}
    address = f"{phone.address}/api/v1/live"
    with requests.get(address, headers=given, stream=True, timeout=30) as answer:
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert "Content-Encoding" not in answer.headers
        yield answer.iter_lines(decode_unicode=True)


def next_event(lines: Iterator[str]) -> dict[str, str]:
    """The next event of a stream: its fields."""
    found: dict[str, str] = {}
    for line in lines:
        if not line and "event" in found:
            return found
        name, _, value = line.partition(": ")
        found[name] = value
    raise AssertionError("the stream ended")


def test_a_stream_tells_that_there_is_news_and_nothing_of_what(server: LumbungServer) -> None:
    coordinator, cadre = Phone(server, roster(BONTANG).person.id), Phone(server, roster(GUNTUNG).person.id)
    with listening(coordinator) as lines:
        assert next_event(lines)["event"] == "here"
        cadre.log(activity(GUNTUNG, "Rahasia"))
        told = next_event(lines)
    assert told == {"id": told["id"], "event": "news", "data": "{}"}
    with listening(coordinator, Last_Event_ID=told["id"]) as lines:
        assert next_event(lines) == {**told, "event": "here"}
    cadre.log(activity(GUNTUNG))
    with listening(coordinator, Last_Event_ID=told["id"]) as lines:
        assert next_event(lines)["event"] == "news"


def test_a_region_that_is_not_the_callers_cannot_be_listened_to(server: LumbungServer) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    for region, status, code in ((SATIMPO, 403, "forbidden"), ("Bontang", 400, "filter-malformed")):
        answer = phone.get("live", region=region)
        assert (answer.status_code, problem(answer)["code"]) == (status, code)


def test_a_server_that_is_told_to_end_ends_its_streams_and_itself_at_once(own_server: LumbungServer) -> None:
    with own_server:
        with listening(Phone(own_server, roster(GUNTUNG).person.id)) as lines:
            next_event(lines)
            begun = time.monotonic()
            assert own_server.stop() == 0
            assert list(lines) == []
        assert time.monotonic() - begun < 8


@contextlib.asynccontextmanager
async def followed(folder: Path, address: str) -> AsyncIterator[tuple[Site, Caller]]:
    """A site whose counters are looked at, and somebody who may listen."""
    async with fresh_site(folder, address) as site:
        who = caller("k", ("64.74",))
        await add_caller(site, who)
        following = asyncio.create_task(keep_following(site))
        try:
            yield site, who
        finally:
            following.cancel()


def test_a_quiet_stream_beats_and_ends_when_the_token_is_withdrawn(
    tmp_path: Path, addressed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.02)
    monkeypatch.setattr(live, "CHECK_SECONDS", 0.1)

    async def run() -> None:
        async with followed(tmp_path, addressed(tmp_path)) as (site, who):
            may = [True] * 3

            async def with_token(_site: Site, _digest: str) -> Caller:
                if not may:
                    raise Refusal(Code.TOKEN_REVOKED)
                may.pop()
                return who

            monkeypatch.setattr(live, "caller_with", with_token)
            told = [one async for one in await listen(site, who, "", "")]
            assert told[0].endswith(b"event: here\ndata: {}\n\n")
            assert set(told[1:]) == {b": .\n\n"}
            assert site.live.has_room("k")

    asyncio.run(run())


def test_so_many_may_listen_and_no_more(
    tmp_path: Path, addressed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "MAX_OF_PERSON", 2)
    monkeypatch.setattr(listeners, "MAX_STREAMS", 3)

    async def run() -> None:
        async with followed(tmp_path, addressed(tmp_path)) as (site, who):
            opened = []
            for person in ("k", "k", "l"):
                events = await listen(site, caller(person, ("64.74",)), "", "")
                await anext(events)
                opened.append(events)
            for person in ("k", "m"):
                with pytest.raises(Refusal) as refused:
                    await listen(site, caller(person, ("64.74",)), "", "")
                assert (refused.value.code, refused.value.retry_after) == (Code.SERVER_BUSY, live.AGAIN_SECONDS)
            site.live.end()
            for events in opened:
                assert [one async for one in events] == []
            assert who

    asyncio.run(run())


def test_only_what_moved_in_ones_own_homes_is_told() -> None:
    everybody = listeners.Listeners()
    province, city, village = (listeners.Listener("p", (one,)) for one in ("64", "64.74", "64.72.01.1001"))
    with contextlib.ExitStack() as joined:
        for one in (province, city, village):
            joined.enter_context(everybody.joined(one))
        everybody.tell({"64": 0, "64.72": 0, "64.74": 3})
    assert [one.stirred.is_set() for one in (province, city, village)] == [True, True, False]
    assert not everybody.somebody.is_set()
