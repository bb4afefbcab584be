"""One server process for each module of tests and each database it is to run on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import POSTGRESQL, SQLITE, Cluster
from tests.servers import LumbungServer


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of our own, as long as the tests run.

    Not below pytest's own folder: every run of pytest closes that to other users, and PostgreSQL runs as one.
    """
    with tempfile.TemporaryDirectory(prefix="lumbung-", ignore_cleanup_errors=True) as folder:
        started = Cluster(Path(folder) / "data", waits_for_disk=False)
        yield started
        started.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the whole run what modules say with `POSTGRESQL_IN_FULL = True`: their claims on the second database."""
    for item in items:
        asked = getattr(getattr(item, "module", None), "POSTGRESQL_IN_FULL", False)
        called = getattr(item, "callspec", None)
        if asked and called is not None and called.params.get("kind") == POSTGRESQL:
            item.add_marker(pytest.mark.full)


@pytest.fixture(scope="module", params=[SQLITE, POSTGRESQL])
def kind(request: pytest.FixtureRequest) -> str:
    """The database to run on. Modules whose claims do not depend on it have a fixture of this name: only `sqlite`."""
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def addressed(kind: str, request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """What gives a folder's database, new and empty, its address."""
    if kind == SQLITE:
        return lambda folder: f"sqlite:///{folder / 'lumbung.sqlite3'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return lambda _: cluster.fresh()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, addressed: Callable[[Path], str]) -> Iterator[LumbungServer]:
    """A running server with the demo roster; its data lasts as long as the module."""
    folder = tmp_path_factory.mktemp("server")
    with LumbungServer(folder, environment={"LUMBUNG_DATABASE_URL": addressed(folder)}) as running:
        yield running


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory, addressed: Callable[[Path], str]) -> Iterator[LumbungServer]:
    """A server that a test may stop, kill or break; not yet started."""
    folder = tmp_path_factory.mktemp("own-server")
    environment = {"LUMBUNG_BUSY_MS": "100", "LUMBUNG_DATABASE_URL": addressed(folder)}
    made = LumbungServer(folder, environment=environment)
    yield made
    if made.runs:
        made.kill()
