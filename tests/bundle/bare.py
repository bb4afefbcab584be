"""A Chromium that only its page is debugged of.

With a debugger attached to a service worker (Playwright attaches to all of them) Chromium never lets an old worker go,
so that a new worker comes into office by a reload only here, as on a phone. (Both serve every version of the app.)
"""

from __future__ import annotations

import itertools
import json
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.sync.client import ClientConnection, connect

from tests.e2e.driver import ARGUMENTS, ONLY_THIS_MACHINE
from tools import chromium

PORT_FILE = "DevToolsActivePort"


class BareBrowser:
    """One headless browser; its profile must be a folder that does not exist yet."""

    def __init__(self, profile: Path) -> None:
        executable = chromium.find()
        assert executable, "no Chromium: run tools/chromium.py"
        profile.mkdir()
        command = [executable, "--headless", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
        command += [*ARGUMENTS, ONLY_THIS_MACHINE, "about:blank"]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        self._pages: list[BarePage] = []
        self._address = self._browser_address(profile / PORT_FILE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for page in self._pages:
            page.leave()
        self._process.terminate()
        self._process.wait(timeout=20)

    def new_page(self) -> BarePage:
        """Open a tab."""
        with connect(self._address) as browser:
            target = call(browser, 1, "Target.createTarget", {"url": "about:blank"})["targetId"]
        page = BarePage(f"ws://{urlsplit(self._address).netloc}/devtools/page/{target}")
        self._pages.append(page)
        return page

    def _browser_address(self, port_file: Path) -> str:
        end = time.monotonic() + 30
        while not (port_file.exists() and port_file.read_text().count("\n")):
            assert time.monotonic() < end, "the browser does not start"
            time.sleep(0.05)
        port, path = port_file.read_text().split()
        return f"ws://127.0.0.1:{port}{path}"


class BarePage:
    """A tab; its title is the text that the sample app shows."""

    def __init__(self, address: str) -> None:
        self._opened = ExitStack()
        self._connection = self._opened.enter_context(connect(address))
        self._numbers = itertools.count(1)

    def open(self, address: str) -> None:
        """Go to an address; does not wait for the app."""
        self._call("Page.navigate", {"url": address})

    def reload(self) -> None:
        """Load the page again; does not wait for the app."""
        self._call("Page.reload", {})

    def close(self) -> None:
        """Close the tab."""
        self._call("Page.close", {})
        self.leave()

    def leave(self) -> None:
        """Stop debugging the tab."""
        self._opened.close()

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression (or of its promise); None while a page is being loaded."""
        parameters = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        return self._call("Runtime.evaluate", parameters).get("result", {}).get("value")

    def wait_for(self, expression: str, wanted: object = True, timeout: float = 90) -> None:
        """Poll until an expression has the wanted value."""
        end = time.monotonic() + timeout
        while (value := self.evaluate(expression)) != wanted:
            assert time.monotonic() < end, f"{expression} is {value!r} instead of {wanted!r} after {timeout:.0f} s"
            time.sleep(0.1)

    def wait_shown(self, title: str) -> None:
        """Wait until the app shows its first screen under that title."""
        shown = "document.querySelector('#splash')?.style.display === 'none' ? document.title : document.readyState"
        self.wait_for(shown, title)

    def _call(self, method: str, parameters: dict[str, object]) -> dict[str, Any]:
        return call(self._connection, next(self._numbers), method, parameters)


def call(connection: ClientConnection, number: int, method: str, parameters: dict[str, object]) -> dict[str, Any]:
    """Send one command to the debugger and return its result; an empty one when the page went away meanwhile."""
    connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
    while True:
        answer = json.loads(connection.recv(timeout=60))
        if answer.get("id") == number:
            result: dict[str, Any] = answer.get("result", {})
            return result
