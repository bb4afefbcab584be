"""Frozen dataclasses to plain JSON values and back.

A field that equals its default is left out on the wire. Unknown keys are ignored, except in a class that
declares `extra`: there they are kept and written again, so that what a newer client said survives.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from lumbung_shared.canonical import Json

T = TypeVar("T")
EXTRA = "extra"


class Malformed(ValueError):
    """The value does not have the shape of the message; `where` is a dotted path to the place."""

    def __init__(self, where: str, expected: str) -> None:
        super().__init__(f"{where or 'message'}: expected {expected}")
        self.where = where
        self.expected = expected


_SCALARS = frozenset({str, int, bool, type(None)})


def to_wire(value: object) -> Any:
    """Return plain dicts, lists and scalars for a dataclass (or a tuple or mapping of them)."""
    if type(value) in _SCALARS:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        wire = dict(getattr(value, EXTRA, {}))
        for field in dataclasses.fields(value):
            item = getattr(value, field.name)
            if field.name != EXTRA and item != _default(field):
                wire[field.name] = to_wire(item)
        return wire
    if isinstance(value, Mapping):
        return {key: to_wire(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_wire(item) for item in value]
    return value


def from_wire(cls: type[T], data: Json, where: str = "") -> T:
    """Build `cls` from plain values. Raises Malformed with the path of the first thing that does not fit."""
    return cast("T", _read(cls, data, where))


def _default(field: dataclasses.Field[Any]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


@functools.cache
def _shape(cls: type) -> dict[str, tuple[Any, bool]]:
    """Field name to (type, required) of a dataclass."""
    hints = typing.get_type_hints(cls)
    missing = dataclasses.MISSING
    return {
        field.name: (hints[field.name], field.default is missing and field.default_factory is missing)
        for field in dataclasses.fields(cls)
    }


def _read(kind: Any, data: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _read_optional(kind, data, where)
    if origin is tuple:
        return _read_tuple(typing.get_args(kind), data, where)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
            raise Malformed(where, "an object")
        item_type = typing.get_args(kind)[1]
        return {key: _read(item_type, item, f"{where}.{key}".lstrip(".")) for key, item in data.items()}
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(cast("type", kind), data, where)
    # bool is a subclass of int: a flag must not pass for a number.
    if type(data) is not kind:
        raise Malformed(where, {str: "text", int: "a whole number", bool: "true or false"}.get(kind, str(kind)))
    return data


def _read_optional(kind: Any, data: Any, where: str) -> Any:
    if data is None:
        return None
    options = [option for option in typing.get_args(kind) if option is not type(None)]
    # The one union of several types is `Json` itself: any value.
    return data if len(options) > 1 else _read(options[0], data, where)


def _read_tuple(items: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(data, (list, tuple)):
        raise Malformed(where, "a list")
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(_read(items[0], item, f"{where}.{index}".lstrip(".")) for index, item in enumerate(data))
    if len(items) != len(data):
        raise Malformed(where, f"a list of {len(items)}")
    pairs = zip(items, data, strict=True)
    return tuple(_read(kind, item, f"{where}.{index}".lstrip(".")) for index, (kind, item) in enumerate(pairs))


def _read_dataclass(cls: type, data: Any, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise Malformed(where, "an object")
    shape = _shape(cls)
    values: dict[str, Any] = {}
    for name, (kind, required) in shape.items():
        place = f"{where}.{name}".lstrip(".")
        if name != EXTRA and name in data:
            values[name] = _read(kind, data[name], place)
        elif required and name != EXTRA:
            raise Malformed(place, "a value")
    if EXTRA in shape:
        values[EXTRA] = {key: item for key, item in data.items() if key not in shape or key == EXTRA}
    return cls(**values)
