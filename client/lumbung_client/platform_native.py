"""The pieces of an ordinary system: a folder, a thread for requests, the system's clocks."""

from __future__ import annotations

import platform
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

from lumbung_client import __version__
from lumbung_client.session.ports import Ports
from lumbung_client.store.durable_native import NativeFiles
from lumbung_client.sync.transport_native import NativeTransport
from lumbung_shared.writes import PhoneTime

DEFAULT_SERVER = "http://127.0.0.1:8000"
DEFAULT_FOLDER = "var/client"


class SystemClock:
    """The system's clocks. The monotonic one counts from the start of this process, which is its boot."""

    def __init__(self) -> None:
        self._boot = secrets.token_hex(8)

    def now(self) -> PhoneTime:
        """Return both clocks in ms."""
        return PhoneTime(time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000, self._boot)


def native_ports(environment: Mapping[str, str]) -> Ports:
    """Return the pieces; FLET_APP_STORAGE_DATA or LUMBUNG_DATA name the folder, LUMBUNG_SERVER the server."""
    folder = environment.get("FLET_APP_STORAGE_DATA") or environment.get("LUMBUNG_DATA") or DEFAULT_FOLDER
    server = environment.get("LUMBUNG_SERVER") or DEFAULT_SERVER
    return Ports(
        files=NativeFiles(Path(folder)),
        transport=NativeTransport(server.rstrip("/")),
        clock=SystemClock(),
        chance=secrets.token_bytes,
        app=__version__,
        device=platform.system(),
    )
