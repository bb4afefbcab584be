"""Lay activities out in sheets: one for each kind, and one for the rows of each of its repeats.

Versions stand side by side: the columns are what the newest version asks, in its order, then what only older ones ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from lumbung_server.exports.cells import Reader, cells_of, headers_of, parts_of
from lumbung_server.exports.flags import in_words
from lumbung_server.exports.words import WORDS
from lumbung_server.exports.workbook import Book, Cell, Sheet
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, rows
from lumbung_shared.logic import with_calculated
from lumbung_shared.shapes import fits
from lumbung_shared.times import local_date, local_datetime

REGION = "region"
"""The question that says where an activity is recorded; it stands among what is told of every record."""


@dataclass(frozen=True)
class Told:
    """An activity as the file tells it. `author`: name; `organisation`: what theirs was called on its day.

    `region`: code; `at`: effective time, ms; `values`: by path.
    """

    record: str
    form: Form
    author: str
    organisation: str
    region: str
    at: int
    disputed: bool
    flags: tuple[str, ...]
    values: Mapping[str, Json]

    @cached_property
    def answers(self) -> Mapping[str, Json]:
        """What is asked, and what is calculated, on the day of the last write."""
        return with_calculated(self.form, self.values, local_date(self.at).isoformat())


class ActivityFile:
    """An Excel file of activities in the making, in a folder that is its own.

    `forms`: the versions that are there, by kind, the newest first.
    """

    def __init__(self, folder: Path, forms: Mapping[str, Sequence[Form]], language: str) -> None:
        self._language = language
        self._book = Book(folder)
        by_title = sorted(forms, key=lambda kind: forms[kind][0].title.within(language).casefold())
        self._kinds = {kind: _Kind(self._book, forms[kind], language) for kind in by_title}
        if not forms:
            words = WORDS[language]
            self._book.sheet(words.nothing, _own_headers(language))

    def add(self, activities: Iterable[Told], regions: Mapping[str, str]) -> None:
        """Write activities. `regions`: what the codes they name are called."""
        reader = Reader(self._language, regions)
        for one in activities:
            # A kind that nobody had used when this file was begun has no sheet.
            if one.form.kind in self._kinds:
                self._kinds[one.form.kind].add(one, reader)

    def discard(self) -> None:
        """Give the file up."""
        self._book.discard()

    def finish(self) -> Path:
        """Return where the file is; it is at its end then."""
        return self._book.finish()


class _Kind:
    """The sheets of one kind."""

    def __init__(self, book: Book, forms: Sequence[Form], language: str) -> None:
        title = forms[0].title.within(language)
        self._questions = [item for item in _united(form.questions for form in forms) if _is_column(item)]
        headers = _headers(_own_headers(language), self._questions, language)
        self._sheet = book.sheet(title, headers)
        self._rows: list[tuple[Field, tuple[Field, ...], Sheet]] = []
        for repeat in _united(form.questions for form in forms):
            if repeat.type == FieldType.REPEAT:
                asked = _united(form.by_name[repeat.name].cells for form in forms if repeat.name in form.by_name)
                cells = tuple(cell for cell in asked if cell.type != FieldType.NOTE)
                words = WORDS[language]
                headers = _headers([words.record, words.row], cells, language)
                name = f"{repeat.label.within(language) or repeat.name} - {title}"
                self._rows.append((repeat, cells, book.sheet(name, headers)))

    def add(self, told: Told, reader: Reader) -> None:
        """Write one activity and its rows."""
        asked = told.form.by_name
        cells = _own_cells(told, reader)
        for item in self._questions:
            cells += _answer(item, asked.get(item.name), _said(item, told.answers), reader)
        self._sheet.append(cells)
        for repeat, columns, sheet in self._rows:
            own = asked.get(repeat.name)
            if own is None or own.type != FieldType.REPEAT:
                continue
            inside = {cell.name: cell for cell in own.cells}
            for place, said in enumerate(rows(repeat.name, told.answers).values(), start=1):
                row: list[Cell] = [told.record, place]
                for cell in columns:
                    row += _answer(cell, inside.get(cell.name), said.get(cell.name), reader)
                sheet.append(row)


def _united(versions: Iterable[Iterable[Field]]) -> tuple[Field, ...]:
    """Return the questions of versions, newest first, each once with the options of all.

    What changed its type are two questions.
    """
    found: dict[tuple[str, str], Field] = {}
    for fields in versions:
        for item in fields:
            known = found.setdefault((item.name, item.type), item)
            if more := tuple(one for one in item.options if one.value not in known.choices):
                found[item.name, item.type] = replace(known, options=(*known.options, *more))
    return tuple(found.values())


def _is_column(item: Field) -> bool:
    return item.type not in (FieldType.REPEAT, FieldType.NOTE) and item.name != REGION


def _headers(first: Sequence[str], items: Iterable[Field], language: str) -> list[str]:
    """Return the headers of a sheet; of two that are alike the later one says its question's name, too."""
    found = dict.fromkeys(first)
    for item in items:
        for header in headers_of(item, language):
            alike, number = header, 1
            while alike in found:
                alike = f"{header} [{item.name}]" if number == 1 else f"{header} [{item.name} {number}]"
                number += 1
            found[alike] = None
    return list(found)


def _own_headers(language: str) -> list[str]:
    words = WORDS[language]
    who, place = (words.author, words.organisation), (words.region, words.region_code)
    return [words.record, words.version, *who, *place, words.at, words.disputed, words.remarks]


def _own_cells(told: Told, reader: Reader) -> list[Cell]:
    words = reader.words
    at = local_datetime(told.at).replace(tzinfo=None, microsecond=0)
    remarks = "; ".join(in_words(told.form, flag, told.answers, reader.language) for flag in told.flags)
    return [
        *(told.record, told.form.version, told.author, told.organisation),
        *(reader.regions.get(told.region, ""), told.region, at),
        *(words.yes if told.disputed else words.no, remarks),
    ]


def _answer(column: Field, item: Field | None, value: Json, reader: Reader) -> list[Cell]:
    """Return the cells of a column's question as the record's own version asks it; empty where it does not.

    What was chosen by another version has the words of that one, if it is there.
    """
    if item is None or item.type != column.type:
        return [None] * len(parts_of(column))
    return cells_of(item if fits(item, value) else column, value, reader)


def _said(item: Field, answers: Mapping[str, Json]) -> Json:
    """Return what was answered; of photos, how many there are."""
    if item.type != FieldType.PHOTOS:
        return answers.get(item.name)
    return sum("photo" in cells for cells in rows(item.name, answers).values()) or None
