"""The pieces of an ordinary system: a folder, a thread for requests, the system's clocks."""

from __future__ import annotations

import hashlib
import platform
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from lumbung_client import __version__
from lumbung_client.draw_native import draw
from lumbung_client.session.ports import Ports
from lumbung_client.shrink_native import shrink
from lumbung_client.store.durable_native import NativeFiles, NativeFolders
from lumbung_client.sync.transport_native import NativeStreams, NativeTransport
from lumbung_shared.writes import PhoneTime

DEFAULT_SERVER = "http://127.0.0.1:8000"
DEFAULT_FOLDER = "var/client"
OTHERS = "others"
"""The folder, within the first person's, for those of further people."""
LANGUAGE_FILE = "language.txt"
LANGUAGES = ("id", "en")
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    """The system's clocks.

    The monotonic one counts from the system's start and goes on while it sleeps, where that can be had; else it
    counts in this process alone, which is then its boot.
    """

    def __init__(self, boot_id: Path = BOOT_ID) -> None:
        boot = boot_of(boot_id) if hasattr(time, "CLOCK_BOOTTIME") else ""
        self._since_boot = bool(boot)
        self._boot = boot or secrets.token_hex(8)

    def now(self) -> PhoneTime:
        """Return both clocks in ms."""
        ticks = time.clock_gettime_ns(time.CLOCK_BOOTTIME) if self._since_boot else time.monotonic_ns()
        return PhoneTime(time.time_ns() // 1_000_000, ticks // 1_000_000, self._boot)


def boot_of(path: Path) -> str:
    """Return a name for the system's present boot from the file that holds its own; empty when it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


class RememberedLanguage:
    """The chosen language, where a second window finds it that cannot open the store. Losing it does no harm."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self) -> str:
        """Return the language chosen last; Indonesian when none was."""
        with suppress(OSError, ValueError):
            language = self._path.read_text(encoding="utf-8").strip()
            if language in LANGUAGES:
                return language
        return LANGUAGES[0]

    def remember(self, language: str) -> None:
        """Keep the language for the next start."""
        with suppress(OSError):
            self._path.write_text(language, encoding="utf-8")


def native_ports(environment: Mapping[str, str]) -> Ports:
    """Return the pieces; FLET_APP_STORAGE_DATA or LUMBUNG_DATA name the folder, LUMBUNG_SERVER the server."""
    folder = environment.get("FLET_APP_STORAGE_DATA") or environment.get("LUMBUNG_DATA") or DEFAULT_FOLDER
    server = environment.get("LUMBUNG_SERVER") or DEFAULT_SERVER
    language = RememberedLanguage(Path(folder) / LANGUAGE_FILE)
    return Ports(
        files=NativeFiles(Path(folder)),
        transport=NativeTransport(server.rstrip("/")),
        streams=NativeStreams(server.rstrip("/")),
        clock=SystemClock(),
        chance=secrets.token_bytes,
        app=__version__,
        device=platform.system(),
        language_chosen=language.remember,
        language=language.last(),
        shrink=shrink,
        others=NativeFolders(Path(folder) / OTHERS),
        server=server.rstrip("/"),
        draw=draw,
    )
