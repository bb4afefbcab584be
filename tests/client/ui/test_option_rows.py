"""Options and switches: as high as a thumb, touched anywhere, one thing for a screen reader, a label that wraps."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft
import pytest

import lumbung_client.ui
from lumbung_client.ui.parts.option_rows import THUMB, labelled, radio_rows, switch_row, tick_row
from tests.client.ui.flutterless import Screen, below
from tests.client.ui.stage import played

UI = Path(lumbung_client.ui.__file__).parent
LONG = "Jangan keluarkan ponsel dan peramban lain yang sudah masuk dengan akun ini"
Make = Callable[[Callable[[Any], None]], ft.Control]

MAKES: dict[str, tuple[type[ft.Control], Make, Any]] = {
    "radio": (ft.Radio, lambda took: radio_rows("some", [("a", LONG)], "", took), "a"),
    "box": (ft.Checkbox, lambda took: tick_row("some", LONG, False, took), True),
    "switch": (ft.Switch, lambda took: switch_row("some", LONG, False, took), True),
}


@pytest.mark.parametrize("name", MAKES)
def test_a_row_is_as_high_as_a_thumb_and_its_label_wraps(name: str) -> None:
    kind, make, _ = MAKES[name]
    parts = list(below(make(lambda _: None)))
    (control,) = [part for part in parts if isinstance(part, kind)]
    (text,) = [part for part in parts if isinstance(part, ft.Text)]
    assert control.height == THUMB  # type: ignore[attr-defined]  # each of them has one
    assert (text.value, text.max_lines, text.no_wrap) == (LONG, None, False)
    assert text.expand


@pytest.mark.parametrize("name", MAKES)
def test_a_screen_reader_meets_one_thing(name: str) -> None:
    kind, make, _ = MAKES[name]
    (merged,) = [part for part in below(make(lambda _: None)) if isinstance(part, ft.MergeSemantics)]
    inside = list(below(merged))
    assert any(isinstance(part, kind) for part in inside)
    assert any(isinstance(part, ft.Text) for part in inside)


@pytest.mark.parametrize("name", MAKES)
def test_a_touch_beside_the_control_does_the_same(name: str) -> None:
    took: list[Any] = []
    _, make, wanted = MAKES[name]

    def main(page: ft.Page) -> None:
        page.add(make(took.append))

    async def act() -> None:
        async with Screen(main) as screen:
            (row,) = [one for one in screen.all(ft.Container) if one.on_click]
            assert not row.ink, "that would be a second stop for the Tab key"
            await screen.fire(row, "click")
            key = screen.find(ft.RadioGroup if name == "radio" else MAKES[name][0], key="some")
            screen.session.apply_patch(key._i, {"value": wanted})
            await screen.fire(key, "change", wanted)

    played(act())
    assert took == [wanted, wanted]


def test_nothing_happens_beside_a_switch_that_cannot_be_used() -> None:
    parts = list(below(switch_row("some", LONG, True, lambda _: None, disabled=True)))
    assert not [part for part in parts if isinstance(part, ft.Container) and part.on_click]


def test_a_row_can_hold_a_control_of_somebody_elses() -> None:
    box = ft.Checkbox(key="mine")
    assert box in list(below(labelled(box, LONG, None)))


def test_no_option_has_a_label_of_its_own_that_would_be_cut() -> None:
    """Flet puts such a label beside the control without letting it wrap, in a row lower than a thumb."""
    cut = [
        f"{path.relative_to(UI)}:{node.lineno}"
        for path in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("Radio", "Checkbox", "Switch")
        and any(keyword.arg == "label" for keyword in node.keywords)
    ]
    assert cut == []


def test_no_button_with_a_word_has_a_height_that_would_cut_it() -> None:
    """It is as high as a thumb by the room around its word, which the theme gives it, and higher with large letters."""
    fixed = [
        f"{path.relative_to(UI)}:{node.lineno}"
        for path in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr.endswith("Button")
        and node.func.attr != "IconButton"
        and any(keyword.arg == "height" for keyword in node.keywords)
    ]
    assert fixed == []


def test_no_bar_at_the_foot_of_a_screen_has_one_height_for_all_letters() -> None:
    assert [path.name for path in sorted(UI.rglob("*.py")) if "ft.BottomAppBar" in path.read_text("utf-8")] == []
