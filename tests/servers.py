"""A real server process for tests: `lumbung serve --demo` on a free port with its own folder.

The processes are forked from one that has loaded the program already: loading it is most of a start. `AsInstalled` is
one whose workers load it themselves, as they do outside of tests.
"""

from __future__ import annotations

import functools
import json
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests

START_SECONDS = 60


@functools.cache
def _forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.warm"])
    return context


def run_command(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path, command: Callable[..., None] | None = None
) -> BaseProcess:
    """Start the command `lumbung`, or what stands for it, in a process of its own that writes to the end of a file."""
    # A process that has processes of its own must not be a daemon; who starts it has to end it.
    alone = environment.get("LUMBUNG_WORKERS", "1") == "1"
    made = _forks().Process(
        target=command or run_forking, args=(list(arguments), dict(environment), str(log)), daemon=alone
    )
    made.start()
    return made


def run_forking(arguments: Sequence[str], environment: Mapping[str, str], log: str) -> None:
    """Become the command `lumbung` with workers that are forked from it, for the same reason."""
    from uvicorn import _subprocess  # in Pyodide this module is read, too, and there is no server

    with patch.object(_subprocess, "spawn", multiprocessing.get_context("fork")):
        run_here(arguments, environment, log)


def run_here(arguments: Sequence[str], environment: Mapping[str, str], log: str) -> None:
    """Become the command `lumbung`."""
    from lumbung_server.main import main

    # A group of its own: the workers end with it, whatever ends it.
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    with Path(log).open("ab") as output, Path(os.devnull).open() as nothing:
        for stream, file in enumerate((nothing, output, output)):
            os.dup2(file.fileno(), stream)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w", 1), os.fdopen(2, "w", 1)
    sys.exit(main(arguments))


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
        self._process: BaseProcess | None = None

    @property
    def database_url(self) -> str:
        """The address of its database."""
        return self._environment.get("LUMBUNG_DATABASE_URL") or f"sqlite:///{self.var / 'lumbung.sqlite3'}"

    @property
    def pid(self) -> int:
        """The number of the process; with one worker it is the one that answers."""
        assert self._process is not None, "the server does not run"
        assert self._process.pid is not None
        return self._process.pid

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
        (self.var / "server.log").touch()
        self._process = self._run(["serve", "--demo"], self._environment, self.var / "server.log")
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process.exitcode is not None:
                raise AssertionError(f"the server ended with {self._process.exitcode}:\n{self.output}")
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server was not ready after {START_SECONDS} s:\n{self.output}")
            time.sleep(0.05)
        return self

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> BaseProcess:
        return run_command(arguments, environment, log)

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.base_url}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> int:
        """Ask the process to end, wait for it and return its exit code."""
        self._signal(sent)
        return self._ended()

    def kill(self) -> int:
        """End the process and its workers at once, as a power cut would."""
        assert self._process is not None, "the server does not run"
        assert self._process.pid is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        ended = self._ended()
        self._until_nobody_listens()
        return ended

    def _until_nobody_listens(self) -> None:
        """Wait for the last worker: it holds the port until it is gone, a moment after the process that started it."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", self.port))
                except OSError:
                    time.sleep(0.01)
                else:
                    return
        raise AssertionError(f"port {self.port} is still in use after the server was killed")

    def pause(self) -> None:
        """Let the process stand still: connections are taken, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let the process go on after `pause`."""
        self._signal(signal.SIGCONT)

    def _signal(self, sent: signal.Signals) -> None:
        assert self._process is not None, "the server does not run"
        assert self._process.pid is not None
        if sent in (signal.SIGSTOP, signal.SIGCONT):
            os.killpg(self._process.pid, sent)
        else:
            os.kill(self._process.pid, sent)

    def _ended(self) -> int:
        assert self._process is not None
        try:
            self._process.join(timeout=30)
            assert self._process.exitcode is not None, f"the server does not end:\n{self.output}"
            return self._process.exitcode
        finally:
            self._process = None

    def beside(self, **environment: str) -> LumbungServer:
        """Return another server, not started, on the same folder and database, with other settings."""
        kept = {"LUMBUNG_DATABASE_URL": self.database_url}
        return LumbungServer(self.var, environment={**kept, **environment})

    @property
    def runs(self) -> bool:
        """Whether the process was started and not stopped since."""
        return self._process is not None

    def invite(self, person: str) -> str:
        """Return a fresh enrolment code for a person of the roster, made by the `invite` command."""
        exit_code, said = self.command("invite", person)
        assert exit_code == 0, said
        return said.strip().splitlines()[-1]

    def command(self, *arguments: object) -> tuple[int, str]:
        """Run another command on the same folder and database; its exit code and all that it said."""
        log = self.var / f"{arguments[0]}.log"
        log.unlink(missing_ok=True)
        running = run_command([str(one) for one in arguments], self._environment, log)
        running.join(timeout=START_SECONDS)
        assert running.exitcode is not None, "the command does not end"
        return running.exitcode, log.read_text("utf-8", "replace")

    def __enter__(self) -> LumbungServer:
        return self if self.runs else self.start()

    def __exit__(self, *_: object) -> None:
        if self.runs:
            self.stop()


class AsInstalled(LumbungServer):
    """A server each worker of which loads the program itself."""

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> BaseProcess:
        return run_command(arguments, environment, log, run_here)


def temporary_server(**settings: Any) -> LumbungServer:
    """Return a server, not started, with a folder of its own under the system's temporary folder."""
    return LumbungServer(Path(tempfile.mkdtemp(prefix="lumbung-")), **settings)
