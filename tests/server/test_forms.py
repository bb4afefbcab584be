"""Published forms: who may publish what where, whom they reach, and by which a write is judged."""

from __future__ import annotations

import base64
import itertools
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from lumbung_server.services.form_news import PAGE_FORMS
from lumbung_shared.catalogue import WHOLE
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.forms import Field, Form, Option, built_in_forms, form_digest, published_forms
from lumbung_shared.labels import Label
from lumbung_shared.protocol import Offer, OfferPage, PublishRequest, WithdrawRequest
from tests.server.phones import (
    BONTANG,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    SELATAN,
    UTARA,
    Phone,
    add_grant,
    add_person,
    database,
    problem,
    roster,
)
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

_counted = itertools.count(1)
COMMON = built_in_forms()["other"].fields


def question(name: str, kind: str = "text", **more: Any) -> Field:
    return Field(name, kind, Label(name, name), **more)


def form(kind: str, *questions: Field, **more: Any) -> Form:
    return Form(kind, 1, Label(kind, kind), "event", (*COMMON[:2], *questions), **more)


@pytest.fixture
def kind_name() -> str:
    """A kind that no other test uses."""
    return f"survey-{next(_counted)}"


def someone(server: LumbungServer, *grants: tuple[str, str]) -> Phone:
    """A new person with these grants (region, role) and their phone."""
    return Phone(server, add_person(server, f"forms-{next(_counted)}", *grants))


@pytest.fixture(scope="module")
def city(server: LumbungServer) -> Phone:
    return Phone(server, roster(BONTANG).person.id)


@pytest.fixture(scope="module")
def north(server: LumbungServer) -> Phone:
    return Phone(server, roster(UTARA).person.id)


@pytest.fixture(scope="module")
def south(server: LumbungServer) -> Phone:
    return Phone(server, roster(SELATAN).person.id)


@pytest.fixture(scope="module")
def cadre(server: LumbungServer) -> Phone:
    return Phone(server, roster(GUNTUNG).person.id)


def publish(phone: Phone, made: Form, region: str, since: str = "") -> Offer:
    answer = phone.tell("forms", PublishRequest(made, region, since))
    assert answer.status_code == 201, answer.text
    return from_wire(Offer, answer.json())


def refused(answer: requests.Response) -> tuple[int, str]:
    found = problem(answer)
    return found["status"], found["code"]


def withdraw(phone: Phone, kind: str, version: int = 1) -> Offer:
    answer = phone.tell("forms/withdraw", WithdrawRequest(kind, version))
    assert answer.status_code == 200, answer.text
    return from_wire(Offer, answer.json())


def told(phone: Phone, kind: str) -> list[tuple[int, str, bool]]:
    """Version, region and withdrawal of a kind's offers in a phone's next news."""
    found = [offer for reply in phone.sync_all() for offer in reply.page.forms if offer.form.kind == kind]
    return [(offer.form.version, offer.region, offer.withdrawn) for offer in found]


def test_the_built_in_forms_are_offered_to_everybody_as_they_are(cadre: Phone) -> None:
    cadre.cursor = ""
    cadre.sync_all()
    assert set(published_forms()) <= set(cadre.offers)
    for name, one in published_forms().items():
        assert form_digest(cadre.offers[name].form) == form_digest(one)
        assert (cadre.offers[name].region, cadre.offers[name].since, cadre.offers[name].withdrawn) == (WHOLE, "", False)


def test_a_published_form_is_news_to_the_phones_of_its_region_once_and_before_the_records(
    city: Phone, cadre: Phone, kind_name: str
) -> None:
    cadre.sync_all()
    made = publish(city, form(kind_name, question("title")), BONTANG, "2026-11-23")
    assert (made.form.version, made.region, made.since, made.withdrawn) == (1, BONTANG, "2026-11-23", False)
    city.log({"region": GUNTUNG, "date": "2026-11-20", "title": "Warga"}, kind=kind_name)
    page = cadre.sync().page
    assert page.forms == (made,)
    assert [state.kind for state in page.records] == [kind_name]
    assert cadre.sync().page.forms == ()


def test_a_form_of_another_region_is_no_news(north: Phone, south: Phone, city: Phone, kind_name: str) -> None:
    publish(north, form(kind_name), UTARA)
    assert told(south, kind_name) == []
    assert told(city, kind_name) == [(1, UTARA, False)]


