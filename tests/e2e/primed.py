"""A browser that has been here before: the app is in it, and nothing of anybody.

To fetch and compile the app takes longer than many a test. What a first visit is like is looked at in `tests/bundle`.
"""

from __future__ import annotations

import random
import shutil
import socket
from pathlib import Path

from playwright.sync_api import Playwright

from lumbung_client.ui.texts import LANGUAGES
from tests.e2e.driver import Phone
from tests.e2e.screen import Model
from tests.servers import LumbungServer

BELOW_THE_SYSTEMS = range(20_000, 30_000)
"""Ports that no system gives to a connection by itself, so that nobody has one between two servers."""
OF_SOMEBODY = ("File System", "IndexedDB", "Local Storage", "Session Storage", "Sessions", "Singleton*")
"""What an app stores in a profile, and what belongs to the running browser."""
COMPILED_ONCE = ("--js-flags=--liftoff-only",)
"""What was compiled quickly is not compiled once more, for speed: that takes longer than a test would gain by it."""


class Primed:
    """Makes such a browser once, in `folder`, and copies of it for phones.

    A browser keeps an app for one address, so that all servers that phones with it are made for listen at `port`.
    """

    def __init__(self, folder: Path) -> None:
        self.port = _free()
        self._profile = folder / "primed"

    def phone(self, playwright: Playwright, server: LumbungServer, profile: Path, model: Model) -> Phone:
        """Make a phone that keeps what it stores in `profile`; for a server at another port it is an empty one."""
        if server.port == self.port:
            if not self._profile.exists():
                self._visit(playwright, server)
            shutil.copytree(self._profile, profile, dirs_exist_ok=True)
        return Phone(playwright, server.base_url, profile, model, COMPILED_ONCE)

    def _visit(self, playwright: Playwright, server: LumbungServer) -> None:
        visited = self._profile.with_name("visited")
        with Phone(playwright, server.base_url, visited, arguments=COMPILED_ONCE) as phone:
            phone.open("/", LANGUAGES["id"].enrol_title)
        shutil.copytree(visited, self._profile, ignore=shutil.ignore_patterns(*OF_SOMEBODY), symlinks=True)
        shutil.rmtree(visited)


def _free() -> int:
    while True:
        port = random.choice(BELOW_THE_SYSTEMS)  # noqa: S311 - two that choose at once shall not choose the same
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
