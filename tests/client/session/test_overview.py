"""The overview as the phone asks for it and keeps it: what is chosen, what is shown without a network, and for whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from lumbung_client.session.feed import PAGES_KEPT
from lumbung_client.session.overview import OVERVIEW_PATH, OverviewFilter, in_feed
from lumbung_client.session.session import Session
from lumbung_client.session.views import FeedFilter
from lumbung_client.store.local_store import Name
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.overview import Overview
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant
from tests.client.fakes import FakeServer, Phone, message, problem
from tests.client.phones import opened, settled

CITY = Grant("64.74", "regency-coordinator")
ONE, TWO = Overview({"activities": 1}), Overview({"activities": 2}, {"activities": 1})


@asynccontextmanager
async def chief(server: FakeServer) -> AsyncIterator[Session]:
    """The open session of a city's coordinator."""
    code = server.add("siti", CITY)
    async with opened(Phone(server)) as session:
        assert await session.enrol(code) is None
        await settled(session)
        yield session


def telling(overview: Overview = ONE) -> FakeServer:
    server = FakeServer()
    server.canned[OVERVIEW_PATH] = message(overview)
    return server


def asked(server: FakeServer) -> list[str]:
    return [one.path for one in server.requests if one.path.startswith(OVERVIEW_PATH)]


def run(server: FakeServer, act: Callable[[Session], Awaitable[None]]) -> None:
    async def work() -> None:
        async with chief(server) as session:
            await act(session)

    asyncio.run(work())


def test_first_it_is_of_this_year_and_all_that_the_person_may_see() -> None:
    server = telling()

    async def act(session: Session) -> None:
        assert session.overview.board is None
        await session.overview.load()
        assert session.overview.board is not None
        assert session.overview.board.answer == ONE
        assert not session.overview.board.offline
        assert asked(server) == [f"{OVERVIEW_PATH}?since=2026-01"]

    run(server, act)


def test_what_is_chosen_is_asked_for_and_stays_chosen() -> None:
    server = telling()
    chosen = OverviewFilter("64.74.01", "other", "2026-03", "2026-03")

    async def act(session: Session) -> None:
        await session.overview.load(chosen)
        await session.overview.load()
        assert session.overview.chosen == chosen
        assert asked(server) == [f"{OVERVIEW_PATH}?region=64.74.01&kind=other&since=2026-03&until=2026-03"] * 2

    run(server, act)


def test_without_a_network_each_choice_shows_what_was_told_last() -> None:
    server = telling()

    async def act(session: Session) -> None:
        overview = session.overview
        await overview.load()
        server.canned[OVERVIEW_PATH] = message(TWO)
        await overview.load(OverviewFilter(region="64.74.01"))
        server.down = True
        await overview.load()
        assert (overview.board and overview.board.answer, overview.board and overview.board.offline) == (TWO, True)
        await overview.load(OverviewFilter(since="2026-01"))
        assert (overview.board and overview.board.answer, overview.failure) == (ONE, "")
        await overview.load(OverviewFilter(region="64.74.02"))
        assert (overview.board, overview.failure) == (None, Code.SERVER_UNREACHABLE)

    run(server, act)


def test_a_refusal_is_told_and_no_old_numbers_in_its_place() -> None:
    server = telling()

    async def act(session: Session) -> None:
        await session.overview.load()
        server.canned[OVERVIEW_PATH] = problem(Code.FORBIDDEN, 403)
        await session.overview.load()
        assert (session.overview.board, session.overview.failure) == (None, Code.FORBIDDEN)

    run(server, act)


def test_an_answer_to_an_earlier_choice_does_not_take_the_place_of_a_later_one() -> None:
    server = telling()
    send, held = server.send, asyncio.Event()

    async def late(request: Request) -> Response:
        answer = await send(request)
        if request.path == f"{OVERVIEW_PATH}?region=64.74.01":
            await held.wait()
        return answer

    server.send = late  # type: ignore[method-assign]

    async def act(session: Session) -> None:
        first = asyncio.create_task(session.overview.load(OverviewFilter(region="64.74.01")))
        await asyncio.sleep(0)
        server.canned[OVERVIEW_PATH] = message(TWO)
        await session.overview.load(OverviewFilter(region="64.74.02"))
        held.set()
        await first
        assert session.overview.board is not None
        assert session.overview.board.answer == TWO

    run(server, act)


def test_no_more_is_kept_than_pages_of_the_feed_are() -> None:
    server = telling()

    async def act(session: Session) -> None:
        for month in range(1, 13):
            for kind in ("", "other", "compost-training", "packaging-support"):
                await session.overview.load(OverviewFilter(kind=kind, since=f"2026-{month:02}"))
        kept = [key for key, _ in session._content.rows(Name.PAGES)]
        assert len(kept) == PAGES_KEPT
        assert "overview   2026-12 " in kept

    run(server, act)


def test_the_times_to_choose_from_are_all_two_years_and_twelve_months() -> None:
    async def act(session: Session) -> None:
        periods = session.overview.periods()
        assert periods[:4] == (("", ""), ("2026-01", ""), ("2025-01", "2025-12"), ("2026-11", "2026-11"))
        assert periods[-1] == ("2025-12", "2025-12")
        assert len(periods) == 15

    run(telling(), act)


@pytest.mark.parametrize(
    ("chosen", "days"),
    [
        (OverviewFilter(), FeedFilter()),
        (OverviewFilter("64.74", "other", "2026-01", ""), FeedFilter("64.74", "other", "2026-01-01", "")),
        (OverviewFilter(since="2024-02", until="2024-02"), FeedFilter(since="2024-02-01", until="2024-02-29")),
    ],
)
def test_the_feed_is_asked_for_the_days_of_the_months(chosen: OverviewFilter, days: FeedFilter) -> None:
    assert in_feed(chosen) == days
