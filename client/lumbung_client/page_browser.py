"""Speaks with the browser's page: Python runs in a worker, and some things only a page may do."""

from __future__ import annotations

import asyncio
from typing import Any

import js
from pyodide.ffi import create_proxy, to_js


def tell_page(message: dict[str, Any]) -> None:
    """Tell the page something, without an answer."""
    _post(message)


async def ask_page(message: dict[str, Any]) -> bool:
    """Tell the page something and return what it says to it, however long that takes: it may have to ask the person."""
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    line = js.MessageChannel.new()

    def hear(event: Any) -> None:
        if not answer.done():
            answer.set_result(bool(event.data))

    line.port1.onmessage = create_proxy(hear)
    _post(message, line.port2)
    try:
        return await answer
    finally:
        line.port1.close()


def _post(message: dict[str, Any], *ports: Any) -> None:
    js.postMessage(to_js(message, dict_converter=js.Object.fromEntries), to_js(ports))
