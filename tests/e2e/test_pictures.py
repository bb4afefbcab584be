"""Every screen speaks one language, the chosen one. Only in `make test-all`: it walks through the whole app twice."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from lumbung_client.ui.texts import LANGUAGES, Texts
from tests.e2e.screenshots import photograph

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(900)]

# The two languages are named in their own words on the first screen and in the settings.
LANGUAGE_NAMES = {"Bahasa Indonesia", "English"}


def sentences(language: str) -> set[str]:
    """Return the texts of a language that say something in it: whole ones without gaps, of more than one word."""
    found = {str(getattr(LANGUAGES[language], field.name)) for field in dataclasses.fields(Texts)}
    return {text for text in found if "{" not in text and re.search(r"\w \w", text)}


@pytest.mark.parametrize(("language", "other"), [("id", "en"), ("en", "id")])
def test_no_screen_shows_a_sentence_of_the_other_language(
    playwright: Playwright, tmp_path: Path, language: str, other: str
) -> None:
    seen = photograph(playwright, tmp_path / "pictures", language, tmp_path)
    foreign = sentences(other) - sentences(language) - LANGUAGE_NAMES
    assert len(seen) > 15
    mixed = {name: found for name, texts in seen.items() if (found := foreign.intersection(texts))}
    assert mixed == {}
