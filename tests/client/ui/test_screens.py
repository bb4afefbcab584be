"""What the screens show and do, without Flutter."""

from __future__ import annotations

import flet as ft
import pytest

from lumbung_client.session.views import ActivityState
from lumbung_client.store.durable import StoreFull
from lumbung_client.ui.safe import ERRORS
from lumbung_shared.forms import Purpose, flat, kinds_for
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Grant
from tests.client.fakes import VILLAGE
from tests.client.ui.stage import KIND, finish_training, on_stage, played, skip_introduction


def test_before_enrolment_only_the_enrolment_screen_is_there() -> None:
    async def act() -> None:
        async with on_stage(admitted=False, route="/kirim") as stage:
            assert stage.screen.shows("Daftarkan ponsel ini")
            assert not stage.screen.all(ft.NavigationBar)

    played(act())


def test_a_link_with_a_code_fills_it_in_and_the_app_opens_after_enrolment() -> None:
    async def act() -> None:
        async with on_stage(admitted=False, route="/masuk?kode=ABCD-0000") as stage:
            stage.server.add("siti")
            assert stage.screen.find(ft.TextField, key="code").value == "ABCD-0000"
            await stage.screen.press("submit")
            await stage.settle()
            await skip_introduction(stage.screen)
            assert stage.screen.shows("Belum ada kegiatan")

    played(act())


def test_a_wrong_code_says_what_to_do_and_keeps_what_was_typed() -> None:
    async def act() -> None:
        async with on_stage(admitted=False) as stage:
            await stage.screen.press("submit")
            assert stage.screen.shows("Isi kodenya dulu.")
            await stage.screen.type("code", "ZZZZ-9999")
            await stage.screen.press("submit")
            await stage.screen.until(lambda: not stage.screen.find(ft.FilledButton, key="submit").disabled)
            assert stage.session.identity is None
            assert stage.screen.find(ft.TextField, key="code").value == "ZZZZ-9999"
            stage.server.down = True
            await stage.screen.press("submit")
            assert stage.screen.shows("Pendaftaran perlu internet sekali ini saja")

    played(act())


def test_every_kind_opens_a_form_with_a_control_for_each_of_its_questions() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            for kind, form in kinds_for(Purpose.ACTIVITY).items():
                await stage.open_kind(kind)
                for item in (item for item in flat(form.fields) if item.relevant is None):
                    key = f"add-{item.name}" if item.has_rows else item.name
                    keys = {str(getattr(control, "key", None)) for control in stage.screen.walk()}
                    wanted = {key, f"{key}.l", f"{key}={item.options[0].value if item.options else ''}"}
                    assert keys & wanted, f"{kind}: no control for {item.name}"
                assert not stage.screen.shows("Isian ini memerlukan")
                await stage.screen.go("/catat")

    played(act())


def test_a_finished_activity_is_listed_and_sent() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            assert stage.screen.shows("Melati")
            assert stage.screen.shows("Terkirim")
            assert record in stage.server.states()

    played(act())


def test_without_a_server_it_waits_and_says_so() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            stage.session.network_changed(False)
            await finish_training(stage, "Melati")
            assert stage.screen.shows("Menunggu kirim")
            assert stage.screen.shows("Tanpa sinyal · 1 menunggu kirim")
            await stage.screen.go("/kirim")
            assert stage.screen.shows("Ponsel sedang tanpa sinyal")

    played(act())


def test_finishing_without_a_required_answer_marks_the_question_and_changes_nothing() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.press("finish")
            assert stage.screen.find(ft.TextField, key="agenda").error == "Wajib diisi."
            assert stage.session.draft(record) is not None
            await stage.screen.type("agenda", "Melati")
            assert stage.screen.find(ft.TextField, key="agenda").error is None

    played(act())


def test_what_is_typed_is_saved_at_the_next_pause_and_when_the_form_is_left() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)

            def saved(name: str) -> bool:
                draft = stage.session.draft(record)
                return draft is not None and draft.answers.get("agenda") == name

            await stage.screen.type("agenda", "Mel")
            await stage.pause(lambda: saved("Mel"))
            await stage.screen.type("agenda", "Melati")
            await stage.back()
            assert saved("Melati")
            assert stage.screen.shows("Draf")

    played(act())


def test_a_redraw_in_the_middle_of_typing_keeps_what_stands_in_the_box() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind("compost-training")
            box = "input_weight"
            await stage.screen.type(box, "12,")
            stage.session.network_changed(False)
            await stage.screen.settle()
            assert stage.screen.find(ft.TextField, key=box).value == "12,"
            await stage.screen.type("participants.l", "4")
            await stage.screen.type("participants.p", "11")
            await stage.back()
            after = stage.session.draft(record)
            assert after is not None
            assert after.answers[box] == "12"
            assert after.answers["participants"] == {"l": 4, "p": 11}

    played(act())


