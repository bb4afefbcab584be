"""Answers as people read them, by the type of their question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import iso_date, long_date, number, rupiah
from lumbung_shared.answers import is_blank
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, flat, rows


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
    """One question with its answer. `heading`: a row's title stands above its questions; then there is no answer."""

    path: str
    label: str
    answer: str = ""
    heading: bool = False


def lines(form: Form, answers: Mapping[str, Json], reader: Reader) -> list[Line]:
    """Return the given answers in the order of the form, rows of repeats under a heading each."""
    found: list[Line] = []
    for item in flat(form.fields):
        label = item.label.within(reader.language)
        if item.type != FieldType.REPEAT:
            value = answers.get(item.name)
            if not is_blank(value):
                found.append(Line(item.name, label, reader.read(item, value)))
            continue
        for place, (row, cells) in enumerate(rows(item.name, answers).items(), start=1):
            found.append(Line(f"{item.name}/{row}", f"{label} {place}", heading=True))
            for cell in flat(item.fields):
                if not is_blank(cells.get(cell.name)):
                    path = f"{item.name}/{row}/{cell.name}"
                    found.append(Line(path, cell.label.within(reader.language), reader.read(cell, cells[cell.name])))
    return found


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
    shown = [f"{letter.upper()} {counts[letter]}" for letter in ("l", "p") if letter in counts]
    return reader.words.participants_total.format(n=sum(counts.values()), parts=", ".join(shown))


def _location(reader: Reader, item: Field, value: Json) -> str:
    del item
    if not isinstance(value, dict):
        return str(value)
    return reader.words.location_value.format(lat=value["lat"], lon=value["lon"], accuracy=value.get("accuracy") or "?")


def _region(reader: Reader, item: Field, value: Json) -> str:
    del item
    return reader.region_name(str(value))


_READERS: Mapping[str, Callable[[Reader, Field, Json], str]] = {
    FieldType.INTEGER: _number,
    FieldType.DECIMAL: _number,
    FieldType.RUPIAH: _rupiah,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: _yes_no,
    FieldType.PARTICIPANTS: _participants,
    FieldType.LOCATION: _location,
    FieldType.REGION: _region,
}
