"""Assemble the installable offline web app.

Usage: python client/bundle/build.py --out build/app [--cache build/cache] [--wheels build/wheels] [--app-package DIR]

Does nothing when nothing changed since the last run; compiles only what changed otherwise.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent
if str(BUNDLE.parent) not in sys.path:
    sys.path.insert(0, str(BUNDLE.parent))

# The path above makes `bundle` importable when this file is run as a command.
from bundle import archives, compiled, flutter, offline, packages  # noqa: E402
from bundle.errors import BundleError  # noqa: E402

ROOT = BUNDLE.parent.parent
STATIC = BUNDLE / "static"
TEMPLATES = (offline.SERVICE_WORKER,)


@dataclass(frozen=True)
class Settings:
    """Where the inputs are and where results go."""

    out: Path
    cache: Path
    wheels: Path
    requirements: Path
    own: dict[str, Path]


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "app")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "cache")
    parser.add_argument("--wheels", type=Path, default=ROOT / "build" / "wheels")
    parser.add_argument("--app-package", type=Path, default=ROOT / "client" / "lumbung_client")
    chosen = parser.parse_args(arguments)
    own = {"lumbung_client": chosen.app_package, "lumbung_shared": ROOT / "shared" / "lumbung_shared"}
    requirements = ROOT / "requirements" / "browser.txt"
    try:
        assemble(Settings(chosen.out.resolve(), chosen.cache, chosen.wheels, requirements, own))
    except BundleError as error:
        print(f"lumbung: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


def assemble(settings: Settings) -> str:
    """Bring the folder `settings.out` up to date; returns the version of the bundle in it."""
    started = time.monotonic()
    web = flutter.web_folder()
    inputs = fingerprint(settings, web)
    version = current_version(settings.out, inputs)
    if version:
        say("aplikasi ponsel sudah yang terbaru")
        return version
    say("menyusun aplikasi ponsel …")
    files = python_files(settings, web) | web_files(web) | static_files()
    version, size = write(files, settings, inputs)
    seconds = time.monotonic() - started
    say(f"aplikasi ponsel {version} siap: {len(files)} berkas, {size / 1e6:.1f} MB ({seconds:.0f} dtk)")
    return version


def fingerprint(settings: Settings, web: Path) -> str:
    """A digest of everything the bundle is made from."""
    from_flet = [part for name, path in flutter.kept_files(web) for part in (name, path)]
    own = [part for name, path in sorted(settings.own.items()) for part in (name, path)]
    library = web / flutter.STANDARD_LIBRARY
    return compiled.digest_of(BUNDLE, settings.requirements, library, *from_flet, *own)


def current_version(out: Path, inputs: str) -> str | None:
    """The version in `out` if it was made from `inputs` and every file is still there."""
    try:
        listing = json.loads((out / offline.BUNDLE_LIST).read_text())
        complete = all((out / name).stat().st_size == entry["size"] for name, entry in listing["files"].items())
        complete = complete and (out / offline.SERVICE_WORKER).exists()
    except (OSError, ValueError):
        return None
    return str(listing["version"]) if complete and listing["inputs"] == inputs else None


def python_files(settings: Settings, web: Path) -> dict[str, bytes]:
    """The three archives of Python code: standard library, third-party packages, our own."""
    wheels = packages.shipped(packages.download(settings.requirements, settings.wheels))
    library = web / flutter.STANDARD_LIBRARY
    tools = compiled.digest_of(
        *(BUNDLE / name for name in ("archives.py", "compile.mjs", "packages.py")), web / "pyodide" / "pyodide.asm.wasm"
    )
    own = [part for name, path in sorted(settings.own.items()) for part in (name, path)]
    trees = [
        compiled.Tree(
            flutter.STANDARD_LIBRARY,
            compiled.digest_of(tools, library),
            lambda folder: packages.unpack_standard_library(library, folder),
            archives.zip_archive,
        ),
        compiled.Tree(
            "packages.tar.gz",
            compiled.digest_of(tools, *wheels),
            lambda folder: packages.unpack_wheels(wheels, folder),
            archives.tar_gz,
        ),
        compiled.Tree(
            "app.tar.gz",
            compiled.digest_of(tools, *own),
            lambda folder: packages.copy_own(settings.own, folder),
            archives.tar_gz,
        ),
    ]
    say("mengompilasi Python untuk peramban …")
    return compiled.archives(trees, web / "pyodide", settings.cache)


def web_files(web: Path) -> dict[str, bytes]:
    """The Flutter client and Pyodide, trimmed and patched."""
    return {name: flutter.patched(name, path.read_bytes()) for name, path in flutter.kept_files(web)}


def static_files() -> dict[str, bytes]:
    """Our own page, scripts and pictures, except the templates."""
    return {name: path.read_bytes() for name, path in archives.files_below(STATIC) if name not in TEMPLATES}


def write(files: dict[str, bytes], settings: Settings, inputs: str) -> tuple[str, int]:
    """Write the bundle beside `settings.out` and swap the folders; returns version and transfer size in bytes."""
    say("memampatkan …")
    fresh = settings.out.with_name(settings.out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    entries: dict[str, offline.Entry] = {}
    for name, content in sorted(files.items()):
        entries[name] = put(fresh, name, content, settings.cache)
    template = (STATIC / offline.SERVICE_WORKER).read_text()
    worker = offline.service_worker(template, files[offline.DOWNLOADER].decode(), entries)
    put(fresh, offline.SERVICE_WORKER, worker.encode(), settings.cache)
    put(fresh, offline.BUNDLE_LIST, offline.bundle_list(entries, inputs).encode(), settings.cache)
    replace_folder(fresh, settings.out)
    return offline.version_of(entries), sum(entry.transfer for entry in entries.values())


def put(folder: Path, name: str, content: bytes, cache: Path) -> offline.Entry:
    """Write one file and, where it pays, its gzipped copy."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if not offline.is_compressible(name):
        return offline.entry(content, None)
    kept = cache / "gzip" / f"{compiled.digest_of(content)}.gz"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(archives.compress(content))
        unfinished.rename(kept)
    shutil.copyfile(kept, path.with_name(path.name + ".gz"))
    return offline.entry(content, kept.read_bytes())


def replace_folder(fresh: Path, out: Path) -> None:
    """Put `fresh` in the place of `out`; a reader never sees a half-written bundle."""
    stale = out.with_name(out.name + ".old")
    shutil.rmtree(stale, ignore_errors=True)
    if out.exists():
        out.rename(stale)
    fresh.rename(out)
    shutil.rmtree(stale, ignore_errors=True)


def say(text: str) -> None:
    """Tell the person at the terminal what goes on."""
    print(f"lumbung: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
