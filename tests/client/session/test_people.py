"""What a coordinator sees and does about people, as far as the phone decides it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from lumbung_client.session.people import INVITE_PATH, PEOPLE_PATH, REVOKE_PATH
from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.codec import from_wire
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant, Person
from lumbung_shared.staff import Invitation, InviteRequest, KnownDevice, Member, MemberPage, RevokeRequest
from tests.client.fakes import VILLAGE, FakeServer, Phone, message, problem
from tests.client.phones import opened, settled

PHONE = KnownDevice("device-1", 1, 2, "Android")
BUDI = Member(
    Person("budi", "Budi Santoso", "KPM Lok Tuan", "petani"), (Grant(VILLAGE, "cadre"),), (PHONE,), True, True
)
ANI = Member(Person("ani", "Áni Rahayu"), (Grant("64.74.01", "district-coordinator"),))


@asynccontextmanager
async def chief(server: FakeServer) -> AsyncIterator[Session]:
    """The open session of a city's coordinator."""
    code = server.add("siti", Grant("64.74", "regency-coordinator"))
    async with opened(Phone(server)) as session:
        assert await session.enrol(code) is None
        await settled(session)
        yield session


def pages(*told: MemberPage) -> FakeServer:
    """A server that tells the people in some pages, one after the other."""
    server = FakeServer()
    waiting = list(told)

    def tell(request: Request) -> Response:
        return message(waiting.pop(0)) if request.path.startswith(PEOPLE_PATH) else problem(Code.NOT_FOUND, 404)

    server.canned[PEOPLE_PATH] = Response(0, {}, b"")
    send = server.send

    async def answered(request: Request) -> Response:
        answer = await send(request)
        return answer if answer.status else tell(request)

    server.send = answered  # type: ignore[method-assign]
    return server


def test_everybody_is_told_page_by_page_and_stands_by_name() -> None:
    async def run() -> None:
        server = pages(MemberPage((BUDI,), "bu di"), MemberPage((ANI,)))
        async with chief(server) as session:
            assert session.people.all is None
            await session.people.load()
            assert session.people.all == (BUDI, ANI)
            assert session.people.member("ani") == ANI
            assert session.people.member("entah") is None
            asked = [one.path for one in server.requests if one.path.startswith(PEOPLE_PATH)]
            assert asked == [PEOPLE_PATH, f"{PEOPLE_PATH}?after=bu%20di"]

    asyncio.run(run())


def test_who_is_not_told_any_more_goes_when_all_pages_are_here() -> None:
    async def run() -> None:
        seen: list[tuple[str, ...]] = []
        server = pages(MemberPage((BUDI, ANI)), MemberPage((), "next"), MemberPage((ANI,)))
        async with chief(server) as session:
            session.subscribe(lambda: seen.append(tuple(one.person.id for one in session.people.all or ())))
            await session.people.load()
            await session.people.load()
            assert session.people.all == (ANI,)
            assert ("ani",) not in seen[:-1], "nobody is gone before the last page"

    asyncio.run(run())


def test_they_are_found_by_name_organisation_profession_and_place_without_regard_to_accents() -> None:
    async def run() -> None:
        async with chief(pages(MemberPage((BUDI, ANI)))) as session:
            await session.people.load()
            found = {
                text: [one.person.id for one in session.people.find(text)]
                for text in ("", "ani", "budi SANT", "kpm", "petani", "lok tuan", "bontang utara", "entah")
            }
            assert found == {
                "": ["budi", "ani"],
                "ani": ["budi", "ani"],
                "budi SANT": ["budi"],
                "kpm": ["budi"],
                "petani": ["budi"],
                "lok tuan": ["budi"],
                "bontang utara": ["ani"],
                "entah": [],
            }

    asyncio.run(run())


def test_without_a_network_it_says_so_and_keeps_what_was_told() -> None:
    async def run() -> None:
        server = FakeServer()
        server.canned[PEOPLE_PATH] = message(MemberPage((BUDI,)))
        async with chief(server) as session:
            server.down = True
            await session.people.load()
            assert (session.people.all, session.people.failure) == (None, Code.SERVER_UNREACHABLE)
            server.down = False
            await session.people.load()
            assert (session.people.all, session.people.failure) == ((BUDI,), "")
            server.down = True
            await session.people.load()
            assert (session.people.all, session.people.failure) == ((BUDI,), Code.SERVER_UNREACHABLE)
            assert await session.people.invite("budi") == Failure(Code.SERVER_UNREACHABLE)
            assert await session.people.revoke(PHONE.id) == Failure(Code.SERVER_UNREACHABLE)
            assert session.people.member("budi") == BUDI

    asyncio.run(run())


def test_an_invitation_is_asked_for_by_the_persons_id() -> None:
    async def run() -> None:
        server = FakeServer()
        made = Invitation("K7QM-2R9A", "https://lumbung.example/masuk?kode=K7QM-2R9A", 5)
        server.canned[INVITE_PATH] = message(made, 201)
        async with chief(server) as session:
            server.canned[PEOPLE_PATH] = message(MemberPage((BUDI, ANI)))
            await session.people.load()
            assert session.people.invitation("budi") is None
            assert await session.people.invite("budi") == made
            assert session.people.invitation("budi") == made
            asked = server.requests[-1]
            assert asked.path == INVITE_PATH
            assert from_wire(InviteRequest, json.loads(asked.body)) == InviteRequest("budi")
            server.canned[INVITE_PATH] = problem(Code.PERSON_UNKNOWN, 404)
            assert await session.people.invite("entah") == Failure(Code.PERSON_UNKNOWN, "detail")
            await session.people.load()
            assert session.people.invitation("budi") == made, "asked anew, it is still there"
            assert await session.people.invite("budi") == Failure(Code.PERSON_UNKNOWN, "detail")
            server.canned[REVOKE_PATH] = message(replace(PHONE, revoked=9))
            assert await session.people.revoke(PHONE.id) is None
            assert session.people.invitation("budi") is None, "it is no longer good"

    asyncio.run(run())


def test_a_phone_whose_permission_was_withdrawn_says_so_at_once() -> None:
    async def run() -> None:
        server, gone = FakeServer(), replace(PHONE, revoked=9)
        server.canned[PEOPLE_PATH] = message(MemberPage((BUDI, ANI)))
        server.canned[REVOKE_PATH] = message(gone)
        async with chief(server) as session:
            await session.people.load()
            assert await session.people.revoke(PHONE.id) is None
            assert from_wire(RevokeRequest, json.loads(server.requests[-1].body)) == RevokeRequest(PHONE.id)
            assert session.people.all == (replace(BUDI, devices=(gone,)), ANI)

    asyncio.run(run())


def test_nobody_else_on_this_phone_is_shown_what_was_told() -> None:
    async def run() -> None:
        server = FakeServer()
        server.canned[PEOPLE_PATH] = message(MemberPage((BUDI,)))
        async with chief(server) as session:
            await session.people.load()
            assert await session.sign_out() is None
            assert (session.people.all, session.people.find(""), session.people.member("budi")) == (None, (), None)
            assert await session.people.invite("budi") == Failure(Code.TOKEN_MISSING)
            assert await session.enrol(server.add("ani")) is None
            await settled(session)
            assert session.people.all is None

    asyncio.run(run())
