"""The coordinator's desk without Flutter: who finds drawers there, and where they lead."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.protocol import Grant
from tests.client.ui.stage import on_stage, played

CITY = Grant("64.74", "regency-coordinator")

WORDS = LANGUAGES["id"]


def test_a_coordinator_opens_the_desk_from_the_feed_and_a_drawer_from_the_desk() -> None:
    async def act() -> None:
        async with on_stage(CITY) as stage:
            screen = stage.screen
            await screen.go("/umpan")
            await screen.press("desk")
            assert screen.page.route == "/umpan/meja"
            assert [one.key for one in screen.all(ft.ListTile)][-3:] == ["people", "handovers", "forms"]
            await screen.press("forms")
            assert screen.page.route == "/umpan/meja/formulir"

    played(act())


def test_a_cadre_finds_no_way_to_the_desk_and_no_drawer_at_its_address() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            screen = stage.screen
            await screen.go("/umpan")
            assert not [one for one in screen.walk() if getattr(one, "key", None) == "desk"]
            await screen.go("/umpan/meja")
            assert screen.shows(WORDS.desk.not_yours_help)
            assert not screen.all(ft.ListTile)

    played(act())
