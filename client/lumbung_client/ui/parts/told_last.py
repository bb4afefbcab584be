"""How a drawer of the coordinator's desk stands to the server: asking, refused, or without it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import flet as ft

from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.layout import notice
from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.safe import start
from lumbung_shared.problems import Code, sentence

Load = Callable[[str], Coroutine[Any, Any, None]]


def refresh_button(opened: Opened, key: str, load: Load, region: str, *, busy: bool) -> ft.Control:
    """Return the button in the app bar that asks once more for a region."""
    page = ft.context.page
    return icon_button(
        ft.Icons.REFRESH, opened.words.refresh, f"refresh-{key}", lambda: start(page, load, region), disabled=busy
    )


def refused(opened: Opened, failure: str, load: Load, region: str) -> list[ft.Control]:
    """Return why the server said nothing, and the button that asks once more; nothing where it did not refuse."""
    page = ft.context.page
    if not failure:
        return []
    offline = failure == Code.SERVER_UNREACHABLE
    text = opened.words.access.people_offline if offline else sentence(failure, opened.language)
    icon = ft.Icons.CLOUD_OFF_OUTLINED if offline else ft.Icons.ERROR_OUTLINE
    return [
        notice(icon, text, ft.Colors.SECONDARY_CONTAINER if offline else ft.Colors.ERROR_CONTAINER),
        ft.OutlinedButton(opened.words.try_again, key="again", on_click=lambda: start(page, load, region)),
    ]
