"""Decide which Python code ships: wheels made for the browser, the trimmed standard library, our own packages."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

from bundle.errors import BundleError

PLATFORM = ("--platform", "pyemscripten_2026_0_wasm32", "--implementation", "cp")
PYTHON = ("--python-version", "3.14", "--abi", "cp314")

# Needed by flet's sign-in flow only, which the app does not use.
UNUSED_DISTRIBUTIONS = frozenset({"anyio", "h11", "httpcore", "httpx", "oauthlib"})

# Parts of packages that nothing in a browser imports.
UNUSED_PATHS = (
    "flet/auth/providers",
    "flet/cli.py",
    "flet/fastapi",
    "flet/messaging/flet_dart_bridge_server.py",
    "flet/messaging/flet_socket_server.py",
    "flet/pytest_plugin.py",
    "flet/testing",
    "segno/cli.py",
    "segno/helpers.py",
)
# The browser does TLS: `certifi` must exist, its list of authorities is never read.
EMPTIED_PATHS = ("certifi/cacert.pem",)

UNUSED_STANDARD_MODULES = frozenset(
    "_pydatetime _pydecimal _pyio _pyrepl antigravity bdb cProfile cmd ctypes curses dbm doctest ensurepip ftplib "
    "idlelib imaplib mailbox modulefinder netrc nturl2path optparse pdb pickletools poplib profile pstats pyclbr "
    "pydoc pydoc_data smtplib sqlite3 tabnanny this tkinter trace turtle turtledemo unittest venv wave webbrowser "
    "wsgiref xmlrpc zipapp __phello__".split()
)

MAIN = '"""Start the phone app in the browser."""\n\nimport lumbung_client.main\n\nlumbung_client.main.run()\n'


def download(requirements: Path, folder: Path) -> list[Path]:
    """Fetch the pinned wheels once per content of `requirements`; return them sorted.

    Raises BundleError when the package index cannot be reached or a hash differs.
    """
    target = folder / hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    if not target.exists():
        unfinished = target.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--require-hashes"]
        command += ["--only-binary=:all:", *PLATFORM, *PYTHON, "-r", str(requirements), "-d", str(unfinished)]
        environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        if subprocess.run(command, env=environment).returncode != 0:
            raise BundleError("The Python packages for the browser could not be downloaded; the lines above say why.")
        unfinished.rename(target)
    return sorted(target.glob("*.whl"))


def shipped(wheels: list[Path]) -> list[Path]:
    """The wheels that go into the bundle."""
    return [wheel for wheel in wheels if wheel.name.partition("-")[0] not in UNUSED_DISTRIBUTIONS]


def unpack_wheels(wheels: list[Path], folder: Path) -> None:
    """Unpack what the app can import from each wheel into one folder."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if not name.endswith("/") and _is_needed(name):
                    content = b"" if name in EMPTIED_PATHS else archive.read(name)
                    _write(folder / name, content)


def unpack_standard_library(archive: Path, folder: Path) -> None:
    """Unpack Pyodide's standard library without the modules no phone app imports."""
    with zipfile.ZipFile(archive) as library:
        for name in library.namelist():
            module = PurePosixPath(name).parts[0].removesuffix(".py")
            if not name.endswith("/") and module not in UNUSED_STANDARD_MODULES:
                _write(folder / name, library.read(name))


def copy_own(sources: dict[str, Path], folder: Path) -> None:
    """Copy our own packages (name → source folder) with their data files, and the entry point."""
    for name, source in sources.items():
        if not (source / "__init__.py").exists():
            raise BundleError(f"{source} is no Python package: it has no __init__.py")
        shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "py.typed"))
    (folder / "main.py").write_text(MAIN)


def _is_needed(name: str) -> bool:
    path = PurePosixPath(name)
    if path.parts[0].endswith((".dist-info", ".data")) or path.suffix == ".pyi" or path.name == "py.typed":
        return False
    return not any(name == unused or name.startswith(unused + "/") for unused in UNUSED_PATHS)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
