"""Serve: bind the port, prepare the database, run until told to end."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import uvicorn

from lumbung_server.announcement import announce, say
from lumbung_server.app import serving_app
from lumbung_server.commands.prepared import holding, prepared
from lumbung_server.commands.telling import DONE, FAILED, Telling
from lumbung_server.services.demo import Demo, prepare_demo
from lumbung_server.services.history import begin_run
from lumbung_server.services.reference import load_roster
from lumbung_server.settings import Settings
from lumbung_server.workers import serve_with_workers

HOST = "127.0.0.1"


def serve(settings: Settings, telling: Telling, *, demo: bool) -> int:
    """Serve until told to end and return the exit code. Raises Unusable, Busy, OSError."""
    try:
        listening = _bind(settings.port)
    except PermissionError:
        return telling.failed(
            f"port {settings.port} tidak boleh dipakai oleh akun ini; pilih yang lain, misalnya PORT=8001"
        )
    except OSError:
        return telling.failed(f"port {settings.port} sudah dipakai program lain; pilih yang lain, misalnya PORT=8001")
    with listening:
        # Port 0 lets the system choose; people need to be told the one it chose.
        port = listening.getsockname()[1]
        settings = replace(settings, port=port, public_url=settings.public_url.replace(":0", f":{port}"))
        # While the server runs it handles the signal itself, closes, and raises it again at the end.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            with holding(settings):
                made = asyncio.run(_prepare(settings, telling, demo=demo))
                began = _run_server(settings, listening, lambda: _say_it_runs(settings, telling, made))
        except KeyboardInterrupt:
            return DONE
    return DONE if began else FAILED


async def _prepare(settings: Settings, telling: Telling, *, demo: bool) -> Demo | None:
    """Bring the database up to date and note the start; for a demo load the roster and make codes as well."""
    if settings.public_url.startswith("https:") and not settings.trusted_proxies:
        telling.progress(
            "peringatan: LUMBUNG_TRUSTED_PROXIES kosong, jadi semua orang dihitung sebagai satu alamat; "
            "satu penebak kata sandi dapat menahan semua orang lain"
        )
    telling.progress("menyiapkan basis data dan wilayah Kalimantan Timur …")
    async with prepared(settings) as site:
        await begin_run(site)
        if not demo:
            return None
        telling.progress("menyiapkan data percobaan Kota Bontang …")
        await load_roster(site)
        return await prepare_demo(site)


def _say_it_runs(settings: Settings, telling: Telling, demo: Demo | None) -> None:
    if telling.as_json:
        telling.done(address=settings.public_url, **({"demo": asdict(demo)} if demo else {}))
    elif demo:
        announce(demo)
    else:
        say(f"berjalan di {settings.public_url}")


class _Server(uvicorn.Server):
    """A server that says when it has begun."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._begun()


def _run_server(settings: Settings, listening: socket.socket, begun: Callable[[], None]) -> bool:
    """Serve until told to end; tells whether it ever began."""
    configured = partial(_configured, settings)
    if settings.workers > 1:
        return serve_with_workers(settings, configured, listening, begun)
    server = _Server(configured(serving_app(settings)), begun)
    server.run(sockets=[listening])
    return server.started


def _bind(port: int) -> socket.socket:
    """Return a socket on the loopback address. Raises OSError when another program has the port."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def _configured(settings: Settings, app: Any, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=10,
        **more,
    )
