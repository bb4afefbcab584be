"""Every code about a form has a sentence that a coordinator can act on, in both languages."""

from __future__ import annotations

import re
import string

import pytest

from lumbung_shared.form_problems import FORM_SENTENCES, FormCode, form_sentence
from lumbung_shared.problems import Code


def gaps(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_every_code_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert set(FormCode) == set(FORM_SENTENCES)


@pytest.mark.parametrize("code", list(FormCode))
def test_both_languages_say_it_in_a_whole_sentence_with_the_same_gaps(code: FormCode) -> None:
    said = FORM_SENTENCES[code]
    assert said.id != said.en
    assert gaps(said.id) == gaps(said.en)
    assert set(gaps(said.id)) <= {"name", "other"}
    for text in (said.id, said.en):
        assert re.fullmatch(r"[A-Z“$].*\.", text)
        assert text == " ".join(text.split())


@pytest.mark.parametrize("code", list(FormCode))
def test_codes_are_written_in_one_way(code: FormCode) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert code.name == code.value.upper().replace("-", "_")


def test_no_two_codes_say_the_same_and_none_is_a_problem_of_the_protocol() -> None:
    for language in ("id", "en"):
        assert len({said.within(language) for said in FORM_SENTENCES.values()}) == len(FORM_SENTENCES)
    assert not set(FormCode) & set(Code)


def test_gaps_are_filled_with_what_is_meant() -> None:
    said = form_sentence(FormCode.BOUNDS_CROSSED, "10", "{5}")
    assert said.en == "The lower bound 10 is above the upper bound {5}."
    assert form_sentence(FormCode.REFERENCE_UNKNOWN, "rt").id.startswith("${rt} tidak ada")
