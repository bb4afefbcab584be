"""The runner: one request at a time, one timer, and no bug that hides or stops everything."""

from __future__ import annotations

import asyncio
from typing import Any

from lumbung_client.session.views import ActivityState, SyncPhase
from lumbung_client.sync.transport import Request, Response
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import enrolled, logged, opened, settled


def test_a_bug_in_a_request_is_reported_and_syncing_goes_on_later() -> None:
    def bug(_: Request) -> Response:
        raise ZeroDivisionError("a bug")

    async def run() -> None:
        async with enrolled() as (session, phone):
            reported: list[dict[str, Any]] = []
            asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
            phone.server.answers.append(bug)
            logged(session)
            await settled(session)
            assert session.status.phase is SyncPhase.RETRYING
            await asyncio.sleep(0)
            assert [type(context["exception"]) for context in reported] == [ZeroDivisionError]
            phone.timer.fire()
            await settled(session)
            assert session.activities()[0].state is ActivityState.SENT

    asyncio.run(run())


def test_pressing_the_button_many_times_never_makes_two_requests_at_once() -> None:
    class Slow(FakeServer):
        at_once = 0
        most = 0

        async def send(self, request: Request) -> Response:
            Slow.at_once += 1
            Slow.most = max(Slow.most, Slow.at_once)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            Slow.at_once -= 1
            return await super().send(request)

    async def run() -> None:
        async with enrolled(Slow()) as (session, _):
            logged(session)
            await asyncio.gather(*(session.sync_now() for _ in range(20)))
            assert Slow.most == 1
            assert session.waiting() == []

    asyncio.run(run())


def test_closing_during_a_request_abandons_it_and_the_next_start_sends_again() -> None:
    class Hanging(FakeServer):
        hang = False

        async def send(self, request: Request) -> Response:
            if self.hang:
                await asyncio.Event().wait()
            return await super().send(request)

    async def run() -> None:
        server = Hanging()
        async with enrolled(server) as (session, phone):
            server.hang = True
            logged(session)
            for _ in range(5):
                await asyncio.sleep(0)
            assert session.status.phase is SyncPhase.SENDING
        server.hang = False
        async with opened(phone) as session:
            await settled(session)
            assert session.activities()[0].state is ActivityState.SENT

    asyncio.run(run())


def test_at_rest_one_timer_is_set_and_it_asks_for_the_news() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            (timer,) = phone.timer.set
            assert timer[0] == 600
            asked = len(phone.server.requests)
            phone.timer.fire()
            await settled(session)
            assert len(phone.server.requests) == asked + 1
            assert len(phone.timer.set) == 1

    asyncio.run(run())


def test_listeners_hear_of_changes_once_per_turn_and_stop_when_they_leave() -> None:
    async def run() -> None:
        async with opened(Phone(FakeServer())) as session:
            heard: list[str] = []
            leave = session.subscribe(lambda: heard.append(session.language))
            session.set_language("en")
            session.set_language("id")
            session.set_language("en")
            assert heard == []
            await asyncio.sleep(0)
            assert heard == ["en"]
            leave()
            leave()
            session.set_language("id")
            await asyncio.sleep(0)
            assert heard == ["en"]
            await session.sync_now()
            assert session.status.phase is SyncPhase.RESTING

    asyncio.run(run())


def test_a_listener_that_fails_keeps_no_other_from_hearing() -> None:
    def fail() -> None:
        raise ZeroDivisionError("a bug")

    async def run() -> None:
        async with opened(Phone(FakeServer())) as session:
            reported: list[dict[str, Any]] = []
            asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
            heard: list[str] = []
            session.subscribe(lambda: heard.append("first"))
            session.subscribe(fail)
            session.subscribe(lambda: heard.append("last"))
            session.set_language("en")
            await asyncio.sleep(0)
            assert heard == ["first", "last"]
            assert [type(context["exception"]) for context in reported] == [ZeroDivisionError]

    asyncio.run(run())
