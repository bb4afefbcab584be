"""The regions and the roster that a fresh server starts with."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

from lumbung_shared.protocol import Role
from lumbung_shared.regions import is_desa, is_region_code, level, parent

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "server" / "lumbung_server" / "data"


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REGIONS = table("regions_64.csv")
ROSTER = table("roster_bontang.csv")
NAMES = {region["code"]: region["name"] for region in REGIONS}


def test_the_committed_regions_are_what_the_source_gives() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_regions.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_kalimantan_timur_has_10_105_and_1038_regions() -> None:
    assert Counter(level(code) for code in NAMES) == {1: 1, 2: 10, 3: 105, 4: 1038}
    assert Counter(is_desa(code) for code in NAMES if level(code) == 4) == {True: 841, False: 197}


def test_every_region_has_a_parent_and_codes_are_sorted_bytewise() -> None:
    codes = [region["code"] for region in REGIONS]
    assert codes == sorted(set(codes), key=str.encode)
    assert all(is_region_code(code) for code in codes)
    assert all(parent(code) in NAMES for code in codes if code != "64")


def test_regions_are_in_force_and_named() -> None:
    for region in REGIONS:
        assert region["name"] == " ".join(region["name"].split()) != ""
        assert (region["valid_from"], region["valid_to"], region["successor"]) == ("2025-04-25", "", "")
    assert (NAMES["64"], NAMES["64.74"], NAMES["64.74.01"]) == ("Kalimantan Timur", "Kota Bontang", "Bontang Utara")
    assert NAMES["64.74.01.1003"] == "Lok Tuan"


def test_the_roster_has_the_shape_of_bontang() -> None:
    assert Counter(person["role"] for person in ROSTER) == {
        Role.REGENCY_COORDINATOR: 1,
        Role.DISTRICT_COORDINATOR: 3,
        Role.CADRE: 46,
    }
    coordinators = {person["region"] for person in ROSTER if person["role"] != Role.CADRE}
    assert coordinators == {"64.74", "64.74.01", "64.74.02", "64.74.03"}
    cadres = Counter(person["region"] for person in ROSTER if person["role"] == Role.CADRE)
    assert set(cadres) == {code for code in NAMES if code.startswith("64.74.") and level(code) == 4}
    assert sorted(cadres.values()) == [3] * 14 + [4]


def test_people_of_the_roster_are_told_apart_and_only_coordinators_log_in() -> None:
    assert len({person["person"] for person in ROSTER}) == len({person["name"] for person in ROSTER}) == 50
    for person in ROSTER:
        assert person["name"]
        assert person["profession"]
        assert person["organisation"]
        assert bool(person["login"]) == (person["role"] != Role.CADRE)
    assert len({person["login"] for person in ROSTER if person["login"]}) == 4
