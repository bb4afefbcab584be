"""Registers on the screen: chosen and added in the middle of a form, looked at, joined and parted."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import ActivityState
from lumbung_shared.canonical import Json
from lumbung_shared.protocol import Grant
from tests.client.fakes import OTHER_VILLAGE, VILLAGE, FakeServer, Phone
from tests.client.phones import edited, opened, settled
from tests.client.ui.stage import Stage, on_stage, played

FORM = "product-photo-session"
QUESTION = "business_entry"


def added(stage: Stage, name: str, **answers: Json) -> str:
    """Finish a new business."""
    record = stage.session.start_draft("business", {"name": name, "region": VILLAGE, **answers})
    assert stage.session.finish(record) == ()
    return record


def address(stage: Stage) -> str:
    return str(stage.screen.page.route)


def answer(stage: Stage, record: str) -> Json:
    draft = stage.session.draft(record)
    assert draft is not None
    return draft.answers.get(QUESTION)


def test_an_entry_is_chosen_by_typing_a_part_of_its_name() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            melati = added(stage, "Keripik Melati", owner="Ibu Siti", rt="05")
            added(stage, "Amplang Ratna")
            record = await stage.open_kind(FORM)
            await stage.screen.press(QUESTION)
            assert address(stage) == f"/isi/{record}/pilih/{QUESTION}"
            await stage.screen.settle()
            assert stage.screen.shows("Amplang Ratna")
            await stage.screen.type("search", "mela")
            assert not stage.screen.shows("Amplang Ratna")
            assert stage.screen.shows("Ibu Siti · Lok Tuan · RT 05")
            await stage.screen.press(f"pick-{melati}")
            await stage.screen.settle()
            assert address(stage) == f"/isi/{record}"
            assert answer(stage, record) == {"id": melati, "name": "Keripik Melati"}
            assert stage.screen.shows("Keripik Melati")
            await stage.screen.press("finish")
            await stage.settle()
            assert [row.headline for row in stage.session.activities()] == ["Keripik Melati"]

    played(act())


def test_a_choice_is_changed_and_taken_back() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            melati, ratna = added(stage, "Keripik Melati"), added(stage, "Amplang Ratna")
            record = await stage.open_kind(FORM)
            for entry in (melati, ratna):
                await stage.screen.press(QUESTION)
                await stage.screen.settle()
                await stage.screen.press(f"pick-{entry}")
                await stage.screen.settle()
            assert answer(stage, record) == {"id": ratna, "name": "Amplang Ratna"}
            await stage.screen.press(f"clear-{QUESTION}")
            assert answer(stage, record) is None
            assert not stage.screen.shows("Amplang Ratna")

    played(act())


def test_what_is_missing_is_marked_until_it_is_chosen() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            melati = added(stage, "Keripik Melati")
            await stage.open_kind(FORM)
            await stage.screen.press("finish")
            assert stage.screen.shows("Wajib diisi.")
            await stage.screen.press(QUESTION)
            await stage.screen.settle()
            await stage.screen.press(f"pick-{melati}")
            await stage.screen.settle()
            assert not stage.screen.shows("Wajib diisi.")

    played(act())


def test_a_new_entry_is_added_in_the_middle_of_a_form_without_a_signal_and_chosen_there() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            record = await stage.open_kind(FORM)
            await stage.screen.type("place", "Rumah Ibu Siti")
            await stage.screen.press(QUESTION)
            await stage.screen.settle()
            await stage.screen.type("search", "Keripik Melati")
            assert stage.screen.shows("Tidak ada yang cocok.")
            assert stage.screen.shows("Tambah “Keripik Melati” sebagai data baru")
            await stage.screen.press("add-entry")
            await stage.screen.settle()
            assert address(stage).startswith(f"/isi/{record}/baru/{QUESTION}/")
            entry = address(stage).rpartition("/")[2]
            assert stage.screen.all(ft.TextField, key="name")[-1].value == "Keripik Melati"
            await stage.screen.type("owner", "Ibu Siti")
            await stage.screen.fire(stage.screen.all(ft.FilledButton, key="finish")[-1], "click")
            await stage.screen.settle()
            assert address(stage) == f"/isi/{record}"
            assert answer(stage, record) == {"id": entry, "name": "Keripik Melati"}
            draft = stage.session.draft(record)
            assert draft is not None
            assert draft.answers["place"] == "Rumah Ibu Siti"
            await stage.screen.press("finish")
            await stage.settle()
            assert {row.kind for row in stage.session.waiting()} == {FORM, "business"}
            await stage.screen.go("/kirim")
            assert stage.screen.shows("Keripik Melati")
            stage.server.down = False
            await stage.session.sync_now()
            assert stage.session.waiting() == []

    played(act())


def test_leaving_the_new_entry_leads_back_to_the_form() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(FORM)
            await stage.screen.press(QUESTION)
            await stage.screen.settle()
            assert stage.screen.shows("Tambah usaha (UMK)")
            await stage.screen.press("add-entry")
            await stage.screen.settle()
            await stage.screen.fire(stage.screen.all(ft.OutlinedButton, key="save-draft")[-1], "click")
            await stage.screen.settle()
            assert address(stage) == f"/isi/{record}"
            assert answer(stage, record) is None

    played(act())


def test_the_registers_are_one_tap_away_and_searched_as_one_types() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            added(stage, "Keripik Melati")
            await stage.settle()
            await stage.screen.press("registers")
            assert address(stage) == "/data"
            assert stage.screen.shows("Usaha (UMK) (1)")
            await stage.screen.type("search", "ratna")
            assert stage.screen.shows("Tidak ada yang cocok")
            await stage.screen.press("show-all")
            assert stage.screen.shows("Keripik Melati")
            await stage.screen.fire(stage.screen.find(ft.Chip, key="register-group"), "select")
            assert stage.screen.shows("Belum ada data")
            await stage.screen.press("add-entry")
            await stage.screen.type("name", "Dasawisma Melati")
            await stage.screen.press("finish")
            await stage.settle()
            (row,) = stage.session.registers.find("group")
            assert address(stage) == f"/data/{row.record}"
            assert stage.screen.shows("Dasawisma Melati")

    played(act())


def test_an_entry_shows_its_activities_and_an_activity_leads_to_it() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            entry = added(stage, "Keripik Melati", owner="Ibu Siti")
            activity = stage.session.start_draft(FORM, {QUESTION: stage.session.registers.reference(entry)})
            assert stage.session.finish(activity) == ()
            await stage.settle()
            await stage.screen.go(f"/kegiatan/{activity}")
            await stage.screen.press(f"open-{QUESTION}")
            assert address(stage) == f"/data/{entry}"
            assert stage.screen.shows("Riwayat kegiatan (1)")
            assert stage.screen.shows("Ibu Siti")
            assert not stage.screen.all(ft.OutlinedButton, key="delete"), "activities name it"
            await stage.screen.press(f"row-{activity}")
            assert address(stage) == f"/kegiatan/{activity}"

    played(act())


def test_an_entry_is_edited_by_anybody_of_its_region_and_the_form_leads_back_to_it() -> None:
    async def act() -> None:
        server = FakeServer()
        async with on_stage(server=server) as stage, opened(Phone(server, seed=4)) as budi:
            assert await budi.enrol(server.add("budi")) is None
            entry = budi.start_draft("business", {"name": "Keripik Melati", "region": VILLAGE})
            assert budi.finish(entry) == ()
            await settled(budi)
            await stage.session.sync_now()
            await stage.screen.go(f"/data/{entry}")
            await stage.screen.press("edit")
            await stage.screen.type("owner", "Ibu Siti")
            await stage.screen.press("finish")
            await stage.settle()
            assert address(stage) == f"/data/{entry}"
            assert stage.screen.shows("Ibu Siti")
            assert stage.screen.shows("Terkirim")

    played(act())


def test_an_entry_that_nothing_refers_to_is_deleted() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            entry = added(stage, "Keripik Melati")
            await stage.screen.go(f"/data/{entry}")
            await stage.screen.press("delete")
            assert stage.screen.shows("Hapus data ini?")
            await stage.screen.press("confirm-yes")
            await stage.screen.settle()
            assert address(stage) == "/data"
            assert not stage.screen.shows("Keripik Melati")
            await stage.screen.go(f"/data/{entry}")
            assert stage.screen.shows("Data ini sudah tidak ada.")

    played(act())


def test_what_may_be_the_same_is_proposed_with_why_and_joined_and_parted() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            one, other = added(stage, "Keripik Melati"), added(stage, "UMK Keripik Melati")
            await stage.settle()
            await stage.screen.go(f"/data/{one}")
            assert stage.screen.shows("Mungkin sama")
            assert stage.screen.shows("Nama sama, kelurahan/desa sama")
            await stage.screen.press(f"join-{other}")
            assert stage.screen.shows("Gabungkan kedua data ini?")
            await stage.screen.press("confirm-yes")
            await stage.settle()
            assert stage.screen.shows("Sudah digabungkan")
            assert not stage.screen.shows("Mungkin sama")
            await stage.screen.go(f"/data/{other}")
            assert stage.screen.shows("Data ini sudah digabungkan ke “Keripik Melati”.")
            await stage.screen.press("open-standing")
            assert address(stage) == f"/data/{one}"
            await stage.screen.press(f"part-{other}")
            await stage.settle()
            assert stage.screen.shows("Mungkin sama")
            assert len(stage.session.registers.find("business")) == 2

    played(act())


def test_all_pairs_of_a_register_are_looked_for_at_a_tap() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            one, other = sorted([added(stage, "Keripik Melati"), added(stage, "UMK Keripik Melati")])
            await stage.screen.go("/data")
            await stage.screen.press("find-twins")
            await stage.screen.until(lambda: stage.screen.shows("1 pasang data mungkin sama"))
            await stage.screen.press(f"pair-{one}-{other}")
            assert address(stage) == f"/data/{one}"

    played(act())


def test_what_waits_of_the_registers_leads_from_kirim_to_the_entry() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            one, other = added(stage, "Keripik Melati"), added(stage, "UMK Melati")
            stage.session.registers.join(other, one)
            alias = next(row.record for row in stage.session.waiting() if row.kind == "entry-alias")
            await stage.screen.go("/kirim")
            assert stage.screen.shows("Gabungan data")
            await stage.screen.press(f"row-{alias}")
            assert address(stage) == f"/data/{one}"
            await stage.screen.go("/kirim")
            await stage.screen.press(f"row-{other}")
            assert address(stage) == f"/data/{other}"

    played(act())


def test_a_bentrok_about_an_entry_is_settled_on_its_page_also_by_choosing_another() -> None:
    async def act() -> None:
        server = FakeServer()
        async with on_stage(server=server) as stage, opened(Phone(server, seed=4)) as other:
            entry, mawar, kenanga = (added(stage, name) for name in ("Melati", "Mawar", "Kenanga"))
            reference = stage.session.registers.reference
            activity = stage.session.start_draft(FORM, {QUESTION: reference(entry)})
            assert stage.session.finish(activity) == ()
            await stage.settle()
            assert await other.enrol(server.add("siti")) is None
            await settled(other)
            server.down = True
            edited(stage.session, entry, owner="Ibu Siti")
            edited(other, entry, owner="Bu Aminah")
            edited(stage.session, activity, **{QUESTION: reference(mawar)})
            edited(other, activity, **{QUESTION: other.registers.reference(kenanga)})
            server.down = False
            for session in (other, stage.session):
                await session.sync_now()
            await stage.screen.go(f"/data/{entry}")
            assert stage.screen.shows("Isian ini berbeda-beda. Mana yang benar?")
            await stage.screen.press("use-owner-0")
            await stage.settle()
            assert not stage.screen.shows("Mana yang benar?")
            await stage.screen.go(f"/kegiatan/{activity}")
            await stage.screen.press(f"own-{QUESTION}")
            await stage.screen.press(QUESTION)
            await stage.screen.settle()
            assert address(stage) == f"/kegiatan/{activity}/isian/{QUESTION}/pilih"
            await stage.screen.press(f"pick-{entry}")
            await stage.settle()
            assert address(stage) == f"/kegiatan/{activity}"
            view = stage.session.activity(activity)
            assert view is not None
            assert (view.conflicts, view.row.state) == ({}, ActivityState.SENT)
            assert view.answers[QUESTION] == reference(entry)

    played(act())


def test_entries_of_elsewhere_are_shown_without_a_way_to_change_them() -> None:
    async def act() -> None:
        server = FakeServer()
        async with on_stage(server=server) as stage, opened(Phone(server, seed=4)) as chief:
            assert await chief.enrol(server.add("budi", Grant("64.74.01", "district-coordinator"))) is None
            far = chief.start_draft("business", {"name": "Jauh", "region": OTHER_VILLAGE})
            assert chief.finish(far) == ()
            activity = chief.start_draft(FORM, {"region": VILLAGE, QUESTION: chief.registers.reference(far)})
            assert chief.finish(activity) == ()
            await settled(chief)
            await stage.session.sync_now()
            await stage.screen.go(f"/data/{far}")
            assert stage.screen.shows("Data ini tidak ada di ponsel ini.")
            assert stage.screen.shows("Jauh")
            assert stage.screen.shows("Riwayat kegiatan (1)")
            assert not stage.screen.all(ft.FilledButton, key="edit")

    played(act())
