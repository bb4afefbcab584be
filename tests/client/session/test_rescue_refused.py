"""What a server refuses of a rescue file, or had refused before, is shown with its reason, and nothing loops."""

from __future__ import annotations

import asyncio

from lumbung_client.session.views import ActivityState, Brought, Failure
from lumbung_client.store.local_store import Name
from lumbung_client.sync.engine import NetworkBack
from lumbung_shared.records import conflicts
from tests.client.phones import HEADLINE, edited, logged, settled
from tests.client.rescuing import brought, exported, refused, said, synced, two_phones


def test_a_refused_write_comes_with_its_reason_and_is_corrected_on_the_new_phone() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = await refused(server, old)
            file = await exported(old)
            await brought(new, file)
            assert [(row.state, row.reason) for row in new.waiting()] == [(ActivityState.REFUSED, "unknown-region")]
            server.refuse.clear()
            edited(new, record, agenda="Mawar")
            assert {name for name, _ in new._content.rows(Name.BROUGHT)} == set()
            assert await brought(new, file) == Brought(0, 0, 0, 1)
            await synced(server, new)
            assert said(new, record)[HEADLINE] == "Mawar"
            assert {replica for replica, _ in server.stored} == {new.identity.replica}  # type: ignore[union-attr]

    asyncio.run(run())


def test_what_was_brought_refused_and_thrown_away_stays_away() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = await refused(server, old)
            file = await exported(old)
            await brought(new, file)
            new.delete(record)
            assert new.waiting() == []
            assert await brought(new, file) == Brought(0, 0, 0, 1)

    asyncio.run(run())


def test_a_write_refused_after_it_was_brought_is_shown_as_refused_and_nothing_loops() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record, other = logged(old, "Melati"), logged(old, "Mawar")
            await brought(new, await exported(old))
            server.refuse[record] = ("unknown-region", "region")
            await synced(server, new)
            assert {row.record: row.state for row in new.activities()} == {
                record: ActivityState.REFUSED,
                other: ActivityState.SENT,
            }
            assert (await new.sign_out()) == Failure("unsent-left")

    asyncio.run(run())


def test_what_was_brought_refused_and_accepted_elsewhere_meanwhile_is_sent_and_an_edit_of_it_no_dispute() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = await refused(server, old)
            await brought(new, await exported(old))
            server.refuse.clear()
            await synced(server, old)
            server.down = False
            new._runner.post(NetworkBack())  # nobody asked: what was refused is not offered again
            await settled(new)
            assert [row.state for row in new.activities()] == [ActivityState.SENT]
            assert new.waiting() == []
            edited(new, record, agenda="Mawar")
            await synced(server, new, old)
            assert conflicts(server.states()[record]) == {}
            assert said(old, record)[HEADLINE] == "Mawar"

    asyncio.run(run())
