"""Whether a list of 5,000 activities scrolls smoothly, and what it takes: frames, rows that are built, memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.browser_hands import slowed_app
from benchmarks.browser_heap import Worker, full_phone
from benchmarks.figures import Figure, within
from benchmarks.quarter import quota
from benchmarks.timing import Effort
from tests.e2e.driver import Phone

STILL = 50
"""In ms: frames that take longer are seen."""
SHARE_BUDGET, ROWS_BUDGET, MEMORY_BUDGET = 1.0, 60, 150.0
"""Of 100 frames; rows; MB."""
MB = 1_000_000
STEP, EVERY_MS = 150, 50
"""Pixels and ms between two turns of the wheel: 3,000 pixels a second, a thumb that flings on and on."""
COUNT = """() => {
  let last = performance.now();
  window.pace = {gaps: [], rows: 0};
  const step = () => {
    const now = performance.now();
    window.pace.gaps.push(now - last);
    last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""
ANEW = "() => { window.pace.gaps = []; }"
GAPS = "() => window.pace.gaps"
# Every row says when it was and how it stands; rows out of sight that were built stand in the tree, too.
LOOK = """() => {
  const rows = [...document.querySelectorAll('flt-semantics-host [role=button]')]
    .map((node) => node.getAttribute('aria-label') || node.innerText || '')
    .filter((text) => text.includes('Terkirim') && text.includes(' · '));
  const page = performance.memory ? performance.memory.usedJSHeapSize : 0;
  return {rows: rows.length, texts: rows, page};
}"""


@dataclass
class Ride:
    """What was seen on the way down: gaps between frames in ms, the most rows at once, and how many were passed."""

    gaps: list[float] = field(default_factory=list)
    most: int = 0
    passed: set[str] = field(default_factory=set)
    page: float = 0

    def share(self) -> float:
        """Return how many of 100 frames took so long that it is seen."""
        return 100 * sum(gap > STILL for gap in self.gaps) / len(self.gaps)

    def told(self) -> str:
        """Return the same in words."""
        long = sum(gap > STILL for gap in self.gaps)
        return f"{long} of {len(self.gaps)} frames longer than {STILL} ms, the longest {max(self.gaps):.0f}"


def run(effort: Effort) -> Iterator[Figure]:
    """Scroll down through the list, at full speed and slowed."""
    with full_phone(effort) as phone:
        worker = Worker(phone.page)
        phone.page.evaluate(COUNT)
        _down(phone, 3)  # the first of everything is slower
        before = sum(worker.memory().values()) / MB
        fast = _down(phone, effort.times(60, 6))
        after = sum(worker.memory().values()) / MB
        with slowed_app(phone) as how:
            slow = _down(phone, effort.times(20, 3))
    note = f"of 100 frames: {fast.told()} ({quota()}); {how}: {slow.told()}"
    yield within("list-scroll", "%", [fast.share()], SHARE_BUDGET, note)
    note = f"rows that stand in the tree at once, at most, of {len(fast.passed)} that were passed"
    yield within("list-scroll-rows", "rows", [fast.most], ROWS_BUDGET, note)
    note = f"the worker after the ride, {before:.1f} before; page {fast.page / MB:.1f} MB"
    yield within("list-scroll-memory", "MB", [after], MEMORY_BUDGET, note)


def _down(phone: Phone, seconds: float) -> Ride:
    """Turn the wheel for so long."""
    page, ride = phone.page, Ride()
    page.mouse.move(phone.model.width / 2, phone.model.height / 2)
    page.evaluate(ANEW)
    end, turns = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        page.mouse.wheel(0, STEP)
        page.wait_for_timeout(EVERY_MS)
        turns += 1
        if turns % 4 == 0:
            found = page.evaluate(LOOK)
            ride.most = max(ride.most, found["rows"])
            ride.passed.update(found["texts"])
            ride.page = max(ride.page, found["page"])
    ride.gaps = page.evaluate(GAPS)
    return ride
