"""Take single safeguards out of the store and demand that its tests notice every one of them.

Usage: python tools/mutants.py [--list] [--only TEXT] [--at-once 2]

A mutant is a copy of the app's package with one change in `lumbung_client/store`: a flush left out, a truncate left
out or swapped with the call on a file before or after it, a check left out, a removal made too early. The tests of the
store run against the copy, those that take long last; a mutant that they let pass is a survivor, and with one the
exit code is 1. Each copy of a module reports that it was imported, so that no run can have tested the package of the
working tree instead.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "client" / "lumbung_client"
STORE = PACKAGE / "store"
LONG_TESTS = "LUMBUNG_MUTANT_LONG_TESTS"
"""Tells `tools/mutant_profile.py` where the tests that take long are listed."""
FAULT_TESTS = ("-m", "not browser and not full", "tests/client/store")
IN_THE_BROWSER = (
    "-m",
    "not full",
    "tests/client/store/test_browser_files.py",
    "tests/client/store/test_durable_chromium.py",
)
"""What tries the browser's files for real; needs Chromium and the built app."""
PYTEST = (
    "-m pytest -x -q -p no:cacheprovider -p pytest_timeout -p xdist.plugin -p _hypothesis_pytestplugin "
    "-p tools.mutant_profile --hypothesis-profile=mutants --no-header --tb=line --timeout=120"
).split()
"""With the plugins that the tests of the store need, by name: to load all there are takes a third of a start."""
TESTS_FAILED = 1
LONGEST_RUN = 400
NOTICED, SURVIVED, NOT_TESTED = "noticed", "SURVIVED", "NOT TESTED"
NEEDLESS: frozenset[str] = frozenset()
"""Names of mutants that change nothing anybody could see, each with its reason behind it."""
CORE = tuple("aside checkpoints format_1 frames heads journal local_store recovery replay segments slots".split())
"""Modules in which every check (a call of one, or an `if` that only raises or returns) and each removal count."""
CHECKS = ("check", "verify")
FILE_CALLS = frozenset(
    "open read_at write_at write truncate flush close remove pwrite fsync ftruncate begin_segment".split()
)
"""What changes files or looks at them, by the names that the store calls it."""
NOT_MUTATED = ("durable_memory", "durable_faults")
"""The stand-in that has the faults on purpose is part of the tests."""
BODIES = ("body", "orelse", "finalbody")


@dataclass(frozen=True)
class Mutant:
    """One changed module: its name, what was done to it at which line, and its new source."""

    module: str
    change: str
    line: int
    source: str

    @property
    def name(self) -> str:
        """How a person calls it."""
        return f"{self.module}.py:{self.line} {self.change}"


@dataclass(frozen=True)
class Verdict:
    """How the tests ended with a mutant. `word`: noticed, survived, or why it says nothing; `first`: what failed."""

    mutant: Mutant
    word: str
    first: str
    seconds: float

    def line(self) -> str:
        """Return the verdict as a line of the table."""
        return f"{self.seconds:6.1f} s  {self.word:10} {self.mutant.name:70} {self.first}"


@dataclass(frozen=True)
class _Place:
    """A statement in its tree: the list that holds it, its index there, and the place of what encloses it."""

    block: list[ast.stmt]
    index: int
    outer: _Place | None

    @property
    def statement(self) -> ast.stmt:
        return self.block[self.index]


