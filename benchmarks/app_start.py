"""How long the app takes to come up from what is kept, without a network, beside the same app without any trimming.

From the reload to the list with its activities in the tree that the screen is read from. The other side is the same
code in a bundle with the whole standard library, all packages and fonts, and Python as sources; both keep it by the
same service worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from playwright.sync_api import Playwright, sync_playwright

from benchmarks import bundles
from benchmarks.browser_hands import LOOP
from benchmarks.browser_heap import FOLDER, PLAIN_FILE, PUT_FILES, store_files
from benchmarks.figures import Figure, compared
from benchmarks.quarter import quarter_of_a_core
from benchmarks.timing import Effort, in_turn
from tests.client.store.worker_page import renderers_of
from tests.e2e.driver import Phone
from tests.servers import LumbungServer

TARGET = 0.5
ACTIVITIES = 1_000
SENT = "Terkirim"
OURS, UNTRIMMED = "ours", "the untrimmed bundle"


def run(effort: Effort) -> Iterator[Figure]:
    """Measure starts in turn, at full speed and with the renderers held to a quarter of a core."""
    whole = effort.folder / "untrimmed"
    bundles.release(bundles.RELEASE)
    bundles.untrimmed(whole)
    with ExitStack() as opened:
        served = {
            OURS: opened.enter_context(_served(effort.folder / "ours-phone", bundles.RELEASE)),
            UNTRIMMED: opened.enter_context(_served(effort.folder / "untrimmed-phone", whole)),
        }
        # Only now: a loop runs in this thread from here on, and the stores were filled in one of their own.
        playwright = opened.enter_context(sync_playwright())
        phones = {side: opened.enter_context(_phone(playwright, one)) for side, one in served.items()}
        yield _figure("app-start", phones, effort.times(7, 2), "full speed")
        with _slowed(phones) as how:
            yield _figure("app-start-quarter", phones, effort.times(5, 1), how)


def _figure(name: str, phones: dict[str, Phone], rounds: int, how: str) -> Figure:
    times = in_turn({side: partial(phone.reload, SENT) for side, phone in phones.items()}, rounds)
    note = f"{ACTIVITIES} activities, offline, from the reload to the list; slowest {max(times[OURS]):.0f} ms; {how}"
    return compared(name, "ms", times[OURS], UNTRIMMED, times[UNTRIMMED], TARGET, note)


@dataclass(frozen=True)
class Served:
    """A server with a bundle, a store that was filled with it, and where the phone's browser keeps its things."""

    server: LumbungServer
    store: Mapping[str, str]
    profile: Path


@contextmanager
def _served(folder: Path, bundle: Path) -> Iterator[Served]:
    """Serve a bundle and enrol a phone that has its activities."""
    with LumbungServer(folder / "server", app=bundle) as server:
        yield Served(server, store_files(server, folder / "store", ACTIVITIES), folder / "profile")


@contextmanager
def _phone(playwright: Playwright, served: Served) -> Iterator[Phone]:
    """Give a phone with that store that was there before, without a network."""
    with Phone(playwright, served.server.base_url, served.profile) as phone:
        phone.page.goto(served.server.base_url + PLAIN_FILE)
        phone.page.evaluate(PUT_FILES, [FOLDER, served.store])
        phone.open("/", SENT)
        phone.go_offline()
        yield phone


@contextmanager
def _slowed(phones: dict[str, Phone]) -> Iterator[str]:
    """Hold all renderers together to a quarter of a core; one of the phones has nothing to do at a time."""
    fast = _loop(phones[OURS])
    processes = tuple(process for phone in phones.values() for process in renderers_of(phone.page.context))
    with quarter_of_a_core(processes) as means:
        factor = _loop(phones[OURS]) / fast
        yield f"renderers held to a quarter of a core ({means}): a plain loop takes {factor:.1f} times as long"


def _loop(phone: Phone) -> float:
    return median(float(phone.page.evaluate(LOOP)) for _ in range(3))
