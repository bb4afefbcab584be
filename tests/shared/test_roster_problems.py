"""Every code about a roster has a sentence that an administrator can act on, in both languages."""

from __future__ import annotations

import re
import string

import pytest

from lumbung_shared.form_problems import FormCode
from lumbung_shared.problems import Code
from lumbung_shared.roster_problems import ROSTER_SENTENCES, RosterCode, roster_sentence


def gaps(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_every_code_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert set(RosterCode) == set(ROSTER_SENTENCES)


@pytest.mark.parametrize("code", list(RosterCode))
def test_both_languages_say_it_in_whole_sentences_with_the_same_gaps(code: RosterCode) -> None:
    said = ROSTER_SENTENCES[code]
    assert said.id != said.en
    assert gaps(said.id) == gaps(said.en)
    assert set(gaps(said.id)) <= {"name", "other"}
    for text in (said.id, said.en):
        assert re.fullmatch(r"[A-Z“].*\.", text)
        assert text == " ".join(text.split())


@pytest.mark.parametrize("code", list(RosterCode))
def test_codes_are_written_in_one_way(code: RosterCode) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert code.name == code.value.upper().replace("-", "_")


def test_no_two_codes_say_the_same_and_none_means_something_else_already() -> None:
    for language in ("id", "en"):
        assert len({said.within(language) for said in ROSTER_SENTENCES.values()}) == len(ROSTER_SENTENCES)
    assert not set(RosterCode) & (set(Code) | set(FormCode))


def test_gaps_are_filled_with_what_is_meant() -> None:
    said = roster_sentence(RosterCode.DAYS_CROSSED, "2026-11-22", "{2026-11-21}")
    assert said.en == "The last day {2026-11-21} is before the first day 2026-11-22."
    assert roster_sentence(RosterCode.REGION_NOT_THERE, "64.99").id.startswith("Wilayah 64.99 tidak ada")
