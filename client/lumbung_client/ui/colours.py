"""The colours of the app by day and by night, and how whatever has the focus is marked. Pure values.

They are what Material makes of `SEED` (tonal spot). They are written out, so that what is drawn is what the tests of
contrast reckon with, whichever release of Flutter draws it.
"""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

SEED = "#2e6b3f"
ROLES: Mapping[str, tuple[str, str]] = {
    "primary": ("#326941", "#99d4a2"),
    "on_primary": ("#ffffff", "#003918"),
    "primary_container": ("#b4f1bd", "#18512b"),
    "on_primary_container": ("#18512b", "#b4f1bd"),
    "secondary": ("#506352", "#b7ccb7"),
    "on_secondary": ("#ffffff", "#233426"),
    "secondary_container": ("#d3e8d2", "#394b3b"),
    "on_secondary_container": ("#394b3b", "#d3e8d2"),
    "tertiary": ("#3a656e", "#a2ced8"),
    "on_tertiary": ("#ffffff", "#01363e"),
    "tertiary_container": ("#bdeaf4", "#204d55"),
    "on_tertiary_container": ("#204d55", "#bdeaf4"),
    "error": ("#ba1a1a", "#ffb4ab"),
    "on_error": ("#ffffff", "#690005"),
    "error_container": ("#ffdad6", "#93000a"),
    "on_error_container": ("#93000a", "#ffdad6"),
    "surface": ("#f6fbf2", "#101510"),
    "on_surface": ("#181d18", "#dfe4dc"),
    "on_surface_variant": ("#414941", "#c1c9be"),
    "outline": ("#717970", "#8b9389"),
    "outline_variant": ("#c1c9be", "#414941"),
    "shadow": ("#000000", "#000000"),
    "scrim": ("#000000", "#000000"),
    "inverse_surface": ("#2d322c", "#dfe4dc"),
    "on_inverse_surface": ("#eef2ea", "#2d322c"),
    "inverse_primary": ("#99d4a2", "#326941"),
    "surface_tint": ("#326941", "#99d4a2"),
    "surface_bright": ("#f6fbf2", "#353a35"),
    "surface_dim": ("#d7dbd3", "#101510"),
    "surface_container_lowest": ("#ffffff", "#0b0f0b"),
    "surface_container_low": ("#f1f5ed", "#181d18"),
    "surface_container": ("#ebefe7", "#1c211c"),
    "surface_container_high": ("#e5eae1", "#262b26"),
    "surface_container_highest": ("#dfe4dc", "#313631"),
}
"""Role to its colour by day and by night."""

FOCUS = 0.24
"""How much of the main colour lies over what has the focus: Material's own tenth is hardly seen in the sun."""
RING = 3
"""Width (px) of the ring around a button that has the focus."""
AROUND = 12
"""Room (px) around an icon that is a button: the arrow back is made by Flutter, which would have it smaller."""
TALL = 14
"""Room (px) above and below the word of a button: as high as a thumb with a line of usual letters, higher with more."""


def theme(*, dark: bool) -> ft.Theme:
    """Return the theme by day, or by night."""
    marked = {ft.ControlState.FOCUSED: ft.Colors.with_opacity(FOCUS, ft.Colors.PRIMARY)}
    ring = {ft.ControlState.FOCUSED: ft.BorderSide(RING, ft.Colors.ON_SURFACE)}
    boxed, bare = (
        ft.ButtonStyle(side=ring, padding=ft.Padding.symmetric(vertical=TALL, horizontal=side)) for side in (16, 12)
    )
    return ft.Theme(
        color_scheme_seed=SEED,
        color_scheme=ft.ColorScheme(**{role: pair[dark] for role, pair in ROLES.items()}),
        # On a desktop Flutter would make everything smaller than a finger.
        visual_density=ft.VisualDensity.STANDARD,
        focus_color=ft.Colors.with_opacity(FOCUS, ft.Colors.PRIMARY),
        filled_button_theme=ft.FilledButtonTheme(style=boxed),
        outlined_button_theme=ft.OutlinedButtonTheme(style=boxed),
        text_button_theme=ft.TextButtonTheme(style=bare),
        icon_button_theme=ft.IconButtonTheme(style=ft.ButtonStyle(side=ring, padding=AROUND)),
        radio_theme=ft.RadioTheme(overlay_color=marked),
        checkbox_theme=ft.CheckboxTheme(overlay_color=marked),
        switch_theme=ft.SwitchTheme(overlay_color=marked),
        navigation_bar_theme=ft.NavigationBarTheme(overlay_color=marked),
    )
