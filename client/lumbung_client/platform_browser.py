"""The pieces of a browser: its private file system, its fetch, its clocks."""

from __future__ import annotations

import secrets
import time

import js
from pyodide.ffi import to_js

from lumbung_client import __version__
from lumbung_client.session.ports import Ports
from lumbung_client.store.durable_browser import BrowserFiles
from lumbung_client.sync.transport_browser import BrowserTransport
from lumbung_shared.writes import PhoneTime

FOLDER = "lumbung"
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
        clock=BrowserClock(),
        chance=secrets.token_bytes,
        app=__version__,
        device=_device(str(js.navigator.userAgent)),
        language_chosen=_tell_page,
    )


def _device(user_agent: str) -> str:
    return next((system for system in _SYSTEMS if system in user_agent), "browser")


def _tell_page(language: str) -> None:
    # The page shows a sentence of its own before Python runs; it remembers the language for that.
    js.postMessage(to_js({"language": language}, dict_converter=js.Object.fromEntries))
