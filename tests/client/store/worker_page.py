"""Run Python in a browser's worker, as the app does: a real Chromium, a profile that outlives it, and a way to kill."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright

from tests.client.store.worker_site import WorkerSite
from tests.e2e.driver import ARGUMENTS, ONLY_THIS_MACHINE
from tools import chromium


class WorkerFailed(AssertionError):
    """Python in the worker raised; the text is its traceback."""


class WorkerPage:
    """A browser with one page, in whose worker Python runs. What it stored stays in `profile`.

    `run` takes the source of statements with top-level await; its last expression, if it is one, comes back as
    JSON. Names stay from one run to the next. There, `given` holds the keyword arguments, and `post(message)` returns
    when the message stands in the site's `heard`.
    """

    def __init__(self, playwright: Playwright, site: WorkerSite, profile: Path) -> None:
        self._playwright = playwright
        self._site = site
        self._profile = profile
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the browser (again) and wait for Python."""
        self.context: BrowserContext = self._playwright.chromium.launch_persistent_context(
            self._profile, executable_path=chromium.find(), args=[*ARGUMENTS, ONLY_THIS_MACHINE]
        )
        self.page: Page = self.context.pages[0]
        self._prepare()

    def close(self) -> None:
        """Quit the browser."""
        self.context.close()

    def new_page(self) -> None:
        """Replace the page by a new one with a new worker and wait for Python; also after a kill."""
        old = self.page
        self.page = self.context.new_page()
        old.close()
        self._prepare()

    def run(self, source: str, **given: object) -> Any:
        """Run Python and return its result; raises WorkerFailed."""
        return _result(self.page.evaluate("([source, given]) => runPython(source, given)", _sent(source, given)))

    def begin(self, source: str, **given: object) -> None:
        """Run Python and do not wait for it; it tells by `post` how it goes."""
        self.page.evaluate("([source, given]) => { runPython(source, given); }", _sent(source, given))

    def session(self) -> CDPSession:
        """Return a new connection to the page's debugger."""
        return self.context.new_cdp_session(self.page)

    def renderers(self) -> dict[int, float]:
        """Return the process ids of all renderers of this browser, with the CPU time each took, in seconds."""
        return renderers_of(self.context)

    def renderer(self) -> int:
        """Return the process id of the renderer that this page's worker is in: the one that works when it works."""
        before = self.renderers()
        self.run("sum(range(3_000_000))")
        after = self.renderers()
        return max(after, key=lambda pid: after[pid] - before.get(pid, 0.0))

    def kill(self, renderer: int) -> None:
        """End this page's renderer as the system does when memory runs out, and wait until the browser knows."""
        with self.page.expect_event("crash"):
            os.kill(renderer, signal.SIGKILL)

    def _prepare(self) -> None:
        self.page.goto(self._site.origin)
        _result(self.page.evaluate("ready"))


def renderers_of(context: BrowserContext) -> dict[int, float]:
    """Return the process ids of all renderers of a browser, with the CPU time each took, in seconds."""
    browser = context.browser
    assert browser, "the browser is closed"
    session = browser.new_browser_cdp_session()
    told = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return {process["id"]: process["cpuTime"] for process in told if process["type"] == "renderer"}


def _sent(source: str, given: dict[str, object]) -> list[str]:
    return [source, json.dumps(given)]


def _result(answer: dict[str, Any]) -> Any:
    if "failed" in answer:
        raise WorkerFailed(answer["failed"])
    return answer.get("result")
