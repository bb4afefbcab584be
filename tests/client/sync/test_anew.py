"""News that are read again from the start: after a restore of the server, and under another name. Nothing of them is
kept that the server does not tell, and nothing of this person's is lost on the way.
"""

from __future__ import annotations

import asyncio
from copy import deepcopy

import pytest

from lumbung_client.session.session import Session
from lumbung_client.store.entries import PLACE, Place, Replica, put, put_record, put_replica
from lumbung_client.store.local_store import Name
from lumbung_client.sync.naming import another_name
from lumbung_client.sync.plan import plan
from lumbung_client.sync.queue import Intent, queued
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant
from lumbung_shared.records import Head, RecordState, conflicts, replaced_by, values
from lumbung_shared.writes import DELETED, PhoneTime
from tests.client.fakes import OTHER_VILLAGE, VILLAGE, FakeServer, Phone
from tests.client.phones import KIND, edited, enrolled, logged, opened, settled
from tests.client.sync.test_queue import do, entry, store_of


def held(session: Session) -> set[str]:
    return {record for record, _ in session._content.rows(Name.RECORDS)}


def name_of(session: Session) -> str:
    assert session.identity is not None
    return session.identity.replica


def emptied(server: FakeServer) -> None:
    server.stored.clear()
    server.order.clear()
    server.epoch += "'"


def test_what_a_restored_server_does_not_hold_is_gone_once_all_news_were_read() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, _), opened(Phone(server, seed=2)) as siti:
            await siti.enrol(server.add("siti", Grant("64.74", "regency-coordinator")))
            record = logged(budi)
            await settled(budi)
            await siti.sync_now()
            assert held(siti) == {record}
            emptied(server)
            server.page_size = 1
            await siti.sync_now()
            assert held(siti) == set()
            await budi.sync_now()
            await siti.sync_now()
            assert held(siti) == {record}
            assert list(siti._content.rows(Name.TOLD)) == []

    asyncio.run(run())


def test_what_is_sent_and_what_was_on_its_way_goes_to_a_restored_server_under_its_names() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, _):
            record = logged(budi, place="Balai")
            await settled(budi)
            server.lose_replies = 1
            edited(budi, record, place="Rumah")
            await settled(budi)
            stored = dict(server.stored)
            emptied(server)
            await budi.sync_now()
            assert server.stored == stored
            assert budi.waiting() == []
            edited(budi, record, rt="05")
            await settled(budi)
            state = server.states()[record]
            assert (values(state)["place"], values(state)["rt"], conflicts(state)) == ("Rumah", "05", {})

    asyncio.run(run())


@pytest.mark.parametrize("person", ["budi", "siti"])
def test_a_change_to_what_another_phone_recorded_is_offered_again_once_the_server_tells_of_it(person: str) -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (first, _), opened(Phone(server, seed=2)) as second:
            await second.enrol(server.add(person, Grant(VILLAGE, "cadre"), Grant("64.74", "regency-coordinator")))
            await settled(second)
            record = logged(first)
            await settled(first)
            await second.sync_now()
            edited(second, record, place="Balai", region=OTHER_VILLAGE)
            await settled(second)
            before = server.states()
            emptied(server)
            server.refuse[record] = (Code.REGION_MISSING, "region")
            await second.sync_now()
            assert server.states() == {}
            server.refuse.clear()
            await first.sync_now()
            second.network_changed(online=False)
            second.network_changed(online=True)
            await settled(second)
            assert second.waiting() == []
            assert server.states() == before
            assert {row.get("owed") for _, row in second._content.rows(Name.SENT)} == {None}

    asyncio.run(run())


def test_a_copy_that_takes_another_name_forgets_what_was_deleted_under_the_old_one() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (first, phone):
            record = logged(first)
            await settled(first)
            copy = Phone(server, files=deepcopy(phone.files), seed=9)
            copy.files.crash()
            first.delete(record)
            await settled(first)
            async with opened(copy) as second:
                await settled(second)
                assert held(second) == {record}
                other = logged(second, "Mawar")
                await settled(second)
                assert name_of(second) != name_of(first)
                assert held(second) == {other}

    asyncio.run(run())


def test_who_reads_again_from_the_start_says_what_was_read_until_there_is_another_cursor() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            records = {logged(session), logged(session)}
            await settled(session)
            before = server.batches()[-1].cursor
            assert before
            server.page_size = 1
            session._store.apply(another_name(session._content, session._ports.fresh_replica()))
            asked = len(server.batches())
            server.lose_replies = 1
            await session.sync_now()
            phone.timer.fire()
            await settled(session)
            told = [(batch.cursor, batch.seen) for batch in server.batches()[asked:]]
            assert told[:2] == [("", before)] * 2, "an answer that was lost is no answer"
            assert all(cursor and not seen for cursor, seen in told[2:])
            assert held(session) == records

    asyncio.run(run())


def test_own_writes_wait_while_the_news_are_read_again() -> None:
    store, content = store_of(entry(1))
    store.apply([put(Name.META, PLACE, Place("c", "e1", anew=True))])
    batch = plan(content, 200)
    assert batch is not None
    assert batch.entries == ()
    store.apply([put(Name.META, PLACE, Place("c", "e1"))])
    batch = plan(content, 200)
    assert batch is not None
    assert [it.write.n for it in batch.entries] == [1]


def test_a_bentrok_with_a_deletion_outlives_a_gained_grant() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            # The deletion saw where it was, and the title that came meanwhile it did not see.
            heads = (Head("a" * 16, 2, {DELETED: True}, 5, "ani"), Head("b" * 16, 1, {"place": "Balai"}, 6, "ani"))
            session._store.apply([put_record(RecordState("r", KIND, 1, "1", "ani", heads))])
            who, grants = server.persons["budi"]
            server.persons["budi"] = (who, (*grants, Grant(OTHER_VILLAGE, "cadre", 2)))
            await session.sync_now()
            assert held(session) == {"r"}
            server.persons["budi"] = (who, (Grant(OTHER_VILLAGE, "cadre", 2),))
            await session.sync_now()
            assert held(session) == set()

    asyncio.run(run())


def test_a_form_over_older_answers_does_not_take_the_place_of_what_was_said_meanwhile() -> None:
    store, content = store_of()
    store.apply([put_replica(Replica("r1", 1))])
    head = Head("r9", 1, {"x": 1, "y": 1}, 1, "budi")
    store.apply([put_record(RecordState("a", KIND, 1, "1", "budi", (head,)))])
    state = content.view("a")
    assert state is not None
    old = replaced_by(state, ["x"])
    do(store, content, "a", {"x": 2})
    do(store, content, "a", {"y": 2})
    store.apply(queued(content, Intent("a", KIND, 1, {"x": 3}, old), PhoneTime(1)))
    assert [dict(it.write.sets) for it in content.entries()] == [{"x": 2, "y": 2}, {"x": 3}]
    shown = content.view("a")
    assert shown is not None
    assert set(conflicts(shown)) == {"x"}
