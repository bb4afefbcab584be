"""What the person before a full phone sees, and when: touches, keys and frames by the page's own clock, in ms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median

from benchmarks.arrivals import percentile
from benchmarks.quarter import quarter_of_a_core, quota
from tests.client.store.worker_page import renderers_of
from tests.e2e import semantics
from tests.e2e.driver import Phone

PATIENCE = 60
# A text counts as seen when it stands in the tree that Flutter makes with the frame in which it is drawn.
WATCH = """() => {
  window.seen = {};
  addEventListener('pointerup', (event) => { window.touched = event.timeStamp; }, true);
  const shows = (text) => [...document.querySelectorAll('flt-semantics-host *')].some((node) =>
    (node.getAttribute('aria-label') || '').includes(text) ||
    [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.includes(text)));
  new MutationObserver(() => {
    for (const [text, at] of Object.entries(window.seen)) if (!at && shows(text)) window.seen[text] = performance.now();
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""
AWAIT = "(texts) => { window.seen = Object.fromEntries(texts.map((text) => [text, 0])); }"
SEEN = "() => Object.values(window.seen).map((at) => at && at - window.touched)"
LOOP = """() => {
  const begun = performance.now();
  for (let turn = 0, sum = 0; turn < 1e8; turn += 1) sum += turn;
  return performance.now() - begun;
}"""


class Hands:
    """Touches things on the screen of a phone whose app is open, and tells how long it took until texts were there."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        phone.page.evaluate(WATCH)

    def tap(self, name: str, *texts: str) -> list[float]:
        """Touch what is called `name`; returns for each text how long after the touch it was on the screen."""
        page = self._phone.page
        node = semantics.best(self._phone.nodes(), name)
        if node is None:
            self._phone.fail(f"nothing called {name!r}")
        page.evaluate(AWAIT, list(texts))
        page.mouse.click(*node.centre)

        def look() -> list[float] | None:
            found: list[float] = page.evaluate(SEEN)
            return found if all(found) else None

        return self._phone.wait_until(look, f"{name!r} is not answered by {texts}", PATIENCE)


def described(times: Sequence[float]) -> str:
    """Return the median and what 95 of 100 stay below."""
    return f"{median(times):.0f} ms, 95 of 100 below {percentile(times, 95):.0f}"


def at_full_speed(times: Sequence[float]) -> str:
    """Return the same, with what the processors may do."""
    return f"{described(times)} ({quota()})"


@contextmanager
def slowed_app(phone: Phone) -> Iterator[str]:
    """Hold the app to a quarter of a core; gives a sentence that says how slow it became."""
    (worker,) = phone.page.workers
    fast = float(worker.evaluate(LOOP))
    with quarter_of_a_core(tuple(renderers_of(phone.page.context))) as means:
        factor = float(worker.evaluate(LOOP)) / fast
        yield f"renderer held to a quarter of a core ({means}): a plain loop takes {factor:.1f} times as long"
