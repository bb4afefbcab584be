"""Where the focus goes: to what is missing, and never back to a field that nobody is in any more."""

from __future__ import annotations

import asyncio

import flet as ft
import pytest

from lumbung_client.ui.device.location import Unlocated
from lumbung_client.ui.parts import location_picker
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.canonical import Json
from tests.client.ui.flutterless import Screen
from tests.client.ui.stage import KIND, on_stage, played

COMPOST, GROUP = "compost-training", "group_name"


def has_focus(screen: Screen, kind: type[ft.Control], key: str) -> bool:
    """Tell whether the app gave the focus to a control, and to no other since."""
    given = [control for control, call in screen.connection.aimed if call == "focus"]
    return given[-1:] == [screen.find(kind, key=key)._i]


def test_a_form_that_lacks_an_answer_gives_its_question_the_focus() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind(COMPOST)
            await stage.screen.press("finish")
            await stage.screen.until(lambda: has_focus(stage.screen, ft.TextField, GROUP))

    played(act())


def test_so_does_the_form_to_practise_with() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.press("practise")
            await stage.screen.press("finish")
            await stage.screen.until(lambda: has_focus(stage.screen, ft.TextField, GROUP))
            assert stage.screen.shows(LANGUAGES["id"].guide.practice_note), "it is still practice"

    played(act())


def test_the_button_that_takes_a_position_keeps_the_focus_while_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    answer: list[asyncio.Future[Json | Unlocated]] = []

    async def take(_: object) -> Json | Unlocated:
        answer.append(asyncio.get_running_loop().create_future())
        return await answer[-1]

    monkeypatch.setattr(location_picker, "take_location", take)

    async def act() -> None:
        async with on_stage() as stage:
            words = LANGUAGES["id"]
            await stage.open_kind(KIND)
            taken = asyncio.create_task(stage.screen.press("location"))
            await stage.screen.until(lambda: stage.screen.shows(words.taking_location))
            assert has_focus(stage.screen, ft.OutlinedButton, "location")
            assert not stage.screen.find(ft.OutlinedButton, key="location").disabled
            await stage.screen.press("location")
            assert len(answer) == 1, "a second press asks for nothing"
            answer[0].set_result(Unlocated.DENIED)
            await taken
            assert stage.screen.shows(words.entering.location_denied)

    played(act())
