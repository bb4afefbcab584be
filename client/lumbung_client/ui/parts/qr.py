"""An address as a QR code that another phone's camera reads off the screen."""

from __future__ import annotations

import functools
import io

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
    import segno  # here, so that the start of the app does not wait for it

    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=8, border=4)
    return drawn.getvalue()
