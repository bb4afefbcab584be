"""A form is changed on the phone: kept until it is published or thrown away, and never published unawares."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from lumbung_client.session.form_edits import Superseded
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Failure
from lumbung_client.sync.transport import Request, Response
from lumbung_shared import editing
from lumbung_shared.catalogue import WHOLE
from lumbung_shared.codec import from_wire
from lumbung_shared.expressions import read
from lumbung_shared.form_problems import FormCode
from lumbung_shared.forms import Field, Form, Option, built_in_forms, published_forms
from lumbung_shared.labels import Label
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant, Offer, PublishRequest
from lumbung_shared.records import values
from tests.client.fakes import FakeServer, Phone, message, problem
from tests.client.phones import opened, settled

NORTH = "64.74.01"
CITY = Grant("64.74", "regency-coordinator")
KIND = "survey"
NEW = Label("Nama sungai", "Name of the river")


def question(name: str, kind: str = "text", **more: Any) -> Field:
    return Field(name, kind, Label(name, name), **more)


def survey(version: int = 1) -> Form:
    common = built_in_forms()["other"].fields[:2]
    options = tuple(Option(value, Label(value, value)) for value in ("clean", "dirty", "dry"))
    why = question("why", relevant=read("${state} = 'dirty'"))
    fields = (*common, question("title"), question("state", "choice", options=options), why)
    return Form(KIND, version, Label("Survei", "Survey"), "event", fields, headline="title")


Act = Callable[[Session, Phone], Awaitable[None]]


def played(act: Act, *grants: Grant) -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        phone.server.offers = [Offer(form, WHOLE) for form in published_forms().values()] + [Offer(survey(), NORTH)]
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("sari", *(grants or (CITY,)))) is None
            await settled(session)
            await act(session, phone)

    asyncio.run(run())


def renamed(form: Form) -> Form:
    return editing.relabelled(form, "title", NEW)


def answered_by_publishing(server: FakeServer) -> Callable[[Request], Response]:
    """Publish as the server does: the next version of the kind, told to everybody with their next sync."""

    def answer(request: Request) -> Response:
        asked = from_wire(PublishRequest, json.loads(request.body))
        versions = [one.form.version for one in server.offers if one.form.kind == asked.form.kind]
        form = replace(asked.form, version=max(versions) + 1)
        server.offers.append(Offer(form, asked.region, asked.since, number=len(server.offers) + 1))
        return message(server.offers[-1], 201)

    return answer


def publishing(server: FakeServer) -> None:
    """Let the sync that publishing begins with go through, then publish."""
    server.answers = [None, answered_by_publishing(server)]


def label(session: Session, path: str = "title") -> Label:
    edit = session.form_edits.of(KIND)
    assert edit is not None
    item = editing.found_at(edit.form, path)
    assert item is not None
    return item.label


def test_an_edit_outlives_a_restart_and_works_without_a_network() -> None:
    async def act(session: Session, phone: Phone) -> None:
        phone.server.down = True
        assert session.form_edits.begin(KIND, 1)
        assert session.form_edits.change(KIND, renamed) == ()
        await session.close()
        async with opened(phone) as again:
            assert label(again) == NEW
            assert again.form_edits.begin(KIND, 1)
            assert label(again) == NEW
            again.form_edits.discard(KIND)
            assert again.form_edits.of(KIND) is None
            assert again.catalogue.form(KIND, 1) == survey()

    played(act)


def test_a_change_that_would_spoil_the_form_is_told_and_not_kept() -> None:
    async def act(session: Session, _: Phone) -> None:
        edits = session.form_edits
        assert edits.begin(KIND, 1)
        found = edits.change(KIND, edits.saying("label:title", {"id": " ", "en": ""}))
        assert [(fault.code, fault.path) for fault in found] == [(FormCode.LABEL_MISSING, "title")]
        assert label(session) == Label("title", "title")
        assert edits.change(KIND, edits.saying("label:title", {"id": "Nama", "en": ""})) == ()
        assert edits.change(KIND, edits.saying("hint:title", {"id": "Di peta", "en": "On the map"})) == ()
        assert edits.change(KIND, edits.saying("title", {"id": "Survei air", "en": "Water"})) == ()
        edit = edits.of(KIND)
        assert edit is not None
        assert edit.form.title == Label("Survei air", "Water")
        assert label(session) == Label("Nama", "Nama")
        assert edit.form.by_name["title"].hint == Label("Di peta", "On the map")
        assert edits.change("unheard-of", renamed) == ()

    played(act)


def test_only_who_coordinates_begins_and_only_with_a_form_that_is_there() -> None:
    async def cadre(session: Session, _: Phone) -> None:
        assert not session.form_edits.begin(KIND, 1)
        assert session.form_edits.of(KIND) is None

    async def coordinator(session: Session, _: Phone) -> None:
        assert not session.form_edits.begin(KIND, 9)
        assert not session.form_edits.begin("unheard-of", 1)
        assert await session.form_edits.publish(KIND, NORTH, "") == Failure(Code.FORM_UNKNOWN)

    played(cadre, Grant("64.74.01.1003", "cadre"))
    played(coordinator)


def test_an_edit_is_published_as_the_next_version_and_is_gone_then() -> None:
    async def act(session: Session, phone: Phone) -> None:
        assert session.form_edits.begin(KIND, 1)
        assert session.form_edits.change(KIND, renamed) == ()
        publishing(phone.server)
        offer = await session.form_edits.publish(KIND, NORTH, "2026-12-01")
        assert isinstance(offer, Offer)
        assert (offer.form, offer.region, offer.since) == (replace(renamed(survey()), version=2), NORTH, "2026-12-01")
        assert session.form_edits.of(KIND) is None
        assert session.catalogue.form(KIND, 2) == offer.form
        assert session.catalogue.form(KIND, 1) == survey()

    played(act)


def test_what_cannot_be_published_stays() -> None:
    async def act(session: Session, phone: Phone) -> None:
        assert session.form_edits.begin(KIND, 1)
        assert session.form_edits.change(KIND, renamed) == ()
        phone.server.down = True
        assert await session.form_edits.publish(KIND, NORTH, "") == Failure(Code.SERVER_UNREACHABLE)
        phone.server.down = False
        phone.server.answers = [None, problem(Code.KIND_TAKEN, 409)]
        answer = await session.form_edits.publish(KIND, NORTH, "")
        assert isinstance(answer, Failure)
        assert answer.code == Code.KIND_TAKEN
        assert label(session) == NEW

    played(act)


def test_a_version_that_came_meanwhile_is_told_before_anything_is_published() -> None:
    async def act(session: Session, phone: Phone) -> None:
        assert session.form_edits.begin(KIND, 1)
        assert session.form_edits.change(KIND, renamed) == ()
        assert session.form_edits.newer(KIND) == 0
        theirs = replace(survey(2), icon="water")
        phone.server.offers.append(Offer(theirs, NORTH))
        assert await session.form_edits.publish(KIND, NORTH, "") == Superseded(2)
        assert [one.form.version for one in phone.server.offers if one.form.kind == KIND] == [1, 2]
        assert session.form_edits.newer(KIND) == 2
        assert label(session) == NEW
        publishing(phone.server)
        offer = await session.form_edits.publish(KIND, NORTH, "", seen=2)
        assert isinstance(offer, Offer)
        assert offer.form == replace(renamed(survey()), version=3)

    played(act)


def test_an_edit_whose_publishing_was_not_heard_of_is_not_published_twice() -> None:
    async def act(session: Session, phone: Phone) -> None:
        assert session.form_edits.begin(KIND, 1)
        assert session.form_edits.change(KIND, renamed) == ()

        def lost(request: Request) -> Response:
            answered_by_publishing(phone.server)(request)
            return problem(Code.SERVER_BUSY, 503)

        phone.server.answers = [None, lost]
        assert isinstance(await session.form_edits.publish(KIND, NORTH, ""), Failure)
        assert session.form_edits.of(KIND) is not None
        offer = await session.form_edits.publish(KIND, NORTH, "")
        assert isinstance(offer, Offer)
        assert offer.form.version == 2
        assert session.form_edits.of(KIND) is None
        assert [one.form.version for one in phone.server.offers if one.form.kind == KIND] == [1, 2]

    played(act)


def test_what_is_changed_while_the_server_is_asked_stays_an_edit() -> None:
    async def act(session: Session, phone: Phone) -> None:
        assert session.form_edits.begin(KIND, 1)
        publish = answered_by_publishing(phone.server)

        def answer(request: Request) -> Response:
            assert session.form_edits.change(KIND, renamed) == ()
            return publish(request)

        phone.server.answers = [None, answer]
        offer = await session.form_edits.publish(KIND, NORTH, "")
        assert isinstance(offer, Offer)
        assert offer.form.fields == survey().fields
        assert label(session) == NEW
        assert session.form_edits.newer(KIND) == 0

    played(act)


def test_nobody_signs_out_while_an_edit_is_not_published() -> None:
    async def act(session: Session, _: Phone) -> None:
        assert session.form_edits.begin(KIND, 1)
        assert await session.sign_out() == Failure(Code.FORM_EDIT_LEFT)
        session.form_edits.discard(KIND)
        assert await session.sign_out() is None

    played(act)


def test_an_option_that_came_and_went_in_another_version_keeps_its_meaning() -> None:
    async def act(session: Session, phone: Phone) -> None:
        edits = session.form_edits
        assert edits.begin(KIND, 1)
        assert edits.change(KIND, lambda form: editing.without_option(form, "state", "dry")) == ()
        publishing(phone.server)
        assert isinstance(await edits.publish(KIND, NORTH, ""), Offer)
        assert edits.begin(KIND, 2)
        assert edits.add_option(KIND, "state", Label("Dry", "Dry up")) == ()
        assert edits.add_option(KIND, "state", Label("dry", "dry")) == ()
        edit = edits.of(KIND)
        assert edit is not None
        assert [one.value for one in edit.form.by_name["state"].options] == ["clean", "dirty", "dry_2", "dry"]

    played(act)


def test_a_draft_and_a_record_whose_option_a_newer_version_lacks_open_change_and_are_sent() -> None:
    async def act(session: Session, phone: Phone) -> None:
        def begun(title: str) -> str:
            record = session.start_draft(KIND)
            session.answer(record, "title", title)
            session.answer(record, "region", "64.74.01.1003")
            session.answer(record, "state", "dry")
            return record

        sent, draft = begun("Sent"), begun("Draft")
        assert session.finish(sent) == ()
        await settled(session)
        assert session.form_edits.begin(KIND, 1)
        assert session.form_edits.change(KIND, lambda form: editing.without_option(form, "state", "dry")) == ()
        publishing(phone.server)
        assert isinstance(await session.form_edits.publish(KIND, NORTH, ""), Offer)
        newest = session.catalogue.newest(KIND)
        assert newest is not None
        assert "dry" not in newest.by_name["state"].choices
        session.start_edit(sent)
        for record in (sent, draft):
            view = session.draft(record)
            assert view is not None
            assert (view.form, view.answers["state"]) == (1, "dry")
            session.answer(record, "title", "Changed")
            assert session.finish(record) == ()
        await settled(session)
        assert {row.state for row in session.activities()} == {ActivityState.SENT}
        states = phone.server.states()
        assert {(values(states[one])["title"], values(states[one])["state"]) for one in (sent, draft)} == {
            ("Changed", "dry")
        }
        fresh = session.start_draft(KIND)
        started = session.draft(fresh)
        assert started is not None
        assert started.form == 2

    played(act)
