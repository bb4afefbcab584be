"""Whatever can be pressed is one thing with a name; titles are headings, and what changes is said."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import flet as ft
import pytest

import lumbung_client.ui
from lumbung_client.ui.parts.layout import announced, empty_place, heading, section
from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.parts.secrets import password_box
from lumbung_client.ui.texts import LANGUAGES
from tests.client.ui.flutterless import Screen, below
from tests.client.ui.stage import on_stage, played

UI = Path(lumbung_client.ui.__file__).parent


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


def test_a_menu_says_what_is_wrong_with_its_answer() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind("waste-bank-training")
            await stage.screen.press("add-weighings")
            await stage.screen.type(str(stage.screen.find(ft.TextField, label="Berat (kg) *").key), "12,5")
            await stage.screen.press("finish")
            assert stage.screen.find(ft.Semantics, label="Jenis sampah *: belum dipilih. Wajib diisi.")

    played(act())


def test_the_help_is_no_higher_than_what_it_says_and_its_button_stays() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.press("help")
            (sheet,) = stage.screen.all(ft.AlertDialog)
            assert sheet.scrollable
            assert sheet.inset_padding == ft.Padding.symmetric(horizontal=16, vertical=60)
            assert [one.key for action in sheet.actions for one in below(action)] == ["help-sheet-close"]

    played(act())


def test_every_box_that_takes_a_touch_is_reached_by_a_key() -> None:
    """A box with ink is a stop of the Tab key; in the rows of options the control in them is."""
    unreached = [
        f"{path.relative_to(UI)}:{node.lineno}"
        for path in sorted(UI.rglob("*.py"))
        if path.name != "option_rows.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("Container", "GestureDetector")
        and "on_click" in (given := {keyword.arg for keyword in node.keywords})
        and "ink" not in given
    ]
    assert unreached == []


def test_every_field_that_opens_something_opens_it_by_the_enter_key_too() -> None:
    touched = [
        (f"{path.relative_to(UI)}:{node.lineno}", {keyword.arg for keyword in node.keywords})
        for path in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "TextField"
    ]
    assert [
        place for place, given in touched if "on_click" in given and not {"on_submit", "shift_enter"} <= given
    ] == []
