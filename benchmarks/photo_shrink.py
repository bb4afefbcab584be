"""How long a photo of 12 megapixels takes to be made small in a browser on a cheap phone, and whether its screen moves.

Twice: the shrinking alone, in a worker as the app has it; and all that a person waits for in the real app, from the
choice in the file chooser to the photo in the form. Frames are counted in the page by `requestAnimationFrame`.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from benchmarks.browser import open_page, slowed
from benchmarks.browser_hands import slowed_app
from benchmarks.camera import camera_jpeg
from benchmarks.figures import Figure, within
from benchmarks.timing import CannotMeasure, Effort
from tests.e2e.driver import Phone
from tests.e2e.pace import AWAIT, WATCH_HANDS
from tests.e2e.steps import TAKE, begin, enrol
from tests.servers import LumbungServer

BUDGET = 6_000
STILL = 1_000
"""In ms. A screen that stands still for longer than a second is taken for one that hangs."""
BUNDLE = Path(__file__).parent.parent / "build" / "app"
PATIENCE = 120
IDLE_MS = 3_000
COUNT_FRAMES = """() => {
  let last = performance.now();
  window.pace = {longest: 0, frames: 0};
  const step = () => {
    const now = performance.now();
    window.pace.longest = Math.max(window.pace.longest, now - last);
    window.pace.frames += 1;
    last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""
FRAMES_ANEW = "() => { window.pace.longest = 0; window.pace.frames = 0; }"


@dataclass(frozen=True)
class Turn:
    """One photo taken in the app: ms from the choice to the photo in the form, the longest gap between frames of the
    page meanwhile in ms, and how many frames there were."""

    taken: float
    longest: float
    frames: int


def run(effort: Effort) -> Iterator[Figure]:
    """Measure the shrinking in a worker, and the same in the app with the screen before it."""
    if not (BUNDLE / "index.html").exists():
        raise CannotMeasure("the app is not built: run `make app`")
    rounds = effort.times(7, 2)
    pictures = [camera_jpeg(seed) for seed in range(rounds + 1)]
    yield _alone(effort, pictures)
    files = []
    for number, content in enumerate(pictures):
        files.append(effort.folder / f"IMG_{number}.jpg")
        files[-1].write_bytes(content)
    yield from _in_the_app(effort, files)


def _alone(effort: Effort, pictures: list[bytes]) -> Figure:
    """Time whole photo and small copy, both made as `session/photos.py` makes them."""
    with open_page(effort.folder / "worker") as page:
        page.run("from benchmarks import shrinking_side")
        first, *others = [base64.b64encode(content).decode() for content in pictures]
        page.run("await shrinking_side.made_small(given['picture'])", picture=first)
        with slowed(page) as how:
            told = [page.run("await shrinking_side.made_small(given['picture'])", picture=one) for one in others]
    size, small = median(one["size"] for one in told), median(one["small"] for one in told)
    note = (
        f"JPEGs of {median(map(len, pictures)) / 1e6:.1f} MB become {size / 1000:.0f} KB and {small / 1000:.0f} KB; "
        f"slowest {max(one['ms'] for one in told):.0f} ms; {how}"
    )
    return within("photo-shrink", "ms", [one["ms"] for one in told], BUDGET, note)


def _in_the_app(effort: Effort, files: list[Path]) -> Iterator[Figure]:
    with ExitStack() as opened:
        server = opened.enter_context(LumbungServer(effort.folder / "server", app=BUNDLE))
        playwright = opened.enter_context(sync_playwright())
        phone = opened.enter_context(Phone(playwright, server.base_url, effort.folder / "profile"))
        enrol(phone, server.demo["codes"][0]["code"])
        begin(phone, "Kegiatan lain")
        phone.page.evaluate(WATCH_HANDS)
        phone.page.evaluate(COUNT_FRAMES)
        _taken(phone, files[0], 1)  # the first of everything is slower
        with slowed_app(phone) as how:
            phone.page.evaluate(FRAMES_ANEW)
            phone.page.wait_for_timeout(IDLE_MS)
            idle = phone.page.evaluate("window.pace")
            turns = [_taken(phone, file, number) for number, file in enumerate(files[1:], start=2)]
    taken, longest = [turn.taken for turn in turns], [turn.longest for turn in turns]
    rate = sum(turn.frames for turn in turns) / sum(taken) * 1000
    yield within("photo-shrink-app", "ms", taken, BUDGET, f"from the choice to the photo in the form; {how}")
    note = (
        f"longest gap between two frames while a photo is taken; worst of all photos {max(longest):.0f} ms, "
        f"{rate:.0f} frames a second; "
        f"with nothing to do {idle['longest']:.0f} ms and {idle['frames'] * 1000 / IDLE_MS:.0f}"
    )
    yield within("photo-shrink-frames", "ms", longest, STILL, note)


def _taken(phone: Phone, file: Path, place: int) -> Turn:
    """Choose a photo from the gallery, and wait until it is in the form as the one at `place`."""
    word = TAKE if place == 1 else "Tambah foto lagi"
    phone.scroll_to(word)
    with phone.page.expect_file_chooser() as chooser:
        phone.tap(word)
    page = phone.page
    page.evaluate(AWAIT, [f"Foto {place}", True])
    page.evaluate(FRAMES_ANEW)
    begun = float(page.evaluate("performance.timeOrigin + performance.now()"))
    chooser.value.set_files(file)
    answered = phone.wait_until(lambda: float(page.evaluate("window.answered")), "the photo is not taken", PATIENCE)
    pace = page.evaluate("window.pace")
    return Turn(answered - begun, float(pace["longest"]), int(pace["frames"]))