def test_a_form_that_is_offered_above_reaches_those_below_and_the_other_way_round(
    server: LumbungServer, kind_name: str
) -> None:
    province = someone(server, (WHOLE, "province-coordinator"))
    village, regency = someone(server, (GUNTUNG, "cadre")), someone(server, ("64.72", "regency-coordinator"))
    publish(province, form(kind_name), GUNTUNG)
    assert (told(village, kind_name), told(regency, kind_name)) == ([(1, GUNTUNG, False)], [])
    publish(province, form(kind_name, question("more")), WHOLE)
    assert (told(village, kind_name), told(regency, kind_name)) == ([(2, WHOLE, False)], [(2, WHOLE, False)])


def test_many_forms_come_in_pages_and_no_record_before_the_last_of_them(server: LumbungServer, city: Phone) -> None:
    kinds = [f"many-{next(_counted)}" for _ in range(PAGE_FORMS)]
    for kind in kinds:
        publish(city, form(kind), BONTANG)
    city.log({"region": LOK_TUAN, "date": "2026-11-20", "title": "Warga"})
    replies = someone(server, (BONTANG, "cadre")).sync_all()
    pages = [[offer.form.kind for offer in reply.page.forms] for reply in replies]
    assert all(len(page) <= PAGE_FORMS for page in pages)
    assert set(kinds) <= set(itertools.chain(*pages))
    assert [number for reply in replies for number in [offer.number for offer in reply.page.forms]] == sorted(
        offer.number for reply in replies for offer in reply.page.forms
    )
    last = max(place for place, page in enumerate(pages) if page)
    assert last > 0
    assert not any(reply.page.records for reply in replies[:last])
    assert any(reply.page.records for reply in replies[last:])


def test_a_page_takes_no_more_forms_than_pass_a_weak_network(server: LumbungServer, south: Phone) -> None:
    texts = [question(f"q{place}", hint=Label("x" * 990, "x")) for place in range(400)]
    for _ in range(3):
        publish(south, form(f"large-{next(_counted)}", *texts), SELATAN)
    pages = [reply.page.forms for reply in someone(server, (SATIMPO, "cadre")).sync_all()]
    large = [sum(one.form.kind.startswith("large-") for one in page) for page in pages]
    assert (sum(large), max(large)) == (3, 2)


def test_whose_regions_change_is_told_the_offers_anew(server: LumbungServer, south: Phone, kind_name: str) -> None:
    phone = someone(server, (GUNTUNG, "cadre"))
    publish(south, form(kind_name), SELATAN)
    assert told(phone, kind_name) == []
    with database(server) as connection:
        add_grant(connection, phone.person, SATIMPO, version=2)
    assert told(phone, kind_name) == [(1, SELATAN, False)]
    assert phone.sync().page.forms == ()


def test_a_cursor_with_a_number_of_offers_that_never_was_starts_over(cadre: Phone) -> None:
    cadre.sync_all()
    ahead = cadre.cursor
    for number in (10**9, -1, 2**60):
        cadre.cursor = _with_offers(ahead, number)
        assert {offer.form.kind for offer in cadre.sync().page.forms} >= {"other"}
    cadre.sync_all()


def _with_offers(cursor: str, number: int) -> str:
    plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return base64.urlsafe_b64encode(json.dumps({**plain, "offers": number}).encode()).decode().rstrip("=")


def test_a_restored_server_tells_its_offers_anew(server: LumbungServer, cadre: Phone) -> None:
    cadre.sync_all()
    with database(server) as connection:
        connection.execute("UPDATE instance SET value = value || 'x' WHERE name = 'epoch'")
    assert {offer.form.kind for reply in cadre.sync_all() for offer in reply.page.forms} >= set(built_in_forms())


def test_the_next_version_of_a_kind_stands_beside_the_one_before(city: Phone, cadre: Phone, kind_name: str) -> None:
    first = publish(city, form(kind_name, question("title")), BONTANG)
    again = publish(city, replace(form(kind_name, question("title"), question("more")), version=7), BONTANG)
    assert (first.form.version, again.form.version) == (1, 2)
    assert again.number > first.number
    assert told(cadre, kind_name) == [(1, BONTANG, False), (2, BONTANG, False)]


