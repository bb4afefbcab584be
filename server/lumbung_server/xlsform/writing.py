"""Write a form as an Excel file that XLSForm's tools read, and that comes back as the same form."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from lumbung_server.xlsform.columns import (
    LANGUAGES,
    NO_HEADLINE,
    OWN,
    OWN_TEXTS,
    TOLD_APART,
    WRITTEN_AS,
    YES,
    column_of,
)
from lumbung_server.xlsform.formulas import bounds_of, default_text, with_bounds, yes_or_no
from lumbung_server.xlsform.questions import MANY_LINES
from lumbung_server.xlsform.remarks import CHOICES, SETTINGS, SURVEY
from lumbung_shared.canonical import Json
from lumbung_shared.expressions import written
from lumbung_shared.forms import Field, FieldType, Form, Option
from lumbung_shared.labels import Label

_YES_NO = "lumbung_yes_no"
_YES_NO_OPTIONS = (Option("yes", Label("Ya", "Yes")), Option("no", Label("Tidak", "No")))
_ROOT = "Lumbung"
"""Name of the form's root for other tools: no question's name begins with a capital."""
_REPLACED = frozenset("\u2018\u2019\u201c\u201d\xa0")
"""Signs that XLSForm's tools replace in expressions."""
_SURVEY_COLUMNS = (
    *("type", "name", *(f"label::{language}" for language in LANGUAGES.values())),
    *(f"hint::{language}" for language in LANGUAGES.values()),
    *("required", *(f"required_message::{language}" for language in LANGUAGES.values())),
    *("relevant", "constraint", *(f"constraint_message::{language}" for language in LANGUAGES.values())),
    *("default", "calculation", "choice_filter", "read_only", "appearance"),
)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {"label": 40, "hint": 40, "type": 22, "name": 22}
_WIDTH = 18

Row = dict[str, str]


def written_form(form: Form) -> bytes:
    """Return an `.xlsx` of a form without faults: `read_form` makes the same form of it, apart from the version."""
    lists = _Lists()
    survey = list(_survey(form.fields, lists, ""))
    choices = list(lists.rows())
    return _workbook(
        {
            SURVEY: (_ordered(_SURVEY_COLUMNS, survey), survey),
            CHOICES: (_ordered(("list_name", "name", *_labels("label", Label("", ""))), choices), choices),
            SETTINGS: ((), [_settings(form)]),
        }
    )


class _Lists:
    """The lists of options that were asked for, each written once."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Option, ...]] = {}

    def name(self, options: tuple[Option, ...], wanted: str) -> str:
        """Return the name of a list with these options."""
        known = next((name for name, others in self._found.items() if others == options), "")
        if not known:
            known = wanted
            self._found[known] = options
        return known

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the choices sheet."""
        for name, options in self._found.items():
            for option in options:
                yield {
                    "list_name": name,
                    "name": option.value,
                    **_labels("label", option.label),
                    **option.attributes,
                }


def _survey(fields: Iterable[Field], lists: _Lists, within: str) -> Iterator[Row]:
    for item in fields:
        yield _row(item, lists, within)
        if item.type in (FieldType.GROUP, FieldType.REPEAT):
            yield from _survey(item.fields, lists, item.name if item.type == FieldType.REPEAT else within)
            yield {"type": WRITTEN_AS[item.type].replace("begin", "end"), "name": item.name}


def _row(item: Field, lists: _Lists, within: str) -> Row:
    row: Row = {"type": _type(item, lists, within), "name": item.name}
    row |= _labels("label", item.label)
    for part in ("hint", "required_message", "constraint_message"):
        row |= _labels(part, getattr(item, part))
    if item.type == FieldType.LONG_TEXT:
        row["appearance"] = MANY_LINES
    if item.read_only:
        row["read_only"] = "yes"
    return row | _formulas(item) | _own(item)


