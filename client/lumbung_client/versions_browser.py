"""The versions of the app that a browser keeps: its page asks the service worker about them, this asks the page."""

from __future__ import annotations

import json
from collections.abc import Callable

import js
from pyodide.ffi import create_proxy

from lumbung_client.page_browser import ask_page, tell_page
from lumbung_client.session.releases import Kept
from lumbung_shared.codec import Malformed, from_wire


class BrowserVersions:
    """Speaks with the page. `kept` is what the page told last."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    @property
    def kept(self) -> Kept:
        """What is on the phone."""
        return self._kept

    def listen(self, changed: Callable[[], None]) -> None:
        """Have `changed` called when the page tells something else."""

        def hear() -> None:
            self._kept = _told() or self._kept
            changed()

        js.lumbungVersionsChanged = create_proxy(hear)

    def look(self) -> None:
        """Look for a newer version soon."""
        _wish({"look": True})

    async def begin(self, version: str) -> bool:
        """Have a version begin at the next start."""
        return await ask_page({"versions": {"ask": "begin", "version": version}})

    def reload(self) -> None:
        """Load the page anew."""
        _wish({"reload": True})

    def settled(self) -> None:
        """Have the version before let go of."""
        _wish({"ask": "settled"})


def browser_versions() -> BrowserVersions | None:
    """Return them; None when no service worker told anything."""
    kept = _told()
    return None if kept is None else BrowserVersions(kept)


def _told() -> Kept | None:
    try:
        return from_wire(Kept, json.loads(str(js.lumbungVersions)))
    except (AttributeError, ValueError, Malformed):
        return None


def _wish(wish: dict[str, object]) -> None:
    tell_page({"versions": wish})
