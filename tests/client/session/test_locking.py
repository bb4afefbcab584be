"""A phone whose permission was taken away locks, keeps everything, and opens again for its person only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Failure, FeedFilter, LockedView, SyncPhase
from lumbung_client.store.entries import LOCKED
from lumbung_client.store.local_store import Name
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.codec import from_wire
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Admission, Grant
from tests.client.fakes import PICTURE, FakeServer, message, problem
from tests.client.phones import KIND, edited, enrolled, logged, opened, settled

REVOKED = problem(Code.TOKEN_REVOKED, 401)


def withdrawn(server: FakeServer, person: str = "budi") -> None:
    """Take the permission of a person's phones away; a code made afterwards gives it back."""
    server.persons.pop(person)


async def lock(session: Session, server: FakeServer) -> None:
    """Let a phone hear that its permission was taken away."""
    withdrawn(server)
    await session.sync_now()
    assert session.locked is not None


def test_the_next_answer_of_the_server_locks_the_phone_and_nothing_on_it_is_lost() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            sent = logged(session, "Melati")
            await settled(session)
            assert session.locked is None
            server.down = True
            waiting, draft = logged(session, "Mawar"), session.start_draft("produta-facilitation")
            await settled(session)
            assert await session.photos.add(draft, "work_photos", PICTURE) is None
            server.down = False
            await lock(session, server)
            assert session.locked == LockedView(records=2, photos=1)
            assert (session.status.phase, session.status.reason) == (SyncPhase.STOPPED, Code.TOKEN_REVOKED)
        async with opened(phone) as session:
            rows = {row.record: row.state for row in session.activities()}
            assert rows == {
                sent: ActivityState.SENT,
                waiting: ActivityState.WAITING,
                draft: ActivityState.DRAFT,
            }

    asyncio.run(run())


async def _feed(session: Session) -> object:
    return await session.feed(FeedFilter())


async def _export(session: Session) -> object:
    return await session.exported_feed(FeedFilter())


async def _form(session: Session) -> object:
    return await session.forms.withdraw(KIND, 1)


@pytest.mark.parametrize("ask", [_feed, _export, _form])
def test_whatever_is_asked_the_refusal_locks(ask: Callable[[Session], Coroutine[Any, Any, object]]) -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.answers = [REVOKED]
            answer = await ask(session)
            assert isinstance(answer, Failure)
            assert answer.code == Code.TOKEN_REVOKED
            assert session.locked == LockedView(0, 0)

    asyncio.run(run())


@pytest.mark.parametrize(
    "answer",
    [
        problem(Code.TOKEN_EXPIRED, 401),
        problem(Code.TOKEN_UNKNOWN, 401),
        problem(Code.FORBIDDEN, 403),
        Response(401, {"content-type": "text/html"}, b"token-revoked"),
        Response(200, {"content-type": "application/problem+json"}, REVOKED.body),
    ],
)
def test_nothing_else_locks(answer: Response) -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.answers = [answer]
            await session.feed(FeedFilter())
            await settled(session)
            assert session.locked is None

    asyncio.run(run())


def test_a_locked_phone_stays_locked_without_a_network_and_asks_nothing() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            await lock(session, server)
        server.down = True
        async with opened(phone) as session:
            assert session.locked == LockedView(0, 0)
        server.down = False
        asked = len(server.requests)
        async with opened(phone) as session:
            await settled(session)
            await session.sync_now()
            session.network_changed(False)
            session.network_changed(True)
            assert await session.feed(FeedFilter()) == Failure(Code.TOKEN_REVOKED)
            assert session.locked == LockedView(0, 0)
        assert len(server.requests) == asked

    asyncio.run(run())


def test_what_is_typed_when_the_refusal_comes_is_kept() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            draft = session.start_draft(KIND)
            await lock(session, server)
            session.answer(draft, "agenda", "Kenanga")
            assert session.locked == LockedView(1, 0)
        async with opened(phone) as session:
            kept = session.draft(draft)
            assert kept is not None
            assert kept.answers["agenda"] == "Kenanga"

    asyncio.run(run())


