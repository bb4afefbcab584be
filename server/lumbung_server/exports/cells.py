"""What an answer is in the cells of a sheet: numbers and days to reckon with, words to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lumbung_server.exports.words import WORDS, Words
from lumbung_server.exports.workbook import Cell
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType
from lumbung_shared.shapes import fits, is_blank

PARTS: Mapping[str, tuple[str, ...]] = {
    FieldType.PARTICIPANTS: ("l", "p", "total"),
    FieldType.LOCATION: ("lat", "lon", "accuracy"),
    FieldType.PHOTOS: ("photos",),
    FieldType.PHOTO: ("photos",),
}
"""Types whose answers have a column for each of these parts; all others have one."""
ALONE = ("",)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,20})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PLACES = 6


@dataclass(frozen=True)
class Reader:
    """In which language answers are read, and what region codes are called."""

    language: str
    regions: Mapping[str, str]

    @property
    def words(self) -> Words:
        """The words of the language."""
        return WORDS[self.language]


def parts_of(item: Field) -> tuple[str, ...]:
    """Return the parts of a question's answers, each of which has a column."""
    return PARTS.get(item.type, ALONE)


def headers_of(item: Field, language: str) -> list[str]:
    """Return what stands above a question's columns."""
    label = " ".join(item.label.within(language).split()) or item.name
    words = WORDS[language].parts
    return [f"{label} ({words[part]})" if part else label for part in parts_of(item)]


def cells_of(item: Field, value: Json, reader: Reader) -> list[Cell]:
    """Return an answer in as many cells as its question has parts. What does not fit stands there as it is."""
    parts = parts_of(item)
    if is_blank(value):
        return [None] * len(parts)
    if not fits(item, value):
        return [str(value), *[None] * (len(parts) - 1)]
    return _READERS.get(item.type, _as_text)(item, value, reader)


def _as_text(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item, reader
    return [str(value)]


def _whole(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item, reader
    return [int(str(value))]


def _decimal(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item, reader
    return [Decimal(str(value))]


def _date(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item, reader
    return [date.fromisoformat(str(value))]


def _yes_no(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item
    return [reader.words.yes if value is True else reader.words.no]


def _choices(item: Field, value: Json, reader: Reader) -> list[Cell]:
    labels = {option.value: option.label.within(reader.language) for option in item.options}
    chosen = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    return [", ".join(labels.get(one) or one for one in chosen)]


def _participants(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item, reader
    counts = {part: count for part, count in dict(_parts(value)).items() if isinstance(count, int)}
    return [counts.get("l"), counts.get("p"), sum(counts.values())]


def _location(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item, reader
    said = _parts(value)
    return [Decimal(str(said[part])) if part in said else None for part in PARTS[FieldType.LOCATION]]


def _region(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item
    return [reader.regions.get(str(value), str(value))]


def _reference(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item, reader
    return [str(_parts(value)["name"])]


def _calculated(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item, reader
    text = str(value)
    if _NUMBER.fullmatch(text):
        return [round(Decimal(text), _PLACES).normalize()]
    if _DAY.fullmatch(text):
        try:
            return [date.fromisoformat(text)]
        except ValueError:
            pass
    return [text]


def _count(item: Field, value: Json, reader: Reader) -> list[Cell]:
    del item, reader
    return [value if isinstance(value, int) else 1]


def _parts(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


_READERS: Mapping[str, Callable[[Field, Json, Reader], list[Cell]]] = {
    FieldType.INTEGER: _whole,
    FieldType.RUPIAH: _whole,
    FieldType.DECIMAL: _decimal,
    FieldType.DATE: _date,
    FieldType.YES_NO: _yes_no,
    FieldType.CHOICE: _choices,
    FieldType.CHOICES: _choices,
    FieldType.PARTICIPANTS: _participants,
    FieldType.LOCATION: _location,
    FieldType.REGION: _region,
    FieldType.REFERENCE: _reference,
    FieldType.CALCULATED: _calculated,
    FieldType.PHOTOS: _count,
    FieldType.PHOTO: _count,
}
