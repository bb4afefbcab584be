"""Ask once more before something is gone."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from lumbung_client.ui.safe import lay_over


def confirm(question: str, explanation: str, yes: str, cancel: str, act: Callable[[], None]) -> None:
    """Show a question with two answers; `act` runs when the person says yes."""

    def agreed() -> None:
        close()
        act()

    close: Callable[[], None] = lay_over(
        ft.context.page,
        ft.AlertDialog(
            modal=True,
            title=ft.Text(question),
            content=ft.Text(explanation),
            actions=[
                ft.TextButton(cancel, key="confirm-no", on_click=lambda: close()),
                ft.FilledButton(yes, key="confirm-yes", on_click=agreed),
            ],
        ),
    )
