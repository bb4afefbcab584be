"""One store, several tabs: one of them has it, the others say so, and a tap is enough to go on in another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from lumbung_client.session.door import ASKING_TRIES, MENDING_SECONDS, OTHERS_TURN_SECONDS, Standing
from lumbung_client.session.session import Session
from lumbung_client.store.durable import StoreFailed, StoreInUse
from lumbung_client.store.durable_memory import MemoryFile, MemoryFiles
from lumbung_client.sync.runner import LETTING_GO_SECONDS
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.problems import Code
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import logged, settled
from tests.client.tabs import Browser, Tab, turns, until


def played(act: Coroutine[Any, Any, None]) -> None:
    asyncio.run(act)


@asynccontextmanager
async def tabs(count: int, *, line: bool = True) -> AsyncIterator[list[Tab]]:
    """Open so many tabs of an enrolled phone, one after the other; the first has the store."""
    phone = Phone(FakeServer())
    session = await Session.open(phone.ports())
    assert await session.enrol(phone.server.add("budi")) is None
    await settled(session)
    await session.close()
    browser = Browser(phone)
    opened = []
    for _ in range(count):
        opened.append(Tab(browser.ports() if line else phone.ports()))
        await opened[-1].door.open()
    assert opened[0].door.standing is Standing.OPEN
    try:
        yield opened
    finally:
        for tab in opened:
            await tab.door.close()


def names(tab: Tab) -> list[str]:
    assert tab.door.session is not None
    return sorted(row.headline for row in tab.door.session.activities())


def holder(*opened: Tab) -> list[Tab]:
    return [tab for tab in opened if tab.door.session is not None]


def test_a_second_tab_opens_by_itself_when_the_first_is_closed() -> None:
    async def act() -> None:
        async with tabs(2) as (first, second):
            assert second.door.standing is Standing.ELSEWHERE
            assert first.door.session is not None
            logged(first.door.session, "Melati")
            second.timer.fire()
            await turns()
            assert second.door.standing is Standing.ELSEWHERE
            await first.door.close()
            second.timer.fire()
            await until(lambda: second.door.standing is Standing.OPEN)
            assert names(second) == ["Melati"]

    played(act())


def test_a_tap_takes_the_store_over_with_everything_in_it() -> None:
    async def act() -> None:
        async with tabs(2) as (first, second):
            assert first.door.session is not None
            logged(first.door.session, "Melati")
            await second.door.take_over()
            await until(lambda: second.door.standing is Standing.OPEN)
            assert first.saves, "what was typed is saved before the store is let go"
            assert first.door.standing is Standing.GAVE_WAY
            assert names(second) == ["Melati"]

    played(act())


def test_a_tab_that_gave_way_comes_back_by_a_tap_only() -> None:
    async def act() -> None:
        async with tabs(2) as (first, second):
            await second.door.take_over()
            await until(lambda: second.door.standing is Standing.OPEN)
            first.timer.fire()
            second.timer.fire()
            await turns()
            assert holder(first, second) == [second]
            await first.door.take_over()
            await until(lambda: first.door.standing is Standing.OPEN)
            assert second.door.standing is Standing.GAVE_WAY

    played(act())


def test_a_tab_that_gave_way_opens_at_once_when_no_other_is_left() -> None:
    async def act() -> None:
        async with tabs(2) as (first, second):
            await second.door.take_over()
            await until(lambda: second.door.standing is Standing.OPEN)
            await second.door.close()
            await first.door.take_over()
            assert first.door.standing is Standing.OPEN

    played(act())


def test_a_frozen_tab_is_said_to_be_silent_and_the_store_opens_when_it_is_closed() -> None:
    async def act() -> None:
        async with tabs(2) as (first, second):
            first.line.frozen = True
            await second.door.take_over()
            for _ in range(ASKING_TRIES - 1):
                assert second.door.standing is Standing.ASKED
                second.timer.fire()
                await turns()
            assert second.door.standing is Standing.SILENT
            await first.door.close()
            second.timer.fire()
            await until(lambda: second.door.standing is Standing.OPEN)

    played(act())


def test_what_cannot_be_saved_keeps_the_store_where_it_is() -> None:
    async def act() -> None:
        async with tabs(2) as (first, second):
            first.everything_saved = False
            await second.door.take_over()
            await turns()
            assert holder(first, second) == [first]
            assert first.door.session is not None
            logged(first.door.session, "Melati")
            assert names(first) == ["Melati"]

    played(act())


def test_the_tab_that_was_tapped_gets_the_store_and_not_one_that_waits_by_itself() -> None:
    async def act() -> None:
        async with tabs(3) as (first, waiting, chosen):
            await chosen.door.take_over()
            await until(lambda: chosen.door.standing is Standing.OPEN)
            assert [seconds for seconds, _ in waiting.timer.set] == [OTHERS_TURN_SECONDS]
            assert holder(first, waiting, chosen) == [chosen]

    played(act())


def test_two_tabs_that_are_tapped_at_once_leave_one_holder_and_lose_nothing() -> None:
    async def act() -> None:
        async with tabs(3) as opened:
            assert opened[0].door.session is not None
            logged(opened[0].door.session, "Melati")
            await asyncio.gather(opened[1].door.take_over(), opened[2].door.take_over())
            for _ in range(ASKING_TRIES):
                for tab in opened:
                    tab.timer.fire()
                await turns()
            assert len(holder(*opened)) == 1
            assert names(holder(*opened)[0]) == ["Melati"]

    played(act())


def test_two_processes_cannot_speak_and_the_second_waits_until_the_first_ends() -> None:
    async def act() -> None:
        async with tabs(2, line=False) as (first, second):
            assert not second.door.can_ask
            assert second.door.standing is Standing.ELSEWHERE
            await first.door.close()
            second.timer.fire()
            await until(lambda: second.door.standing is Standing.OPEN)

    played(act())


def test_a_tab_whose_store_was_opened_elsewhere_shows_that_it_gave_way() -> None:
    async def act() -> None:
        async with tabs(1) as (tab,):
            await tab.door.reopen(StoreInUse("fenced"))
            assert tab.door.session is None
            assert (tab.door.standing, tab.door.failure) == (Standing.GAVE_WAY, Code.STORE_IN_USE)
            await tab.door.take_over()
            assert tab.door.standing is Standing.OPEN

    played(act())


def test_while_a_store_that_failed_cannot_be_opened_again_what_it_holds_can_be_read() -> None:
    async def act() -> None:
        async with tabs(1) as (tab,):
            session = tab.door.session
            assert session is not None
            logged(session, "Melati")
            await settled(session)
            files = tab.ports.files
            files.failing_opens = 1  # type: ignore[attr-defined]
            await tab.door.reopen(StoreFailed("disk"))
            assert tab.door.failure == Code.STORE_FAILED
            assert names(tab) == ["Melati"]
            await tab.door.open()
            assert (tab.door.standing, tab.door.failure) == (Standing.OPEN, "")
            assert tab.door.session is not session

    played(act())


class Unhurried(MemoryFiles):
    """Files that take a few turns of the loop to open."""

    async def open(self, name: str) -> MemoryFile:
        await turns(3)
        return await super().open(name)


def test_a_tab_that_is_closed_while_it_opens_leaves_the_store_to_others() -> None:
    async def act() -> None:
        phone = Phone(FakeServer(), files=Unhurried())
        for step in range(1, 12):
            tab = Tab(Browser(phone).ports())
            opening = asyncio.ensure_future(tab.door.open())
            await turns(step)
            await tab.door.close()
            await opening
            await (await Session.open(phone.ports())).close()

    played(act())


def test_a_tab_that_is_closed_while_it_opens_again_leaves_the_store_to_others() -> None:
    async def act() -> None:
        phone = Phone(FakeServer(), files=Unhurried())
        for step in range(1, 12):
            tab = Tab(Browser(phone).ports())
            await tab.door.open()
            opening = asyncio.ensure_future(tab.door.reopen(StoreFailed("disk")))
            await turns(step)
            await tab.door.close()
            await opening
            await (await Session.open(phone.ports())).close()

    played(act())


def test_a_tab_that_is_asked_while_it_opens_gives_way_as_soon_as_it_is_open() -> None:
    async def act() -> None:
        phone = Phone(FakeServer(), files=Unhurried())
        browser = Browser(phone)
        first, second = Tab(browser.ports()), Tab(browser.ports())
        opening = asyncio.ensure_future(first.door.open())
        await turns(2)
        await second.door.take_over()
        await opening
        for _ in range(ASKING_TRIES):
            await turns()
            second.timer.fire()
        await until(lambda: second.door.standing is Standing.OPEN)
        assert first.door.standing is Standing.GAVE_WAY
        await second.door.close()

    played(act())


def test_a_second_tap_on_a_tab_that_has_the_store_by_now_changes_nothing() -> None:
    async def act() -> None:
        async with tabs(2) as (_, second):
            await second.door.take_over()
            await until(lambda: second.door.standing is Standing.OPEN)
            await second.door.take_over()
            assert second.door.standing is Standing.OPEN

    played(act())


def test_a_store_that_fails_while_syncing_is_opened_again_by_itself_but_not_without_end() -> None:
    async def act() -> None:
        async with tabs(1) as (tab,):
            for expected in (0, MENDING_SECONDS):
                session = tab.door.session
                assert session is not None
                await until(lambda: tab.door.session.status.phase != "sending")  # type: ignore[union-attr]
                tab.timer.set.clear()
                logged(session, f"Melati {expected}")
                tab.ports.files.failing_flushes = 1  # type: ignore[attr-defined]
                await settled(session)
                assert session.status.reason == Code.STORE_FAILED
                await turns()
                (seconds, _), *more = tab.timer.set
                assert (round(seconds), more) == (expected, [])
                tab.timer.fire()
                await until(lambda: tab.door.session is not session)  # noqa: B023 - called in this round
                assert (tab.door.standing, tab.door.failure) == (Standing.OPEN, "")
            await settled(tab.door.session)  # type: ignore[arg-type]
            assert tab.door.session.waiting() == []  # type: ignore[union-attr]

    played(act())


def test_a_request_that_cannot_be_interrupted_does_not_keep_the_store() -> None:
    """Where requests block a Python stack of their own, cancelling one does nothing until it is answered."""

    async def act() -> None:
        answered = asyncio.Event()

        class Stubborn(FakeServer):
            async def send(self, request: Request) -> Response:
                if request.path.endswith("/sync"):
                    while not answered.is_set():
                        try:
                            await answered.wait()
                        except asyncio.CancelledError:
                            continue
                return await super().send(request)

        phone = Phone(Stubborn())
        session = await Session.open(phone.ports())
        assert await session.enrol(phone.server.add("budi")) is None
        record = logged(session, "Melati")
        await asyncio.wait_for(session.close(), LETTING_GO_SECONDS * 5)
        answered.set()
        await turns()
        again = await Session.open(phone.ports())
        assert again.activity(record) is not None
        await again.close()

    played(act())
