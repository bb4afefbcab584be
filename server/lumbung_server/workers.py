"""Serve with several processes that share one listening socket. Decides when they begin and end, never what they do."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial

import uvicorn
from litestar import Litestar
from uvicorn.supervisors import Multiprocess

from lumbung_server.app import serving_app
from lumbung_server.logs import set_up_logs
from lumbung_server.settings import Settings

START_SECONDS = 60
_LOOK_SECONDS = 0.5


def worker_app(settings: Settings) -> Litestar:
    """Return the application in a process of its own, which ends when the process that started it is gone."""
    set_up_logs(as_json=settings.log_json)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    return serving_app(settings)


def _end_with(parent: int) -> None:
    # A parent that was killed can tell nobody; without this the workers would keep the port for ever.
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


class _Workers(Multiprocess):
    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], started: Callable[[], None]) -> None:
        super().__init__(config, sockets)
        self._started = started

    def init_processes(self) -> None:
        """Start all workers, wait until they serve, and say so."""
        super().init_processes()
        if all(process.wait_until_ready(START_SECONDS, self.should_exit) for process in self.processes):
            self._started()
        else:
            self.should_exit.set()


def serve_with_workers(
    settings: Settings,
    configured: Callable[..., uvicorn.Config],
    listening: socket.socket,
    started: Callable[[], None],
) -> bool:
    """Serve until told to end, `started` being called once all workers do; tells whether they ever did."""
    began = False

    def note() -> None:
        nonlocal began
        began = True
        started()

    config = configured(partial(worker_app, settings), factory=True, workers=settings.workers)
    _Workers(config, [listening], note).run()
    return began
