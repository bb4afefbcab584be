"""Make sure there is a Chromium for the browser tests and print where it is. Standard library only.

Usage: python3 tools/chromium.py

Looks at LUMBUNG_CHROMIUM, then at the browsers on PATH, then at the one Playwright downloaded. Installs Debian's
package where there is apt and root, else Playwright's own Chromium; says what to do when neither works.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
VARIABLE = "LUMBUNG_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_PATH = (
    "from playwright.sync_api import sync_playwright as start\n"
    "with start() as playwright: print(playwright.chromium.executable_path)"
)
ADVICE = (
    "No Chromium for the browser tests, and none could be installed. Install one (Debian: sudo apt-get install "
    f"chromium) or set {VARIABLE} to the path of a Chromium or Chrome."
)


def main() -> int:
    """Find or install a Chromium; returns the exit code."""
    chosen = os.environ.get(VARIABLE)
    if chosen and not runs(chosen):
        return fail(f"{VARIABLE} is set to {chosen}, but no browser runs there.")
    for install in (None, install_debian, install_playwright):
        if install is not None and not install():
            continue
        found = find()
        if found:
            print(found)
            return 0
    return fail(ADVICE)


def find() -> str | None:
    """The executable of a Chromium that runs here, or None. Installs nothing."""
    return next((path for path in candidates() if path and runs(path)), None)


def candidates() -> Iterator[str | None]:
    """Where a Chromium may be, the person's own choice first."""
    yield os.environ.get(VARIABLE)
    for name in NAMES:
        yield shutil.which(name)
    yield playwright_chromium()


def runs(path: str) -> bool:
    """Whether the file is a browser that starts (Ubuntu's chromium-browser is sometimes only a notice)."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "chrom" in done.stdout.lower()


def playwright_chromium() -> str | None:
    """Where Playwright keeps its own Chromium, if it downloaded one."""
    if not PYTHON.exists():
        return None
    done = subprocess.run([str(PYTHON), "-c", PLAYWRIGHT_PATH], capture_output=True, text=True)
    path = done.stdout.strip()
    return path if done.returncode == 0 and Path(path).is_file() else None


def install_debian(package: str = "chromium") -> bool:
    """Install a package of Debian's; False where there is no apt, no root, or no success."""
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    say(f"installing Debian's {package} for the tests")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    for command in (["apt-get", "update", "-qq"], install):
        succeeded = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode == 0
    return succeeded


def install_playwright() -> bool:
    """Let Playwright download its Chromium; False when it cannot."""
    if not PYTHON.exists():
        return False
    say("downloading Playwright's Chromium for the browser tests")
    command = [str(PYTHON), "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0


def say(text: str) -> None:
    print(f"lumbung: {text}", file=sys.stderr, flush=True)


def fail(text: str) -> int:
    say(text)
    return 1


if __name__ == "__main__":
    sys.exit(main())
