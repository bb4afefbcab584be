"""Turn the bytes of a CSV or Excel file into rows of text; decides what is too large, never what a row means."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from lumbung_server.xlsform.remarks import Unreadable
from lumbung_server.xlsform.sheets import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, is_workbook, sheets_of
from lumbung_shared.form_problems import FormCode
from lumbung_shared.protocol import SheetRemark
from lumbung_shared.roster_problems import RosterCode, roster_sentence

_REPEATED = 80
"""Characters of the file that a sentence repeats."""
_LARGEST = f"{MAX_BYTES // 1_000_000} MB, {MAX_ROWS} x {MAX_COLUMNS}"


@dataclass(frozen=True)
class Cell:
    """A cell's text, spaces around it taken off. `missing`: a formula whose value is not there."""

    text: str
    missing: bool = False


class RosterFault(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, remark: SheetRemark) -> None:
        super().__init__(remark.code)
        self.remark = remark


def remark(code: RosterCode, name: str = "", other: str = "", *, row: int = 0, column: str = "") -> SheetRemark:
    """Return a remark about a cell. `row`: as Excel counts; 0 and empty text for the whole file."""
    return SheetRemark(code, roster_sentence(code, _shown(name), _shown(other)), row=row, column=column)


def _shown(text: str) -> str:
    """Return what of a cell's text a sentence repeats: it may reach a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:_REPEATED])


def read_table(content: bytes) -> list[Sequence[Cell]]:
    """Return the rows of the first sheet that holds anything, the headers first. Raises RosterFault."""
    if len(content) > MAX_BYTES:
        raise RosterFault(remark(RosterCode.ROSTER_TOO_LARGE, _LARGEST))
    rows = _of_workbook(content) if is_workbook(content) else _of_text(content)
    if len(rows) < 2:
        raise RosterFault(remark(RosterCode.ROSTER_EMPTY))
    return rows


def _of_workbook(content: bytes) -> list[Sequence[Cell]]:
    try:
        sheets = sheets_of(content)
    except Unreadable as fault:
        large = fault.remark.code == FormCode.WORKBOOK_TOO_LARGE
        code = RosterCode.ROSTER_TOO_LARGE if large else RosterCode.ROSTER_UNREADABLE
        raise RosterFault(remark(code, _LARGEST if large else "")) from None
    filled = [rows for _, rows in sheets if rows]
    return [[Cell(text.strip(), missing) for text, missing in row] for row in filled[0]] if filled else []


def _of_text(content: bytes) -> list[Sequence[Cell]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    # Excel separates by what the system's language wants.
    separator = max(",;\t", key=first.count)
    try:
        rows = [row[: MAX_COLUMNS + 1] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error:
        raise RosterFault(remark(RosterCode.ROSTER_UNREADABLE)) from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if len(rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in rows):
        raise RosterFault(remark(RosterCode.ROSTER_TOO_LARGE, _LARGEST))
    return [[Cell(cell.strip()) for cell in row] for row in rows]


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RosterFault(remark(RosterCode.ROSTER_UNREADABLE))
