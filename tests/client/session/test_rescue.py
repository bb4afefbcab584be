"""Unsent work leaves a phone as one file and comes back on another: all of it, once, under its own names."""

from __future__ import annotations

import asyncio
import io
import json
import tracemalloc
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from lumbung_client.session.rescue_file import DESCRIPTION, LARGEST, Reader, Unusable
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Brought, Failure, RescueFile
from lumbung_client.store.durable import StoreFull
from lumbung_client.store.entries import Entry, drop_entry, put_entry, put_picture, put_replica
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync.engine import NetworkBack
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.canonical import Json
from lumbung_shared.records import conflicts, state_digest, values
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import HEADLINE, edited, logged, opened, settled

PHOTO = b"\xff\xd8 a photo"


@asynccontextmanager
async def two_phones(person: str = "budi", other: str = "budi") -> AsyncIterator[tuple[Session, Session, FakeServer]]:
    """Two enrolled phones, of one person unless `other` is another, that have read the news; then no network."""
    server = FakeServer()
    async with opened(Phone(server, seed=11)) as first, opened(Phone(server, seed=22)) as second:
        for session, who in ((first, person), (second, other)):
            assert await session.enrol(server.add(who)) is None
            await settled(session)
        server.down = True
        yield first, second, server


async def exported(session: Session) -> RescueFile:
    await settled(session)
    file = await session.rescue.file()
    assert isinstance(file, RescueFile)
    return file


async def brought(session: Session, file: RescueFile) -> Brought:
    answer = await session.rescue.take_in(file.content)
    assert isinstance(answer, Brought), answer
    return answer


async def synced(server: FakeServer, *sessions: Session) -> None:
    server.down = False
    for session in sessions:
        await session.sync_now()
        assert session.status.reason == ""
    server.down = True


def said(session: Session, record: str) -> dict[str, Json]:
    state = session._content.view(record)
    assert state is not None
    return values(state)


def test_what_waits_is_seen_on_the_other_phone_and_sent_from_there_once() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            first, second = logged(old, "Melati"), logged(old, "Mawar")
            edited(old, second, place="Balai")
            draft = old.start_draft("other")
            old.answer(draft, "title", "Rapat")
            await old.pictures.keep(PHOTO, first, "photos", old.now())
            file = await exported(old)
            assert (file.activities, file.drafts, file.pictures, file.lost) == (3, 1, 1, 0)
            assert file.name == "lumbung-budi-2026-11-22-3-kegiatan.zip"

            assert await brought(new, file) == Brought(2, 1, 1, 0)
            assert {row.record: row.state for row in new.activities()} == {
                first: ActivityState.WAITING,
                second: ActivityState.WAITING,
                draft: ActivityState.DRAFT,
            }
            assert {row.record for row in new.waiting()} == {first, second}
            assert said(new, second)["place"] == "Balai"
            assert await new.pictures.read(new.pictures.unconfirmed()[0].sha256) == PHOTO
            assert await brought(new, file) == Brought(0, 0, 0, 3)

            await synced(server, new)
            assert new.waiting() == []
            assert {row.state for row in new.activities() if row.record != draft} == {ActivityState.SENT}
            names = set(server.stored)
            assert {replica for replica, _ in names} == {old.identity.replica}  # type: ignore[union-attr]
            await synced(server, old, new)
            assert set(server.stored) == names
            assert old.waiting() == []
            for record in (first, second):
                assert conflicts(server.states()[record]) == {}
                assert said(new, record) == said(old, record) == values(server.states()[record])
            assert await brought(new, file) == Brought(0, 0, 0, 3)

    asyncio.run(run())


def test_nothing_is_doubled_when_the_old_phone_sent_it_first() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            file = await exported(old)
            await synced(server, old)
            edited(old, record, place="Balai")
            await synced(server, old)
            assert (await brought(new, file)).activities == 1
            await synced(server, new)
            assert new.waiting() == []
            assert said(new, record) == said(old, record)
            assert len(server.stored) == 2
            assert await brought(new, file) == Brought(0, 0, 0, 1)

    asyncio.run(run())


def test_what_the_news_have_shown_already_is_not_brought() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            logged(old, "Melati")
            file = await exported(old)
            await synced(server, old, new)
            assert await brought(new, file) == Brought(0, 0, 0, 1)
            assert new.waiting() == []

    asyncio.run(run())


