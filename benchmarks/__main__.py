"""Run benchmarks: all of them, or the one that NAME names. QUICK=1 measures little.

Prints a table and writes a file for every figure to build/bench. Fails only when a benchmark cannot run.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import (
    app_size,
    app_start,
    browser,
    browser_heap,
    browser_taps,
    exports,
    feed_filters,
    form_consequences,
    form_open,
    list_scroll,
    overview,
    phones,
    photo_shrink,
    photos,
    save_tap,
    server_pull,
    server_push,
    server_review,
    store_open,
    store_query,
    store_save,
    storm,
    validation,
    wire_size,
)
from benchmarks.figures import Figure, keep, table
from benchmarks.timing import CannotMeasure, Effort, file_system

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "bench"
DATA = ROOT / "build" / "bench-data"

BENCHMARKS: Mapping[str, Callable[[Effort], Iterator[Figure]]] = {
    "store-save": store_save.run,
    "store-open": store_open.run,
    "store-query": store_query.run,
    "browser-save": browser.save,
    "browser-query": browser.query,
    "register-search": browser.register_search,
    "browser-heap": browser_heap.run,
    "browser-taps": browser_taps.run,
    "save-tap": save_tap.run,
    "form-open": form_open.run,
    "list-scroll": list_scroll.run,
    "form-consequences": form_consequences.run,
    "wire-size": wire_size.run,
    "app-size": app_size.run,
    "app-start": app_start.run,
    "pull": server_pull.run,
    "overview": overview.run,
    "feed-filters": feed_filters.run,
    "export-csv": exports.speed,
    "export-memory": exports.memory,
    "push": server_push.run,
    "push-eight": server_push.eight,
    "push-replay": server_push.replay,
    "bulk-verify": server_review.run,
    "validation": validation.run,
    "phones": phones.run,
    "photo-upload": photos.upload,
    "photo-cuts": photos.cuts,
    "photo-shrink": photo_shrink.run,
    "storm": storm.run,
    "storm-postgresql": storm.on_postgresql,
}


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run what the environment asks for; returns the exit code. Arguments are not taken: all of them is an hour."""
    if arguments:
        say(f"Benchmarks are named by the environment: NAME=store-save QUICK=1. There are: {', '.join(BENCHMARKS)}.")
        return 2
    name, quick = environment.get("NAME", ""), environment.get("QUICK", "") not in ("", "0")
    if name and name not in BENCHMARKS:
        say(f"There is no benchmark {name!r}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    DATA.mkdir(parents=True, exist_ok=True)
    failed, figures = False, list[Figure]()
    for chosen in [name] if name else BENCHMARKS:
        try:
            figures += measured(chosen, quick)
        except CannotMeasure as problem:
            say(f"{chosen}: {problem}")
            failed = True
    print()
    print(table(figures))
    for figure in figures:
        if figure.note:
            print(f"  {figure.name}: {figure.note}")
    print(f"Files on {file_system(DATA)}, {os.cpu_count()} processors{', measured quickly' if quick else ''}.")
    return int(failed)


def measured(name: str, quick: bool) -> list[Figure]:
    """Run one benchmark in a folder of its own and keep its figures. Raises CannotMeasure."""
    folder = DATA / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    file_system(folder)
    begun, figures = time.monotonic(), []
    try:
        for figure in BENCHMARKS[name](Effort(quick, folder)):
            keep(figure, RESULTS)
            figures.append(figure)
    finally:
        # A database that was told to stop may still be tidying up after itself.
        shutil.rmtree(folder, ignore_errors=True)
    say(f"{name}: {time.monotonic() - begun:.0f} s")
    return figures


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
