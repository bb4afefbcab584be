"""Resolve the pinned requirements files again. No download address is written into them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")
MEMBERS = ("lumbung-client", "lumbung-server", "lumbung-shared")
COMMON = ("--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header")
SERVER = ("--universal", "--python-version", "3.11")
# The browser's Python is Pyodide's; it keeps to the versions that were tested natively.
BROWSER = ("--python-version", "3.14", "-c", "requirements/dev.txt")
OWN = tuple(part for member in MEMBERS for part in ("--no-emit-package", member))

FILES: dict[str, tuple[str, ...]] = {
    "bootstrap.txt": (*SERVER, "requirements/bootstrap.in"),
    "dev.txt": (*SERVER, *OWN, "pyproject.toml", "--group", "build", "--group", "test"),
    "run.txt": (*SERVER, *OWN, "-c", "requirements/dev.txt", "pyproject.toml", "--group", "build"),
    "browser.txt": (*BROWSER, "requirements/browser.in"),
    "browser-tests.txt": (*BROWSER, "requirements/browser-tests.in"),
    "native.txt": (*SERVER, "-c", "requirements/dev.txt", "requirements/native.in"),
}


def main() -> int:
    """Write the files, in the order in which they build on each other."""
    for name, inputs in FILES.items():
        print(f"lumbung: resolving requirements/{name}", flush=True)
        command = [str(UV), "pip", "compile", "-q", *COMMON, *inputs, "-o", f"requirements/{name}"]
        if subprocess.run(command, cwd=ROOT).returncode:
            return 1
    (ROOT / "uv.lock").unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
