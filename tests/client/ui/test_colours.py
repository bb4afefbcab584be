"""Whatever the app writes can be read on whatever it lays below, by day and by night: WCAG's AA, reckoned."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import flet as ft
import pytest

import lumbung_client.ui
from lumbung_client.ui.colours import FOCUS, ROLES, theme
from tests.contrast import SHAPE, TEXT, Colour, contrast, of_hex, over

UI = Path(lumbung_client.ui.__file__).parent
INKS = ("on_surface", "on_surface_variant", "primary", "tertiary", "error")
"""What texts and icons are drawn in, anywhere; where nothing is said it is the first."""
SURFACES = (
    "surface",
    "surface_container_low",
    "surface_container",
    "surface_container_high",
    "surface_container_highest",
)
GROUNDS = (*SURFACES, "primary_container", "secondary_container", "tertiary_container", "error_container")
"""What lies below."""
COUPLES = (
    *((f"on_{role}", role) for role in ROLES if f"on_{role}" in ROLES),
    ("inverse_primary", "inverse_surface"),
)
"""What Material and the map draw on a ground of its own: buttons, chips, the line at the foot of the screen."""
SHAPES = ("outline", "primary", "secondary", "tertiary")
"""Bars, borders of fields and boxes, large icons: on a surface only."""
ORNAMENTS = frozenset({"outline_variant"})
"""Lines around what can be told apart without them."""


def drawn(role: str, night: bool) -> Colour:
    """Return the colour of a role."""
    return of_hex(ROLES[role][night])


by_day_and_by_night = pytest.mark.parametrize("night", [False, True], ids=["day", "night"])


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast(of_hex("#767676"), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@by_day_and_by_night
@pytest.mark.parametrize(("ink", "ground"), [*product(INKS, GROUNDS), *COUPLES])
def test_text_can_be_read(ink: str, ground: str, night: bool) -> None:
    assert contrast(drawn(ink, night), drawn(ground, night)) >= TEXT


@by_day_and_by_night
@pytest.mark.parametrize(("shape", "ground"), [*product(SHAPES, SURFACES)])
def test_shapes_can_be_seen(shape: str, ground: str, night: bool) -> None:
    assert contrast(drawn(shape, night), drawn(ground, night)) >= SHAPE


@by_day_and_by_night
@pytest.mark.parametrize("ink", INKS[:2])
def test_text_can_be_read_also_where_the_focus_is(ink: str, night: bool) -> None:
    marked = over(drawn("surface", night), drawn("primary", night), FOCUS)
    assert contrast(drawn(ink, night), marked) >= TEXT


@by_day_and_by_night
def test_what_is_reckoned_with_is_what_is_drawn(night: bool) -> None:
    scheme = theme(dark=night).color_scheme
    assert {role: getattr(scheme, role) for role in ROLES} == {role: pair[night] for role, pair in ROLES.items()}


def named(tree: ast.AST) -> Iterator[str]:
    """Yield the colours that a module names, as roles."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "Colors":
            yield node.attr.lower()


def modules() -> Iterator[tuple[str, ast.AST]]:
    """Yield the modules of the interface, those of its texts left out."""
    for path in sorted(UI.rglob("*.py")):
        if path.parent.name != "texts":
            yield str(path.relative_to(UI)), ast.parse(path.read_text("utf-8"))


def test_every_colour_is_one_whose_contrast_is_reckoned() -> None:
    known = {*INKS, *GROUNDS, *SHAPES, *ORNAMENTS, *(role for couple in COUPLES for role in couple), "with_opacity"}
    strange = {(name, colour) for name, tree in modules() for colour in named(tree) if colour not in known}
    assert strange == set()


def test_no_colour_stands_outside_the_theme() -> None:
    written = {
        (name, node.value)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_colour(node.value)
    }
    assert {name for name, _ in written} == {"colours.py"}


def _is_colour(text: str) -> bool:
    digits = text.removeprefix("#")
    return text.startswith("#") and len(digits) in (3, 6, 8) and all(one in "0123456789abcdefABCDEF" for one in digits)


def test_only_the_theme_makes_colours_translucent() -> None:
    assert [name for name, tree in modules() if "with_opacity" in named(tree)] == ["colours.py"]


@by_day_and_by_night
def test_a_button_with_the_focus_has_a_ring(night: bool) -> None:
    look = theme(dark=night)
    for kind in (
        look.filled_button_theme,
        look.outlined_button_theme,
        look.text_button_theme,
        look.icon_button_theme,
    ):
        assert kind is not None
        assert kind.style is not None
        side = kind.style.side
        assert isinstance(side, dict)
        assert side[ft.ControlState.FOCUSED].color == ft.Colors.ON_SURFACE
