"""What an HTTP answer is worth. Only a whole, well-formed answer of Lumbung's own server counts as one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeVar

from lumbung_client.sync.transport import Response
from lumbung_shared.canonical import Json
from lumbung_shared.codec import Malformed, from_wire
from lumbung_shared.problems import Code, Problem

T = TypeVar("T")

TOKEN_CODES = frozenset({Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED})


@dataclass(frozen=True)
class Rejection:
    """The request did not work: a stable code, the server's own sentence if any, seconds to wait if it said so."""

    code: str
    detail: str = ""
    retry_after: int = 0


def read(cls: type[T], response: Response, *, status: int = 200) -> T | Rejection:
    """Return the message in an answer, or why it is none.

    A captive portal's page, a proxy's error and half a body are all told apart from what the server says.
    """
    body = _json(response)
    if response.status == status and _is(response, "application/json"):
        try:
            return from_wire(cls, body)
        except Malformed:
            return Rejection(Code.NOT_LUMBUNG)
    if response.status >= 400 and _is(response, "application/problem+json"):
        try:
            problem = from_wire(Problem, body)
        except Malformed:
            return Rejection(Code.NOT_LUMBUNG)
        return Rejection(problem.code, problem.detail, problem.retry_after or _retry_after(response))
    if response.status >= 500:
        return Rejection(Code.SERVER_ERROR, retry_after=_retry_after(response))
    return Rejection(Code.NOT_LUMBUNG)


def _is(response: Response, content_type: str) -> bool:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower() == content_type


def _json(response: Response) -> Json:
    try:
        value: Json = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    return value


def _retry_after(response: Response) -> int:
    text = response.headers.get("retry-after", "")
    return int(text) if text.isascii() and text.isdigit() else 0
