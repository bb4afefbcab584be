"""Assemble the installable offline web app.

Usage: python client/bundle/build.py --out build/app [--release] [--cache build/cache] [--wheels build/wheels]
       [--app-package DIR]

Does nothing when nothing changed since the last run; compiles only what changed otherwise. `--release` compresses as
small as can be, which takes two minutes the first time; a release that is up to date is not replaced by less.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent
if str(BUNDLE.parent) not in sys.path:
    sys.path.insert(0, str(BUNDLE.parent))

# The path above makes `bundle` importable when this file is run as a command.
from bundle import archives, compiled, flutter, fonts, offline, packages  # noqa: E402
from bundle.errors import BundleError  # noqa: E402

ROOT = BUNDLE.parent.parent
STATIC = BUNDLE / "static"
TEMPLATES = (offline.SERVICE_WORKER,)
QUICK, BEST = 5, 11
"""Qualities of brotli: a second for everything, and the least bytes."""


@dataclass(frozen=True)
class Settings:
    """Where the inputs are and where results go."""

    out: Path
    cache: Path
    wheels: Path
    requirements: Path
    own: dict[str, Path]
    quality: int = QUICK


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "app")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "cache")
    parser.add_argument("--wheels", type=Path, default=ROOT / "build" / "wheels")
    parser.add_argument("--app-package", type=Path, default=ROOT / "client" / "lumbung_client")
    parser.add_argument("--release", action="store_true")
    chosen = parser.parse_args(arguments)
    own = {"lumbung_client": chosen.app_package, "lumbung_shared": ROOT / "shared" / "lumbung_shared"}
    requirements = ROOT / "requirements" / "browser.txt"
    try:
        quality = BEST if chosen.release else QUICK
        assemble(Settings(chosen.out.resolve(), chosen.cache, chosen.wheels, requirements, own, quality))
    except BundleError as error:
        print(f"lumbung: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


def assemble(settings: Settings) -> str:
    """Bring the folder `settings.out` up to date; returns the version of the bundle in it."""
    started = time.monotonic()
    web = flutter.web_folder()
    inputs = fingerprint(settings, web)
    version = current_version(settings.out, inputs, settings.quality)
    if version:
        say("aplikasi ponsel sudah yang terbaru")
        return version
    say("menyusun aplikasi ponsel …")
    icons = fonts.icons_of(flutter.program(web))
    named = fonts.offered(icons, fonts.named_icons(settings.own.values()))
    files = python_files(settings, web, named) | web_files(web, icons, named) | static_files()
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


def current_version(out: Path, inputs: str, quality: int) -> str | None:
    """The version in `out` if it was made from `inputs`, no less compressed, and every file is still there."""
    try:
        listing = json.loads((out / offline.BUNDLE_LIST).read_text())
        complete = all((out / name).stat().st_size == size for name, size in offline.sizes(listing["files"]))
        complete = complete and (out / offline.SERVICE_WORKER).exists()
    except (OSError, ValueError):
        return None
    current = complete and listing["inputs"] == inputs and listing.get("quality", 0) >= quality
    return str(listing["version"]) if current else None


def python_files(settings: Settings, web: Path, named: Mapping[str, int]) -> dict[str, bytes]:
    """The archives of Python code: standard library, third-party packages, our own in several with names of icons."""
    wheels = packages.shipped(packages.download(settings.requirements, settings.wheels))
    library = web / flutter.STANDARD_LIBRARY
    recipe = ("archives.py", "compile.mjs", "lean.py", "left_out.py", "packages.py")
    tools = compiled.digest_of(*(BUNDLE / name for name in recipe), web / "pyodide" / "pyodide.asm.wasm")
    trees = [
        compiled.Tree(
            flutter.STANDARD_LIBRARY,
            compiled.digest_of(tools, library),
            lambda folder: packages.unpack_standard_library(library, folder),
            archives.zip_archive,
            annotations=True,
        ),
        compiled.Tree(
            packages.THIRD_PARTY,
            compiled.digest_of(tools, *wheels),
            lambda folder: packages.unpack_wheels(wheels, folder),
            archives.tar,
        ),
    ]
    for name, files in packages.own_archives(settings.own).items():
        made = packages.made_files(named) if name == packages.OTHER else {}
        trees.append(own_tree(name, files, made, tools))
    say("mengompilasi Python untuk peramban …")
    return compiled.archives(trees, web / "pyodide", settings.cache)


def own_tree(name: str, files: list[tuple[str, Path]], made: Mapping[str, bytes], tools: str) -> compiled.Tree:
    """One of the archives of our own code: the files that go into it, and those that are `made` by the build."""

    def fill(folder: Path) -> None:
        packages.copy_own(files, folder)
        packages.write_made(made, folder)

    content: list[str | bytes | Path] = [part for place, path in files for part in (place, path)]
    content += [part for place, written in sorted(made.items()) for part in (place, written)]
    return compiled.Tree(name, compiled.digest_of(tools, *content), fill, archives.tar)


def web_files(web: Path, icons: fonts.Icons, named: Mapping[str, int]) -> dict[str, bytes]:
    """The Flutter client and Pyodide, trimmed and patched, with the icons that are `named`."""
    files = {name: flutter.patched(name, path.read_bytes()) for name, path in flutter.kept_files(web)}
    wanted = {**icons.by_itself, fonts.MATERIAL: fonts.code_points(icons, named.values())}
    return files | {name: fonts.only(files[name], wanted[family]) for name, family in fonts.FONTS.items()}


def static_files() -> dict[str, bytes]:
    """Our own page, scripts and pictures, except the templates."""
    return {name: path.read_bytes() for name, path in archives.files_below(STATIC) if name not in TEMPLATES}


def write(files: dict[str, bytes], settings: Settings, inputs: str) -> tuple[str, int]:
    """Write the bundle beside `settings.out` and swap the folders; returns version and transfer size in bytes."""
    say("memampatkan …" if settings.quality < BEST else "memampatkan sekecil mungkin … (beberapa menit)")
    fresh = settings.out.with_name(settings.out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    entries: dict[str, offline.Entry] = {}
    for name, content in sorted(files.items()):
        pieces = [(offline.part_name(name, number), part) for number, part in enumerate(offline.cut(content))]
        parts = tuple(put(fresh, part_name, part, settings) for part_name, part in pieces)
        members = put_members(fresh, content, settings) if name in packages.OWN else ()
        entries[name] = replace(put(fresh, name, content, settings, parts), members=members)
    template = (STATIC / offline.SERVICE_WORKER).read_text()
    worker = offline.service_worker(template, files[offline.DOWNLOADER].decode(), entries)
    put(fresh, offline.SERVICE_WORKER, worker.encode(), settings)
    put(fresh, offline.BUNDLE_LIST, offline.bundle_list(entries, inputs, settings.quality).encode(), settings)
    replace_folder(fresh, settings.out)
    return offline.version_of(entries), sum(entry.transfer for entry in entries.values())


def put(
    folder: Path, name: str, content: bytes, settings: Settings, parts: tuple[offline.Entry, ...] = ()
) -> offline.Entry:
    """Write one file and, where it pays, its compressed copies.

    A file in `parts` is asked for whole in need only: it gets the copy that is made quickly.
    """
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if not offline.is_compressible(name):
        return offline.entry(content, None)
    key, kept = compiled.digest_of(content), settings.cache / "compressed"
    smallest = put_copy(path, "gz", kept / f"{key}.gz", lambda: archives.gzipped(content))
    if not parts:
        best = kept / f"{key}-{BEST}.br"
        chosen = best if best.exists() else kept / f"{key}-{settings.quality}.br"
        smallest = put_copy(path, "br", chosen, lambda: archives.brotlied(content, settings.quality))
    return offline.entry(content, smallest, parts)


def put_members(folder: Path, archive: bytes, settings: Settings) -> tuple[offline.Member, ...]:
    """Write what an archive is made of, each as a file of its own."""
    found = [(offline.digest(one, offline.MEMBER_HASH_LENGTH), one) for one in archives.members(archive)]
    return tuple(
        offline.Member(name, put(folder, offline.member_name(name), content, settings).transfer)
        for name, content in found
    )


def put_copy(path: Path, ending: str, kept: Path, compress: Callable[[], bytes]) -> bytes:
    """Put a compressed copy beside a file, from the cache if it is there; returns it."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
        unfinished.write_bytes(compress())
        unfinished.rename(kept)
    shutil.copyfile(kept, path.with_name(f"{path.name}.{ending}"))
    return kept.read_bytes()


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
