"""Whatever goes wrong on the way: the outbox stays as it was, and the phone says what it knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from lumbung_client.session.views import ActivityState, SyncPhase
from lumbung_client.sync.transport import Request, Response, Unreachable
from lumbung_shared.codec import to_wire
from lumbung_shared.protocol import Page, SyncReply
from lumbung_shared.records import values
from tests.client.fakes import GRANTS, START, FakeServer, message, problem
from tests.client.phones import enrolled, logged, opened, settled

HTML = {"content-type": "text/html; charset=utf-8"}


def unreachable(_: Request) -> Response:
    raise Unreachable("no route")


def half(answer: Response) -> Response:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


EMPTY = SyncReply(1, "e1", START, Page("e1:0"), grants=GRANTS)
PASSING: dict[str, tuple[Response | Callable[[Request], Response], str]] = {
    "no network or time-out": (unreachable, "server-unreachable"),
    "captive portal": (Response(200, HTML, b"<html>Please sign in</html>"), "not-lumbung"),
    "captive portal that says json": (message({"status": "login"}), "not-lumbung"),
    "captive redirect": (Response(302, {"location": "http://portal/"}, b""), "not-lumbung"),
    "empty 204": (Response(204, {}, b""), "not-lumbung"),
    "body cut in the middle": (half(message(EMPTY)), "not-lumbung"),
    "right body of the wrong type": (replace(message(EMPTY), headers=HTML), "not-lumbung"),
    "right body with 201": (replace(message(EMPTY), status=201), "not-lumbung"),
    "a proxy's 502": (Response(502, HTML, b"Bad gateway"), "server-error"),
    "the server's 500": (problem("server-error", 500), "server-error"),
    "the server is busy": (problem("server-busy", 503, retry_after=30), "server-busy"),
    "a 401 that is not ours": (Response(401, HTML, b"proxy says no"), "not-lumbung"),
    "a page that is not there": (Response(404, HTML, b""), "not-lumbung"),
    "an answer without our outcomes": (message(EMPTY), "server-error"),
    "more pages that never move": (message(replace(EMPTY, page=Page("e1:0", more=True))), "server-error"),
}
STOPPING = {
    "token unknown": (problem("token-unknown", 401), "token-unknown"),
    "token expired": (problem("token-expired", 401), "token-expired"),
    "token revoked": (problem("token-revoked", 401), "token-revoked"),
    "protocol no longer served": (problem("protocol-unsupported", 426), "protocol-unsupported"),
    "protocol of another version": (message(replace(EMPTY, protocol=2)), "protocol-unsupported"),
    "body not understood": (problem("body-malformed", 400), "body-malformed"),
}


@pytest.mark.parametrize("case", PASSING)
def test_a_passing_failure_leaves_the_outbox_as_it_was_says_so_and_tries_again(case: str) -> None:
    answer, reason = PASSING[case]

    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.answers.append(answer)
            record = logged(session)
            await settled(session)
            assert session.status.phase == "retrying"
            assert session.status.reason == reason
            assert session.status.retry_at > session.now()
            assert [row.state for row in session.waiting()] == [ActivityState.WAITING]
            assert not phone.server.states()
            phone.timer.fire()
            await settled(session)
            assert session.status.phase is SyncPhase.RESTING
            assert session.activities()[0].state is ActivityState.SENT
            assert list(phone.server.states()) == [record]

    asyncio.run(run())


@pytest.mark.parametrize("case", STOPPING)
def test_a_failure_that_does_not_pass_stops_syncing_and_loses_nothing(case: str) -> None:
    answer, reason = STOPPING[case]

    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.answers.append(answer)
            logged(session)
            await settled(session)
            assert (session.status.phase, session.status.reason) == (SyncPhase.STOPPED, reason)
            assert [row.state for row in session.waiting()] == [ActivityState.WAITING]
            asked = len(phone.server.requests)
            logged(session, "Mawar")
            session.network_changed(False)
            session.network_changed(True)
            await settled(session)
            assert len(phone.server.requests) == asked
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            assert [row.state for row in session.activities()] == [ActivityState.SENT] * 2

    asyncio.run(run())


def test_a_reply_that_got_lost_is_asked_for_again_and_nothing_is_stored_twice() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.lose_replies = 3
            record = logged(session)
            await settled(session)
            for _ in range(3):
                assert session.waiting()
                phone.timer.fire()
                await settled(session)
            assert session.waiting() == []
            assert len(phone.server.stored) == 1
            writes = [batch.writes for batch in phone.server.batches() if batch.writes]
            assert len(writes) == 4
            assert all(batch == writes[0] for batch in writes)
            assert values(phone.server.states()[record])["agenda"] == "Melati"

    asyncio.run(run())


def test_an_app_killed_during_a_request_sends_the_same_write_again() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.lose_replies = 1
            logged(session)
            await settled(session)
            phone.files.crash()
            async with opened(phone) as again:
                await settled(again)
                assert again.activities()[0].state is ActivityState.SENT
            assert len(phone.server.stored) == 1

    asyncio.run(run())


def test_a_whole_request_that_is_too_large_is_halved_until_it_passes() -> None:
    def narrow(server: FakeServer) -> None:
        def judge(request: Request) -> Response:
            batch = server.batches()[-1]
            if len(batch.writes) > 3:
                server.answers.append(judge)
                return problem("body-too-large", 413)
            return server._sync(request)

        server.answers.append(judge)

    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.down = True
            for number in range(10):
                logged(session, f"Bank {number}")
                await settled(session)
            phone.server.down = False
            narrow(phone.server)
            await session.sync_now()
            assert [row.state for row in session.activities()] == [ActivityState.SENT] * 10

    asyncio.run(run())


def test_a_single_write_that_is_too_large_is_refused_and_the_others_go_on() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.down = True
            big, small = logged(session, "Besar"), logged(session, "Kecil")
            await settled(session)
            phone.server.down = False

            def judge(request: Request) -> Response:
                batch = phone.server.batches()[-1]
                if any(isinstance(write, Mapping) and write["record"] == big for write in batch.writes):
                    phone.server.answers.append(judge)
                    return Response(413, HTML, b"too much")
                return phone.server._sync(request)

            phone.server.answers.append(judge)
            await session.sync_now()
            states = {row.record: (row.state, row.reason) for row in session.activities()}
            assert states[big] == (ActivityState.REFUSED, "body-too-large")
            assert states[small] == (ActivityState.SENT, "")

    asyncio.run(run())


def test_a_full_phone_stops_before_anything_is_sent() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.down = True
            logged(session)
            await settled(session)
            phone.server.down = False
            phone.files.room = phone.files.used()
            record = session.activities()[0].record
            asked = len(phone.server.requests)
            # The write was offered before; only the answer has to be written now, and cannot be.
            await session.sync_now()
            assert (session.status.phase, session.status.reason) == (SyncPhase.STOPPED, "store-full")
            assert len(phone.server.requests) == asked + 1
            assert [row.record for row in session.waiting()] == [record]
            phone.files.room = None
        async with opened(phone) as again:
            await settled(again)
            assert again.activities()[0].state is ActivityState.SENT

    asyncio.run(run())


def test_the_server_s_delay_is_kept() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.answers.append(problem("server-busy", 503, retry_after=30))
            logged(session)
            await settled(session)
            assert session.status.retry_at == session.now() + 30_000

    asyncio.run(run())


def test_plain_wire_values_are_all_that_is_sent() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            logged(session)
            await settled(session)
            request = next(it for it in phone.server.requests if it.path.endswith("sync"))
            assert request.headers["Content-Encoding"] == "gzip"
            assert request.headers["Authorization"] == "Bearer token-budi"
            assert to_wire(phone.server.batches()[0])["protocol"] == 1

    asyncio.run(run())
