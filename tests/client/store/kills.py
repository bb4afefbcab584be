"""Kill a writing process at random moments, again and again, and compare what is left with what it acknowledged.

Usage: python -m tests.client.store.kills [--subject lumbung|tinydb|tinydb-cached] [--kills 1000] [--seed N]

The writer says on a pipe what it is about to do and when that is done. SIGKILL keeps the system's page cache: this
shows that the order of writing is right at every moment, and not that anything was flushed (the tests with the
fault-injecting file show that).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import secrets
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Never

from benchmarks import records
from lumbung_client.store.local_store import Name
from lumbung_shared.codec import to_wire
from tests.client.store.subjects import MARK, SUBJECTS, Kind, Operation, State, Subject

MOST_ACTIONS = 16
"""A writer is killed after at most so many acknowledged actions, however slow the machine is, ..."""
LONGEST_AFTER = 0.005
"""... and at most so long (s) after the last of them; when it is killed while opening, so long after its start: """
LONGEST_OPENING = 0.012
SHARE_KILLED_WHILE_OPENING = 0.25
SHARE_OF_TIDYING = 0.04
MOST_ROWS = 250
"""With more rows than this the writer rather removes, so that a kill stays cheap."""
DONE = b'"done"\n'
POOL = [to_wire(records.entry(number)) for number in range(200)]


@dataclass
class Tally:
    """What came of the kills. `lost`: acknowledged rows that are missing or have an old value.

    `halves`: an action in flight that is there in part. `unreadable`: the store did not open, all its rows are lost.
    """

    subject: str
    seed: int
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    unreadable: int = 0
    halves: int = 0
    opening: int = 0  # kills before the first action
    tidying: int = 0  # kills during a checkpoint
    problems: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return the result as one line."""
        return (
            f"{self.subject:14} {self.kills} kills ({self.opening} while opening, {self.tidying} in a checkpoint), "
            f"{self.acknowledged} acknowledged actions: {self.lost} rows lost, {self.unreadable} stores unreadable, "
            f"{self.halves} half actions (seed {self.seed})"
        )


@dataclass(frozen=True)
class Told:
    """What a killed writer had said."""

    opened: bool
    done: tuple[Operation, ...]
    in_flight: Operation | None
    tidying: bool


def campaign(subject: str, kills: int, seed: int, folder: Path) -> Tally:
    """Kill `kills` writers on one store that goes on from kill to kill (a new one after it became unreadable)."""
    tally, chance = Tally(subject, seed), random.Random(seed)  # noqa: S311  # repeatable
    live, copy = folder / "live", folder / "copy"
    expected: State = {}
    gc.freeze()
    for _ in range(kills):
        told = _one_kill(SUBJECTS[subject], live, chance)
        tally.kills += 1
        tally.acknowledged += len(told.done)
        tally.opening += not told.opened
        tally.tidying += told.tidying
        for operation in told.done:
            expected = operation.on(expected)
        # A copy is looked at, so that the next writer is the one who repairs the store, and may be killed at that too.
        if live.exists():
            shutil.copytree(live, copy)
            found = _content(SUBJECTS[subject], copy, tally)
            shutil.rmtree(copy)
            if found is None:
                tally.lost += len(expected)
                shutil.rmtree(live)
            else:
                _compare(tally, expected, told.in_flight, found)
            expected = found or {}
    return tally


def _compare(tally: Tally, expected: State, in_flight: Operation | None, found: State) -> None:
    if found == expected or (in_flight is not None and found == in_flight.on(expected)):
        return
    flying = {(table, key) for table, key, _ in in_flight.changes()} if in_flight else set()
    lost = sum(found.get(place) != row for place, row in expected.items() if place not in flying)
    extra = sum(place not in expected for place in found if place not in flying)
    tally.lost += lost + extra
    tally.halves += not (lost or extra)
    flown = in_flight.kind if in_flight else "nothing"
    tally.problems.append(f"kill {tally.kills}: {lost} lost, {extra} too many, in flight: {flown}")


def _content(opened: Callable[[Path], Subject], folder: Path, tally: Tally) -> State | None:
    try:
        subject = opened(folder)
    except Exception as error:  # noqa: BLE001  # whatever a store says when it cannot be opened is the result
        tally.unreadable += 1
        tally.problems.append(f"kill {tally.kills}: {type(error).__name__}: {error}")
        return None
    try:
        return subject.content()
    finally:
        subject.close()


def _one_kill(opened: Callable[[Path], Subject], folder: Path, chance: random.Random) -> Told:
    """Fork a writer, kill it at a random moment and return what it had said."""
    seed, is_early = chance.getrandbits(64), chance.random() < SHARE_KILLED_WHILE_OPENING
    delay = chance.uniform(0, LONGEST_OPENING if is_early else LONGEST_AFTER)
    actions = chance.randint(0, MOST_ACTIONS)

    def enough(said: bytes) -> bool:
        return b"\n" in said and said.count(DONE) >= actions

    reading, writing = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(reading)
        _write_until_killed(opened, folder, seed, writing)
    os.close(writing)
    try:
        said = b"" if is_early else _read(reading, until=enough, at_most=60)
        said += _read(reading, until=lambda _: False, at_most=delay)
    finally:
        os.kill(writer, signal.SIGKILL)
        _, status = os.waitpid(writer, 0)
    said += _read(reading, until=lambda _: False, at_most=60)
    os.close(reading)
    if os.WIFEXITED(status):
        raise RuntimeError("the writer ended by itself: " + said.decode()[-2000:])
    return _told(said)


