"""Numbers are read as people type and paste them, in either language, and never guessed at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.ui.texts.formats import number
from lumbung_client.ui.texts.typed import read_two_ways, typed_number

LANGUAGES = st.sampled_from(["id", "en"])
DECIMALS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False).map(str)


@given(DECIMALS, LANGUAGES)
def test_a_typed_decimal_reads_the_same_with_comma_and_point(text: str, language: str) -> None:
    assert typed_number(text, language) == typed_number(text.replace(".", ","), language)
    assert float(typed_number(text, language) or "-1") == float(text)


@given(DECIMALS, LANGUAGES)
def test_what_is_shown_back_is_read_as_what_it_was(text: str, language: str) -> None:
    shown = number(text, language)
    assert typed_number(shown, language, grouped=True) == typed_number(text, language)
    assert typed_number(shown, language) == typed_number(text, language)


@given(st.integers(min_value=0, max_value=10**15 - 1), LANGUAGES)
def test_a_whole_number_that_is_shown_back_is_read_as_what_it_was(value: int, language: str) -> None:
    shown = number(value, language)
    assert typed_number(shown, language, whole=True) == str(value)
    assert typed_number(shown, language, whole=True, grouped=True) == str(value)


@pytest.mark.parametrize(
    ("text", "indonesian", "english"),
    [
        ("12,5", "12.5", "12.5"),
        ("12.5", "12.5", "12.5"),
        ("12.50", "12.50", "12.50"),
        ("1.250", "1250", "1.250"),
        ("1,250", "1.250", "1250"),
        ("0.125", "0.125", "0.125"),
        ("0,125", "0.125", "0.125"),
        ("1250.125", "1250.125", "1250.125"),
        ("1.250,5", "1250.5", "1250.5"),
        ("1,250.5", "1250.5", "1250.5"),
        ("1.250.000", "1250000", "1250000"),
        ("12,5 kg", "12.5", "12.5"),
        ("12,", "12", "12"),
        (",5", "0.5", "0.5"),
        ("007", "7", "7"),
        ("0", "0", "0"),
    ],
)
def test_a_mark_stands_for_what_it_stands_for_in_the_language(text: str, indonesian: str, english: str) -> None:
    assert (typed_number(text, "id"), typed_number(text, "en")) == (indonesian, english)


@pytest.mark.parametrize(
    "text",
    [
        "15000",
        "15.000",
        "15,000",
        "Rp 15.000",
        "Rp15.000",
        "rp. 15.000",
        "Rp\u00a015.000,00",
        "Rp 15.000,-",
        "15.000,",
        ".15.000",
        "IDR 15,000.00",
        " 15 000 ",
    ],
)
def test_an_amount_is_understood_as_it_was_copied(text: str) -> None:
    assert typed_number(text, "id", whole=True) == typed_number(text, "en", whole=True) == "15000"


@pytest.mark.parametrize(
    "text", ["", " ", ",", "1,,2", "a", "1e3", "-1", "1.2.3", "1.2,3.4", "٣", "1" * 16, "0,1234567"]
)
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    assert typed_number(text, "id") is typed_number(text, "en") is None


@pytest.mark.parametrize("text", ["12,5", "12.5", "1.250,5", "1.250,000"])
def test_a_whole_number_has_no_fraction_that_could_be_lost(text: str) -> None:
    assert typed_number(text, "id", whole=True) is None


@pytest.mark.parametrize(
    ("edited", "value"),
    [("1.2500", "12500"), ("1.25", "125"), ("1.25,5", "125.5"), ("12.50.000", "1250000"), ("1.250,5", "1250.5")],
)
def test_marks_of_thousands_that_the_app_wrote_stay_that_while_the_number_is_edited(edited: str, value: str) -> None:
    assert typed_number(edited, "id", grouped=True) == value


def test_a_number_that_could_be_read_in_two_ways_is_known() -> None:
    assert read_two_ways("1.250", "id") == ("1.250", "1,250")
    assert read_two_ways("1,250", "en") == ("1,250", "1.250")
    for text in ("1,250", "12.5", "1250", "0.125", "1.250.000", "1.250,5", ""):
        assert read_two_ways(text, "id") is None
