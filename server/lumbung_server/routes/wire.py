"""Read and write the shared messages with the shared codec, and describe them for OpenAPI."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Generator, Mapping
from typing import Any, TypeVar

from litestar import Response
from litestar.dto import AbstractDTO, DTOFieldDefinition
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.typing import FieldDefinition

from lumbung_server.refusal import Refusal
from lumbung_server.services.compact import parsed
from lumbung_shared.codec import EXTRA, Malformed, from_wire, to_wire
from lumbung_shared.problems import Code

T = TypeVar("T")


def read_json(body: bytes) -> Any:
    """Parse a request body strictly. Raises Refusal: body-malformed."""
    try:
        return parsed(body)
    except (ValueError, RecursionError):
        raise Refusal(Code.BODY_MALFORMED) from None


class Wire(AbstractDTO[T]):
    """A message of the protocol: what the shared codec reads and writes is all that is checked here."""

    def decode_bytes(self, value: bytes) -> T:
        """Return the message in a body. Raises Refusal: body-malformed, with the path of what does not fit."""
        try:
            return from_wire(self.model_type, read_json(value))
        except Malformed as error:
            raise Refusal(Code.BODY_MALFORMED, error.where) from None

    def data_to_encodable_type(self, data: Any) -> Any:
        """Return plain values for a message."""
        return to_wire(data)

    @classmethod
    def create_for_field_definition(cls, *_: Any, **__: Any) -> None:
        """Nothing to prepare."""

    @classmethod
    def create_openapi_schema(cls, field_definition: FieldDefinition, *_: Any, **__: Any) -> Schema:
        """Return the schema of the message, also of one that a route answers with headers of its own."""
        if field_definition.is_subclass_of(Response):
            field_definition = field_definition.inner_types[0]
        return schema_of(field_definition.annotation)

    @classmethod
    def generate_field_definitions(cls, *_: Any) -> Generator[DTOFieldDefinition, None, None]:
        """Yield nothing: the codec reads the dataclass itself."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, *_: Any) -> bool:
        """Tell that no field needs help."""
        return False


_PLAIN = {
    str: OpenAPIType.STRING,
    int: OpenAPIType.INTEGER,
    bool: OpenAPIType.BOOLEAN,
}


def schema_of(kind: Any, within: tuple[Any, ...] = ()) -> Schema:
    """Return the OpenAPI schema of a type that the shared codec knows.

    `within`: the messages it stands in; one of them once more is described by its name alone.
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind in _PLAIN:
        return Schema(type=_PLAIN[kind])
    if origin in (types.UnionType, typing.Union):
        options = [option for option in arguments if option is not type(None)]
        return Schema() if len(options) > 1 else schema_of(options[0], within)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return Schema(type=OpenAPIType.ARRAY, items=schema_of(arguments[0], within))
        parts = [schema_of(one, within) for one in arguments]
        count = len(parts)
        # What stands in which place is told in the protocol: few tools read that from a schema.
        return Schema(type=OpenAPIType.ARRAY, items=Schema(one_of=parts), min_items=count, max_items=count)
    if origin is not None and issubclass(origin, Mapping):
        return Schema(type=OpenAPIType.OBJECT, additional_properties=schema_of(arguments[1], within))
    return _schema_of_dataclass(kind, within)


def _schema_of_dataclass(kind: Any, within: tuple[Any, ...]) -> Schema:
    if kind in within:
        return Schema(type=OpenAPIType.OBJECT, title=kind.__name__)
    hints = typing.get_type_hints(kind)
    missing = dataclasses.MISSING
    fields = [one for one in dataclasses.fields(kind) if one.name != EXTRA]
    return Schema(
        type=OpenAPIType.OBJECT,
        title=kind.__name__,
        description=kind.__doc__,
        properties={one.name: schema_of(hints[one.name], (*within, kind)) for one in fields},
        required=[one.name for one in fields if one.default is missing and one.default_factory is missing],
    )
