"""Every code has a sentence that a person can act on, in both languages."""

from __future__ import annotations

import re
import string

import pytest

from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.labels import Label
from lumbung_shared.problems import SENTENCES, Code, Problem, sentence


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_every_code_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert set(Code) == set(SENTENCES)


@pytest.mark.parametrize("code", list(Code))
def test_both_languages_say_it_in_a_whole_sentence_with_the_same_gaps(code: Code) -> None:
    label = SENTENCES[code]
    assert label.id != label.en
    assert placeholders(label.id) == placeholders(label.en)
    for text in (label.id, label.en):
        assert re.fullmatch(r"[A-Z].*\.", text, re.DOTALL)
        assert "  " not in text
        assert text == text.strip()


@pytest.mark.parametrize("code", list(Code))
def test_codes_are_written_in_one_way(code: Code) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert code.name == code.value.upper().replace("-", "_")


def test_no_two_codes_say_the_same() -> None:
    for language in ("id", "en"):
        assert len({label.within(language) for label in SENTENCES.values()}) == len(SENTENCES)


def test_gaps_are_filled_and_a_forgotten_one_never_breaks_the_sentence() -> None:
    assert sentence(Code.TOO_SMALL, "id", bound="0 kg") == "Paling sedikit 0 kg."
    assert sentence(Code.TOO_LARGE, "en") == "At most ?."
    assert sentence(Code.WRONG_TYPE, "en", field="{weight}").startswith("The answer to “{weight}” is")


def test_a_code_of_a_newer_server_is_said_in_general_words() -> None:
    assert sentence("from-the-future", "id") == SENTENCES[Code.SERVER_ERROR].id


def test_an_unknown_language_reads_indonesian() -> None:
    assert Label("satu", "one").within("jv") == "satu"
    assert Label("satu", "one").within("en") == "one"


def test_problem_details_survive_the_wire() -> None:
    problem = Problem(Code.TOO_MANY_ATTEMPTS, 429, "Terlalu banyak percobaan.", retry_after=300)
    wire = to_wire(problem)
    assert wire == {
        "code": "too-many-attempts",
        "status": 429,
        "title": "Terlalu banyak percobaan.",
        "retry_after": 300,
    }
    assert problem == from_wire(Problem, {key: str(item) if key == "code" else item for key, item in wire.items()})
