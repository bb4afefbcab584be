"""A server in a new epoch may have lost anything: the phone offers it again, and tells nobody a false state."""

from __future__ import annotations

import asyncio

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant
from lumbung_shared.records import values
from tests.client.fakes import OTHER_VILLAGE, VILLAGE, FakeServer, Phone
from tests.client.phones import edited, enrolled, logged, opened, settled


def forget(server: FakeServer, *records: str, after: int = 0) -> None:
    """Put the server back: what came of these records after a number of writes never reached it. A new epoch."""
    lost = [name for name in server.order[after:] if server.stored[name][1].write.record in records]
    for name in lost:
        del server.stored[name]
        server.order.remove(name)
    server.epoch += "+"


def test_what_is_refused_as_a_new_epoch_begins_is_sent_again_after_what_the_server_lost() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = logged(session, "Melati")
            await settled(session)
            forget(phone.server, record)
            # To a server that lost its beginning, an edit belongs nowhere.
            phone.server.refuse[record] = (Code.REGION_MISSING, "region")
            phone.server.before_reply = phone.server.refuse.clear
            edited(session, record, place="Balai")
            await settled(session)
            assert [row.state for row in session.activities()] == [ActivityState.SENT]
            shown = values(phone.server.states()[record])
            assert (shown["agenda"], shown["place"]) == ("Melati", "Balai")
            assert session.waiting() == []

    asyncio.run(run())


def replica(session: Session) -> str:
    assert session.identity is not None
    return session.identity.replica


async def second_phone(server: FakeServer, two: Session) -> None:
    assert await two.enrol(server.add("budi")) is None
    await settled(two)


def test_an_edit_of_a_record_that_another_phone_began_is_offered_again() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _), opened(Phone(server, seed=2)) as two:
            record = logged(one, "Melati")
            await settled(one)
            await second_phone(server, two)
            edited(two, record, place="Balai")
            await settled(two)
            forget(server, record, after=1)
            assert "place" not in values(server.states()[record])
            await two.sync_now()
            assert values(server.states()[record])["place"] == "Balai"
            assert two.waiting() == []

    asyncio.run(run())


@pytest.mark.parametrize("code", [Code.REGION_MISSING, Code.NOT_THE_AUTHOR])
def test_what_stands_on_another_phones_write_is_sent_once_that_phone_has_brought_it(code: Code) -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server, seed=2)
        async with enrolled(server) as (one, _), opened(phone) as two:
            record = logged(one, "Melati")
            await settled(one)
            await second_phone(server, two)
            edited(two, record, place="Balai")
            await settled(two)
            forget(server, record)
            server.refuse[record] = (code, "")
            await two.sync_now()
            assert [row.state for row in two.waiting()] == [ActivityState.REFUSED], "visible as long as it waits"
            server.refuse.clear()
            await one.sync_now()
            phone.timer.fire()
            await settled(two)
            assert two.waiting() == []
            shown = values(server.states()[record])
            assert (shown["agenda"], shown["place"]) == ("Melati", "Balai")

    asyncio.run(run())


def test_what_other_phones_wrote_cures_no_write_that_is_wrong_itself() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server, seed=2)
        async with enrolled(server) as (one, _), opened(phone) as two:
            record = logged(one, "Melati")
            await settled(one)
            await second_phone(server, two)
            server.refuse[record] = (Code.UNKNOWN_REGION, "region")
            edited(two, record, place="Balai")
            await settled(two)
            server.refuse.clear()
            edited(one, record, notes="Hujan")
            await settled(one)
            phone.timer.fire()
            await settled(two)
            assert [row.state for row in two.waiting()] == [ActivityState.REFUSED]

    asyncio.run(run())


def test_a_record_deleted_elsewhere_before_its_lost_answer_is_asked_for_again_is_not_shown_as_sent() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server)
        async with opened(phone) as one, opened(Phone(server, seed=2)) as two:
            server.lose_replies = 1
            assert await one.enrol(server.add("budi")) is None
            await settled(one)
            server.lose_replies = 1
            record = logged(one, "Melati")
            await settled(one)
            await second_phone(server, two)
            two.delete(record)
            await settled(two)
            phone.timer.fire()
            await settled(one)
            assert one.status.last_success
            assert one.activities() == []
            assert one.activity(record) is None
            assert one.waiting() == []

    asyncio.run(run())


def test_what_was_deleted_elsewhere_does_not_come_back_when_it_is_offered_again() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _), opened(Phone(server, seed=2)) as two:
            record, kept = logged(one, "Melati"), logged(one, "Mawar")
            await settled(one)
            await second_phone(server, two)
            two.delete(record)
            await settled(two)
            await one.sync_now()
            server.epoch = "e2"
            for session in (one, two):
                await session.sync_now()
                assert [row.record for row in session.activities()] == [kept]
                assert session.waiting() == []

    asyncio.run(run())


def test_what_a_coordinator_settled_where_they_work_no_more_does_not_become_theirs_in_a_new_epoch() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (author, _), opened(Phone(server, seed=2)) as siti:
            record = logged(author, "Melati")
            await settled(author)
            assert await siti.enrol(server.add("siti", Grant(VILLAGE, "district-coordinator"))) is None
            await settled(siti)
            edited(siti, record, place="Balai")
            await settled(siti)
            server.persons["siti"] = (server.persons["siti"][0], (Grant(OTHER_VILLAGE, "district-coordinator"),))
            await siti.sync_now()
            assert siti.activity(record) is None
            server.epoch = "e2"
            await siti.sync_now()
            assert siti.waiting() == []
            assert siti.activities() == []
            assert siti.activity(record) is None
            await author.sync_now()
            assert values(server.states()[record])["place"] == "Balai"

    asyncio.run(run())


def test_an_edit_that_waits_over_a_record_deleted_meanwhile_ends_as_a_bentrok() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server)
        async with opened(phone) as one, opened(Phone(server, seed=2)) as two:
            assert await one.enrol(server.add("budi")) is None
            await settled(one)
            server.lose_replies = 1
            record = logged(one, "Melati")
            await settled(one)
            await second_phone(server, two)
            two.delete(record)
            await settled(two)
            edited(one, record, place="Balai")
            phone.timer.fire()
            await settled(one)
            await two.sync_now()
            for session in (one, two):
                (row,) = session.activities()
                assert row.state is ActivityState.DISPUTED

    asyncio.run(run())
