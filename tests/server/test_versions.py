"""The server says which versions it serves, and refuses older ones so that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from lumbung_server.settings import SettingsWrong, settings_from
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import SERVED, ServedVersions
from tests.databases import SQLITE
from tests.server.phones import GUNTUNG, Phone, activity, database, roster
from tests.servers import LumbungServer

OLDEST = "0.9.2"


@pytest.fixture(scope="module")
def kind() -> str:
    return SQLITE


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, addressed: Callable[[Path], str]) -> Iterator[LumbungServer]:
    """A server that takes no app older than OLDEST."""
    folder = tmp_path_factory.mktemp("versions")
    environment = {"LUMBUNG_DATABASE_URL": addressed(folder), "LUMBUNG_OLDEST_APP": OLDEST}
    with LumbungServer(folder, environment=environment) as running:
        yield running


def test_anybody_can_ask_which_versions_are_served(server: LumbungServer) -> None:
    answer = requests.get(f"{server.base_url}/api/v1/versions", timeout=10)
    assert answer.status_code == 200
    assert from_wire(ServedVersions, answer.json()) == ServedVersions(SERVED, OLDEST)


@pytest.mark.parametrize("version", ["0.9.1", "0.1.0", "0.9"])
def test_an_app_that_is_too_old_is_told_so_and_nothing_of_it_is_stored(server: LumbungServer, version: str) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    answer = phone.post(phone.write(activity(GUNTUNG)), app=version)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["where"]) == (400, "app-too-old", "app")
    assert "pasang versi baru" in problem["detail"]
    with database(server) as connection:
        assert connection.execute("SELECT n FROM write WHERE replica = ?", (phone.replica,)).fetchall() == []


@pytest.mark.parametrize("version", [OLDEST, "0.9.3", "0.10", "1", "", "test"])
def test_every_other_app_is_served(server: LumbungServer, version: str) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    assert phone.sync(phone.write(activity(GUNTUNG)), app=version).outcomes[0].result == "accepted"


def test_a_phone_that_was_updated_sends_what_it_had_kept(server: LumbungServer) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    write = phone.write(activity(GUNTUNG))
    assert phone.post(write, app="0.9.1").status_code == 400
    assert phone.sync(write, app="0.10.0").outcomes[0].result == "accepted"


def test_without_the_setting_every_app_is_served() -> None:
    assert settings_from({}).oldest_app == ""
    assert settings_from({"LUMBUNG_OLDEST_APP": "1.2"}).oldest_app == "1.2"


@pytest.mark.parametrize("text", ["baru", "1.2b", "v1"])
def test_a_setting_that_names_no_version_stops_the_server(text: str) -> None:
    with pytest.raises(SettingsWrong, match="LUMBUNG_OLDEST_APP"):
        settings_from({"LUMBUNG_OLDEST_APP": text})
