"""A real server process for tests: `python -m lumbung_server.main serve --demo` on a free port with its own folder."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import requests

START_SECONDS = 60


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LumbungServer:
    """One server process. Its port and folder stay the same when it is stopped and started again.

    `var`: folder of its data; `app`: folder of the bundle it serves, if any; `environment`: further settings.
    """

    def __init__(
        self, var: Path, *, app: Path | None = None, port: int | None = None, environment: dict[str, str] | None = None
    ) -> None:
        self.var = var
        self.port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **os.environ,
            "LUMBUNG_VAR": str(var),
            "LUMBUNG_PORT": str(self.port),
            "LUMBUNG_PUBLIC_URL": self.base_url,
            "LUMBUNG_APP": str(app or var / "no-app"),
            "PYTHONUNBUFFERED": "1",
            **(environment or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """Everything the process wrote so far, over all its starts."""
        return (self.var / "server.log").read_text("utf-8", "replace")

    @property
    def demo(self) -> dict[str, Any]:
        """The codes and logins the last start printed: {"address", "codes": […], "logins": […]}."""
        found: dict[str, Any] = json.loads((self.var / "demo.json").read_text("utf-8"))
        return found

    def start(self) -> LumbungServer:
        """Start the process and return when it is ready."""
        assert self._process is None, "the server runs already"
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lumbung_server.main", "serve", "--demo"],
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process.poll() is not None:
                raise AssertionError(f"the server ended with {self._process.returncode}:\n{self.output}")
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server was not ready after {START_SECONDS} s:\n{self.output}")
            time.sleep(0.05)
        return self

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.base_url}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> int:
        """Ask the process to end, wait for it and return its exit code."""
        assert self._process is not None, "the server does not run"
        self._process.terminate()
        return self._ended()

    def kill(self) -> int:
        """End the process at once, as a power cut would."""
        assert self._process is not None, "the server does not run"
        self._process.kill()
        return self._ended()

    def _ended(self) -> int:
        assert self._process is not None
        try:
            return self._process.wait(timeout=30)
        finally:
            self._process = None

    @property
    def runs(self) -> bool:
        """Whether the process was started and not stopped since."""
        return self._process is not None

    def invite(self, person: str) -> str:
        """Return a fresh enrolment code for a person of the roster, made by the `invite` command."""
        done = subprocess.run(
            [sys.executable, "-m", "lumbung_server.main", "invite", person],
            env=self._environment,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout.strip().splitlines()[-1]

    def __enter__(self) -> LumbungServer:
        return self if self.runs else self.start()

    def __exit__(self, *_: object) -> None:
        if self.runs:
            self.stop()


def temporary_server(**settings: Any) -> LumbungServer:
    """Return a server, not started, with a folder of its own under the system's temporary folder."""
    return LumbungServer(Path(tempfile.mkdtemp(prefix="lumbung-")), **settings)
