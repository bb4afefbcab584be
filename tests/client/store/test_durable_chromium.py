"""The contract of durable files in a real browser's worker, and what only a browser can show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.client.store import contract
from tests.client.store.worker_page import WorkerFailed, WorkerPage
from tests.client.store.worker_site import WorkerSite

pytestmark = pytest.mark.browser

FILES = """
import asyncio
from lumbung_client.store.durable import StoreError
from lumbung_client.store.durable_browser import BrowserFiles, BrowserFolders
"""
LEFT_BEHIND = """
file = await BrowserFiles("closing").open("a")
file.write_at(0, given["text"].encode())
file.flush()
"""
READ = """
file = await BrowserFiles("closing").open("a")
text = file.read_at(0, file.size()).decode()
file.close()
text
"""
NUMBERS = """
numbers = await BrowserFiles("numbers").numbers()
[numbers.persisted, numbers.free, numbers.is_low]
"""
FILL = """
file = await BrowserFiles("full").open("a")
file.write_at(0, b"earlier records")
file.flush()
try:
    for number in range(100):
        file.write_at(file.size(), bytes(100_000))
        file.flush()
    told = "there was room for everything"
except StoreError as error:
    told = type(error).__name__
begin = file.read_at(0, 15).decode()
size = file.size()
file.close()
[told, begin, size]
"""


@pytest.fixture(scope="module")
def page(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerPage]:
    """One page for all: every claim has a folder of its own."""
    with (
        WorkerSite((Path(contract.__file__),)) as site,
        WorkerPage(playwright, site, tmp_path_factory.mktemp("files") / "profile") as started,
    ):
        started.run(FILES)
        started.run("import contract")
        yield started


@pytest.mark.parametrize("claim", contract.CLAIMS)
def test_the_contract_of_durable_files_holds_in_the_browser(page: WorkerPage, claim: str) -> None:
    page.run("await contract.CLAIMS[given['claim']](BrowserFiles(given['claim']))", claim=claim)


def test_a_claim_that_does_not_hold_fails_here_too(page: WorkerPage) -> None:
    with pytest.raises(WorkerFailed, match="AssertionError"):
        page.run("""
file = await BrowserFiles("not-empty").open("a")
file.write_at(0, b"x")
file.close()
await contract.CLAIMS["a_new_file_is_empty"](BrowserFiles("not-empty"))
""")


def test_the_browser_tells_its_numbers(page: WorkerPage) -> None:
    persisted, free, is_low = page.run(NUMBERS)
    assert persisted is False, "nobody asked this browser to keep anything"
    assert free > 0
    assert is_low is False


def test_another_tab_finds_the_file_in_use_until_the_first_is_closed(page: WorkerPage) -> None:
    page.run(LEFT_BEHIND, text="held")
    second = page.context.new_page()
    try:
        second.goto(page.page.url)
        assert second.evaluate("async () => (await ready).failed") is None
        told = [second.evaluate("source => runPython(source, '{}')", FILES + READ)]
        page.run("file.close()")
        told.append(second.evaluate("source => runPython(source, '{}')", READ))
    finally:
        second.close()
    assert "StoreInUse" in told[0]["failed"]
    assert told[1]["result"] == "held"


def test_folders_of_others_lie_beside_the_first(page: WorkerPage) -> None:
    told = page.run("""
for name in ("shared", "shared-3", "shared-2"):
    (await BrowserFiles(name).open("a")).close()
beside = BrowserFolders("shared")
[list(await beside.names()), list(await beside.files("2").names())]
""")
    assert told == [["2", "3"], ["a"]]


def test_files_survive_the_browser(page: WorkerPage) -> None:
    page.run(LEFT_BEHIND, text="kept")  # and not closed
    page.close()
    page.start()
    assert page.run(FILES + READ) == "kept"
    page.run("import contract")  # for the tests that follow


@contextmanager
def only_room_for(page: WorkerPage, size: int) -> Iterator[None]:
    """Allow this page only so many bytes more."""
    origin, debugger = page.page.url.rstrip("/"), page.session()
    used = int(debugger.send("Storage.getUsageAndQuota", {"origin": origin})["usage"])
    debugger.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": used + size})
    try:
        yield
    finally:
        debugger.send("Storage.overrideQuotaForOrigin", {"origin": origin})
        debugger.detach()


def test_when_the_quota_is_used_up_writing_says_so_and_what_was_there_stays(page: WorkerPage) -> None:
    with only_room_for(page, 2_000_000):
        told, begin, size = page.run(FILL)
    assert told == "StoreFull"
    assert begin == "earlier records"
    assert 15 + 100_000 <= size < 2_000_000
    page.run('await BrowserFiles("full").remove("a")')
    assert page.run('await BrowserFiles("full").names()') == []


def test_little_room_is_noticed_though_the_browser_always_tells_of_plenty(page: WorkerPage) -> None:
    told = {}
    for size in (1_500_000, 30_000_000, 200_000_000):
        with only_room_for(page, size):
            told[size] = page.run(NUMBERS)
    assert told[1_500_000][1:] == [1 << 20, True]
    assert told[30_000_000][1:] == [1 << 24, True]
    assert told[200_000_000][2] is False
