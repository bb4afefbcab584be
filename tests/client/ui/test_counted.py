"""Numbers in texts: the separators of each language, a plural in English, and no number without its noun."""

from __future__ import annotations

import re
import string
from operator import attrgetter

import pytest

from lumbung_client.ui.texts import LANGUAGES
from lumbung_client.ui.texts.counted import NAMES as WITHOUT_SEPARATORS
from lumbung_client.ui.texts.counted import Counted
from lumbung_client.ui.texts.formats import number
from tests.client.ui.test_texts import NAMES, gaps

COUNTS = frozenset(
    "n done total all unsent photos records refused reached villages trainings trainers trainees went_on to_train"
    " silent writes here days darker darkest expected".split()
)
"""Gaps that are filled with how many of something there are."""
COUNTED = [name for name in NAMES if gaps(attrgetter(name)(LANGUAGES["id"])) & COUNTS]
NOT_PLURAL = frozenset(
    "access address always as business comes does goes has is its minus needs one's others own plus progress stands"
    " this was waits".split()
)
"""English words that end like a plural and are none."""


def filled(name: str, language: str, n: int) -> str:
    text = attrgetter(name)(LANGUAGES[language])
    return str(text.format(**{gap: n if gap in COUNTS else "x" for gap in gaps(text)}))


@pytest.mark.parametrize("name", COUNTED)
def test_no_english_text_says_one_of_several(name: str) -> None:
    said = filled(name, "en", 1)
    wrong = [word for word in re.findall(r"\b1 ([A-Za-z']+s)\b", said) if word.lower() not in NOT_PLURAL]
    assert wrong == [], said
    assert not re.search(r"\b[a-z]+\(s\)", said), said


@pytest.mark.parametrize("name", COUNTED)
def test_no_english_text_says_several_of_one_thing(name: str) -> None:
    text = attrgetter(name)(LANGUAGES["en"])
    for n, said in ((0, "0"), (2, "2"), (1000, "1,000")):
        for _, gap, spec, _ in string.Formatter().parse(text):
            if gap in COUNTS and spec and not spec.startswith("~"):
                assert f"{said} {spec.partition('|')[2]}" in filled(name, "en", n)


@pytest.mark.parametrize("name", COUNTED)
def test_every_number_in_a_text_has_the_separators_of_its_language(name: str) -> None:
    for language, thousand in (("id", "1.000"), ("en", "1,000")):
        said = filled(name, language, 1000)
        assert thousand in said
        assert not re.search(r"(?<![.,\d])1000(?![.,\d])", said), said


def test_every_gap_is_a_count_or_takes_a_text() -> None:
    """A text with a noun for its number is one that is counted."""
    for language in LANGUAGES:
        for name in NAMES:
            text = attrgetter(name)(LANGUAGES[language])
            assert isinstance(text, Counted) is ("{" in text)
            spoken = {gap for _, gap, spec, _ in string.Formatter().parse(text) if spec}
            assert spoken <= COUNTS, name
    assert not COUNTS & WITHOUT_SEPARATORS


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (0, "0 foto", "0 photos"),
        (1, "1 foto", "1 photo"),
        (2, "2 foto", "2 photos"),
        (1000, "1.000 foto", "1,000 photos"),
        ("1.000+", "1.000+ foto", "1.000+ photos"),
    ],
)
def test_a_number_comes_with_its_noun(value: int | str, indonesian: str, english: str) -> None:
    assert LANGUAGES["id"].budget.photos.format(n=value) == indonesian
    assert LANGUAGES["en"].budget.photos.format(n=value) == english


def test_years_and_numbers_of_receipts_are_names_and_no_amounts() -> None:
    words = LANGUAGES["id"]
    assert words.overview.period_year.format(year=2026) == "Tahun 2026"
    assert "64-1234" in words.receipt_line.format(home=64, number=1234, n=1)


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [("0", "0", "0"), ("1", "1", "1"), ("1000", "1.000", "1,000"), ("2500.5", "2.500,5", "2,500.5")],
)
def test_decimals_have_the_mark_of_the_language(value: str, indonesian: str, english: str) -> None:
    assert (number(value, "id"), number(value, "en")) == (indonesian, english)
