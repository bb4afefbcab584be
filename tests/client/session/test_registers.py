"""Registers on the phone: entries are found as one types, are one once somebody says so, and are two again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping

import pytest

from lumbung_client.session.registers import Registers
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, EntryView, FeedFilter
from lumbung_client.store.local_store import Name
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Purpose
from lumbung_shared.protocol import Grant
from lumbung_shared.records import is_deleted, values
from lumbung_shared.registers import ALIAS_KIND, alias_of, references, representatives
from tests.client.fakes import OTHER_VILLAGE, VILLAGE, FakeServer, Phone
from tests.client.phones import edited, enrolled, opened, settled

DISTRICT = Grant("64.74.01", "district-coordinator")
SESSIONS = "product-photo-session"


def play(story: Callable[[Session, Phone], Awaitable[None]], *grants: Grant) -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server)
        async with opened(phone) as session:
            assert await session.enrol(server.add("budi", *grants)) is None
            await settled(session)
            await story(session, phone)

    asyncio.run(run())


def added(session: Session, name: str, kind: str = "business", **answers: Json) -> str:
    """Finish a new entry."""
    record = session.start_draft(kind, {"name": name, "region": VILLAGE, **answers})
    assert session.finish(record) == ()
    return record


def photographed(session: Session, entry: str, **answers: Json) -> str:
    """Finish an activity that refers to an entry."""
    record = session.start_draft(SESSIONS, {"region": VILLAGE, "business_entry": session.registers.reference(entry)})
    for path, value in answers.items():
        session.answer(record, path, value)
    assert session.finish(record) == ()
    return record


def found(registers: Registers, text: str = "", kind: str = "business", near: str = "") -> list[str]:
    return [row.name for row in registers.find(kind, text, near=near)]


def seen(session: Session, entry: str) -> EntryView:
    view = session.registers.entry(entry)
    assert view is not None
    return view


def history(session: Session, entry: str) -> set[str]:
    return {row.record for row in seen(session, entry).history}


def test_an_entry_made_without_a_signal_is_there_at_once_and_others_find_it_later() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, _), opened(Phone(server, seed=2)) as siti:
            assert await siti.enrol(server.add("siti")) is None
            server.down = True
            entry = added(budi, "Keripik Melati", owner="Ibu Siti")
            assert found(budi.registers, "melati") == ["Keripik Melati"]
            assert budi.registers.reference(entry) == {"id": entry, "name": "Keripik Melati"}
            activity = photographed(budi, entry)
            assert [row.headline for row in budi.activities()] == ["Keripik Melati"]
            server.down = False
            await budi.sync_now()
            await siti.sync_now()
            assert found(siti.registers, "siti") == ["Keripik Melati"]
            assert history(siti, entry) == {activity}

    asyncio.run(run())


def test_entries_are_found_by_every_word_in_the_order_of_their_names() -> None:
    async def story(session: Session, _: Phone) -> None:
        added(session, "Keripik Mélati", owner="Ibu Siti")
        added(session, "Amplang Ratna", owner="Bu Ratna", contact="081234567890")
        added(session, "Amplang Siti", region=OTHER_VILLAGE)
        added(session, "Bank Sampah Sehati", kind="waste-bank", manager="Siti")
        registers = session.registers
        assert found(registers) == ["Amplang Ratna", "Amplang Siti", "Keripik Mélati"]
        assert found(registers, "siti") == ["Amplang Siti", "Keripik Mélati"]
        assert found(registers, "SITI melati") == ["Keripik Mélati"]
        assert found(registers, "0812345") == ["Amplang Ratna"]
        assert found(registers, "lok tuan") == ["Amplang Ratna", "Keripik Mélati"]
        assert found(registers, near=OTHER_VILLAGE)[0] == "Amplang Siti"
        assert [row.name for row in registers.find("business", "", 1, OTHER_VILLAGE)] == ["Amplang Siti"]
        assert found(registers, "siti", kind="") == ["Amplang Siti", "Bank Sampah Sehati", "Keripik Mélati"]
        assert registers.counts() == {"business": 3, "waste-bank": 1}
        assert registers.counts("ratna") == {"business": 1}
        assert registers.kinds() == ("business", "waste-bank", "group")

    play(story, DISTRICT)


def test_what_was_joined_is_found_as_one_with_the_history_of_both_until_it_is_parted() -> None:
    async def story(session: Session, _: Phone) -> None:
        one, other = added(session, "Keripik Melati", rt="05"), added(session, "UMK Melati", rt="5", contact="0812")
        first, second = photographed(session, one), photographed(session, other)
        await settled(session)
        (alike,) = seen(session, one).alike
        assert (alike.row.name, alike.reasons) == ("UMK Melati", ("similar-name", "same-village", "same-rt"))
        session.registers.join(other, one)
        assert found(session.registers) == ["Keripik Melati"]
        assert found(session.registers, "umk melati") == ["Keripik Melati"], "by its other name, too"
        assert history(session, one) == history(session, other) == {first, second}
        assert session.registers.reference(other) == {"id": one, "name": "Keripik Melati"}
        view = seen(session, one)
        assert [(it.name, it.into, it.may_part) for it in view.joined] == [("UMK Melati", "", True)]
        assert view.alike == ()
        stands = seen(session, other).stands
        assert stands is not None
        assert stands.record == one
        # What was written of the second still says so.
        activity = session.activity(second)
        assert activity is not None
        assert activity.answers["business_entry"] == {"id": other, "name": "UMK Melati"}
        session.registers.part(view.joined[0].aliases)
        assert found(session.registers) == ["Keripik Melati", "UMK Melati"]
        assert (history(session, one), history(session, other)) == ({first}, {second})
        assert seen(session, one).joined == ()

    play(story)


def test_a_merge_reaches_other_phones_and_anybody_of_the_region_takes_it_back() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, _), opened(Phone(server, seed=2)) as siti:
            assert await siti.enrol(server.add("siti")) is None
            one, other = added(budi, "Keripik Melati"), added(budi, "UMK Melati")
            budi.registers.join(other, one)
            await settled(budi)
            await siti.sync_now()
            assert found(siti.registers) == ["Keripik Melati"]
            siti.registers.part(seen(siti, one).joined[0].aliases)
            await settled(siti)
            await budi.sync_now()
            assert found(budi.registers) == found(siti.registers) == ["Keripik Melati", "UMK Melati"]

    asyncio.run(run())


def test_two_who_join_the_same_in_opposite_ways_see_the_same_entry() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, phone), opened(Phone(server, seed=2)) as siti:
            assert await siti.enrol(server.add("siti")) is None
            one = added(budi, "Keripik Melati")
            phone.clock.wall += 1000
            other = added(budi, "UMK Melati")
            await settled(budi)
            await siti.sync_now()
            server.down = True
            budi.registers.join(other, one)
            siti.registers.join(one, other)
            assert (found(budi.registers), found(siti.registers)) == (["Keripik Melati"], ["UMK Melati"])
            server.down = False
            for session in (budi, siti, budi):
                await session.sync_now()
            assert found(budi.registers) == found(siti.registers) == ["Keripik Melati"], "the older of the two"
            joined = [(it.name, it.into) for it in seen(budi, one).joined]
            assert joined == [("UMK Melati", ""), ("UMK Melati", "")]
            for one_of in seen(budi, one).joined:
                budi.registers.part(one_of.aliases)
            assert found(budi.registers) == ["Keripik Melati", "UMK Melati"]

    asyncio.run(run())


def test_what_was_joined_through_another_says_through_which() -> None:
    async def story(session: Session, _: Phone) -> None:
        one, two, three = (added(session, name) for name in ("Melati", "Mawar", "Kenanga"))
        session.registers.join(three, two)
        session.registers.join(two, one)
        assert {(it.name, it.into) for it in seen(session, one).joined} == {("Kenanga", "Mawar"), ("Mawar", "")}
        session.registers.join(three, one)
        assert len(seen(session, one).joined) == 2, "they are one already"

    play(story)


def test_nobody_joins_what_is_not_theirs_or_not_there() -> None:
    async def run() -> None:
        server = FakeServer()
        async with opened(Phone(server, seed=3)) as chief, enrolled(server) as (budi, _):
            assert await chief.enrol(server.add("siti", DISTRICT)) is None
            mine, far = added(chief, "Melati"), added(chief, "Mawar", region=OTHER_VILLAGE)
            await settled(chief)
            await budi.sync_now()
            budi.registers.join(far, mine)
            budi.registers.join(mine, far)
            budi.registers.join(mine, mine)
            assert budi.waiting() == []
            chief.registers.join(far, mine)
            chief.registers.join(mine, far)
            assert [row.kind for row in chief.waiting()] == [ALIAS_KIND]

    asyncio.run(run())


def test_an_entry_that_somebody_elses_entry_stands_for_is_shown_to_who_has_only_this_one() -> None:
    async def run() -> None:
        server = FakeServer()
        async with opened(Phone(server, seed=3)) as chief, enrolled(server) as (budi, _):
            assert await chief.enrol(server.add("siti", DISTRICT)) is None
            here, far = added(chief, "Melati"), added(chief, "UMK Melati", region=OTHER_VILLAGE)
            activity = photographed(chief, here)
            chief.registers.join(here, far)
            await settled(chief)
            await budi.sync_now()
            assert found(chief.registers) == ["UMK Melati"]
            assert found(budi.registers) == ["Melati"]
            assert history(budi, here) == {activity}
            view = seen(budi, far)
            assert (view.opened, view.name, {row.record for row in view.history}) == (None, "UMK Melati", {activity})

    asyncio.run(run())


def test_an_entry_that_only_activities_name_is_told_by_what_they_call_it() -> None:
    async def story(session: Session, _: Phone) -> None:
        unknown = "0193f0a0-0000-7000-8000-000000000001"
        reference = {"id": unknown, "name": "Keripik Jauh"}
        record = session.start_draft(SESSIONS, {"region": VILLAGE, "business_entry": reference})
        assert session.finish(record) == ()
        view = seen(session, unknown)
        assert (view.name, view.opened, view.stands, view.uses) == ("Keripik Jauh", None, None, 1)
        assert session.registers.entry("0193f0a0-0000-7000-8000-000000000002") is None
        assert session.registers.reference(unknown) is None

    play(story)


def test_the_history_follows_what_activities_say() -> None:
    async def story(session: Session, _: Phone) -> None:
        one, other = added(session, "Melati"), added(session, "Mawar")
        old = photographed(session, one, date="2026-11-01")
        new = photographed(session, one, date="2026-11-20")
        await settled(session)
        assert [row.record for row in seen(session, one).history] == [new, old]
        assert [row.record for row in session.registers.entry(one, 1).history] == [new]  # type: ignore[union-attr]
        edited(session, new, business_entry=session.registers.reference(other))
        assert (history(session, one), history(session, other)) == ({old}, {new})
        session.delete(old)
        assert history(session, one) == set()

    play(story)


def test_rows_refer_to_entries_too() -> None:
    async def story(session: Session, _: Phone) -> None:
        entry = added(session, "Melati")
        record = session.start_draft("photography-training", {"theme": "Camilan"})
        row = session.add_row(record, "businesses")
        session.answer(record, f"businesses/{row}/business_entry", session.registers.reference(entry))
        assert session.finish(record) == ()
        assert history(session, entry) == {record}

    play(story)


def test_edits_of_two_phones_meet_and_a_neighbour_may_settle_what_they_disagree_on() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, _), opened(Phone(server, seed=2)) as siti:
            assert await siti.enrol(server.add("siti")) is None
            entry = added(budi, "Melati")
            await settled(budi)
            await siti.sync_now()
            server.down = True
            edited(budi, entry, owner="Ibu Siti", rt="05")
            edited(siti, entry, owner="Bu Aminah", contact="081234567890")
            await settled(budi)
            await settled(siti)
            server.down = False
            for session in (budi, siti, budi):
                await session.sync_now()
            for session in (budi, siti):
                view = seen(session, entry).opened
                assert view is not None
                assert (view.answers["rt"], view.answers["contact"]) == ("05", "081234567890")
                assert set(view.conflicts) == {"owner"}
                assert (view.mine, view.may_settle) == (True, True)
                assert [row.state for row in session.registers.find()] == [ActivityState.DISPUTED]
            siti.settle(entry, "owner", "Bu Aminah")
            await settled(siti)
            await budi.sync_now()
            assert [(row.person, row.state) for row in budi.registers.find()] == [("Bu Aminah", ActivityState.SENT)]

    asyncio.run(run())


def test_entries_are_no_activities_but_wait_among_what_is_to_be_sent() -> None:
    async def story(session: Session, phone: Phone) -> None:
        phone.server.down = True
        entry, other = added(session, "Melati"), added(session, "UMK Melati")
        session.registers.join(other, entry)
        assert session.activities() == []
        assert sum(session.activity_counts().values()) == 0
        assert {row.kind for row in session.waiting()} == {"business", ALIAS_KIND}
        assert [row.state for row in session.registers.find()] == [ActivityState.WAITING]
        alias = next(row.record for row in session.waiting() if row.kind == ALIAS_KIND)
        assert (session.registers.joined_by(alias), session.registers.joined_by(entry)) == (entry, "")
        phone.server.down = False
        await session.sync_now()
        assert session.waiting() == []
        assert session.local_feed(FeedFilter()).entries == ()
        assert session.local_feed_count() == 0

    play(story)


def test_a_form_of_an_entry_that_was_left_is_found_among_the_drafts() -> None:
    async def story(session: Session, _: Phone) -> None:
        draft = session.start_draft("business")
        session.answer(draft, "name", "Melati")
        assert [row.record for row in session.activities(ActivityState.DRAFT)] == [draft]
        assert found(session.registers) == [], "it is no entry before it is finished"
        assert session.finish(draft) == ()
        assert session.activities() == []
        await settled(session)
        session.start_edit(draft)
        session.answer(draft, "owner", "Ibu Siti")
        assert [row.record for row in session.activities(ActivityState.DRAFT)] == [draft]
        session.discard_draft(draft)
        assert session.activities() == []

    play(story)


def test_a_deleted_entry_is_found_no_more() -> None:
    async def story(session: Session, _: Phone) -> None:
        entry = added(session, "Melati")
        await settled(session)
        session.delete(entry)
        assert found(session.registers) == []
        await settled(session)
        assert session.registers.entry(entry) is None

    play(story)


def test_pairs_that_may_be_one_are_looked_for_on_demand() -> None:
    async def story(session: Session, _: Phone) -> None:
        one, other = added(session, "Keripik Melati"), added(session, "UMK Keripik Melati")
        for name in ("Amplang Ratna", "Sambal Nur"):
            added(session, name)
        (twins,) = await session.registers.twins("business")
        assert {twins.one.record, twins.other.record} == {one, other}
        assert twins.reasons == ("same-name", "same-village")
        session.registers.join(other, one)
        assert await session.registers.twins("business") == []

    play(story)


def test_photos_of_its_activities_stand_with_an_entry() -> None:
    async def story(session: Session, _: Phone) -> None:
        entry = added(session, "Melati")
        photo: Json = {"sha256": "a" * 64, "bytes": 5, "width": 4, "height": 3}
        activity = session.start_draft(SESSIONS, {"region": VILLAGE, "business_entry": {"id": entry, "name": "Melati"}})
        row = session.add_row(activity, "product_photos")
        session.answer(activity, f"product_photos/{row}/photo", photo)
        session.answer(activity, f"product_photos/{row}/caption", "Kemasan baru")
        assert session.finish(activity) == ()
        (taken,) = seen(session, entry).photos
        assert (taken.activity, taken.photo.sha256, taken.caption) == (activity, "a" * 64, "Kemasan baru")

    play(story)


def test_after_another_person_took_the_phone_nothing_of_the_first_is_found() -> None:
    async def story(session: Session, phone: Phone) -> None:
        added(session, "Melati")
        await settled(session)
        assert found(session.registers) == ["Melati"]
        assert await session.sign_out() is None
        assert await session.enrol(phone.server.add("ani", Grant(OTHER_VILLAGE, "cadre"))) is None
        await settled(session)
        assert found(session.registers) == []

    play(story)


# Whatever happens


def looked_through(session: Session) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Entry to its name, of those that are found; and to the activities that refer to it: without any index."""
    content = session._content
    records = dict.fromkeys([*(key for key, _ in content.rows(Name.RECORDS)), *content.waiting_records()])
    states = [state for record in records if (state := content.view(record)) is not None and not is_deleted(state)]
    answers: Mapping[str, Mapping[str, Json]] = {state.record: values(state) for state in states}
    purposes = {state.record: content.purpose(state.kind, state.form) for state in states}
    entries = {record for record, purpose in purposes.items() if purpose == Purpose.REGISTER}
    aliases = [alias_of(record, answers[record]) for record, it in purposes.items() if it == Purpose.ALIAS]
    stands = representatives([alias for alias in aliases if alias], entries)
    users: dict[str, set[str]] = {}
    for record, purpose in purposes.items():
        for entry in references(answers[record]).values() if purpose == Purpose.ACTIVITY else ():
            users.setdefault(stands.get(entry, entry), set()).add(record)
    shown = {entry: str(answers[entry]["name"]) for entry in entries if stands.get(entry, entry) == entry}
    return shown, users


