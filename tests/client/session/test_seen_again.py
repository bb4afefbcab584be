"""Who comes back to the app after a while sees what came meanwhile; who only looked away for a moment costs nothing."""

from __future__ import annotations

import asyncio

from lumbung_client.session.session import A_MOMENT
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import enrolled, opened, settled


def test_news_are_asked_for_when_the_person_comes_back_after_a_while() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            before = len(server.requests)
            phone.clock.tick(A_MOMENT - 1)
            session.seen_again()
            await settled(session)
            assert len(server.requests) == before

            phone.clock.tick(1)
            server.now += A_MOMENT
            session.seen_again()
            await settled(session)
            assert len(server.requests) == before + 1
            session.seen_again()
            await settled(session)
            assert len(server.requests) == before + 1

    asyncio.run(run())


def test_coming_back_does_not_wake_what_waits_for_its_turn() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            server.pause = 1_800_000
            await session.sync_now()
            asked = len(server.requests)
            phone.clock.tick(A_MOMENT)
            session.seen_again()
            await settled(session)
            assert len(server.requests) == asked, "the server asked to be spared"

            server.down, server.pause = True, 0
            await session.sync_now()
            server.down = False
            phone.clock.tick(A_MOMENT)
            session.seen_again()
            await settled(session)
            assert len(server.requests) == asked, "what failed goes when its time has come"

    asyncio.run(run())


def test_before_anybody_is_admitted_nothing_is_asked() -> None:
    async def run() -> None:
        server = FakeServer()
        async with opened(Phone(server)) as session:
            session.seen_again()
            await settled(session)
            assert server.requests == []

    asyncio.run(run())
