"""Decide which files of Flet's prebuilt web client ship, and change the few that would break the offline app.

Every change asserts that the text it expects is there exactly once, so that a new Flet release fails the
build here instead of failing on a phone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from bundle.errors import BundleError

# Flutter's two CanvasKit variants ship both; a phone downloads only the one its engine can run.
KEPT = (
    "main.dart.js",
    "flutter_bootstrap.js",
    "version.json",
    "canvaskit/canvaskit.js",
    "canvaskit/canvaskit.wasm",
    "canvaskit/chromium/canvaskit.js",
    "canvaskit/chromium/canvaskit.wasm",
    "pyodide/pyodide.mjs",
    "pyodide/pyodide.asm.mjs",
    "pyodide/pyodide.asm.wasm",
    "pyodide/pyodide-lock.json",
    "assets/AssetManifest.bin",
    "assets/AssetManifest.bin.json",
    "assets/FontManifest.json",
)
KEPT_FOLDERS = ("assets/fonts", "assets/shaders", "assets/packages/cupertino_icons")

STANDARD_LIBRARY = "pyodide/python_stdlib.zip"

RIVE_HOST = "https://cdn.jsdelivr.net/npm/@rive-app/flutter-native-wasm@44.0.0/"
# `static/absent/wasm/rive_native.js` answers there: animations by Rive are not used and never become ready.
RIVE_ABSENT = "absent/"


def web_folder() -> Path:
    """The folder of the installed `flet_web` package that holds the web client and Pyodide."""
    import flet_web

    folder = Path(flet_web.__file__).parent / "web"
    if not (folder / "main.dart.js").exists():
        raise BundleError(f"The flet-web package holds no web client ({folder}). Reinstall it: make clean run")
    return folder


def kept_files(web: Path) -> Iterator[tuple[str, Path]]:
    """Yield (path in the bundle, source file) of everything taken from the web client."""
    for name in KEPT:
        if not (web / name).is_file():
            raise BundleError(f"flet-web has no {name} any more: client/bundle/flutter.py must follow the new release")
        yield name, web / name
    for folder in KEPT_FOLDERS:
        for path in sorted((web / folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(web).as_posix(), path


def program(web: Path) -> str:
    """Flet's web client as Dart compiled it."""
    return (web / "main.dart.js").read_text("utf-8")


def patched(name: str, content: bytes) -> bytes:
    """The content to ship for a file of the web client: most files unchanged."""
    change = PATCHES.get(name)
    return change(content.decode()).encode() if change else content


def loader_only(bootstrap: str) -> str:
    """Keep Flutter's loader and its build list; our boot script makes the call that starts it.

    The shipped call registers Flutter's own service worker over ours, and the dart2wasm build is not shipped.
    """
    marker = "window.addEventListener('flutter-first-frame'"
    head = _split_once(bootstrap, marker, "flutter_bootstrap.js")
    head = _replace_once(head, "//# sourceMappingURL=flutter.js.map", "", "flutter_bootstrap.js")
    head, count = re.subn(r'\{"compileTarget":"dart2wasm"[^}]*\},', "", head)
    if count != 1 or '"compileTarget":"dart2js"' not in head:
        raise BundleError("flutter_bootstrap.js: the list of builds does not look as expected")
    return head.rstrip() + "\n"


def without_rive_host(program: str) -> str:
    """Point the one script that Flutter code would load from another host at our own inert one."""
    return _replace_once(program, f'"{RIVE_HOST}"', f'"{RIVE_ABSENT}"', "main.dart.js")


def fonts_in_use(manifest: str) -> str:
    """Drop the mathematical fonts (all listed fonts are downloaded at start) and name the bundled Roboto."""
    families = [entry for entry in json.loads(manifest) if "flutter_math" not in entry["family"]]
    families.append({"family": "Roboto", "fonts": [{"asset": "fonts/roboto.woff2"}]})
    return json.dumps(families)


def no_package_index(lock: str) -> str:
    """Empty Pyodide's list of downloadable packages: everything is in our own archives."""
    return json.dumps({**json.loads(lock), "packages": {}})


PATCHES: dict[str, Callable[[str], str]] = {
    "flutter_bootstrap.js": loader_only,
    "main.dart.js": without_rive_host,
    "assets/FontManifest.json": fonts_in_use,
    "pyodide/pyodide-lock.json": no_package_index,
}


def _replace_once(text: str, old: str, new: str, name: str) -> str:
    if text.count(old) != 1:
        raise BundleError(f"{name}: expected exactly one {old!r}, found {text.count(old)}")
    return text.replace(old, new)


def _split_once(text: str, marker: str, name: str) -> str:
    if text.count(marker) != 1:
        raise BundleError(f"{name}: expected exactly one {marker!r}, found {text.count(marker)}")
    return text.partition(marker)[0]
