"""One server process for each module of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    """A running server with the demo roster; its data lasts as long as the module."""
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    """A server that a test may stop, kill or break; not yet started."""
    made = LumbungServer(tmp_path_factory.mktemp("own-server"), environment={"LUMBUNG_BUSY_MS": "100"})
    yield made
    if made.runs:
        made.kill()
