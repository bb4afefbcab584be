"""One tap takes the phone's position; it can be taken again or cleared."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft
import flet_geolocator as geo

from lumbung_client.ui.device.location import take_location
from lumbung_client.ui.safe import part
from lumbung_client.ui.texts import Texts
from lumbung_shared.canonical import Json


@part
def LocationQuestion(  # noqa: N802
    path: str, shown: str, words: Texts, answered: Callable[[Json], None]
) -> ft.Control:
    """Draw the position taken so far, in words, and the button that takes one."""
    busy, set_busy = ft.use_state(False)
    failed, set_failed = ft.use_state(False)
    locator = ft.use_memo(geo.Geolocator, [])

    async def take() -> None:
        set_busy(True)
        set_failed(False)
        location = await take_location(locator)
        set_busy(False)
        if location is None:
            set_failed(True)
        else:
            answered(location)

    controls: list[ft.Control] = []
    if shown:
        controls.append(ft.Text(shown))
    if failed:
        controls.append(ft.Text(words.location_failed, color=ft.Colors.ERROR))
    controls.append(
        ft.OutlinedButton(
            words.taking_location if busy else words.take_location,
            key=path,
            icon=ft.Icons.MY_LOCATION,
            height=48,
            disabled=busy,
            on_click=take,
        )
    )
    if shown:
        controls.append(ft.TextButton(words.clear, height=48, on_click=lambda: answered(None)))
    return ft.Column(spacing=4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=controls)
