"""An address as a QR code that another phone's camera reads off the screen."""

from __future__ import annotations

import functools
import io
from typing import Any

import flet as ft

SIDE = 240
"""Side (px) as it is shown; with 4 modules of white around it, in a dark look, too."""


def qr_code(text: str, label: str) -> ft.Control:
    """Return the QR code of a text. `label`: what it is, for who does not see it."""
    return ft.Row(
        alignment=ft.MainAxisAlignment.CENTER,
        controls=[ft.Image(src=qr_picture(text), width=SIDE, height=SIDE, border_radius=8, semantics_label=label)],
    )


@functools.lru_cache(maxsize=8)
def qr_picture(text: str) -> bytes:
    """Return the QR code of a text as a PNG, black on white."""
    drawn = io.BytesIO()
    _code(text).save(drawn, kind="png", scale=8, border=4)
    return drawn.getvalue()


def qr_modules(text: str) -> tuple[bytes, ...]:
    """Return the rows of the QR code of a text, without the white around it; dark modules are not 0."""
    return tuple(map(bytes, _code(text).matrix))


def _code(text: str) -> Any:
    import segno  # here, so that the start of the app does not wait for it

    return segno.make(text, error="m", micro=False)
