"""A name in a rescue file may stand for something else here or on the server: neither content is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Brought, RescueFile
from lumbung_client.store.entries import Entry, drop_entry, put_entry, put_replica
from lumbung_client.store.frames import Change
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.canonical import Json
from lumbung_shared.records import state_digest, values
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import HEADLINE, edited, logged, opened, settled
from tests.client.rescuing import brought, exported, said, synced, synced_refused, two_phones


def test_what_gets_another_name_tells_this_phone_what_its_first_name_came_to() -> None:
    """The record began under the old name, too, and was deleted there before this phone looked."""

    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            before = old._content.entries()[0]
            file = await exported(old)
            old._store.apply([_outbox(before, {**before.write.sets, HEADLINE: "Mawar"})])
            await synced(server, old)
            old.delete(record)
            await synced(server, old, new)
            await brought(new, file)
            await synced(server, new)
            confirmed = new._content.confirmed(record)
            assert confirmed is not None
            assert state_digest(confirmed) == state_digest(server.states()[record])
            assert [row.state for row in new.activities()] == [ActivityState.DISPUTED]

    asyncio.run(run())


def test_what_is_added_under_the_own_name_to_a_record_deleted_here_is_seen_beside_the_deletion() -> None:
    """A store's own writes are no news to it: it takes another name to be told of its deletion."""

    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await synced(server, old, new)
            edited(new, record, place="Balai")
            file = await exported(new)
            old.delete(record)
            await synced(server, old)
            server.owners[new.identity.replica] = "siti"  # type: ignore[union-attr]
            await brought(old, file)
            await synced_refused(server, old)
            await synced(server, old)
            confirmed = old._content.confirmed(record)
            assert confirmed is not None
            assert state_digest(confirmed) == state_digest(server.states()[record])
            assert [row.state for row in old.activities()] == [ActivityState.DISPUTED]
            requests = len(server.batches())
            await synced(server, old)
            assert len(server.batches()) == requests + 1

    asyncio.run(run())


def test_when_the_old_phone_used_the_name_for_something_else_both_are_kept() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            before = list(old._content.entries())
            file = await exported(old)
            # The old phone's store went back to before the file was made, and it went on from there.
            old._store.apply([_outbox(before[0], {**before[0].write.sets, HEADLINE: "Mawar"})])
            await synced(server, old)
            await brought(new, file)
            edited(new, record, place="Balai")
            await synced(server, new)
            assert new.waiting() == []
            assert {head.sets.get(HEADLINE) for head in server.states()[record].heads} >= {"Melati", "Mawar"}
            assert values(server.states()[record])["place"] == "Balai"
            await synced(server, old, new)
            assert said(old, record) == said(new, record)
            for session in (old, new):
                await brought(session, file)
                assert await brought(session, file) == Brought(0, 0, 0, 1)
            await synced(server, new, old, new)
            assert {head.sets.get(HEADLINE) for head in server.states()[record].heads} >= {"Melati", "Mawar"}

    asyncio.run(run())


def _outbox(entry: Entry, sets: dict[str, Json]) -> Change:
    return put_entry(replace(entry, write=replace(entry.write, sets=sets), offered=False))


def test_a_name_that_belongs_to_somebody_else_on_the_server_is_given_up_without_a_loop() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await brought(new, await exported(old))
            server.owners[old.identity.replica] = "siti"  # type: ignore[union-attr]
            name = new.identity.replica  # type: ignore[union-attr]
            await synced_refused(server, new)
            await synced(server, new)
            assert new.waiting() == []
            assert {replica for replica, _ in server.stored} == {name}
            assert said(new, record)[HEADLINE] == "Melati"

    asyncio.run(run())


def test_a_server_put_back_from_an_old_copy_is_offered_what_was_brought_under_its_own_name() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await brought(new, await exported(old))
            edited(new, record, place="Balai")
            await synced(server, new)
            stored = dict(server.stored)
            server.stored.clear()
            server.order.clear()
            server.epoch = "e2"
            await synced(server, new)
            assert server.stored == stored
            assert new.waiting() == []

    asyncio.run(run())


