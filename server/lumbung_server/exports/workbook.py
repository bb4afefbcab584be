"""Write sheets of an Excel file row by row. What is a text stays a text: nothing becomes a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter

Cell: TypeAlias = str | int | Decimal | date | datetime | None

MAX_ROWS = 1_000_000
"""Of one sheet, a little less than a spreadsheet holds; what is more goes to another."""
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


class Book:
    """An Excel file in the making, in a folder of its own. Rows go to disk as they come: memory holds none of them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "file.xlsx"
        options = {"constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False}
        self._book = xlsxwriter.Workbook(self.path, options | {"strings_to_numbers": False, "strings_to_urls": False})
        self._names = {"history"}  # the spreadsheet's own
        wrapped = {"bold": True, "text_wrap": True, "valign": "top"}
        # A text would become a formula when somebody edits its cell and leaves it as it is, were it not said to be one.
        self.formats = Formats(
            header=self._book.add_format({**wrapped, "num_format": "@"}),
            text=self._book.add_format({"num_format": "@"}),
            day=self._book.add_format({"num_format": "yyyy-mm-dd"}),
            moment=self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        )

    def sheet(self, name: str, headers: Sequence[str]) -> Sheet:
        """Begin a sheet. Its name is what one may be called, and no other sheet of the file."""
        return Sheet(self, name, headers)

    def begin(self, name: str) -> Any:
        """Begin a sheet of the file itself."""
        chosen = sheet_name(name, self._names)
        self._names.add(chosen.casefold())
        return self._book.add_worksheet(chosen)

    def finish(self) -> Path:
        """Return where the file is; it is at its end then. There has to be a sheet."""
        self._book.close()
        return self.path

    def discard(self) -> None:
        """Give the file up: what is open of it is closed, so that its folder can go."""
        for sheet in self._book.worksheets():
            # Only finishing tidies up by itself.
            sheet.row_data_fh.close()
        self._book.fileclosed = True


@dataclass(frozen=True)
class Formats:
    """How cells of a book look."""

    header: Any
    text: Any
    day: Any
    moment: Any


class Sheet:
    """A sheet in the making, and those that follow when it is full. Its headers stay in sight."""

    def __init__(self, book: Book, name: str, headers: Sequence[str]) -> None:
        self._book, self._name, self._headers = book, name, headers
        self._begin()

    def append(self, cells: Sequence[Cell]) -> None:
        """Write a row."""
        if self._row >= MAX_ROWS:
            self._begin()
        for column, cell in enumerate(cells):
            if cell is not None:
                self._write(column, cell)
        self._row += 1

    def _begin(self) -> None:
        self._sheet, self._row = self._book.begin(self._name), 1
        self._sheet.freeze_panes(1, 1)
        for column, header in enumerate(self._headers):
            self._sheet.set_column(column, column, min(max(len(header) + 2, _NARROW), _WIDE))
        for column, header in enumerate(self._headers):
            self._sheet.write_string(0, column, _sound(header), self._book.formats.header)

    def _write(self, column: int, cell: Cell) -> None:
        formats = self._book.formats
        if isinstance(cell, date) and cell.year < _FIRST_YEAR:
            cell = cell.isoformat()
        if isinstance(cell, Decimal) and len(cell.as_tuple().digits) > _DIGITS:
            cell = str(cell)
        if isinstance(cell, int) and abs(cell) >= 10**_DIGITS:
            cell = str(cell)
        if isinstance(cell, str):
            if text := _sound(cell):
                self._sheet.write_string(self._row, column, text, formats.text if cell[:1] in _ACTIVE else None)
        elif isinstance(cell, date):
            shown = formats.moment if isinstance(cell, datetime) else formats.day
            self._sheet.write_datetime(self._row, column, cell, shown)
        else:
            self._sheet.write_number(self._row, column, cell)


def _sound(text: str) -> str:
    return text.translate(_NO_XML)[:_MAX_TEXT]


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
