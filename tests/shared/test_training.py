"""How far a training went is found by names, and only where a name can be but one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lumbung_shared.canonical import Json
from lumbung_shared.training import (
    LEVELS,
    Reached,
    Trainee,
    Training,
    below,
    name_key,
    name_keys,
    reached,
    steps,
    training_of,
    went_on,
)

LOK_TUAN, GUNTUNG, SATIMPO, PASER = "64.74.01.1003", "64.74.01.1004", "64.74.02.1004", "64.01.01.2009"
VILLAGES = {LOK_TUAN: "Lok Tuan", GUNTUNG: "Guntung", SATIMPO: "Satimpo", "64.74.01.1001": "Bontang Kuala"}


def training(
    record: str, trainer: str, *trainees: str, down: int = 1, date: str = "2026-10-01", **more: Any
) -> Training:
    """A training from one level to the next, `down` being the place of the trainees' level."""
    told = tuple(Trainee(name, trains_next=True) for name in trainees)
    made = Training(record, date, LOK_TUAN, "Kompos", trainer, LEVELS[down - 1], LEVELS[down], told)
    return replace(made, **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hj. Siti Aminah, S.Pd", "siti aminah"),
        ("Bpk. Drs. H. Ahmad Yani, M.Si.", "AHMAD YANI"),
        ("Ibu Nur Aisyah", "nur  aisyah"),
        ("Andi Pangérang", "Andi Pangerang"),
        ("Bu Wati (Ketua RT)", "Wati ketua RT"),
    ],
)
def test_titles_degrees_accents_and_capitals_make_no_other_person(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize("name", ["", "  ", "Bapak", "S.Pd., M.Si.", "..."])
def test_what_holds_no_name_is_nobody(name: str) -> None:
    assert name_key(name) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Siti Aminah, S.Pd dan Budi Santoso", ("siti aminah", "budi santoso")),
        ("Dandi Sendana", ("dandi sendana",)),
        ("Ani/Wati & Tono; Joko", ("ani", "wati", "tono", "joko")),
        ("Tim Forkom", ("forkom",)),
        ("", ()),
    ],
)
def test_several_trainers_in_one_answer_are_told_apart(text: str, found: tuple[str, ...]) -> None:
    assert name_keys(text) == found


def test_a_training_is_what_its_answers_say_and_its_recorder_trained_where_nobody_is_named() -> None:
    answers: dict[str, Json] = {
        "date": "2026-10-05",
        "topic": "Kompos",
        "trainee_level": "village",
        "trainer_level": "entah",
        "trainees/a000000001/name": "Wati",
        "trainees/a000000001/trains_next": True,
        "trainees/a000000002/name": "Ibu",
        "trainees/a000000003/organisation": "tanpa nama",
    }
    assert training_of("r1", LOK_TUAN, "Siti", answers) == Training(
        "r1", "2026-10-05", LOK_TUAN, "Kompos", "Siti", "", "village", (Trainee("Wati", trains_next=True),)
    )
    assert training_of("r1", LOK_TUAN, "Siti", {**answers, "trainer": "Tono"}).trainer == "Tono"


def test_a_trainee_went_on_who_is_named_as_trainer_of_a_later_training_one_level_down() -> None:
    first = training("r1", "Rahma", "Hj. Siti Aminah", "Budi")
    second = training("r2", "Siti Aminah, S.Pd dan Joko", "Wati", down=2, date="2026-10-20")
    third = training("r3", "Wati", "Ani", down=3, date="2026-11-01")
    assert went_on([third, first, second]) == {("r1", "siti aminah"): ("r2",), ("r2", "wati"): ("r3",)}


@pytest.mark.parametrize(
    "later",
    [
        training("r2", "Siti", "Wati", down=2, date="2026-09-30"),
        training("r2", "Siti", "Wati", down=3),
        training("r2", "Siti", "Wati", down=2, region=PASER),
        training("r2", "Siti Rahma", "Wati", down=2),
    ],
    ids=["earlier", "of another level", "of another kabupaten", "with another name"],
)
def test_nobody_went_on_by_a_training_that_is(later: Training) -> None:
    assert went_on([training("r1", "Rahma", "Siti"), later]) == {}


def test_a_training_of_the_province_is_followed_everywhere_and_levels_nobody_said_hinder_nobody() -> None:
    top = training("r1", "Rahma", "Siti", region="64")
    assert went_on([top, training("r2", "Siti", "Wati", down=2, region=PASER)]) == {("r1", "siti"): ("r2",)}
    silent = training("r2", "Siti", "Wati", trainer_level="", trainee_level="")
    assert went_on([training("r1", "Rahma", "Siti"), silent]) == {("r1", "siti"): ("r2",)}
    assert went_on([training("r1", "Siti", "Siti")]) == {}, "nobody follows from the same training"


def test_the_levels_stand_from_the_top_down_and_who_was_trained_twice_is_one_person() -> None:
    told = [
        training("r1", "Rahma", "Siti", "Budi"),
        training("r2", "Rahma", "siti", down=1, date="2026-10-02"),
        training("r3", "Siti", "Wati", "Ani", down=2, date="2026-10-09"),
        training("r4", "Tono", "Joko", trainee_level=""),
    ]
    found = [(one.level, one.trainings, one.trainers, one.trainees, one.to_train, one.went_on) for one in steps(told)]
    assert found == [("regency", 2, 1, 2, 2, 1), ("district", 1, 1, 2, 2, 0), ("", 1, 1, 1, 1, 0)]
    assert steps([]) == ()


def test_a_village_is_reached_by_place_by_where_a_trainee_comes_from_or_by_one_who_works_there() -> None:
    told = [
        training("r1", "Siti", "Wati", "Budi", down=3, trainees=(Trainee("Wati", "KPM Kel. Satimpo"), Trainee("Budi")))
    ]
    people = [("Budi, S.E.", GUNTUNG), ("Rahma", "64.74")]
    assert reached(told, VILLAGES, people) == {
        LOK_TUAN: Reached.PLACE,
        SATIMPO: Reached.ORIGIN,
        GUNTUNG: Reached.PERSON,
    }
    assert reached([replace(told[0], trainee_level="district")], VILLAGES, people) == {}


def test_a_name_that_two_have_reaches_nobody() -> None:
    told = [training("r1", "Siti", "Budi", down=3, region="64.74", trainees=(Trainee("Budi", "Guntung"),))]
    twice = {**VILLAGES, "64.74.03.1009": "Guntung"}
    assert reached(told, twice, [("Budi", SATIMPO), ("Bapak Budi", LOK_TUAN)]) == {}
    assert reached(told, VILLAGES, []) == {GUNTUNG: Reached.ORIGIN}
    assert reached([replace(told[0], region=PASER)], VILLAGES, []) == {}, "a village of another kabupaten"


def test_the_longest_name_of_a_village_counts() -> None:
    villages = {**VILLAGES, "64.74.03.1008": "Kuala"}
    told = [training("r1", "Siti", down=3, region="64.74", trainees=(Trainee("Ani", "warga Bontang Kuala RT 05"),))]
    assert list(reached(told, villages, [])) == ["64.74.01.1001"]


def test_the_regions_below_are_those_that_hold_villages() -> None:
    assert below("64", VILLAGES) == ("64.74",)
    assert below("64.74", VILLAGES) == ("64.74.01", "64.74.02")
    assert below("64.74.02", VILLAGES) == (SATIMPO,)
    assert below(SATIMPO, VILLAGES) == ()
