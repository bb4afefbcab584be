"""How fast the app answers a finger in a browser, and saves, while the server takes ten seconds to answer a sync."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from benchmarks.figures import Figure, within
from benchmarks.timing import CannotMeasure, Effort
from tests.e2e.driver import Phone
from tests.e2e.pace import ADD, Answer, Pace, open_form, tap_about, write_about
from tests.holding import HoldingProxy
from tests.servers import LumbungServer

BUDGET = 100
REPLY_SECONDS = 10
TURNS_AT_ONCE, WORDS = 8, 5
BUNDLE = Path(__file__).parent.parent / "build" / "app"


def run(effort: Effort) -> Iterator[Figure]:
    """Measure taps that add and remove a row of a form, and words that are typed, with a sync under way and without."""
    if not (BUNDLE / "index.html").exists():
        raise CannotMeasure("the app is not built: run `make app`")
    with ExitStack() as opened:
        server = opened.enter_context(LumbungServer(effort.folder / "server", app=BUNDLE))
        proxy = opened.enter_context(HoldingProxy(server.port).running())
        playwright = opened.enter_context(sync_playwright())
        phone = opened.enter_context(Phone(playwright, proxy.base_url, effort.folder / "profile"))
        pace = open_form(phone, server.demo["codes"][0]["code"])
        idle, held, written = list[Answer](), list[Answer](), list[float]()
        for _ in range(effort.times(6, 1)):
            idle += tap_about(pace, TURNS_AT_ONCE)
            answers, typed = _while_held(phone, proxy, pace)
            held += answers
            written += typed
    shown, saved = _shown(held), _saved(held)
    yield within("browser-taps", "ms", shown, BUDGET, _note("from the finger to the screen", shown, _shown(idle)))
    yield within("browser-taps-saved", "ms", saved, BUDGET, _note("to the disk", saved, _saved(idle)))
    yield within(
        "browser-taps-typed", "ms", written, BUDGET, f"from the end of the pause; slowest {max(written):.0f} ms"
    )


def _shown(answers: Sequence[Answer]) -> list[float]:
    return [one.shown for one in answers]


def _saved(answers: Sequence[Answer]) -> list[float]:
    return [one.saved for one in answers]


def _note(what: str, held: Sequence[float], idle: Sequence[float]) -> str:
    return f"{what}; slowest {max(held):.0f} ms; without a sync under way {median(idle):.0f}, slowest {max(idle):.0f}"


def _while_held(phone: Phone, proxy: HoldingProxy, pace: Pace) -> tuple[list[Answer], list[float]]:
    """Do all of it within one sync. Raises CannotMeasure when the answer came too early."""
    phone.go_offline()
    proxy.hold(REPLY_SECONDS)
    phone.go_online()
    if not proxy.wait_for_held():
        raise CannotMeasure("the app does not sync")
    answers, typed = tap_about(pace, TURNS_AT_ONCE), write_about(phone, pace, WORDS)
    if not proxy.held:
        raise CannotMeasure("the machine is too slow: the answer to the sync came before all was done")
    proxy.release()
    phone.scroll_to(ADD)
    return answers, typed
