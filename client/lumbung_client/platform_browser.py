"""The pieces of a browser: its private file system, its fetch, its clocks, and what only its page can do."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable

import js
from pyodide.ffi import create_proxy

from lumbung_client import __version__
from lumbung_client.draw_browser import draw
from lumbung_client.handover_browser import TabHandover
from lumbung_client.network_browser import network
from lumbung_client.page_browser import ask_page, tell_page
from lumbung_client.session.ports import Ports
from lumbung_client.shrink_browser import shrink
from lumbung_client.store.durable_browser import BrowserFiles, BrowserFolders
from lumbung_client.sync.streams_browser import BrowserStreams
from lumbung_client.sync.transport_browser import BrowserTransport
from lumbung_client.versions_browser import browser_versions
from lumbung_shared.writes import PhoneTime

FOLDER = "lumbung"
RESCUE_PAGE = "/selamatkan.html"
BREATH_SECONDS = 0.01
"""A browser that cannot switch stacks lets no tap in during a pause of nothing."""
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")


class BrowserClock:
    """The browser's clocks. The monotonic one counts from the start of this worker, which is its boot."""

    def __init__(self) -> None:
        self._boot = secrets.token_hex(8)

    def now(self) -> PhoneTime:
        """Return both clocks in ms."""
        return PhoneTime(time.time_ns() // 1_000_000, int(js.performance.now()), self._boot)


def browser_ports() -> Ports:
    """Return the pieces; the server is the one that the app came from."""
    return Ports(
        files=BrowserFiles(FOLDER),
        transport=BrowserTransport(str(js.location.origin)),
        streams=BrowserStreams(str(js.location.origin)),
        clock=BrowserClock(),
        chance=secrets.token_bytes,
        app=__version__,
        device=_device(str(js.navigator.userAgent)),
        language_chosen=_remember_language,
        language=str(getattr(js, "lumbungLanguage", "id")),
        pause=_breath,
        handover=TabHandover(),
        ask_to_keep=_ask_to_keep,
        on_leaving=_on_leaving,
        rescue_page=RESCUE_PAGE,
        shrink=shrink,
        network=network,
        others=BrowserFolders(FOLDER),
        on_use=_on_use,
        server=str(js.location.origin),
        draw=draw,
        versions=browser_versions(),
    )


def _device(user_agent: str) -> str:
    return next((system for system in _SYSTEMS if system in user_agent), "browser")


async def _breath() -> None:
    await asyncio.sleep(BREATH_SECONDS)


def _remember_language(language: str) -> None:
    # The page shows a sentence of its own before Python runs, and a tab that cannot open the store speaks it too.
    tell_page({"language": language})


async def _ask_to_keep() -> bool:
    # Only a page may ask.
    return await ask_page({"askToKeep": True})


def _on_use(act: Callable[[], object]) -> None:
    def use() -> None:
        act()

    js.lumbungUsed = create_proxy(use)


def _on_leaving(act: Callable[[], object]) -> None:
    def leave() -> None:
        act()

    js.lumbungLeaving = create_proxy(leave)
