"""Which passwords may be chosen: long ones that are not the first anybody would try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.passwords import LONGEST, SHORTEST, is_weak

OWN = ("siti.bontang", "Siti Aminah")


@pytest.mark.parametrize(
    "password",
    [
        "padi menguning di sawah",
        "k0l4m-lele!",
        "Siti Aminah suka durian",
        "3141592653",
        "😀🌾🐟🎣🏡🚣🌴🌧🔥🌙",
        "x" * (LONGEST - 1) + "y",
    ],
)
def test_a_password_that_nobody_tries_first_may_be_chosen(password: str) -> None:
    assert not is_weak(password, *OWN)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "sembilan9",
        "          ",
        "1111111111",
        "1234567890",
        "Bismillah 123",
        "P@ssw0rd123",
        "siti.bontang",
        "SitiBontang",
        "siti aminah",
        "Siti-Aminah-2026",
        "2026sitibontang",
        "x" * (LONGEST + 1),
    ],
)
def test_a_password_that_anybody_would_try_may_not(password: str) -> None:
    assert is_weak(password, *OWN)


def test_words_of_ones_own_may_be_empty_or_numbers() -> None:
    assert not is_weak("padi menguning", "", "081234567890")
    assert is_weak("081234567890", "0812-3456-7890")


@given(st.text(max_size=SHORTEST - 1))
def test_whatever_is_short_is_refused(password: str) -> None:
    assert is_weak(password)
