"""The app on a stage: the real session on memory files, a small server in memory, screens without Flutter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import flet as ft

from lumbung_client.session.ports import StoreError
from lumbung_client.session.session import Session
from lumbung_client.ui.app import App, attach, dress
from lumbung_client.ui.model import AppModel
from lumbung_client.ui.safe import install_error_hook
from lumbung_client.ui.screens import fill_in
from lumbung_shared.protocol import Grant
from tests.client.fakes import FakeClock, FakeServer, Phone
from tests.client.phones import settled
from tests.client.ui.flutterless import Screen

KIND = "coordination-meeting"


@dataclass
class Stage:
    """One phone, its screen, and the server it talks to."""

    screen: Screen
    session: Session
    server: FakeServer
    reopened: list[bool]
    clock: FakeClock
    model: AppModel

    async def settle(self) -> None:
        """Let a sync under way come to its end, and the screen follow."""
        await settled(self.session)
        await self.screen.settle()

    async def open_kind(self, kind: str) -> str:
        """Open the form of a kind and return its record."""
        await self.screen.go("/catat")
        await self.screen.press(f"kind-{kind}")
        return str(self.screen.page.route).rpartition("/")[2]

    async def turn(self, width: float) -> None:
        """Turn the phone, or widen the window, to so many pixels."""
        await self.screen.resize(width)
        self.model.resized(width)
        await self.screen.settle()

    async def back(self) -> None:
        """Go back as the arrow in the app bar does."""
        await self.screen.fire(self.screen.page, "view_pop", {"route": self.screen.page.route})

    async def pause(self, saved: Callable[[], bool]) -> None:
        """Wait as a person does who stops typing, until something is saved."""
        await self.screen.until(saved)


@asynccontextmanager
async def on_stage(
    *grants: Grant, width: float = 360, route: str = "/", admitted: bool = True, server: FakeServer | None = None
) -> AsyncIterator[Stage]:
    """Raise the curtain: a phone that is enrolled (unless `admitted` is False) and has synced once."""
    server = server or FakeServer()
    phone = Phone(server)
    fill_in.WORD_FIRST_SECONDS = 0  # nothing is drawn here that it could come before
    session = await Session.open(phone.ports())
    if admitted:
        assert await session.enrol(server.add("siti", *grants)) is None
        await settled(session)

    reopened: list[bool] = []

    def reopen(_: StoreError) -> None:
        reopened.append(True)

    model = AppModel(width=width)

    def main(page: ft.Page) -> None:
        install_error_hook(reopen)
        dress(page)
        page.render_views(App, model)
        attach(page, model, session)

    async with Screen(main, route=route, width=width) as screen:
        await screen.settle()
        try:
            yield Stage(screen, session, server, reopened, phone.clock, model)
        finally:
            await session.close()


def played(act: Coroutine[Any, Any, None]) -> None:
    """Run a test's act from beginning to end."""
    asyncio.run(act)


async def finish_training(stage: Stage, name: str) -> str:
    """Log a waste-bank training and return its record."""
    record = await stage.open_kind(KIND)
    await stage.screen.type("agenda", name)
    await stage.screen.press("finish")
    await stage.settle()
    return record


async def skip_introduction(screen: Screen) -> None:
    """Pass by what is told to whoever is new here."""
    await screen.press("skip")
