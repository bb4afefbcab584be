"""Turn the bytes of a workbook into rows of text, within bounds; decides what is too large, never what a row means."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import openpyxl
import xlrd

from lumbung_server.xlsform.remarks import CHOICES, SETTINGS, SURVEY, Unreadable, remark
from lumbung_shared.form_problems import FormCode
from lumbung_shared.protocol import SheetRemark

MAX_BYTES = 2_000_000
"""Of the file as it came."""
MAX_UNPACKED = 8_000_000
"""Of all parts of an .xlsx, which is a zip."""
MAX_PARTS = 500
MAX_SHEETS = 50
MAX_ROWS = 10_000
"""Of one sheet."""
MAX_COLUMNS = 200
MAX_CELL = 10_000
"""Characters of one cell."""
EMPTY_ROWS = 100
"""After so many empty rows a sheet has ended."""
READ = frozenset({SURVEY, CHOICES, SETTINGS, "entities", "external_choices", "osm"})
"""Names of sheets that mean something to XLSForm."""

_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_NO_XML = {code: None for code in (*range(32), 0xFFFE, 0xFFFF, *range(0xFDD0, 0xFDF0)) if chr(code) not in "\t\n"}
Cells: TypeAlias = Sequence[tuple[str, bool]]
"""The text of a row's cells, and whether it is a formula whose value is missing."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name as written, the texts of its first row (empty for a column without) and the rows below.

    `rows[0]` is the row that Excel calls 2; a row has no entry for an empty cell.
    """

    name: str
    headers: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The name as XLSForm compares it."""
        return self.name.strip().lower()


@dataclass(frozen=True)
class Workbook:
    """The sheets by name as XLSForm compares it, names of others that hold something, and what was wrong with cells."""

    sheets: Mapping[str, Sheet]
    unused: tuple[str, ...] = ()
    faults: tuple[SheetRemark, ...] = ()


def read_workbook(content: bytes) -> Workbook:
    """Return what the sheets of an .xlsx or .xls hold. Raises Unreadable."""
    found = sheets_of(content)
    if len(found) == 1 and found[0][0].strip().lower() not in READ:
        # A workbook with a single sheet is that form, whatever the sheet is called.
        found = [(SURVEY, found[0][1])]
    sheets: dict[str, Sheet] = {}
    faults: list[SheetRemark] = []
    unused: list[str] = []
    for name, cells in found:
        if name.strip().lower() in READ:
            sheet = _sheet(name, cells, faults)
            sheets[sheet.key] = sheet
        elif any(text for row in cells for text, _ in row):
            unused.append(name)
    return Workbook(sheets, tuple(unused), tuple(faults))


def is_workbook(content: bytes) -> bool:
    """Tell whether a file begins as an .xlsx or .xls does."""
    return content.startswith((_ZIP, _OLE))


def sheets_of(content: bytes) -> list[tuple[str, list[Cells]]]:
    """Return name and rows of every sheet of an .xlsx or .xls, in their order. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise _too_large("2 MB")
    if not is_workbook(content):
        raise Unreadable(remark(FormCode.NOT_A_WORKBOOK))
    return _guarded(_xlsx if content.startswith(_ZIP) else _xls, content)


def _too_large(bound: str) -> Unreadable:
    return Unreadable(remark(FormCode.WORKBOOK_TOO_LARGE, bound))


def _guarded(reader: Any, content: bytes) -> list[tuple[str, list[Cells]]]:
    try:
        found: list[tuple[str, list[Cells]]] = reader(content)
    except (Unreadable, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - the libraries raise whatever a broken file makes them stumble over
        raise Unreadable(remark(FormCode.NOT_A_WORKBOOK)) from None
    return found


def _xlsx(content: bytes) -> list[tuple[str, list[Cells]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        # What a part says it unpacks to is all that is ever read of it.
        sizes = [part.file_size for part in parts.infolist()]
    if len(sizes) > MAX_PARTS or sum(sizes) > MAX_UNPACKED:
        raise _too_large(f"{MAX_UNPACKED // 1_000_000} MB")
    found = _xlsx_cells(content, values=False)
    if any(missing for _, rows in found for row in rows for _, missing in row):
        worked_out = _xlsx_cells(content, values=True)
        found = [
            (name, [_with_values(row, known) for row, known in zip(rows, values, strict=True)])
            for (name, rows), (_, values) in zip(found, worked_out, strict=True)
        ]
    return found


def _xlsx_cells(content: bytes, *, values: bool) -> list[tuple[str, list[Cells]]]:
    """Read each sheet; `values`: formulas give the value that Excel last worked out, otherwise a mark."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)
    try:
        _bounded_sheets(book.sheetnames)
        return [
            (sheet.title, _bounded(_xlsx_row(row) for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1)))
            for sheet in book.worksheets
        ]
    finally:
        book.close()


