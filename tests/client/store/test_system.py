"""The store on a real operating system: what a save asks of it, and what happens when it refuses."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lumbung_client.store.durable import StoreFailed
from lumbung_client.store.durable_native import NativeFiles
from lumbung_client.store.frames import Change
from tests.client.store.stores import checkpoint, open_store
from tools import strace

NOBODY = 65534
SAVES = 20
BEGIN = """
import asyncio, os, resource, sys
from pathlib import Path
from lumbung_client.store.durable import StoreError
from lumbung_client.store.durable_native import NativeFiles
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore

def opened(folder):
    return asyncio.run(LocalStore.open(NativeFiles(Path(folder))))

def save(store, n):
    store.apply([Change("outbox", str(n), {"n": n, "text": "Bank sampah " * 60}), Change("meta", "last", {"n": n})])

"""


def program(source: str, *arguments: object) -> list[str]:
    """The command that runs this source, with the names of BEGIN."""
    return [sys.executable, "-c", BEGIN + source, *map(str, arguments)]


def output(command: list[str]) -> list[str]:
    """The lines that a command prints; it must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# What a save costs


def counted(monkeypatch: pytest.MonkeyPatch, calls: Counter[str]) -> None:
    """Count the calls of the operating system that change files."""

    def count(name: str) -> None:
        whole: Callable[..., object] = getattr(os, name)

        def call(*arguments: object, **named: object) -> object:
            calls[name] += 1
            return whole(*arguments, **named)

        monkeypatch.setattr(os, name, call)

    for name in "pwrite write fsync fdatasync ftruncate truncate rename replace unlink remove open close".split():
        count(name)


def test_a_save_is_one_write_and_one_flush_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(NativeFiles(tmp_path))
    store.apply([Change("meta", "first", {"n": 0})])
    calls = Counter[str]()
    with monkeypatch.context() as patched:
        counted(patched, calls)
        for n in range(1, SAVES + 1):
            store.apply([Change("outbox", str(n), {"n": n}), Change("outbox", str(n // 2), None)])
    assert calls == {"pwrite": SAVES, "fsync": SAVES}
    store.close()


TRACED = """
store = opened(sys.argv[1])
save(store, 0)
os.write(1, b"begin")
for n in range(1, 1 + int(sys.argv[2])):
    save(store, n)
os.write(1, b"end")
"""
CHANGING = "pwrite64 pwritev pwritev2 write writev fsync fdatasync sync_file_range msync ftruncate truncate rename"
CHANGING += " renameat renameat2 unlink unlinkat openat open creat fallocate"


@pytest.mark.full
def test_the_kernel_sees_one_write_and_one_fsync_per_save(tmp_path: Path) -> None:
    tracer = strace.find()
    assert tracer, strace.ADVICE
    log = tmp_path / "calls"
    # The question mark: not every machine has every call.
    wanted = ",".join(f"?{name}" for name in CHANGING.split())
    output([tracer, "-f", "-o", str(log), "-e", f"trace={wanted}", *program(TRACED, tmp_path / "store", SAVES)])
    seen = re.findall(r"^\d+ +(\w+)\(([^,)]*)(.*)$", log.read_text(), flags=re.MULTILINE)
    begin, end = (
        next(n for n, it in enumerate(seen) if it[0] == "write" and text in it[2]) for text in ("begin", "end")
    )
    between = seen[begin + 1 : end]
    assert Counter(name for name, _, _ in between) == {"pwrite64": SAVES, "fsync": SAVES}
    assert [name for name, _, _ in between] == ["pwrite64", "fsync"] * SAVES
    assert len({file for _, file, _ in between}) == 1, "all to one file"


# No room


FILLED = """
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
store = opened(sys.argv[1])
n = store.get("meta", "last")["n"]
try:
    while True:
        save(store, n + 1)
        n += 1
except StoreError as error:
    print(type(error).__name__)
print(n)
try:
    save(store, n + 1)
except StoreError as error:
    print(type(error).__name__)
print(all(store.get("outbox", str(it)) for it in range(1, n + 1)), store.get("outbox", str(n + 1)))
"""


def test_a_disk_that_is_full_refuses_a_save_and_keeps_all_earlier_ones(tmp_path: Path) -> None:
    store = open_store(NativeFiles(tmp_path))
    store.apply([Change("meta", "last", {"n": 0})])
    store.close()
    last = 0
    for limit in (20_000, 70_001, 123_456):
        told = output(program(FILLED, tmp_path, limit))
        assert told[:1] == ["StoreFull"]
        assert int(told[1]) > last
        last = int(told[1])
        assert told[2:] == ["StoreFull", "True None"], "the screen goes on showing what is kept, and no more"
        assert max(file.stat().st_size for file in tmp_path.iterdir()) <= limit
        store = open_store(NativeFiles(tmp_path))
        assert store.damage is None
        assert [key for key, _ in store.rows("outbox")] == [str(n) for n in range(1, last + 1)]
        assert store.get("meta", "last") == {"n": last}
        store.close()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY, "only the other process had a limit"


# Permission lost


READ_ONLY = """
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
store = opened(".")
print(type(store.flaw).__name__, store.damage)
print(*[key for key, row in store.rows("outbox")])
try:
    save(store, 99)
except StoreError as error:
    print(type(error).__name__)
print(store.get("outbox", "99"))
"""


@pytest.mark.parametrize("made", ["journal", "checkpoint"])
def test_when_permission_to_write_is_lost_earlier_records_can_still_be_read(made: str, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store = open_store(NativeFiles(folder))
    for n in range(3):
        store.apply([Change("outbox", str(n), {"n": n})])
        if made == "checkpoint":
            checkpoint(store)
    store.close()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    try:
        told = output(program(READ_ONLY, folder, NOBODY))
    finally:
        folder.chmod(0o700)
        for file in folder.iterdir():
            file.chmod(0o600)
    assert told == ["StoreFailed None", "0 1 2", "StoreFailed", "None"]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    store = open_store(NativeFiles(folder))
    assert (store.flaw, store.damage, store.count("outbox")) == (None, None, 3)
    store.apply([Change("outbox", "3", {"n": 3})])
    store.close()


def test_a_store_whose_files_were_taken_away_accepts_nothing_more(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store = open_store(NativeFiles(folder))
    store.apply([Change("meta", "a", {"n": 1})])
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(StoreFailed):
        store.apply([Change("meta", "a", {"n": 2})])
    assert store.get("meta", "a") == {"n": 1}
    store.close()