def test_what_was_deleted_after_it_was_sent_does_not_come_back_with_the_file() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            file = await exported(old)
            await synced(server, old)
            old.delete(record)
            await synced(server, old, new)
            await brought(new, file)
            await synced(server, new, old)
            assert new.activities() == old.activities() == []
            assert new.waiting() == []

    asyncio.run(run())


def test_an_edit_on_the_new_phone_follows_what_was_brought() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await brought(new, await exported(old))
            edited(new, record, agenda="Melati Indah", place="RT 01")
            assert said(new, record)[HEADLINE] == "Melati Indah"
            await synced(server, new)
            kinds = [request.replica for request in server.batches() if request.writes]
            assert kinds == [old.identity.replica, new.identity.replica]  # type: ignore[union-attr]
            await synced(server, old, new)
            assert conflicts(server.states()[record]) == {}
            assert said(old, record) == said(new, record)
            assert said(old, record)[HEADLINE] == "Melati Indah"

    asyncio.run(run())


def test_a_delete_on_the_new_phone_deletes_what_was_brought_for_the_old_one_too() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await brought(new, await exported(old))
            new.delete(record)
            assert new.activities() == []
            await synced(server, new, old, new)
            assert old.activities() == new.activities() == []
            assert server.states()[record].heads[0].sets == {"$deleted": True}

    asyncio.run(run())


def test_an_exported_write_changes_no_more_so_that_an_edit_after_it_is_no_dispute() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            file = await exported(old)
            edited(old, record, agenda="Mawar")
            await brought(new, file)
            await synced(server, new, old, new)
            assert conflicts(server.states()[record]) == {}
            assert said(new, record)[HEADLINE] == said(old, record)[HEADLINE] == "Mawar"

    asyncio.run(run())


def test_a_file_of_a_phone_that_brought_a_file_carries_both_in_their_order() -> None:
    async def run() -> None:
        async with two_phones() as (first, second, server), opened(Phone(server, seed=33)) as third:
            server.down = False
            assert await third.enrol(server.add("budi")) is None
            await settled(third)
            server.down = True
            record = logged(first, "Melati")
            await brought(second, await exported(first))
            edited(second, record, place="Balai")
            await brought(third, await exported(second))
            edited(third, record, place="RT 01")
            assert said(third, record)["place"] == "RT 01"
            await synced(server, third, first, second, third)
            assert conflicts(server.states()[record]) == {}
            assert {said(one, record)["place"] for one in (first, second, third)} == {"RT 01"}
            assert len({name[0] for name in server.stored}) == 3

    asyncio.run(run())


def test_lost_replies_double_nothing() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await brought(new, await exported(old))
            server.down, server.lose_replies = False, 1
            await new.sync_now()
            assert [row.record for row in new.activities()] == [record]
            await synced(server, new, old)
            assert len(server.stored) == 1
            assert said(new, record) == values(server.states()[record])

    asyncio.run(run())


def test_brought_work_survives_a_power_cut() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server, seed=22)
        async with opened(Phone(server, seed=11)) as old:
            await old.enrol(server.add("budi"))
            await settled(old)
            server.down = True
            record = logged(old, "Melati")
            file = await exported(old)
        server.down = False
        new = await Session.open(phone.ports())
        await new.enrol(server.add("budi"))
        await settled(new)
        server.down = True
        await brought(new, file)
        await new.rest()
        phone.files.crash()
        server.down = False
        async with opened(phone) as new:
            await settled(new)
            assert record in server.states()
            assert new.waiting() == []

    asyncio.run(run())


# What the server does not take


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


async def refused(server: FakeServer, session: Session) -> str:
    """Log an activity that the server does not take yet, and be told so."""
    record = logged(session, "Melati")
    server.refuse[record] = ("unknown-region", "region")
    await synced_refused(server, session)
    return record


async def synced_refused(server: FakeServer, session: Session) -> None:
    server.down = False
    await session.sync_now()
    server.down = True


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


def test_a_draft_stays_out_when_this_phone_has_one_or_knows_better() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await synced(server, old, new)
            old.start_edit(record)
            old.answer(record, "place", "Balai")
            file = await exported(old)
            assert (await brought(new, file)).drafts == 1
            draft = new.draft(record)
            assert draft is not None
            assert draft.answers["place"] == "Balai"
            new.answer(record, "place", "Di sini")
            assert await brought(new, file) == Brought(0, 0, 0, 1)
            assert new.finish(record) == ()
            assert await brought(new, file) == Brought(0, 0, 0, 1)
            assert new.draft(record) is None

    asyncio.run(run())


