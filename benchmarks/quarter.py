"""Hold processes to a quarter of a core, as a cheap phone has it beside a desk machine.

By a control group where the system lets us (version 2, or 1), else by stopping and continuing the processes in turn.
The period is short, so that a pause does not hide a whole measurement.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.timing import MOUNTS, CannotMeasure

PERIOD, QUOTA = 10_000, 2_500
"""In µs, of one core."""
STOPPED, RUNNING = 0.015, 0.005
"""In s, where there are no control groups."""
CPU_MAX, CFS_QUOTA = Path("/sys/fs/cgroup/cpu.max"), Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")


@contextmanager
def quarter_of_a_core(processes: tuple[int, ...]) -> Iterator[str]:
    """Hold the processes together to a quarter of a core; gives the name of the means. Raises CannotMeasure."""
    if not processes:
        raise CannotMeasure("there is no process to slow down")
    group = _group_2() or _group_1()
    if group is None:
        with _stopped_in_turn(processes):
            yield "SIGSTOP and SIGCONT"
        return
    home, means = group
    try:
        for process in processes:
            (home / "cgroup.procs").write_text(str(process))
        yield means
    finally:
        _leave(home)


def quota() -> str:
    """Return how much of the processors everything here may take, as a phrase."""
    cores = f"{os.cpu_count()} processors"
    for file, read in ((CPU_MAX, _quota_2), (CFS_QUOTA, _quota_1)):
        if file.exists() and (share := read(file)) is not None:
            return f"{cores}, held to {share:.2g} of them by a CPU quota"
    return f"{cores}, no CPU quota"


def _quota_2(file: Path) -> float | None:
    quota_, period = file.read_text().split()
    return None if quota_ == "max" else int(quota_) / int(period)


def _quota_1(file: Path) -> float | None:
    quota_, period = int(file.read_text()), int((file.parent / "cpu.cfs_period_us").read_text())
    return None if quota_ < 0 else quota_ / period


def _group_2() -> tuple[Path, str] | None:
    root = _mounted("cgroup2")
    try:
        if root is None or "cpu" not in (root / "cgroup.controllers").read_text().split():
            return None
        (root / "cgroup.subtree_control").write_text("+cpu")
        home = _made(root)
        (home / "cpu.max").write_text(f"{QUOTA} {PERIOD}")
    except OSError:
        return None
    return home, "control group, version 2"


def _group_1() -> tuple[Path, str] | None:
    root = _mounted("cgroup", "cpu")
    try:
        if root is None:
            return None
        home = _made(root)
        (home / "cpu.cfs_period_us").write_text(str(PERIOD))
        (home / "cpu.cfs_quota_us").write_text(str(QUOTA))
    except OSError:
        return None
    return home, "control group, version 1"


def _mounted(kind: str, option: str = "") -> Path | None:
    """Return where a kind of file system is mounted with an option, if it is."""
    if not MOUNTS.exists():
        return None
    for line in MOUNTS.read_text("utf-8").splitlines():
        _, where, found, options, *_ = line.split()
        if found == kind and (not option or option in options.split(",")):
            return Path(where)
    return None


def _made(root: Path) -> Path:
    home = root / f"lumbung-bench-{os.getpid()}"
    home.mkdir(exist_ok=True)
    return home


def _leave(home: Path) -> None:
    for process in (home / "cgroup.procs").read_text().split():
        with suppress(OSError):  # it ended meanwhile
            (home.parent / "cgroup.procs").write_text(process)
    home.rmdir()


@contextmanager
def _stopped_in_turn(processes: tuple[int, ...]) -> Iterator[None]:
    over = threading.Event()

    def turn() -> None:
        while not over.wait(RUNNING):
            _signal(processes, signal.SIGSTOP)
            over.wait(STOPPED)
            _signal(processes, signal.SIGCONT)

    turning = threading.Thread(target=turn, daemon=True)
    turning.start()
    try:
        yield
    finally:
        over.set()
        turning.join()
        _signal(processes, signal.SIGCONT)


def _signal(processes: tuple[int, ...], what: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, what)
