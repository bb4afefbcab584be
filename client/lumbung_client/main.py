"""Entry point of the app: the one place where its pieces are put together."""

from __future__ import annotations

import flet as ft

from lumbung_client import platform
from lumbung_client.session.door import Door, as_here
from lumbung_client.session.ports import Ports, StoreError
from lumbung_client.session.updates import Updates
from lumbung_client.ui.app import App, dress, follow
from lumbung_client.ui.device.visibility import before_hiding
from lumbung_client.ui.model import AppModel
from lumbung_client.ui.safe import install_error_hook, start
from lumbung_client.ui.screens.password_link import link_in_address


async def main(page: ft.Page) -> None:
    """Draw the app on a page: at once the opening screen, then what the opened store says."""
    await draw(page, await platform.ports())


async def draw(page: ft.Page, ports: Ports) -> Door:
    """Draw the app of a platform on a page; returns the door to its store."""
    model = AppModel(width=page.width or 0, language=ports.language, rescue_page=ports.rescue_page)
    model.password_link = link_in_address(page.route or "")
    door = Door(ports, lambda: follow(page, model, door), model.save_typed)

    async def after_failure(problem: StoreError) -> None:
        await door.reopen(problem)
        model.save_once_more()

    async def gone() -> None:
        # Android ends a screen and keeps the process; the next screen waits until this one has let go of the store.
        model.save_typed()
        await door.close()

    install_error_hook(lambda problem: start(page, after_failure, problem))
    dress(page, ports.language)
    page.on_resize = lambda event: model.resized(event.width)
    page.on_close = gone
    ports.on_leaving(as_here(model.save_typed))
    before_hiding(door.used)
    if ports.on_use is not None:
        ports.on_use(as_here(door.used))
    model.door = door
    model.updates = Updates(ports.versions, as_here(model.changed))
    model.open_again = door.open
    model.take_over = door.take_over if door.can_ask else None
    page.render_views(App, model)
    await door.open()
    return door


def run() -> None:
    """Start the app."""
    ft.run(main)


if __name__ == "__main__":
    run()
