"""The system ends the browser's process in the middle of saves, as phones do: nothing acknowledged is lost."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from tests.client.store.worker_page import WorkerPage
from tests.client.store.worker_site import WorkerSite

pytestmark = pytest.mark.browser

# Each frame holds a new record, the number of the last one, and sometimes the removal of an old one.
WRITER = """
import asyncio
from lumbung_client.store.durable_browser import BrowserFiles
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore

async def pause():
    await asyncio.sleep(0)

async def checkpoints(store):
    while True:
        await store.checkpoint(pause)
        await asyncio.sleep(0.05)

async def saves(store):
    n = (store.get("meta", "last") or {"n": 0})["n"]
    while True:
        n += 1
        changes = [Change("outbox", str(n), {"n": n, "text": "Bank sampah " * 60}), Change("meta", "last", {"n": n})]
        if n % 3 == 0:
            changes.append(Change("outbox", str(n // 3), None))
        store.apply(changes)
        post(n)
        await asyncio.sleep(0.005)  # opening files takes the browser several turns

store = await LocalStore.open(BrowserFiles("lumbung"))
running = [asyncio.ensure_future(work(store)) for work in (saves, checkpoints)]
"""
READER = """
from lumbung_client.store.durable_browser import BrowserFiles
from lumbung_client.store.local_store import LocalStore

store = await LocalStore.open(BrowserFiles("lumbung"))
found = {
    "damage": None if store.damage is None else repr(store.damage),
    "flaw": None if store.flaw is None else repr(store.flaw),
    "last": (store.get("meta", "last") or {"n": 0})["n"],
    "kept": sorted(int(key) for key, row in store.rows("outbox") if row["n"] == int(key)),
    "count": store.count("outbox"),
    "checkpoints": store.count("checkpoints"),
}
store.close()
found
"""


def kill_again_and_again(playwright: Playwright, profile: Path, rounds: int) -> int:
    """Kill the writer's renderer so many times and look each time; returns how many checkpoints were counted at last.

    After every fourth kill the whole browser is started again.
    """
    dice = random.Random()  # noqa: S311 - any moment will do; what was found does not depend on it
    found: dict[str, Any] = {}
    with WorkerSite() as site, WorkerPage(playwright, site, profile) as page:
        for number in range(rounds):
            renderer = page.renderer()
            before = len(site.heard)
            page.begin(WRITER)
            site.wait_heard(before + dice.randrange(1, 150))
            time.sleep(dice.random() / 20)  # the moment of the kill: anywhere in a save or a checkpoint
            page.kill(renderer)
            if number % 4 == 3:
                page.close()
                page.start()
            else:
                page.new_page()
            found = page.run(READER)
            acknowledged = site.heard[-1]
            assert (found["damage"], found["flaw"]) == (None, None)
            assert found["last"] - acknowledged in (0, 1), "one save may have been under way, no more"
            expected = [n for n in range(1, found["last"] + 1) if 3 * n > found["last"]]
            assert (found["count"], found["kept"]) == (len(expected), expected)
    checkpoints: int = found["checkpoints"]
    return checkpoints


def test_no_acknowledged_record_is_lost_when_the_renderer_is_killed(playwright: Playwright, tmp_path: Path) -> None:
    kill_again_and_again(playwright, tmp_path / "profile", rounds=4)


@pytest.mark.full
@pytest.mark.timeout(900)
def test_no_acknowledged_record_is_lost_when_the_renderer_is_killed_very_often(
    playwright: Playwright, tmp_path: Path
) -> None:
    assert kill_again_and_again(playwright, tmp_path / "profile", rounds=60) == 2, "the kills met no checkpoint"
