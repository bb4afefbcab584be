"""Getting in: codes as people type them, answers that get lost, phones that change hands."""

from __future__ import annotations

import asyncio

import pytest

from lumbung_client.session.admission import normal_code
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Failure, FeedFilter, FeedView
from lumbung_client.store.local_store import Name
from lumbung_client.sync.transport import Request, Response, Unreachable
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FeedCounts, FeedEntry, FeedPage, Grant, Person
from tests.client.fakes import OTHER_VILLAGE, FakeServer, Phone, problem
from tests.client.phones import KIND, enrolled, logged, opened, settled
from tests.client.tabs import until


@pytest.mark.parametrize(
    "typed",
    ["K7QM-0R11", "k7qm 0r11", " k7qm-orIl ", "K7QM\u2013OR1L", "http://lumbung.example/masuk?kode=K7QM-0R11"],
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert normal_code(typed) == "K7QM0R11"


def test_a_wrong_code_says_why_and_changes_nothing() -> None:
    async def run() -> None:
        async with opened(Phone(FakeServer())) as session:
            failure = await session.enrol("XXXX-XXXX")
            assert failure == Failure("enrolment-code-unknown", "detail")
            assert session.identity is None
            assert session.activities() == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response(200, {"content-type": "text/html"}, b"<html>"), "not-lumbung"),
        (Response(502, {}, b""), "server-error"),
        (problem("too-many-attempts", 429, retry_after=60), "too-many-attempts"),
    ],
)
def test_only_the_server_itself_admits(answer: Response, code: str) -> None:
    async def run() -> None:
        phone = Phone(FakeServer(answers=[answer]))
        async with opened(phone) as session:
            failure = await session.login("siti", "benar")
            assert failure is not None
            assert (failure.code, session.identity) == (code, None)

    asyncio.run(run())


def test_no_network_says_so() -> None:
    async def run() -> None:
        async with opened(Phone(FakeServer(down=True))) as session:
            assert await session.enrol("K7QM-0R11") == Failure("server-unreachable")

    asyncio.run(run())


def test_a_lost_answer_is_asked_for_again_by_the_same_replica_even_after_a_restart() -> None:
    def lose(_: Request) -> Response:
        raise Unreachable

    async def run() -> None:
        phone = Phone(FakeServer(answers=[lose]))
        code = phone.server.add("budi")
        async with opened(phone) as session:
            assert await session.enrol(code) == Failure("server-unreachable")
        async with opened(phone) as session:
            assert await session.enrol(code) is None
            first, second = (request.body for request in phone.server.requests[:2])
            assert first == second

    asyncio.run(run())


def test_who_enrolled_is_still_there_after_a_restart() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            before = session.identity
        async with opened(phone) as session:
            assert session.identity == before
            assert session.region_name("64.74") == "Kota Bontang"
            assert session.region_name("64.99") == "64.99"

    asyncio.run(run())


def test_a_phone_changes_hands_only_when_nothing_unsent_is_on_it() -> None:
    async def run() -> None:
        async with enrolled() as (budi, phone):
            logged(budi)
            await settled(budi)
            phone.server.down = True
            waiting = logged(budi)
            await settled(budi)
            phone.server.down = False
            phone.server.answers = [problem("server-error", 500)]
            assert await budi.sign_out() == Failure("unsent-left")
            phone.server.answers = []
            failure = await budi.enrol(phone.server.add("ani"))
            assert failure is not None
            assert failure.code == "store-of-another"
            assert [row.record for row in budi.waiting()] == [waiting]
            await budi.sync_now()
            assert await budi.enrol(phone.server.add("ani")) is None
            await settled(budi)
            assert budi.identity is not None
            assert budi.identity.person.id == "ani"
            assert budi.activities() == []

    asyncio.run(run())


def test_signing_out_forgets_the_person_and_keeps_the_language() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            logged(session)
            await settled(session)
            session.set_language("en")
            assert await session.sign_out() is None
            assert (session.identity, session.activities(), session.language) == (None, [], "en")
        async with opened(phone) as session:
            assert (session.identity, session.activities(), session.language) == (None, [], "en")

    asyncio.run(run())


def test_after_signing_out_no_file_on_the_phone_holds_anything_of_the_person() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            logged(session, "Bank Sampah Kenanga")
            await settled(session)
            token = session._content.owner.token  # type: ignore[union-attr]
            await session.sign_out()
            assert not _left(phone, b"Kenanga", token.encode(), b"Budi")

    asyncio.run(run())


@pytest.mark.parametrize("fault", ["failing_opens", "failing_removes"])
def test_what_signing_out_could_not_remove_goes_at_the_next_opening(fault: str) -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            logged(session, "Bank Sampah Kenanga")
            await settled(session)
            picture = await session.pictures.keep(b"a photo of Kenanga", "r", "photos", session.now())
            session.pictures.confirmed(picture.sha256)
            setattr(phone.files, fault, 10)
            assert await session.sign_out() is None
            assert session.identity is None
            setattr(phone.files, fault, 0)
        async with opened(phone) as again:
            await until(lambda: not _left(phone, b"Kenanga", b"token-budi", b"Budi"))
            assert again.identity is None
            assert not any(name.startswith("picture-") for name in await phone.files.names())

    asyncio.run(run())


