"""Finding one activity among many on the screens."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import ActivityState
from tests.client.session.test_finding import filled
from tests.client.ui.stage import Stage, finish_training, on_stage, played


def listed(stage: Stage) -> int:
    return sum(1 for tile in stage.screen.all(ft.ListTile) if str(tile.key).startswith(("row-", "feed-")))


def chips(stage: Stage) -> list[str]:
    return [str(chip.label) for chip in stage.screen.all(ft.Chip)]


async def many(stage: Stage, number: int = 120) -> None:
    """Give the person `number` activities and see them listed."""
    filled(stage.session, number)
    await stage.screen.settle()


def test_few_activities_need_no_search() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await many(stage, 10)
            assert listed(stage) == 10
            assert not stage.screen.all(ft.TextField)
            await finish_training(stage, "Melati")
            assert stage.screen.all(ft.TextField, key="search")
            assert chips(stage) == [], "all are sent: there is nothing to choose from"

    played(act())


def test_typing_narrows_the_list_and_the_numbers_and_clearing_brings_everything_back() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await many(stage)
            stage.server.down = True
            await finish_training(stage, "Melati 11")
            await stage.screen.type("search", "rapat 11")
            assert listed(stage) == 12, "the kind is called rapat, too"
            assert chips(stage) == ["Semua (12)", "Menunggu kirim (1)", "Terkirim (11)"]
            assert stage.screen.shows("Bank 118")
            assert not stage.screen.shows("Bank 99")
            await stage.screen.type("search", "melati")
            assert chips(stage) == ["Semua (1)", "Menunggu kirim (1)", "Terkirim (0)"]
            await stage.screen.press("search-clear")
            assert stage.screen.find(ft.TextField, key="search").value == ""
            assert chips(stage) == ["Semua (121)", "Menunggu kirim (1)", "Terkirim (120)"]

    played(act())


def test_what_is_not_there_says_so_and_leads_back() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await many(stage)
            await stage.screen.type("search", "durian")
            assert stage.screen.shows("Tidak ada yang cocok")
            assert listed(stage) == 0
            await stage.screen.press("show-all")
            assert listed(stage) == 50

    played(act())


def test_a_chip_shows_one_state_and_stays_when_the_last_has_left_it() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await many(stage)
            stage.server.down = True
            record = await finish_training(stage, "Melati")
            assert chips(stage) == ["Semua (121)", "Menunggu kirim (1)", "Terkirim (120)"]
            await stage.screen.fire(stage.screen.find(ft.Chip, key="state-waiting"), "select", True)
            assert listed(stage) == 1
            assert stage.screen.find(ft.Chip, key="state-waiting").selected
            stage.server.down = False
            await stage.session.sync_now()
            await stage.settle()
            assert record in stage.server.states()
            assert chips(stage) == ["Semua (121)", "Menunggu kirim (0)", "Terkirim (121)"]
            assert stage.screen.shows("Tidak ada yang cocok")
            await stage.screen.fire(stage.screen.find(ft.Chip, key="state-all"), "select", True)
            assert listed(stage) == 50

    played(act())


def test_fifty_rows_are_drawn_and_more_on_demand() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await many(stage)
            assert listed(stage) == 50
            await stage.screen.press("more")
            assert listed(stage) == 100
            await stage.screen.press("more")
            assert listed(stage) == 120
            assert not [control for control in stage.screen.walk() if getattr(control, "key", "") == "more"]
            await stage.screen.type("search", "bank")
            assert listed(stage) == 50, "what is sought begins at the top again"

    played(act())


def test_the_phone_s_own_feed_is_searched_and_grows_on_demand() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await many(stage)
            await stage.screen.go("/umpan")
            assert listed(stage) == 50
            await stage.screen.press("more")
            assert listed(stage) == 100
            await stage.screen.type("search", "bank 119 siti")
            assert listed(stage) == 1
            await stage.screen.type("search", "durian")
            await stage.screen.press("show-all")
            assert listed(stage) == 50
            assert stage.session.activities(ActivityState.SENT, limit=200)[0].headline == "Bank 119"

    played(act())
