"""What follows from the shape of a region code alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.regions import (
    Level,
    Region,
    covered,
    home_region,
    is_desa,
    is_region_code,
    is_within,
    level,
    lineage,
    parent,
)

two = st.integers(0, 99).map("{:02d}".format)
four = st.integers(0, 9999).map("{:04d}".format)
codes = st.tuples(two, two, two, four).flatmap(
    lambda parts: st.integers(1, 4).map(lambda depth: ".".join(parts[:depth]))
)


@given(codes)
def test_a_lineage_leads_from_the_province_down_by_parents(code: str) -> None:
    line = lineage(code)
    assert line[-1] == code
    assert [level(step) for step in line] == list(Level)[: len(line)]
    assert [parent(step) for step in line] == ["", *line[:-1]]
    assert all(is_region_code(step) for step in line)


@given(codes, codes)
def test_a_region_is_within_exactly_the_members_of_its_lineage(code: str, other: str) -> None:
    assert is_within(code, other) == (other in lineage(code))


@given(codes, codes, codes)
def test_being_within_passes_on(a: str, b: str, c: str) -> None:
    assert is_within(a, a)
    assert not (is_within(a, b) and is_within(b, c)) or is_within(a, c)
    assert not (is_within(a, b) and is_within(b, a)) or a == b


@given(codes)
def test_the_home_of_a_region_is_its_kabupaten_or_the_province_itself(code: str) -> None:
    home = home_region(code)
    assert is_within(code, home)
    assert level(home) <= Level.REGENCY
    assert home == home_region(home)


@given(codes, st.lists(codes))
def test_a_region_is_covered_when_one_prefix_covers_it(code: str, prefixes: list[str]) -> None:
    assert covered(code, prefixes) == any(prefix in lineage(code) for prefix in prefixes)


def test_a_neighbour_that_begins_with_the_same_digits_is_not_within() -> None:
    assert not is_within("64.74.01.1003", "64.7")
    assert not is_within("64.740", "64.74")


@pytest.mark.parametrize(
    "text",
    ["", "6", "6474", "64.", "64.7", "64.74.1", "64.74.01.103", "64.74.01.1003.1", "64.74 ", "\u0666\u0664", "64\n"],
)
def test_other_texts_are_no_region_codes(text: str) -> None:
    assert not is_region_code(text)


@pytest.mark.parametrize(("code", "expected"), [("64.74.01.1003", False), ("64.02.05.2011", True), ("64.74", False)])
def test_desa_are_numbered_from_2000(code: str, expected: bool) -> None:
    assert is_desa(code) is expected


def test_a_region_in_force_has_neither_end_nor_successor() -> None:
    assert Region("64.74", "Kota Bontang") == Region("64.74", "Kota Bontang", "", "", "")