def test_a_record_is_judged_by_the_version_it_was_begun_with(city: Phone, cadre: Phone, kind_name: str) -> None:
    old = question("how", "choice", options=(_option("a"), _option("b")))
    new = question("how", "choice", options=(_option("b"),))
    publish(city, form(kind_name, question("title"), old), BONTANG)
    publish(city, form(kind_name, question("title", required=True), new, question("more", required=True)), BONTANG)
    base = {"region": GUNTUNG, "date": "2026-11-20", "how": "a"}
    begun = cadre.log(base, kind=kind_name)
    assert cadre.sync(cadre.write(base, kind=kind_name, form=2)).outcomes[0].code == "wrong-type"
    assert cadre.sync(cadre.write({**base, "more": "x"}, kind=kind_name)).outcomes[0].code == "unknown-field"
    later = cadre.log({**base, "how": "b", "more": "x"}, kind=kind_name, form=2)
    flags = {entry.record: entry.flags for entry in cadre.feed(kind=kind_name).entries}
    assert flags == {begun: (), later: ("missing-required:title",)}


def _option(value: str) -> Option:
    return Option(value, Label(value, value))


def test_a_withdrawn_form_is_told_as_such_and_what_was_begun_with_it_is_taken(
    city: Phone, cadre: Phone, kind_name: str
) -> None:
    made = publish(city, form(kind_name, question("title")), BONTANG)
    assert told(cadre, kind_name) == [(1, BONTANG, False)]
    gone = withdraw(city, kind_name)
    assert gone.number > made.number
    assert gone == replace(made, withdrawn=True, number=gone.number)
    assert withdraw(city, kind_name) == gone
    assert told(cadre, kind_name) == [(1, BONTANG, True)]
    assert cadre.log({"region": GUNTUNG, "date": "2026-11-20", "title": "Lama"}, kind=kind_name)
    assert [entry.kind for entry in cadre.feed(kind=kind_name).entries] == [kind_name]


def test_the_list_of_offers_is_that_of_the_callers_regions_in_pages(city: Phone, cadre: Phone, kind_name: str) -> None:
    made = publish(city, form(kind_name), BONTANG)
    found: list[Offer] = []
    after = 0
    while True:
        page = from_wire(OfferPage, cadre.get("forms", after=after).json())
        found += page.offers
        after = page.next
        if not after:
            break
    assert made in found
    assert [one.number for one in found] == sorted(one.number for one in found)
    assert all(one.region != SELATAN for one in found)
    assert refused(cadre.get("forms", after=-1)) == (400, "filter-malformed")


def test_who_does_not_coordinate_the_region_may_neither_publish_nor_withdraw(
    city: Phone, north: Phone, cadre: Phone, kind_name: str
) -> None:
    for phone, region in ((cadre, GUNTUNG), (north, BONTANG), (north, SATIMPO), (city, WHOLE)):
        assert refused(phone.tell("forms", PublishRequest(form(kind_name), region))) == (403, "forbidden")
    publish(city, form(kind_name), BONTANG)
    for phone in (cadre, north):
        assert refused(phone.tell("forms/withdraw", WithdrawRequest(kind_name, 1))) == (403, "forbidden")
    assert refused(city.tell("forms/withdraw", WithdrawRequest("other", 1))) == (403, "forbidden")


def test_a_kind_belongs_to_the_region_it_was_first_published_for_and_to_those_it_is_offered_to(
    server: LumbungServer, city: Phone, north: Phone, south: Phone, kind_name: str
) -> None:
    publish(north, form(kind_name), UTARA)
    assert refused(south.tell("forms", PublishRequest(form(kind_name), SELATAN))) == (409, "kind-taken")
    assert publish(city, form(kind_name), BONTANG).form.version == 2
    assert publish(south, form(kind_name), SELATAN).form.version == 3
    withdraw(city, kind_name, 2)
    elsewhere = someone(server, ("64.72", "regency-coordinator"))
    assert refused(elsewhere.tell("forms", PublishRequest(form(kind_name), "64.72"))) == (409, "kind-taken")
    assert (
        publish(north, form("compost-training", *built_in_forms()["compost-training"].fields[4:]), UTARA).form.version
        > 1
    )


def test_a_kind_keeps_its_purpose(city: Phone, kind_name: str) -> None:
    publish(city, form(kind_name, purpose="register"), BONTANG)
    assert refused(city.tell("forms", PublishRequest(form(kind_name), BONTANG))) == (409, "kind-taken")


