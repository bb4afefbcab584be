"""Another activity like one that was done: what is true again stands in it, and what is not is named."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import pytest

from lumbung_client.session.again import taken_over
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityView
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form, find_form
from lumbung_shared.protocol import Offer
from tests.client.fakes import OTHER_VILLAGE, START, VILLAGE, FakeServer, Phone
from tests.client.phones import KIND, enrolled, logged, opened, settled

DAY = 86_400_000
WHOLE = "64"
PHOTO: Json = {"sha256": "0" * 64, "bytes": 1, "width": 1, "height": 1}


def play(story: Callable[[Session, Phone], Awaitable[None]]) -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            await story(session, phone)

    asyncio.run(run())


def form_of(kind: str, version: int = 2) -> Form:
    form = find_form(kind, version)
    assert form is not None
    return form


def view_of(session: Session, record: str) -> ActivityView:
    view = session.activity(record)
    assert view is not None
    return view


def answers_of(session: Session, record: str) -> dict[str, Json]:
    draft = session.draft(record)
    assert draft is not None
    return dict(draft.answers)


def test_a_copy_is_of_today_says_what_stays_true_and_names_what_does_not() -> None:
    async def story(session: Session, phone: Phone) -> None:
        meeting: dict[str, Json] = {
            "place": "Aula kecamatan",
            "rt": "05",
            "level": "district",
            "decisions": "Jadwal baru",
            "partners": ["pkk", "school"],
            "participants": {"l": 4, "p": 11},
            "location": {"lat": "0.13", "lon": "117.5"},
        }
        record = session.start_draft(KIND)
        for path, value in {"agenda": "Rapat bulanan", **meeting}.items():
            session.answer(record, path, value)
        row = session.add_row(record, "attendees")
        session.answer(record, f"attendees/{row}/organisation", "LPM")
        photo = session.add_row(record, "photos")
        session.answer(record, f"photos/{photo}/photo", PHOTO)
        assert session.finish(record) == ()
        await settled(session)
        phone.clock.tick(DAY)
        phone.server.now += DAY
        copy = session.again.begin(view_of(session, record))
        assert copy
        assert copy != record
        assert answers_of(session, copy) == {
            "date": "2026-11-23",
            "region": VILLAGE,
            "agenda": "Rapat bulanan",
            "place": "Aula kecamatan",
            "rt": "05",
            "level": "district",
            "partners": ["pkk", "school"],
        }
        left = session.again.left(copy)
        assert left is not None
        names = {item.label: item.name for item in form_of(KIND).questions}
        assert [names[label] for label in left] == [
            item.name
            for item in form_of(KIND).questions
            if item.name in {"decisions", "attendees", "participants", "location", "photos"}
        ]
        assert session.again.left(record) is None

    play(story)


def test_nothing_about_people_is_copied() -> None:
    answers: dict[str, Json] = {"topic": "Kompos", "trainer": "Ibu Sari", "trainees/aaaaaaaaaa/name": "Pak Budi"}
    copied = taken_over(form_of("training-of-trainers"), form_of("training-of-trainers"), answers, ())
    assert dict(copied.answers) == {"topic": "Kompos"}
    assert next(label.id for label in copied.left) == "Nama pelatih"
    assert len(copied.left) == 2


def test_what_was_weighed_spent_agreed_to_and_put_online_is_of_its_day() -> None:
    compost = {"group_name": "Melati", "method": "takakura", "input_weight": "12.5", "harvest_date": "2026-12-01"}
    copied = taken_over(form_of("compost-training"), form_of("compost-training"), compost, ())
    assert dict(copied.answers) == {"group_name": "Melati", "method": "takakura"}
    session_of_photos: dict[str, Json] = {
        "business_entry": {"id": "019a0000-0000-7000-8000-000000000000", "name": "Amplang Bu Nur"},
        "consent": True,
        "posted_link": "https://example.org/foto",
    }
    form = form_of("product-photo-session")
    copied = taken_over(form, form, session_of_photos, ())
    assert dict(copied.answers) == {"business_entry": session_of_photos["business_entry"]}
    spent = taken_over(
        form_of("produta-facilitation"), form_of("produta-facilitation"), {"work": "Drainase", "budget_used": 5}, ()
    )
    assert dict(spent.answers) == {"work": "Drainase"}


def test_a_place_where_the_person_does_not_work_any_more_is_not_copied() -> None:
    form = form_of(KIND)
    kept = taken_over(form, form, {"region": OTHER_VILLAGE, "agenda": "Rapat"}, (VILLAGE,))
    assert dict(kept.answers) == {"agenda": "Rapat"}
    assert [label.id for label in kept.left] == ["Kelurahan/desa"]
    assert dict(taken_over(form, form, {"region": VILLAGE}, (VILLAGE,)).answers) == {"region": VILLAGE}


def test_what_the_newest_form_does_not_ask_or_offer_is_not_copied_but_named() -> None:
    before = form_of(KIND)
    fields = tuple(
        replace(item, options=item.options[1:]) if item.name == "level" else item
        for item in before.fields
        if item.name != "rt"
    )
    gone = before.by_name["level"].options[0].value
    copied = taken_over(
        before, replace(before, fields=fields, version=9), {"rt": "05", "level": gone, "place": "A"}, ()
    )
    assert dict(copied.answers) == {"place": "A"}
    assert {label.id for label in copied.left} == {before.by_name["rt"].label.id, before.by_name["level"].label.id}


def test_a_copy_is_made_in_the_newest_version_of_the_form() -> None:
    async def run() -> None:
        server = FakeServer(offers=[Offer(form_of(KIND, 1), WHOLE)])
        async with enrolled(server) as (session, _):
            record = logged(session, place="Balai")
            await settled(session)
            server.offers.append(Offer(form_of(KIND, 2), WHOLE))
            await session.sync_now()
            assert view_of(session, record).row.form == 1
            draft = session.draft(session.again.begin(view_of(session, record)))
            assert draft is not None
            assert (draft.form, draft.answers["place"]) == (2, "Balai")

    asyncio.run(run())


def test_a_kind_that_is_not_offered_any_more_is_not_begun_again() -> None:
    async def run() -> None:
        server = FakeServer(offers=[Offer(form_of(KIND), WHOLE), Offer(form_of("other"), WHOLE)])
        async with enrolled(server) as (session, _):
            record = logged(session)
            await settled(session)
            assert session.again.is_possible(view_of(session, record))
            server.offers.append(Offer(form_of(KIND), WHOLE, withdrawn=True))
            await session.sync_now()
            assert not session.again.is_possible(view_of(session, record))
            assert session.again.begin(view_of(session, record)) == ""

    asyncio.run(run())


def test_only_one_s_own_activity_is_begun_again() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server, "ani") as (ani, _):
            record = logged(ani)
            await settled(ani)
        async with enrolled(server, "budi") as (budi, _):
            assert not budi.again.is_possible(view_of(budi, record))
            assert budi.again.begin(view_of(budi, record)) == ""
            entry = budi.start_draft("group")
            budi.answer(entry, "name", "Melati")
            assert not budi.again.is_possible(view_of(budi, entry))

    asyncio.run(run())


def test_a_copy_in_which_nothing_was_done_is_no_activity() -> None:
    async def story(session: Session, _: Phone) -> None:
        record = logged(session)
        await settled(session)
        session.again.begin(view_of(session, record))
        assert [row.record for row in session.activities()] == [record]

    play(story)


@pytest.mark.parametrize(
    ("clock", "day"),
    [("2026-11-22T23:59:59.999+08:00", "2026-11-22"), ("2026-11-23T00:00:00+08:00", "2026-11-23")],
)
def test_today_is_the_day_in_wita_around_midnight(clock: str, day: str) -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session)
        await settled(session)
        at = round(datetime.fromisoformat(clock).timestamp() * 1000)
        phone.clock.tick(at - START)
        assert answers_of(session, session.start_draft(KIND))["date"] == day
        assert answers_of(session, session.again.begin(view_of(session, record)))["date"] == day

    play(story)


def test_today_is_the_true_day_on_a_phone_whose_clock_is_years_off() -> None:
    async def run() -> None:
        phone = Phone(FakeServer(tells_time=True))
        phone.clock.set(-11 * 365 * DAY)
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            record = logged(session)
            await settled(session)
            assert answers_of(session, session.again.begin(view_of(session, record)))["date"] == "2026-11-22"

    asyncio.run(run())
