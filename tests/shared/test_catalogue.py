"""Which forms there are, and which of them one may begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from lumbung_shared.catalogue import WHOLE, Catalogue, built_in_catalogue, catalogue_of, overlaps, retyped
from lumbung_shared.forms import Field, Form, Purpose, built_in_forms, published_forms
from lumbung_shared.labels import Label
from lumbung_shared.protocol import Offer

BONTANG, NORTH, VILLAGE, SAMARINDA = "64.74", "64.74.01", "64.74.01.1003", "64.72"
TODAY = "2026-11-22"


def form(kind: str, version: int = 1, title: str = "", purpose: str = "") -> Form:
    fields = (Field("name", "text", Label("Nama", "Name")),)
    return Form(kind, version, Label(title or kind, title or kind), "x", fields, purpose=purpose)


def begun(catalogue: Catalogue, *regions: str, day: str = TODAY) -> list[tuple[str, int]]:
    return [(one.kind, one.version) for one in catalogue.offered(regions, day)]


def names(forms: Sequence[Form]) -> list[str]:
    return [one.kind for one in forms]


def test_a_phone_that_was_told_nothing_offers_the_built_in_kinds_everywhere_in_their_order() -> None:
    activities = [kind for kind, one in built_in_forms().items() if one.purpose == Purpose.ACTIVITY]
    assert activities == names(built_in_catalogue().offered([VILLAGE], TODAY))
    assert activities == names(built_in_catalogue().kinds())
    assert all(built_in_catalogue().form(*key) is one for key, one in published_forms().items())
    assert all(offer.region == WHOLE for offer in built_in_catalogue().offers)


def test_a_form_is_found_by_kind_and_version_and_the_newest_by_kind() -> None:
    found = catalogue_of([Offer(form("survey", 2), BONTANG), Offer(form("survey"), BONTANG)])
    assert found.form("survey", 1) == form("survey", 1)
    assert found.newest("survey") == form("survey", 2)
    assert found.form("survey", 3) is None
    assert found.newest("unheard-of") is None
    assert found.form("other", 1) == published_forms()["other", 1]


def test_once_the_server_said_what_it_offers_nothing_else_can_be_begun_but_all_can_be_read() -> None:
    found = catalogue_of([Offer(form("survey"), BONTANG)])
    assert begun(found, VILLAGE) == [("survey", 1)]
    assert found.newest("other") is not None


def test_the_newest_version_that_is_offered_in_a_region_is_begun_there() -> None:
    found = catalogue_of(
        [Offer(form("survey"), WHOLE), Offer(form("survey", 2), NORTH), Offer(form("survey", 3), SAMARINDA)]
    )
    assert begun(found, VILLAGE) == [("survey", 2)]
    assert begun(found, "64.74.02") == [("survey", 1)]
    assert begun(found, "64.74.02", VILLAGE) == [("survey", 2)]
    assert begun(found, "64.72.01", VILLAGE) == [("survey", 3)]


def test_who_works_above_the_region_of_an_offer_begins_it_where_nothing_is_offered_for_all_of_theirs() -> None:
    found = catalogue_of(
        [Offer(form("survey"), BONTANG), Offer(form("survey", 2), NORTH), Offer(form("census"), NORTH)]
    )
    assert begun(found, BONTANG) == [("census", 1), ("survey", 1)]
    assert begun(found, WHOLE) == [("census", 1), ("survey", 2)]
    assert begun(found, SAMARINDA) == []
    assert begun(found) == []


def test_what_is_withdrawn_or_begins_later_is_not_begun_and_the_version_before_stands() -> None:
    offers = [Offer(form("survey"), BONTANG), Offer(form("survey", 2), BONTANG, since="2026-11-23")]
    assert begun(catalogue_of(offers), VILLAGE) == [("survey", 1)]
    assert begun(catalogue_of(offers), VILLAGE, day="2026-11-23") == [("survey", 2)]
    withdrawn = [replace(one, withdrawn=True) for one in offers]
    assert begun(catalogue_of([offers[0], withdrawn[1]]), VILLAGE, day="2026-11-23") == [("survey", 1)]
    assert begun(catalogue_of(withdrawn), VILLAGE, day="2026-11-23") == []
    assert catalogue_of(withdrawn).newest("survey") == form("survey", 2)


def test_made_kinds_follow_the_built_in_ones_by_title() -> None:
    built_in = [Offer(one, WHOLE) for one in reversed(list(built_in_forms().values()))]
    made = [Offer(form("a", title="Zakat"), WHOLE), Offer(form("z", title="arisan"), WHOLE)]
    found = catalogue_of([*made, *built_in])
    activities = [kind for kind, one in built_in_forms().items() if one.purpose == Purpose.ACTIVITY]
    assert names(found.offered([VILLAGE], TODAY)) == [*activities, "z", "a"]
    assert names(found.kinds()) == [*activities, "z", "a"]


def test_registers_are_no_activities() -> None:
    found = catalogue_of([Offer(form("shop", purpose="register"), WHOLE), Offer(form("survey"), WHOLE)])
    assert names(found.offered([VILLAGE], TODAY)) == ["survey"]
    assert names(found.offered([VILLAGE], TODAY, Purpose.REGISTER)) == ["shop"]
    assert "shop" in names(found.kinds(Purpose.REGISTER))
    assert "shop" not in names(found.kinds())


@pytest.mark.parametrize(
    ("region", "places", "touch"),
    [
        (WHOLE, [VILLAGE], True),
        (VILLAGE, [BONTANG], True),
        (NORTH, [SAMARINDA, NORTH], True),
        (NORTH, [SAMARINDA], False),
    ],
)
def test_regions_overlap_when_one_lies_in_the_other(region: str, places: list[str], touch: bool) -> None:
    assert overlaps(region, places) is touch


def asked(name: str, kind: str, *cells: Field) -> Field:
    return Field(name, kind, Label(name, name), fields=cells)


@pytest.mark.parametrize(
    ("later", "place"),
    [
        ([asked("a", "text"), asked("new", "photos")], ""),
        ([asked("a", "integer")], "a"),
        ([asked("part", "group", asked("b", "text"))], "b"),
        ([asked("goods", "text")], "goods"),
        ([asked("goods", "repeat", asked("price", "rupiah"), asked("kind", "text"))], "goods/kind"),
        ([asked("goods", "repeat", asked("price", "note"), asked("a", "date"))], ""),
        ([asked("a", "calculated"), asked("words", "choice")], ""),
    ],
)
def test_an_answer_keeps_its_type_in_all_versions_of_a_kind(later: list[Field], place: str) -> None:
    goods = asked("goods", "repeat", asked("price", "rupiah"), asked("kind", "choice"))
    first = replace(form("survey"), fields=(asked("a", "text"), asked("words", "note"), goods))
    second = replace(form("survey", 2), fields=(asked("b", "choice"),))
    assert retyped([first, second], replace(form("survey", 3), fields=tuple(later))) == place
    assert retyped([], first) == ""


def test_a_kind_is_begun_with_the_version_that_is_offered_there_and_not_where_none_is() -> None:
    found = catalogue_of([Offer(form("survey"), BONTANG), Offer(form("shop", purpose="register"), NORTH)])
    assert found.to_begin("survey", [VILLAGE], TODAY) == form("survey")
    assert found.to_begin("shop", [VILLAGE], TODAY) == form("shop", purpose="register")
    assert found.to_begin("survey", [SAMARINDA], TODAY) is None
