"""Names of columns and types: XLSForm's, and the extra columns by which a form of ours comes back as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lumbung_shared.form_checks import EXPRESSIONS
from lumbung_shared.forms import FieldType

OWN: Final = "lumbung_"
"""Our own columns are attributes of the instance that other tools carry along: `instance::lumbung_unit`."""
OWN_TEXTS = ("type", "unit", "min", "max", "register")
"""Own columns that hold a part of the field as it is."""
OWN_COLUMNS = frozenset({*OWN_TEXTS, "at_most", "extra", "personal", *EXPRESSIONS})
YES: Final = "yes"
OWN_SETTINGS = frozenset({"icon", "headline", "purpose", "title_en", "extra"})
"""Attributes of the whole form: `attribute::lumbung_icon`."""
NO_HEADLINE: Final = "-"

LANGUAGES: Mapping[str, str] = {"id": "Indonesia (id)", "en": "English (en)"}
"""Our languages as headers of columns name them."""

BINDS: Mapping[str, str] = {
    "relevant": "relevant",
    "constraint": "constraint",
    "calculation": "calculate",
    "required_if": "required",
}
"""Part of a field to its name among pyxform's binds, for expressions."""
HEADERS: Mapping[str, str] = {
    "required_if": "required",
    "filter": "choice_filter",
    "options": "type",
    "fields": "type",
}
"""Part of a field to the XLSForm column that says it, where the names differ."""

_TYPES: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.TEXT: ("text", "string", "q string", "add text prompt"),
    FieldType.INTEGER: ("integer", "int", "q int", "add integer prompt"),
    FieldType.DECIMAL: ("decimal", "q decimal", "add decimal prompt"),
    FieldType.DATE: ("date", "q date", "add date prompt"),
    FieldType.TIME: ("time",),
    FieldType.CHOICE: ("select one",),
    FieldType.CHOICES: ("select all that apply",),
    FieldType.LOCATION: ("geopoint", "location", "gps", "q geopoint", "q location", "add location prompt"),
    FieldType.PHOTOS: ("photo", "image", "q picture", "q image", "add image prompt"),
    FieldType.NOTE: ("note", "q note", "add note prompt"),
    FieldType.CALCULATED: ("calculate", "q calculate", "add calculate prompt", "hidden"),
    FieldType.GROUP: ("group",),
    FieldType.REPEAT: ("repeat",),
}
TYPES: Mapping[str, FieldType] = {name: kind for kind, names in _TYPES.items() for name in names}
"""Type of pyxform's tree to the field that asks the same."""
NEARLY: Mapping[str, FieldType] = {
    "barcode": FieldType.TEXT,
    "q barcode": FieldType.TEXT,
    "add barcode prompt": FieldType.TEXT,
    "range": FieldType.DECIMAL,
}
"""Types whose answer is the same, though it is asked differently."""
METADATA = frozenset(
    "start end today deviceid phonenumber simserial subscriberid username email audit imei "
    "uri:deviceid uri:phonenumber uri:simserial uri:subscriberid uri:username uri:email start-geopoint".split()
) | frozenset(
    f"{get}{what}"
    for get in ("", "get ")
    for what in ("start time", "end time", "today", "device id", "phone number", "sim id", "subscriber id")
)
"""What other tools note by themselves, and Lumbung in its own way."""

WRITTEN_AS: Mapping[str, str] = {
    FieldType.TEXT: "text",
    FieldType.LONG_TEXT: "text",
    FieldType.INTEGER: "integer",
    FieldType.DECIMAL: "decimal",
    FieldType.RUPIAH: "integer",
    FieldType.DATE: "date",
    FieldType.TIME: "time",
    FieldType.CHOICE: "select_one",
    FieldType.CHOICES: "select_multiple",
    FieldType.YES_NO: "select_one",
    FieldType.PARTICIPANTS: "integer",
    FieldType.LOCATION: "geopoint",
    FieldType.REGION: "text",
    FieldType.REFERENCE: "text",
    FieldType.PHOTOS: "image",
    FieldType.PHOTO: "image",
    FieldType.CALCULATED: "calculate",
    FieldType.NOTE: "note",
    FieldType.GROUP: "begin_group",
    FieldType.REPEAT: "begin_repeat",
}
"""Type of a field to the XLSForm type that other tools show for it."""
TOLD_APART = frozenset(
    {FieldType.RUPIAH, FieldType.YES_NO, FieldType.PARTICIPANTS, FieldType.REGION, FieldType.REFERENCE, FieldType.PHOTO}
)
"""Types that XLSForm lacks: `lumbung_type` says them. Of photos it is `lumbung_at_most` that says there may be more."""


def column_of(part: str) -> str:
    """Return what XLSForm calls the column that says a part of a field."""
    return HEADERS.get(part, part)
