"""Describe for OpenAPI what requests of tus hold: the framework sees neither their headers nor their bodies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)

TUS = "1.0.0"
CHUNK_TYPE = "application/offset+octet-stream"
Headers: TypeAlias = tuple[Parameter, ...]


def _header(name: str, schema: Schema, *, required: bool = True) -> Parameter:
    return Parameter(name, "header", schema=schema, required=required)


_VERSION = _header("Tus-Resumable", Schema(type=OpenAPIType.STRING, enum=[TUS]))
_OFFSET = _header("Upload-Offset", Schema(type=OpenAPIType.INTEGER, minimum=0))
_CHECKSUM = _header("Upload-Checksum", Schema(type=OpenAPIType.STRING), required=False)
_BYTES = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)


@dataclass
class Tus(Operation):
    """What OpenAPI says of a route that speaks tus: the headers that the framework does not see."""

    headers: ClassVar[Headers] = (_VERSION,)
    brings: ClassVar[bool] = False

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or ()), *self.headers]
        if self.brings:
            self.request_body = RequestBody(content={CHUNK_TYPE: OpenAPIMediaType(schema=_BYTES)}, required=False)


@dataclass
class Begins(Tus):
    """Of the request that begins an upload, with its first chunk or without."""

    headers: ClassVar[Headers] = (
        _VERSION,
        _header("Upload-Length", Schema(type=OpenAPIType.INTEGER, minimum=0)),
        _header("Upload-Metadata", Schema(type=OpenAPIType.STRING)),
        _CHECKSUM,
    )
    brings = True


@dataclass
class GoesOn(Tus):
    """Of the next chunk."""

    headers: ClassVar[Headers] = (_VERSION, _OFFSET, _CHECKSUM)
    brings = True


@dataclass
class ByAnotherName(GoesOn):
    """Of a POST that stands for another method."""

    headers: ClassVar[Headers] = (
        *GoesOn.headers,
        _header("X-HTTP-Method-Override", Schema(type=OpenAPIType.STRING, enum=["PATCH", "DELETE"])),
    )
