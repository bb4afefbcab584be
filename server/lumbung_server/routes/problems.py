"""Answer every error with problem details (RFC 9457): a stable code and a sentence in the reader's language."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from litestar import HttpMethod, MediaType, Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException, ValidationException
from litestar.openapi import ResponseSpec
from litestar.types import ExceptionHandlersMap

from lumbung_server.db.connections import Busy
from lumbung_server.refusal import STATUS, Refusal
from lumbung_server.services.blobs import BlobsFailed
from lumbung_shared.codec import to_wire
from lumbung_shared.problems import Code, Problem, sentence

BUSY_SECONDS = 5
"""After so long a phone may try again when the database was locked."""
_log = structlog.get_logger("lumbung")
_PACKAGE = Path(__file__).parent.parent
_BY_STATUS: Mapping[int, Code] = {
    400: Code.BODY_MALFORMED,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.BODY_TOO_LARGE,
}


_PHRASES: Mapping[int, str] = {460: "Checksum Mismatch"}
"""Of statuses that HTTP itself does not know: tus has one of its own."""


def language_of(header: str) -> str:
    """Return `en` when an Accept-Language header prefers English to Indonesian, else `id`."""
    weights = {"id": 0.0, "en": 0.0}
    for part in header.lower().split(","):
        tag, _, quality = part.strip().partition(";")
        language = tag.split("-")[0].strip()
        if language in weights:
            weights[language] = max(weights[language], _weight(quality))
    return "en" if weights["en"] > weights["id"] else "id"


def _weight(quality: str) -> float:
    try:
        return float(quality.strip().removeprefix("q=")) if quality.strip() else 1.0
    except ValueError:
        return 0.0


def answer(request: Request[Any, Any, Any], code: Code, where: str = "", retry_after: int = 0) -> Response[Any]:
    """Return the problem answer of a code in the language of the request."""
    status = STATUS[code]
    problem = Problem(
        code=code.value,
        status=status,
        title=_PHRASES.get(status) or HTTPStatus(status).phrase,
        detail=sentence(code, language_of(request.headers.get("Accept-Language", ""))),
        where=where,
        retry_after=retry_after,
    )
    headers = {}
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    # `type` is always about:blank, and that says so by being left out.
    return Response(to_wire(problem), status_code=status, media_type="application/problem+json", headers=headers)


def _refused(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    return answer(request, refusal.code, refusal.where, refusal.retry_after)


def _busy(request: Request[Any, Any, Any], _: Busy | BlobsFailed) -> Response[Any]:
    return answer(request, Code.SERVER_BUSY, retry_after=BUSY_SECONDS)


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unhandled(request, error)
    code = _BY_STATUS.get(error.status_code, Code.BODY_MALFORMED)
    # Bodies are read by the shared codec: what the framework itself validates are query parameters.
    if isinstance(error, ValidationException) and request.method == HttpMethod.GET:
        code = Code.FILTER_MALFORMED
    if isinstance(error, (NotFoundException, MethodNotAllowedException)) and not _is_api(request):
        return Response(sentence(code, "id"), status_code=error.status_code, media_type=MediaType.TEXT)
    answered = answer(request, code)
    for name, value in (error.headers or {}).items():
        answered.headers[name] = value
    return answered


def _is_api(request: Request[Any, Any, Any]) -> bool:
    return request.scope["path"].startswith(("/api", "/schema", "/healthz", "/readyz"))


def _unhandled(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    # Neither the message nor the address: both can hold what people wrote.
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    _log.error(
        "unhandled error",
        error=type(error).__name__,
        cause=type(getattr(error, "orig", None) or error.__cause__).__name__,
        route=getattr(request.scope.get("route_handler"), "handler_name", ""),
        frames=[f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in (*own[-6:], *frames[-1:])],
    )
    return answer(request, Code.SERVER_ERROR)


def documented(*codes: Code) -> dict[int, ResponseSpec]:
    """Return what OpenAPI says about the problems of a route, by status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code.value)
    return {
        status: ResponseSpec(
            Problem, description=", ".join(names), media_type="application/problem+json", generate_examples=False
        )
        for status, names in sorted(by_status.items())
    }


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    Refusal: _refused,
    Busy: _busy,
    BlobsFailed: _busy,
    HTTPException: _http,
    Exception: _unhandled,
}
