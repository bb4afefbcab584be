"""A store that turns out to be a copy goes on under a new name: nothing it holds is hidden, doubled or lost."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from dataclasses import replace

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Brought, RescueFile
from lumbung_shared.problems import Code
from lumbung_shared.protocol import PROTOCOL, SyncRequest
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


def test_what_the_server_may_hold_under_the_old_name_is_asked_under_it_and_an_edit_of_it_is_no_dispute() -> None:
    """The store is put back from an old copy, and a file of its own shows that before the server does."""

    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            server.lose_replies = 1
            record = logged(session, place="Balai")
            await settled(session)
            server.down = True
            old = deepcopy(phone.files)
            logged(session, "Mawar")
            await settled(session)
            file = await session.rescue.file()
            assert isinstance(file, RescueFile)
        copy = Phone(server, files=old, seed=9)
        copy.files.crash()
        async with opened(copy) as session:
            await settled(session)
            first = name_of(session)
            assert isinstance(await session.rescue.take_in(file.content), Brought)
            assert name_of(session) != first
            edited(session, record, place="Rumah")
            server.down = False
            await session.sync_now()
            assert session.waiting() == []
            state = server.states()[record]
            assert (values(state)["place"], conflicts(state)) == ("Rumah", {})
            assert {(head.replica == first, head.n) for head in state.heads if "agenda" in head.sets} == {(True, 1)}
            assert {row.state for row in session.activities()} == {ActivityState.SENT}
            assert len(session.activities()) == 2

    asyncio.run(run())


def test_after_a_fork_only_what_the_server_refused_under_the_old_name_gets_the_new_one() -> None:
    """Two activities were stored, and their replies lost; the store turns out to be a copy, in two small batches."""

    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (first, phone):
            server.down = True
            spoilt, kept = logged(first, "Melati"), logged(first, "Mawar")
            await settled(first)
            copy = Phone(server, files=deepcopy(phone.files), seed=9)
            copy.files.crash()
            server.down = False
            async with opened(Phone(server, seed=5)) as other:
                # What the first number stands for is something else; the second is as it was.
                await other.enrol(server.add("budi"))
                await settled(other)
                replica = name_of(first)
                (entry,) = first._content.entries_of(spoilt)
                lost = replace(entry.write, sets={**entry.write.sets, "agenda": "Kamboja"})
                asked = SyncRequest(PROTOCOL, replica, lost.time)
                server._take(asked, "budi", lost, set())
                (entry,) = first._content.entries_of(kept)
                server._take(asked, "budi", entry.write, set())
            server.down = True
            async with opened(copy) as session:
                await settled(session)
                edited(session, kept, place="Rumah")
                await settled(session)
                server.down = False
                server.answers.append(problem(Code.BODY_TOO_LARGE, 413))
                await session.sync_now()
                await session.sync_now()
                assert session.waiting() == []
                assert conflicts(server.states()[kept]) == {}
                names = {head.replica for head in server.states()[kept].heads if "agenda" in head.sets}
                assert names == {replica}

    asyncio.run(run())
