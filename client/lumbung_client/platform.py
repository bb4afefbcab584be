"""Decide, once, which pieces this platform gives the session: a browser's or those of an ordinary system."""

from __future__ import annotations

import sys

from lumbung_client.session.ports import Ports


async def ports() -> Ports:
    """Return the pieces for the platform this runs on."""
    if sys.platform == "emscripten":
        from lumbung_client.platform_browser import browser_ports

        return browser_ports()
    import os

    from lumbung_client.platform_native import native_ports

    return native_ports(os.environ)