def _type(item: Field, lists: _Lists, within: str) -> str:
    name = WRITTEN_AS[item.type]
    if item.type == FieldType.YES_NO:
        return f"{name} {lists.name(_YES_NO_OPTIONS, _YES_NO)}"
    if item.type in (FieldType.CHOICE, FieldType.CHOICES):
        return f"{name} {lists.name(item.options, f'{within}.{item.name}' if within else item.name)}"
    return name


def _labels(part: str, words: Label | None) -> Row:
    if words is None:
        return {}
    return {f"{part}::{header}": words.within(language) for language, header in LANGUAGES.items()}


def _formulas(item: Field) -> Row:
    row: Row = {}
    trees: dict[str, Json] = {
        "relevant": item.relevant,
        "required_if": item.required_if,
        "constraint": with_bounds(item.constraint, bounds_of(item.min, item.max)),
        "calculation": item.calculation,
        "filter": item.filter,
    }
    for part, tree in trees.items():
        if tree is not None:
            text = written(tree)
            row[column_of(part)] = text
            if _REPLACED & set(text) or (part == "required_if" and yes_or_no(text) is not None):
                row[_own_header(part)] = text
    if item.required:
        row["required"] = "yes"
        if item.required_if is not None:
            row[_own_header("required_if")] = written(item.required_if)
    if item.default is not None:
        plain = default_text(item.default, WRITTEN_AS[item.type])
        if plain is None or _REPLACED & set(plain):
            row[_own_header("default")] = written(item.default)
        row["default"] = plain or ""
    return row


def _own(item: Field) -> Row:
    parts: dict[str, str] = {part: getattr(item, part) for part in OWN_TEXTS if part != "type"}
    parts["type"] = item.type if item.type in TOLD_APART else ""
    usual = 1 if item.type == FieldType.PHOTOS else 0
    parts["at_most"] = str(item.at_most) if item.at_most != usual else ""
    parts["extra"] = _json(item.extra) if item.extra else ""
    parts["personal"] = YES if item.personal else ""
    return {_own_header(part): text for part, text in parts.items() if text}


def _own_header(part: str) -> str:
    return f"instance::{OWN}{part}"


def _json(value: Mapping[str, Json]) -> str:
    # A dollar sign before a brace would be a reference to other tools.
    return json.dumps(value, sort_keys=True).replace("$", "\\u0024")


def _settings(form: Form) -> Row:
    own = {
        "icon": form.icon,
        "headline": form.headline or NO_HEADLINE,
        "purpose": form.purpose,
        "title_en": form.title.en,
        "extra": _json(form.extra) if form.extra else "",
    }
    return {
        "form_title": form.title.id,
        "form_id": form.kind,
        "version": str(form.version),
        "default_language": LANGUAGES["id"],
        "name": _ROOT,
        # Otherwise texts lose spaces.
        "clean_text_values": "no",
        **{f"attribute::{OWN}{name}": text for name, text in own.items() if text},
    }


def _ordered(known: Iterable[str], rows: Iterable[Row]) -> tuple[str, ...]:
    """Return the columns that are used: the known ones in their order, then the others."""
    used = dict.fromkeys(header for row in rows for header, text in row.items() if text)
    first = [header for header in known if header in used or header in ("type", "name", "list_name")]
    return (*first, *(header for header in used if header not in first))


def _workbook(sheets: Mapping[str, tuple[tuple[str, ...], list[Row]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, (headers, rows) in sheets.items():
        sheet = book.create_sheet(name)
        columns = headers or tuple(rows[0])
        for place, header in enumerate(columns, start=1):
            _write(sheet, 1, place, header).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(header.split(":")[0], _WIDTH)
            for at, row in enumerate(rows, start=2):
                if row.get(header):
                    _write(sheet, at, place, row[header]).alignment = Alignment(vertical="top", wrap_text=True)
        sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    """Write a text as a text, whatever it looks like: Excel takes no formula, number or date out of it."""
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
