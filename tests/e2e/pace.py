"""How fast the app answers a finger in a browser, and how fast it saves: by the browser's own clock, in ms."""

from __future__ import annotations

from dataclasses import dataclass

from lumbung_client.ui.parts.unsaved import PAUSE_SECONDS
from tests.e2e import semantics
from tests.e2e.driver import Phone
from tests.e2e.steps import begin, enrol

# The page and its worker count from moments of their own; with those added both tell the same time.
WATCH_HANDS = """() => {
  const now = (event) => performance.timeOrigin + event.timeStamp;
  addEventListener('pointerup', (event) => { window.touched = now(event); }, true);
  addEventListener('keydown', (event) => { window.touched = now(event); }, true);
  const shows = (text) => [...document.querySelectorAll('flt-semantics-host *')].some((node) =>
    (node.getAttribute('aria-label') || '').includes(text) ||
    [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.includes(text)));
  new MutationObserver(() => {
    if (window.awaited && shows(window.awaited.text) === window.awaited.there) {
      window.answered = performance.timeOrigin + performance.now();
      window.awaited = null;
    }
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""
AWAIT = "([text, there]) => { window.answered = 0; window.awaited = {text, there}; }"
WATCH_FLUSHES = """() => {
  const flush = FileSystemSyncAccessHandle.prototype.flush;
  self.flushed = [];
  FileSystemSyncAccessHandle.prototype.flush = function () {
    flush.call(this);
    self.flushed.push(performance.timeOrigin + performance.now());
  };
}"""
FLUSHED_AFTER = "(moment) => self.flushed.find((at) => at > moment) || 0"
PATIENCE = 30
FIELD, ADD, REMOVE, ROW = (
    "Tempat",
    "Tambah hasil penimbangan",
    "Hapus baris 1",
    "Hasil penimbangan 1",
)


@dataclass(frozen=True)
class Answer:
    """How long after a touch its answer was on the screen, and what it changed on the disk; ms."""

    shown: float
    saved: float


class Pace:
    """Watches a phone whose app is open."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        phone.page.evaluate(WATCH_HANDS)
        (self._worker,) = phone.page.workers
        self._worker.evaluate(WATCH_FLUSHES)

    def tap(self, name: str, text: str, *, there: bool) -> Answer:
        """Touch what is called `name`; the answer is that `text` comes, or goes."""
        page = self._phone.page
        node = semantics.best(self._phone.nodes(), name)
        if node is None:
            self._phone.fail(f"nothing called {name!r}")
        page.evaluate(AWAIT, [text, there])
        page.mouse.click(*node.centre)
        answered = self._phone.wait_until(
            lambda: float(page.evaluate("window.answered")), f"{name!r} is not answered", PATIENCE
        )
        touched = float(page.evaluate("window.touched"))
        return Answer(answered - touched, self._flushed_after(touched) - touched)

    def type(self, text: str) -> float:
        """Type into the field that has the focus; returns how long after the pause that ends it this was saved."""
        self._phone.page.keyboard.type(text, delay=20)
        touched = float(self._phone.page.evaluate("window.touched"))
        return self._flushed_after(touched) - touched - PAUSE_SECONDS * 1000

    def _flushed_after(self, moment: float) -> float:
        def look() -> float:
            return float(self._worker.evaluate(FLUSHED_AFTER, moment))

        return self._phone.wait_until(look, "nothing was saved", PATIENCE)


def open_form(phone: Phone, code: str) -> Pace:
    """Enrol, open a form, and do everything in it once: the first of everything is slower."""
    enrol(phone, code)
    begin(phone, "Pelatihan bank sampah")
    pace = Pace(phone)
    phone.scroll_to(ADD)
    tap_about(pace, 1)
    return pace


def write_about(phone: Phone, pace: Pace, words: int) -> list[float]:
    """Type words, each until it is saved; returns how long that took after the pause behind each, ms."""
    phone.scroll_to(FIELD)
    phone.type_into(FIELD, "Bank Sampah")
    return [pace.type(f" {number}") for number in range(words)]


def tap_about(pace: Pace, turns: int) -> list[Answer]:
    """Add a row to the form and take it out again, so many times: each draws the form anew and is saved."""
    return [pace.tap(name, ROW, there=there) for _ in range(turns) for name, there in ((ADD, True), (REMOVE, False))]
