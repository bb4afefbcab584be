"""What stays out of the bundle is missed by nobody: its Python starts from its own archives and imports everything."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import flet
import pytest
from bundle import build, compiled, flutter, left_out, packages

SCRIPT = Path(__file__).with_name("imports.mjs")
# What code in the bundle mentions and no browser ever imports: other systems and Pythons, Flet elsewhere than in a
# browser, its sign-in, and what packages use where it is installed.
NEVER = frozenset(
    "StringIO __pypy__ backports brotli brotlicffi chardet cryptography ctypes dart_bridge flet.auth.providers "
    "flet.messaging.flet_dart_bridge_server flet.messaging.flet_socket_server flet_cli flet_desktop flet_web h2 httpx "
    "importlib_metadata lumbung_client.platform_native netrc oauthlib simplejson urllib3.contrib.socks "
    "urllib3.http2.connection webbrowser winreg".split()
)
NAMED = re.compile(r"\bft\.([A-Za-z_]+)")


@pytest.fixture(scope="session")
def own_code() -> dict[str, Path]:
    return {
        "lumbung_client": build.ROOT / "client/lumbung_client",
        "lumbung_shared": build.ROOT / "shared/lumbung_shared",
    }


@pytest.fixture(scope="session")
def told(own_code: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `imports.mjs` tells of a bundle of the real app."""
    folder = tmp_path_factory.mktemp("imports")
    assert build.main(["--out", str(folder / "app")]) == 0
    requirements = build.ROOT / "requirements" / "browser.txt"
    wheels = packages.shipped(packages.download(requirements, build.ROOT / "build" / "wheels"))
    packages.unpack_wheels(wheels, folder / "sources")
    for files in packages.own_archives(own_code).values():
        packages.copy_own(files, folder / "sources")
    names = json.dumps(sorted(named_in(own_code)))
    pyodide = flutter.web_folder() / "pyodide"
    done = compiled.run_in_node([str(SCRIPT), str(pyodide), str(folder / "app"), str(folder / "sources"), names])
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def named_in(own: dict[str, Path]) -> set[str]:
    """What our own code takes from Flet."""
    sources = [path.read_text("utf-8") for folder in own.values() for path in folder.rglob("*.py")]
    return {name for source in sources for name in NAMED.findall(source) if hasattr(flet, name)}


def test_every_module_of_the_bundle_can_be_imported_in_it(told: dict[str, Any]) -> None:
    assert len(told["modules"]) > 400
    assert told["failed"] == {}


def test_flet_offers_in_the_bundle_what_our_code_takes_from_it(told: dict[str, Any]) -> None:
    assert told["absent"] == []


def test_what_is_imported_anywhere_is_there_or_known_to_be_needed_by_no_browser(told: dict[str, Any]) -> None:
    missing = {name: by for name, by in told["missing"].items() if not left_out.is_left_out(name, NEVER)}
    assert missing == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("email", True), ("email.message", True), ("emails", False), ("http", False), ("http.server", True)],
)
def test_a_name_stands_for_a_module_and_all_that_is_in_it(name: str, expected: bool) -> None:
    assert left_out.is_left_out(name, frozenset({"email", "http.server"})) is expected


def test_every_name_that_is_left_out_is_the_name_of_something() -> None:
    requirements = build.ROOT / "requirements" / "browser.txt"
    wheels = packages.download(requirements, build.ROOT / "build" / "wheels")
    assert left_out.DISTRIBUTIONS - {wheel.name.partition("-")[0] for wheel in wheels} == set()
    names = packages.modules_of(flutter.web_folder() / flutter.STANDARD_LIBRARY)
    assert {name for name in left_out.STANDARD_LIBRARY if name not in names} == set()
    assert {f"encodings.{name}" for name in left_out.ENCODINGS - {"__init__"}} <= names
    offered = {name for wheel in wheels for name in packages.modules_of(wheel)}
    third_party = {name for name in left_out.PACKAGES if not name.startswith("lumbung_")}
    assert {name for name in third_party if name not in offered} == set()
