"""What a coordinator is told of trainings down the levels, out of records as cadres send them."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from lumbung_shared.cascade import CascadeView
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Role
from lumbung_shared.training import KIND
from tests.server.phones import GUNTUNG, LOK_TUAN, SATIMPO, Phone, add_person, problem
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

_counted = count()
# A kabupaten of its own for each claim: what others recorded there does not count here.
BERAU, PASER, KUTIM = "64.03", "64.01", "64.08"


def phone(server: LumbungServer, *grants: tuple[str, str]) -> Phone:
    """A phone of somebody new."""
    return Phone(server, add_person(server, f"jenjang-{next(_counted):03}", *grants))


def villages(server: LumbungServer, regency: str) -> list[str]:
    """The codes of a kabupaten's villages, as the server gives them to who coordinates it."""
    chief = phone(server, (regency, Role.REGENCY_COORDINATOR))
    return sorted(code for code in chief.admission.regions if code.startswith(f"{regency}.") and code.count(".") == 3)


def trained(
    by: Phone, region: str, trainer: str, level: str, *names: str, date: str = "2026-10-01", **more: Any
) -> str:
    above = {"regency": "province", "district": "regency", "village": "district"}[level]
    rows: dict[str, Any] = {f"trainees/a00000000{place}/name": name for place, name in enumerate(names)}
    rows |= {f"trainees/a00000000{place}/trains_next": True for place in range(len(names))}
    answers = {"region": region, "date": date, "topic": "Kompos", "trainer": trainer}
    return by.log({**answers, "trainer_level": above, "trainee_level": level, **rows, **more}, kind=KIND, form=2)


def asked(by: Phone, **query: Any) -> CascadeView:
    answer = by.get("cascade", **query)
    assert answer.status_code == 200, answer.text
    return from_wire(CascadeView, answer.json())


def test_a_cascade_is_told_level_by_level_with_who_went_on_and_which_villages_are_left(server: LumbungServer) -> None:
    codes = villages(server, BERAU)
    chief = phone(server, (BERAU, Role.REGENCY_COORDINATOR))
    cadre = phone(server, *[(code, Role.CADRE) for code in codes[:2]])
    first = trained(cadre, codes[0], "Rahma", "regency", "Hj. Siti Aminah", "Budi")
    second = trained(cadre, codes[0], "Siti Aminah, S.Pd", "district", "Wati", date="2026-10-20")
    third = trained(cadre, codes[1], "Wati", "village", "Ani", date="2026-11-02")
    view = asked(chief)
    assert [(one.level, one.trainings, one.trainees, one.went_on) for one in view.steps] == [
        ("regency", 1, 2, 1),
        ("district", 1, 1, 1),
        ("village", 1, 1, 0),
    ]
    assert [one.record for one in view.trainings] == [third, second, first]
    (siti, budi) = view.trainings[2].trainees
    assert (siti.name, siti.trained, budi.trained) == ("Hj. Siti Aminah", (second,), ())
    assert (view.villages, view.reached) == (len(codes), 1)
    assert sum(one.villages for one in view.areas) == len(codes)
    assert [one.reached for one in view.areas if one.region == codes[1].rpartition(".")[0]] == [1]
    assert all(not one.by for one in view.places[:99])
    assert codes[1] not in {one.region for one in view.places[:99]}
    narrow = asked(chief, region=codes[1].rpartition(".")[0])
    assert [(one.region, one.by) for one in narrow.places if one.by] == [(codes[1], "place")]
    assert [one.region for one in narrow.areas] == [], "villages are told one by one"


def test_a_training_that_was_deleted_or_may_be_does_not_count(server: LumbungServer) -> None:
    (code, *_) = villages(server, PASER)
    chief, cadre = phone(server, (PASER, Role.REGENCY_COORDINATOR)), phone(server, (code, Role.CADRE))
    other = Phone(server, cadre.person)
    gone, doubtful = (trained(cadre, code, "Rahma", "village", name) for name in ("Ani", "Wati"))
    assert asked(chief).reached == 1
    other.sync_all()
    cadre.sync(cadre.deletion(gone))
    change = other.write({"topic": "Biopori"}, record=doubtful, kind=KIND, form=2)
    cadre.sync(cadre.deletion(doubtful))
    other.sync(change)
    view = asked(chief)
    assert (view.steps, view.trainings, view.reached) == ((), (), 0)


def test_a_coordinator_hears_of_their_own_subtree_and_a_cadre_of_none(server: LumbungServer) -> None:
    (code, *_) = villages(server, KUTIM)
    chief, cadre = phone(server, (KUTIM, Role.REGENCY_COORDINATOR)), phone(server, (GUNTUNG, Role.CADRE))
    trained(cadre, GUNTUNG, "Rahma", "village", "Ani")
    assert (asked(chief).steps, asked(chief).trainings) == ((), ())
    for region, status, wrong in ((LOK_TUAN, 403, "forbidden"), ("9", 400, "filter-malformed"), (code, 200, "")):
        answer = chief.get("cascade", region=region)
        assert answer.status_code == status
        assert not wrong or problem(answer)["code"] == wrong
    assert cadre.get("cascade").status_code == 403


def test_who_coordinates_two_regions_is_told_of_both_side_by_side(server: LumbungServer) -> None:
    chief = phone(server, ("64.74.01", Role.DISTRICT_COORDINATOR), ("64.74.02", Role.DISTRICT_COORDINATOR))
    view = asked(chief)
    assert [one.region for one in view.areas] == ["64.74.01", "64.74.02"]
    assert view.villages == sum(one.villages for one in view.areas) == len(view.places)
    assert SATIMPO in {one.region for one in view.places}


@pytest.mark.parametrize("word", ["Guntung", "kel. guntung, bontang"])
def test_a_village_that_a_trainee_comes_from_is_reached(server: LumbungServer, word: str) -> None:
    chief, cadre = phone(server, ("64.74.01", Role.DISTRICT_COORDINATOR)), phone(server, (LOK_TUAN, Role.CADRE))
    origin = {"trainees/a000000000/organisation": word}
    record = trained(cadre, LOK_TUAN, "Rahma", "village", "Orang Lain", **origin)
    by = {one.region: one.by for one in asked(chief).places}
    assert (by[LOK_TUAN], by[GUNTUNG]) == ("place", "origin" if by[GUNTUNG] != "place" else "place")
    cadre.sync(cadre.deletion(record))
