"""Make sure there is a strace for the test that counts system calls. Standard library only.

Usage: python3 -m tools.strace

Installs Debian's package where there is apt and root; says what to do when that does not work.
"""

from __future__ import annotations

import shutil
import sys

from tools import chromium

ADVICE = "No strace, which counts what a save asks of the kernel. Install it (Debian: sudo apt-get install strace)."


def main() -> int:
    """Find or install strace; returns the exit code."""
    if not find():
        chromium.install_debian("strace")
    return 0 if find() else chromium.fail(ADVICE)


def find() -> str | None:
    """Return where strace is, or None. Installs nothing."""
    return shutil.which("strace")


if __name__ == "__main__":
    sys.exit(main())