def check(session: Session) -> None:
    names, users = looked_through(session)
    assert {row.record: row.name for row in session.registers.find(limit=1000)} == names
    assert sum(session.registers.counts().values()) == len(names)
    for entry in names:
        assert history(session, entry) == users.get(entry, set())


@pytest.mark.parametrize("seed", range(12))
def test_whatever_people_do_with_entries_each_phone_finds_what_there_is(seed: int) -> None:
    async def run() -> None:
        luck, server = random.Random(seed), FakeServer()  # noqa: S311 - the same every time on purpose
        async with enrolled(server) as (budi, _), opened(Phone(server, seed=2)) as siti:
            assert await siti.enrol(server.add("siti", DISTRICT)) is None
            for step in range(60):
                session = luck.choice([budi, siti])
                entries = [row.record for row in session.registers.find(limit=1000)]
                match luck.choice(["add", "use", "use", "join", "join", "part", "edit", "delete", "sync", "sync"]):
                    case "add":
                        added(session, f"Usaha {step}", region=luck.choice([VILLAGE, OTHER_VILLAGE]))
                    case "use" if entries:
                        photographed(session, luck.choice(entries))
                    case "join" if len(entries) > 1:
                        session.registers.join(*luck.sample(entries, 2))
                    case "part" if entries and (joined := seen(session, luck.choice(entries)).joined):
                        session.registers.part(luck.choice(joined).aliases)
                    case "edit" if entries:
                        edited(session, luck.choice(entries), name=f"Nama {step}")
                    case "delete" if entries:
                        session.delete(luck.choice(entries))
                    case "sync":
                        await session.sync_now()
                check(session)
            for session in (budi, siti, budi, siti):
                await session.sync_now()
                check(session)

    asyncio.run(run())
