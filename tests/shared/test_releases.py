"""Versions of the app are compared by their numbers; what names none is nobody's older one."""

from __future__ import annotations

import pytest

from lumbung_shared.releases import is_older, is_release


@pytest.mark.parametrize(
    ("version", "than"), [("0.9.2", "0.10.0"), ("0.9", "0.9.1"), ("1.0.0", "2"), ("0.0", "0.0.1"), ("0.9.9", "1")]
)
def test_numbers_are_compared_not_letters(version: str, than: str) -> None:
    assert is_older(version, than)
    assert not is_older(than, version)


@pytest.mark.parametrize(("one", "other"), [("0.9", "0.9.0"), ("1", "1.0.0"), ("0.9.2", "0.9.2")])
def test_zeros_at_the_end_make_no_difference(one: str, other: str) -> None:
    assert not is_older(one, other)
    assert not is_older(other, one)


@pytest.mark.parametrize("text", ["", "test", "0.9b1", "1..2", "0.9.", "-1", "٣.1", "1e5", "0." + "9" * 10])
def test_what_names_no_version_is_never_too_old(text: str) -> None:
    assert not is_release(text)
    assert not is_older(text, "99")
    assert not is_older("0.1", text)
