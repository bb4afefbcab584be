"""Fill a server with a week of activities, brought by phones over the real protocol."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import requests

from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.forms import built_in_forms
from lumbung_shared.ids import replica_id, row_id, uuid7
from lumbung_shared.protocol import PROTOCOL, Admission, EnrolRequest, SyncReply, SyncRequest
from lumbung_shared.times import local_date
from lumbung_shared.writes import PhoneTime, Write
from tests.servers import LumbungServer

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Logged:
    """One activity: who logged what, how many days ago, and the value that heads it in lists."""

    person: str
    kind: str
    days_ago: int
    headline: str


WEEK: Sequence[Logged] = (
    Logged("kdr-01", "waste-bank-training", 0, "Bank Sampah Pesisir Lestari"),
    Logged("kdr-01", "compost-training", 2, "Dasawisma Anggrek RT 07"),
    Logged("kdr-02", "product-photo-session", 1, "Amplang Bu Nur"),
    Logged("kdr-05", "waste-management-training", 1, "Memilah sampah dari dapur"),
    Logged("kdr-08", "packaging-support", 3, "Keripik Tenggiri Lok Tuan"),
    Logged("kdr-14", "produta-facilitation", 4, "Perbaikan saluran air RT 21"),
    Logged("kdr-20", "waste-bank-training", 0, "Bank Sampah Harapan Kita"),
    Logged("kdr-23", "photography-training", 2, "Foto produk dengan ponsel"),
    Logged("kdr-27", "coordination-meeting", 5, "Rencana kerja triwulan keempat"),
    Logged("kdr-38", "training-of-trainers", 6, "Pelatih bank sampah tingkat kelurahan"),
    Logged("kdr-41", "compost-training", 1, "Kelompok Wanita Tani Kanaan"),
    Logged("kdr-44", "other", 3, "Gotong royong membersihkan pantai"),
)

MONTH: Sequence[Logged] = tuple(
    Logged("kdr-04", kind, days_ago, headline)
    for days_ago, (kind, headline) in enumerate(
        (
            ("compost-training", "Dasawisma Melati RT 05"),
            ("waste-bank-training", "Bank Sampah Melati"),
            ("waste-management-training", "Memilah sampah di sekolah"),
            ("compost-training", "Dasawisma Kenanga RT 02"),
            ("packaging-support", "Amplang Ibu Ratna"),
            ("compost-training", "Dasawisma Mawar RT 11"),
            ("coordination-meeting", "Rapat bulanan kader"),
            ("product-photo-session", "Keripik Melati"),
            ("waste-bank-training", "Bank Sampah Berkah"),
            ("other", "Kerja bakti RT 05"),
            ("compost-training", "Dasawisma Flamboyan RT 08"),
            ("photography-training", "Foto produk dengan ponsel"),
        )
    )
)
"""One cadre's activities, more than anybody finds by looking."""


def bring_in(server: LumbungServer, week: Sequence[Logged] = WEEK) -> None:
    """Enrol the persons of the week and send what they logged, each from a phone of their own."""
    for person in dict.fromkeys(logged.person for logged in week):
        _send(server, person, [logged for logged in week if logged.person == person])


def _send(server: LumbungServer, person: str, activities: Sequence[Logged]) -> None:
    replica = replica_id(secrets.token_bytes(10))
    request = EnrolRequest(server.invite(person), replica, "uji")
    answer = requests.post(f"{server.base_url}/api/v1/enrol", json=to_wire(request), timeout=10)
    answer.raise_for_status()
    admission = from_wire(Admission, answer.json())
    region = admission.grants[0].region
    # A phone numbers its writes as they are made: the oldest first.
    in_turn = sorted(activities, key=lambda it: -it.days_ago)
    writes = [write for place, it in enumerate(in_turn) for write in _writes(1 + 2 * place, region, it)]
    now = time.time_ns() // 1_000_000
    batch = SyncRequest(PROTOCOL, replica, PhoneTime(now), tuple(to_wire(write) for write in writes))
    sent = requests.post(
        f"{server.base_url}/api/v1/sync",
        json=to_wire(batch),
        headers={"Authorization": f"Bearer {admission.token}"},
        timeout=10,
    )
    sent.raise_for_status()
    outcomes = from_wire(SyncReply, sent.json()).outcomes
    assert [outcome.result for outcome in outcomes] == ["accepted"] * len(writes), outcomes


def _writes(n: int, region: str, logged: Logged) -> Iterator[Write]:
    """Yield the writes of an activity, numbered from n: itself, and before it the entry that heads it, if one does."""
    now = time.time_ns() // 1_000_000
    form = built_in_forms()[logged.kind]
    headline: Json = logged.headline
    at = now - logged.days_ago * DAY_MS
    if register := form.by_name[form.headline].register:
        entry = uuid7(at, secrets.token_bytes(10))
        yield Write(n, entry, register, 1, {"name": logged.headline, "region": region}, PhoneTime(at))
        headline = {"id": entry, "name": logged.headline}
    sets: dict[str, Json] = {
        form.headline: headline,
        "region": region,
        "date": (local_date(now) - timedelta(days=logged.days_ago)).isoformat(),
        "participants": {"l": 4 + n // 2, "p": 11 + n},
    }
    if logged.kind == "waste-bank-training":
        row = row_id(now, secrets.token_bytes(2))
        sets[f"weighings/{row}/waste_type"] = "plastic"
        sets[f"weighings/{row}/weight"] = "12.5"
    yield Write(n + 1, uuid7(at, secrets.token_bytes(10)), logged.kind, form.version, sets, PhoneTime(at))
