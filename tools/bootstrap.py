"""Prepare the virtual environment that every make target runs in. Standard library only.

Usage: python3 tools/bootstrap.py run|dev

Decides which pinned requirements file is installed (`run` for serving, `dev` for checks and tests)
and does nothing when the files have not changed since. Never resolves, never writes a lock file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MEMBERS = ("shared", "client", "server")
SETS = {"run": "run.txt", "dev": "dev.txt"}


def main(arguments: list[str]) -> int:
    if arguments not in (["run"], ["dev"]):
        return fail(__doc__ or "")
    if sys.version_info < (3, 11):
        return fail(f"Lumbung memerlukan Python 3.11 atau lebih baru; ini {sys.version.split()[0]}.")
    wanted = arguments[0]
    if up_to_date(wanted):
        return 0
    started = time.monotonic()
    if not PYTHON.exists() and not make_venv():
        return 1
    say(f"memasang paket yang versinya terkunci ({SETS[wanted]}) …")
    if not install(wanted):
        return fail("Paket tidak dapat dipasang; sebabnya ada di atas. Selain itu tidak ada yang berubah.")
    for name in SETS:
        stamp(name).unlink(missing_ok=True)
    stamp(wanted).write_text(fingerprint(wanted))
    say(f"siap setelah {time.monotonic() - started:.0f} dtk")
    return 0


def up_to_date(wanted: str) -> bool:
    """The dev set holds everything of the run set, so it serves both."""
    names = [wanted, "dev"] if wanted == "run" else [wanted]
    return any(stamp(name).exists() and stamp(name).read_text() == fingerprint(name) for name in names)


def stamp(name: str) -> Path:
    return VENV / f".lumbung-{name}"


def fingerprint(name: str) -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    files = [ROOT / "requirements" / "bootstrap.txt", ROOT / "requirements" / SETS[name]]
    files += [ROOT / member / "pyproject.toml" for member in MEMBERS]
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def make_venv() -> bool:
    say("membuat .venv …")
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True).returncode == 0:
        return True
    shutil.rmtree(VENV, ignore_errors=True)
    # Debian and Ubuntu ship Python without ensurepip.
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say("Python ini belum punya venv: memasang python3-venv dari Debian …")
        subprocess.run(["apt-get", "update", "-qq"])
        subprocess.run(["apt-get", "install", "-y", "-qq", "python3-venv"], stdout=subprocess.DEVNULL)
        if subprocess.run([sys.executable, "-m", "venv", str(VENV)]).returncode == 0:
            return True
        shutil.rmtree(VENV, ignore_errors=True)
    fail("Modul venv Python tidak jalan di sini. Di Debian atau Ubuntu: sudo apt-get install python3-venv")
    return False


def install(wanted: str) -> bool:
    requirements = ROOT / "requirements"
    python = str(PYTHON)
    uv = str(PYTHON.with_name("uv" + PYTHON.suffix))
    editables = [part for member in MEMBERS for part in ("-e", str(ROOT / member))]
    steps = [
        [python, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(requirements / "bootstrap.txt")],
        [uv, "pip", "sync", "-q", "--python", python, "--require-hashes", str(requirements / SETS[wanted])],
        [uv, "pip", "install", "-q", "--python", python, "--no-deps", "--no-build-isolation", "--offline", *editables],
    ]
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return all(subprocess.run(step, env=environment).returncode == 0 for step in steps)


def say(text: str) -> None:
    print(f"lumbung: {text}", flush=True)


def fail(text: str) -> int:
    print(f"lumbung: {text}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
