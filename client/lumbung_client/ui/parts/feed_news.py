"""New arrivals in a coordinator's feed: watched for while it is in sight, and the line that tells of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import flet as ft

from lumbung_client.ui.device.visibility import also_when_back, before_hiding
from lumbung_client.ui.model import Opened

AT_TOP = 40.0
"""A list that is scrolled no further (px) shows its beginning: what is new may take its place there."""


class Watching:
    """Watches over the feed while its screen is open and in sight. `load` shows the first page anew.

    `scrolled`: how far the list is (px); `waits`: nothing is to be shown by itself now.
    """

    def __init__(self, opened: Opened, load: Callable[[], None]) -> None:
        self._opened = opened
        self._load = load
        self._task: asyncio.Task[None] | None = None
        self._ways_out: list[Callable[[], None]] = []
        self.scrolled = 0.0
        self.waits = False

    def begin(self) -> None:
        """Begin to watch; again after `end` or after the app was hidden."""
        self._ways_out = [before_hiding(self._rest), also_when_back(self._go_on)]
        self._go_on()

    def end(self) -> None:
        """Stop: the screen is left."""
        for way_out in self._ways_out:
            way_out()
        self._ways_out = []
        self._rest()

    def _go_on(self) -> None:
        self._rest()
        watch = self._opened.session.feed_watch
        self._task = asyncio.get_running_loop().create_task(watch.watch("", self._look))

    def _rest(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _look(self) -> None:
        """Ask how much is new, and show it at once to who sees the beginning."""
        feed = self._opened.feed
        if feed.view is None or feed.busy:
            return
        fresh = await self._opened.session.feed_news(feed.view, feed.chosen)
        if fresh and self.scrolled <= AT_TOP and not self.waits:
            self._load()
        elif fresh != feed.fresh:
            feed.fresh = fresh


def fresh_line(opened: Opened, load: Callable[[], None]) -> list[ft.Control]:
    """Return the line that says how much is new and leads there, if anything is."""
    if not opened.feed.fresh:
        return []
    text = opened.words.feed.fresh.format(n=opened.feed.fresh)
    button = ft.FilledTonalButton(text, key="feed-fresh", icon=ft.Icons.ARROW_UPWARD, on_click=lambda: load())
    return [ft.Container(padding=ft.Padding.only(left=16, right=16, top=12), content=button)]
