"""Several people on one phone: each has a store, and nothing of one is lost to, sent by or shown to another."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from lumbung_client.session.door import Door, Standing
from lumbung_client.session.phone import FOLDERS, INDEX, OnPhone
from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure
from lumbung_client.store.durable import StoreFailed
from lumbung_client.store.durable_memory import Content, MemoryFiles, MemoryFolders
from lumbung_client.store.entries import OWNER, REPLICA, drop
from lumbung_client.store.heads import HEAD, MAGIC, VERSION
from lumbung_client.store.local_store import Name
from lumbung_shared.problems import Code
from tests.client.fakes import FakeServer, Phone, problem
from tests.client.phones import logged, settled
from tests.client.tabs import Browser, Tab, turns, until


def shared(server: FakeServer | None = None, seed: int = 1) -> Phone:
    """Return a phone with room for further people."""
    return Phone(server or FakeServer(), seed=seed, others=MemoryFolders())


def every_folder(phone: Phone) -> dict[str, MemoryFiles]:
    assert phone.others is not None
    return {"1": phone.files, **phone.others.folders}


def everything(files: MemoryFiles) -> bytes:
    return b"".join(bytes(content.written) for content in files.files.values())


@asynccontextmanager
async def door_of(phone: Phone) -> AsyncIterator[Door]:
    """Open a phone as the app does, and close it at the end."""
    door = Door(phone.ports(), lambda: None, lambda: True)
    await door.open()
    try:
        yield door
    finally:
        await door.close()


def session_of(door: Door) -> Session:
    assert door.session is not None
    return door.session


async def admitted(door: Door, server: FakeServer, person: str) -> Session:
    session = session_of(door)
    assert await session.enrol(server.add(person)) is None
    await settled(session)
    await turns()
    return session


@asynccontextmanager
async def budi_and_ani() -> AsyncIterator[tuple[Door, Phone]]:
    """Open a phone on which Budi and then Ani were admitted; Ani's store is open."""
    phone = shared()
    async with door_of(phone) as door:
        await admitted(door, phone.server, "budi")
        assert await door.add()
        await admitted(door, phone.server, "ani")
        yield door, phone


def names(door: Door) -> list[str]:
    return [one.name for one in door.people]


def standing(door: Door) -> Standing:
    return door.standing


def headlines(door: Door) -> list[str]:
    return sorted(row.headline for row in session_of(door).activities())


def test_one_person_alone_is_not_asked() -> None:
    async def run() -> None:
        phone = shared()
        async with door_of(phone) as door:
            await admitted(door, phone.server, "budi")
        async with door_of(phone) as door:
            assert standing(door) is Standing.OPEN
            assert (names(door), door.others) == (["Budi"], ())

    asyncio.run(run())


def test_a_phone_that_was_for_one_person_goes_on_as_it_was() -> None:
    async def run() -> None:
        phone = shared()
        session = await Session.open(phone.ports())
        assert await session.enrol(phone.server.add("budi")) is None
        await settled(session)
        logged(session, "Melati")
        await session.close()
        async with door_of(phone) as door:
            assert headlines(door) == ["Melati"]

    asyncio.run(run())


def test_several_people_are_asked_who_is_there_before_any_store_is_opened() -> None:
    async def run() -> None:
        async with budi_and_ani() as (_, phone):
            pass
        async with door_of(phone) as door:
            assert (standing(door), door.session) == (Standing.CHOOSING, None)
            assert names(door) == ["Budi", "Ani"]
            assert await door.switch("2")
            identity = session_of(door).identity
            assert identity is not None
            assert identity.person.id == "ani"

    asyncio.run(run())


