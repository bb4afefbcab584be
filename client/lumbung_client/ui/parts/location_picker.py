"""One tap takes the phone's position; it can be taken again or cleared."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft
import flet_geolocator as geo

from lumbung_client.ui.device.location import TIMEOUT_SECONDS, Unlocated, take_location
from lumbung_client.ui.parts.focus import take_focus
from lumbung_client.ui.parts.layout import announced
from lumbung_client.ui.safe import part
from lumbung_client.ui.texts import Texts
from lumbung_shared.canonical import Json

ROUGH_METRES = 100
"""From here on a position does not tell one house from the other end of the village."""


@part
def LocationQuestion(  # noqa: N802
    path: str, value: Json, shown: str, words: Texts, answered: Callable[[Json], None]
) -> ft.Control:
    """Draw the position taken so far, in words, and the button that takes one."""
    busy, set_busy = ft.use_state(False)
    failed, set_failed = ft.use_state("")
    locator = ft.use_memo(geo.Geolocator, [])
    button = ft.use_memo(ft.Ref[ft.OutlinedButton], [])

    async def take() -> None:
        if busy:
            return
        # Else the field that was typed into last keeps the focus, and scrolls back into sight when a sentence comes.
        await take_focus(button)
        set_busy(True)
        set_failed("")
        location = await take_location(locator)
        set_busy(False)
        if isinstance(location, Unlocated):
            set_failed(_why(location, words))
        else:
            answered(location)

    controls: list[ft.Control] = []
    if shown:
        controls.append(ft.Text(shown))
    if is_rough(value):
        controls.append(ft.Text(words.entering.location_rough, size=12, color=ft.Colors.ON_SURFACE_VARIANT))
    if failed:
        controls.append(announced(ft.Text(failed, color=ft.Colors.ERROR)))
    controls.append(
        ft.OutlinedButton(
            words.taking_location if busy else words.take_location,
            ref=button,
            key=path,
            icon=ft.Icons.MY_LOCATION,
            # Never disabled: it would lose the focus, and the field that had it before would get it again.
            on_click=take,
        )
    )
    if shown:
        controls.append(ft.TextButton(words.clear, on_click=lambda: answered(None)))
    return ft.Column(spacing=4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=controls)


def is_rough(value: Json) -> bool:
    """Tell whether a position says of itself that it is only roughly right."""
    accuracy = value.get("accuracy") if isinstance(value, Mapping) else None
    return isinstance(accuracy, str) and accuracy.isdecimal() and int(accuracy) > ROUGH_METRES


def _why(reason: Unlocated, words: Texts) -> str:
    match reason:
        case Unlocated.DENIED:
            return words.entering.location_denied
        case Unlocated.LATE:
            return words.entering.location_late.format(seconds=TIMEOUT_SECONDS)
        case Unlocated.OFF:
            return words.entering.location_off
        case _:
            return words.location_failed
