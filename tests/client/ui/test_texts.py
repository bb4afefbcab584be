"""The catalogue is complete in both languages, and formats are those that readers of each language know."""

from __future__ import annotations

import dataclasses
import string
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.session.views import ActivityState
from lumbung_client.ui.parts.day_picker import day_of
from lumbung_client.ui.parts.states import review_explained, review_word, state_explained, state_word
from lumbung_client.ui.texts import LANGUAGES, Texts, texts
from lumbung_client.ui.texts.formats import (
    at_moment,
    byte_size,
    data_size,
    full_moment,
    iso_date,
    long_date,
    moment,
    number,
    rupiah,
    short_date,
    span,
)
from lumbung_shared.protocol import Role
from lumbung_shared.review import ReviewState
from lumbung_shared.times import WITA


def names(cls: type, prefix: str = "") -> list[str]:
    """Return the names of all texts, those of the parts of the catalogue with the part's name before them."""
    found: list[str] = []
    for name, kind in get_type_hints(cls).items():
        is_part = isinstance(kind, type) and dataclasses.is_dataclass(kind)
        found += names(kind, f"{prefix}{name}.") if is_part else [f"{prefix}{name}"]
    return found


NAMES = names(Texts)
# Words that are the same in both languages.
SAME = {"app_name", "role_administrator", "row_title", "required_mark", "by_whom", "states.counted"}


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", NAMES)
def test_every_text_exists_in_both_languages_with_the_same_gaps(name: str) -> None:
    indonesian, english = (attrgetter(name)(LANGUAGES[language]) for language in ("id", "en"))
    assert indonesian.strip()
    assert english.strip()
    assert gaps(indonesian) == gaps(english)
    if name not in SAME:
        assert indonesian != english


def test_every_state_and_role_has_words() -> None:
    for words in LANGUAGES.values():
        assert all(state_word(state, words) and state_explained(state, words) for state in ActivityState)
        for state in ReviewState:
            assert review_word(state, words)
            assert review_explained(state, words, judges=True) != review_explained(state, words, judges=False)
        assert all(getattr(words, "role_" + role.replace("-", "_")) for role in Role)


def test_an_unknown_language_falls_back_to_indonesian() -> None:
    assert texts("jv") is LANGUAGES["id"]


def test_days_are_written_as_people_write_them() -> None:
    day = date(2026, 11, 22)
    assert long_date(day, "id") == "Minggu, 22 November 2026"
    assert long_date(day, "en") == "Sunday, 22 November 2026"
    assert short_date(date(2026, 8, 3), "id") == "3 Agu 2026"
    assert iso_date("2026-11-31") is None


def test_a_time_shows_the_clock_and_the_day_as_people_call_it() -> None:
    at = int(datetime(2026, 11, 22, 10, 32, tzinfo=WITA).timestamp() * 1000)
    assert moment(at, "id", at) == "10.32"
    day = 86_400_000
    assert (moment(at, "id", at + day), moment(at, "en", at + day)) == ("kemarin 10.32", "yesterday 10:32")
    assert (moment(at, "id", at - day), moment(at, "en", at - day)) == ("besok 10.32", "tomorrow 10:32")
    assert (moment(at, "id", at + 2 * day), moment(at, "en", at + 2 * day)) == ("22 Nov 10.32", "22 Nov 10:32")
    assert moment(at, "id", at + 60 * day) == "22 Nov 2026 10.32"


def test_what_is_going_to_be_has_a_time_of_day() -> None:
    at, day = int(datetime(2026, 11, 22, 23, 58, tzinfo=WITA).timestamp() * 1000), 86_400_000
    assert (at_moment(at, "id", at), at_moment(at, "en", at)) == ("pukul 23.58", "at 23:58")
    soon = at + 600_000
    assert (at_moment(soon, "id", at), at_moment(soon, "en", at)) == ("besok pukul 00.08", "tomorrow at 00:08")
    assert at_moment(at + 3 * day, "id", at) == "25 Nov pukul 23.58"


