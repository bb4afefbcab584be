"""Fixtures that several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import Scheduling

from tests.side_by_side import FromBothEnds


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Return what shares the tests among processes."""
    return FromBothEnds(config, log)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright for one module: while it runs it keeps an event loop going, in which `asyncio.run` would fail."""
    with sync_playwright() as running:
        yield running
