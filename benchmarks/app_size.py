"""What the app costs a phone: bytes on the wire for the first visit and for an update of the app, and room on its disk.

The release bundle on a real server, fetched by a real Chromium through a proxy that counts every byte on the socket,
both ways, with request lines and headers, whoever asked: page, worker or service worker.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks import bundles
from benchmarks.figures import Figure, within
from benchmarks.timing import CannotMeasure, Effort
from benchmarks.wire_proxy import CountingProxy
from tests.e2e.driver import Phone
from tests.servers import LumbungServer

FIRST_VISIT, KEPT, UPDATE = 10.0, 45.0, 400.0
"""In MB, MB and KB."""
MB, KB = 1e6, 1e3
EVERY = 4
ONE_MODULE = 1_000_000
AFTERWARDS_MS = 5_000
PATIENCE = 120
WAITING = "navigator.serviceWorker.getRegistration().then((found) => Boolean(found?.waiting))"
ESTIMATE = "navigator.storage.estimate()"


def run(effort: Effort) -> Iterator[Figure]:
    """Measure a first visit, what it leaves on the disk, and an update that changes a quarter of the client."""
    bundles.release(bundles.RELEASE)
    first, estimate, (quarter, note) = _visited(effort.folder / "quarter", EVERY)
    _, _, (one, _) = _visited(effort.folder / "one", ONE_MODULE)
    details = {name: f"{size / MB:.1f} MB" for name, size in estimate.get("usageDetails", {}).items()}
    yield within("app-size", "MB", [first / MB], FIRST_VISIT, "first visit in Chromium, brotli 11, bytes both ways")
    yield within("app-size-kept", "MB", [estimate["usage"] / MB], KEPT, f"as the browser counts it: {details}")
    yield within("app-size-update", "KB", [quarter / KB], UPDATE, f"{note}; one module: {one / KB:.0f} KB")


def _visited(folder: Path, every: int) -> tuple[int, dict[str, Any], tuple[int, str]]:
    """Visit a release for the first time, and again when another is there; bytes, the browser's estimate, bytes."""
    client, changed, modules = bundles.changed_client(folder, every)
    bundles.release(folder / "next", client)
    served = folder / "served"
    shutil.copytree(bundles.RELEASE, served)
    with ExitStack() as opened:
        server = opened.enter_context(LumbungServer(folder / "server", app=served))
        proxy = opened.enter_context(closing(CountingProxy(server.port)))
        playwright = opened.enter_context(sync_playwright())
        phone = opened.enter_context(Phone(playwright, proxy.address, folder / "profile"))
        phone.open("/")
        phone.page.wait_for_timeout(AFTERWARDS_MS)
        first = sum(proxy.taken()[:2])
        estimate: dict[str, Any] = phone.page.evaluate(ESTIMATE)
        shutil.rmtree(served)
        (folder / "next").rename(served)
        phone.reload()
        phone.wait_until(lambda: phone.page.evaluate(WAITING), "the update is not fetched", PATIENCE)
        update = sum(proxy.taken()[:2])
    if first < MB:
        raise CannotMeasure("the browser fetched nothing: was it there already?")
    return first, estimate, (update, f"{changed} of {modules} modules of the client changed")
