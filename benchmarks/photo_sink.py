"""The least a server could do with a photo in chunks: put each at its place, flush it, answer.

On the same framework and server as ours. It knows no callers, checks nothing and keeps no picture apart from its file.
Run as `python -m benchmarks.photo_sink PORT FOLDER`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, Request, patch


def _put(path: Path, at: int, content: bytes) -> None:
    opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.pwrite(opened, content, at)
        os.fsync(opened)
    finally:
        os.close(opened)


def main(port: int, folder: Path) -> None:
    """Serve until killed."""
    folder.mkdir(parents=True, exist_ok=True)

    @patch("/{name:int}", status_code=204)
    async def chunk(name: int, request: Request[Any, Any, Any]) -> None:
        """Keep a chunk."""
        await asyncio.to_thread(_put, folder / str(name), int(request.headers["Upload-Offset"]), await request.body())

    uvicorn.run(Litestar([chunk]), port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
