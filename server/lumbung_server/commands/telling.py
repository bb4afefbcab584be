"""Say what became of a command: to a person in Indonesian, or as one JSON object to a program. The exit codes."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lumbung_server.announcement import say
from lumbung_server.services.audit import Actor

DONE, FAILED, MISUSED, FAULTY = 0, 1, 2, 3
"""Exit codes: done; could not be done; wrongly called (as argparse does); looked, and something is wrong."""
WAS_ERASED = "sudah dihapus atas permintaan; id itu tidak dipakai lagi"
"""What is said of a person who is not to be let in again."""
INTERRUPTED = 130
"""Exit code of a command that was broken off with Ctrl+C; for a server that is the way to end it, and no fault."""


@dataclass(frozen=True)
class Telling:
    """How one run of a command speaks. `as_json`: one object on standard output when it is over, nothing before."""

    command: str
    as_json: bool = False

    @property
    def actor(self) -> Actor:
        """Who runs the command, for the log: the system's account."""
        try:
            return Actor(account=getpass.getuser())
        except (KeyError, OSError):
            return Actor(account=str(os.getuid()))

    def progress(self, text: str) -> None:
        """Say what is being done."""
        if not self.as_json:
            say(text)

    def done(self, lines: Iterable[str] = (), **told: Any) -> int:
        """Say what was done and return the exit code. `told`: the same for a program."""
        return self._over(DONE, lines, told)

    def faulty(self, lines: Iterable[str], **told: Any) -> int:
        """Say what was found to be wrong and return the exit code."""
        return self._over(FAULTY, lines, told)

    def _over(self, code: int, lines: Iterable[str], told: dict[str, Any]) -> int:
        if self.as_json:
            self._object({"ok": code == DONE, "command": self.command, **told})
        else:
            for line in lines:
                print(line, flush=True)  # noqa: T201 - the command's own output
        return code

    def failed(self, text: str) -> int:
        """Say why it could not be done and return the exit code."""
        if self.as_json:
            self._object({"ok": False, "command": self.command, "message": text})
        else:
            print(f"lumbung: {text}", file=sys.stderr, flush=True)  # noqa: T201 - the command's own output
        return FAILED

    def _object(self, told: dict[str, Any]) -> None:
        print(json.dumps(told, ensure_ascii=False), flush=True)  # noqa: T201 - the command's own output