def test_a_question_keeps_its_type_in_later_versions(city: Phone, kind_name: str) -> None:
    rows = question("goods", "repeat", fields=(question("price", "rupiah"),))
    publish(city, form(kind_name, question("how", "choice", options=(_option("a"),)), rows), BONTANG)
    publish(city, form(kind_name, question("new")), BONTANG)
    for wrong, place in (
        (question("how"), "how"),
        (question("how", "note"), ""),
        (question("goods", "repeat", fields=(question("price"),)), "goods/price"),
        (question("goods"), "goods"),
        (question("new", "integer"), "new"),
    ):
        answer = city.tell("forms", PublishRequest(form(kind_name, wrong), BONTANG))
        expected = (409, "field-retyped", place) if place else (201, "", "")
        assert expected == (answer.status_code, answer.json().get("code", ""), answer.json().get("where", ""))


def test_two_who_publish_at_once_get_two_versions_and_two_numbers(city: Phone, kind_name: str) -> None:
    made: list[Offer] = []
    threads = [
        threading.Thread(target=lambda: made.append(publish(city, form(kind_name, question("title")), BONTANG)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    by_number = sorted(made, key=lambda one: one.number)
    assert [one.form.version for one in by_number] == [1, 2, 3, 4, 5, 6]
    assert len({one.number for one in made}) == 6


def bad_requests() -> Iterator[tuple[dict[str, Any], int, str, str]]:
    sound = to_wire(PublishRequest(form("sound"), BONTANG))
    yield {**sound, "since": "23-11-2026"}, 400, "body-malformed", "since"
    yield {**sound, "region": "Bontang"}, 400, "body-malformed", "region"
    yield {**sound, "region": "64.74.99"}, 400, "body-malformed", "region"
    yield {**sound, "form": {**sound["form"], "fields": 3}}, 400, "body-malformed", "form.fields"
    yield {**sound, "form": {**sound["form"], "kind": "Not a kind"}}, 400, "form-unsound", "kind"
    decimal = [*sound["form"]["fields"], to_wire(question("x")) | {"relevant": ["number", 1.5]}]
    yield {**sound, "form": {**sound["form"], "fields": decimal}}, 400, "form-unsound", ""
    long = [*sound["form"]["fields"], to_wire(question("x", hint=Label("x" * 500_000, "x")))]
    yield {**sound, "form": {**sound["form"], "fields": long}}, 413, "form-too-large", ""


@pytest.mark.parametrize(("body", "status", "code", "where"), list(bad_requests()))
def test_a_form_that_cannot_be_published_says_why(
    city: Phone, body: dict[str, Any], status: int, code: str, where: str
) -> None:
    answer = city.tell("forms", body)
    assert (answer.status_code, answer.json()["code"], answer.json().get("where", "")) == (status, code, where)


@pytest.mark.parametrize(("named", "version"), [("no-such-kind", 1), ("other", 99), ("other", 2**40), ("No\0kind", 1)])
def test_what_is_not_there_cannot_be_withdrawn(city: Phone, named: str, version: int) -> None:
    assert refused(city.tell("forms/withdraw", WithdrawRequest(named, version))) == (404, "form-unknown")


def test_entries_of_a_register_are_no_activities_of_the_feed(city: Phone, cadre: Phone, kind_name: str) -> None:
    publish(city, form(kind_name, question("title"), purpose="register"), BONTANG)
    before = cadre.counts().total
    entry = cadre.log({"region": GUNTUNG, "date": "2026-11-20", "title": "Bank Sampah Melati"}, kind=kind_name)
    assert entry not in {one.record for one in cadre.feed().entries}
    assert refused(cadre.get("feed", kind=kind_name)) == (400, "filter-malformed")
    assert cadre.counts().total == before
    neighbour = Phone(cadre.server, roster(GUNTUNG, 1).person.id)
    neighbour.sync_all()
    assert entry in neighbour.records


def test_the_feed_names_an_activity_by_the_version_of_its_form(city: Phone, cadre: Phone, kind_name: str) -> None:
    publish(city, form(kind_name, question("title"), headline="title"), BONTANG)
    publish(city, form(kind_name, question("title"), question("subject"), headline="subject"), BONTANG)
    answers = {"region": GUNTUNG, "date": "2026-11-20", "title": "Lama"}
    cadre.log(answers, kind=kind_name)
    cadre.log({**answers, "subject": "Baru"}, kind=kind_name, form=2)
    assert sorted(entry.headline for entry in cadre.feed(kind=kind_name).entries) == ["Baru", "Lama"]
