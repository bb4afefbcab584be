"""*Kegiatan ganda* on the screen: pairs beside each other, joined, kept apart, and taken apart again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import flet as ft
import pytest

from lumbung_client.session.views import FeedFilter
from lumbung_client.ui.screens.doubles import DOUBLES
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.canonical import Json
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import FeedEntry, FeedPage, Grant, Person
from tests.client.fakes import VILLAGE, FakeServer, Phone, problem
from tests.client.phones import opened, settled
from tests.client.ui.stage import Stage, on_stage, played

DISTRICT = Grant("64.74.01", "district-coordinator")
WORDS = LANGUAGES["id"].doubles
COMMON: dict[str, Json] = {"region": VILLAGE, "date": "2026-11-20", "rt": "05", "place": "pantai"}


@dataclass
class Pairing:
    """A stage on which a coordinator looks at one event that Ani and Budi logged."""

    stage: Stage
    one: str
    other: str


@asynccontextmanager
async def pairing(*, width: float = 360) -> AsyncIterator[Pairing]:
    server = FakeServer()
    records = []
    for number, (name, title, women) in enumerate(
        [("ani", "Kerja bakti pantai", 9), ("budi", "Gotong royong pantai", 10)], start=7
    ):
        async with opened(Phone(server, seed=number)) as session:
            assert await session.enrol(server.add(name)) is None
            answers = {**COMMON, "title": title, "participants": {"l": 12, "p": women}}
            record = session.start_draft("other", answers)
            assert session.finish(record) == ()
            await settled(session)
            records.append(record)
    async with on_stage(DISTRICT, width=width, server=server) as stage:
        await stage.screen.go("/umpan/meja")
        await stage.screen.press("doubles")
        assert stage.screen.page.route == DOUBLES
        await stage.screen.until(lambda: stage.screen.shows(WORDS.found.format(n=1)))
        yield Pairing(stage, *records)


def play(story: Callable[[Pairing], Awaitable[None]], *, width: float = 360) -> None:
    async def act() -> None:
        async with pairing(width=width) as there:
            await story(there)

    played(act())


def keys(stage: Stage) -> set[str]:
    return {str(one.key) for one in stage.screen.walk() if getattr(one, "key", None)}


@pytest.mark.parametrize("width", [360, 1280])
def test_both_stand_beside_each_other_with_what_tells_them_apart(width: float) -> None:
    async def story(there: Pairing) -> None:
        screen = there.stage.screen
        for text in ("Kerja bakti pantai", "Gotong royong pantai", "Ani", "Budi", "RT: 05", WORDS.sign_similar_title):
            assert screen.shows(text), text
        assert screen.shows("12 L · 9 P") or any("9" in text for text in screen.texts())
        assert len(screen.all(ft.FilledTonalButton)) == 2

    play(story, width=width)


def test_one_activity_is_said_by_choosing_its_numbers_and_taken_back() -> None:
    async def story(there: Pairing) -> None:
        screen, session = there.stage.screen, there.stage.session
        there.stage.server.down = True
        await screen.press(f"join-{there.other}-{there.one}")
        await there.stage.settle()
        assert screen.shows(WORDS.none)
        assert screen.shows("Yang dihitung: “Gotong royong pantai”")
        assert {entry.record for entry in session.local_feed(FeedFilter()).entries} == {there.other}
        (row,) = session.waiting()
        await screen.go("/kirim")
        await screen.press(f"row-{row.record}")
        assert screen.page.route == DOUBLES
        await screen.press(f"part-{row.record}")
        await there.stage.settle()
        assert screen.shows(WORDS.found.format(n=1))
        assert session.waiting() == []

    play(story)


def test_what_is_not_the_same_goes_and_may_be_proposed_again() -> None:
    async def story(there: Pairing) -> None:
        screen = there.stage.screen
        one, other = sorted((there.one, there.other))
        await screen.press(f"apart-{one}-{other}")
        await there.stage.settle()
        assert screen.shows(WORDS.none)
        assert screen.shows("Dua kegiatan berbeda")
        (key,) = (key for key in keys(there.stage) if key.startswith("part-"))
        await screen.press(key)
        await there.stage.settle()
        assert screen.shows(WORDS.found.format(n=1))

    play(story)


def test_an_opened_activity_tells_with_what_it_is_counted_and_who_logged_it_too() -> None:
    async def story(there: Pairing) -> None:
        screen = there.stage.screen
        await screen.press(f"join-{there.one}-{there.other}")
        await there.stage.settle()
        await screen.go(f"/umpan/{there.other}")
        assert screen.shows("menggabungkan kegiatan ini dengan “Kerja bakti pantai”")
        await screen.press("open-stands")
        assert screen.page.route == f"/umpan/{there.one}"
        await screen.settle()
        assert screen.shows(WORDS.also_counts)
        assert screen.shows("Budi")
        assert screen.shows("Gotong royong pantai")

    play(story)


def test_the_feed_says_who_logged_an_activity_too() -> None:
    async def act() -> None:
        other = FeedEntry("r2", "other", 2, VILLAGE, "2026-11-20", "budi", 1, headline="Gotong royong pantai")
        one = FeedEntry("r1", "other", 2, VILLAGE, "2026-11-20", "ani", 1, headline="Kerja bakti", others=(other,))
        server = FakeServer()
        server.feed = FeedPage((one,), {"ani": Person("ani", "Ani"), "budi": Person("budi", "Budi", "KPM Lok Tuan")})
        async with on_stage(DISTRICT, server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.screen.until(lambda: stage.screen.shows("Juga dicatat oleh Budi"))
            await stage.screen.press("feed-r1")
            await stage.screen.settle()
            assert stage.screen.shows(WORDS.also_counts)
            assert stage.screen.shows("Budi")

    played(act())


def test_without_a_network_the_screen_says_so_and_still_shows_what_is_here() -> None:
    async def story(there: Pairing) -> None:
        there.stage.server.down = True
        await there.stage.screen.press("refresh-doubles")
        await there.stage.screen.until(lambda: there.stage.screen.shows(WORDS.offline))
        assert there.stage.screen.shows(WORDS.found.format(n=1))

    play(story)


def test_what_the_server_refuses_is_said() -> None:
    async def act() -> None:
        server = FakeServer()
        server.canned["/api/v1/doubles"] = problem(Code.FORBIDDEN, 403)
        async with on_stage(DISTRICT, server=server) as stage:
            await stage.screen.go(DOUBLES)
            await stage.screen.until(lambda: stage.screen.shows(sentence(Code.FORBIDDEN, "id")))

    played(act())
