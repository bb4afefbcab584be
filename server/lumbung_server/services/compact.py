"""The canonical form of what is canonical already, and writes read in one go: what the shared codec says, only faster.

msgspec reads and writes in C what `lumbung_shared` does in Python. It never decides: whatever it does not take is left
to the shared code, which says what is wrong with it. That both agree is tested.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Annotated, Any, TypeAlias, cast

import msgspec

from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.writes import PhoneTime, Write

_Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
_Flat: TypeAlias = str | _Whole | bool | None
# As deep as the answers of forms go; deeper values take the slow way.
_Answer: TypeAlias = _Flat | list[_Flat | dict[str, _Flat]] | dict[str, _Flat]


class _Time(msgspec.Struct, forbid_unknown_fields=True):
    wall: _Whole
    mono: _Whole = 0
    boot: str = ""


class _Sent(msgspec.Struct, forbid_unknown_fields=True):
    n: _Whole
    record: str
    kind: str
    form: _Whole
    sets: dict[str, _Answer]
    time: _Time
    replaces: dict[str, tuple[tuple[str, _Whole], ...]] = {}
    grant: _Whole = 0
    salt: str = ""
    was: str = ""


_ENCODER = msgspec.json.Encoder(order="sorted")


def compact(twin: Json) -> bytes:
    """Return the canonical form of what `canonical.as_value` gave, as `canonical.encoded` does."""
    return _ENCODER.encode(twin)


def compact_digest(twin: Json) -> str:
    """Return the SHA-256 of the canonical form of what `canonical.as_value` gave, as `canonical.digest` does."""
    return hashlib.sha256(_ENCODER.encode(twin)).hexdigest()


def parsed(body: bytes) -> Any:
    """Return the plain values of a JSON text. Raises ValueError, RecursionError."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        # Lone surrogates, for one, are no fault of the whole body.
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def quickly_read(raw: Json) -> tuple[Write, bytes] | None:
    """Return a write and its canonical form; None when it has to be read by the shared code."""
    try:
        sent = msgspec.convert(raw, _Sent)
        content = _ENCODER.encode(raw)
    except (msgspec.ValidationError, UnicodeEncodeError):
        return None
    if b"\\u0000" in content or not (content.isascii() or unicodedata.is_normalized("NFC", content.decode())):
        return None
    time = PhoneTime(sent.time.wall, sent.time.mono, sent.time.boot)
    sets = cast("dict[str, Json]", sent.sets)
    made = Write(sent.n, sent.record, sent.kind, sent.form, sets, time, sent.replaces, sent.grant, sent.salt, sent.was)
    return made, content
