"""A coordinator filters, searches, and is told what is new."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import flet as ft
import pytest

from lumbung_client.ui.screens import feed as screen_of_feed
from lumbung_client.ui.texts import texts
from lumbung_shared.protocol import FeedCounts, FeedEntry, FeedPage, Grant, Person, RegionCount
from tests.client.ui.stage import Stage, on_stage, played

COORDINATOR = Grant("64.74", "regency-coordinator")
ENTRIES = tuple(
    FeedEntry(f"r{n}", "other", 1, "64.74.01.1003", "2026-11-20", "budi", n, f"Rapat {n}") for n in range(3)
)
PEOPLE = {"budi": Person("budi", "Budi", "KPM Lok Tuan")}


async def opened_feed(stage: Stage, entries: tuple[FeedEntry, ...] = ENTRIES, *, more: bool = False) -> None:
    stage.server.feed = FeedPage(entries, PEOPLE)
    stage.server.counts = FeedCounts(
        1_000 if more else 3, (RegionCount("64.74.01", "Bontang Utara", 1_000, more),), 0, 0, more
    )
    await stage.screen.go("/umpan")
    await stage.settle()


def asked(stage: Stage) -> list[str]:
    return [it.path.partition("?")[2] for it in stage.server.requests if it.path.startswith("/api/v1/feed?")]


def test_each_filter_is_asked_of_the_server_and_told_in_words() -> None:
    async def act() -> None:
        async with on_stage(COORDINATOR) as stage:
            await opened_feed(stage)
            await stage.screen.press("filter")
            for key, value, event, query, words in (
                ("filter-review", "returned", "select", "review=returned", texts("id").review.returned),
                ("filter-person", "budi", "select", "person=budi", "Budi"),
                ("filter-organisation", "KPM Lok Tuan", "select", "organisation=KPM+Lok+Tuan", "KPM Lok Tuan"),
                ("filter-lacking", True, "change", "lacking=1", "hanya yang fotonya belum masuk"),
            ):
                await stage.screen.change(key, value, event=event)
                await stage.settle()
                assert asked(stage)[-1] == f"{query}&limit=50"
                assert stage.screen.shows(f"Disaring: {words}")
                await stage.screen.press("filter-clear")
                await stage.settle()
            assert asked(stage)[-1] == "limit=50"

    played(act())


def test_the_server_is_searched_once_the_typing_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_of_feed, "TYPING_SECONDS", 0.02)

    async def act() -> None:
        async with on_stage(COORDINATOR) as stage:
            await opened_feed(stage)
            before = len(asked(stage))
            for text in ("r", "ra", "Rapát RT-12"):
                await stage.screen.type("search", text)
            await stage.screen.until(lambda: len(asked(stage)) > before)
            await stage.settle()
            assert asked(stage)[before:] == ["text=rapat+rt+12&limit=50"]
            await stage.screen.type("search", "")
            await stage.screen.until(lambda: len(asked(stage)) > before + 1)
            assert asked(stage)[-1] == "limit=50"

    played(act())


def test_what_was_not_counted_to_its_end_says_so() -> None:
    async def act() -> None:
        async with on_stage(COORDINATOR) as stage:
            await opened_feed(stage, more=True)
            assert stage.screen.shows("1.000+ kegiatan")
            await stage.screen.press("counts-toggle")
            assert "1.000+" in stage.screen.texts()

    played(act())


def test_new_arrivals_show_at_once_at_the_top_and_are_told_further_down() -> None:
    async def act() -> None:
        async with on_stage(COORDINATOR) as stage:
            looks: list[Callable[[], Awaitable[None]]] = []

            async def watch(_region: str, look: Callable[[], Awaitable[None]]) -> None:
                looks.append(look)
                await asyncio.Event().wait()

            stage.session.feed_watch.watch = watch  # type: ignore[assignment,method-assign]
            await opened_feed(stage, ENTRIES[2:])
            assert len(looks) == 1
            stage.server.feed = FeedPage(ENTRIES[1:], PEOPLE)
            await looks[0]()
            await stage.settle()
            assert stage.screen.shows("Rapat 1")
            await stage.screen.fire(
                stage.screen.all(ft.ListView)[0],
                "scroll",
                {
                    "event_type": "update",
                    "pixels": 400.0,
                    "min_scroll_extent": 0.0,
                    "max_scroll_extent": 900.0,
                    "viewport_dimension": 600.0,
                },
            )
            stage.server.feed = FeedPage((*ENTRIES, replace(ENTRIES[0], record="r9", headline="Rapat 9")), PEOPLE)
            await looks[0]()
            await stage.settle()
            assert not stage.screen.shows("Rapat 9")
            assert stage.screen.shows("2 kabar baru")
            await stage.screen.press("feed-fresh")
            await stage.settle()
            assert stage.screen.shows("Rapat 9")
            assert not stage.screen.shows("kabar baru")

    played(act())
