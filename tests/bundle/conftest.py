"""Bundles of a tiny app to test with, and a server for them. The real app is not needed here."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

ROOT = Path(__file__).resolve().parent.parent.parent
# `bundle` lives in client/ and is no part of an installed package; `tests` and `tools` are found from the root.
for folder in (ROOT, ROOT / "client"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from bundle import build  # noqa: E402

from tests.bundle.bare import BareBrowser  # noqa: E402
from tests.bundle.site import Site  # noqa: E402
from tests.e2e.driver import Phone  # noqa: E402

WORK = ROOT / "build" / "test-bundle"

SAMPLE_APP = '''"""A tiny app to test the bundle with."""

import flet as ft


def show(page: ft.Page, text: str = "{text}") -> None:
    page.title = text
    page.add(ft.Text(text))


def run() -> None:
    {begin}
    ft.run(show)
'''


def sample_bundle(name: str, text: str, begin: str = "pass", more: Mapping[str, str] | None = None) -> Path:
    """The bundle of an app that shows `text`, after running the statement `begin`. `more`: other files of it."""
    package = WORK / f"{name}-app" / "lumbung_client"
    files = {"__init__.py": "", "main.py": SAMPLE_APP.format(text=text, begin=begin), **(more or {})}
    for file, content in files.items():
        (package / file).parent.mkdir(parents=True, exist_ok=True)
        (package / file).write_text(content)
    out = WORK / name
    assert build.main(["--app-package", str(package), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="session")
def first_bundle() -> Path:
    return sample_bundle("first", "Halo versi satu")


@pytest.fixture(scope="session")
def second_bundle() -> Path:
    return sample_bundle("second", "Halo versi dua")


@pytest.fixture(scope="session")
def broken_bundle() -> Path:
    return sample_bundle("broken", "Tidak pernah terlihat", 'raise RuntimeError("rusak di awal")')


@pytest.fixture(scope="session")
def many_modules() -> tuple[Path, Path]:
    """Two bundles of an app of many modules, of which one shows the text and is all that differs."""
    first, second = (sample_bundle(f"many-{number}", "Belum", SHOWN, modules(number)) for number in (1, 2))
    return first, second


SHOWN = "import lumbung_client.session.shown as shown; show.__defaults__ = (shown.TEXT,)"


def modules(number: int) -> dict[str, str]:
    """The files of a package: one says what is shown, the others hold numbers that hardly compress."""
    chance = random.Random(9)  # noqa: S311 - the same numbers every time
    others = {f"session/n{one}.py": f"N = {chance.randbytes(3_000)!r}\n" for one in range(12)}
    return {**others, "session/__init__.py": "", "session/shown.py": f"TEXT = 'Versi {number}'\n"}


@pytest.fixture
def site(first_bundle: Path, tmp_path: Path) -> Iterator[Site]:
    """A running server of the first bundle."""
    with Site(tmp_path / "site", first_bundle) as running:
        yield running


@pytest.fixture
def phone(playwright: Playwright, site: Site, tmp_path: Path) -> Iterator[Phone]:
    with Phone(playwright, site.origin, tmp_path / "profile") as switched_on:
        yield switched_on


@pytest.fixture
def bare_browser(tmp_path: Path) -> Iterator[BareBrowser]:
    with BareBrowser(tmp_path / "bare-profile") as running:
        yield running
