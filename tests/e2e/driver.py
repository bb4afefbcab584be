"""Drive the app like a person with a phone: touch, type, read, lose the network, close and reopen the browser.

Reading and touching are in `screen`; `semantics` decides which thing on the screen a name means.

Playwright debugs service workers, and Chromium keeps a debugged old worker in office. It serves every version;
the new one is seen only after `reopen`, not after `reload`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, Request

from tests.e2e.screen import START_TIMEOUT, TIMEOUT, Model, Screen
from tools import chromium

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-default-apps --disable-search-engine-choice-screen "
    # Nothing outside this machine can be reached, whatever the app asks for.
    "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream"
).split()
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"

# As a browser does when the person changes the address.
GO = """(path) => {
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate", { state: null }));
}"""


class Phone(Screen):
    """A browser of one person, with a storage of its own in `profile` that outlives closing.

    `arguments`: further ones for Chromium.
    """

    def __init__(
        self,
        playwright: Playwright,
        origin: str,
        profile: Path,
        model: Model | None = None,
        arguments: Sequence[str] = (),
    ) -> None:
        super().__init__(model or Model())
        self.origin = origin.rstrip("/")
        self._playwright = playwright
        self._profile = profile
        self._arguments = arguments
        self._context: BrowserContext | None = None
        self._offline = False
        self._switch_on()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- the browser

    def open(self, path: str = "/", text: str | None = None, timeout: float = START_TIMEOUT) -> None:
        """Open a path of the app and wait for its first screen (and for `text` on it)."""
        self.page.goto(self.origin + path, wait_until="commit")
        self.wait_started(timeout)
        if text:
            self.wait_text(text, timeout)

    def go(self, path: str, text: str | None = None) -> None:
        """Go to another path of the app that is open, without loading it again, as who follows a link in it does."""
        before = self.texts()
        self.page.evaluate(GO, path)
        self.wait_until(lambda: self.texts() != before or None, f"{path} looks as what was shown before", TIMEOUT)
        if text:
            self.wait_text(text)

    def reload(self, text: str | None = None, timeout: float = START_TIMEOUT) -> None:
        """Load the page again and wait for the first screen."""
        self.page.reload(wait_until="commit")
        self.wait_started(timeout)
        if text:
            self.wait_text(text, timeout)

    def resize(self, width: int) -> None:
        """Turn into a machine that is so many CSS pixels wide, with what is shown."""
        self.model = replace(self.model, width=width)
        self.page.set_viewport_size({"width": width, "height": self.model.height})

    def close(self) -> None:
        """Quit the browser; what it stored stays."""
        if self._context:
            self._context.close()
            self._context = None

    def reopen(self, path: str = "/", text: str | None = None) -> None:
        """Start the browser again after `close` (or quit it first) and open a path; still offline if it was."""
        self.close()
        self._switch_on()
        self.open(path, text)

    def new_tab(self) -> Page:
        """Go on in a second tab; returns the page of the first, for `show`."""
        previous = self.page
        self.page = self._browser.new_page()
        return previous

    def show(self, page: Page) -> None:
        """Go on in this tab."""
        self.page = page
        page.bring_to_front()

    def go_offline(self) -> None:
        """Lose the network, for pages and service worker."""
        self._set_offline(True)

    def go_online(self) -> None:
        """Have a network again."""
        self._set_offline(False)

    # -- inside

    @property
    def _browser(self) -> BrowserContext:
        assert self._context, "the browser is closed"
        return self._context

    def _switch_on(self) -> None:
        model = self.model
        size = {"width": model.width, "height": model.height}
        self._context = self._playwright.chromium.launch_persistent_context(
            self._profile,
            executable_path=chromium.find(),
            args=[*ARGUMENTS, ONLY_THIS_MACHINE, *self._arguments],
            viewport=size,  # type: ignore[arg-type]  # a TypedDict of exactly these keys
            device_scale_factor=model.scale,
            locale=model.locale,
            timezone_id=model.timezone,
        )
        self._context.on("request", self._note_request)
        self._context.on("console", self._note_console)
        self._context.on("weberror", lambda error: self.record.page_errors.append(str(error.error)))
        self._context.set_offline(self._offline)
        self.page = self._context.pages[0] if self._context.pages else self._context.new_page()

    def _note_request(self, request: Request) -> None:
        self.record.requests.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        self.record.console.append(f"{message.type}: {message.text}")

    def _set_offline(self, offline: bool) -> None:
        self._offline = offline
        self._browser.set_offline(offline)
