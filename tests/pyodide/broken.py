"""One test that fails and one that waits: shows that the run in Pyodide notices and that it can wait."""

from __future__ import annotations

import asyncio
import sys


def test_this_is_not_the_python_of_a_phone() -> None:
    assert sys.platform != "emscripten"


def test_waiting_works() -> None:
    async def later() -> str:
        await asyncio.sleep(0.001)
        return "later"

    assert asyncio.run(later()) == "later"