def test_a_time_of_a_wrong_clock_shows_day_and_year_as_far_as_a_calendar_goes() -> None:
    at = int(datetime(2015, 11, 22, 7, 5, tzinfo=WITA).timestamp() * 1000)
    assert full_moment(at, "id") == "22 Nov 2015 07.05"
    assert full_moment(at, "en") == "22 Nov 2015 07:05"
    assert full_moment(-1, "en") == "1 Jan 1970 07:59"
    assert full_moment(2**53, "id") == full_moment(-(2**53), "id") == ""


@pytest.mark.parametrize(
    ("minutes", "indonesian", "english"),
    [
        (0, "1 menit", "1 minute"),
        (12, "12 menit", "12 minutes"),
        (192, "3 jam 12 menit", "3 hours 12 minutes"),
        (60, "1 jam", "1 hour"),
        (1_440 + 5, "1 hari", "1 day"),
        (1_440 * 2 + 60, "2 hari 1 jam", "2 days 1 hour"),
        (525_600 * 11 + 1_440 * 40 + 7, "11 tahun 40 hari", "11 years 40 days"),
        (525_600 * 1_200, "1.200 tahun", "1,200 years"),
    ],
)
def test_how_long_something_is_reads_in_its_two_largest_units(minutes: int, indonesian: str, english: str) -> None:
    ms = minutes * 60_000 + 59_999
    assert (span(ms, "id"), span(ms, "en")) == (indonesian, english)


def test_an_amount_of_storage_is_never_rounded_up() -> None:
    assert byte_size(34_999_999, "id") == "34\u00a0MB"
    assert byte_size(1_290_000_000, "id") == "1,2\u00a0GB"
    assert byte_size(59_300_000_000, "en") == "59.3\u00a0GB"
    assert byte_size(999, "id") == "0\u00a0kB"


UNITS = {"kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
counts = st.integers(0, 10**13)


def read_back(text: str) -> Decimal:
    """Return the bytes that an English amount of data says."""
    amount, unit = text.split("\u00a0")
    return Decimal(amount.replace(",", "")) * UNITS[unit]


@pytest.mark.parametrize(
    ("count", "indonesian", "english"),
    [
        (0, "0 kB", "0 kB"),
        (1, "1 kB", "1 kB"),
        (740_000, "740 kB", "740 kB"),
        (999_000, "999 kB", "999 kB"),
        (999_001, "1 MB", "1 MB"),
        (2_061_000, "2,1 MB", "2.1 MB"),
        (12_000_000, "12 MB", "12 MB"),
        (999_900_000, "999,9 MB", "999.9 MB"),
        (999_900_001, "1 GB", "1 GB"),
        (1_234_000_000_000, "1.234 GB", "1,234 GB"),
    ],
)
def test_an_amount_of_data_is_written_as_plans_are_sold(count: int, indonesian: str, english: str) -> None:
    for language, expected in (("id", indonesian), ("en", english)):
        assert data_size(count, language) == expected.replace(" ", "\u00a0")


@given(counts)
def test_an_amount_of_data_is_never_said_to_be_less_and_hardly_more(count: int) -> None:
    said = read_back(data_size(count, "en"))
    assert count <= said < count + max(1_000, count // 9)


@given(counts, counts)
def test_more_data_is_never_said_to_be_less(one: int, other: int) -> None:
    assert read_back(data_size(min(one, other), "en")) <= read_back(data_size(max(one, other), "en"))


@given(counts)
def test_both_languages_say_the_same_amount_with_their_own_marks(count: int) -> None:
    assert data_size(count, "id") == data_size(count, "en").translate(str.maketrans(",.", ".,"))


def test_numbers_carry_the_separators_of_the_language() -> None:
    assert number(1234567, "id") == "1.234.567"
    assert number("1234567.5", "en") == "1,234,567.5"
    assert number("-1200", "id") == "-1.200"
    assert rupiah(1_500_000, "id") == "Rp1.500.000"


def test_the_picked_day_is_the_persons_own_day() -> None:
    # Midnight of 25 November in WITA, as the calendar sends it.
    assert day_of(datetime(2026, 11, 24, 16, tzinfo=UTC)) == "2026-11-25"
    assert day_of(datetime(2026, 11, 25)) == "2026-11-25"  # noqa: DTZ001 - the calendar may leave the zone out