def test_each_sees_and_sends_their_own_and_under_their_own_name() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            phone.server.down = True
            anis = logged(session_of(door), "Anggrek")
            assert await door.switch("1")
            budis = logged(session_of(door), "Melati")
            assert headlines(door) == ["Melati"]
            phone.server.down = False
            await session_of(door).sync_now()
            assert {budis} <= set(phone.server.states())
            assert anis not in phone.server.states(), "hers waits for her"
            assert await door.switch("2")
            await settled(session_of(door))
            await session_of(door).sync_now()
            states = phone.server.states()
            assert (states[budis].author, states[anis].author) == ("budi", "ani")
            replicas = {batch.replica for batch in phone.server.batches()}
            assert len(replicas) == 2
            assert session_of(door).activity(budis) is not None, "as a colleague of the same region she may read it"
            assert headlines(door) == ["Anggrek"]

    asyncio.run(run())


def test_switching_stops_everything_of_the_store_that_was_open() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            ani = session_of(door)
            assert await door.switch("1")
            logged(session_of(door))
            await settled(session_of(door))
            asked = len(phone.server.requests)
            ani.network_changed(online=False)
            ani.network_changed(online=True)
            phone.timer.fire()
            await turns()
            await settled(session_of(door))
            tokens = {request.headers.get("Authorization") for request in phone.server.requests[asked:]}
            assert tokens <= {"Bearer token-budi"}
            with pytest.raises(StoreFailed):
                ani.set_language("en")

    asyncio.run(run())


def test_nobody_leaves_before_what_was_typed_is_saved() -> None:
    async def run() -> None:
        phone = shared()
        tab = Tab(phone.ports())
        await tab.door.open()
        session = await admitted(tab.door, phone.server, "budi")
        tab.everything_saved = False
        assert not await tab.door.add()
        assert not await tab.door.switch()
        assert tab.door.session is session
        tab.everything_saved = True
        assert await tab.door.add()
        await tab.door.close()

    asyncio.run(run())


def test_who_turns_back_before_being_admitted_leaves_nobody_behind() -> None:
    async def run() -> None:
        phone = shared()
        async with door_of(phone) as door:
            (await admitted(door, phone.server, "budi")).set_language("en")
            assert await door.add()
            assert (session_of(door).identity, session_of(door).language) == (None, "en")
            assert await door.switch()
            assert door.folder == "1", "there is no choice"
        async with door_of(phone) as door:
            assert (standing(door), names(door)) == (Standing.OPEN, ["Budi"])
            await door.add()
            assert door.folder == "2", "the folder is used again"

    asyncio.run(run())


def test_an_admission_whose_answer_was_lost_is_asked_for_again_by_the_same_store() -> None:
    async def run() -> None:
        phone = shared()
        async with door_of(phone) as door:
            await admitted(door, phone.server, "budi")
            code = phone.server.add("ani")
            await door.add()
            phone.server.down = True
            assert await session_of(door).enrol(code) == Failure(Code.SERVER_UNREACHABLE)
            replica = session_of(door)._content.replica
        phone.server.down = False
        async with door_of(phone) as door:
            await door.add()
            assert session_of(door)._content.replica == replica

    asyncio.run(run())


def test_another_persons_code_never_changes_whose_store_it_is() -> None:
    async def run() -> None:
        phone = shared()
        async with door_of(phone) as door:
            budi = await admitted(door, phone.server, "budi")
            code = phone.server.add("ani")
            assert await budi.enrol(code) == Failure(Code.STORE_OF_ANOTHER), "also when nothing waits in it"
            assert budi.identity is not None
            assert await door.add()
            assert await session_of(door).enrol(code) is None
            await turns()
            assert names(door) == ["Budi", "Ani"]

    asyncio.run(run())


