"""Read a Flutter screen and act on it like a person; knows nothing of starting or losing a browser.

Every wait polls the screen until it is as wanted, and fails with all texts on the screen and a picture of it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page

from tests.e2e import semantics
from tests.e2e.semantics import Node

PICTURES = Path(__file__).resolve().parent.parent.parent / "build" / "e2e"
POLL_MS = 110
TIMEOUT = 30.0
START_TIMEOUT = 120.0
STILL_POLLS = 3
WHEEL_STEP = 260

START_STATE = """() => {
  const splash = document.querySelector('#splash');
  const [waiting, failure] = ['#waiting', '#failure'].map((id) => document.querySelector(id));
  if (!splash) return {shown: false, failed: null};
  return {
    shown: splash.style.display === 'none',
    failed: !waiting.hidden ? null : failure.innerText + '\\n' + document.querySelector('#raw').textContent,
  };
}"""
# With a phone's user agent only a touch at the exact centre of this node switches the accessibility tree on.
SWITCH_ON_TREE = """() => {
  const node = document.querySelector('flt-semantics-placeholder');
  if (node) {
    const box = node.getBoundingClientRect();
    const at = {clientX: box.left + box.width / 2, clientY: box.top + box.height / 2};
    node.dispatchEvent(new MouseEvent('click', {...at, bubbles: true, cancelable: true}));
  }
  return document.querySelectorAll('flt-semantics-host *').length > 1;
}"""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Model:
    """What kind of phone or computer it is."""

    width: int = 360
    height: int = 800
    locale: str = "id-ID"
    timezone: str = "Asia/Makassar"
    scale: float = 1.0


@dataclass
class Record:
    """What happened in the browser since the phone was made."""

    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)

    def hosts(self) -> set[str]:
        """Every host (with port) that was asked for anything over the network."""
        split = (urlsplit(url) for url in self.requests)
        return {parts.netloc for parts in split if parts.scheme in ("http", "https", "ws", "wss")}

    def violations(self) -> list[str]:
        """What the content security policy refused."""
        return [line for line in self.console if "Content Security Policy" in line]


class Screen:
    """What one person sees and touches; `page` is the tab that is looked at."""

    page: Page

    def __init__(self, model: Model) -> None:
        self.model = model
        self.record = Record()

    # -- reading

    def nodes(self) -> list[Node]:
        """The accessibility tree as it is now; empty while a page is just being loaded."""
        try:
            return semantics.nodes_of(self.page.evaluate(semantics.SNAPSHOT))
        except Error as error:
            if "navigat" in str(error) or "context was destroyed" in str(error):
                return []
            raise

    def texts(self) -> list[str]:
        """Every line of text on the screen."""
        return semantics.texts_of(self.nodes())

    def shows(self, text: str) -> bool:
        """Whether a text is on the screen now."""
        return any(text in line for line in self.texts())

    def value_of(self, label: str) -> str:
        """What stands in a text field. Flutter tells it only of the one that has the focus."""
        node = semantics.field(self.nodes(), label)
        return node.value if node else ""

    def wait_until(self, look: Callable[[], Found | None], complaint: str, timeout: float) -> Found:
        """Wait until `look` finds something; returns it, or fails with the complaint after `timeout` seconds."""
        end = time.monotonic() + timeout
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > end:
                self.fail(f"{complaint} (after {timeout:.0f} s)")
            self.page.wait_for_timeout(POLL_MS)

    def wait_started(self, timeout: float = START_TIMEOUT) -> None:
        """Wait until the app's first screen is shown and can be read; fails with what the boot page says."""
        state = self.wait_until(self._start_state, "the app did not start", timeout)
        if state["failed"]:
            self.fail(f"the app did not start: {state['failed']}")
        self.wait_until(lambda: self.page.evaluate(SWITCH_ON_TREE), "the screen cannot be read", timeout)

    def wait_text(self, text: str, timeout: float = TIMEOUT) -> None:
        """Wait until a text is on the screen."""
        self.wait_until(lambda: self.shows(text), f"no text {text!r}", timeout)

    def wait_gone(self, text: str, timeout: float = TIMEOUT) -> None:
        """Wait until a text is no longer on the screen."""
        self.wait_until(lambda: not self.shows(text), f"text {text!r} is still there", timeout)

    def screenshot(self, path: Path) -> None:
        """Save what the person sees."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    # -- acting

    def tap(self, name: str, role: str | None = None, timeout: float = TIMEOUT) -> None:
        """Touch what is called `name` (see `semantics.best`), once it is on the screen and stands still."""
        self._touch(self._still(lambda nodes: semantics.best(nodes, name, role), f"nothing called {name!r}", timeout))

    def type_into(self, label: str, text: str, timeout: float = TIMEOUT) -> None:
        """Replace the content of the text field called `label`."""
        for _ in range(3):
            target = self._still(lambda nodes: semantics.field(nodes, label), f"no field {label!r}", timeout)
            self.page.mouse.click(target.x + min(40, target.width / 2), target.centre[1])
            if not self._stays_focused(label):
                continue
            self.page.keyboard.press("Control+A")
            self.page.keyboard.press("Delete")
            self.page.keyboard.type(text, delay=4)
            if self._holds(label, text):
                return
        self.fail(f"the field {label!r} does not take {text!r}")

    def choose(self, dropdown: str, option: str, timeout: float = TIMEOUT) -> None:
        """Open the dropdown called `dropdown` and touch one of its options, until it says that option.

        A tap that comes while the screen is still moving does nothing: like a person it looks, and taps once more.
        """
        for _ in range(3):
            before = self.nodes()
            try:
                self._choose(dropdown, option, before, timeout / 3)
                self.wait_until(lambda: self._chosen(dropdown, option), f"{dropdown!r} is not {option!r}", timeout / 3)
                break
            except AssertionError as error:
                missed = error
        else:
            raise missed
        self.wait_until(lambda: len(self.nodes()) <= len(before) + 2, f"{dropdown!r} stays open", timeout)

    def _choose(self, dropdown: str, option: str, before: list[Node], timeout: float) -> None:
        self.tap(dropdown, timeout=timeout)
        self.wait_until(lambda: len(self.nodes()) > len(before), f"{dropdown!r} does not open", timeout)
        known = set(before)
        fresh = (node for node in self.nodes() if node.takes_taps and node.name and node not in known)
        menu = next(filter(self._inside, fresh), None)
        if self._scrolled_to(lambda: self._option(option, self.nodes()), menu) is None:
            self.fail(f"{dropdown!r} has no option {option!r}")
        self._touch(self._still(lambda nodes: self._option(option, nodes), f"no option {option!r}", timeout))

    def _chosen(self, dropdown: str, option: str) -> bool:
        found = semantics.best(self.nodes(), dropdown)
        return found is not None and option in found.name

    def scroll_to(self, text: str, over: str | None = None) -> None:
        """Bring a text into the middle part of the screen, or into sight: down to the end first, then up.

        `over`: what the mouse is over meanwhile, where the middle of the screen is not what is to be scrolled.
        """
        at = self._seen(over) if over else None
        if (
            self._scrolled_to(lambda: self._in_middle(text), at) is None
            and self._scrolled_to(lambda: self._seen(text), at) is None
        ):
            self.fail(f"no text {text!r}, also not after scrolling")

    # -- inside

    def _start_state(self) -> dict[str, Any] | None:
        try:
            state: dict[str, Any] = self.page.evaluate(START_STATE)
        except Error:
            return None  # between two documents
        return state if state["shown"] or state["failed"] else None

    def _still(self, pick: Callable[[list[Node]], Node | None], complaint: str, timeout: float) -> Node:
        """The picked node once it is inside the screen and did not move for some polls."""
        seen: list[tuple[float, float, float, float]] = []

        def look() -> Node | None:
            node = pick(self.nodes())
            if node is None or not self._inside(node):
                seen.clear()
                return None
            seen.append(node.box)
            return node if len(seen) >= STILL_POLLS and len(set(seen[-STILL_POLLS:])) == 1 else None

        return self.wait_until(look, complaint, timeout)

    def _inside(self, node: Node) -> bool:
        x, y = node.centre
        return 0 <= x <= self.model.width and 0 <= y <= self.model.height

    def _touch(self, node: Node) -> None:
        self.page.mouse.click(*node.centre)

    def _stays_focused(self, label: str) -> bool:
        """Whether the field has the focus for some polls: Flutter is then connected to it."""
        in_row = 0
        for _ in range(25):
            node = semantics.field(self.nodes(), label)
            in_row = in_row + 1 if node and node.focused else 0
            if in_row == STILL_POLLS:
                return True
            self.page.wait_for_timeout(POLL_MS)
        return False

    def _holds(self, label: str, text: str) -> bool:
        for _ in range(12):
            node = semantics.field(self.nodes(), label)
            if node and node.value == text:
                return True
            self.page.wait_for_timeout(POLL_MS)
        return False

    def _option(self, option: str, nodes: list[Node]) -> Node | None:
        named = [node for node in nodes if node.name == option and self._inside(node)]
        return named[-1] if named else None

    def _in_middle(self, text: str) -> Node | None:
        node = semantics.best(self.nodes(), text)
        return node if node and 0.12 < node.centre[1] / self.model.height < 0.85 else None

    def _seen(self, text: str) -> Node | None:
        node = semantics.best(self.nodes(), text)
        return node if node and self._inside(node) else None

    def _scrolled_to(self, look: Callable[[], Node | None], over: Node | None = None) -> Node | None:
        """What `look` finds while scrolling what lies under the node `over` (or under the middle of the screen)."""
        at = over.centre if over else (self.model.width / 2, self.model.height / 2)
        self.page.mouse.move(*at)
        for step in (WHEEL_STEP, -WHEEL_STEP):
            moved = True
            while moved:
                found = look()
                if found:
                    return found
                moved = self._wheel(step)
        return look()

    def _wheel(self, step: int) -> bool:
        """Turn the wheel and wait for the screen to follow; False at the end of the list."""
        before = self.nodes()
        self.page.mouse.wheel(0, step)
        for _ in range(8):
            self.page.wait_for_timeout(POLL_MS)
            if self.nodes() != before:
                return True
        return False

    def fail(self, complaint: str) -> NoReturn:
        """Raise AssertionError with everything there is to know about the screen."""
        slug = re.sub(r"[^a-z0-9]+", "-", complaint.lower())[:60].strip("-")
        picture = PICTURES / f"{time.strftime('%H%M%S')}-{slug}.png"
        self.screenshot(picture)
        texts = "\n  ".join(self.texts())
        console = "\n  ".join([*self.record.console, *self.record.page_errors][-15:])
        raise AssertionError(f"{complaint}\npicture: {picture}\non the screen:\n  {texts}\nconsole:\n  {console}")
