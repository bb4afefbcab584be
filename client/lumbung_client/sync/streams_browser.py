"""Streams in a browser: its fetch, read bit by bit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import js
from pyodide.ffi import JsException, to_js

from lumbung_client.sync.transport import CONNECT_SECONDS, EVENTS, QUIET_SECONDS, Request, Unreachable


class BrowserStreams:
    """Opens streams of the origin that the app came from."""

    def __init__(self, server: str) -> None:
        self._server = server

    async def lines(self, request: Request) -> AsyncGenerator[str, None]:
        """Yield the lines of a stream. Raises Unreachable."""
        aborting = js.AbortController.new()
        options = {
            "method": request.method,
            "headers": dict(request.headers),
            "redirect": "error",
            "cache": "no-store",
            "signal": aborting.signal,
        }
        given = to_js(options, dict_converter=js.Object.fromEntries)
        try:
            answer = await asyncio.wait_for(js.fetch(self._server + request.path, given), CONNECT_SECONDS)
            if answer.status != 200 or not str(answer.headers.get("Content-Type") or "").startswith(EVENTS):
                raise Unreachable(f"no stream: {answer.status}")
            reader = answer.body.getReader()
            rest = b""
            while True:
                piece = await asyncio.wait_for(reader.read(), QUIET_SECONDS)
                if piece.done:
                    return
                *whole, rest = (rest + piece.value.to_bytes()).split(b"\n")
                for line in whole:
                    yield line.decode("utf-8", "replace").removesuffix("\r")
        except (JsException, OSError) as error:  # OSError covers the time-out
            raise Unreachable(str(error)) from error
        finally:
            aborting.abort()
