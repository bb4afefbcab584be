"""The one canonical form of a value, and the digests made from it.

A value is what travels and is stored: null, booleans, whole numbers, text, lists and objects.
Decimals travel as text ("12.5"); floats do not exist here, so that every language writes the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
"""What a JSON parser yields. Floats appear only before `as_value` has looked at it."""

MAX_DEPTH = 12
# Whole numbers that every JSON implementation keeps exactly (RFC 8259, section 6).
MAX_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """The value has no canonical form; the message says why."""


def as_value(value: Json, depth: int = 0) -> Json:
    """Return the canonical twin of `value`: NFC text, no floats, no NUL, whole numbers of at most 53 bits.

    Raises NotCanonical.
    """
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical("a whole number is too large; send it as text")
        return value
    if isinstance(value, float):
        raise NotCanonical("decimal numbers are sent as text")
    if depth >= MAX_DEPTH:
        raise NotCanonical("the value is nested too deeply")
    if isinstance(value, Mapping):
        twin = {_text(key): as_value(item, depth + 1) for key, item in value.items()}
        if len(twin) != len(value):
            raise NotCanonical("two keys are the same text")
        return twin
    return [as_value(item, depth + 1) for item in value]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotCanonical("a key is not text")
    if "\0" in value:
        raise NotCanonical("the text holds a NUL character")
    if value.isascii():
        # Its own NFC; most texts are, and a batch holds thousands of them.
        return value
    text = unicodedata.normalize("NFC", value)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("the text is not valid Unicode") from None
    return text


def canonical_bytes(value: Json) -> bytes:
    """Return the canonical form: UTF-8 JSON, keys sorted by code point, no white space. Raises NotCanonical."""
    return encoded(as_value(value))


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def encoded(twin: Json) -> bytes:
    """Return the canonical form of what `as_value` gave: for those who need both, so that it is looked at once."""
    return _ENCODER.encode(twin).encode()


def digest(value: Json, *, deeper: int = 0) -> str:
    """Return the SHA-256 of the canonical form as 64 lowercase hexadecimal digits. Raises NotCanonical.

    `deeper`: how many levels more than MAX_DEPTH the value may have.
    """
    return hashlib.sha256(encoded(as_value(value, -deeper))).hexdigest()