def _read(pipe: int, until: Callable[[bytes], bool], at_most: float) -> bytes:
    """Read until the pipe ends, the condition holds, or the time (s) is over."""
    said, end = b"", time.monotonic() + at_most
    while not until(said) and (left := end - time.monotonic()) > 0:
        ready, _, _ = select.select([pipe], [], [], left)
        if ready:
            part = os.read(pipe, 1 << 20)
            if not part:
                break
            said += part
    return said


def _told(said: bytes) -> Told:
    done: list[Operation] = []
    in_flight, tidying = None, False
    whole, _, _ = said.rpartition(b"\n")
    lines = whole.split(b"\n") if whole else []
    for line in lines:
        match json.loads(line):
            case {"begin": wire}:
                in_flight = Operation(Kind(wire["kind"]), wire["table"], wire["rows"])
            case "done":
                assert in_flight is not None
                done.append(in_flight)
                in_flight = None
            case {"tidying": value}:
                tidying = value
    return Told(bool(lines), tuple(done), in_flight, tidying)


def _write_until_killed(opened: Callable[[Path], Subject], folder: Path, seed: int, pipe: int) -> Never:
    try:
        _write(opened(folder), random.Random(seed), seed, pipe)  # noqa: S311  # repeatable
    except BaseException:  # noqa: BLE001  # the parent hears of it, and nothing of the parent's runs on in this process
        os.write(pipe, traceback.format_exc().encode())
    os._exit(1)


def _write(subject: Subject, chance: random.Random, seed: int, pipe: int) -> Never:
    state, made = subject.content(), 0

    def act() -> None:
        nonlocal state, made
        operation = _next(state, chance, f"{seed:x}-{made}")
        made += 1
        _say(pipe, {"begin": asdict(operation)})
        subject.do(operation)
        _say(pipe, "done")
        state = operation.on(state)

    def act_perhaps() -> None:
        if chance.random() < 0.5:
            act()

    _say(pipe, "open")
    while True:
        if chance.random() < SHARE_OF_TIDYING:
            _say(pipe, {"tidying": True})
            subject.tidy(act_perhaps)
            _say(pipe, {"tidying": False})
        act()


def _say(pipe: int, value: Any) -> None:
    rest = memoryview(json.dumps(value).encode() + b"\n")
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _next(state: State, chance: random.Random, name: str) -> Operation:
    """Choose an action that suits what is there; several rows each, for one action is one frame."""
    waiting = [key for table, key in state if table == Name.OUTBOX]
    confirmed = [key for table, key in state if table == Name.RECORDS]
    some = chance.randint(1, 4)
    wanted = chance.choice([*Kind, Kind.REMOVE] if len(state) > MOST_ROWS else [*Kind, Kind.INSERT])
    if wanted is Kind.MOVE and waiting:
        keys = chance.sample(waiting, min(some, len(waiting)))
        return Operation(wanted, Name.OUTBOX, {key: state[Name.OUTBOX, key] for key in keys})
    if wanted is Kind.MARK and waiting:
        keys, mark = chance.sample(waiting, min(some, len(waiting))), chance.getrandbits(32)
        return Operation(wanted, Name.OUTBOX, {key: {**state[Name.OUTBOX, key], MARK: mark} for key in keys})
    if wanted is Kind.REMOVE and confirmed:
        keys = chance.sample(confirmed, min(2 * some, len(confirmed)))
        return Operation(wanted, Name.RECORDS, {key: {} for key in keys})
    return Operation(Kind.INSERT, Name.OUTBOX, {f"{name}-{row}": chance.choice(POOL) for row in range(some)})


def main(arguments: list[str]) -> int:
    """Run a campaign and print its tally, as a line or as JSON; returns 1 when ours lost anything."""
    parser = argparse.ArgumentParser(prog="python -m tests.client.store.kills")
    parser.add_argument("--subject", choices=SUBJECTS, default="lumbung")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="lumbung-kills-") as folder:
        tally = campaign(chosen.subject, chosen.kills, chosen.seed, Path(folder))
    if chosen.json:
        print(json.dumps(asdict(tally)))  # noqa: T201  # that is what it was asked for
    else:
        print(tally.line(), *tally.problems[:5], sep="\n  ")  # noqa: T201
    failed = tally.lost or tally.unreadable or tally.halves
    return int(chosen.subject == "lumbung" and bool(failed))


def tally_from(text: str) -> Tally:
    """Read what `--json` printed."""
    wire = json.loads(text)
    return Tally(**{item.name: wire[item.name] for item in fields(Tally)})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
