"""Whatever can be pressed is one thing with a name; titles are headings, and what changes is said."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from lumbung_client.ui.parts.layout import announced, empty_place, heading, section
from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.parts.secrets import password_box
from lumbung_client.ui.texts import LANGUAGES
from tests.client.ui.flutterless import Screen, below
from tests.client.ui.stage import on_stage, played


def only(control: ft.Control, kind: type[Any]) -> Any:
    """Return the one control of a kind."""
    (found,) = [one for one in below(control) if isinstance(one, kind)]
    return found


@pytest.mark.parametrize("disabled", [False, True])
def test_a_button_without_a_word_is_one_thing_with_its_name(disabled: bool) -> None:
    button = icon_button(ft.Icons.DELETE_OUTLINE, "Hapus", "delete", lambda: None, disabled=disabled)
    assert isinstance(button, ft.MergeSemantics)
    named = only(button, ft.Semantics)
    assert (named.label, named.button, named.disabled) == ("Hapus", True, disabled)
    assert (only(button, ft.IconButton).width, only(button, ft.IconButton).height) == (48, 48)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_password_is_shown_and_hidden_by_a_button_that_says_so(language: str) -> None:
    said, entries = LANGUAGES[language].account, {"password": "rahasia-123"}

    def main(page: ft.Page) -> None:
        page.render(lambda: password_box(said, "password", "Kata sandi", entries))

    async def act() -> None:
        async with Screen(main) as screen:
            assert screen.find(ft.TextField, key="password").password
            assert screen.find(ft.Semantics, label=said.password_show)
            await screen.press("show-password")
            assert not screen.find(ft.TextField, key="password").password
            assert screen.find(ft.TextField, key="password").value == "rahasia-123"
            assert screen.find(ft.Semantics, label=said.password_hide)
            await screen.type("password", "lain-456")
            assert entries == {"password": "lain-456"}

    played(act())


def test_titles_are_headings() -> None:
    for control in (section("Bahasa", []), empty_place(ft.Icons.INBOX, "Kosong", "Belum ada.")):
        titled = only(control, ft.Semantics)
        assert titled.header
        assert titled.heading_level == 3
    assert only(heading(ft.Text("Bahasa")), ft.Text).value == "Bahasa"


def test_what_changes_is_said() -> None:
    assert announced(ft.Text("Tidak diizinkan")).live_region  # type: ignore[attr-defined]


def test_the_line_of_the_sync_is_said_when_it_changes() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            lines = [one for one in stage.screen.all(ft.Semantics) if one.live_region]
            keys = [part.key for line in lines for part in below(line) if isinstance(part, ft.Container)]
            assert "sync-banner" in keys

    played(act())


def test_the_help_is_no_higher_than_what_it_says_and_its_button_stays() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.press("help")
            (sheet,) = stage.screen.all(ft.AlertDialog)
            assert sheet.scrollable
            assert sheet.inset_padding == ft.Padding.symmetric(horizontal=16, vertical=60)
            assert [one.key for action in sheet.actions for one in below(action)] == ["help-close"]

    played(act())