def test_a_form_that_was_only_looked_at_leaves_no_draft_in_the_list() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind(KIND)
            await stage.back()
            assert stage.screen.shows("Belum ada kegiatan")

    played(act())


def test_rows_are_added_and_removed() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind(KIND)
            await stage.screen.press("add-attendees")
            await stage.screen.press("add-attendees")
            assert stage.screen.shows("Peserta per lembaga 2")
            remove = next(
                control for control in stage.screen.all(ft.IconButton) if str(control.key).startswith("remove-")
            )
            await stage.screen.fire(remove, "click")
            assert not stage.screen.shows("Peserta per lembaga 2")
            assert stage.screen.shows("Peserta per lembaga 1")

    played(act())


def test_an_edit_of_a_sent_activity_is_sent_again() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("edit")
            await stage.screen.type("agenda", "Melati Baru")
            await stage.screen.press("finish")
            await stage.settle()
            assert stage.screen.shows("Melati Baru")
            assert [row.state for row in stage.session.activities()] == [ActivityState.SENT]

    played(act())


def test_deleting_asks_first_and_then_takes_the_activity_out_of_the_list() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("delete")
            assert stage.screen.shows("Hapus kegiatan ini?")
            await stage.screen.press("confirm-no")
            assert stage.session.activities() != []
            await stage.screen.press("delete")
            await stage.screen.press("confirm-yes")
            await stage.settle()
            assert stage.screen.shows("Belum ada kegiatan")

    played(act())


def test_a_refused_activity_says_why_and_leads_to_the_correction() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            record = await finish_training(stage, "Melati")
            stage.server.refuse[record] = (Code.UNKNOWN_REGION, "region")
            stage.server.down = False
            await stage.session.sync_now()
            await stage.settle()
            await stage.screen.go("/kirim")
            assert stage.screen.shows(sentence(Code.UNKNOWN_REGION, "id"))
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.find(ft.FilledButton, key="edit").content == "Perbaiki"

    played(act())


def test_the_language_changes_at_once_everywhere() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await finish_training(stage, "Melati")
            await stage.screen.go("/pengaturan")
            await stage.screen.change("language", "en")
            assert stage.screen.shows("Settings")
            await stage.screen.go("/")
            assert stage.screen.shows("Sent")
            assert stage.screen.shows("Coordination meeting")

    played(act())


def test_a_handler_that_raises_leaves_a_sentence_and_a_log_and_the_app_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        async with on_stage() as stage:

            def broken(_: str) -> str:
                raise ValueError("rusak")

            await stage.screen.go("/catat")
            with monkeypatch.context() as patch:
                patch.setattr(stage.session, "start_draft", broken)
                await stage.screen.press(f"kind-{KIND}")
            assert stage.screen.shows("langkah tadi tidak berhasil")
            assert "rusak" in ERRORS.text()
            await stage.open_kind(KIND)
            assert stage.screen.shows("Simpan draf")

    played(act())


def test_a_full_phone_is_said_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        async with on_stage() as stage:

            def full(_: str) -> str:
                raise StoreFull("no space")

            await stage.screen.go("/catat")
            monkeypatch.setattr(stage.session, "start_draft", full)
            await stage.screen.press(f"kind-{KIND}")
            assert stage.screen.shows(sentence(Code.STORE_FULL, "id"))
            assert stage.reopened, "after a failed write the store is opened again"

    played(act())


def test_a_screen_that_raises_shows_a_way_on_and_recovers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        async with on_stage() as stage:

            def broken(*_: object) -> list[object]:
                raise RuntimeError("tidak bisa digambar")

            with monkeypatch.context() as patch:
                patch.setattr(stage.session, "receipts", broken)
                await stage.screen.go("/kirim")
                assert stage.screen.shows("Bagian ini tidak dapat ditampilkan")
            await stage.screen.press("to-activities")
            assert stage.screen.shows("Belum ada kegiatan")
            await stage.screen.go("/pengaturan")
            assert stage.screen.shows("tidak bisa digambar")

    played(act())


def test_a_coordinator_sees_filters_and_counts_a_cadre_does_not() -> None:
    async def act() -> None:
        async with on_stage(Grant("64.74.01", "district-coordinator")) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            await stage.screen.press("filter")
            assert stage.screen.all(ft.Dropdown, key="filter-region")
        async with on_stage(Grant(VILLAGE, "cadre")) as stage:
            await stage.screen.go("/umpan")
            assert not [control for control in stage.screen.walk() if getattr(control, "key", None) == "filter"]

    played(act())
