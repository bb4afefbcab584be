"""Made-up activities with the fields of our own forms, about 730 bytes each as compact JSON.

Everything depends on the number of the activity alone, so that all sides of a comparison get the same, in any process
and in any order.
"""

from __future__ import annotations

import json
import random
from typing import Any

from lumbung_client.store.entries import Entry
from lumbung_shared.ids import replica_id, row_id, uuid7
from lumbung_shared.records import Head, RecordState
from lumbung_shared.writes import PhoneTime, Write

SEED = "lumbung"
OWNER = "kdr-01"
REPLICA = replica_id(bytes(range(10)))
FORM = 1
YEAR_BEGINS = 1_767_225_600_000  # 1 January 2026, in ms
MINUTE = 60_000
OWN_SHARE = 0.5
"""How many of the activities the phone's own person logged; the others came with the region's news."""

_VILLAGES = tuple(f"64.74.{district:02}.{1001 + village}" for district in (1, 2, 3) for village in range(6))
_WORDS = (
    "warga bank sampah sehati melati mawar kompos takakura pupuk cair kebun sayur balai posyandu kader lansia pemuda "
    "ibu ketua rumah gang pasar kelurahan rapat pelatihan panen bibit daun plastik kertas kardus minyak jelantah "
    "timbang tabungan nasabah jadwal minggu depan perlu ember tutup keranjang gula merah tetes tebu hujan jalan dana"
).split()
_WASTE = ("plastic", "paper", "metal", "glass", "cooking_oil", "other")
_PARTNERS = ("village_office", "lpm", "rt_board", "pkk", "youth", "posyandu", "umk", "government", "company", "school")


def state(number: int, author: str = "") -> RecordState:
    """Return activity `number` as the server confirmed it, made by `author`, or by somebody of the region."""
    kind, sets, chance = _answers(number)
    made_at = _made_at(number)
    somebody = OWNER if chance.random() < OWN_SHARE else f"kdr-{chance.randrange(2, 47):02}"
    author = author or somebody
    replica = REPLICA if author == OWNER else replica_id(chance.randbytes(10))
    head = Head(replica, number + 1, sets, made_at + chance.randrange(MINUTE), author)
    return RecordState(_record_id(number), kind, FORM, str(chance.randrange(1, 120)), author, (head,))


def entry(number: int) -> Entry:
    """Return activity `number` as it waits for the server after the person tapped *Selesai*."""
    kind, sets, chance = _answers(number)
    made_at = _made_at(number)
    time = PhoneTime(made_at, chance.randrange(10**8), "5b0f3a1c9d2e4f60")
    return Entry(Write(number + 1, _record_id(number), kind, FORM, sets, time, grant=1), made_at)


def size(wire: Any) -> int:
    """Return the bytes of a value as compact JSON."""
    return len(json.dumps(wire, separators=(",", ":")).encode())


def _made_at(number: int) -> int:
    return YEAR_BEGINS + number * 20 * MINUTE


def _record_id(number: int) -> str:
    return uuid7(_made_at(number), random.Random(f"{SEED} id {number}").randbytes(10))


def _answers(number: int) -> tuple[str, dict[str, Any], random.Random]:
    chance = random.Random(f"{SEED} {number}")
    day = f"2026-{number * 20 // 43_200 % 12 + 1:02}-{number * 20 // 1440 % 28 + 1:02}"
    sets: dict[str, Any] = {
        "date": day,
        "region": chance.choice(_VILLAGES),
        "rt": f"{chance.randrange(1, 40):02}",
        "place": _words(chance, 3, 6),
        "participants": {"l": chance.randrange(30), "p": chance.randrange(60)},
        "partners": chance.sample(_PARTNERS, chance.randrange(1, 4)),
        "location": {
            "lat": f"{0.1 + chance.random() / 10:.6f}",
            "lon": f"{117.4 + chance.random() / 10:.6f}",
            "accuracy": str(chance.randrange(3, 40)),
        },
        "notes": _words(chance, 14, 34),
    }
    kind = chance.choice(("waste-bank-training", "compost-training", "coordination-meeting", "other"))
    sets.update(_OF_KIND.get(kind, _of_other)(chance, number))
    return kind, sets, chance


def _of_waste_bank(chance: random.Random, number: int) -> dict[str, Any]:
    row = row_id(_made_at(number), chance.randbytes(2))
    return {
        "waste_bank": f"Bank Sampah {_words(chance, 1, 2).title()} {number}",
        "focus": chance.sample(("organic", "inorganic", "hazardous"), 2),
        "households_joined": chance.randrange(60),
        f"weighings/{row}/waste_type": chance.choice(_WASTE),
        f"weighings/{row}/weight": f"{chance.randrange(1, 900) / 10}",
    }


def _of_compost(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "group_name": f"Dasawisma {_words(chance, 1, 2).title()} {number}",
        "scale": chance.choice(("household", "rt")),
        "method": chance.choice(("takakura", "composter", "biopore")),
        "input_weight": f"{chance.randrange(1, 900) / 10}",
        "starter": _words(chance, 2, 4),
    }


def _of_meeting(chance: random.Random, number: int) -> dict[str, Any]:
    return {"agenda": f"{_words(chance, 4, 8).capitalize()} {number}"}


def _of_other(chance: random.Random, number: int) -> dict[str, Any]:
    return {"title": f"{_words(chance, 4, 8).capitalize()} {number}", "description": _words(chance, 5, 12)}


_OF_KIND = {
    "waste-bank-training": _of_waste_bank,
    "compost-training": _of_compost,
    "coordination-meeting": _of_meeting,
}


def _words(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(chance.randrange(least, most + 1)))
