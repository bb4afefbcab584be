"""Assemble the tree that `flet build apk` and `flet build ipa` take.

Usage: python client/native/stage.py --out build/native [--server https://…]

The tree holds the client, what it shares with the server, pictures and Flet's settings; nothing of the server, no
test, and nothing that tells where it was made. What Flet has built beside it stays (`docs/native.md`).
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TEMPLATE = HERE / "pyproject.template.toml"
CLIENT = ROOT / "client" / "pyproject.toml"
PINNED = ROOT / "requirements" / "run.txt"
ICONS = ROOT / "client" / "bundle" / "static" / "icons"
PACKAGES = {
    "lumbung_client": ROOT / "client" / "lumbung_client",
    "lumbung_shared": ROOT / "shared" / "lumbung_shared",
}
LEFT_OUT = ("__pycache__", "*.pyc", "py.typed", "*_browser.py")
"""Nothing on a phone's own system imports what speaks with a browser."""
PICTURES = {
    "icon.png": "maskable-512.png",  # the systems cut its corners themselves
    "splash.png": "maskable-512.png",
    "icons/icon-192.png": "icon-192.png",  # what the app itself shows
}
OWN = "lumbung-"
UNPINNED = frozenset({"pillow"})
"""Made for each system apart: the version is the one that Flet has for phones."""
LOCAL_SERVER = "http://127.0.0.1:8000"
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "10.0.2.2"})
"""Where a server may be without HTTPS: this machine, also as a phone on a cable or an emulator sees it."""

MAIN = '''"""Start the packaged phone app."""

import os

os.environ.setdefault("LUMBUNG_SERVER", "{server}")

import lumbung_client.main

if __name__ == "__main__":
    lumbung_client.main.run()
'''


class StagingError(Exception):
    """The tree cannot be assembled; the text says what is wrong and what to do about it."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "native")
    parser.add_argument("--server", default="", help="address of the server that the packaged app talks to")
    chosen = parser.parse_args(arguments)
    try:
        server = server_address(chosen.server or LOCAL_SERVER)
        stage(chosen.out, server)
    except StagingError as error:
        print(f"lumbung: {error}", file=sys.stderr, flush=True)
        return 1
    say(f"pohon untuk flet build siap di {chosen.out}; aplikasinya memakai server {server}")
    if not chosen.server:
        say("hanya untuk mencoba di mesin ini: beri SERVER=https://… untuk ponsel orang lain")
    return 0


def stage(out: Path, server: str) -> None:
    """Write the tree into `out`, anew. `server`: its address, as `server_address` returns it."""
    source = out / "src"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name, package in PACKAGES.items():
        shutil.copytree(package, source / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (source / "main.py").write_text(MAIN.format(server=server), "utf-8")
    for name, picture in PICTURES.items():
        target = source / "assets" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ICONS / picture, target)
    (out / "pyproject.toml").write_text(project_file(), "utf-8")


def server_address(text: str) -> str:
    """Return a server's address without a slash at its end. Raises StagingError for one that no phone should have."""
    address = text.strip().rstrip("/")
    parts = urlsplit(address)
    if not parts.hostname or parts.path or parts.query or not re.fullmatch(r"[\w.:/\[\]-]+", address):
        raise StagingError(f"{text!r} bukan alamat server; yang benar misalnya https://lumbung.contoh.id")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
        raise StagingError(f"alamat server harus berawalan https://, supaya izin ponsel tidak bisa disadap: {text!r}")
    return address


def project_file() -> str:
    """Return the tree's pyproject.toml: the template with the client's version and what it needs."""
    client = tomllib.loads(CLIENT.read_text("utf-8"))["project"]
    listed = "".join(f'\n  "{needed}",' for needed in dependencies(client["dependencies"])) + "\n"
    filled = {"@VERSION@": str(client["version"]), "@DEPENDENCIES@": listed}
    text = TEMPLATE.read_text("utf-8")
    for gap, words in filled.items():
        if text.count(gap) != 1:
            raise StagingError(f"{TEMPLATE.name}: {gap} harus ada tepat satu kali")
        text = text.replace(gap, words)
    return text


def dependencies(wanted: Sequence[str]) -> list[str]:
    """Return what the client needs, each in the version that is tested here, without our own packages."""
    return [_pinned(one) for one in wanted if not one.startswith(OWN)]


def _pinned(wanted: str) -> str:
    requirement = wanted.partition(";")[0].strip()  # the condition is about browsers
    name = re.split(r"[<>=!~\[\s]", requirement)[0]
    if name in UNPINNED:
        return requirement
    found = re.search(rf"^{re.escape(name)}==([^\s;\\]+)", PINNED.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise StagingError(f"{name} tidak ada di {PINNED.name}; jalankan make lock")
    return f"{name}=={found[1]}"


def say(text: str) -> None:
    """Tell the person at the terminal what goes on."""
    print(f"lumbung: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
