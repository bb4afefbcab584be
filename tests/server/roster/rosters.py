"""Rosters for tests: tables of texts as CSV and as Excel files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import openpyxl

HEADERS = ("id", "nama", "peran", "wilayah", "sejak", "sampai", "profesi", "organisasi", "telepon")


def as_csv(rows: Iterable[Sequence[object]], headers: Sequence[str] = HEADERS) -> bytes:
    """A table as spreadsheet programs save it."""
    written = io.StringIO()
    csv.writer(written).writerows([headers, *rows])
    return written.getvalue().encode()


def as_xlsx(rows: Iterable[Sequence[object]], headers: Sequence[str] = HEADERS) -> bytes:
    """The same table as an Excel file; what is no text stays what it is."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (headers, *rows):
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
