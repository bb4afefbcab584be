"""Where the focus goes when the app moves it: what a key means next, and what Flutter scrolls into sight."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, TypeAlias

import flet as ft

Grips: TypeAlias = MutableMapping[str, ft.Ref[Any]]
"""Path of a question to what the focus can be given there."""


def grip(grips: Grips, path: str) -> ft.Ref[Any]:
    """Return what takes hold of the control of a question, the same each time the form is drawn."""
    return grips.setdefault(path, ft.Ref())


async def take_focus(ref: ft.Ref[Any]) -> None:
    """Give the focus to a button or a field, if it is on the screen."""
    if ref.current is not None:
        await ref.current.focus()
