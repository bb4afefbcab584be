"""A server process of app files alone, that tests can stop, start again, deploy to and disturb."""

from __future__ import annotations

import asyncio
import math
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bundle import build
from litestar.enums import ScopeType

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

ROOT = Path(__file__).resolve().parent.parent.parent
PIECES, PAUSE = 12, 0.6
PORTAL_PAGE = b"<html><body>Selamat datang di WiFi gratis. Silakan masuk.</body></html>"


class Site:
    """The server's process; its folder holds the served app, the log of requests and what to disturb."""

    def __init__(self, folder: Path, bundle: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        self.deploy(bundle)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port: int = free.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def deploy(self, bundle: Path) -> None:
        """Serve this bundle from now on, as a new build would."""
        fresh = self._folder / "fresh"
        shutil.copytree(bundle, fresh)
        build.replace_folder(fresh, self._folder / "app")

    def start(self) -> None:
        """Start the process and wait for its first answer."""
        command = [sys.executable, "-m", "tests.bundle.site", str(self._folder), str(self._port)]
        path = os.pathsep.join([str(ROOT), str(ROOT / "client")])
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stderr=log)
        end = time.monotonic() + 30
        while not self._answers():
            assert time.monotonic() < end, (self._folder / "server.log").read_text()
            assert self._process.poll() is None, (self._folder / "server.log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """End the process; the port answers nobody."""
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1):
                return True
        except OSError:
            return False

    def cut(self, name: str) -> None:
        """Drop the connection in the middle of this file, until `undisturbed`."""
        (self._folder / "cut").write_text(name)

    def slow(self, name: str) -> None:
        """Send this file in pieces, with pauses, until `undisturbed`."""
        (self._folder / "slow").write_text(name)

    def captive_portal(self) -> None:
        """Answer everything with somebody else's page, until `undisturbed`."""
        (self._folder / "portal").touch()

    def undisturbed(self) -> None:
        """Serve normally."""
        for what in ("cut", "slow", "portal"):
            (self._folder / what).unlink(missing_ok=True)

    def requested(self) -> list[str]:
        """The files asked for so far, in order."""
        log = self._folder / "requests"
        return log.read_text().split() if log.exists() else []


def disturbed(app: ASGIApp, folder: Path) -> ASGIApp:
    """Log every request, and cut or replace answers as the files in `folder` say."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return await app(scope, receive, send)
        name = scope["path"].lstrip("/")
        with (folder / "requests").open("a") as log:
            log.write(f"{name or 'index.html'}\n")
        if (folder / "portal").exists():
            await send_page(send)
        elif named(folder / "cut") == name:
            await app(scope, receive, half_of(send))
        elif named(folder / "slow") == name:
            await app(scope, receive, in_pieces(send))
        else:
            await app(scope, receive, send)
        return None

    return serve


def named(file: Path) -> str | None:
    """The file that is to be disturbed, if any is."""
    return file.read_text() if file.exists() else None


def in_pieces(send: Send) -> Send:
    """Send the body in pieces with pauses between them."""

    async def slowly(message: Message) -> None:
        part: Any = message
        if part["type"] == "http.response.body":
            length = math.ceil(len(part["body"]) / PIECES) or 1
            for start in range(0, len(part["body"]), length):
                piece: Any = {**part, "body": part["body"][start : start + length], "more_body": True}
                await send(piece)
                await asyncio.sleep(PAUSE)
            part = {**part, "body": b""}
        await send(part)

    return slowly


def half_of(send: Send) -> Send:
    """Send half of the body and promise the rest, which never comes."""

    async def half(message: Message) -> None:
        part: Any = message
        if part["type"] == "http.response.body":
            part = {**part, "body": part["body"][: len(part["body"]) // 2], "more_body": True}
        await send(part)

    return half


async def send_page(send: Send) -> None:
    """Answer like a WiFi that wants a login first."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": PORTAL_PAGE, "more_body": False})


def main(folder: Path, port: int) -> None:
    """Run the server in this process."""
    import uvicorn
    from litestar import Litestar

    from lumbung_server.routes.app_files import app_files

    app = Litestar(route_handlers=list(app_files(folder / "app")), openapi_config=None)
    uvicorn.run(disturbed(app, folder), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
