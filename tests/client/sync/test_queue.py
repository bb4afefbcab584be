"""How changes join the outbox, and how the outbox follows a new name: laws over random histories."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lumbung_client.session.views import ActivityState
from lumbung_client.store.content import Content
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.entries import (
    OWNER,
    Entry,
    Owner,
    Replica,
    put,
    put_entry,
    put_record,
    put_replica,
    renamed,
    sendable,
)
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.sync.plan import MAX_BATCH_BYTES, offering, plan
from lumbung_client.sync.queue import Intent, decided, deleted, queued
from lumbung_shared.canonical import Json
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant, Person
from lumbung_shared.records import Offered, RecordState, replaced_by, state_of, values, with_write
from lumbung_shared.writes import PhoneTime, Write
from tests.client.fakes import FakeServer, Phone, paths
from tests.client.phones import KIND, edited, enrolled, logged, opened, settled

TIME = PhoneTime(1)


def store_of(*entries: Entry) -> tuple[LocalStore, Content]:
    store = asyncio.run(LocalStore.open(MemoryFiles()))
    owner = Owner("token", 0, Person("budi", "Budi"), (Grant("64.74", "cadre", 7),), {})
    last = max((entry.write.n for entry in entries), default=0)
    store.apply([put(Name.META, OWNER, owner), put_replica(Replica("r1", last)), *map(put_entry, entries)])
    return store, Content(store)


def entry(n: int, record: str = "a", code: str = "", **sets: Json) -> Entry:
    return Entry(Write(n, record, KIND, 1, sets or {"x": n}, TIME), n, offered=bool(code), code=code)


def do(store: LocalStore, content: Content, record: str, sets: Mapping[str, Json]) -> None:
    state = content.view(record)
    seen = replaced_by(state, sets) if state else {}
    store.apply(queued(content, Intent(record, KIND, 1, sets, seen), TIME))


steps = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.dictionaries(st.sampled_from("xyz"), st.integers(0, 9), min_size=1)),
        st.tuples(st.just("offer"), st.none()),
        st.tuples(st.just("refuse"), st.none()),
        st.tuples(st.just("delete"), st.none()),
    ),
    max_size=12,
)


SET = {"x": 1}
BEHIND_A_REFUSED_ONE = [("set", SET), ("offer", None), ("set", {"x": 2}), ("refuse", None), ("set", {"x": 3})]


@given(history=steps)
@example(history=BEHIND_A_REFUSED_ONE)
@example(history=[*BEHIND_A_REFUSED_ONE[:4], ("delete", None), ("set", SET)])
@settings(deadline=None)
def test_whatever_happens_to_the_queue_the_phone_shows_the_person_s_last_word(
    history: list[tuple[str, object]],
) -> None:
    store, content = store_of()
    said: dict[str, Json] | None = None
    for what, detail in history:
        match what, detail:
            case "set", dict(sets):
                do(store, content, "a", sets)
                said = {**(said or {}), **sets}
            case "offer", _:
                batch = plan(content, 200)
                assert batch is not None
                store.apply(offering(batch))
            case "refuse", _:
                # The server refuses the first it was offered, and with it all of the record that came after.
                for refused in [it for it in content.entries() if it.offered][:1]:
                    store.apply([put_entry(Entry(refused.write, 0, True, Code.UNKNOWN_REGION, "x"))])
            case "delete", _ if said is not None and said != {"$deleted": True}:
                store.apply(deleted(content, "a", TIME))
                said = {"$deleted": True} if content.entries() else None
        state = content.view("a")
        assert (paths(state) if state else None) == said
        own = {(entry.write.n) for entry in content.entries()}
        for waiting in content.entries():
            for names in waiting.write.replaces.values():
                assert all(replica == "r1" and n in own and n < waiting.write.n for replica, n in names)


@given(history=steps)
@settings(deadline=None)
def test_a_write_that_was_offered_never_changes(history: list[tuple[str, object]]) -> None:
    store, content = store_of()
    offered: dict[int, Write] = {}
    for what, detail in history:
        if what == "set" and isinstance(detail, dict):
            do(store, content, "a", detail)
        elif what == "offer":
            batch = plan(content, 200)
            assert batch is not None
            store.apply(offering(batch))
            offered |= {it.write.n: it.write for it in batch.entries}
        for n, write in offered.items():
            waiting = content.entry(n)
            assert waiting is None or waiting.write == write


def test_only_what_is_not_behind_a_refused_write_of_its_record_is_sent() -> None:
    entries = [entry(1), entry(2, "b", "x"), entry(3, "b"), entry(4), entry(5, "c")]
    assert [it.write.n for it in sendable(entries)] == [1, 4, 5]


def test_renaming_follows_only_names_of_writes_that_are_renamed() -> None:
    write = Write(3, "a", KIND, 1, {"x": 1}, TIME, {"x": (("r1", 1), ("r1", 2), ("other", 2))})
    (second, third) = renamed(
        [Entry(Write(2, "a", KIND, 1, {"x": 0}, TIME), 0, True), Entry(write, 0, True)], "r1", "r2"
    )
    assert third.write.replaces == {"x": (("r1", 1), ("r2", 2), ("other", 2))}
    assert (second.write.n, third.write.n) == (2, 3)
    assert not second.offered
    assert not third.offered


def test_a_batch_is_the_oldest_writes_that_fit() -> None:
    big = "x" * (MAX_BATCH_BYTES // 3)
    _, content = store_of(*(entry(n, f"r{n}", text=big) for n in (10, 9, 2, 1)))
    batch = plan(content, 200)
    assert batch is not None
    assert [it.write.n for it in batch.entries] == [1, 2]
    few = plan(content, 1)
    assert few is not None
    assert [it.write.n for it in few.entries] == [1]


def test_one_write_goes_alone_however_large_it_is() -> None:
    _, content = store_of(entry(1, text="x" * (MAX_BATCH_BYTES * 2)), entry(2, "b"))
    batch = plan(content, 200)
    assert batch is not None
    assert [it.write.n for it in batch.entries] == [1]


def test_a_write_names_the_grant_the_phone_held() -> None:
    store, content = store_of()
    do(store, content, "a", {"x": 1})
    assert content.entries()[0].write.grant == 7


def test_four_hundred_activities_arrive_in_batches_of_two_hundred() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.down = True
            for number in range(401):
                logged(session, f"Bank {number}")
            await settled(session)
            phone.server.down = False
            await session.sync_now()
            assert [len(batch.writes) for batch in phone.server.batches()][-3:] == [200, 200, 1]
            assert session.waiting() == []
            assert (session.status.done, session.status.total) == (401, 401)
            assert {row.state for row in session.activities()} == {ActivityState.SENT}

    asyncio.run(run())


def test_a_change_made_during_a_request_goes_with_the_next_one() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = ""

            def meanwhile() -> None:
                phone.server.before_reply = None
                edited(session, record, place="Balai")

            phone.server.before_reply = meanwhile
            record = logged(session)
            await settled(session)
            (state,) = phone.server.states().values()
            assert values(state)["place"] == "Balai"
            assert [head.n for head in state.heads] == [1, 2]
            assert session.waiting() == []

    asyncio.run(run())


def test_a_newer_state_of_the_server_does_not_hide_what_waits_here() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _):
            record = logged(one, place="Balai")
            await settled(one)
            async with opened(Phone(server, seed=2)) as two:
                await two.enrol(server.add("budi"))
                await settled(two)
                edited(two, record, rt="09")
                await settled(two)
                server.down = True
                edited(one, record, place="Rumah")
                await settled(one)
                server.down = False
                server.refuse[record] = (Code.UNKNOWN_REGION, "region")
                await one.sync_now()
                view = one.activity(record)
                assert view is not None
                assert (view.answers["place"], view.answers["rt"]) == ("Rumah", "09")
                assert view.row.state is ActivityState.REFUSED

    asyncio.run(run())


def test_a_deletion_and_its_repetition_leave_the_review_alone() -> None:
    review, mark = "$review/verdict", "$deleted"
    first = Offered("r2", Write(1, "a", KIND, 1, {"x": 1}, TIME), by="budi")
    said = Offered("r3", Write(1, "a", KIND, 1, {review: "returned"}, TIME), by="koor")
    reviewed = state_of("a", "64.74", "budi", [first, said])

    def sent(state: RecordState, *, repeated: bool) -> Mapping[str, object]:
        store, content = store_of()
        store.apply([put_record(state)])
        store.apply(decided(content, state, mark, TIME, keep=False) if repeated else deleted(content, "a", TIME))
        (made,) = content.entries_of("a")
        return made.write.replaces

    assert sent(reviewed, repeated=False) == {"x": (("r2", 1),)}
    gone = Offered("r2", Write(2, "a", KIND, 1, {mark: True}, TIME, {"x": (("r2", 1),)}))
    edit = Offered("r4", Write(1, "a", KIND, 1, {"x": 2}, TIME, {"x": (("r2", 1),)}))
    disputed = with_write(with_write(reviewed, gone), edit)
    assert set(sent(disputed, repeated=True)) == {"x", mark}