def _xlsx_row(row: Iterable[Any]) -> Cells:
    return [("", True) if getattr(cell, "data_type", "n") == "f" else (_text(cell.value), False) for cell in row]


def _with_values(row: Cells, known: Cells) -> Cells:
    """Put the last worked out value where a formula stands; without one the mark stays."""
    return [
        (known[place][0], not known[place][0]) if missing and place < len(known) else (text, missing)
        for place, (text, missing) in enumerate(row)
    ]


def _xls(content: bytes) -> list[tuple[str, list[Cells]]]:
    book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), on_demand=True)
    try:
        _bounded_sheets(book.sheet_names())
        return [(sheet.name, _bounded(_xls_rows(sheet, book.datemode))) for sheet in book.sheets()]
    finally:
        book.release_resources()


def _xls_rows(sheet: Any, datemode: int) -> Iterator[Cells]:
    for row in range(sheet.nrows):
        yield [(_text(_xls_value(cell, datemode)), False) for cell in sheet.row(row)[: MAX_COLUMNS + 1]]


def _xls_value(cell: Any, datemode: int) -> object:
    if cell.ctype == xlrd.XL_CELL_DATE:
        if cell.value < 1:
            return datetime.time(*xlrd.xldate_as_tuple(cell.value, datemode)[3:])
        return xlrd.xldate_as_datetime(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return cell.value


def _bounded_sheets(names: Sequence[str]) -> None:
    if len(names) > MAX_SHEETS:
        raise _too_large(f"{MAX_SHEETS} lembar/sheets")


def _bounded(rows: Iterable[Cells]) -> list[Cells]:
    """Return the rows up to the last that holds something. Raises Unreadable for more than a form can need."""
    kept: list[Cells] = []
    last = 0
    for cells in rows:
        filled = max((place for place, (text, missing) in enumerate(cells, 1) if text or missing), default=0)
        if filled:
            last = len(kept) + 1
        if last > MAX_ROWS or filled > MAX_COLUMNS:
            raise _too_large(f"{MAX_ROWS} x {MAX_COLUMNS}")
        kept.append(cells[:filled])
        if len(kept) - last > EMPTY_ROWS:
            break
    return kept[:last]


def _text(value: object) -> str:
    """Return a cell as a person reads it. Raises Unreadable for more text than a form can need."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.time) and not value.second:
        return value.isoformat("minutes")
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").translate(_NO_XML)
    if len(text) > MAX_CELL:
        raise _too_large(f"{MAX_CELL} huruf/characters")
    return "" if text.isspace() else text


def _sheet(name: str, cells: Sequence[Cells], faults: list[SheetRemark]) -> Sheet:
    key = name.strip().lower()
    headers = tuple(" ".join(text.split()) for text, _ in cells[0]) if cells else ()
    twice = {one for one in headers if one and headers.count(one) > 1}
    faults.extend(remark(FormCode.HEADER_TWICE, one, sheet=key, row=1, column=one) for one in sorted(twice))
    rows: list[Mapping[str, str]] = []
    for number, row in enumerate(cells[1:], start=2):
        values: dict[str, str] = {}
        for header, (text, missing) in zip(headers, row, strict=False):
            if header and missing:
                faults.append(remark(FormCode.FORMULA_WITHOUT_VALUE, sheet=key, row=number, column=header))
            elif header and text:
                values.setdefault(header, text)
        rows.append(values)
    return Sheet(name, headers, tuple(rows))