def test_a_server_that_forgot_a_stores_name_gives_the_store_to_nobody_else() -> None:
    async def run() -> None:
        phone = shared()
        async with door_of(phone) as door:
            budi = await admitted(door, phone.server, "budi")
            logged(budi, "Melati")
            await settled(budi)
            budi.gate.set("2580")
            before = budi.identity
            code = phone.server.add("ani")
            phone.server.owners.clear()  # it was restored, or this store took a new name and did not sync yet
            assert await budi.enrol(code) == Failure(Code.STORE_OF_ANOTHER), "though nothing waits in it"
            assert before is not None
            assert budi.identity is not None
            assert budi.identity.person == before.person
            assert budi.identity.replica != before.replica, "that is hers now, as the server knows it"
            assert (budi.gate.is_set, headlines(door)) == (True, ["Melati"])
            logged(budi, "Kenanga")
            await settled(budi)
            assert budi.waiting() == []
            assert {state.author for state in phone.server.states().values()} == {"budi"}
            assert await door.add()
            assert await session_of(door).enrol(code) is None
            await turns()
            assert names(door) == ["Budi", "Ani"]

    asyncio.run(run())


def test_who_is_here_already_is_admitted_into_the_store_there_is() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            assert await door.switch("1")
            phone.server.down = True
            logged(session_of(door), "Melati")
            phone.server.answers = [problem(Code.TOKEN_REVOKED, 401)]
            phone.server.down = False
            await session_of(door).sync_now()
            assert session_of(door).locked is not None
            await door.switch("2")
            await settled(session_of(door))
            code = phone.server.add("budi")
            await door.add()
            assert door.folder == "3"
            assert await session_of(door).enrol(code) is None
            await door.admitted(lambda session: session.enrol(code))
            await settled(session_of(door))
            await turns()
            assert (door.folder, headlines(door), session_of(door).locked) == ("1", ["Melati"], None)
            assert names(door) == ["Budi", "Ani"]
            assert len(phone.server.states()) == 1

    asyncio.run(run())


def test_only_who_has_sent_everything_is_removed_and_the_others_stay() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            phone.server.down = True
            logged(session_of(door), "Anggrek")
            assert await session_of(door).sign_out() == Failure(Code.UNSENT_LEFT)
            assert await door.switch("1")
            assert await session_of(door).sign_out() is None
            assert await door.switch()
            assert (door.folder, names(door), headlines(door)) == ("2", ["Ani"], ["Anggrek"])
        async with door_of(phone) as door:
            assert (standing(door), door.folder, headlines(door)) == (Standing.OPEN, "2", ["Anggrek"])

    asyncio.run(run())


def test_a_second_tab_waits_for_the_phone_whoever_is_chosen_there() -> None:
    async def run() -> None:
        async with budi_and_ani() as (_, phone):
            pass
        browser = Browser(phone)
        first, second = (Tab(browser.ports()) for _ in range(2))
        await first.door.open()
        await second.door.open()
        assert (standing(first.door), standing(second.door)) == (Standing.CHOOSING, Standing.ELSEWHERE)
        await first.door.switch("1")
        second.timer.fire()
        await turns()
        assert standing(second.door) is Standing.ELSEWHERE
        await second.door.take_over()
        await until(lambda: standing(second.door) is Standing.CHOOSING)
        assert (standing(first.door), first.door.session) == (Standing.GAVE_WAY, None)
        await first.door.take_over()
        await until(lambda: standing(first.door) is Standing.CHOOSING)
        assert standing(second.door) is Standing.GAVE_WAY
        for tab in (first, second):
            await tab.door.close()

    asyncio.run(run())


@pytest.mark.parametrize("loss", ["gone", "damaged", "unwritable"])
def test_without_the_index_everybody_is_found_again(loss: str) -> None:
    async def run() -> None:
        async with budi_and_ani() as (_, phone):
            pass
        assert phone.others is not None
        index = phone.others.folders[INDEX]
        if loss == "gone":
            phone.others.folders.pop(INDEX)
        elif loss == "damaged":
            for name, content in index.files.items():
                spoilt = b"?" * len(content.written)
                index.files[name] = Content(bytearray(spoilt), spoilt)
        else:
            phone.others.folders[INDEX] = MemoryFiles(refused_from=0)
        async with door_of(phone) as door:
            assert names(door) == ["Budi", "Ani"]
            await door.switch("2")
            assert session_of(door).identity is not None

    asyncio.run(run())


