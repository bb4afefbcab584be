"""The same event logged twice, on the phone: found offline, decided like any write, and taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from lumbung_client.session.session import Session
from lumbung_client.session.views import FeedFilter
from lumbung_shared.canonical import Json
from lumbung_shared.joining import JOINING_KIND, Same, joining_of
from lumbung_shared.problems import Code
from lumbung_shared.protocol import DoublesPage, FeedEntry, Grant, Person, ProposedDouble
from lumbung_shared.records import is_deleted, values
from tests.client.fakes import VILLAGE, FakeServer, Phone, problem
from tests.client.phones import opened, settled

DISTRICT = Grant("64.74.01", "district-coordinator")
EVERYTHING = FeedFilter()


@dataclass
class Village:
    """Two cadres who logged the same event, and who coordinates above them."""

    server: FakeServer
    chief: Session
    one: str
    other: str

    @property
    def pairs(self) -> list[set[str]]:
        return [set(pair.ids) for pair in self.chief.doubles.pairs]

    @property
    def listed(self) -> set[str]:
        return {entry.record for entry in self.chief.local_feed(EVERYTHING).entries}


def log(session: Session, title: str = "Kerja bakti pantai", **answers: Json) -> str:
    said: dict[str, Json] = {
        "title": title,
        "region": VILLAGE,
        "date": "2026-11-20",
        "rt": "05",
        "place": "pantai",
        "participants": {"l": 12, "p": 9},
    }
    record = session.start_draft("other", {**said, **answers})
    assert session.finish(record) == ()
    return record


@asynccontextmanager
async def village() -> AsyncIterator[Village]:
    server = FakeServer()
    async with (
        opened(Phone(server)) as ani,
        opened(Phone(server, seed=2)) as budi,
        opened(Phone(server, seed=3)) as chief,
    ):
        for name, session in (("ani", ani), ("budi", budi)):
            assert await session.enrol(server.add(name)) is None
        one = log(ani)
        other = log(budi, "Gotong royong pantai", participants={"l": 12, "p": 10})
        await settled(ani)
        await settled(budi)
        assert await chief.enrol(server.add("chief", DISTRICT)) is None
        await settled(chief)
        await chief.doubles.load()
        yield Village(server, chief, one, other)


def play(story: Callable[[Village], Awaitable[None]]) -> None:
    async def run() -> None:
        async with village() as there:
            await story(there)

    asyncio.run(run())


def test_a_pair_is_found_without_a_network_with_why_and_by_whom() -> None:
    async def story(there: Village) -> None:
        there.server.down = True
        await there.chief.doubles.load()
        (pair,) = there.chief.doubles.pairs
        assert set(pair.ids) == {there.one, there.other}
        assert "similar-title" in pair.signs
        assert {there.chief.doubles.author(entry) for entry in (pair.one, pair.other)} == {"Ani", "Budi"}
        assert there.chief.doubles.offline

    play(story)


def test_what_is_one_is_listed_once_at_once_and_sent_like_any_write() -> None:
    async def story(there: Village) -> None:
        there.server.down = True
        (pair,) = there.chief.doubles.pairs
        assert there.listed == {there.one, there.other}
        there.chief.doubles.join(pair, there.other)
        assert there.pairs == []
        assert there.listed == {there.other}
        (entry,) = there.chief.local_feed(EVERYTHING).entries
        assert [one.record for one in entry.others] == [there.one]
        assert [row.kind for row in there.chief.waiting()] == [JOINING_KIND]
        there.server.down = False
        await there.chief.sync_now()
        assert there.chief.waiting() == []
        assert there.listed == {there.other}
        (state,) = (one for one in there.server.states().values() if one.kind == JOINING_KIND)
        said = joining_of(state.record, values(state))
        assert said is not None
        assert (said.counted, said.stands, said.verdict) == (there.one, there.other, Same.ONE)
        assert (said.region, said.kind) == (VILLAGE, "other")

    play(story)


def test_taking_it_back_lists_both_and_proposes_them_again() -> None:
    async def story(there: Village) -> None:
        (pair,) = there.chief.doubles.pairs
        there.chief.doubles.join(pair, there.one)
        (decided,) = there.chief.doubles.decided()
        assert (decided.verdict, decided.stands[0]) == (Same.ONE, there.one)
        assert {decided.stands[1], decided.counted[1]} == {"Kerja bakti pantai", "Gotong royong pantai"}
        await settled(there.chief)
        there.chief.doubles.part(decided.joinings)
        assert there.listed == {there.one, there.other}
        assert there.pairs == [{there.one, there.other}]
        assert there.chief.doubles.decided() == []
        await settled(there.chief)
        (state,) = (one for one in there.server.states().values() if one.kind == JOINING_KIND)
        assert is_deleted(state)

    play(story)


def test_what_is_different_stays_two_and_is_proposed_no_more() -> None:
    async def story(there: Village) -> None:
        (pair,) = there.chief.doubles.pairs
        there.chief.doubles.keep_apart(pair)
        assert there.pairs == []
        await settled(there.chief)
        await there.chief.doubles.load()
        assert there.pairs == []
        assert there.listed == {there.one, there.other}
        (decided,) = there.chief.doubles.decided()
        assert decided.verdict is Same.DIFFERENT
        there.chief.doubles.part(decided.joinings)
        assert there.pairs == [{there.one, there.other}]

    play(story)


def test_another_coordinator_sees_what_one_decided() -> None:
    async def story(there: Village) -> None:
        (pair,) = there.chief.doubles.pairs
        there.chief.doubles.join(pair, there.one)
        await settled(there.chief)
        async with opened(Phone(there.server, seed=9)) as city:
            assert await city.enrol(there.server.add("city", Grant("64.74", "regency-coordinator"))) is None
            await settled(city)
            await city.doubles.load()
            assert city.doubles.pairs == []
            assert {entry.record for entry in city.local_feed(EVERYTHING).entries} == {there.one}
            assert city.joined.stands(there.other) == there.one
            assert city.joined.others(there.one) == (there.other,)

    play(story)


def test_a_cadre_finds_none_and_decides_nothing() -> None:
    async def story(there: Village) -> None:
        (pair,) = there.chief.doubles.pairs
        async with opened(Phone(there.server, seed=9)) as cadre:
            assert await cadre.enrol(there.server.add("citra")) is None
            await settled(cadre)
            there.server.canned["/api/v1/doubles"] = problem(Code.FORBIDDEN, 403)
            await cadre.doubles.load()
            assert (cadre.doubles.pairs, cadre.doubles.failure) == ([], Code.FORBIDDEN)
            cadre.doubles.join(pair, there.one)
            assert cadre.waiting() == []

    play(story)


def entry(record: str, author: str, **values: Json) -> FeedEntry:
    return FeedEntry(record, "other", 2, VILLAGE, "2026-05-01", author, 1, headline=f"Judul {author}", values=values)


def test_pairs_beyond_what_the_phone_holds_come_from_the_server_and_stay_readable() -> None:
    async def story(there: Village) -> None:
        far, near = "0193a1b2-c3d4-7e5f-8a6b-0123456789ab", "0193a1b2-ffff-7000-9000-00000000abcd"
        people = {"dewi": Person("dewi", "Dewi Lestari"), "eko": Person("eko", "Eko Prasetyo")}
        pair = ProposedDouble(entry(far, "dewi"), entry(near, "eko"), ("same-title",))
        there.server.doubles = DoublesPage((pair,), people, "2026-04-01", "2026-05-02")
        await there.chief.doubles.load()
        assert there.pairs == [{there.one, there.other}, {far, near}]
        assert there.chief.doubles.author(pair.one) == "Dewi Lestari"
        there.server.down = True
        await there.chief.doubles.load()
        assert there.pairs == [{there.one, there.other}, {far, near}]
        there.chief.doubles.join(there.chief.doubles.pairs[1], near)
        assert there.pairs == [{there.one, there.other}]
        assert there.chief.joined.name(far) == "Judul dewi"

    play(story)


def test_the_activity_that_stands_is_deleted_and_the_other_stands_again() -> None:
    async def story(there: Village) -> None:
        (pair,) = there.chief.doubles.pairs
        there.chief.doubles.join(pair, there.one)
        await settled(there.chief)
        async with opened(Phone(there.server, seed=9)) as ani:
            assert await ani.enrol(there.server.add("ani")) is None
            await settled(ani)
            ani.delete(there.one)
            await settled(ani)
        await there.chief.sync_now()
        assert there.listed == {there.other}

    play(story)
