"""Ask once more before something is gone."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft


def confirm(question: str, explanation: str, yes: str, cancel: str, act: Callable[[], None]) -> None:
    """Show a question with two answers; `act` runs when the person says yes."""
    page = ft.context.page

    def agreed() -> None:
        page.pop_dialog()
        act()

    page.show_dialog(
        ft.AlertDialog(
            modal=True,
            title=ft.Text(question),
            content=ft.Text(explanation),
            actions=[
                ft.TextButton(cancel, key="confirm-no", on_click=page.pop_dialog),
                ft.FilledButton(yes, key="confirm-yes", on_click=agreed),
            ],
        )
    )
