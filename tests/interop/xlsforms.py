"""Read every Excel form of a folder and say what became of it: `make interop XLSFORMS=<folder>`.

For forms that others wrote and that do not belong into this repository. Ends with 0 unless one crashed.
"""

from __future__ import annotations

import sys
import time
import traceback
import warnings
from collections.abc import Iterable
from pathlib import Path

from lumbung_server.xlsform.reading import read_form
from lumbung_shared.protocol import FormReading, SheetRemark

ENDINGS = frozenset({".xls", ".xlsx", ".xlsm"})


def main(arguments: list[str]) -> int:
    """Read the folder that is named and print what became of each form."""
    if len(arguments) != 1 or not arguments[0] or not Path(arguments[0]).is_dir():
        sys.stderr.write("make interop XLSFORMS=<folder of .xlsx and .xls files>\n")
        return 2
    # openpyxl speaks of parts of a workbook that no form uses.
    warnings.simplefilter("ignore", UserWarning)
    files = sorted(path for path in Path(arguments[0]).iterdir() if path.suffix.lower() in ENDINGS)
    crashed = 0
    for path in files:
        started = time.perf_counter()
        try:
            lines = told(read_form(path.read_bytes()))
        except Exception:  # noqa: BLE001 - that none crashes is what this shows
            crashed += 1
            lines = ["CRASHED", *traceback.format_exc().splitlines()]
        summary = f"{path.name}: {lines[0]} ({time.perf_counter() - started:.1f} s)"
        sys.stdout.write("\n    ".join([summary, *lines[1:]]) + "\n")
    sys.stdout.write(f"{len(files)} forms, {crashed} crashed\n")
    return 1 if crashed else 0


def told(reading: FormReading) -> list[str]:
    """Return one line that sums a reading up, and one for each remark."""
    if reading.form is None:
        summary = "what is wrong:"
    elif reading.lacks:
        summary = f"works ({len(reading.form.questions)} questions), but lacks:"
    else:
        summary = f"works ({len(reading.form.questions)} questions)"
    remarks = reading.faults or reading.lacks
    return [summary, *_lines("", remarks), *_lines("added: ", reading.added if reading.form else ())]


def _lines(before: str, remarks: Iterable[SheetRemark]) -> Iterable[str]:
    for one in remarks:
        place = f"{one.sheet} row {one.row}" if one.row else one.sheet
        where = f"{place}, {one.column}: " if one.column else f"{place}: " if place else ""
        yield f"{before}{where}{one.message.en} [{one.code}]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
