"""Use a screen with the keyboard alone, as somebody does who cannot see or hit what is on it."""

from __future__ import annotations

import io
import itertools

from PIL import Image, ImageChops

from tests.e2e.driver import Phone
from tests.e2e.screen import POLL_MS, TIMEOUT
from tests.e2e.semantics import Node, closeness

STOPS = 60
"""So many presses of a key reach everything on a screen; more of them go in a circle."""
AROUND = 6
"""Pixels around what has the focus in which its mark is looked for."""
ONE_ROW = 24
"""Things whose middles are less far apart (CSS pixels) stand beside each other."""


class Keys:
    """The keyboard of a phone or a computer. `passed`: what had the focus on the way to the last thing wanted."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.passed: list[Node] = []

    def press(self, key: str) -> None:
        """Press a key, and let the screen answer."""
        self.phone.page.keyboard.press(key)
        self.phone.page.wait_for_timeout(POLL_MS)

    def focused(self) -> Node | None:
        """Return what has the focus now, None for nothing that has a name."""
        return next((node for node in self.phone.nodes() if node.focused and node.name), None)

    def go_to(self, name: str, key: str = "Tab") -> Node:
        """Press a key until what is called `name` has the focus, and stands still."""
        self.passed = []
        for _ in range(STOPS):
            found = self._settled()
            if found is not None:
                if closeness(found.name, name) >= 2:
                    return found
                self.passed.append(found)
            self.press(key)
        way = ", ".join(node.name.splitlines()[0] for node in self.passed)
        return self.phone.fail(f"no key reaches {name!r}: {way}")

    def use(self, name: str, key: str = "Enter") -> None:
        """Go to what is called `name`, and press it."""
        self.go_to(name)
        self.press(key)

    def write(self, label: str, text: str) -> None:
        """Go to a field, and type into it."""
        self.go_to(label)
        self.phone.page.keyboard.type(text, delay=20)
        self.phone.wait_until(lambda: self.phone.value_of(label) == text, f"{label!r} does not take {text!r}", TIMEOUT)

    def shows_where(self, name: str) -> bool:
        """Tell whether one can see that what is called `name` has the focus: it looks otherwise without it."""
        node = self.go_to(name)
        marked = self._look(node)
        self.press("Tab")
        self._settled()
        return ImageChops.difference(marked, self._look(node)).getbbox() is not None

    def _settled(self) -> Node | None:
        """Return what has the focus once that is the same for some polls: the tree follows the app."""
        seen: list[tuple[str, tuple[float, float, float, float]] | None] = []
        found = None
        for _ in range(12):
            found = self.focused()
            seen.append((found.name, found.box) if found else None)
            if len(seen) >= 3 and seen[-1] is not None and len(set(seen[-3:])) == 1:
                break
            self.phone.page.wait_for_timeout(POLL_MS)
        return found

    def _look(self, node: Node) -> Image.Image:
        with Image.open(io.BytesIO(self.phone.page.screenshot())) as whole:
            scale, edge = self.phone.model.scale, AROUND
            left, top = round((node.x - edge) * scale), round((node.y - edge) * scale)
            right, bottom = round((node.x + node.width + edge) * scale), round((node.y + node.height + edge) * scale)
            return whole.convert("RGB").crop((left, top, right, bottom))


def out_of_order(nodes: list[Node]) -> list[str]:
    """Return what had the focus before something above it, or to its right. Pure; for a screen that did not scroll."""
    found = []
    for before, after in itertools.pairwise(nodes):
        beside = abs(before.centre[1] - after.centre[1]) < ONE_ROW
        if (beside and after.centre[0] < before.centre[0]) or (not beside and after.centre[1] < before.centre[1]):
            found.append(f"{after.name.splitlines()[0]} after {before.name.splitlines()[0]}")
    return found
