"""Draw the app's icons from `static/icons/lumbung.svg` with a Chromium; run it after changing that picture.

Usage: python client/bundle/icons.py
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ICONS = Path(__file__).resolve().parent / "static" / "icons"
BACKGROUND = "#2f5d34"
# name → (pixels, share of the width the picture takes, corner radius as a share of the width)
PICTURES = {
    "icon-192.png": (192, 0.84, 0.22),
    "icon-512.png": (512, 0.84, 0.22),
    "maskable-192.png": (192, 0.64, 0.0),
    "maskable-512.png": (512, 0.64, 0.0),
    "favicon.png": (48, 0.92, 0.22),
}


def main() -> int:
    """Draw every icon; returns the exit code."""
    chromium = os.environ.get("LUMBUNG_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for name, (size, share, radius) in PICTURES.items():
            draw(page, ICONS / name, size, share, radius)
        browser.close()
    return 0


def draw(page: Page, target: Path, size: int, share: float, radius: float) -> None:
    """Paint the granary on its green ground, `size` pixels square."""
    picture = (ICONS / "lumbung.svg").read_text()
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(
        f"<style>body{{margin:0}}div{{width:{size}px;height:{size}px;display:flex;background:{BACKGROUND};"
        f"border-radius:{radius * size}px}}svg{{width:{share * size}px;margin:auto}}</style><div>{picture}</div>"
    )
    page.screenshot(path=target, omit_background=True)


if __name__ == "__main__":
    sys.exit(main())