def test_a_store_that_cannot_be_read_hides_nobody() -> None:
    async def run() -> None:
        async with budi_and_ani() as (_, phone):
            pass
        assert phone.others is not None
        phone.others.folders.pop(INDEX)
        phone.files.failing_opens = 100
        async with door_of(phone) as door:
            assert door.people == (OnPhone("1", "?1"), OnPhone("2", "ani", "Ani"))
            await door.switch("1")
            assert (standing(door), door.failure) == (Standing.FAILED, Code.STORE_FAILED)
            await door.open()
            assert standing(door) is Standing.CHOOSING, "the others can still be opened"
            await door.switch("2")
            assert standing(door) is Standing.OPEN

    asyncio.run(run())


def spoil(files: MemoryFiles) -> None:
    """Make a store unreadable: its head says that a newer release wrote it."""
    newer = struct.pack("<8sIIQ", MAGIC, VERSION + 1, 0, 1)
    files.files[HEAD] = Content(bytearray(newer), newer)


def test_a_store_that_cannot_be_read_locks_nobody_else_out() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            assert phone.others is not None
            anis = phone.others.folders["2"]
            await door.switch("1")
            spoil(anis)
            assert await session_of(door).sign_out() is None
            await turns()
            await door.switch()
            assert (standing(door), door.failure) == (Standing.FAILED, Code.STORE_UNREADABLE), "she is the only one"
            await door.open()
            assert (standing(door), names(door)) == (Standing.CHOOSING, ["Ani"])
            await door.switch("2")
            assert (standing(door), door.failure) == (Standing.FAILED, Code.STORE_UNREADABLE), "it can be tried again"
            await door.open()
            before = everything(anis)
            assert await door.add()
            assert (standing(door), door.folder) == (Standing.OPEN, "1")
            await admitted(door, phone.server, "siti")
            assert (names(door), everything(anis)) == (["Siti", "Ani"], before)

    asyncio.run(run())


def test_who_was_alone_and_whose_store_cannot_be_read_begins_another_beside_it() -> None:
    async def run() -> None:
        phone = shared()
        await (await Session.open(phone.ports())).close()
        spoil(phone.files)
        before = everything(phone.files)
        async with door_of(phone) as door:
            assert (standing(door), door.failure) == (Standing.FAILED, Code.STORE_UNREADABLE)
            await door.open()
            assert (standing(door), door.people) == (Standing.CHOOSING, (OnPhone("1", "?1"),))
            assert await door.add()
            assert door.folder == "2"
            await admitted(door, phone.server, "budi")
        assert everything(phone.files) == before

    asyncio.run(run())


def test_a_store_whose_owner_got_lost_is_nobodys_to_take_while_something_waits_in_it() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            phone.server.down = True
            session = session_of(door)
            logged(session, "Anggrek")
            session._store.apply([drop(Name.META, OWNER)])
        assert phone.others is not None
        phone.others.folders.pop(INDEX)
        async with door_of(phone) as door:
            assert [one.folder for one in door.people] == ["1", "2"]
            await door.add()
            assert door.folder == "3"

    asyncio.run(run())


def test_a_store_that_lost_its_owner_takes_in_nobody_but_whose_it_was() -> None:
    async def run() -> None:
        phone = shared()
        async with door_of(phone) as door:
            budi = await admitted(door, phone.server, "budi")
            phone.server.down = True
            logged(budi, "Melati")
            await settled(budi)
            budi._store.apply([drop(Name.META, OWNER), drop(Name.META, REPLICA)])
            phone.server.down = False
        async with door_of(phone) as door:
            assert (names(door), door.folder, session_of(door).identity) == (["Budi"], "1", None)
            assert await session_of(door).enrol(phone.server.add("ani")) == Failure(Code.STORE_OF_ANOTHER)
            assert session_of(door).identity is None
            assert phone.server.states() == {}
            budi = await admitted(door, phone.server, "budi")
            logged(budi, "Kenanga")
            await settled(budi)
            assert (headlines(door), budi.waiting()) == (["Kenanga", "Melati"], [])
            assert {state.author for state in phone.server.states().values()} == {"budi"}

    asyncio.run(run())


