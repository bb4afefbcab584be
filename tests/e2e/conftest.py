"""The real app in a real Chromium against a real server process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.e2e.driver import Phone
from tests.e2e.primed import Primed
from tests.e2e.screen import Model
from tests.servers import LumbungServer

APP = Path(__file__).resolve().parents[2] / "build" / "app"

MakePhone = Callable[..., Phone]


@pytest.fixture(scope="session")
def primed(tmp_path_factory: pytest.TempPathFactory) -> Primed:
    """What phones begin with, so that the app need not be fetched and compiled for each."""
    return Primed(tmp_path_factory.mktemp("browser"))


@pytest.fixture
def server(tmp_path: Path, primed: Primed) -> Iterator[LumbungServer]:
    """A server that serves the app which `make app` has assembled; the test may stop and start it."""
    assert (APP / "index.html").exists(), "the app bundle is missing: run `make app` first"
    with LumbungServer(tmp_path / "server", app=APP, port=primed.port) as running:
        yield running


@pytest.fixture
def make_phone(playwright: Playwright, server: LumbungServer, primed: Primed, tmp_path: Path) -> Iterator[MakePhone]:
    """Make phones (and computers) with a storage of their own; they are switched off at the end."""
    made: list[Phone] = []

    def make(width: int = 360, height: int = 800, scale: float = 1.0) -> Phone:
        model = Model(width=width, height=height, scale=scale)
        phone = primed.phone(playwright, server, tmp_path / f"phone-{len(made)}", model)
        made.append(phone)
        return phone

    yield make
    for phone in made:
        phone.close()
