"""The API of published forms: each route calls one service and returns what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import Parameter

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services import forms, sheets
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_server.xlsform.writing import MEDIA_TYPE
from lumbung_shared.canonical import MAX_INTEGER
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FormReading, Offer, OfferPage, PublishRequest, WithdrawRequest

_TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED, Code.SERVER_BUSY)
_CHANGE = (*_TOKEN, Code.BODY_MALFORMED, Code.BODY_TOO_LARGE, Code.FORBIDDEN)
_PUBLISH = (*_CHANGE, Code.FORM_UNSOUND, Code.FORM_TOO_LARGE, Code.FIELD_RETYPED, Code.KIND_TAKEN)


@get("/forms", return_dto=Wire[OfferPage], responses=documented(*_TOKEN, Code.FILTER_MALFORMED))
async def offers(
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    after: Annotated[int, Parameter(ge=0, le=MAX_INTEGER)] = 0,
) -> OfferPage:
    """Give a page of the offers that concern the caller's regions, in the order of their changes."""
    return await forms.offers(site, caller, after)


@post("/forms", dto=Wire[PublishRequest], return_dto=Wire[Offer], responses=documented(*_PUBLISH))
async def publish(data: PublishRequest, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> Offer:
    """Publish a form as the next version of its kind, for a region and from a day on."""
    return await forms.publish(site, caller, data)


@post(
    "/forms/withdraw",
    status_code=200,
    dto=Wire[WithdrawRequest],
    return_dto=Wire[Offer],
    responses=documented(*_CHANGE, Code.FORM_UNKNOWN),
)
async def withdraw(data: WithdrawRequest, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> Offer:
    """Say that nobody begins with a version of a form any more; what was begun goes on."""
    return await forms.withdraw(site, caller, data)


@dataclass
class _TakesExcel(Operation):
    """What OpenAPI says of a route that takes an Excel file as it is."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        # Nothing at all is answered like every other file that is no workbook.
        self.request_body = RequestBody(content={MEDIA_TYPE: OpenAPIMediaType(schema=file)}, required=False)


@post(
    "/forms/xlsx",
    status_code=200,
    return_dto=Wire[FormReading],
    responses=documented(*_CHANGE),
    operation_class=_TakesExcel,
)
async def read_sheets(body: bytes, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> FormReading:
    """Read an Excel file with a form, and say what became of it. Publishes nothing."""
    return await sheets.read_sheets(site, caller, body)


@get("/forms/{kind:str}/{version:int}/xlsx", media_type=MEDIA_TYPE, responses=documented(*_TOKEN, Code.FORM_UNKNOWN))
async def write_sheets(kind: str, version: int, site: NamedDependency[Site]) -> Response[bytes]:
    """Give a published form as an Excel file that XLSForm's tools read."""
    headers = {"Content-Disposition": f'attachment; filename="{kind}-v{version}.xlsx"'}
    return Response(await sheets.write_sheets(site, kind, version), media_type=MEDIA_TYPE, headers=headers)


def form_routes() -> Sequence[Any]:
    """Return the routes of published forms, all for members."""
    return [offers, publish, withdraw, read_sheets, write_sheets]
