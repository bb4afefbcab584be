"""What differs between a browser and an ordinary system, beyond files and network."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from lumbung_client import platform
from lumbung_client.platform_native import LANGUAGE_FILE, SystemClock, native_ports
from lumbung_client.store.durable_native import NativeFiles, NativeFolders
from lumbung_client.sync.transport_native import NativeStreams, NativeTransport
from lumbung_client.ui.device.location import Unlocated, take_location


class Channel:
    """A broadcast channel: what one posts, the others hear."""

    every: list[Channel] = []  # noqa: RUF012 - one for the whole browser, emptied by the fixture

    def __init__(self, name: str) -> None:
        self.name = name
        self.onmessage: Any = None
        self.every.append(self)

    @classmethod
    def new(cls, name: str) -> Channel:
        return cls(name)

    def postMessage(self, data: str) -> None:  # noqa: N802 - JavaScript's name
        for other in self.every:
            if other is not self and other.name == self.name and other.onmessage:
                other.onmessage(SimpleNamespace(data=data))


@pytest.fixture
def handover(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module with a browser around it."""
    js, pyodide, ffi = ModuleType("js"), ModuleType("pyodide"), ModuleType("pyodide.ffi")
    js.BroadcastChannel = Channel  # type: ignore[attr-defined]
    ffi.create_proxy = lambda act: act  # type: ignore[attr-defined]
    for module in (js, pyodide, ffi):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    name = "lumbung_client.handover_browser"
    monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(Channel, "every", [])
    yield importlib.import_module(name)
    sys.modules.pop(name, None)


def test_tabs_hear_each_other_and_not_themselves(handover: Any) -> None:
    heard: list[str] = []
    for name in ("a", "b"):
        tab = handover.TabHandover()
        tab.listen(lambda name=name: heard.append(f"{name} asked"), lambda name=name: heard.append(f"{name} released"))
    tab.ask()
    tab.tell_released()
    assert heard == ["a asked", "a released"]


@pytest.mark.parametrize("word", ["ask 1000", "ask", "ask soon", "hello", ""])
def test_a_stale_wish_and_what_is_none_are_not_heard(handover: Any, word: str) -> None:
    heard: list[str] = []
    tab = handover.TabHandover()
    tab.listen(lambda: heard.append("asked"), lambda: heard.append("released"))
    Channel("lumbung-store").postMessage(word)
    assert heard == []


@pytest.mark.parametrize(
    ("connection", "found"),
    [
        (None, ""),
        (SimpleNamespace(), ""),
        (SimpleNamespace(type="wifi"), "wifi"),
        (SimpleNamespace(type="ethernet", saveData=True), "wifi"),
        (SimpleNamespace(type="cellular", saveData=False), "mobile"),
        (SimpleNamespace(type="unknown", saveData=True), "mobile"),
        (SimpleNamespace(saveData=True), "mobile"),
        (SimpleNamespace(type="bluetooth", saveData=False), ""),
    ],
)
def test_a_browser_tells_of_its_network_what_it_knows_and_who_saves_data_pays_for_it(
    connection: object, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    js = ModuleType("js")
    js.navigator = SimpleNamespace(connection=connection) if connection else SimpleNamespace()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "js", js)
    monkeypatch.delitem(sys.modules, "lumbung_client.network_browser", raising=False)
    module = importlib.import_module("lumbung_client.network_browser")
    assert module.network() == found
    sys.modules.pop("lumbung_client.network_browser")


def test_a_native_window_finds_the_language_that_was_chosen_last(tmp_path: Path) -> None:
    environment = {"LUMBUNG_DATA": str(tmp_path)}
    assert native_ports(environment).language == "id"
    native_ports(environment).language_chosen("en")
    assert native_ports(environment).language == "en"
    (tmp_path / LANGUAGE_FILE).write_bytes(b"\xff\xfe")
    assert native_ports(environment).language == "id"
    (tmp_path / LANGUAGE_FILE).write_text("jv")
    assert native_ports(environment).language == "id"


def test_a_language_that_cannot_be_remembered_does_no_harm(tmp_path: Path) -> None:
    ports = native_ports({"LUMBUNG_DATA": str(tmp_path / "not made yet")})
    ports.language_chosen("en")
    assert not ports.handover.possible


def test_a_native_clock_names_the_systems_boot_so_that_two_processes_of_it_count_alike(tmp_path: Path) -> None:
    boot_id = tmp_path / "boot_id"
    boot_id.write_text("0d1f6a3c-1e0b-4d0e-9a53-0e1f1d0a7c11\n")
    first, second = SystemClock(boot_id).now(), SystemClock(boot_id).now()
    assert first.boot == second.boot
    assert len(first.boot) == 16
    assert first.mono <= second.mono <= first.mono + 60_000
    boot_id.write_text("another")
    assert SystemClock(boot_id).now().boot != first.boot


def test_where_the_systems_boot_has_no_name_every_process_is_one_of_its_own(tmp_path: Path) -> None:
    clocks = [SystemClock(tmp_path / "missing") for _ in range(2)]
    shown = [clock.now() for clock in clocks]
    assert shown[0].boot != shown[1].boot
    assert clocks[0].now().mono >= shown[0].mono


@pytest.mark.parametrize("system", ["android", "ios", "darwin", "win32", "linux"])
def test_everything_but_a_browser_has_a_folder_and_a_thread(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLET_APP_STORAGE_DATA", str(tmp_path))
    monkeypatch.setenv("LUMBUNG_SERVER", "https://lumbung.contoh.id/")
    monkeypatch.setattr(sys, "platform", system)
    ports = asyncio.run(platform.ports())
    assert isinstance(ports.files, NativeFiles)
    assert isinstance(ports.others, NativeFolders)
    assert isinstance(ports.transport, NativeTransport)
    assert isinstance(ports.streams, NativeStreams)
    assert not ports.rescue_page


class Locator:
    """A phone's position, as Flet tells it; `asked` in the order of the questions."""

    def __init__(self, *, web: bool, answers: bool = True) -> None:
        self.page = SimpleNamespace(web=web)
        self.asked: list[str] = []
        self._answers = answers

    async def request_permission(self) -> None:
        self.asked.append("permission")
        if not self._answers:
            raise TimeoutError

    async def get_current_position(self) -> SimpleNamespace:
        self.asked.append("position")
        if not self._answers:
            raise RuntimeError("User denied permissions to access the device's location.")
        return SimpleNamespace(latitude=0.1234567, longitude=117.5, accuracy=12.4)


@pytest.mark.parametrize(("web", "asked"), [(False, ["permission", "position"]), (True, ["position"])])
def test_only_a_phones_own_system_is_asked_for_the_permission_first(web: bool, asked: list[str]) -> None:
    locator: Any = Locator(web=web)
    assert asyncio.run(take_location(locator)) == {"lat": "0.123457", "lon": "117.500000", "accuracy": "12"}
    assert locator.asked == asked


def test_without_the_permission_there_is_no_position_and_it_is_said_why() -> None:
    locator: Any = Locator(web=False, answers=False)
    assert asyncio.run(take_location(locator)) is Unlocated.DENIED
    assert locator.asked == ["permission", "position"]
