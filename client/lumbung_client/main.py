"""Entry point of the app: the one place where its pieces are put together."""

from __future__ import annotations

import flet as ft

from lumbung_client import platform
from lumbung_client.session.ports import StoreError
from lumbung_client.session.session import Session
from lumbung_client.ui.app import App, attach, dress
from lumbung_client.ui.model import AppModel, FeedModel
from lumbung_client.ui.safe import install_error_hook


async def main(page: ft.Page) -> None:
    """Draw the app on a page: at once the opening screen, then what the opened store says."""
    model = AppModel(width=page.width or 0)

    async def open_store() -> None:
        if model.session is not None:
            await model.session.close()
        model.failure = ""
        try:
            session = await Session.open(await platform.ports())
        except StoreError as problem:
            model.session = None
            model.failure = problem.code
        else:
            attach(page, model, session)

    install_error_hook(open_store)
    dress(page)
    page.on_resize = lambda event: model.resized(event.width)
    model.open_again = open_store
    page.render_views(App, model, FeedModel())
    await open_store()


def run() -> None:
    """Start the app."""
    ft.run(main)


if __name__ == "__main__":
    run()
