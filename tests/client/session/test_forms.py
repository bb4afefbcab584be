"""Forms on the phone: told by sync, offered by region and day, and looked after by coordinators."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Failure, FeedFilter, KeptFile
from lumbung_client.store.local_store import Name
from lumbung_client.sync.transport import Response
from lumbung_shared.catalogue import WHOLE
from lumbung_shared.codec import from_wire
from lumbung_shared.forms import Field, Form, Option, built_in_forms, published_forms
from lumbung_shared.labels import Label
from lumbung_shared.problems import Code, Problem
from lumbung_shared.protocol import FormReading, Grant, Offer, PublishRequest, WithdrawRequest
from lumbung_shared.times import local_date
from tests.client.fakes import START, FakeServer, Phone, message
from tests.client.phones import enrolled, opened, settled

NORTH, SOUTH = "64.74.01", "64.74.02"
DAY_MS = 86_400_000
CITY = Grant("64.74", "regency-coordinator")


def question(name: str, kind: str = "text", **more: object) -> Field:
    return Field(name, kind, Label(name, name), **more)  # type: ignore[arg-type]


def survey(version: int = 1, *more: Field, kind: str = "survey") -> Form:
    common = built_in_forms()["other"].fields[:2]
    return Form(
        kind, version, Label("Survei", "Survey"), "event", (*common, question("title"), *more), headline="title"
    )


def kinds(session: Session) -> list[tuple[str, int]]:
    return [(form.kind, form.version) for form in session.offered()]


def told(act: Callable[[Session, Phone], Awaitable[None]], *offers: Offer) -> None:
    """Run an act on a phone whose server offers these forms beside the built-in ones."""

    async def run() -> None:
        server = FakeServer()
        server.offers = [*(Offer(form, WHOLE) for form in published_forms().values()), *offers]
        async with enrolled(server) as (session, phone):
            await act(session, phone)

    asyncio.run(run())


def test_a_published_form_can_be_begun_after_the_next_sync_and_is_there_after_a_restart() -> None:
    async def act(session: Session, phone: Phone) -> None:
        assert ("survey", 1) not in kinds(session)
        phone.server.offers.append(Offer(survey(), NORTH))
        await session.sync_now()
        assert ("survey", 1) in kinds(session)
        record = session.start_draft("survey")
        session.answer(record, "title", "Sungai")
        assert session.finish(record) == ()
        await settled(session)
        await session.close()
        async with opened(phone) as again:
            assert ("survey", 1) in kinds(again)
            assert [(row.headline, row.state) for row in again.activities()] == [("Sungai", ActivityState.SENT)]

    told(act)


def test_offers_come_in_the_frame_of_the_reply_and_once() -> None:
    async def act(session: Session, phone: Phone) -> None:
        frames: list[set[str]] = []
        session._store.watch(lambda touched: frames.append({str(item.table) for item in touched}))
        phone.server.offers.append(Offer(survey(), NORTH))
        await session.sync_now()
        assert [frame for frame in frames if Name.FORMS in frame] == [{"forms", "meta"}]
        await session.sync_now()
        assert sum(Name.FORMS in frame for frame in frames) == 1

    told(act)


def test_a_form_of_another_place_or_a_later_day_is_not_begun_yet() -> None:
    async def act(session: Session, phone: Phone) -> None:
        assert not any(kind == "survey" for kind, _ in kinds(session))
        phone.clock.tick(DAY_MS)
        assert [version for kind, version in kinds(session) if kind == "survey"] == [2]

    tomorrow = local_date(START + DAY_MS).isoformat()
    told(act, Offer(survey(), SOUTH), Offer(survey(2), NORTH, since=tomorrow))


def test_a_draft_of_an_old_version_opens_edits_and_is_sent_after_the_next_one_came() -> None:
    how = question("how", "choice", options=(Option("a", Label("A", "A")), Option("b", Label("B", "B"))))

    async def act(session: Session, phone: Phone) -> None:
        record = session.start_draft("survey")
        session.answer(record, "how", "a")
        fewer = replace(how, options=how.options[1:])
        phone.server.offers.append(Offer(survey(2, fewer, question("more", required=True)), NORTH))
        await session.sync_now()
        draft = session.draft(record)
        assert draft is not None
        assert (draft.form, kinds(session)[-1]) == (1, ("survey", 2))
        session.answer(record, "title", "Sungai")
        assert session.finish(record) == ()
        await settled(session)
        assert session.start_edit(record) == record
        session.answer(record, "title", "Sungai Guntung")
        assert session.finish(record) == ()
        await settled(session)
        sent = [write for batch in phone.server.batches() for write in batch.writes]
        assert [(write["form"], write["sets"]["title"]) for write in sent] == [(1, "Sungai"), (1, "Sungai Guntung")]  # type: ignore[index,call-overload]
        assert [row.headline for row in session.activities()] == ["Sungai Guntung"]

    told(act, Offer(survey(1, how), NORTH))


def test_a_withdrawn_form_is_not_begun_any_more_and_what_was_made_with_it_is_read_and_edited() -> None:
    async def act(session: Session, phone: Phone) -> None:
        record = session.start_draft("survey")
        session.answer(record, "title", "Sungai")
        assert session.finish(record) == ()
        phone.server.offers.append(Offer(survey(), NORTH, withdrawn=True))
        await session.sync_now()
        assert not any(kind == "survey" for kind, _ in kinds(session))
        view = session.activity(record)
        assert view is not None
        assert view.mine
        assert view.row.headline == "Sungai"
        session.start_edit(record)
        session.answer(record, "title", "Sungai Guntung")
        assert session.finish(record) == ()

    told(act, Offer(survey(), NORTH))


def test_an_activity_is_found_by_the_words_of_its_form_once_that_is_told() -> None:
    how = question("how", "choice", options=(Option("a", Label("Perahu", "Boat")),))

    async def act(session: Session, phone: Phone) -> None:
        other = Phone(phone.server)
        async with opened(other) as neighbour:
            assert await neighbour.enrol(phone.server.add("ani")) is None
            phone.server.offers.append(Offer(survey(1, how), NORTH))
            await neighbour.sync_now()
            record = neighbour.start_draft("survey")
            neighbour.answer(record, "title", "Sungai")
            neighbour.answer(record, "how", "a")
            assert neighbour.finish(record) == ()
            await settled(neighbour)
        offers, phone.server.offers = phone.server.offers, phone.server.offers[:-1]
        await session.sync_now()
        assert [entry.record for entry in session.local_feed(FeedFilter()).entries] == [record]
        assert session.local_feed(FeedFilter(), "perahu").entries == ()
        phone.server.offers = offers
        await session.sync_now()
        assert [entry.headline for entry in session.local_feed(FeedFilter(), "perahu").entries] == ["Sungai"]
        assert [entry.headline for entry in session.local_feed(FeedFilter(), "survey").entries] == ["Sungai"]

    told(act)


def test_another_person_on_the_phone_is_not_offered_what_the_one_before_was() -> None:
    async def act(session: Session, phone: Phone) -> None:
        assert ("survey", 1) in kinds(session)
        assert await session.sign_out() is None
        phone.server.offers = []
        assert await session.enrol(phone.server.add("ani")) is None
        await settled(session)
        assert not any(kind == "survey" for kind, _ in kinds(session))
        assert list(session._store.rows(Name.FORMS)) == []

    told(act, Offer(survey(), NORTH))


def coordinating(act: Callable[[Session, Phone], Awaitable[None]], *offers: Offer) -> None:
    async def run() -> None:
        server = FakeServer(offers=[Offer(published_forms()["other", 1], WHOLE), *offers])
        phone = Phone(server)
        async with opened(phone) as session:
            assert await session.enrol(server.add("siti", CITY)) is None
            await settled(session)
            await act(session, phone)

    asyncio.run(run())


def test_a_coordinator_sees_the_kinds_of_their_regions_with_all_versions() -> None:
    async def act(session: Session, _: Phone) -> None:
        found = [(it.form.kind, [offer.form.version for offer in it.offers]) for it in session.forms.kinds()]
        assert found == [("other", [1]), ("survey", [2, 1])]
        assert [session.forms.may_withdraw(offer) for offer in session.forms.offers("survey")] == [True, False]
        assert not session.forms.may_withdraw(session.forms.offers("other")[0])
        assert session.forms.offers("unheard-of") == ()
        assert session.forms.coordinated()[:2] == ("64.74", "64.74.01")

    elsewhere = Offer(survey(kind="census"), "64.72")
    coordinating(act, Offer(survey(), NORTH, withdrawn=True), Offer(survey(2), NORTH), elsewhere)


def test_a_cadre_looks_at_forms_and_changes_none() -> None:
    async def act(session: Session, _: Phone) -> None:
        assert session.forms.coordinated() == ()
        assert session.forms.offers("survey")
        assert not any(session.forms.may_withdraw(offer) for offer in session.forms.offers("survey"))

    told(act, Offer(survey(), NORTH))


def test_what_was_published_is_offered_at_once_and_as_the_server_says() -> None:
    async def act(session: Session, phone: Phone) -> None:
        phone.server.canned["/api/v1/forms"] = message(Offer(survey(4), NORTH, "2026-01-01", number=9), 201)
        answer = await session.forms.publish(survey(), NORTH, "2026-01-01")
        assert answer == Offer(survey(4), NORTH, "2026-01-01", number=9)
        asked = from_wire(PublishRequest, json.loads(phone.server.requests[-1].body))
        assert asked == PublishRequest(survey(), NORTH, "2026-01-01")
        assert ("survey", 4) in kinds(session)
        phone.server.canned["/api/v1/forms/withdraw"] = message(Offer(survey(4), NORTH, withdrawn=True, number=10))
        answer = await session.forms.withdraw("survey", 4)
        assert isinstance(answer, Offer)
        assert from_wire(WithdrawRequest, json.loads(phone.server.requests[-1].body)) == WithdrawRequest("survey", 4)
        assert ("survey", 4) not in kinds(session)

    coordinating(act)


def test_an_excel_file_is_read_by_the_server_and_a_form_comes_back_as_one() -> None:
    excel = {"content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

    async def act(session: Session, phone: Phone) -> None:
        phone.server.canned["/api/v1/forms/xlsx"] = message(FormReading(survey()))
        assert await session.forms.read(b"PK...") == FormReading(survey())
        assert phone.server.requests[-1].body == b"PK..."
        phone.server.canned["/api/v1/forms/survey/1/xlsx"] = Response(200, excel, b"PK!")
        assert await session.forms.exported("survey", 1) == KeptFile("survey-v1.xlsx", b"PK!")

    coordinating(act)


@pytest.mark.parametrize("ask", ["read", "publish", "withdraw", "exported"])
def test_what_the_server_refuses_or_nobody_answers_changes_nothing_and_says_why(ask: str) -> None:
    async def asked(session: Session) -> object:
        calls = {
            "read": lambda: session.forms.read(b""),
            "publish": lambda: session.forms.publish(survey(), NORTH, ""),
            "withdraw": lambda: session.forms.withdraw("survey", 1),
            "exported": lambda: session.forms.exported("survey", 1),
        }
        return await calls[ask]()

    async def act(session: Session, phone: Phone) -> None:
        before = list(session._store.rows(Name.FORMS))
        problem = message(Problem(Code.FORBIDDEN, 403, "-", "Bukan wilayah Anda."), 403)
        refused = Response(403, {"content-type": "application/problem+json"}, problem.body)
        portal = Response(200, {"content-type": "text/html"}, b"<html>")
        for said, code in ((refused, Code.FORBIDDEN), (portal, Code.NOT_LUMBUNG)):
            phone.server.answers = [said]
            answer = await asked(session)
            assert isinstance(answer, Failure)
            assert answer.code == code
        phone.server.down = True
        answer = await asked(session)
        assert isinstance(answer, Failure)
        assert answer.code == Code.SERVER_UNREACHABLE
        phone.server.down = False
        assert await session.sign_out() is None
        answer = await asked(session)
        assert isinstance(answer, Failure)
        assert answer.code == Code.TOKEN_MISSING
        assert before

    coordinating(act)


def test_a_form_that_is_tried_out_leaves_nothing_behind() -> None:
    rows = question("rows", "repeat", fields=(question("cell"),))

    async def act(session: Session, phone: Phone) -> None:
        before = [session._store.count(name) for name in session._store.names()]
        trial = session.forms.tried(survey(1, rows)).with_answer("title", "Sungai").with_row("rows")
        row = next(path.split("/")[1] for path in trial.answers if path.startswith("rows/"))
        trial = trial.with_answer(f"rows/{row}/cell", "x")
        assert trial.answers[f"rows/{row}/cell"] == "x"
        assert trial.answers["title"] == "Sungai"
        assert not any(path.startswith("rows/") for path in trial.without_row("rows", row).answers)
        assert [session._store.count(name) for name in session._store.names()] == before
        assert phone.server.requests

    coordinating(act)
