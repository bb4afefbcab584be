"""The bundles that are measured: the release, the same with changes in its code, and the same without any trimming."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from benchmarks.timing import CannotMeasure

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "client"
# `bundle` is a folder of tools, no part of an installed package.
if str(CLIENT) not in sys.path:
    sys.path.insert(0, str(CLIENT))

from bundle import archives, build, flutter, packages  # noqa: E402

OWN = {"lumbung_client": CLIENT / "lumbung_client", "lumbung_shared": ROOT / "shared" / "lumbung_shared"}
REQUIREMENTS = ROOT / "requirements" / "browser.txt"
WHEELS = ROOT / "build" / "wheels"
CACHE = ROOT / "build" / "cache"
FONTS = "assets/FontManifest.json"
RELEASE = ROOT / "build" / "release"


def release(out: Path, client: Path = OWN["lumbung_client"]) -> None:
    """Assemble the release of the app, or of one with another client. Raises CannotMeasure."""
    if build.main(["--release", "--out", str(out), "--app-package", str(client)]):
        raise CannotMeasure("the app cannot be assembled: the lines above say why")


def changed_client(folder: Path, every: int) -> tuple[Path, int, int]:
    """Copy the client and change every so-manieth module of it; returns where, how many of how many."""
    target = folder / "lumbung_client"
    shutil.copytree(OWN["lumbung_client"], target, ignore=shutil.ignore_patterns("__pycache__"))
    modules = sorted(target.rglob("*.py"))
    for number, module in enumerate(modules[::every]):
        module.write_text(f"{module.read_text('utf-8')}\nCHANGED = {number}\n", "utf-8")
    return target, len(modules[::every]), len(modules)


def untrimmed(out: Path) -> None:
    """Assemble the app as it were without any care for its size: whole library, packages and fonts, code as sources."""
    web = flutter.web_folder()
    assets = {path.relative_to(web).as_posix(): path for path in (web / "assets").rglob("*") if path.is_file()}
    files = {name: path.read_bytes() for name, path in assets.items()}
    files |= {name: flutter.patched(name, path.read_bytes()) for name, path in flutter.kept_files(web)}
    roboto = [one for one in json.loads(files[FONTS]) if one["family"] == "Roboto"]
    files[FONTS] = json.dumps(json.loads((web / FONTS).read_bytes()) + roboto).encode()
    files[flutter.STANDARD_LIBRARY] = (web / flutter.STANDARD_LIBRARY).read_bytes()
    files |= dict.fromkeys(packages.OWN, archives.END_OF_TAR) | _sources() | build.static_files()
    build.write(files, build.Settings(out, CACHE, WHEELS, REQUIREMENTS, OWN), "untrimmed")


def _sources() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as scratch:
        third_party, own = Path(scratch, "packages"), Path(scratch, "own")
        for wheel in packages.download(REQUIREMENTS, WHEELS):
            with zipfile.ZipFile(wheel) as opened:
                opened.extractall(third_party)
        for name, source in OWN.items():
            shutil.copytree(source, own / name, ignore=shutil.ignore_patterns("__pycache__"))
        packages.write_made({"main.py": packages.MAIN.encode()}, own)
        return {packages.THIRD_PARTY: archives.tar(third_party), packages.OTHER: archives.tar(own)}
