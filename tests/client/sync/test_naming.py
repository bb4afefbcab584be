"""A store that turns out to be a copy goes on under a new name: nothing it holds is hidden, doubled or lost."""

from __future__ import annotations

import asyncio
from copy import deepcopy

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState
from lumbung_shared.problems import Code
from lumbung_shared.records import conflicts, values
from tests.client.fakes import FakeServer, Phone, problem
from tests.client.phones import edited, enrolled, logged, opened, settled


def name_of(session: Session) -> str:
    assert session.identity is not None
    return session.identity.replica


def test_a_form_opened_before_a_fork_replaces_what_its_person_saw_under_the_new_name() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            server.down = True
            record = logged(session, place="Balai")
            await settled(session)
            session.start_edit(record)
            session.answer(record, "place", "Rumah")
            server.down = False
            server.answers.append(problem(Code.REPLICA_TAKEN, 409))
            await session.sync_now()
            phone.timer.fire()
            await settled(session)
            assert session.finish(record) == ()
            await settled(session)
            state = server.states()[record]
            assert (values(state)["place"], conflicts(state)) == ("Rumah", {})
            assert session.activities()[0].state is ActivityState.SENT

    asyncio.run(run())


def test_a_copy_is_known_by_news_that_hold_more_than_it_wrote_and_hides_nothing_of_its_own() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (first, phone):
            record = logged(first)
            await settled(first)
            copy = Phone(server, files=deepcopy(phone.files), seed=9)
            copy.files.crash()
            edited(first, record, place="Balai")
            await settled(first)
            edited(first, record, rt="05")
            await settled(first)
            async with opened(Phone(server, seed=5)) as other, opened(copy) as second:
                await other.enrol(server.add("budi"))
                await settled(other)
                await settled(second)
                edited(other, record, notes="dari ponsel lain")
                await settled(other)
                await second.sync_now()
                assert name_of(second) != name_of(first)
                server.down = True
                edited(second, record, place="Rumah")
                await settled(second)
                view = second.activity(record)
                assert view is not None
                assert (view.answers["place"], view.answers["rt"], view.answers["notes"]) == (
                    "Rumah",
                    "05",
                    "dari ponsel lain",
                )
                server.down = False
                await second.sync_now()
                assert second.waiting() == []
                assert values(server.states()[record])["place"] == "Rumah"

    asyncio.run(run())
