"""Values used before: the person's own, the latest of the same kind first, and nothing about anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from lumbung_client.session.recent import LOOKED_AT
from lumbung_client.session.session import Session
from lumbung_shared.canonical import Json
from tests.client.fakes import OTHER_VILLAGE, VILLAGE, FakeServer, Phone
from tests.client.phones import KIND, edited, enrolled, logged, opened, settled

COMPOST, TRAINING = "compost-training", "training-of-trainers"


def play(story: Callable[[Session, Phone], Awaitable[None]]) -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            await story(session, phone)

    asyncio.run(run())


def offered(session: Session, kind: str = KIND) -> dict[str, tuple[Json, ...]]:
    """What a new form of a kind offers."""
    record = session.start_draft(kind)
    draft = session.draft(record)
    assert draft is not None
    form = session.catalogue.form(kind, draft.form)
    assert form is not None
    found = dict(session.recent.of(form, record))
    session.discard_draft(record)
    return found


def of_kind(session: Session, kind: str, **answers: Json) -> str:
    record = session.start_draft(kind)
    for path, value in answers.items():
        session.answer(record, path, value)
    assert session.finish(record) == ()
    return record


def test_the_three_values_used_last_are_offered_each_once() -> None:
    async def story(session: Session, phone: Phone) -> None:
        assert offered(session) == {}
        for place in ("Balai RT 01", "Balai RT 02", "balai rt 01 ", "Balai RT 03", "Balai RT 04"):
            phone.clock.tick()
            logged(session, "Rapat", place=place)
        await settled(session)
        assert offered(session)["place"] == ("Balai RT 04", "Balai RT 03", "balai rt 01")

    play(story)


def test_what_waits_counts_as_what_was_sent_does() -> None:
    async def story(session: Session, phone: Phone) -> None:
        logged(session, place="Terkirim")
        await settled(session)
        phone.server.down = True
        phone.clock.tick()
        logged(session, place="Menunggu")
        assert offered(session)["place"] == ("Menunggu", "Terkirim")

    play(story)


def test_the_same_kind_comes_before_what_was_used_later_in_others() -> None:
    async def story(session: Session, phone: Phone) -> None:
        logged(session, place="Aula rapat", rt="05")
        phone.clock.tick()
        of_kind(session, COMPOST, group_name="Melati", place="Kebun", partners_other="Bank Kaltimtara")
        found = offered(session)
        assert (found["place"], found["rt"]) == (("Aula rapat", "Kebun"), ("05",))
        assert found["partners_other"] == ("Bank Kaltimtara",)
        assert found["agenda"] == ("Melati",)
        assert offered(session, COMPOST)["place"] == ("Kebun", "Aula rapat")

    play(story)


def test_partners_ticked_together_are_offered_together_and_few_options_are_not() -> None:
    async def story(session: Session, _: Phone) -> None:
        logged(session, partners=["pkk", "school"], level="village")
        found = offered(session)
        assert found["partners"] == (["pkk", "school"],)
        assert "level" not in found

    play(story)


def test_answers_about_people_photos_and_stories_are_never_offered() -> None:
    async def story(session: Session, _: Phone) -> None:
        of_kind(session, TRAINING, topic="Kompos", trainer="Ibu Sari", notes="Ramai", place="Balai")
        found = offered(session, TRAINING)
        assert "trainer" not in found
        assert "notes" not in found
        assert found["topic"] == ("Kompos",)

    play(story)


def test_other_people_s_records_open_drafts_and_deleted_ones_offer_nothing() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server, "ani") as (ani, _):
            logged(ani, "Rapat Ani", place="Rumah Ani")
            await settled(ani)
        async with enrolled(server, "budi") as (budi, _):
            assert budi.local_feed_count() == 1
            gone = logged(budi, place="Terhapus")
            await settled(budi)
            budi.delete(gone)
            await settled(budi)
            begun = budi.start_draft(KIND)
            budi.answer(begun, "place", "Bal")
            assert offered(budi) == {}

    asyncio.run(run())


def test_the_form_s_own_record_is_no_value_used_before() -> None:
    async def story(session: Session, _: Phone) -> None:
        record = logged(session, place="Balai")
        form = session.catalogue.newest(KIND)
        assert form is not None
        session.start_edit(record)
        assert session.recent.of(form, record) == {}

    play(story)


def test_a_long_text_is_not_offered_and_an_edit_brings_its_value_to_the_front() -> None:
    async def story(session: Session, phone: Phone) -> None:
        first = logged(session, place="Satu")
        phone.clock.tick()
        logged(session, place="Dua" * 40)
        phone.clock.tick()
        logged(session, place="Tiga")
        await settled(session)
        assert offered(session)["place"] == ("Tiga", "Satu")
        phone.clock.tick()
        edited(session, first, place="Empat")
        assert offered(session)["place"] == ("Empat", "Tiga")

    play(story)


def test_regions_of_a_person_with_several_are_offered() -> None:
    async def story(session: Session, _: Phone) -> None:
        logged(session, region=OTHER_VILLAGE)
        logged(session, region=VILLAGE)
        assert set(offered(session)["region"]) == {OTHER_VILLAGE, VILLAGE}

    play(story)


def test_registers_offer_nothing() -> None:
    async def story(session: Session, _: Phone) -> None:
        logged(session, rt="05")
        assert offered(session, "business") == {}

    play(story)


def test_no_more_than_the_newest_are_looked_at_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(session: Session, phone: Phone) -> None:
        phone.server.down = True
        logged(session, place="Lama sekali")
        for n in range(LOOKED_AT):
            phone.clock.tick()
            logged(session, f"Rapat {n}")
        assert "place" not in offered(session)
        asked: list[str] = []
        get = session._content.get

        def counted(table: str, key: str) -> object:
            asked.append(key)
            return get(table, key)

        monkeypatch.setattr(session._content, "get", counted)
        form = session.catalogue.newest(KIND)
        assert form is not None
        session.recent.of(form, "")
        assert len(asked) <= 2 * LOOKED_AT

    play(story)


def test_after_the_app_was_closed_the_same_is_offered() -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            logged(session, place="Balai")
            await settled(session)
        async with opened(phone) as session:
            assert offered(session)["place"] == ("Balai",)

    asyncio.run(run())