def test_a_draft_of_a_record_that_was_sent_and_deleted_here_stays_out() -> None:
    async def run() -> None:
        async with two_phones() as (old, _, server):
            record = logged(old, "Melati")
            await synced(server, old)
            old.start_edit(record)
            old.answer(record, "place", "Balai")
            file = await exported(old)
            old.delete(record)
            await synced(server, old)
            assert await brought(old, file) == Brought(0, 0, 0, 1)
            assert old.activities() == []

    asyncio.run(run())


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


Damage = Callable[[bytes], bytes]


def _without(name: str) -> Damage:
    def damaged(content: bytes) -> bytes:
        return _again(content, lambda entry, data: None if entry.startswith(name) else data)

    return damaged


def _changed(change: Callable[[dict[str, Any]], None]) -> Damage:
    def damaged(content: bytes) -> bytes:
        def edit(entry: str, data: bytes) -> bytes:
            if entry != DESCRIPTION:
                return data
            described = json.loads(data)
            change(described)
            return json.dumps(described).encode()

        return _again(content, edit)

    return damaged


def _again(content: bytes, edit: Callable[[str, bytes], bytes | None]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            data = edit(name, source.read(name))
            if data is not None:
                made.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda _: b"", "rescue-unknown"),
        (lambda _: b"\xff\xd8 a photo", "rescue-unknown"),
        (_without(DESCRIPTION), "rescue-unknown"),
        (_changed(lambda it: it.update(format="other")), "rescue-unknown"),
        (_changed(lambda it: it.update(version=2)), "rescue-newer"),
        (lambda content: content[: len(content) // 2], "rescue-damaged"),
        (lambda content: content.replace(PHOTO, PHOTO.swapcase()), "rescue-damaged"),
        (_without("pictures/"), "rescue-damaged"),
        (_changed(lambda it: it.update(parts=[])), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0]["write"].update(n=0)), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0]["write"]["sets"].update(x=1.5)), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0].update(replica="")), "rescue-damaged"),
        (_changed(lambda it: it.pop("entries") and it.update(entries=[{}])), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0].update(code="\ud800")), "rescue-damaged"),
        (_changed(lambda it: it["entries"][0].update(made_at=10**15)), "rescue-damaged"),
        (_changed(lambda it: it["drafts"][0]["answers"].update(title="\ud800")), "rescue-damaged"),
        (_changed(lambda it: it["drafts"][0]["answers"].update(title=float("nan"))), "rescue-damaged"),
        (_changed(lambda it: it["drafts"][0].update(changed_at=-1)), "rescue-damaged"),
        (_changed(lambda it: it["pictures"][0].update(path="\ud800")), "rescue-damaged"),
        (_changed(lambda it: it["person"].update(name="\ud800")), "rescue-damaged"),
        (lambda content: _in_table(content, 6, b"\xff\xff"), "rescue-damaged"),  # wants a newer unpacker
        (lambda content: content + b"PK\x01\x02" * 20_001, "rescue-too-large"),
    ],
)
def test_a_file_that_cannot_be_taken_in_says_why_and_changes_nothing(damage: Damage, code: str) -> None:
    async def run() -> None:
        async with two_phones() as (old, new, _):
            record = logged(old, "Melati")
            old.answer(old.start_draft("other"), "title", "Rapat")
            await old.pictures.keep(PHOTO, record, "photos", old.now())
            file = await exported(old)
            answer = await new.rescue.take_in(damage(file.content))
            assert isinstance(answer, Failure)
            assert answer.code == code
            assert new.activities() == []
            assert new.pictures.unconfirmed() == ()

    asyncio.run(run())


def test_every_flipped_byte_is_noticed_or_changes_nothing_that_counts() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, _):
            record = logged(old, "Melati")
            await old.pictures.keep(PHOTO, record, "photos", old.now())
            content = (await exported(old)).content
            whole = said(old, record)
            for place in range(0, len(content), 7):
                flipped = content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :]
                answer = await new.rescue.take_in(flipped)
                if isinstance(answer, Brought):
                    assert said(new, record) == whole
                else:
                    assert answer.code.startswith("rescue-")

    asyncio.run(run())


