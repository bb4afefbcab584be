"""A second release of the app, made of changed sources, and a server that changes from one to the other."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# `bundle` lives in client/ and is no part of an installed package.
if str(ROOT / "client") not in sys.path:
    sys.path.insert(0, str(ROOT / "client"))

from bundle import build  # noqa: E402

from lumbung_client import __version__  # noqa: E402
from lumbung_client.ui.texts import LANGUAGES  # noqa: E402

FIRST = ROOT / "build" / "app"
SECOND = ROOT / "build" / "test-bundle" / "second-release"
NUMBER = "9.0.0"
NEWS = {"id": "Menu lebih besar.", "en": "Larger menus."}
TITLE = {language: f"{words.updating.title} 9" for language, words in LANGUAGES.items()}
"""How the second release calls a part of the settings."""


def second_release(work: Path) -> Path:
    """Build it: the same app with another number, other words in one place, and news to tell."""
    shutil.rmtree(SECOND, ignore_errors=True)
    package = work / "lumbung_client"
    shutil.copytree(ROOT / "client" / "lumbung_client", package, ignore=shutil.ignore_patterns("__pycache__"))
    _change(package / "__init__.py", f'"{__version__}"', f'"{NUMBER}"')
    for language, words in LANGUAGES.items():
        _change(
            package / "ui" / "texts" / "updating.py", f'title="{words.updating.title}"', f'title="{TITLE[language]}"'
        )
    told = json.dumps({"number": NUMBER, "date": "2026-12-01", "news": NEWS}).encode()
    static = build.static_files
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(build, "static_files", lambda: {**static(), "release.json": told})
        assert build.main(["--app-package", str(package), "--out", str(SECOND)]) == 0
    return SECOND


def deploy(bundle: Path, served: Path) -> None:
    """Put a bundle in the place of what is served."""
    fresh = served.with_name(f"{served.name}.fresh")
    shutil.copytree(bundle, fresh)
    build.replace_folder(fresh, served)


def _change(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(before) == 1, f"{file.name}: {before}"
    file.write_text(text.replace(before, after), "utf-8")
