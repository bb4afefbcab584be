"""A position in one tap: with its accuracy in metres, or a sentence about what can be done."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest

from lumbung_client.ui.device import location
from lumbung_client.ui.device.location import Unlocated, take_location
from lumbung_client.ui.parts import location_picker
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.canonical import Json
from tests.client.ui.stage import KIND, on_stage, played

FOUND: Json = {"lat": "0.133400", "lon": "117.500000", "accuracy": "12"}


class Locator:
    """A locator that finds a place, raises what the plugin does, or (None) never answers."""

    def __init__(self, outcome: object, *, web: bool = True) -> None:
        self.page = SimpleNamespace(web=web)
        self.outcome = outcome
        self.asked = 0

    async def request_permission(self) -> None:
        self.asked += 1
        if self.page.web:
            await asyncio.Event().wait()

    async def get_current_position(self) -> object:
        if self.outcome is None:
            await asyncio.Event().wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def taken(locator: Any) -> Json | Unlocated:
    return asyncio.run(take_location(locator))


def test_a_position_comes_with_its_accuracy_in_metres() -> None:
    place = SimpleNamespace(latitude=0.1334, longitude=117.5, accuracy=12.3)
    assert taken(Locator(place)) == FOUND
    assert taken(Locator(SimpleNamespace(latitude=0.1334, longitude=117.5, accuracy=None))) == {
        "lat": "0.133400",
        "lon": "117.500000",
    }


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("User denied Geolocation", Unlocated.DENIED),
        ("Access to the location of the device is denied by the user.", Unlocated.DENIED),
        ("Permission definitions not found in the app's manifest.", Unlocated.DENIED),
        ("The location service on the device is disabled.", Unlocated.OFF),
        ("Time limit reached while waiting: Timed out", Unlocated.LATE),
        ("Position unavailable", Unlocated.FAILED),
    ],
)
def test_why_there_is_no_position_is_told_apart(told: str, reason: Unlocated) -> None:
    assert taken(Locator(RuntimeError(told))) is reason


def test_a_position_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(location, "TIMEOUT_SECONDS", 0.01)
    assert taken(Locator(None)) is Unlocated.LATE


def test_the_permission_is_asked_for_apart_only_where_that_returns() -> None:
    place = SimpleNamespace(latitude=0.1334, longitude=117.5, accuracy=12.3)
    browser, phone = Locator(place), Locator(place, web=False)
    assert taken(browser) == taken(phone) == FOUND
    assert (browser.asked, phone.asked) == (0, 1)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_screen_says_what_stops_it_and_then_where_and_how_exactly(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes: list[Json | Unlocated] = [
        Unlocated.DENIED,
        Unlocated.LATE,
        Unlocated.OFF,
        Unlocated.FAILED,
        {"lat": "0.1", "lon": "117.5", "accuracy": "850"},
        FOUND,
    ]

    async def take(_: object) -> Json | Unlocated:
        return outcomes.pop(0)

    monkeypatch.setattr(location_picker, "take_location", take)

    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await stage.settle()
            words = LANGUAGES[language]
            await stage.open_kind(KIND)
            for sentence in (
                words.entering.location_denied,
                words.entering.location_late.format(seconds=20),
                words.entering.location_off,
                words.location_failed,
            ):
                await stage.screen.press("location")
                assert stage.screen.shows(sentence)
            await stage.screen.press("location")
            assert stage.screen.shows("850 m")
            assert stage.screen.shows(words.entering.location_rough)
            assert not stage.screen.shows(words.location_failed)
            await stage.screen.press("location")
            assert stage.screen.shows("12 m")
            assert not stage.screen.shows(words.entering.location_rough)
            assert stage.screen.find(ft.OutlinedButton, key="location").content == words.take_location

    played(act())
