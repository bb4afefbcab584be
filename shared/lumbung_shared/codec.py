"""Frozen dataclasses to plain JSON values and back.

A field that equals its default is left out on the wire. Unknown keys are ignored, except in a class that
declares `extra`: there they are kept and written again, so that what a newer client said survives.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, TypeVar, cast

from lumbung_shared.canonical import Json

T = TypeVar("T")
EXTRA = "extra"


class Malformed(ValueError):
    """The value does not have the shape of the message; `where` is a dotted path to the place."""

    def __init__(self, where: str, expected: str) -> None:
        super().__init__(f"{where or 'message'}: expected {expected}")
        self.where = where
        self.expected = expected

    def within(self, place: str) -> Malformed:
        """Return the same for a value that stands at `place` of a larger one."""
        return Malformed(f"{place}.{self.where}".strip("."), self.expected)


_SCALARS = frozenset({str, int, bool, type(None)})
_OBJECT = (dict, Mapping)
"""What is taken for an object; nearly all are dicts, and to ask for that first takes a fraction of the time."""


def to_wire(value: object) -> Any:
    """Return plain dicts, lists and scalars for a dataclass (or a tuple or mapping of them)."""
    kind: type = type(value)
    return _writer(kind)(value)


def from_wire(cls: type[T], data: Json, where: str = "") -> T:
    """Build `cls` from plain values. Raises Malformed with the path of the first thing that does not fit."""
    try:
        return cast("T", _reader(cast("type", cls))(data))
    except Malformed as error:
        raise error.within(where) from None


Writer: TypeAlias = Callable[[Any], Any]
"""Takes a value of its type and returns it as a plain one."""


@functools.cache
def _writer(kind: type) -> Writer:
    """Return what writes values of one type: types are looked at once, values many times."""
    if issubclass(kind, (list, tuple)):
        return _list_of
    if dataclasses.is_dataclass(kind):
        return _dataclass_writer(kind)
    if issubclass(kind, Mapping):
        return _object_of
    return _as_it_is


def _list_of(value: Iterable[Any]) -> list[Any]:
    return [item if type(item) in _SCALARS else to_wire(item) for item in value]


def _object_of(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item if type(item) in _SCALARS else to_wire(item) for key, item in value.items()}


def _dataclass_writer(cls: type) -> Writer:
    defaults = _defaults(cls)
    keeps_extra = _keeps_extra(cls)

    def write(value: Any) -> dict[str, Any]:
        wire = dict(value.extra) if keeps_extra else {}
        for name, default in defaults.items():
            item = getattr(value, name)
            if item != default:
                wire[name] = item if type(item) in _SCALARS else to_wire(item)
        return wire

    return write


def _defaults(cls: type) -> dict[str, object]:
    """Field name to its default (MISSING where there is none) of a dataclass, `extra` left out."""
    made = {
        field.name: field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
        for field in dataclasses.fields(cls)
    }
    return {name: default for name, default in made.items() if name != EXTRA}


def _keeps_extra(cls: type) -> bool:
    return EXTRA in {field.name for field in dataclasses.fields(cls)}


Reader: TypeAlias = Callable[[Any], Any]
"""Takes a plain value and returns it as its type; raises Malformed with the path within it."""


@functools.cache
def _reader(kind: Any) -> Reader:
    """Return what reads one type: types are looked at once, values many times."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _optional_reader(kind)
    if origin is tuple:
        return _tuple_reader(typing.get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_reader(typing.get_args(kind)[1])
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(cast("type", kind))
    expected = {str: "text", int: "a whole number", bool: "true or false"}.get(kind, str(kind))

    def read(data: Any) -> Any:
        # bool is a subclass of int: a flag must not pass for a number.
        if type(data) is not kind:
            raise Malformed("", expected)
        return data

    return read


def _optional_reader(kind: Any) -> Reader:
    options = [option for option in typing.get_args(kind) if option is not type(None)]
    if len(options) > 1:
        # The one union of several types is `Json` itself: any value.
        return _as_it_is
    inner = _reader(options[0])
    return lambda data: None if data is None else inner(data)


def _as_it_is(data: Any) -> Any:
    return data


def _mapping_reader(item_type: Any) -> Reader:
    inner = _reader(item_type)

    def read(data: Any) -> dict[str, Any]:
        if not isinstance(data, _OBJECT) or not all(isinstance(key, str) for key in data):
            raise Malformed("", "an object")
        return dict(data) if inner is _as_it_is else {key: _at(key, inner, item) for key, item in data.items()}

    return read


def _tuple_reader(items: tuple[Any, ...]) -> Reader:
    repeated = len(items) == 2 and items[1] is Ellipsis
    inner = [_reader(kind) for kind in items if kind is not Ellipsis]

    def read(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, (list, tuple)):
            raise Malformed("", "a list")
        if repeated:
            one = inner[0]
            return tuple(data) if one is _as_it_is else tuple(_at(place, one, item) for place, item in enumerate(data))
        if len(inner) != len(data):
            raise Malformed("", f"a list of {len(inner)}")
        return tuple(_at(place, one, item) for place, (one, item) in enumerate(zip(inner, data, strict=True)))

    return read


def _dataclass_reader(cls: type) -> Reader:
    # Its fields are looked at when the first value comes: a form's field holds fields.
    shape: dict[str, tuple[Reader, bool]] = {}
    keeps_extra = _keeps_extra(cls)

    def read(data: Any) -> Any:
        if not isinstance(data, _OBJECT):
            raise Malformed("", "an object")
        if not shape:
            shape.update(_shape(cls))
        values: dict[str, Any] = {}
        for name, (one, required) in shape.items():
            if name in data:
                try:
                    values[name] = one(data[name])
                except Malformed as error:
                    raise error.within(name) from None
            elif required:
                raise Malformed(name, "a value")
        if keeps_extra:
            values[EXTRA] = {key: item for key, item in data.items() if key not in shape}
        return cls(**values)

    return read


def _at(place: str | int, reader: Reader, item: Any) -> Any:
    try:
        return reader(item)
    except Malformed as error:
        raise error.within(str(place)) from None


def _shape(cls: type) -> dict[str, tuple[Reader, bool]]:
    """Field name to (reader, required) of a dataclass, `extra` left out."""
    hints = typing.get_type_hints(cls)
    missing = dataclasses.MISSING
    return {
        field.name: (_reader(hints[field.name]), field.default is missing and field.default_factory is missing)
        for field in dataclasses.fields(cls)
        if field.name != EXTRA
    }
