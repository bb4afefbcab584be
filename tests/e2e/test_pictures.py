"""Every screen speaks one language, the chosen one. Only in `make test-all`: it walks through the whole app twice.

The pictures stay in `build/screenshots`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from lumbung_client.ui.texts import LANGUAGES
from tests.e2e.primed import Primed
from tests.e2e.screenshots import CHAPTERS, ROOT, photograph

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(900)]

# The two languages are named in their own words on the first screen and in the settings.
LANGUAGE_NAMES = {"Bahasa Indonesia", "English"}


def texts_of(catalogue: Any) -> Iterator[str]:
    """Yield every text of a catalogue, those of its parts as well."""
    for field in dataclasses.fields(catalogue):
        value = getattr(catalogue, field.name)
        if isinstance(value, str):
            yield value
        elif dataclasses.is_dataclass(value):
            yield from texts_of(value)


def sentences(language: str) -> set[str]:
    """Return the texts of a language that say something in it: whole ones without gaps, of more than one word."""
    return {text for text in texts_of(LANGUAGES[language]) if "{" not in text and re.search(r"\w \w", text)}


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize(("language", "other"), [("id", "en"), ("en", "id")])
def test_every_screen_speaks_one_language(
    playwright: Playwright, primed: Primed, tmp_path: Path, language: str, other: str, chapter: str
) -> None:
    studio = photograph(playwright, ROOT / "build" / "screenshots", language, tmp_path, primed, [chapter], album=False)
    foreign = sentences(other) - sentences(language) - LANGUAGE_NAMES
    assert len(studio.seen) > 1
    mixed = {name: found for name, texts in studio.seen.items() if (found := foreign.intersection(texts))}
    assert mixed == {}
    assert studio.faults == {}, "\n".join(f"{name}: {'; '.join(found)}" for name, found in studio.faults.items())
