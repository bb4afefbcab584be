"""Answers as people read them, by the type of their question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lumbung_client.session.gallery import photo_in
from lumbung_client.session.views import Photo
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import iso_date, long_date, number, rupiah
from lumbung_shared.answers import is_blank
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, rows
from lumbung_shared.logic import Consequences
from lumbung_shared.records import is_answer, is_mark

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,20})?", re.ASCII)
_PLACES = 6
_YEAR_DIGITS = 4


@dataclass(frozen=True)
class Reader:
    """In which words and language answers are read, and what a region's code is called."""

    words: Texts
    language: str
    region_name: Callable[[str], str]

    def read(self, item: Field, value: Json) -> str:
        """Return the answer as text. What does not fit its question is shown as it is: nothing is hidden."""
        try:
            return _READERS.get(item.type, _as_is)(self, item, value)
        except (TypeError, ValueError, KeyError, AttributeError):
            return str(value)


@dataclass(frozen=True)
class Line:
    """One question with its answer. `heading`: a row's title stands above its questions; then there is no answer.

    `photo`: the picture that is the answer.
    """

    path: str
    label: str
    answer: str = ""
    heading: bool = False
    photo: Photo | None = None


def lines(form: Form, answers: Mapping[str, Json], reader: Reader, found: Consequences | None = None) -> list[Line]:
    """Return the given answers in the order of the form, rows of repeats under a heading each.

    `found`: what follows from the answers; then those to questions that are not asked are left out, and calculated
    ones are there. None: every answer is there, and nothing else.
    """
    listed: list[Line] = []
    for item in form.questions:
        if not item.has_rows:
            listed += _line(item, item.name, answers.get(item.name), reader, found)
            continue
        for place, (row, cells) in enumerate(rows(item.name, answers).items(), start=1):
            start, inside = f"{item.name}/{row}", list[Line]()
            for cell in item.cells:
                inside += _line(cell, f"{start}/{cell.name}", cells.get(cell.name), reader, found)
            if inside or found is None or item.name not in found.hidden:
                listed += [Line(start, f"{item.label.within(reader.language)} {place}", heading=True), *inside]
    return listed


def bare_lines(answers: Mapping[str, Json], reader: Reader) -> list[Line]:
    """Return the given answers of a record whose form is not known here, under the names of their questions."""
    told = {path: value for path, value in answers.items() if is_answer(path) and not is_mark(path)}
    given = {path: value for path, value in told.items() if not is_blank(value)}
    return [Line(path, path.rpartition("/")[2].replace("_", " "), _bare(reader, given[path])) for path in sorted(given)]


def _bare(reader: Reader, value: Json) -> str:
    if isinstance(value, bool):
        return reader.words.yes if value else reader.words.no
    if isinstance(value, Mapping):
        return " · ".join(f"{key}: {_bare(reader, one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_bare(reader, one) for one in value)
    return str(value)


def _line(item: Field, path: str, value: Json, reader: Reader, found: Consequences | None) -> list[Line]:
    if found is not None and path in found.hidden:
        return []
    if found is not None and item.type == FieldType.CALCULATED:
        value = found.calculated.get(path)
    label = item.label.within(reader.language)
    if is_blank(value) or not label:
        return []
    photo = photo_in(value) if item.type == FieldType.PHOTO else None
    return [Line(path, label, reader.read(item, value), photo=photo)]


def _as_is(reader: Reader, item: Field, value: Json) -> str:
    del reader, item
    return str(value)


def _number(reader: Reader, item: Field, value: Json) -> str:
    return f"{number(str(value), reader.language)} {item.unit}".strip()


def _rupiah(reader: Reader, item: Field, value: Json) -> str:
    del item
    return rupiah(int(str(value)), reader.language)


def _date(reader: Reader, item: Field, value: Json) -> str:
    del item
    day = iso_date(str(value))
    return long_date(day, reader.language) if day else str(value)


def _time(reader: Reader, item: Field, value: Json) -> str:
    del item
    return str(value).replace(":", "." if reader.language == "id" else ":")


def _choice(reader: Reader, item: Field, value: Json) -> str:
    options = {option.value: option.label.within(reader.language) for option in item.options}
    return options.get(str(value), str(value))


def _choices(reader: Reader, item: Field, value: Json) -> str:
    return ", ".join(_choice(reader, item, one) for one in value) if isinstance(value, list) else str(value)


def _yes_no(reader: Reader, item: Field, value: Json) -> str:
    del item
    return reader.words.yes if value is True else reader.words.no


def _participants(reader: Reader, item: Field, value: Json) -> str:
    del item
    counts = {key: count for key, count in value.items() if isinstance(count, int)} if isinstance(value, dict) else {}
    words = reader.words
    names = {"l": words.men_short, "p": words.women_short}
    shown = [f"{name} {counts[letter]}" for letter, name in names.items() if letter in counts]
    return words.participants_total.format(n=sum(counts.values()), parts=", ".join(shown))


def _location(reader: Reader, item: Field, value: Json) -> str:
    del item
    if not isinstance(value, dict):
        return str(value)
    accuracy = number(str(value.get("accuracy") or "?"), reader.language)
    return reader.words.location_value.format(lat=value["lat"], lon=value["lon"], accuracy=accuracy)


def _region(reader: Reader, item: Field, value: Json) -> str:
    del item
    return reader.region_name(str(value))


def _reference(reader: Reader, item: Field, value: Json) -> str:
    del reader, item
    return str(value["name"]) if isinstance(value, Mapping) else str(value)


def _photo(reader: Reader, item: Field, value: Json) -> str:
    del item
    if not isinstance(value, Mapping):
        return str(value)
    return reader.words.photo_value.format(width=value["width"], height=value["height"])


def _calculated(reader: Reader, item: Field, value: Json) -> str:
    text = str(value)
    day = iso_date(text) if _DAY.fullmatch(text) else None
    if day:
        return long_date(day, reader.language)
    if not _NUMBER.fullmatch(text):
        return text
    shown = f"{Decimal(text):.{_PLACES}f}".rstrip("0").rstrip(".")
    # A number without a unit may be a year: four digits stay together.
    grouped = item.unit or len(shown.partition(".")[0].lstrip("-")) > _YEAR_DIGITS
    if not grouped:
        return shown.replace(".", "," if reader.language == "id" else ".")
    return _number(reader, item, shown)


_READERS: Mapping[str, Callable[[Reader, Field, Json], str]] = {
    FieldType.INTEGER: _number,
    FieldType.DECIMAL: _number,
    FieldType.RUPIAH: _rupiah,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: _yes_no,
    FieldType.PARTICIPANTS: _participants,
    FieldType.LOCATION: _location,
    FieldType.REGION: _region,
    FieldType.REFERENCE: _reference,
    FieldType.PHOTO: _photo,
    FieldType.CALCULATED: _calculated,
}
