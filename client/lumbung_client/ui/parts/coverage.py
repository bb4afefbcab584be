"""A drawn map: a tile for each region, with a shade and a number. It needs no map of the land and no other server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from lumbung_shared.protocol import RegionCount

MANY_TILES = 150
HIGH = 62
"""Height (px) of what stands in a tile, at least: two lines of a name and a number."""
"""More tiles than this are slow to draw on a phone."""
_SHADES = (
    (None, ft.Colors.ON_SURFACE_VARIANT),
    (ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER),
    (ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER),
    (ft.Colors.PRIMARY, ft.Colors.ON_PRIMARY),
)
"""What lies under a tile's text and the text's own colour, from nothing to most."""


def steps(numbers: Sequence[int]) -> tuple[int, int]:
    """Return from which number on a tile is stronger, and strongest: above a third of the most, and two thirds."""
    most = max(numbers, default=0)
    return max(most // 3, 1) + 1, max(most * 2 // 3, 2) + 1


def shade(number: int, darker: int, darkest: int) -> int:
    """Return how strong a tile's colour is: 0 for nothing, up to 3."""
    return 0 if number <= 0 else 1 + (number >= darker) + (number >= darkest)


def tiles(
    regions: Sequence[RegionCount], darker: int, darkest: int, said: Callable[[int], str], act: Callable[[str], Any]
) -> ft.Control:
    """Return the tiles of regions beside each other. `said`: a number in words; `act`: what a tap on a region does."""
    return ft.Row(
        wrap=True,
        spacing=6,
        run_spacing=6,
        controls=[_tile(one, shade(one.activities, darker, darkest), said, act) for one in regions],
    )


def _tile(one: RegionCount, dark: int, said: Callable[[int], str], act: Callable[[str], Any]) -> ft.Control:
    under, ink = _SHADES[dark]
    return ft.Container(
        key=f"tile-{one.region}",
        width=104,
        padding=6,
        border_radius=8,
        bgcolor=under,
        border=ft.Border.all(1, ft.Colors.OUTLINE),
        ink=True,
        on_click=lambda: act(one.region),
        content=ft.Semantics(
            label=f"{one.name}: {said(one.activities)}",
            button=True,
            content=ft.Row(
                spacing=0,
                vertical_alignment=ft.CrossAxisAlignment.START,
                controls=[
                    ft.Container(height=HIGH),
                    ft.Column(
                        expand=True,
                        spacing=0,
                        controls=[
                            ft.Text(one.name, size=12, color=ink),
                            ft.Text(str(one.activities), size=16, weight=ft.FontWeight.W_600, color=ink),
                        ],
                    ),
                ],
            ),
        ),
    )