def test_signing_out_removes_pictures_also_beside_pieces_that_were_set_aside() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            picture = await session.pictures.keep(b"a photo of Kenanga", "r", "photos", session.now())
            session.pictures.confirmed(picture.sha256)
            (await phone.files.open("segment-000009.damaged-1")).close()
            assert await session.sign_out() is None
            assert not _left(phone, b"Kenanga")

    asyncio.run(run())


def _left(phone: Phone, *secrets: bytes) -> list[bytes]:
    left = b"".join(bytes(file.written) for file in phone.files.files.values())
    return [secret for secret in secrets if secret in left]


def test_a_feed_page_that_comes_after_signing_out_is_not_kept() -> None:
    class Slow(FakeServer):
        session: Session | None = None

        async def send(self, request: Request) -> Response:
            answer = await super().send(request)
            if self.session is not None and "/feed/counts" in request.path:
                self.session._desk.sign_out()
            return answer

    async def run() -> None:
        server = Slow()
        async with enrolled(server) as (session, _):
            server.session = session
            assert await session.feed(FeedFilter()) == Failure("token-missing")
            assert list(session._content.rows(Name.PAGES)) == []

    asyncio.run(run())


def test_a_coordinator_reads_the_server_s_feed_and_later_the_pages_that_were_opened() -> None:
    async def run() -> None:
        server = FakeServer()
        entry = FeedEntry("rec", KIND, 1, "64.74.01.1003", "2026-11-20", "budi", 5, "Melati", values={"rt": "05"})
        server.feed = FeedPage((entry,), {"budi": Person("budi", "Budi")}, "next")
        server.counts = FeedCounts(1, ())
        server.add("siti", Grant("64.74", "regency-coordinator"))
        phone = Phone(server)
        async with opened(phone) as siti:
            assert await siti.login(" siti ", "benar") is None
            assert siti.identity is not None
            assert siti.identity.is_coordinator
            await settled(siti)
            chosen = FeedFilter(region="64.74.01", since="2026-11-01")
            page = await siti.feed(chosen)
            assert page == FeedView((entry,), server.feed.people, "next", server.counts, False, siti.now())
            asked = [request.path for request in server.requests if "feed" in request.path]
            assert asked == [
                "/api/v1/feed?region=64.74.01&since=2026-11-01&limit=50",
                "/api/v1/feed/counts?region=64.74.01&since=2026-11-01",
            ]
            size = phone.files.used()
            await siti.feed(chosen)
            assert phone.files.used() == size
            server.down = True
            offline = await siti.feed(chosen)
            assert offline == FeedView((entry,), server.feed.people, "next", None, True, siti.now())
            assert isinstance(await siti.feed(FeedFilter(region="64.74.02")), FeedView)
            assert await siti.feed(FeedFilter(region="64.74.02"), "next") == Failure("server-unreachable")
            view = siti.activity("rec")
            assert view is not None
            assert (view.author_name, view.mine, view.answers) == ("Budi", False, {"rt": "05"})
            assert view.row.state is ActivityState.SENT
            server.down = False
            server.answers = [problem("forbidden", 403)]
            assert await siti.feed(chosen) == Failure("forbidden", "detail")

    asyncio.run(run())


def test_the_network_s_return_starts_a_sync_by_itself() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.down = True
            session.network_changed(False)
            logged(session)
            await settled(session)
            assert not session.status.online
            phone.server.down = False
            session.network_changed(True)
            await settled(session)
            assert session.waiting() == []
            asked = len(phone.server.requests)
            session.network_changed(True)
            await settled(session)
            assert len(phone.server.requests) == asked

    asyncio.run(run())


def test_what_one_person_has_not_sent_is_never_sent_as_another_s() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            server.down = True
            record = logged(session)
            await settled(session)
            server.down = False
            server.owners.clear()  # as after a fork: the server has not heard this store's name yet
            failure = await session.enrol(server.add("siti"))
            assert failure is not None
            assert failure.code == Code.STORE_OF_ANOTHER
            assert session.identity is not None
            assert session.identity.person.id == "budi"
            assert [row.record for row in session.waiting()] == [record]

    asyncio.run(run())


def test_another_person_on_an_empty_phone_finds_nothing_of_the_one_before() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            logged(session)
            await settled(session)
            server.owners.clear()
            assert await session.enrol(server.add("ani", Grant(OTHER_VILLAGE, "cadre"))) is None
            await settled(session)
            assert session.identity is not None
            assert session.identity.person.id == "ani"
            assert session.activities() == []
            assert session.receipts() == []

    asyncio.run(run())
