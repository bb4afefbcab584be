"""A TCP proxy that passes on what it gets and counts it: bytes each way, and how often the sides took turns."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

PIECE = 65_536


class CountingProxy:
    """Listens on a free port of this machine and connects to `port`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._reset()
        threading.Thread(target=self._accept, daemon=True).start()

    def _reset(self) -> None:
        self._up = self._down = self._trips = 0
        self._asked = False

    @property
    def address(self) -> str:
        """Where to send what is to be counted."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def taken(self) -> tuple[int, int, int]:
        """Return bytes up, bytes down and round trips since the last call."""
        with self._lock:
            found = (self._up, self._down, self._trips)
            self._reset()
            return found

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self._port)) as far:
            back = threading.Thread(target=self._pass_on, args=(far, near, False), daemon=True)
            back.start()
            self._pass_on(near, far, upward=True)
            back.join()

    def _pass_on(self, source: socket.socket, sink: socket.socket, upward: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self._count(len(piece), upward)
                sink.sendall(piece)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _count(self, size: int, upward: bool) -> None:
        with self._lock:
            if upward:
                self._up += size
                self._trips += not self._asked
            else:
                self._down += size
            self._asked = upward
