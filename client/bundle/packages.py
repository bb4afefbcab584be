"""Decide which Python code ships: wheels made for the browser, the trimmed standard library, our own packages."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from bundle import left_out
from bundle.archives import files_below
from bundle.errors import BundleError

PLATFORM = ("--platform", "pyemscripten_2026_0_wasm32", "--implementation", "cp")
PYTHON = ("--python-version", "3.14", "--abi", "cp314")

# What ships in the place of files: the browser does TLS, so that the list of authorities is never read; and answers are
# bytes to the app, so that nobody guesses their characters (`requests` looks for the version of who could).
REPLACED = {
    "certifi/cacert.pem": b"",
    "charset_normalizer/__init__.py": b"from charset_normalizer.version import __version__\n",
}

ICON_NAMES = "flet/controls/material/icons.json"

# Our own code, in several archives: archive → folders. What is in none of them is in OTHER.
OWN_ARCHIVES = {
    "python/shared.tar": ("lumbung_shared",),
    "python/session.tar": ("lumbung_client/session",),
    "python/store.tar": ("lumbung_client/store", "lumbung_client/sync"),
    "python/parts.tar": ("lumbung_client/ui/parts",),
    "python/screens.tar": ("lumbung_client/ui/screens",),
    "python/texts.tar": ("lumbung_client/ui/texts",),
}
OTHER = "python/app.tar"
OWN = (*OWN_ARCHIVES, OTHER)
THIRD_PARTY = "python/packages.tar"

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
    return [wheel for wheel in wheels if wheel.name.partition("-")[0] not in left_out.DISTRIBUTIONS]


def modules_of(archive: Path) -> set[str]:
    """The dotted names of the modules and packages in a wheel or another zip."""
    with zipfile.ZipFile(archive) as opened:
        files = [PurePosixPath(name) for name in opened.namelist() if name.endswith((".py", ".so"))]
    modules = [_module(path).removesuffix(".__init__").split(".") for path in files]
    return {".".join(parts[:length]) for parts in modules for length in range(1, len(parts) + 1)}


def unpack_wheels(wheels: list[Path], folder: Path) -> None:
    """Unpack what the app can import from each wheel into one folder."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if not name.endswith("/") and _is_needed(name):
                    _write(folder / name, REPLACED.get(name, archive.read(name)))


def unpack_standard_library(archive: Path, folder: Path) -> None:
    """Unpack Pyodide's standard library without the modules that no phone app imports."""
    with zipfile.ZipFile(archive) as library:
        for name in library.namelist():
            if not name.endswith("/") and _is_needed_of_library(name):
                _write(folder / name, library.read(name))


def own_archives(sources: Mapping[str, Path]) -> dict[str, list[tuple[str, Path]]]:
    """Which files of our own packages (name → source folder) go into which archive: (path in it, file).

    Raises BundleError when a source folder is no package.
    """
    archives: dict[str, list[tuple[str, Path]]] = {name: [] for name in OWN}
    for package, source in sources.items():
        if not (source / "__init__.py").exists():
            raise BundleError(f"{source} is no Python package: it has no __init__.py")
        for name, path in files_below(source):
            if "__pycache__" not in name and _is_needed(f"{package}/{name}"):
                archives[_archive_of(f"{package}/{name}")].append((f"{package}/{name}", path))
    return archives


def copy_own(files: list[tuple[str, Path]], folder: Path) -> None:
    """Copy files to where they go in a folder."""
    for name, path in files:
        _write(folder / name, path.read_bytes())


def made_files(icons: Mapping[str, int]) -> dict[str, bytes]:
    """What the build adds to our own code: the entry point, and the names of the icons there are (with their numbers).

    The names are Flet's file; they go with our code because they change with it.
    """
    return {"main.py": MAIN.encode(), ICON_NAMES: json.dumps(icons, separators=(",", ":")).encode()}


def write_made(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files to where they go in a folder."""
    for name, content in files.items():
        _write(folder / name, content)


def _archive_of(name: str) -> str:
    found = [archive for archive, below in OWN_ARCHIVES.items() if name.startswith(tuple(f"{one}/" for one in below))]
    return found[0] if found else OTHER


def _is_needed_of_library(name: str) -> bool:
    path = PurePosixPath(name)
    if path.parts[0] == "encodings" and path.stem not in left_out.ENCODINGS:
        return False
    return not left_out.is_left_out(_module(path), left_out.STANDARD_LIBRARY)


def _is_needed(name: str) -> bool:
    path = PurePosixPath(name)
    if path.parts[0].endswith((".dist-info", ".data")) or path.suffix == ".pyi" or path.name == "py.typed":
        return False
    if name == ICON_NAMES:
        return False
    return not left_out.is_left_out(_module(path), left_out.PACKAGES)


def _module(path: PurePosixPath) -> str:
    return ".".join([*path.parent.parts, path.name.partition(".")[0]])


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