def test_a_bomb_is_too_large() -> None:
    async def run() -> None:
        async with two_phones() as (_, new, _server):
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made, made.open(DESCRIPTION, "w") as inner:
                for _block in range(LARGEST // 10_000_000 + 1):
                    inner.write(bytes(10_000_000))
            answer = await new.rescue.take_in(target.getvalue())
            assert isinstance(answer, Failure)
            assert answer.code == "rescue-too-large"

    asyncio.run(run())


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_bomb_that_lies_about_its_size_is_not_unpacked(packing: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as made:
        made.writestr(DESCRIPTION, bytes(60_000_000))
    content = _in_table(target.getvalue(), 24, (1000).to_bytes(4, "little"))
    tracemalloc.start()
    try:
        with pytest.raises(Unusable) as refused:
            Reader(content)
        assert refused.value.code == "rescue-damaged"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def _in_table(content: bytes, offset: int, data: bytes) -> bytes:
    """Overwrite something of the first entry in the table of contents."""
    place = content.index(b"PK\x01\x02") + offset
    return content[:place] + data + content[place + len(data) :]


def test_another_persons_file_is_refused_and_says_whose_it_is() -> None:
    async def run() -> None:
        async with two_phones(other="siti") as (old, new, _):
            logged(old, "Melati")
            answer = await new.rescue.take_in((await exported(old)).content)
            assert answer == Failure("rescue-of-another", name="Budi")
            assert new.activities() == []

    asyncio.run(run())


def test_before_enrolment_nothing_is_taken_in() -> None:
    async def run() -> None:
        async with two_phones() as (old, _, server), opened(Phone(server, seed=33)) as fresh:
            logged(old, "Melati")
            assert await fresh.rescue.take_in((await exported(old)).content) == Failure("rescue-not-enrolled")

    asyncio.run(run())


def test_the_file_holds_no_token_and_equal_content_gives_equal_bytes() -> None:
    async def run() -> None:
        async with two_phones() as (old, _, _server):
            record = logged(old, "Melati")
            await old.pictures.keep(PHOTO, record, "photos", old.now())
            file = await exported(old)
            with zipfile.ZipFile(io.BytesIO(file.content)) as inside:
                assert not any(b"token-budi" in inside.read(name) for name in inside.namelist())
            assert (await exported(old)).content == file.content

    asyncio.run(run())


def test_what_the_store_set_aside_is_in_the_file() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server)
        piece = await phone.files.open("segment-1.damaged-1")
        piece.write_at(0, b"half a frame")
        piece.flush()
        piece.close()
        async with opened(phone) as session:
            await session.enrol(server.add("budi"))
            await settled(session)
            file = await exported(session)
            with zipfile.ZipFile(io.BytesIO(file.content)) as inside:
                assert inside.read("set-aside/segment-1.damaged-1") == b"half a frame"
            assert file.activities == 0

    asyncio.run(run())


def test_a_picture_whose_bytes_are_gone_is_counted_and_the_rest_is_saved() -> None:
    async def run() -> None:
        async with two_phones() as (old, _, _server):
            record = logged(old, "Melati")
            picture = await old.pictures.keep(PHOTO, record, "photos", old.now())
            old._store.apply([put_picture(replace(picture, sha256="0" * 64))])
            file = await exported(old)
            assert (file.activities, file.pictures, file.lost) == (1, 1, 1)

    asyncio.run(run())


def test_a_full_phone_still_gives_its_records_away() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server, seed=11)
        async with opened(phone) as old:
            await old.enrol(server.add("budi"))
            await settled(old)
            server.down = True
            logged(old, "Melati")
            phone.files.room = phone.files.used()
            assert (await exported(old)).activities == 1

    asyncio.run(run())


def test_a_phone_without_room_takes_nothing_in_and_says_so() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server, seed=22)
        async with opened(Phone(server, seed=11)) as old, opened(phone) as new:
            for session in (old, new):
                await session.enrol(server.add("budi"))
                await settled(session)
            server.down = True
            record = logged(old, "Melati")
            await old.pictures.keep(PHOTO * 1000, record, "photos", old.now())
            file = await exported(old)
            phone.files.room = phone.files.used() + 100
            with pytest.raises(StoreFull):
                await new.rescue.take_in(file.content)
            assert new.activities() == []
            assert not any(name.startswith("picture-") for name in await phone.files.names())

    asyncio.run(run())
