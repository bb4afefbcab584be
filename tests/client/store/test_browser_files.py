"""What a browser says and throws, as the seam tells it: by a stand-in for JavaScript; the real one runs in Chromium."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from lumbung_client.store.durable import StorageNumbers, StoreError, StoreFailed, StoreFull, StoreInUse, StoreUnreadable


class JsException(Exception):
    """As in Pyodide; what is thrown in JavaScript need not have a name."""

    def __init__(self, name: str | None) -> None:
        super().__init__(name)
        if name is not None:
            self.name, self.message = name, "because"


def throwing(name: str | None) -> Any:
    def throw(*_: Any) -> Any:
        raise JsException(name)

    return throw


async def resolved(value: object) -> object:
    return value


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module with a browser around it whose parts a test sets: `storage`, `make` (the access handle), `room`."""
    parts = SimpleNamespace(room=float("inf"))

    def truncate(size: int) -> None:
        if size > parts.room:
            raise JsException("QuotaExceededError")

    parts.make = lambda: resolved(SimpleNamespace(truncate=truncate, close=lambda: None))
    entry = SimpleNamespace(createSyncAccessHandle=lambda: parts.make())
    folder = SimpleNamespace(getFileHandle=lambda *_: resolved(entry))
    root = SimpleNamespace(getDirectoryHandle=lambda *_: resolved(folder))
    parts.storage = SimpleNamespace(getDirectory=lambda: resolved(root), persisted=lambda: resolved(True))
    js, pyodide, ffi = ModuleType("js"), ModuleType("pyodide"), ModuleType("pyodide.ffi")
    js.navigator = parts  # type: ignore[attr-defined]
    js.Object = SimpleNamespace(fromEntries=dict)  # type: ignore[attr-defined]
    ffi.JsException = JsException  # type: ignore[attr-defined]
    ffi.to_js = lambda value, **_: value  # type: ignore[attr-defined]
    for module in (js, pyodide, ffi):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    name = "lumbung_client.store.durable_browser"
    monkeypatch.delitem(sys.modules, name, raising=False)
    parts.module = importlib.import_module(name)
    yield parts
    sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("thrown", "error"),
    [
        ("NoModificationAllowedError", StoreInUse),
        ("InvalidStateError", StoreInUse),  # Safari
        ("QuotaExceededError", StoreFull),
        ("SecurityError", StoreUnreadable),
        (None, StoreUnreadable),
    ],
)
def test_a_file_that_cannot_be_opened_is_told_by_kind(browser: Any, thrown: str | None, error: type) -> None:
    browser.make = throwing(thrown)
    with pytest.raises(StoreError) as caught:
        asyncio.run(browser.module.BrowserFiles("x").open("journal"))
    assert type(caught.value) is error


def test_a_page_without_private_files_is_unreadable_and_no_bug(browser: Any) -> None:
    browser.storage = SimpleNamespace()
    with pytest.raises(StoreUnreadable):
        asyncio.run(browser.module.BrowserFiles("x").open("journal"))
    del browser.storage
    assert asyncio.run(browser.module.BrowserFiles("x").numbers()) == StorageNumbers()


@pytest.mark.parametrize("thrown", ["InvalidStateError", "UnknownError", None])
def test_a_handle_that_fails_later_has_failed(browser: Any, thrown: str | None) -> None:
    handle = SimpleNamespace(flush=throwing(thrown), getSize=throwing(thrown), close=throwing(thrown))
    file = browser.module.BrowserFile(handle)
    for call in (file.flush, file.size, file.close):
        with pytest.raises(StoreFailed):
            call()


@pytest.mark.parametrize(
    ("estimate", "numbers"),
    [
        (SimpleNamespace(usage=10, quota=100.0), StorageNumbers(True, 90, 100)),
        (SimpleNamespace(usage=None), StorageNumbers(True)),
        (SimpleNamespace(usage=1, quota=float("inf")), StorageNumbers(True)),
    ],
)
def test_numbers_that_the_browser_does_not_say_are_none(browser: Any, estimate: object, numbers: object) -> None:
    browser.storage.estimate = lambda: resolved(estimate)
    assert asyncio.run(browser.module.BrowserFiles("x").numbers()) == numbers


@pytest.mark.parametrize(
    ("told", "room", "free"),
    [
        (10**10, 10**10, 10**10),
        (10**10, 50_000_000, 10**10),
        (10**10, 49_999_999, 1 << 25),
        (10**10, 3_000_000, 1 << 21),
        (10**10, 999_999, 0),
        (45_000_000, 10**10, 45_000_000),
        (45_000_000, 12_000_000, 1 << 23),
        (500_000, 10**10, 500_000),
        (0, 0, 0),
    ],
)
def test_what_is_told_to_be_free_is_not_believed_when_a_file_cannot_be_made_that_long(
    browser: Any, told: int, room: int, free: int
) -> None:
    browser.storage.estimate = lambda: resolved(SimpleNamespace(usage=5, quota=told + 5))
    browser.room = room
    assert asyncio.run(browser.module.BrowserFiles("x").numbers()) == StorageNumbers(True, free, told + 5)


@pytest.mark.parametrize(
    ("thrown", "free"), [("QuotaExceededError", 0), ("NoModificationAllowedError", 10**10), ("SecurityError", 10**10)]
)
def test_without_a_file_to_try_it_on_the_browser_is_believed_unless_it_has_no_room_for_one(
    browser: Any, thrown: str, free: int
) -> None:
    browser.storage.estimate = lambda: resolved(SimpleNamespace(usage=0, quota=10**10))
    browser.make = throwing(thrown)
    assert asyncio.run(browser.module.BrowserFiles("x").numbers()) == StorageNumbers(True, free, 10**10)


def test_a_refused_estimate_still_tells_what_was_promised(browser: Any) -> None:
    browser.storage.estimate = throwing("TypeError")
    assert asyncio.run(browser.module.BrowserFiles("x").numbers()) == StorageNumbers(True)


def test_an_opening_that_is_given_up_leaves_no_file_held(browser: Any) -> None:
    closed: list[str] = []

    async def give_up() -> None:
        ready, asked = asyncio.Event(), asyncio.Event()

        async def make() -> object:
            asked.set()
            await ready.wait()
            return SimpleNamespace(close=lambda: closed.append("closed"))

        browser.make = make
        opening = asyncio.ensure_future(browser.module.BrowserFiles("x").open("slot-a"))
        await asked.wait()
        opening.cancel()
        asyncio.get_running_loop().call_soon(ready.set)
        with pytest.raises(asyncio.CancelledError):
            await opening

    asyncio.run(give_up())
    assert closed == ["closed"]


def test_folders_of_others_are_those_that_are_named_after_the_first(browser: Any) -> None:
    async def entries() -> Any:
        for name in ("lumbung-2", "lumbung", "lumbung-phone", "other-3", "lumbung-probe"):
            yield SimpleNamespace(name=name, kind="directory")
        yield SimpleNamespace(name="lumbung-4", kind="file")

    browser.storage.getDirectory = lambda: resolved(SimpleNamespace(values=entries))
    assert asyncio.run(browser.module.BrowserFolders("lumbung").names()) == ("2", "phone", "probe")
    browser.storage.getDirectory = throwing("SecurityError")
    with pytest.raises(StoreUnreadable):
        asyncio.run(browser.module.BrowserFolders("lumbung").names())
