"""The shape of an answer to a question of each type. Looks at one value at a time, never at a whole record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.forms import Field, FieldType
from lumbung_shared.ids import is_record_id
from lumbung_shared.photos import is_picture, is_size
from lumbung_shared.regions import is_region_code

MAX_TEXT = 500
MAX_LONG_TEXT = 10_000
MAX_PARTICIPANTS = 100_000
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


def _is_text(item: Field, value: Json) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and "\n" not in value


def _is_long_text(item: Field, value: Json) -> bool:
    return isinstance(value, str) and len(value) <= MAX_LONG_TEXT


def _is_integer(item: Field, value: Json) -> bool:
    return type(value) is int and abs(value) <= MAX_INTEGER


def _is_decimal(item: Field, value: Json) -> bool:
    return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


def _is_date(item: Field, value: Json) -> bool:
    # date.fromisoformat alone would also take 20261122 and 2026-W47-7.
    if not isinstance(value, str) or len(value) != 10 or value[4] != "-" or value[7] != "-":
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_time(item: Field, value: Json) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _is_choice(item: Field, value: Json) -> bool:
    return isinstance(value, str) and value in item.choices


def _is_choices(item: Field, value: Json) -> bool:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return False
    return len(set(value)) == len(value) and item.choices.issuperset(value)


def _is_yes_no(item: Field, value: Json) -> bool:
    return isinstance(value, bool)


def _is_participants(item: Field, value: Json) -> bool:
    if not isinstance(value, Mapping) or not value or not set(value) <= {"l", "p"}:
        return False
    return all(type(count) is int and 0 <= count <= MAX_PARTICIPANTS for count in value.values())


def _is_location(item: Field, value: Json) -> bool:
    if not isinstance(value, Mapping) or not {"lat", "lon"} <= set(value) <= {"lat", "lon", "accuracy"}:
        return False
    if not all(_is_decimal(item, part) for part in value.values()):
        return False
    lat, lon = Decimal(str(value["lat"])), Decimal(str(value["lon"]))
    return abs(lat) <= 90 and abs(lon) <= 180


def _is_region(item: Field, value: Json) -> bool:
    return isinstance(value, str) and is_region_code(value)


def _is_reference(item: Field, value: Json) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"id", "name"}:
        return False
    entry = value["id"]
    return isinstance(entry, str) and is_record_id(entry) and _is_text(item, value["name"])


def _is_photo(item: Field, value: Json) -> bool:
    if not isinstance(value, Mapping) or set(value) - {"thumbnail"} != {"sha256", "bytes", "width", "height"}:
        return False
    if "thumbnail" in value and not _is_thumbnail(value["thumbnail"]):
        return False
    return is_picture(value) and is_size(value["width"]) and is_size(value["height"])


def _is_thumbnail(value: Json) -> bool:
    return isinstance(value, Mapping) and set(value) == {"sha256", "bytes"} and is_picture(value)


SHAPES: Mapping[str, Callable[[Field, Json], bool]] = {
    FieldType.TEXT: _is_text,
    FieldType.LONG_TEXT: _is_long_text,
    FieldType.INTEGER: _is_integer,
    FieldType.DECIMAL: _is_decimal,
    FieldType.RUPIAH: _is_integer,
    FieldType.DATE: _is_date,
    FieldType.TIME: _is_time,
    FieldType.CHOICE: _is_choice,
    FieldType.CHOICES: _is_choices,
    FieldType.YES_NO: _is_yes_no,
    FieldType.PARTICIPANTS: _is_participants,
    FieldType.LOCATION: _is_location,
    FieldType.REGION: _is_region,
    FieldType.REFERENCE: _is_reference,
    FieldType.PHOTO: _is_photo,
}


def fits(item: Field, value: Json) -> bool:
    """Tell whether a value has the type and shape of the field. None clears an answer and always fits.

    A type that only a newer release knows is not judged here.
    """
    shape = SHAPES.get(item.type)
    return value is None or shape is None or shape(item, value)


def is_blank(value: Json) -> bool:
    """Tell whether an answer counts as not given."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == [] or value == {}
