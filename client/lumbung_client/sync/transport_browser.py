"""HTTP in a browser: `requests` where Python can wait without stopping the loop, else the browser's own fetch.

Only one call of `requests` waits at a time: each holds a stack that the browser puts aside, and Python was once seen
to break down while several were. What is asked meanwhile goes by fetch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import js
from pyodide.ffi import JsException, can_run_sync, to_js
from pyodide.http import pyfetch

from lumbung_client.sync.transport import (
    CONNECT_SECONDS,
    READ_SECONDS,
    WHOLE_SECONDS,
    Request,
    Response,
    Unreachable,
)
from lumbung_client.sync.transport_native import exchange


class BrowserTransport:
    """Sends to the origin that the app came from."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._waits = False

    async def send(self, request: Request) -> Response:
        """Send it while the loop goes on. Raises Unreachable."""
        try:
            if can_run_sync() and not self._waits:
                return self._waited_for(request)
            return await asyncio.wait_for(_fetch(self._server, request), WHOLE_SECONDS)
        except (JsException, OSError) as error:  # OSError covers pyfetch's aborts and the time-out
            raise Unreachable(str(error)) from error

    def _waited_for(self, request: Request) -> Response:
        self._waits = True
        try:
            return exchange(self._server, request, (CONNECT_SECONDS, READ_SECONDS))
        finally:
            self._waits = False


async def _fetch(server: str, request: Request) -> Response:
    headers: Mapping[str, str] = request.headers
    body = {"body": to_js(request.body)} if request.body else {}
    answer = await pyfetch(
        server + request.path,
        method=request.method,
        headers=to_js(dict(headers), dict_converter=js.Object.fromEntries),
        redirect="manual",
        **body,
    )
    content = await answer.bytes()
    return Response(answer.status, {name.lower(): value for name, value in answer.headers.items()}, content)
