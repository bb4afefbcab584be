"""The reference evaluator of expressions, which nobody here wrote, in a page of the test's Chromium."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.e2e.driver import ARGUMENTS, ONLY_THIS_MACHINE
from tests.packages import NODE, installed
from tools import chromium

HERE = Path(__file__).parent
OPTIONS = ("--bundle", "--format=iife", "--platform=browser", "--external:node-forge", "--log-level=error")
TODAY = "2026-11-22"
"""The day in the page."""


def bundle() -> Path:
    """Return the evaluator as one script, bundled once."""
    folder = installed(HERE, "page.js")
    script = folder / "reference.js"
    if not script.exists():
        # The program that bundles comes with its package.
        esbuild = [str(NODE), "node_modules/esbuild/bin/esbuild", "page.js", f"--outfile={script}", *OPTIONS]
        subprocess.run(esbuild, cwd=folder, check=True, timeout=60)
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