# The same store


def test_a_file_brings_back_what_the_same_phone_lost() -> None:
    async def run() -> None:
        server = FakeServer()
        async with opened(Phone(server, seed=11)) as session:
            await session.enrol(server.add("budi"))
            await settled(session)
            server.down = True
            first = logged(session, "Melati")
            empty = list(session._content.entries())
            second = logged(session, "Mawar")
            file = await exported(session)
            for entry in session._content.entries():
                if entry.name != empty[0].name:
                    session._store.apply([drop_entry(entry)])
            session._store.apply([_counter(session, 1)])
            assert await brought(session, file) == Brought(1, 0, 0, 1)
            third = logged(session, "Anggrek")
            await synced(server, session)
            assert {said(session, record)[HEADLINE] for record in (first, second, third)} == {
                "Melati",
                "Mawar",
                "Anggrek",
            }
            assert len(server.stored) == 3

    asyncio.run(run())


def _counter(session: Session, last: int) -> Change:
    assert session._content.replica is not None
    return put_replica(replace(session._content.replica, last=last))


def test_a_name_that_means_something_else_here_keeps_both_contents() -> None:
    async def run() -> None:
        server = FakeServer()
        async with opened(Phone(server, seed=11)) as session:
            await session.enrol(server.add("budi"))
            await settled(session)
            server.down = True
            record = logged(session, "Melati")
            file = await exported(session)
            entry = session._content.entries()[0]
            session._store.apply([_outbox(entry, {**entry.write.sets, HEADLINE: "Mawar"})])
            assert await brought(session, file) == Brought(1, 0, 0, 0)
            assert await brought(session, file) == Brought(0, 0, 0, 1)
            await synced(server, session)
            assert await brought(session, file) == Brought(0, 0, 0, 1)
            assert {head.sets[HEADLINE] for head in server.states()[record].heads} == {"Melati", "Mawar"}

    asyncio.run(run())


# Drafts


def test_a_store_put_back_from_an_old_copy_is_told_what_it_forgot_when_its_own_file_comes_back() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server, seed=11)
        session = await Session.open(phone.ports())
        await session.enrol(server.add("budi"))
        await settled(session)
        copy = phone.files.after_crash(lambda _: True)
        first = logged(session, "Melati")
        await settled(session)
        server.down = True
        second = logged(session, "Mawar")
        file = await exported(session)
        await session.close()
        phone.files = copy
        async with opened(phone) as again:
            assert again.activities() == []
            assert await brought(again, file) == Brought(1, 0, 0, 0)
            await synced(server, again)
            assert {row.record for row in again.activities()} == {first, second}
            assert len(server.stored) == 2

    asyncio.run(run())


def test_an_answer_that_arrives_after_the_file_gave_the_store_another_name_is_not_its_own() -> None:
    class Slow(FakeServer):
        coming: tuple[Session, RescueFile] | None = None

        async def send(self, request: Request) -> Response:
            answer = await super().send(request)
            if self.coming is not None:
                coming, self.coming = self.coming, None
                assert await brought(*coming) == Brought(1, 0, 0, 0)
            return answer

    async def run() -> None:
        server = Slow()
        phone = Phone(server, seed=11)
        session = await Session.open(phone.ports())
        await session.enrol(server.add("budi"))
        await settled(session)
        copy = phone.files.after_crash(lambda _: True)
        first = logged(session, "Melati")
        await settled(session)
        server.down = True
        second = logged(session, "Mawar")
        file = await exported(session)
        await session.close()
        phone.files, server.down = copy, False
        async with opened(phone) as again:
            await again.sync_now()
            server.coming = again, file
            await again.sync_now()
            await again.sync_now()
            assert {row.record for row in again.activities()} == {first, second}
            assert again.waiting() == []

    asyncio.run(run())


# What cannot be taken in
