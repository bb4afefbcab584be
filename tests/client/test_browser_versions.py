"""What Python and the page say to each other about versions of the app, with a stand-in for the page."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from lumbung_client.session.releases import Release

TOLD = {
    "running": {"version": "a", "number": "0.1.0", "date": "2026-11-01", "news": {"id": "Baru.", "en": "New."}},
    "ready": None,
    "previous": None,
    "declined": False,
}

USING_THE_PAGE = ("lumbung_client.versions_browser", "lumbung_client.page_browser")


class Page:
    """The page's side: what it was told, and what it answers."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.answer: object = True
        self.line = SimpleNamespace(port1=SimpleNamespace(onmessage=None, close=lambda: None), port2="port")

    def post(self, message: Any, ports: Any) -> None:
        self.told.append(message["versions"])
        if ports:
            asyncio.get_running_loop().call_soon(self.line.port1.onmessage, SimpleNamespace(data=self.answer))


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def js(monkeypatch: pytest.MonkeyPatch, page: Page) -> Iterator[Any]:
    """The worker's global scope."""
    scope, pyodide, ffi = ModuleType("js"), ModuleType("pyodide"), ModuleType("pyodide.ffi")
    given: dict[str, Any] = {
        "MessageChannel": SimpleNamespace(new=lambda: page.line),
        "Object": SimpleNamespace(fromEntries=None),
        "postMessage": page.post,
        "lumbungVersions": json.dumps(TOLD),
    }
    scope.__dict__.update(given)
    ffi.__dict__.update({"create_proxy": lambda act: act, "to_js": lambda value, **_: value})
    for module in (scope, pyodide, ffi):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    for name in USING_THE_PAGE:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield scope
    for name in USING_THE_PAGE:
        sys.modules.pop(name, None)


def made() -> Any:
    return importlib.import_module("lumbung_client.versions_browser").browser_versions()


def test_what_the_page_told_is_known_and_what_it_tells_later_is_heard(js: Any) -> None:
    versions, heard = made(), list[str]()
    assert versions.kept.running == Release("a", "0.1.0", "2026-11-01", {"id": "Baru.", "en": "New."})
    versions.listen(lambda: heard.append("changed"))
    js.lumbungVersions = json.dumps({**TOLD, "ready": {"version": "b"}, "declined": True, "later": 1})
    js.lumbungVersionsChanged()
    assert heard == ["changed"]
    assert (versions.kept.ready, versions.kept.declined) == (Release("b"), True)
    js.lumbungVersions = "null"
    js.lumbungVersionsChanged()
    assert versions.kept.ready == Release("b"), "what is not told changes nothing"


@pytest.mark.parametrize("told", ["null", "undefined", "{}", '{"running": "a"}'])
def test_a_page_that_knows_of_no_versions_has_none(js: Any, told: str) -> None:
    js.lumbungVersions = told
    assert made() is None
    del js.lumbungVersions
    assert made() is None


@pytest.mark.usefixtures("js")
def test_wishes_reach_the_page_in_its_words(page: Page) -> None:
    versions = made()
    versions.look()
    versions.settled()
    versions.reload()
    assert page.told == [{"look": True}, {"ask": "settled"}, {"reload": True}]


@pytest.mark.usefixtures("js")
@pytest.mark.parametrize(("answer", "begins"), [(True, True), (False, False), (None, False)])
def test_whether_a_version_begins_is_for_the_page_to_say(page: Page, answer: object, begins: bool) -> None:
    page.answer = answer
    assert asyncio.run(made().begin("b")) is begins
    assert page.told == [{"ask": "begin", "version": "b"}]