def mutants(folder: Path = STORE) -> list[Mutant]:
    """Return every mutant of the modules in a folder."""
    paths = [path for path in sorted(folder.glob("*.py")) if not path.stem.startswith(NOT_MUTATED)]
    return [mutant for path in paths for mutant in mutants_of(path.stem, path.read_text("utf-8"))]


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Yield the mutants of one module."""
    for number, original in enumerate(_places(ast.parse(source))):
        for change in _changes(module, original.statement):
            tree = ast.parse(source)
            place = list(_places(tree))[number]
            line, text = place.statement.lineno, _described(place.statement)
            if _apply(change, place):
                yield Mutant(module, f"{change} {text}", line, ast.unparse(ast.fix_missing_locations(tree)))


def _changes(module: str, statement: ast.stmt) -> tuple[str, ...]:
    name = _called(statement).rpartition(".")[2]
    if "flush" in name or "fsync" in name:
        return ("without",)
    if "truncate" in name:
        return ("without", "earlier", "later")
    if module in CORE and name == "remove":
        return ("earlier",)
    is_check = (name.strip("_").startswith(CHECKS) and "checkpoint" not in name) or _is_guard(statement)
    return ("without",) if module in CORE and is_check else ()


def _apply(change: str, place: _Place) -> bool:
    """Make the change in the tree; False when there is nothing on that side to change places with."""
    if change == "without":
        place.block[place.index] = ast.Pass()
        return True
    here: _Place | None = place
    while here is not None:  # alone in its block on that side: the whole block changes places
        end = -1 if change == "earlier" else len(here.block)
        for there in range(here.index, end, -1 if change == "earlier" else 1):
            if there != here.index and _touches_files(here.block[there]):
                here.block.insert(there, here.block.pop(here.index))
                return True
        here = here.outer
    return False


def _touches_files(statement: ast.stmt) -> bool:
    """Tell whether a neighbour does anything to a file: to change places with a plain assignment changes nothing."""
    calls = (node for node in ast.walk(statement) if isinstance(node, ast.Call))
    return any(ast.unparse(call.func).rpartition(".")[2] in FILE_CALLS for call in calls)


def _places(tree: ast.Module) -> Iterator[_Place]:
    def walk(node: ast.AST, outer: _Place | None) -> Iterator[_Place]:
        for name in BODIES:
            block = getattr(node, name, [])
            for index, statement in enumerate(block if isinstance(block, list) else []):
                place = _Place(block, index, outer)
                yield place
                is_scope = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                yield from walk(statement, None if is_scope else place)
        for handler in getattr(node, "handlers", []):
            yield from walk(handler, None)

    return walk(tree, None)


def _called(statement: ast.stmt) -> str:
    """Return what a statement that is a mere call calls, as it is written; empty for any other."""
    if not isinstance(statement, ast.Expr):
        return ""
    value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
    return ast.unparse(value.func) if isinstance(value, ast.Call) else ""


def _is_guard(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    first = statement.body[0]
    return isinstance(first, ast.Raise) or (isinstance(first, ast.Return) and first.value is None)


def _described(statement: ast.stmt) -> str:
    return f"if {ast.unparse(statement.test)}" if isinstance(statement, ast.If) else _called(statement)


def tried(mutant: Mutant, folder: Path) -> Verdict:
    """Run the tests against a mutant."""
    begun = time.monotonic()
    copy, proof = folder / "lumbung_client", folder / "proof"
    shutil.copytree(PACKAGE, copy)
    changed = copy / "store" / f"{mutant.module}.py"
    changed.write_text(f"{mutant.source}\n{_report(proof)}", "utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
        LONG_TESTS: str(folder.parent / "long-tests"),
    }
    command = [sys.executable, *PYTEST, f"--basetemp={folder / 'tmp'}", *tests_for(mutant.module)]
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST_RUN)
    except subprocess.TimeoutExpired:
        return Verdict(mutant, NOTICED, "the tests did not end", time.monotonic() - begun)
    imported = set(proof.read_text().split("\n")) if proof.exists() else set()
    seconds = time.monotonic() - begun
    shutil.rmtree(folder)
    if str(changed) not in imported:
        return Verdict(mutant, NOT_TESTED, "the copy was not imported: " + done.stdout[-500:], seconds)
    if done.returncode not in (0, TESTS_FAILED):
        return Verdict(mutant, NOT_TESTED, done.stdout[-500:] + done.stderr[-500:], seconds)
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    first = failed[0].removeprefix("FAILED ").split(" - ")[0] if failed else ""
    return Verdict(mutant, NOTICED if done.returncode else SURVIVED, first, seconds)


def tests_for(module: str) -> tuple[str, ...]:
    """Return the arguments that choose the tests of a module."""
    return IN_THE_BROWSER if module.endswith("_browser") else FAULT_TESTS


def _report(proof: Path) -> str:
    report = f"with open({str(proof)!r}, 'a') as _proof:\n        _proof.write(__file__ + '\\n')"
    return f"try:\n    {report}\nexcept OSError:\n    pass  # in a browser there is no such folder\n"


def unchanged(module: str) -> Mutant:
    """Return a mutant that differs in nothing: with it the tests have to pass, or the others say nothing."""
    return Mutant(module, "unchanged", 0, (STORE / f"{module}.py").read_text("utf-8"))


def passes(module: str, folder: Path) -> bool:
    """Tell whether the tests of a module pass without any change, and print it."""
    verdict = tried(unchanged(module), folder)
    word = "pass" if verdict.word == SURVIVED else "FAIL"
    print(f"{verdict.seconds:6.1f} s  {word} without any change: tests of {module} {verdict.first}", flush=True)
    return verdict.word == SURVIVED


def main(arguments: list[str]) -> int:
    """List or try the mutants and print a table; returns 1 when one survived or could not be tried."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true", help="only show what would be tried")
    parser.add_argument("--only", default="", help="only mutants whose name contains this")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args(arguments)
    wanted = [mutant for mutant in mutants() if chosen.only in mutant.name and mutant.name not in NEEDLESS]
    if chosen.list:
        print(*(mutant.name for mutant in wanted), sep="\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="lumbung-mutants-") as folder:
        modules = sorted({tests_for(mutant.module): mutant.module for mutant in wanted}.values())
        # Before and after: tests that fail by themselves would pass for attentive.
        sound = all(passes(module, Path(folder, "before")) for module in modules)
        with ThreadPoolExecutor(chosen.at_once) as pool:
            numbered = [Path(folder, str(number)) for number in range(len(wanted) if sound else 0)]
            verdicts = []
            for verdict in pool.map(tried, wanted, numbered):
                print(verdict.line(), flush=True)
                verdicts.append(verdict)
        sound = sound and all(passes(module, Path(folder, "after")) for module in modules)
    bad = [verdict for verdict in verdicts if verdict.word != NOTICED]
    print(f"{len(verdicts)} mutants, {len(verdicts) - len(bad)} noticed, {len(bad)} not")
    print(*(f"  {verdict.word}: {verdict.mutant.name}" for verdict in bad), sep="\n")
    return int(bool(bad) or not sound)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
