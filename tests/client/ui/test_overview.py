"""*Ikhtisar*: numbers and charts that say what they show in words, and lead into regions and to the feed."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from lumbung_client.session.overview import OVERVIEW_PATH
from lumbung_client.ui.parts.coverage import HIGH, MANY_TILES, shade, steps
from lumbung_client.ui.screens.overview import OVERVIEW
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.measures import measures
from lumbung_shared.overview import Overview, OverviewPart
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Grant, RegionCount
from lumbung_shared.review import ReviewState
from tests.client.fakes import FakeServer, message, problem
from tests.client.ui.stage import Stage, on_stage, played

CITY = Grant("64.74", "regency-coordinator")
WORDS = LANGUAGES["id"].overview
UTARA = OverviewPart("64.74.01", "Bontang Utara", {"activities": 9}, {"activities": 4})
VIEW = Overview(
    numbers={
        "activities": 1_234,
        "participants-l": 250,
        "participants-p": 750,
        "waste-plastic": 12_500,
        "waste-cooking-oil": 3_000,
        "businesses": 17,
        "products": 21,
    },
    verified={"activities": 800},
    regions=(UTARA, OverviewPart("64.74.02", "Bontang Selatan")),
    months=(
        OverviewPart("", "", {"activities": 1}),
        OverviewPart("2026-10", "", {"activities": 4}),
        OverviewPart("2026-11", "", {"activities": 1_229}, {"activities": 800}),
    ),
    kinds=(OverviewPart("other", "", {"activities": 2}), OverviewPart("compost-training", "", {"activities": 7})),
    reviews={"received": 434, "verified": 800},
    coverage=(
        RegionCount("64.74.01.1003", "Lok Tuan", 9),
        RegionCount("64.74.01.1004", "Guntung", 0),
        RegionCount("64.74.02.1001", "Tanjung Laut", 0),
    ),
)


def telling(view: Overview = VIEW) -> FakeServer:
    server = FakeServer()
    server.canned[OVERVIEW_PATH] = message(view)
    return server


def asked(stage: Stage, path: str = OVERVIEW_PATH) -> str:
    """The last question."""
    return [one.path for one in stage.server.requests if one.path.startswith(path)][-1]


def labels(stage: Stage) -> list[str]:
    return [str(one.label) for one in stage.screen.all(ft.Semantics) if one.label]


async def come(stage: Stage) -> None:
    await stage.screen.go("/umpan/meja")
    await stage.screen.press("overview")
    assert stage.screen.page.route == OVERVIEW
    await stage.screen.until(lambda: stage.screen.shows("1.234"))


def test_numbers_and_charts_say_in_words_what_they_show() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            await come(stage)
            for text in (
                "800 terverifikasi",
                "15,5\u00a0kg",
                "12,5\u00a0kg",
                "Laki-laki 250 (25%)",
                "Perempuan 750 (75%)",
                "November 2026",
                "1.229 kegiatan · 800 terverifikasi",
                WORDS.no_day,
                "Pelatihan kompos",
                "9 kegiatan · 4 terverifikasi",
                "Dicatat tanpa menyebut wilayah di bawahnya: 1.225 kegiatan",
                "1 dari 3 sudah ada kegiatan",
                WORDS.solid_is_verified,
            ):
                assert stage.screen.shows(text), text
            assert "Belum diperiksa: 434" in labels(stage)
            assert "Minyak jelantah: 3\u00a0kg" in labels(stage)
            assert "Guntung: 0 kegiatan" in labels(stage)
            bars = [str(one.key) for one in stage.screen.all(ft.Container) if str(one.key).startswith("of-")]
            assert bars == ["of-compost-training", "of-other"], "the most frequent first"

    played(act())


def test_a_tile_shows_its_number_on_a_shade_and_is_as_large_as_a_finger() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            await come(stage)
            most, none = (stage.screen.find(ft.Container, key=f"tile-64.74.01.{code}") for code in ("1003", "1004"))
            assert (most.bgcolor, none.bgcolor) == (ft.Colors.PRIMARY, None)
            assert min(float(most.width or 0), HIGH) >= 48

    played(act())


@pytest.mark.parametrize(("key", "region"), [("region-64.74.01", "64.74.01"), ("region-64.74.02", "64.74.02")])
def test_a_region_is_looked_into_by_its_bar(key: str, region: str) -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            await come(stage)
            await stage.screen.fire(stage.screen.find(ft.Container, key=key), "click")
            assert asked(stage) == f"{OVERVIEW_PATH}?region={region}&since=2026-01"
            assert stage.screen.page.route == OVERVIEW

    played(act())


@pytest.mark.parametrize(
    ("key", "filter_"),
    [
        ("tile-64.74.01.1003", "region=64.74.01.1003&since=2026-01-01"),
        ("of-compost-training", "kind=compost-training&since=2026-01-01"),
        ("month-2026-11", "since=2026-11-01&until=2026-11-30"),
    ],
)
def test_a_village_a_kind_and_a_month_lead_to_their_activities_in_the_feed(key: str, filter_: str) -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            await come(stage)
            await stage.screen.fire(stage.screen.find(ft.Container, key=key), "click")
            await stage.settle()
            assert stage.screen.page.route == "/umpan"
            assert any(filter_ in one.path for one in stage.server.requests if one.path.startswith("/api/v1/feed?"))

    played(act())


def test_the_button_leads_to_all_that_is_summed() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            await come(stage)
            await stage.screen.press("show-in-feed")
            await stage.settle()
            assert any("since=2026-01-01" in one.path for one in stage.server.requests)

    played(act())


def test_time_kind_and_region_are_chosen_from_menus() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            await come(stage)
            for key, value, part in (
                ("period", "2026-11/2026-11", "since=2026-11&until=2026-11"),
                ("kind", "other", "kind=other"),
                ("region", "64.74.01", "region=64.74.01"),
            ):
                menu = stage.screen.find(ft.Dropdown, key=key)
                assert value in [option.key for option in menu.options]
                await stage.screen.change(key, value, "select")
                await stage.settle()
                assert part in asked(stage)
            await stage.screen.change("kind", "*", "select")
            await stage.screen.change("period", "/", "select")
            await stage.settle()
            assert asked(stage) == f"{OVERVIEW_PATH}?region=64.74.01"

    played(act())


def test_where_nothing_matches_it_says_so_and_the_map_shows_what_is_left() -> None:
    empty = Overview(regions=tuple(replace(one, numbers={}, verified={}) for one in VIEW.regions))

    async def act() -> None:
        async with on_stage(CITY, server=telling(empty)) as stage:
            await stage.screen.go(OVERVIEW)
            await stage.screen.until(lambda: stage.screen.shows(WORDS.none))
            assert stage.screen.shows("0 dari 2 sudah ada kegiatan")
            assert stage.screen.find(ft.Container, key="tile-64.74.01")

    played(act())


def test_more_regions_than_can_be_drawn_stand_as_bars_by_group() -> None:
    many = tuple(RegionCount(f"64.74.01.{1001 + place}", f"Desa {place}", place % 2) for place in range(MANY_TILES + 2))

    async def act() -> None:
        async with on_stage(CITY, server=telling(replace(VIEW, coverage=many))) as stage:
            await come(stage)
            assert stage.screen.shows(WORDS.map_too_many)
            assert not [one for one in stage.screen.all(ft.Container) if str(one.key).startswith("tile-")]
            await stage.screen.fire(stage.screen.find(ft.Container, key="group-64.74.01"), "click")
            assert "region=64.74.01" in asked(stage)

    played(act())


def test_without_a_network_it_shows_what_was_told_last_and_asks_again_on_a_tap() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            await come(stage)
            stage.server.down = True
            await stage.screen.press("refresh-overview")
            await stage.screen.until(lambda: stage.screen.shows("Server tidak dapat dihubungi. Yang tampil data per"))
            assert stage.screen.shows("1.234")

    played(act())


def test_a_refusal_is_said_and_can_be_asked_again() -> None:
    async def act() -> None:
        server = telling()
        server.canned[OVERVIEW_PATH] = problem(Code.FORBIDDEN, 403)
        async with on_stage(CITY, server=server) as stage:
            await stage.screen.go(OVERVIEW)
            await stage.screen.until(lambda: stage.screen.shows(sentence(Code.FORBIDDEN, "id")))
            server.canned[OVERVIEW_PATH] = message(VIEW)
            await stage.screen.press("again")
            await stage.screen.until(lambda: stage.screen.shows("1.234"))

    played(act())


@pytest.mark.parametrize(
    ("numbers", "shades"),
    [
        ([0, 0], [0, 0]),
        ([0, 1], [0, 1]),
        ([0, 1, 2, 3], [0, 1, 2, 3]),
        ([0, 1, 10, 40, 41, 90, 120], [0, 1, 1, 1, 2, 3, 3]),
    ],
)
def test_shades_grow_with_the_numbers_and_nothing_has_none(numbers: list[int], shades: list[int]) -> None:
    assert [shade(number, *steps(numbers)) for number in numbers] == shades


def test_every_measure_of_waste_and_every_review_state_has_a_name() -> None:
    for words in LANGUAGES.values():
        for name in measures():
            assert not name.startswith("waste-") or getattr(words.overview, name.replace("-", "_"))
        assert all(getattr(words.overview, f"review_{state}") for state in ReviewState)