def test_a_new_code_of_the_same_person_opens_it_and_what_waited_goes() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            first = logged(session, "Melati")
            await settled(session)
            server.down = True
            edited(session, first, place="Balai RT 05")
            second = logged(session, "Mawar")
            await settled(session)
            server.down = False
            await lock(session, server)
            before = session.identity
        async with opened(phone) as session:
            assert await session.enrol("ABCD-9999") == Failure(Code.ENROLMENT_CODE_UNKNOWN, "detail")
            assert session.locked == LockedView(2, 0)
            assert await session.enrol(server.add("budi")) is None
            assert session.locked is None
            assert session.identity == before, "the same store under the same name"
            await settled(session)
            assert session.waiting() == []
            assert {row.record for row in session.activities()} == {first, second} == set(server.states())
        async with opened(phone) as session:
            assert session.locked is None

    asyncio.run(run())


def test_somebody_elses_code_is_refused_and_nothing_is_lost_or_mixed() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            server.down = True
            waiting = logged(session, "Mawar")
            await settled(session)
            server.down = False
            await lock(session, server)
            code = server.add("ani")
            assert await session.enrol(code) == Failure(Code.STORE_OF_ANOTHER)
            assert session.locked == LockedView(1, 0)
            assert session.identity is not None
            assert session.identity.person.id == "budi"
            assert server.states() == {}
            assert await session.enrol(server.add("budi")) is None
            await settled(session)
            assert list(server.states()) == [waiting]
            assert server.states()[waiting].author == "budi"

    asyncio.run(run())


def test_a_locked_phone_on_which_nothing_waits_can_be_given_to_somebody_else() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            logged(session, "Melati")
            await settled(session)
            await lock(session, server)
            assert await session.enrol(server.add("ani", Grant("64.74.02.1001", "cadre"))) is None
            await settled(session)
            assert session.locked is None
            assert session.identity is not None
            assert session.identity.person.id == "ani"
            assert session.activities() == []

    asyncio.run(run())


def test_a_late_refusal_of_the_former_token_does_not_lock_the_phone_again() -> None:
    class Late(FakeServer):
        session: Session | None = None

        async def send(self, request: Request) -> Response:
            if request.path.startswith("/api/v1/feed") and self.session is not None:
                assert await self.session.enrol(self.add("budi")) is None
                return REVOKED
            return await super().send(request)

        def _enrol(self, request: Request) -> Response:
            answer = super()._enrol(request)
            self.persons["budi-anew"] = self.persons["budi"]
            anew = "token-budi-anew" if self.session else "token-budi"
            return message(replace(from_wire(Admission, json.loads(answer.body)), token=anew), 201)

    async def run() -> None:
        server = Late()
        async with enrolled(server) as (session, _):
            server.session = session
            assert await session.feed(FeedFilter()) == Failure(Code.TOKEN_REVOKED, "detail")
            assert session.locked is None

    asyncio.run(run())


def test_a_phone_without_a_byte_left_locks_all_the_same() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            phone.files.failing_flushes = 1
            server.answers = [REVOKED]
            await session.feed(FeedFilter())
            assert session.locked == LockedView(0, 0)
            assert session._content.get(Name.META, LOCKED) is None
        async with opened(phone) as session:
            withdrawn(server)
            await session.sync_now()
            assert session._content.get(Name.META, LOCKED) is not None

    asyncio.run(run())


def test_a_refusal_that_cannot_say_why_makes_the_phone_ask() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            withdrawn(server)
            server.answers = [Response(401, {"tus-resumable": "1.0.0"}, b"")]
            await session.feed(FeedFilter())
            await settled(session)
            assert session.locked is not None

    asyncio.run(run())