def test_what_was_read_of_a_store_without_owner_or_index_is_shown_to_nobody_else() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            await door.switch("1")
            logged(session_of(door), "Melati")
            await settled(session_of(door))
            changes = [drop(Name.META, OWNER), drop(Name.META, REPLICA)]
            session_of(door)._store.apply(changes)
        assert phone.others is not None
        phone.others.folders.pop(INDEX)
        async with door_of(phone) as door:
            assert [one.folder for one in door.people] == ["1", "2"], "records alone are somebody's, too"
            await door.switch("1")
            code = phone.server.add("siti")
            assert await session_of(door).enrol(code) == Failure(Code.STORE_OF_ANOTHER)
            assert await door.add()
            assert (door.folder, await session_of(door).enrol(code)) == ("3", None)

    asyncio.run(run())


def test_who_was_alone_gets_on_beside_a_store_that_lost_its_owner() -> None:
    async def run() -> None:
        phone = shared()
        async with door_of(phone) as door:
            budi = await admitted(door, phone.server, "budi")
            logged(budi, "Melati")
            await settled(budi)
            budi._store.apply([drop(Name.META, OWNER), drop(Name.META, REPLICA)])
        assert phone.others is not None
        phone.others.folders.clear()
        async with door_of(phone) as door:
            assert (door.folder, session_of(door).identity) == ("1", None)
            code = phone.server.add("budi")
            assert await session_of(door).enrol(code) == Failure(Code.STORE_OF_ANOTHER), "nothing says that it is his"
            assert await door.add()
            assert (door.folder, await session_of(door).enrol(code)) == ("2", None)

    asyncio.run(run())


@pytest.mark.parametrize("mended_by", ["switching", "opening again"])
def test_an_index_that_could_not_be_written_names_nobody_who_left(mended_by: str) -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            assert phone.others is not None
            index = phone.others.folders[INDEX]
            index.failing_flushes = 1
            assert await session_of(door).sign_out() is None
            await turns()
            assert (index.failing_flushes, names(door)) == (0, ["Budi"])
            if mended_by == "switching":
                await door.switch("1")
            else:
                await door.reopen(StoreFailed("a write failed"))
            assert door._phone._index is not None
            assert door._phone._index.flaw is None
            assert {row["name"] for _, row in door._phone._index.rows(FOLDERS)} == {"Budi"}
        async with door_of(phone) as door:
            assert names(door) == ["Budi"]

    asyncio.run(run())


def test_signing_out_that_a_full_phone_could_not_finish_leaves_a_folder_that_is_nobodys() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            await door.switch("1")
            logged(session_of(door), "Kenanga")
            await settled(session_of(door))
            phone.files.failing_opens = 100
            assert await session_of(door).sign_out() is None
            phone.files.failing_opens = 0
        assert b"Kenanga" in everything(phone.files)
        assert phone.others is not None
        phone.files.room = phone.files.used()
        async with door_of(phone) as door:
            assert (standing(door), door.folder, names(door)) == (Standing.OPEN, "2", ["Ani"])
        phone.files.room = None
        async with door_of(phone) as door:
            assert (door.folder, names(door)) == ("2", ["Ani"])
        assert b"Kenanga" not in everything(phone.files), "the next start finished it"

    asyncio.run(run())


