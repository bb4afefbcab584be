"""Excel files of a few rows, made as a person would make them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from lumbung_server.xlsform.reading import read_form
from lumbung_shared.forms import Field, Form
from lumbung_shared.protocol import FormReading, SheetRemark

Row = Mapping[str, Any]
Sheets = Mapping[str, Sequence[Sequence[Any]]]


def workbook(sheets: Sheets) -> bytes:
    """An .xlsx with these cells, None for an empty one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cells(rows: Sequence[Row]) -> list[list[Any]]:
    """Rows of header to cell, under a row of all their headers."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    return [headers, *([row.get(header) for header in headers] for row in rows)]


def xlsx(survey: Sequence[Row], choices: Sequence[Row] = (), settings: Row | None = None) -> bytes:
    """An .xlsx with a survey, and choices and settings if there are any."""
    sheets = {"survey": cells(survey)}
    if choices:
        sheets["choices"] = cells(choices)
    if settings:
        sheets["settings"] = cells([settings])
    return workbook(sheets)


def read(survey: Sequence[Row], choices: Sequence[Row] = (), settings: Row | None = None) -> FormReading:
    """What becomes of such a file."""
    return read_form(xlsx(survey, choices, settings))


def form_of(reading: FormReading) -> Form:
    """The form of a reading without faults."""
    assert reading.form is not None, reading.faults
    return reading.form


def field_of(reading: FormReading, name: str) -> Field:
    """The field of a name, in whatever group it stands."""
    return form_of(reading).by_name[name]


def places(remarks: Sequence[SheetRemark]) -> list[tuple[str, str, int, str]]:
    """Code, sheet, row and column of remarks."""
    return [(one.code, one.sheet, one.row, one.column) for one in remarks]


def ask(kind: str, name: str, **more: Any) -> dict[str, Any]:
    """A row of the survey with a label."""
    return {"type": kind, "name": name, "label": name.capitalize(), **more}


def pick(name: str, *options: str, **columns: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows of a list of choices; `columns`: what further columns say, one for each choice."""
    more = [{key: said[at] for key, said in columns.items()} for at in range(len(options))]
    return [
        {"list_name": name, "name": option, "label": option.capitalize(), **rest}
        for option, rest in zip(options, more, strict=True)
    ]
