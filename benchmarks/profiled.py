"""A server that notes what it is busy with, for `PROFILE=1 make bench NAME=…`. Figures taken so say nothing."""

from __future__ import annotations

import collections
import signal
import types
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.servers import LumbungServer, run_command, run_here

EVERY_SECONDS = 0.002
"""Of processor time: what waits is not seen."""
SHOWN = 70
FILE = "profile.txt"


class ProfiledServer(LumbungServer):
    """A server whose first process writes, as it ends, which functions its processor time went to."""

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> BaseProcess:
        return run_command(arguments, environment, log, _profiled)


def _profiled(arguments: Sequence[str], environment: Mapping[str, str], log: str) -> None:
    alone, with_callees = collections.Counter[str](), collections.Counter[str]()

    def note(_number: int, frame: types.FrameType | None) -> None:
        if frame is not None:
            alone[_named(frame)] += 1
        seen = set[str]()
        while frame is not None:
            seen.add(_named(frame))
            frame = frame.f_back
        with_callees.update(seen)

    signal.signal(signal.SIGPROF, note)
    signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
    try:
        run_here(arguments, environment, log)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(log).with_name(FILE).write_text(_report(alone, with_callees), "utf-8")


def _named(frame: types.FrameType) -> str:
    code = frame.f_code
    place = "/".join(Path(code.co_filename).parts[-2:])
    return f"{place}:{code.co_firstlineno} {code.co_qualname}"


def _report(alone: collections.Counter[str], with_callees: collections.Counter[str]) -> str:
    total = max(1, alone.total())
    lines = [f"{total} samples of {EVERY_SECONDS * 1000:g} ms"]
    for title, counted in (("itself", alone), ("with what it calls", with_callees)):
        lines += ["", title]
        lines += [f"{100 * count / total:5.1f} %  {name}" for name, count in counted.most_common(SHOWN)]
    return "\n".join(lines) + "\n"