def test_a_pin_that_was_entered_counts_for_that_person_only_and_until_the_store_is_left() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, _):
            session_of(door).gate.set("2580")
            await door.reopen(StoreFailed("a write failed"))
            assert not session_of(door).gate.is_shut, "the same person goes on"
            await door.switch("1")
            assert not session_of(door).gate.is_shut
            await door.switch("2")
            assert session_of(door).gate.is_shut

    asyncio.run(run())


@dataclass
class Cut:
    """A phone as a power cut left it, what had been promised by then, and at which operation it was."""

    phone: Phone
    promised: frozenset[str]
    told: str


@dataclass
class Recorder:
    """Keeps what a power cut would leave of all folders before each operation, with all or nothing unflushed."""

    phone: Phone
    promised: set[str] = field(default_factory=set)
    cuts: list[Cut] = field(default_factory=list)

    def start(self) -> None:
        assert self.phone.others is not None
        self.phone.others.made = lambda: MemoryFiles(on_operation=self.keep)
        for files in every_folder(self.phone).values():
            files.on_operation = self.keep

    def keep(self, what: str, name: str) -> None:
        for arrived in (False, True):
            left = {folder: cut(files, arrived=arrived) for folder, files in every_folder(self.phone).items()}
            phone = Phone(FakeServer(down=True), left.pop("1"), seed=9, others=MemoryFolders(left))
            self.cuts.append(Cut(phone, frozenset(self.promised), f"{what} {name} ({arrived})"))


def cut(files: MemoryFiles, *, arrived: bool) -> MemoryFiles:
    return files.after_crash(lambda _: arrived)


async def found_after(cut_phone: Phone) -> tuple[set[str], set[str]]:
    """Start after a power cut and look at everybody: who is there, and what each has not sent."""
    people, unsent = set[str](), set[str]()
    async with door_of(cut_phone) as door:
        folders = [one.folder for one in door.people] or ["1"]
        for folder in folders:
            await door.switch(folder)
            session = session_of(door)
            if session.identity is not None:
                people.add(session.identity.person.id)
            unsent |= {row.headline for row in session.waiting()}
    return people, unsent


async def hold(recorder: Recorder, always: Callable[[Cut], set[str]]) -> None:
    assert len(recorder.cuts) >= 30
    for one in recorder.cuts:
        people, unsent = await found_after(one.phone)
        found = people | unsent
        assert always(one) | one.promised <= found, f"after {one.told}: {found}"


def test_a_power_cut_while_somebody_is_added_loses_nobody_and_nothing() -> None:
    async def run() -> None:
        phone = shared()
        recorder = Recorder(phone)
        async with door_of(phone) as door:
            await admitted(door, phone.server, "budi")
            phone.server.down = True
            logged(session_of(door), "Melati")
            await settled(session_of(door))
            phone.server.down = False
            recorder.start()
            assert await door.add()
            code = phone.server.add("ani")
            assert await session_of(door).enrol(code) is None
            recorder.promised.add("ani")
            phone.server.down = True
            logged(session_of(door), "Anggrek")
            recorder.promised.add("Anggrek")
            await turns()
            await door.switch()
        await hold(recorder, lambda _: {"budi", "Melati"})

    asyncio.run(run())


def test_a_power_cut_while_somebody_is_removed_loses_nobody_else_and_brings_nothing_back() -> None:
    async def run() -> None:
        async with budi_and_ani() as (door, phone):
            recorder = Recorder(phone)
            phone.server.down = True
            logged(session_of(door), "Anggrek")
            await door.switch("1")
            phone.server.down = False
            logged(session_of(door), "Kenanga")
            await settled(session_of(door))
            recorder.start()
            assert await session_of(door).sign_out() is None
            phone.server.down = True
            await door.switch()
            assert door.folder == "2"
        await hold(recorder, lambda _: {"ani", "Anggrek"})
        for one in recorder.cuts:
            if "budi" not in (await found_after(one.phone))[0]:
                await until(lambda files=one.phone.files: b"Kenanga" not in everything(files))  # type: ignore[misc]

    asyncio.run(run())
