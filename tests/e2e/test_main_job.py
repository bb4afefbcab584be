"""The main job, end to end: logged with no signal, synced later, seen in the merged feed."""

from __future__ import annotations

import gzip
import json
from urllib.parse import urlparse

import pytest
import requests

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import enrol, log_compost_training, log_waste_bank_training, sign_in
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ARRIVAL = 60


def test_what_was_logged_without_signal_arrives_and_is_seen_by_the_right_coordinator(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    first, second, outside = server.demo["codes"]
    logins = {account["region"]: account for account in server.demo["logins"]}
    one, two, three = make_phone(), make_phone(), make_phone()
    for phone, code in ((one, first), (two, second), (three, outside)):
        enrol(phone, code["code"])

    # The village has no signal: no server, no network.
    server.stop()
    one.go_offline()
    one.reload("Belum ada kegiatan")
    log_waste_bank_training(one, "Bank Sampah Melati")
    log_compost_training(one, "Dasawisma Anggrek")
    one.reopen(text="Dasawisma Anggrek")
    assert one.shows("Bank Sampah Melati")
    assert one.shows("3 menunggu kirim"), "the new waste bank, too"
    assert not one.shows("Terkirim")

    two.go_offline()
    two.reload("Belum ada kegiatan")
    log_waste_bank_training(two, "Bank Sampah Sehati")
    log_compost_training(two, "Kelompok Tani Makmur")
    two.reopen(text="Kelompok Tani Makmur")

    three.go_offline()
    log_waste_bank_training(three, "Bank Sampah Seberang")

    # Back in range: nobody touches a button.
    batches = recorded_batches(one)
    server.start()
    for phone in (one, two, three):
        phone.go_online()
    for phone, count in ((one, 2), (two, 2), (three, 1)):
        phone.wait_text("Semua sudah terkirim", ARRIVAL)
        assert states(phone) == ["Terkirim"] * count

    coordinator = make_phone(1280)
    district = logins[first["region"].rpartition(".")[0]]
    sign_in(coordinator, district["login"], district["password"])
    coordinator.tap("Wilayah", role="tab")
    coordinator.wait_text("4 kegiatan")
    for headline in ("Bank Sampah Melati", "Dasawisma Anggrek", "Bank Sampah Sehati", "Kelompok Tani Makmur"):
        coordinator.wait_text(headline)
    assert not coordinator.shows("Bank Sampah Seberang")
    assert coordinator.shows(first["name"])

    replayed_ten_times_changes_nothing(server, batches)
    for phone in (one, two, three, coordinator):
        assert phone.record.hosts() == {urlparse(server.base_url).netloc}
        assert phone.record.violations() == []


def states(phone: Phone) -> list[str]:
    """Return the states of all activities in the list."""
    words = ("Draf", "Menunggu kirim", "Sedang dikirim", "Terkirim", "Perlu diperbaiki", "Bentrok")
    return [text for text in phone.texts() if text in words]


def recorded_batches(phone: Phone) -> list[tuple[bytes, str]]:
    """Start recording the phone's sync requests: body and authorization of each that carries writes."""
    found: list[tuple[bytes, str]] = []

    def note(request: object) -> None:
        if getattr(request, "url", "").endswith("/api/v1/sync"):
            body = request.post_data_buffer  # type: ignore[attr-defined]
            if body and json.loads(gzip.decompress(body)).get("writes"):
                found.append((body, request.headers["authorization"]))  # type: ignore[attr-defined]

    phone.page.context.on("request", note)
    return found


def replayed_ten_times_changes_nothing(server: LumbungServer, batches: list[tuple[bytes, str]]) -> None:
    """Send the first batch again, ten times, and compare everything the server says before and after."""
    assert batches, "no batch was recorded"
    body, authorization = batches[0]
    address = f"{server.base_url}/api/v1"
    who = {"Authorization": authorization}
    before = requests.get(f"{address}/feed", headers=who, timeout=10).json()
    receipts = []
    for _ in range(10):
        answer = requests.post(
            f"{address}/sync",
            data=body,
            headers={**who, "Content-Encoding": "gzip", "Content-Type": "application/json"},
            timeout=10,
        )
        assert answer.status_code == 200
        said = answer.json()
        assert {outcome["result"] for outcome in said["outcomes"]} == {"duplicate"}
        receipts.append(said["receipts"])
    assert all(receipt == receipts[0] for receipt in receipts)
    assert requests.get(f"{address}/feed", headers=who, timeout=10).json() == before
