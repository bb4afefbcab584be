"""The same business written in other ways is proposed, with why; another one is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.forms import built_in_forms
from lumbung_shared.likeness import (
    ENOUGH,
    NEIGHBOURS,
    Facts,
    Likeness,
    Reason,
    facts_of,
    likely_duplicates,
    likeness,
)

LOK_TUAN, GUNTUNG = "64.74.01.1003", "64.74.01.1004"


def entry(name: str, person: str = "", contact: str = "", region: str = LOK_TUAN, rt: str = "") -> Facts:
    return Facts(f"{name}-{person}-{contact}-{region}-{rt}", name, person, contact, region, rt)


@pytest.mark.parametrize(
    ("name", "other", "reason"),
    [
        ("Keripik Melati", "keripik melati", Reason.SAME_NAME),
        ("Keripik Melati", "UMK Keripik-Melati", Reason.SAME_NAME),
        ("Keripik Melati", "UMK. KERIPIK  MELATI", Reason.SAME_NAME),
        ("CV Mekar Sari", "Mekarsari", Reason.SAME_NAME),
        ("Bank Sampah Sehati", "BS Séhati", Reason.SAME_NAME),
        ("Bank Sampah Melati 02", "Bank Sampah Melati II", Reason.SAME_NAME),
        ("Soekma Djaja", "Sukma Jaja", Reason.SAME_NAME),
        ("Toko 12", "UMK 12", Reason.SAME_NAME),
        ("Bank Sampah", "bank sampah", Reason.SAME_NAME),
        ("Amplang Ibu Ratna", "Amplang Bu Ratnah", Reason.SIMILAR_NAME),
        ("Kripik Melati", "Keripik Melati", Reason.SIMILAR_NAME),
        ("Bank Sampah Sehati", "Bank Sampah Sehaty", Reason.SIMILAR_NAME),
        ("Rejeki Lancar", "Rezeki Lancar", Reason.SIMILAR_NAME),
        ("Melati Keripik", "Keripik Melati", Reason.SIMILAR_NAME),
    ],
)
def test_one_name_in_two_spellings_in_one_village_is_proposed(name: str, other: str, reason: Reason) -> None:
    found = likeness(entry(name), entry(other))
    assert found is not None
    assert found.reasons == (reason, Reason.SAME_VILLAGE)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Keripik Melati", "Amplang Ratna"),
        ("Keripik Melati", "Keripik Mawar"),
        ("PKK RT 05", "PKK RT 06"),
        ("Bank Sampah Melati 1", "Bank Sampah Melati II"),
        ("Bank Sampah Melati", "Bank Sampah Melati 2"),
        ("Bank Sampah Melati", "Bank Sampah Mawar"),
        ("Ibu Nur", "Ibu Nia"),
        ("", ""),
        ("!?", "..."),
        ("12", "Melati"),
    ],
)
def test_other_names_in_one_village_are_not(name: str, other: str) -> None:
    assert likeness(entry(name), entry(other)) is None


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (
            entry("Keripik Melati", contact="0812-3456-7890"),
            entry("UMK Melati", contact="+62 812 3456 7890", rt="05"),
            (Reason.SIMILAR_NAME, Reason.SAME_CONTACT, Reason.SAME_VILLAGE),
        ),
        (
            entry("Keripik Melati", "Ibu Siti Aminah", rt="RT 05"),
            entry("Melati", "Bu Siti", rt="5"),
            (Reason.SIMILAR_NAME, Reason.SAME_PERSON, Reason.SAME_VILLAGE, Reason.SAME_RT),
        ),
        (entry("Melati", region=""), entry("UMK Melati"), (Reason.SAME_NAME,)),
        (
            entry("Melati", contact="081234567890", region=GUNTUNG, rt="5"),
            entry("Melati", contact="081234567890", rt="5"),
            (Reason.SAME_NAME, Reason.SAME_CONTACT),
        ),
    ],
)
def test_the_reasons_are_told(one: Facts, other: Facts, reasons: tuple[Reason, ...]) -> None:
    found = likeness(one, other)
    assert found is not None
    assert found.reasons == reasons
    assert found.points >= ENOUGH


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entry("Melati"), entry("Melati", region=GUNTUNG)),
        (entry("Keripik Melati"), entry("Melati")),
        (entry("Keripik Melati", contact="123"), entry("Melati", contact="123")),
        (entry("Amplang", "Siti", "081234567890", rt="5"), entry("Abon", "Siti", "081234567890", rt="5")),
    ],
)
def test_too_little_is_no_proposal(one: Facts, other: Facts) -> None:
    assert likeness(one, other) is None


names = st.text(alphabet="aeiklmnrst 12", max_size=14)
some_facts = st.builds(
    Facts,
    record=st.uuids().map(str),
    name=names,
    person=names,
    contact=st.sampled_from(["", "0812345678", "+62812345678"]),
    region=st.sampled_from(["", LOK_TUAN, GUNTUNG]),
    rt=st.sampled_from(["", "5", "RT 05"]),
)


@given(some_facts, some_facts)
def test_likeness_does_not_depend_on_who_is_asked_first(one: Facts, other: Facts) -> None:
    assert likeness(one, other) == likeness(other, one)


@given(st.text(), st.text())
def test_any_text_is_a_name(name: str, other: str) -> None:
    found = likeness(entry(name), entry(other))
    assert found is None or isinstance(found, Likeness)


@given(st.lists(some_facts, max_size=NEIGHBOURS, unique_by=lambda facts: facts.record))
def test_every_pair_that_is_alike_is_found(entries: list[Facts]) -> None:
    expected = {
        (min(one.record, other.record), max(one.record, other.record), why)
        for place, one in enumerate(entries)
        for other in entries[place + 1 :]
        if (why := likeness(one, other))
    }
    found = likely_duplicates(entries)
    assert {(pair.one, pair.other, pair.likeness) for pair in found} == expected
    points = [pair.likeness.points for pair in found]
    assert points == sorted(points, reverse=True)


def test_among_thousands_of_the_same_name_the_work_stays_small() -> None:
    entries = [Facts(f"{number:05}", "UMK Berkah Jaya", region=LOK_TUAN) for number in range(1_000)]
    assert len(likely_duplicates(entries)) < NEIGHBOURS * len(entries)


def test_an_entry_is_compared_by_what_its_register_calls_it() -> None:
    forms = built_in_forms()
    assert facts_of(
        forms["waste-bank"], "r", {"name": "Sehati", "manager": "Bu Ani", "rt": "05", "region": LOK_TUAN}
    ) == (Facts("r", "Sehati", "Bu Ani", "", LOK_TUAN, "05"))
    assert facts_of(forms["business"], "r", {"name": 5, "owner": None}) == Facts("r", "")
