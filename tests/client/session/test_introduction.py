"""Who is shown what the app does, and when; and what one can practise with."""

from __future__ import annotations

import asyncio

import pytest

from lumbung_client.session.introduction import PRACTICE_KIND, practice_form
from lumbung_client.session.session import Session
from lumbung_client.store.local_store import Name
from lumbung_shared.forms import Purpose, kinds_for
from lumbung_shared.protocol import Grant
from tests.client.fakes import VILLAGE, FakeServer, Phone
from tests.client.phones import opened, settled


def test_whoever_is_new_here_is_introduced_until_they_have_seen_it_also_after_a_restart() -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        async with opened(phone) as session:
            session.introduction.begin()
            assert not session.introduction.is_due, "nobody is there yet"
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            assert session.introduction.is_due
        async with opened(phone) as session:
            assert session.introduction.is_due
            session.introduction.end()
            assert not session.introduction.is_due
        async with opened(phone) as session:
            assert not session.introduction.is_due

    asyncio.run(run())


def test_who_is_admitted_again_was_introduced_before() -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            session.introduction.begin()
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            assert not session.introduction.is_due

    asyncio.run(run())


def test_the_next_person_of_a_phone_is_introduced_though_the_server_knows_its_store() -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            assert await session.sign_out() is None
            session.introduction.begin()
            assert await session.enrol(phone.server.add("ani")) is None
            await settled(session)
            assert session.introduction.is_due

    asyncio.run(run())


@pytest.mark.parametrize(("role", "due"), [("cadre", True), ("district-coordinator", False)])
def test_coordinators_are_not_held_up_at_every_desk_they_sign_in_at(role: str, due: bool) -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        async with opened(phone) as session:
            session.introduction.begin()
            region = VILLAGE if due else "64.74.01"
            assert await session.enrol(phone.server.add("siti", Grant(region, role))) is None
            await settled(session)
            assert session.introduction.is_due is due

    asyncio.run(run())


def test_practising_leaves_nothing_in_the_store() -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            before = contents(session)
            form = practice_form(session.offered())
            assert form is not None
            assert form.kind == PRACTICE_KIND
            trial = session.forms.tried(form)
            assert [remark.path for remark in trial.lacking(session.today())]
            trial = trial.with_answer(form.headline, "Dasawisma Melati")
            assert form.headline not in [remark.path for remark in trial.lacking(session.today())]
            assert contents(session) == before
            assert session.draft(trial.name) is None

    asyncio.run(run())


def contents(session: Session) -> dict[str, list[object]]:
    return {table.value: list(session._store.rows(table)) for table in Name}


def test_without_the_usual_form_one_practises_with_the_first_that_there_is() -> None:
    forms = [form for kind, form in kinds_for(Purpose.ACTIVITY).items() if kind != PRACTICE_KIND]
    assert practice_form(forms) is forms[0]
    assert practice_form([]) is None
