"""Write sheets of an Excel file row by row, within bounds. What is a text stays a text: nothing becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

Cell: TypeAlias = str | int | Decimal | date | datetime | None

MAX_ROWS = 200_000
"""Of all sheets of a file."""
_MAX_TEXT = 32_767
_MAX_NAME = 31
_DIGITS = 15
"""A spreadsheet keeps no more digits of a number."""
_FIRST_YEAR = 1901
"""It knows no day before 1900, and counts those of the first weeks wrong."""
_NO_XML = {
    code: None
    for code in (*range(32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
    if code not in (ord("\t"), ord("\n"), ord("\r"))
}
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\\t\r\n", " "))
_ACTIVE = frozenset("=+-@#\t\r")
"""What a text may begin with that a spreadsheet, or what opens its copy, takes for a formula or an error."""
_NARROW, _WIDE = 14, 36


class TooLarge(Exception):
    """There is more to write than one file should hold."""


class Book:
    """An Excel file in the making. Rows go to disk as they come: memory holds none of them."""

    def __init__(self) -> None:
        self._book = openpyxl.Workbook(write_only=True)
        self._names = {"history"}  # the spreadsheet's own
        self._rows = 0

    def sheet(self, name: str, headers: Sequence[str]) -> Sheet:
        """Begin a sheet. Its name is what one may be called, and no other sheet of the file."""
        chosen = sheet_name(name, self._names)
        self._names.add(chosen.casefold())
        return Sheet(self, self._book.create_sheet(chosen), headers)

    def count_row(self) -> None:
        """Note that a row is written. Raises TooLarge."""
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise TooLarge

    def discard(self) -> None:
        """Give the file up: what is on disk of it goes."""
        for sheet in self._book.worksheets:
            if not sheet.closed:
                sheet.close()
                # Only saving tidies up by itself.
                sheet._writer.cleanup()

    def content(self) -> bytes:
        """Return the file; it is at its end then. There has to be a sheet."""
        content = io.BytesIO()
        self._book.save(content)
        return content.getvalue()


class Sheet:
    """A sheet in the making. Its headers stay in sight."""

    def __init__(self, book: Book, sheet: Any, headers: Sequence[str]) -> None:
        self._book = book
        self._sheet = sheet
        sheet.freeze_panes = "B2"
        for place, header in enumerate(headers, start=1):
            width = min(max(len(header) + 2, _NARROW), _WIDE)
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.append([self._header(header) for header in headers])

    def append(self, cells: Sequence[Cell]) -> None:
        """Write a row. Raises TooLarge."""
        self._book.count_row()
        self._sheet.append([self._written(cell) for cell in cells])

    def _header(self, text: str) -> Any:
        cell = self._text(text)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return cell

    def _written(self, cell: Cell) -> Any:
        if isinstance(cell, date) and cell.year < _FIRST_YEAR:
            cell = cell.isoformat()
        if isinstance(cell, Decimal) and len(cell.as_tuple().digits) > _DIGITS:
            cell = str(cell)
        if isinstance(cell, int) and abs(cell) >= 10**_DIGITS:
            cell = str(cell)
        if not isinstance(cell, str):
            return cell
        return self._text(cell) if cell[:1] in _ACTIVE else _sound(cell)

    def _text(self, text: str) -> Any:
        cell = WriteOnlyCell(self._sheet, _sound(text))
        cell.data_type = "s"
        # Otherwise it would become a formula when somebody edits the cell and leaves it as it is.
        cell.number_format = "@"
        return cell


def _sound(text: str) -> str | None:
    return text.translate(_NO_XML)[:_MAX_TEXT] or None


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return what a sheet may be called, as near as possible to a name. `taken`: folded names of the others."""
    clean = " ".join(wanted.translate(_NO_XML).translate(_NOT_IN_NAMES).split()).strip("'") or "Data"
    chosen, number = _cut(clean, ""), 1
    while chosen.casefold() in taken:
        number += 1
        chosen = _cut(clean, f" ({number})")
    return chosen


def _cut(name: str, end: str) -> str:
    """Return a name, with an end, in as many UTF-16 units as a sheet's name may have."""
    while len(f"{name}{end}".encode("utf-16-le")) > 2 * _MAX_NAME:
        name = name[:-1]
    return name.rstrip(" '") + end
