"""A proxy of this machine that passes everything on, and holds the server's answers to syncs back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SYNC = b"POST /api/v1/sync"
_PIECE = 65_536


class HoldingProxy:
    """Listens on a free port and connects to `port`. `held`: answers that it holds back now."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._passing = threading.Event()
        self._changed = threading.Condition()
        self._seconds = 0.0
        self.held = 0
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @contextmanager
    def running(self) -> Iterator[HoldingProxy]:
        """The proxy while it listens; at the end nothing is held back any more."""
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self.release()
            self._listener.close()

    def hold(self, seconds: float) -> None:
        """Hold every answer to a sync back for so long from now on."""
        self._seconds = seconds
        self._passing.clear()

    def release(self) -> None:
        """Pass on what is held back, and hold nothing more."""
        self._seconds = 0.0
        self._passing.set()

    def wait_for_held(self, seconds: float = 30) -> bool:
        """Wait until an answer is held back; tells whether one is."""
        with self._changed:
            return self._changed.wait_for(lambda: self.held > 0, seconds)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        asked = threading.Event()
        with near, suppress(OSError), socket.create_connection(("127.0.0.1", self._port)) as far:
            back = threading.Thread(target=self._down, args=(far, near, asked), daemon=True)
            back.start()
            with suppress(OSError):
                while piece := near.recv(_PIECE):
                    if SYNC in piece:
                        asked.set()
                    far.sendall(piece)
            with suppress(OSError):
                far.shutdown(socket.SHUT_WR)
            back.join()

    def _down(self, far: socket.socket, near: socket.socket, asked: threading.Event) -> None:
        with suppress(OSError):
            while piece := far.recv(_PIECE):
                if asked.is_set():
                    asked.clear()
                    self._keep_back()
                near.sendall(piece)
        with suppress(OSError):
            near.shutdown(socket.SHUT_WR)

    def _keep_back(self) -> None:
        if self._seconds:
            self._count(1)
            self._passing.wait(self._seconds)
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._changed:
            self.held += change
            self._changed.notify_all()
